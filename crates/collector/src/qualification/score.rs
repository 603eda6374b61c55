//! The pure part: rules and what is known of a lead in, a score with its reasons out. No store, no clock.
//! Refuses to count a value that is not there: only rules that apply give anything, and each gives it once.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};
use unicode_normalization::UnicodeNormalization;

use super::{
    domain,
    finding::{Finding, Grade, Reason},
    rules::{About, EventKind, Rules, Test},
};

/// What is known of a lead, for one purpose.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// What was typed into fields that serve the purpose.
    pub(super) values: BTreeMap<String, String>,
    /// Mail addresses among them, in their compared form.
    pub(super) mailboxes: BTreeMap<String, String>,
    /// What the person did since the purpose is allowed, in any order.
    pub(super) events: Vec<(EventKind, Timestamp)>,
}

/// Every rule that applies, and what they amount to; `None` below the threshold of a marketing qualified lead.
pub(super) fn score(rules: &Rules, facts: &Facts, at: Timestamp) -> Option<Finding> {
    let applying = rules.rules.iter().filter(|rule| applies(&rule.about, facts, at));
    let reasons: Vec<Reason> = applying
        .map(|rule| Reason {
            rule: rule.id.clone(),
            about: rule.about.words(),
            class: rule.class.clone(),
            weight: rule.weight,
        })
        .collect();
    let score = reasons.iter().map(|reason| reason.weight).sum();
    let thresholds = rules.thresholds;
    let grade = match score {
        _ if score >= thresholds.sql => Grade::Sql,
        _ if score >= thresholds.mql => Grade::Mql,
        _ => return None,
    };
    Some(Finding {
        purpose: rules.purpose.clone(),
        rules: rules.digest.clone(),
        score,
        grade,
        thresholds: [thresholds.mql, thresholds.sql],
        reasons,
    })
}

fn applies(about: &About, facts: &Facts, at: Timestamp) -> bool {
    match about {
        About::Field { field, test } => {
            let said = facts
                .values
                .get(field.as_str())
                .filter(|value| !value.trim().is_empty());
            said.is_some_and(|value| match test {
                Test::Present => true,
                Test::Equals(wanted) => plain(wanted) == plain(value),
                Test::In(wanted) => wanted.iter().any(|wanted| plain(wanted) == plain(value)),
                Test::Domain(class) => {
                    let mailbox = facts.mailboxes.get(field.as_str());
                    mailbox.is_some_and(|mailbox| domain::class_of(mailbox) == Some(*class))
                }
            })
        }
        About::Event { kind, at_least, within } => {
            let since = within.as_ref().map_or(Timestamp::MIN, |within| {
                let then = at.to_zoned(TimeZone::UTC).checked_sub(within.to_span());
                then.map_or(Timestamp::MIN, |then| then.timestamp())
            });
            let counts = |(of, then): &&(EventKind, Timestamp)| of == kind && *then >= since && *then <= at;
            facts.events.iter().filter(counts).count() >= usize::try_from(*at_least).unwrap_or(usize::MAX)
        }
    }
}

/// The form in which values are compared: NFC, small letters, single spaces.
fn plain(text: &str) -> String {
    let lower = text.nfc().collect::<String>().to_lowercase();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::qualification::read;

    const FILE: &str = r#"{
        "format": "candor-qualification/1", "id": "b2b", "purpose": "qualify",
        "rules": [
            {"id": "role", "field": "role", "in": ["CTO", "Chief  Technology Officer"], "class": "decision maker", "weight": 20},
            {"id": "mail", "field": "email", "domain": "company", "class": "company mailbox", "weight": 10},
            {"id": "free", "field": "email", "domain": "free-mail", "class": "private mailbox", "weight": -5},
            {"id": "clicks", "event": "click", "atLeast": 2, "within": "P30D", "class": "reads on", "weight": 15}
        ],
        "thresholds": {"mql": 20, "sql": 40}
    }"#;

    fn at() -> Timestamp {
        "2026-11-22T10:00:00Z".parse().expect("a time")
    }

    fn facts(role: &str, email: &str, clicks: &[&str]) -> Facts {
        let values = [("role", role), ("email", email)];
        Facts {
            values: values.map(|(field, value)| (field.to_owned(), value.to_owned())).into(),
            mailboxes: [("email".to_owned(), email.to_owned())].into(),
            events: clicks
                .iter()
                .map(|day| (EventKind::Click, format!("{day}T10:00:00Z").parse().expect("a time")))
                .collect(),
        }
    }

    #[test]
    fn each_rule_that_applies_gives_its_weight_and_says_so() {
        let (rules, _) = read(FILE.as_bytes()).expect("good");
        let check = |role: &str, email: &str, clicks: &[&str], expected: Option<(i32, Grade, &str)>| {
            let found = score(&rules, &facts(role, email, clicks), at());
            let told = found.as_ref().map(|found| {
                let ids: Vec<&str> = found.reasons.iter().map(|reason| reason.rule.as_str()).collect();
                (found.score, found.grade, ids.join(" "))
            });
            let expected = expected.map(|(score, grade, ids)| (score, grade, ids.to_owned()));
            assert_eq!(told, expected, "{role} {email} {clicks:?}");
        };
        check("", "", &[], None);
        check("CTO", "ada@acme.example", &[], Some((30, Grade::Mql, "role mail")));
        check(" chief technology  OFFICER ", "", &[], Some((20, Grade::Mql, "role")));
        check("CTO", "ada@gmail.com", &[], None);
        let recent = ["2026-11-20", "2026-10-23"];
        check(
            "CTO",
            "ada@acme.example",
            &recent,
            Some((45, Grade::Sql, "role mail clicks")),
        );
        check(
            "CTO",
            "ada@acme.example",
            &["2026-11-20", "2026-10-22"],
            Some((30, Grade::Mql, "role mail")),
        );
        check(
            "CTO",
            "ada@acme.example",
            &["2026-11-20", "2026-11-23"],
            Some((30, Grade::Mql, "role mail")),
        );
        check("CTOs", "", &recent, None);
    }

    proptest! {
        /// The score is the sum of its reasons, each of which is a rule of the file, and the grade follows from it.
        #[test]
        fn a_score_is_its_reasons(role in "\\PC{0,12}|CTO", email in "[a-z]{1,5}@(gmail\\.com|acme\\.example)|", clicks in 0usize..4) {
            let (rules, _) = read(FILE.as_bytes()).expect("good");
            let days = ["2026-11-20"; 4];
            if let Some(found) = score(&rules, &facts(&role, &email, &days[..clicks]), at()) {
                prop_assert_eq!(found.score, found.reasons.iter().map(|reason| reason.weight).sum::<i32>());
                prop_assert_eq!(found.grade == Grade::Sql, found.score >= 40);
                prop_assert!(found.score >= 20);
                for reason in &found.reasons {
                    let rule = rules.rules.iter().find(|rule| rule.id == reason.rule).expect("a rule of the file");
                    prop_assert_eq!((&rule.class, rule.weight), (&reason.class, reason.weight));
                    let told = serde_json::to_string(reason).expect("JSON");
                    prop_assert!(email.is_empty() || !told.contains(&email), "no typed value in a reason");
                }
            }
        }
    }
}

//! The rules: the data of each bound to the code that finds its breaches, family by family.

use std::sync::LazyLock;

use crate::findings::Findings;
use crate::rule::Rule;
use crate::subject::Subject;

mod channel;
mod channels;
mod consent;
mod contact;
mod customers;
pub(crate) mod fields;
mod france;
mod freedom;
mod languages;
mod notice;
mod objection;
mod partners;
mod reading;
mod service;
mod sharing;
mod storage;
mod theme;
mod transfers;

/// Finds the breaches of one rule.
pub(crate) type Check = fn(&Subject<'_>, &mut Findings);

/// One family: its data, and the code by rule id.
struct Family {
    data: &'static str,
    checks: &'static [(&'static str, Check)],
}

macro_rules! families {
    ($($module:ident)+) => {
        const FAMILIES: &[Family] = &[$(Family {
            data: include_str!(concat!("../rules/", stringify!($module), ".json")),
            checks: $module::CHECKS,
        }),+];
    };
}

families! {
    consent partners freedom contact service objection customers channel france notice sharing fields transfers storage languages reading theme
}

static BOUND: LazyLock<Vec<(Rule, Check)>> = LazyLock::new(|| {
    let mut bound = Vec::new();
    for family in FAMILIES {
        let rules: Vec<Rule> = serde_json::from_str(family.data).expect("the rules are tested");
        bound.extend(rules.into_iter().filter_map(|rule| {
            let (_, check) = family.checks.iter().find(|(id, _)| *id == rule.id)?;
            Some((rule, *check))
        }));
    }
    bound
});

/// Every rule with its code.
pub(crate) fn bound() -> &'static [(Rule, Check)] {
    &BOUND
}

/// Every rule, in the order of the documentation.
pub fn rules() -> Vec<&'static Rule> {
    BOUND.iter().map(|(rule, _)| rule).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::FAMILIES;
    use crate::profile::Profile;
    use crate::rule::Rule;

    #[test]
    fn data_and_code_name_the_same_rules() {
        let mut seen = BTreeSet::new();
        for family in FAMILIES {
            let rules: Vec<Rule> = serde_json::from_str(family.data).expect("rules are readable");
            let data: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
            let code: Vec<&str> = family.checks.iter().map(|(id, _)| *id).collect();
            assert_eq!(data, code);
            for rule in &rules {
                assert!(seen.insert(rule.id.clone()), "{} stands twice", rule.id);
                assert!(
                    rule.id.starts_with("C-") && rule.link.starts_with("https://"),
                    "{}",
                    rule.id
                );
                assert!(!rule.profiles.is_empty(), "{}", rule.id);
                for profile in &rule.profiles {
                    assert!(Profile::named(profile).is_some(), "{}: {profile}", rule.id);
                }
            }
        }
    }

    #[test]
    fn words_are_written_like_those_of_the_grammar() {
        for rule in super::rules() {
            for (words, is_clause) in [
                (&rule.title, true),
                (&rule.message, true),
                (&rule.help, true),
                (&rule.why, false),
            ] {
                for text in [&words.en, &words.fr] {
                    assert!(!text.trim().is_empty() && text.trim() == text, "{}: {text}", rule.id);
                    assert_eq!(text.ends_with('.'), !is_clause, "{}: {text}", rule.id);
                }
            }
            // What one language quotes, the other quotes too.
            let quoted = |text: &str| -> BTreeSet<String> {
                text.split('{')
                    .skip(1)
                    .filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()))
                    .collect()
            };
            assert_eq!(quoted(&rule.message.en), quoted(&rule.message.fr), "{}", rule.id);
            assert_eq!(quoted(&rule.help.en), quoted(&rule.help.fr), "{}", rule.id);
        }
    }
}

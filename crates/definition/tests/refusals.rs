//! Every refusal: a change of a good definition, the rule that refuses it, the pointer, the line and the column.
//!
//! A row replaces a piece of `refusals/base.json`; `⟦` in the new piece marks where the diagnostic must point, and is
//! taken out before the text is parsed.

use candor_definition::{Context, Diagnostic, parse, parse_in, rule};

const BASE: &str = include_str!("refusals/base.json");
const MARK: char = '⟦';

#[path = "refusals/rows.rs"]
mod rows;

/// Changes of the text, the rule, the pointer.
type Row = (&'static [(&'static str, &'static str)], &'static str, &'static str);

/// The changed text, and the line and column of the mark.
fn change(changes: &[(&str, &str)]) -> (String, (usize, usize)) {
    let mut text = BASE.to_owned();
    for (old, new) in changes {
        assert_eq!(BASE.matches(old).count(), 1, "`{old}` must stand once in base.json");
        text = text.replacen(old, new, 1);
    }
    let before: Vec<&str> = text
        .split(MARK)
        .next()
        .expect("a split has a first piece")
        .split('\n')
        .collect();
    let column = before.last().expect("a split has a last piece").chars().count() + 1;
    let place = (before.len(), column);
    assert_eq!(text.matches(MARK).count(), 1, "a row marks one place: {changes:?}");
    (text.replace(MARK, ""), place)
}

fn problems(text: &str) -> Vec<Diagnostic> {
    parse(text.as_bytes()).err().unwrap_or_default()
}

#[test]
fn the_base_is_lawful() {
    assert_eq!(problems(BASE), []);
}

#[test]
fn each_change_is_refused_at_its_place() {
    let mut failures = Vec::new();
    for (changes, rule, pointer) in rows::ROWS {
        let (text, place) = change(changes);
        let problems = problems(&text);
        let told: Vec<_> = problems
            .iter()
            .map(|it| (it.rule.as_str(), it.pointer.as_str(), (it.line, it.column)))
            .collect();
        if told != [(*rule, *pointer, place)] {
            failures.push(format!(
                "{changes:?}\n  wanted {:?}\n  told   {told:?}",
                (rule, pointer, place)
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_rule_has_a_row() {
    for rule in rule::ALL {
        // Rules that only hold with other problems, or that need another base, have tests of their own below.
        let is_told = rows::ROWS.iter().any(|(_, id, _)| *id == rule.id) || OWN_TESTS.contains(&rule.id);
        assert!(is_told, "{} has no row", rule.id);
    }
}

const OWN_TESTS: [&str; 2] = ["C-DEF-PARTY-CONTROLLER", "C-DEF-WITHDRAWAL"];

#[test]
fn messages_follow_the_style() {
    for (changes, ..) in rows::ROWS {
        for problem in problems(&change(changes).0) {
            assert!(!problem.message.is_empty() && !problem.help.is_empty() && !problem.source.is_empty());
            for text in [&problem.message, &problem.help] {
                assert!(!text.ends_with('.'), "{text}");
                assert!(!text.starts_with(|c: char| c.is_ascii_uppercase()), "{text}");
            }
        }
    }
}

#[test]
fn no_controller_is_refused() {
    let text = BASE.replace("\"controller\"", "\"joint-controller\"");
    let told: Vec<_> = problems(&text).into_iter().map(|it| (it.rule, it.pointer)).collect();
    assert_eq!(told, [("C-DEF-PARTY-CONTROLLER".to_owned(), "/parties".to_owned())]);
}

#[test]
fn consents_need_an_address_to_be_taken_back() {
    let withdrawal =
        "  \"withdrawal\": {\"url\": \"https://acme.example/choices\", \"email\": \"choices@acme.example\"},\n";
    let alone = BASE
        .replace(withdrawal, "")
        .replace("\"endpoint\": \"/v1/submissions\", ", "");
    assert_eq!(problems(&alone), [], "the controller's e-mail is an address");
    let silent = alone.replace("\"email\": \"contact@acme.example\", ", "");
    let told: Vec<_> = problems(&silent).into_iter().map(|it| (it.rule, it.pointer)).collect();
    assert_eq!(told, [("C-DEF-WITHDRAWAL".to_owned(), "/parties/0".to_owned())]);
    parse_in(Context { has_collector: true }, silent.as_bytes()).expect("a collector has /m");
    let empty = BASE.replace(withdrawal, "  \"withdrawal\": {},\n");
    let told: Vec<_> = problems(&empty).into_iter().map(|it| (it.rule, it.pointer)).collect();
    assert_eq!(told, [("C-DEF-WITHDRAWAL".to_owned(), "/withdrawal".to_owned())]);
}

#[test]
fn all_problems_are_told_at_once_in_order() {
    let text = BASE
        .replace("\"b2c\"", "\"b2x\"")
        .replace(
            "\"title\": {\"fr\": \"Titre\", \"en\": \"Title\"}",
            "\"title\": {\"fr\": \"<b>\"}, \"id\": \"again\"",
        )
        .replace("\"purpose\": \"ebook\"", "\"purpose\": \"news\"")
        .replace("\"validity\": \"P18M\", ", "");
    let told: Vec<String> = problems(&text).into_iter().map(|it| it.rule).collect();
    assert_eq!(
        told,
        [
            "C-DEF-ENUMERATION",
            "C-DEF-TEXT-LANGUAGE",
            "C-DEF-TEXT-MARKUP",
            "C-DEF-MEMBER-DUPLICATE",
            "C-DEF-CONSENT-VALIDITY",
            "C-DEF-GATE-CONSENT",
        ]
    );
}

#[test]
fn a_form_of_one_consent_has_no_box_and_may_require_fields() {
    let one = |when: &str| {
        format!(
            r#"{{"format": "candor-form/1", "id": "news", "languages": ["en"], "jurisdiction": "FR", "audience": "b2c", "title": "News",
            "service": "News", "parties": [{{"id": "acme", "role": "controller", "name": "Acme", "country": "FR", "email": "a@acme.example"}}],
            "policy": {{"url": "/privacy", "version": "1"}},
            "fields": [{{"id": "email", "type": "email", "label": "E-mail", "required": true, "purposes": ["news"]{when}}}],
            "purposes": [{{"id": "news", "basis": "consent", "kind": "promotional", "category": "DirectMarketing", "channel": "email",
              "statement": "I agree.", "operations": ["Use"], "recipients": ["acme"], "validity": "P1Y",
              "storage": {{"locations": ["FR"], "retention": "P1Y", "from": "last-contact"}}}}],
            "submit": {{"label": "Subscribe", "success": "Done."}}, "automatedDecisions": "none"}}"#
        )
    };
    assert_eq!(problems(&one("")), []);
    let told: Vec<_> = problems(&one(r#", "when": {"purpose": "news"}"#))
        .into_iter()
        .map(|it| it.rule)
        .collect();
    assert_eq!(told, ["C-DEF-FIELD-WHEN"]);
}

//! What the reader accepts is valid by the schema, whatever chance writes: an editor must not warn of a good form.

use candor_definition::parse;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use super::{GOOD, refused, validator};

/// Strings of each kind: good ones, nearly good ones and bad ones.
const URL: &str = "(https|http|HTTPS|ftp)?(://|//|/)?(acme\\.example|localhost|\\[::1\\]|127\\.0\\.0\\.1|münchen\\.de|a-b|-a|x)?(:[0-9]{1,6}|:\\+8)?(/|\\?|#)?[a-z0-9%&=?#/.é-]{0,8}";
const EMAIL: &str = "[a-zé0-9.+_'-]{1,8}@[a-zé0-9.-]{1,6}(\\.example)?";
const PERIOD: &str = "P(0|1|[0-9]{1,7})?[YMWD]?([0-9]{1,3}[YMWD])?(T[0-9]{0,3}[HMS]?)?";
const PHONE: &str = "\\+?[0-9 ().\u{a0}/-]{1,18}";
const ASSET: &str = "(\\.{0,3}/|[a-zA-Z0-9 é._-]{1,6}/|/)?[a-zé. -]{1,5}[%:?#\\\\]?";
const CSS: &str = "(rgb|RGB|calc|var|url|min|x)?\\(?[#a-z0-9 %,./*+-]{0,10}\\)?";
const TEXT: &str = "[ a-zé<>&#;/!?\u{0}\t\n\u{a0}\u{200b}\u{ad}]{0,6}(&amp|&AMP;|&x;|&nbsp| < |<3)?[ a-z;]{0,3}";
const DATE: &str = "-?(20|002)[0-9]{2}-(0[1-9]|1[0-2])-[0-3][0-9](T00:00)?";
const TAG: &str = "(fr|en|FR|En|de)(-[A-Za-z0-9]{1,9}){0,3}";
const ID: &str = "[A-Za-z0-9_. -]{0,4}";
const DIGEST: &str = "sha256-[A-Za-z0-9_-]{42,44}";

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![URL, EMAIL, PERIOD, PHONE, ASSET, CSS, TEXT, DATE, TAG, ID, DIGEST]
}

fn value() -> impl Strategy<Value = Value> {
    let words = select(vec![
        "consent",
        "explicit-consent",
        "legitimate-interest",
        "contract",
        "promotional",
        "mandatory",
        "email",
        "screen",
        "select",
        "text",
        "phone",
        "none",
        "keep",
        "end",
        "FR",
        "US",
        "acme",
        "ebook",
        "news",
        "calls",
        "partner",
        "fr",
        "en",
        "id",
        "Use",
        "A49-1-a",
    ]);
    prop_oneof![
        6 => piece().prop_map(Value::from),
        3 => words.prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => (-2i64..10_002).prop_map(Value::from),
        1 => Just(serde_json::json!([])),
        1 => Just(serde_json::json!({})),
        1 => (piece(), piece()).prop_map(|(fr, en)| serde_json::json!({ "fr": fr, "en": en })),
        1 => (piece(), piece()).prop_map(|(value, label)| serde_json::json!([value, {"value": label, "label": value}])),
    ]
}

fn places(value: &Value, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, member)| places(member, &format!("{pointer}/{name}"), found)),
        Value::Array(entries) => entries
            .iter()
            .enumerate()
            .for_each(|(index, entry)| places(entry, &format!("{pointer}/{index}"), found)),
        _ => {}
    }
}

fn leaves(json: &Value) -> Vec<String> {
    let mut found = Vec::new();
    places(json, "", &mut found);
    found.retain(|pointer| {
        !json
            .pointer(pointer)
            .is_some_and(|value| value.is_object() || value.is_array())
    });
    found
}

/// Whether the reader took it, having held the schema to that.
fn check(json: &Value) -> bool {
    let text = json.to_string();
    let accepted = parse(text.as_bytes()).is_ok();
    if accepted {
        thread_local!(static VALIDATOR: jsonschema::Validator = validator());
        let problems = VALIDATOR.with(|validator| refused(validator, &text));
        assert_eq!(problems, Some(vec![]), "{text}");
    }
    accepted
}

/// A failure prints its input, so nothing is written beside the tests.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

#[test]
fn a_good_form_with_a_changed_value_is_valid_where_it_is_read() {
    let mut runner = proptest::test_runner::TestRunner::new(config(1000));
    let accepted = std::cell::Cell::new(0);
    let strategy = (0..GOOD.len(), any::<prop::sample::Index>(), value());
    let outcome = runner.run(&strategy, |(example, at, value)| {
        let mut json: Value = serde_json::from_str(GOOD[example].1).expect("a good form is JSON");
        let leaves = leaves(&json);
        *json
            .pointer_mut(&leaves[at.index(leaves.len())])
            .expect("it was just found") = value;
        accepted.set(accepted.get() + i32::from(check(&json)));
        Ok(())
    });
    outcome.expect("the schema refuses nothing that is read");
    assert!(accepted.get() > 100, "chance hits what is read: {}", accepted.get());
}

/// Members that take a string of a kind of their own, and the kind at which chance aims.
const AIMED: [(&str, &str); 25] = [
    ("/id", ID),
    ("/languages/2", TAG),
    ("/title", TEXT),
    ("/title/fr", TEXT),
    ("/parties/0/email", EMAIL),
    ("/parties/0/phone", PHONE),
    ("/parties/0/url", URL),
    ("/parties/0/address", TEXT),
    ("/parties/1/agreement", DATE),
    ("/parties/2/policy", URL),
    ("/policy/url", URL),
    ("/policy/version", TEXT),
    ("/policy/digest", DIGEST),
    ("/fields/3/id", ID),
    ("/fields/3/hint", TEXT),
    ("/fields/2/options/0", TEXT),
    ("/purposes/1/frequency", PERIOD),
    ("/purposes/3/transfers/0/copy", URL),
    ("/purposes/3/assessment", TEXT),
    ("/submit/endpoint", URL),
    ("/submit/redirect", URL),
    ("/gate/asset", ASSET),
    ("/gate/expires", PERIOD),
    ("/withdrawal/email", EMAIL),
    ("/theme/accent", CSS),
];

#[test]
fn strings_of_every_kind_are_valid_where_they_are_read() {
    // Every text of the base is one string, so that another language may be declared.
    let base = super::BASE
        .replace(r#"{"fr": "Titre", "en": "Title"}"#, r#""Titre""#)
        .replace(r#"{"fr": "grande", "en": "large"}"#, r#""large""#);
    for (pointer, kind) in AIMED {
        let mut runner = proptest::test_runner::TestRunner::new(config(120));
        let accepted = std::cell::Cell::new(0);
        let outcome = runner.run(&kind, |text| {
            let mut json: Value = serde_json::from_str(if pointer == "/title/fr" { super::BASE } else { &base })
                .expect("the base is JSON");
            let (parent, name) = pointer.rsplit_once('/').expect("a pointer has a last step");
            match json.pointer_mut(parent).expect("the base has it") {
                Value::Array(entries) => {
                    entries.truncate(name.parse().expect("an index"));
                    entries.push(Value::from(text));
                }
                object => object[name] = Value::from(text),
            }
            accepted.set(accepted.get() + i32::from(check(&json)));
            Ok(())
        });
        outcome.unwrap_or_else(|failure| panic!("{pointer}: the schema refuses what is read: {failure}"));
        assert!(
            accepted.get() > 2,
            "chance found {} good values of {pointer}",
            accepted.get()
        );
    }
}

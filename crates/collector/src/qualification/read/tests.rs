//! What the reader takes and what it refuses, and that the schema says the same.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{MEMBERS, RULE_MEMBERS, THRESHOLD_MEMBERS, read};
use crate::qualification::schema;

fn good() -> Value {
    json!({
        "$schema": "https://candor.example/schema/candor-qualification-1.json",
        "format": "candor-qualification/1",
        "id": "b2b-leads",
        "purpose": "qualify",
        "rules": [
            {"id": "role", "field": "role", "in": ["CTO", "CIO"], "class": "decision maker", "weight": 20},
            {"id": "mail", "field": "email", "domain": "company", "class": "company mailbox", "weight": 10},
            {"id": "site", "field": "site", "present": true, "class": "has a site", "weight": -3},
            {"id": "campaign", "field": "utm_campaign", "equals": "audit", "class": "audit campaign", "weight": 5},
            {"id": "clicks", "event": "click", "atLeast": 3, "within": "P90D", "class": "reads on", "weight": 10}
        ],
        "thresholds": {"mql": 20, "sql": 40}
    })
}

fn told(file: &Value) -> Vec<(String, String)> {
    told_of(&serde_json::to_string_pretty(file).expect("JSON"))
}

fn told_of(text: &str) -> Vec<(String, String)> {
    let Err(told) = read(text.as_bytes()) else {
        return Vec::new();
    };
    assert!(!told.is_empty(), "refused without a reason: {text}");
    for told in &told {
        let is_clause = |words: &str| !words.is_empty() && !words.ends_with('.');
        assert!(
            is_clause(&told.message) && is_clause(&told.help) && !told.source.is_empty(),
            "{told:?}"
        );
    }
    told.into_iter().map(|told| (told.rule, told.pointer)).collect()
}

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(schema::text()).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}

#[test]
fn a_good_file_is_read_and_its_digest_ignores_spelling() {
    let (rules, _) = read(good().to_string().as_bytes()).expect("good");
    assert_eq!(
        (rules.rules.len(), rules.thresholds.mql, rules.thresholds.sql),
        (5, 20, 40)
    );
    assert_eq!(rules.rules[0].about.words(), "field role");
    let pretty = serde_json::to_string_pretty(&good()).expect("JSON");
    let mut bare = good();
    bare.as_object_mut().expect("an object").remove("$schema");
    for spelled in [pretty, bare.to_string()] {
        assert_eq!(read(spelled.as_bytes()).expect("good").0.digest, rules.digest);
    }
    let mut other = good();
    other["rules"][0]["weight"] = json!(21);
    assert_ne!(read(other.to_string().as_bytes()).expect("good").0.digest, rules.digest);
    assert!(validator().is_valid(&good()));
}

#[test]
fn each_fault_is_told_at_its_place() {
    let check = |pointer: &str, value: Value, expected: &[(&str, &str)], by_schema: bool| {
        let mut file = good();
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        let parent = file.pointer_mut(parent).expect("a place");
        match (parent, &value) {
            (Value::Object(members), Value::Null) => _ = members.remove(name),
            (Value::Object(members), value) => _ = members.insert(name.to_owned(), value.clone()),
            (Value::Array(items), value) => items[name.parse::<usize>().expect("an index")] = value.clone(),
            _ => panic!("{pointer}"),
        }
        let expected: Vec<_> = expected
            .iter()
            .map(|(rule, at)| (format!("C-QUAL-{rule}"), (*at).to_owned()))
            .collect();
        assert_eq!(told(&file), expected, "{pointer} {value}");
        assert_eq!(
            !validator().is_valid(&file),
            by_schema,
            "the schema on {pointer} {value}"
        );
    };
    check(
        "/format",
        json!("candor-qualification/2"),
        &[("VALUE", "/format")],
        true,
    );
    check("/id", Value::Null, &[("MEMBER", "")], true);
    check("/id", json!("B2B leads"), &[("VALUE", "/id")], true);
    check("/purpose", json!("a b"), &[("VALUE", "/purpose")], true);
    check("/model", json!("gpt"), &[("MEMBER", "/model")], true);
    check("/rules", json!({}), &[("TYPE", "/rules")], true);
    check("/rules", json!([]), &[("VALUE", "/rules")], true);
    check("/rules/0/weight", json!(0), &[("VALUE", "/rules/0/weight")], true);
    check("/rules/0/weight", json!(101), &[("VALUE", "/rules/0/weight")], true);
    check("/rules/0/weight", json!("20"), &[("TYPE", "/rules/0/weight")], true);
    check("/rules/0/class", json!(" "), &[("VALUE", "/rules/0/class")], true);
    check(
        "/rules/0/class",
        json!("two\nlines"),
        &[("VALUE", "/rules/0/class")],
        true,
    );
    check("/rules/0/in", Value::Null, &[("MEMBER", "/rules/0")], true);
    check("/rules/0/in", json!([]), &[("VALUE", "/rules/0/in")], true);
    check("/rules/0/equals", json!("CTO"), &[("MEMBER", "/rules/0")], true);
    check("/rules/0/event", json!("click"), &[("MEMBER", "/rules/0")], true);
    check("/rules/0/atLeast", json!(2), &[("MEMBER", "/rules/0/atLeast")], true);
    check("/rules/0/id", json!("mail"), &[("TWICE", "/rules/1/id")], false);
    check(
        "/rules/1/domain",
        json!("french"),
        &[("VALUE", "/rules/1/domain")],
        true,
    );
    check(
        "/rules/2/present",
        json!(false),
        &[("CHOICE", "/rules/2/present")],
        true,
    );
    check("/rules/3/field", json!("Utm"), &[("VALUE", "/rules/3/field")], true);
    check("/rules/4/event", json!("open"), &[("OPEN", "/rules/4/event")], true);
    check(
        "/rules/4/event",
        json!("email-opened"),
        &[("OPEN", "/rules/4/event")],
        true,
    );
    check(
        "/rules/4/event",
        json!("unsubscribe"),
        &[("CHOICE", "/rules/4/event")],
        true,
    );
    check("/rules/4/event", json!("visit"), &[("VALUE", "/rules/4/event")], true);
    check("/rules/4/atLeast", json!(0), &[("VALUE", "/rules/4/atLeast")], true);
    check(
        "/rules/4/within",
        json!("90 days"),
        &[("VALUE", "/rules/4/within")],
        true,
    );
    check(
        "/rules/4/purpose",
        json!("newsletter"),
        &[("CHOICE", "/rules/4/purpose")],
        true,
    );
    check("/rules/4/absent", json!(true), &[("CHOICE", "/rules/4/absent")], true);
    check("/thresholds/sql", json!(20), &[("THRESHOLD", "/thresholds/sql")], false);
    check("/thresholds/sql", json!(46), &[("THRESHOLD", "/thresholds/sql")], false);
    check("/thresholds/mql", json!(-1), &[("VALUE", "/thresholds/mql")], true);
}

#[test]
fn what_is_no_strict_json_is_told_where_reading_ended() {
    for (text, rule, pointer) in [
        ("{", "C-QUAL-JSON", ""),
        ("{\"id\": 1, \"id\": 2}", "C-QUAL-JSON", "/id"),
        ("\u{feff}{}", "C-QUAL-JSON", ""),
    ] {
        assert_eq!(told_of(text), [(rule.to_owned(), pointer.to_owned())], "{text:?}");
    }
    let told = read(b"{\n  \"id\": 01\n}").expect_err("refused");
    assert_eq!((told[0].line, told[0].column), (2, 9), "{told:?}");
}

#[test]
fn the_schema_has_the_members_of_the_reader() {
    let schema: Value = serde_json::from_str(schema::text()).expect("JSON");
    let names = |pointer: &str| {
        let members = schema.pointer(pointer).and_then(Value::as_object).expect("members");
        let mut names: Vec<String> = members.keys().cloned().collect();
        names.sort();
        names
    };
    let sorted = |known: &[&str]| {
        let mut known: Vec<String> = known.iter().map(|name| (*name).to_owned()).collect();
        known.sort();
        known
    };
    assert_eq!(names("/properties"), sorted(MEMBERS));
    assert_eq!(names("/$defs/rule/properties"), sorted(RULE_MEMBERS));
    assert_eq!(names("/properties/thresholds/properties"), sorted(THRESHOLD_MEMBERS));
}

proptest! {
    /// No text makes the reader panic, and what it takes is valid by the schema.
    #[test]
    fn any_text_is_read_or_told(text in "\\PC{0,80}") {
        if let Err(told) = read(text.as_bytes()) {
            prop_assert!(!told.is_empty());
        }
    }

    /// Any change of one value of a good file is refused with places, or is still valid by the schema.
    #[test]
    fn what_the_reader_takes_the_schema_takes(
        at in 0usize..40,
        value in prop_oneof![
            Just(json!(null)), Just(json!(true)), Just(json!([])), Just(json!({})), Just(json!("CTO")), Just(json!("P9D")),
            (-200i64..200).prop_map(|number| json!(number)), "[a-z -]{0,8}".prop_map(|text| json!(text)),
        ],
    ) {
        let mut file = good();
        let places = places(&file, String::new());
        let place = &places[at % places.len()];
        *file.pointer_mut(place).expect("a place") = value;
        match read(file.to_string().as_bytes()) {
            Ok((rules, _)) => {
                prop_assert!(validator().is_valid(&file), "{file}");
                prop_assert!(rules.thresholds.mql < rules.thresholds.sql);
            }
            Err(told) => prop_assert!(!told.is_empty()),
        }
    }
}

/// Pointers of every value below the root.
fn places(value: &Value, at: String) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    let mut all = Vec::new();
    for (name, value) in children {
        let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        all.push(at.clone());
        all.extend(places(value, at));
    }
    all
}

//! Each object of the schema has the members that its reader knows, neither more nor fewer, and explains each.
//!
//! The reader is asked itself: a member that nobody knows is refused with the list of those that are known.

use std::collections::{BTreeMap, BTreeSet};

use candor_definition::{parse, schema};
use serde_json::{Value, json};

use super::BASE;

/// An object of each kind in `refusals/base.json`, and its name in the schema.
const OBJECTS: [(&str, &str); 14] = [
    ("", "Definition"),
    ("/parties/0", "Party"),
    ("/policy", "Policy"),
    ("/fields/0", "Field"),
    ("/fields/1/when", "When"),
    ("/fields/2/options/1", "LabelledOption"),
    ("/purposes/0", "Purpose"),
    ("/purposes/3/transfers/0", "Transfer"),
    ("/purposes/0/storage", "Storage"),
    ("/submit", "Submit"),
    ("/gate", "Gate"),
    ("/confirmation", "Confirmation"),
    ("/renewal", "Renewal"),
    ("/withdrawal", "Withdrawal"),
];
/// No name that resembles a member, or the reader would only name that one.
const STRANGER: &str = "zzzzzzzzzzzz";

fn object(schema: &Value, name: &str) -> Value {
    match name {
        "Definition" => schema.clone(),
        name => schema["$defs"][name].clone(),
    }
}

/// The members that the reader names when it meets one that it does not know.
fn known_to_reader(pointer: &str) -> BTreeSet<String> {
    let mut json: Value = serde_json::from_str(BASE).expect("the base is JSON");
    json.pointer_mut(pointer).expect("the object is there")[STRANGER] = json!(1);
    let problems = parse(json.to_string().as_bytes()).expect_err("nobody knows it");
    let [problem] = problems.as_slice() else {
        panic!("{pointer}: one problem, not {problems:?}")
    };
    // In the theme the names are data, and the message is another.
    let names = problem.help.split('`').skip(1).step_by(2);
    names.map(str::to_owned).collect()
}

#[test]
fn each_object_has_the_members_of_its_reader() {
    let schema = schema::schema();
    let objects = OBJECTS.into_iter().chain([("/proof", "Proof"), ("/theme", "Theme")]);
    for (pointer, name) in objects {
        let object = object(&schema, name);
        let described: BTreeSet<String> = object["properties"]
            .as_object()
            .unwrap_or_else(|| panic!("{name} has members"))
            .keys()
            .cloned()
            .collect();
        assert_eq!(described, known_to_reader(pointer), "{name}");
        assert_eq!(object["additionalProperties"], false, "{name} is closed");
    }
}

#[test]
fn each_object_needs_what_its_reader_needs() {
    let schema = schema::schema();
    let base: Value = serde_json::from_str(BASE).expect("the base is JSON");
    for (pointer, name) in OBJECTS.into_iter().chain([("/proof", "Proof")]) {
        let object = object(&schema, name);
        let needed: BTreeSet<&str> = object["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for member in object["properties"].as_object().expect("members").keys() {
            let mut json = base.clone();
            let found = json
                .pointer_mut(pointer)
                .and_then(Value::as_object_mut)
                .expect("the object is there");
            if found.remove(member).is_none() {
                assert!(
                    !needed.contains(member.as_str()),
                    "{name}.{member} is absent from a good definition"
                );
                continue;
            }
            let problems = parse(json.to_string().as_bytes()).err().unwrap_or_default();
            let is_missed = problems
                .iter()
                .any(|problem| problem.pointer == pointer && problem.message.ends_with(&format!("has no `{member}`")));
            // What only some bases need stands in a condition of the schema, held by the rows of refusals.
            let by_condition = ["validity", "interest", "objection", "expires"].contains(&member.as_str());
            assert!(
                is_missed == needed.contains(member.as_str()) || by_condition,
                "{name}.{member}: the reader misses it {is_missed}, the schema needs {needed:?}"
            );
        }
    }
}

#[test]
fn every_member_is_explained() {
    fn check(schema: &Value, path: &str) {
        if let Some(properties) = schema["properties"].as_object() {
            // Conditions repeat members that are explained where they are declared.
            let is_condition =
                path.contains("/if") || path.contains("/then") || path.contains("/else") || path.contains("/contains");
            for (name, member) in properties.iter().filter(|_| !is_condition) {
                let text = member["description"].as_str().unwrap_or_default();
                assert!(text.len() > 8 && text.ends_with('.'), "{path}/{name}: {text:?}");
            }
        }
        match schema {
            Value::Object(members) => members
                .iter()
                .for_each(|(name, value)| check(value, &format!("{path}/{name}"))),
            Value::Array(entries) => entries
                .iter()
                .enumerate()
                .for_each(|(index, value)| check(value, &format!("{path}/{index}"))),
            _ => {}
        }
    }
    check(&schema::schema(), "");
}

#[test]
fn every_value_of_a_small_list_is_explained() {
    let schema = schema::schema();
    let types = schema["$defs"].as_object().expect("types").values();
    let explained = types.filter(|kind| kind.get("enumDescriptions").is_some());
    let mut count = 0;
    for kind in explained {
        let list = |name: &str| kind[name].as_array().map_or(0, Vec::len);
        assert_eq!(list("enum"), list("enumDescriptions"), "{kind}");
        count += 1;
    }
    assert_eq!(count, 9);
}

#[test]
fn examples_are_good_values() {
    let schema = schema::schema();
    let mut tried = 0;
    let mut places: BTreeMap<String, Value> = BTreeMap::new();
    fn collect(value: &Value, path: &str, places: &mut BTreeMap<String, Value>) {
        if value.get("examples").is_some() {
            places.insert(path.to_owned(), value.clone());
        }
        match value {
            Value::Object(members) => members
                .iter()
                .for_each(|(name, value)| collect(value, &format!("{path}/{name}"), places)),
            Value::Array(entries) => entries
                .iter()
                .enumerate()
                .for_each(|(index, value)| collect(value, &format!("{path}/{index}"), places)),
            _ => {}
        }
    }
    collect(&schema, "", &mut places);
    for (path, mut part) in places {
        let examples = part["examples"].as_array().expect("examples are a list").clone();
        part["$defs"] = schema["$defs"].clone();
        let validator = jsonschema::draft202012::new(&part).expect("a schema");
        for example in examples {
            assert!(validator.is_valid(&example), "{path}: {example}");
            tried += 1;
        }
    }
    assert!(tried > 30, "{tried} examples");
}

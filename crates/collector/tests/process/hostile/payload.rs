//! Payloads that are signed as they should be, and say what no form says: every member in turn.

use serde_json::{Value, json};

use super::Case;
use crate::made::Draft;

/// Every member, in turn, of each other type.
pub(super) fn other_types(draft: &Draft) -> Vec<Case> {
    let mut cases = Vec::new();
    for pointer in pointers(&draft.record) {
        let found = draft.record.pointer(&pointer).unwrap();
        for replacement in [json!(null), json!(7), json!({ "a": "b" }), json!(["c"]), json!(" ")] {
            if same_type(found, &replacement) && !found.is_string() {
                continue;
            }
            let mut bent = draft.clone();
            *bent.record.pointer_mut(&pointer).unwrap() = replacement.clone();
            cases.push(Case::new(format!("{pointer} is {replacement}"), bent.signed()));
        }
    }
    cases
}

/// Every member left out, and in every object one that nobody knows.
pub(super) fn missing_and_unknown(draft: &Draft) -> Vec<Case> {
    let mut cases = Vec::new();
    for pointer in std::iter::once(String::new()).chain(pointers(&draft.record)) {
        let Some(Value::Object(members)) = draft.record.pointer(&pointer) else {
            continue;
        };
        for name in members.keys() {
            let mut bent = draft.clone();
            let object = bent.record.pointer_mut(&pointer).unwrap().as_object_mut().unwrap();
            object.remove(name);
            cases.push(Case::new(format!("{pointer}/{name} is missing"), bent.signed()));
        }
        let mut bent = draft.clone();
        bent.record.pointer_mut(&pointer).unwrap()["unknown"] = json!(1);
        cases.push(Case::new(format!("{pointer}/unknown"), bent.signed()));
    }
    cases
}

fn same_type(a: &Value, b: &Value) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

/// The JSON pointers of everything below the root.
fn pointers(root: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match root {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, item)| (at.to_string(), item))
            .collect(),
        _ => Vec::new(),
    };
    let mut found = Vec::new();
    for (name, value) in children {
        found.push(format!("/{name}"));
        found.extend(pointers(value).into_iter().map(|below| format!("/{name}{below}")));
    }
    found
}

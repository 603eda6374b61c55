//! Every member that has to be there, taken away; and one that nobody knows, put in.

use super::{REMOVED, SUBMISSION, WITHDRAWAL, WITHOUT_SCRIPT, check};
use crate::support::{Signers, payload};
use serde_json::{Value, json};

#[test]
fn every_required_member_is_required_and_no_other_is_allowed() {
    let signers = Signers::new();
    let optional = [
        "shownAt", "address", "email", "phone", "url", "policy", "sector", "digest", "copy", "interest",
    ];
    for base in [SUBMISSION, WITHOUT_SCRIPT, WITHDRAWAL] {
        let record = payload(base);
        let mut pointers = Vec::new();
        collect_members(&record, "", &mut pointers);
        for pointer in pointers {
            let name = pointer.rsplit('/').next().expect("a name");
            // Two names mean one thing in a party and another at the top; that one is required.
            let is_optional = optional.contains(&name) && pointer != "/policy" && !pointer.starts_with("/policy/url");
            if !is_optional && pointer != "/withdrawal/url" && pointer != "/withdrawal/email" && name != "format" {
                check(&signers, base, &[(&pointer, json!(REMOVED))], Some(8));
            }
            check(&signers, base, &[(&pointer, Value::Null)], Some(8));
        }
        let mut objects = vec![String::new()];
        collect_objects(&record, "", &mut objects);
        for object in objects {
            check(&signers, base, &[(&format!("{object}/extra"), json!("x"))], Some(8));
        }
    }
}

fn collect_members(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                found.push(format!("{pointer}/{name}"));
                collect_members(value, &format!("{pointer}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate().take(2) {
                collect_members(item, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn collect_objects(value: &Value, pointer: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (format!("{pointer}/{name}"), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(i, item)| (format!("{pointer}/{i}"), item))
            .collect(),
        _ => return,
    };
    for (pointer, child) in children {
        if child.is_object() {
            found.push(pointer.clone());
        }
        collect_objects(child, &pointer, found);
    }
}

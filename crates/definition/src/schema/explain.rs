//! Puts the explanation of a type to each member that has it, where editors look.
//!
//! A member says what it is for, its type what it looks like, and a reader needs both. Editors disagree on whose
//! description counts where a `$ref` stands (Visual Studio Code takes the type's and forgets the member's), so each member
//! gets one sentence after the other, and the types keep theirs as a comment. Small vocabularies explain themselves value
//! by value, so there the member's sentence suffices. Decides nothing about values.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

const TYPES: &str = "$defs";

/// What a type says of itself.
struct Sentence {
    description: Value,
    explains_itself: bool,
}

/// Rewrites the descriptions of a whole schema.
pub(super) fn explain(schema: &mut Value) {
    let mut types = BTreeMap::new();
    for (name, definition) in schema[TYPES].as_object_mut().into_iter().flatten() {
        let Some(definition) = definition.as_object_mut() else {
            continue;
        };
        if let Some(description) = definition.remove("description") {
            definition.insert("$comment".to_owned(), description.clone());
            let explains_itself = definition.contains_key("enumDescriptions");
            types.insert(
                format!("#/{TYPES}/{name}"),
                Sentence {
                    description,
                    explains_itself,
                },
            );
        }
    }
    walk(schema, &types);
}

fn walk(value: &mut Value, types: &BTreeMap<String, Sentence>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                match (name.as_str(), member) {
                    ("properties" | "patternProperties", Value::Object(places)) => {
                        places.values_mut().for_each(|place| add(place, types));
                    }
                    ("items", place) => add(place, types),
                    _ => {}
                }
            }
            members.values_mut().for_each(|member| walk(member, types));
        }
        Value::Array(entries) => entries.iter_mut().for_each(|entry| walk(entry, types)),
        _ => {}
    }
}

/// The member's own sentence, then the type's.
fn add(place: &mut Value, types: &BTreeMap<String, Sentence>) {
    let Some(place) = place.as_object_mut() else { return };
    let Some(of_type) = referred(place).and_then(|name| types.get(name)) else {
        return;
    };
    let own = place.get("description").and_then(Value::as_str);
    let description = match (own, of_type.description.as_str()) {
        (None, _) => of_type.description.clone(),
        (Some(own), Some(words)) if !of_type.explains_itself => format!("{own} {words}").into(),
        (Some(own), _) => own.into(),
    };
    place.insert("description".to_owned(), description);
}

fn referred(place: &Map<String, Value>) -> Option<&str> {
    place.get("$ref").and_then(Value::as_str)
}

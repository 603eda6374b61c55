//! What a value looks like, in words that stay the same from one record to the next.

use std::collections::BTreeSet;

use candor_record::{id::RecordId, term::dpv, time::Timestamp};
use serde_json::Value;

/// The shapes of these values; ids and terms as they are.
pub(super) fn shapes(values: &[&Value]) -> String {
    let shapes: BTreeSet<String> = values.iter().map(|value| shape(value)).collect();
    shapes.into_iter().collect::<Vec<_>>().join(", ")
}

fn shape(value: &Value) -> String {
    match value {
        Value::Object(members) if members.contains_key("@type") => {
            format!("an object of type {}", shape(&members["@type"]))
        }
        Value::Object(_) => "an object".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Bool(_) => "true or false".to_owned(),
        Value::Number(_) => "an integer".to_owned(),
        Value::Null => "null".to_owned(),
        Value::String(text) => of_text(text).to_owned(),
    }
}

fn of_text(text: &str) -> String {
    let prefixed = |prefixes: &[&str]| prefixes.iter().any(|prefix| text.starts_with(prefix));
    let all = |holds: fn(char) -> bool| !text.is_empty() && text.chars().all(holds);
    let shape = if text.parse::<RecordId>().is_ok() {
        "UUID 4"
    } else if text.starts_with("urn:uuid:") && text.contains('#') {
        "a name below the record's"
    } else if text.starts_with("urn:uuid:") {
        "`urn:uuid:` and UUID 4"
    } else if text.starts_with("receipt-") {
        "`receipt-` and UUID 4"
    } else if text.parse::<Timestamp>().is_ok() {
        "UTC time with milliseconds"
    } else if text.starts_with("sha256-") {
        "`sha256-` and a digest"
    } else if text.len() == 43 && all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')) {
        "a salted digest"
    } else if prefixed(&["dpv:", "pd:", "loc:", "eu-gdpr:", "schema:"])
        || text.starts_with("https://w3id.org/")
        || text == "candor-record/1"
    {
        return format!("`{text}`");
    } else if prefixed(&["https://", "http://"]) {
        "a web address"
    } else if text.starts_with("mailto:") {
        "`mailto:` and an address"
    } else if text.contains('@') && !text.contains(' ') {
        "a mail address"
    } else if text.starts_with('P') && text.len() < 8 && text.chars().any(|letter| letter.is_ascii_digit()) {
        "ISO 8601 period"
    } else if text.starts_with('A') && text.chars().nth(1).is_some_and(|letter| letter.is_ascii_digit()) {
        "an article of the GDPR"
    } else if text.len() == 2 && all(|letter| letter.is_ascii_uppercase()) {
        "ISO 3166-1 country"
    } else if text == "fr" {
        "BCP 47 language"
    } else if all(|letter| letter.is_ascii_digit() || letter == '-') {
        "an edition"
    } else if all(|letter| letter.is_ascii_digit() || matches!(letter, '+' | ' ')) {
        "a telephone number"
    } else if all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '_'))
        || dpv::is_purpose(text)
        || dpv::is_operation(text)
        || dpv::is_personal_data(text)
    {
        return format!("`{text}`");
    } else {
        "words"
    };
    shape.to_owned()
}

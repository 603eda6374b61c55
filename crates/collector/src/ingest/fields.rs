//! What was typed, compared with the fields of the form: declared, asked for, complete and well formed.
//! Refuses a field that nobody declared, or that was not shown; a fault names the field and never repeats the value.

use std::collections::BTreeMap;

use crate::{
    http::error::Fault,
    mailbox::{self, Mailbox},
    published::{Field, PublishedForm},
};

/// Statuses by purpose, as the record has them.
pub type Statuses<'a> = BTreeMap<&'a str, &'a str>;

/// Lengths where the definition names none, the same as the form in the browser has (`src/form/field.rs`): nobody's name
/// is longer, and a lead is not a file.
const MAX_LINE: usize = 300;
const MAX_TEXT: usize = 5_000;

/// Why a value does not do; the words for it are in the form's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    Missing,
    Malformed,
    TooLong(usize),
    /// An answer with which nothing may be recorded: a child.
    Refused,
}

impl Flaw {
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "required",
            Self::Malformed => "malformed",
            Self::TooLong(_) => "too-long",
            Self::Refused => "refused",
        }
    }
}

/// Whether a purpose was taken up: its data may be collected.
fn is_active(status: &str) -> bool {
    !matches!(status, "not-given" | "objected" | "not-shown")
}

/// Whether a field stood before the person's eyes when they submitted.
fn is_shown(field: &Field, statuses: &Statuses<'_>) -> bool {
    field.when.as_ref().is_none_or(|when| {
        statuses
            .get(when.purpose.as_str())
            .is_some_and(|status| is_active(status))
    })
}

/// Whether anything that was chosen needs the field.
pub fn is_wanted(field: &Field, statuses: &Statuses<'_>) -> bool {
    is_shown(field, statuses)
        && field
            .purposes
            .iter()
            .any(|purpose| statuses.get(purpose.as_str()).is_some_and(|status| is_active(status)))
}

/// Every fault of the values that came with a record.
pub fn faults(form: &PublishedForm, statuses: &Statuses<'_>, values: &[(String, String)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut fault = |code: &str, detail: String| faults.push(Fault::new("/disclosures", code, detail));
    for (position, (id, _)) in values.iter().enumerate() {
        let Some(field) = form.fields.iter().find(|field| field.id == *id) else {
            fault(
                "undeclared",
                "a field is disclosed that the form does not declare".to_owned(),
            );
            continue;
        };
        if !is_wanted(field, statuses) {
            fault("not-asked", format!("field {id} was not asked for by what was chosen"));
        }
        if values[..position].iter().any(|(earlier, _)| earlier == id) {
            fault("duplicate", format!("field {id} is disclosed twice"));
        }
    }
    for (field, flaw) in flaws(form, statuses, values) {
        fault(flaw.code(), format!("field {}: {}", field.id, describe(flaw)));
    }
    faults
}

/// In English, for whom the form has no words.
pub fn describe(flaw: Flaw) -> String {
    match flaw {
        Flaw::Missing => "required and missing".to_owned(),
        Flaw::Malformed => "not of the form's type".to_owned(),
        Flaw::TooLong(max) => format!("longer than {max} characters"),
        Flaw::Refused => "with this answer nothing is recorded".to_owned(),
    }
}

/// The flaws of the values themselves, in the order of the form.
pub fn flaws<'a>(
    form: &'a PublishedForm,
    statuses: &Statuses<'_>,
    values: &[(String, String)],
) -> Vec<(&'a Field, Flaw)> {
    let flaw = |field: &'a Field| {
        let value = values
            .iter()
            .find(|(id, _)| *id == field.id)
            .map_or("", |(_, value)| value.trim());
        Some((field, flaw_of(field, value)?))
    };
    form.fields
        .iter()
        .filter(|field| is_wanted(field, statuses))
        .filter_map(flaw)
        .collect()
}

fn flaw_of(field: &Field, value: &str) -> Option<Flaw> {
    if value.is_empty() {
        return field.required.then_some(Flaw::Missing);
    }
    let chosen = field.options.iter().find(|option| option.value == value);
    if chosen.is_some_and(|option| option.refusal.is_some()) {
        return Some(Flaw::Refused);
    }
    let long = field.kind == "long-text";
    let max = match field.kind.as_str() {
        "long-text" => field.max_length.unwrap_or(MAX_TEXT),
        // No definition makes mail carry more.
        "email" => field
            .max_length
            .map_or(mailbox::MAX_LEN, |max| max.min(mailbox::MAX_LEN)),
        _ => field.max_length.unwrap_or(MAX_LINE),
    };
    if value.chars().count() > max {
        return Some(Flaw::TooLong(max));
    }
    let control = |character: char| character.is_control() && !(long && matches!(character, '\n' | '\r' | '\t'));
    let good = !value.chars().any(control)
        && match field.kind.as_str() {
            "email" => Mailbox::parse(value).is_ok(),
            "phone" => is_phone(value),
            "url" => is_url(value),
            "country" => value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_alphabetic()),
            "postal-code" => {
                value.len() <= 12
                    && value
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'))
            }
            "select" | "radio" => field.options.iter().any(|option| option.value == value),
            _ => true,
        };
    (!good).then_some(Flaw::Malformed)
}

/// Digits with the usual marks; 15 digits is the limit of E.164, 6 the shortest number that can be called from abroad.
fn is_phone(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let marks = |character: char| {
        character.is_ascii_digit()
            || matches!(
                character,
                ' ' | '\u{a0}' | '\u{202f}' | '.' | '-' | '\u{2011}' | '(' | ')' | '/'
            )
    };
    (6..=15).contains(&digits) && value.strip_prefix('+').unwrap_or(value).chars().all(marks)
}

fn is_url(value: &str) -> bool {
    let host = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.starts_with('/') && !value.contains(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: &str, required: bool) -> Field {
        serde_json::from_value(
            serde_json::json!({"id": "x", "type": kind, "required": required, "options": [{"value": "a"}]}),
        )
        .expect("a field")
    }

    #[test]
    fn values_are_judged_by_type() {
        let check = |kind: &str, value: &str, expected: Option<Flaw>| {
            assert_eq!(flaw_of(&field(kind, true), value), expected, "{kind} {value:?}")
        };
        check("email", "ada@example.org", None);
        check("email", "ada@", Some(Flaw::Malformed));
        check("email", "", Some(Flaw::Missing));
        check("phone", "+33 1 99 00 12 34", None);
        check("phone", "01.99.00.12.34", None);
        check("phone", "call me", Some(Flaw::Malformed));
        check("phone", "12345", Some(Flaw::Malformed));
        check("phone", "1234567890123456", Some(Flaw::Malformed));
        check("url", "https://a.example/b", None);
        check("url", "javascript:alert(1)", Some(Flaw::Malformed));
        check("country", "FR", None);
        check("country", "France", Some(Flaw::Malformed));
        check("postal-code", "75001", None);
        check("select", "a", None);
        check("select", "b", Some(Flaw::Malformed));
        check("text", "line\nline", Some(Flaw::Malformed));
        check("long-text", "line\nline", None);
        check("name", &"n".repeat(301), Some(Flaw::TooLong(300)));
        let address = |length: usize| format!("{}@example.org", "a".repeat(length - "@example.org".len()));
        check("email", &address(255), Some(Flaw::TooLong(254)));
        check("email", &address(301), Some(Flaw::TooLong(254)));
        check(
            "email",
            &format!("{}@{}.org", "a".repeat(64), ["e"; 95].join(".")),
            Some(Flaw::TooLong(254)),
        );
        assert_eq!(flaw_of(&field("name", false), ""), None);
        let age = serde_json::json!({"id": "age", "type": "radio", "required": true,
            "options": [{"value": "over"}, {"value": "under", "refusal": "Not yet."}]});
        let age: Field = serde_json::from_value(age).expect("a field");
        for (value, expected) in [
            ("over", None),
            ("under", Some(Flaw::Refused)),
            ("", Some(Flaw::Missing)),
        ] {
            assert_eq!(flaw_of(&age, value), expected, "{value}");
        }
    }
}

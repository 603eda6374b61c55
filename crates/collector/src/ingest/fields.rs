//! What was typed, compared with the fields of the form: declared, asked for, complete and well formed.
//! Well formed is what the form in the browser takes (`src/form/field.rs`), and beyond it what mail can reach. Refuses a
//! field that nobody declared, or that was not shown; a fault names the field and never repeats the value.

use std::collections::BTreeMap;

pub use candor_form::form::field::Flaw;
use candor_form::{
    compiled::{self, FieldKind},
    form::field,
};

use crate::{
    http::error::Fault,
    mailbox::Mailbox,
    published::{Field, PublishedForm},
};

/// Statuses by purpose, as the record has them.
pub type Statuses<'a> = BTreeMap<&'a str, &'a str>;

/// The code of a flaw, for programs.
fn code(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::Missing => "required",
        Flaw::Malformed => "malformed",
        Flaw::TooLong(_) => "too-long",
        Flaw::Refused => "refused",
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
    for (position, (id, _)) in values.iter().enumerate() {
        let mut fault = |code: &str, detail: String| faults.push(Fault::new("/disclosures", code, detail));
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
        // The form in the browser finds its field by the end of the pointer.
        let detail = format!("field {}: {}", field.id, describe(flaw));
        faults.push(Fault::new(format!("/disclosures/{}", field.id), code(flaw), detail));
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

/// A value as it is recorded: without what nobody sees.
pub fn bare(field: &Field, typed: &str) -> String {
    rules(field).bare(typed)
}

/// The field as the form in the browser knows it.
fn rules(field: &Field) -> compiled::Field {
    let options = field.options.iter().map(|option| compiled::FieldOption {
        value: option.value.clone(),
        label: option.label.clone(),
        refusal: option.refusal.clone(),
    });
    compiled::Field {
        id: field.id.clone(),
        kind: kind(field),
        required: field.required,
        purposes: field.purposes.clone(),
        when: None,
        options: options.collect(),
        max_length: field.max_length,
    }
}

/// What the form asks for by this field.
pub fn kind(field: &Field) -> FieldKind {
    FieldKind::parse(&field.kind).unwrap_or(FieldKind::Text)
}

fn flaw_of(field: &Field, value: &str) -> Option<Flaw> {
    if let Some(flaw) = field::flaw(&rules(field), value) {
        return Some(flaw);
    }
    let is_line = |character: char| matches!(character, '\n' | '\r' | '\t') && kind(field) == FieldKind::LongText;
    let control = |character: char| character.is_control() && !is_line(character);
    let is_unreachable = kind(field) == FieldKind::Email && !value.is_empty() && Mailbox::parse(value).is_err();
    (is_unreachable || value.chars().any(control)).then_some(Flaw::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: &str, required: bool) -> Field {
        let mut field = serde_json::json!({"id": "x", "type": kind, "required": required});
        if kind == "select" {
            field["options"] = serde_json::json!([{"value": "a"}]);
        }
        serde_json::from_value(field).expect("a field")
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
        // What no browser sends: the widget takes it out, and a program is told.
        check("name", "Ada\u{0}", Some(Flaw::Malformed));
        check("email", "😀@example.org", Some(Flaw::Malformed));
        assert_eq!(bare(&field("long-text", false), "One\r\nTwo"), "One\nTwo");
        let land =
            serde_json::json!({"id": "land", "type": "country", "options": [{"value": "FR", "label": "France"}]});
        let land: Field = serde_json::from_value(land).expect("a field");
        assert_eq!(flaw_of(&land, "FR"), None);
        assert_eq!(flaw_of(&land, "France"), Some(Flaw::Malformed));
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

//! The compiled form (`candor-compiled/1`), read by hand: everything the widget knows about the form it shows.
//!
//! Refuses another format, a purpose without a control, and a text without words. What the record needs and no view does
//! (parties, storage, rights …) is not read: it is copied from the source untouched. Next: `compiled/read.rs`, how it is
//! read; `view`, which shows it.

mod read;

use std::fmt;

use candor_record::term::{Basis, Control};

use crate::form::state::FormState;
use crate::text::cut;

/// The one format that this version reads.
pub const FORMAT: &str = "candor-compiled/1";

/// Why a compiled form was not read. It names the member: the form is the site's, nobody's data stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// `format` is absent or another one.
    Format,
    /// A member that must be there is not, or is empty, or has another type.
    Missing(&'static str),
    /// A closed enumeration holds another word.
    Unknown(&'static str),
}

impl ReadError {
    /// What is wrong, for whoever made the form.
    pub fn sentence(self) -> String {
        let (words, member) = match self {
            Self::Format => ("the form is not of the format ", FORMAT),
            Self::Missing(member) => ("the compiled form lacks ", member),
            Self::Unknown(member) => ("the compiled form has an unknown value of ", member),
        };
        [words, member].concat()
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.sentence())
    }
}

impl std::error::Error for ReadError {}

/// A form in one language, as the visitor meets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompiledForm {
    pub id: String,
    /// Digest of the definition; a hidden input of the static form.
    pub version: String,
    /// Digest of the full list of texts; a hidden input of the static form.
    pub texts_digest: String,
    pub language: String,
    /// Who seals the receipt.
    pub controller: String,
    pub policy_url: String,
    /// Where the second layer of the notice stands; absent where no collector has it.
    pub notice_url: Option<String>,
    pub texts: Vec<Text>,
    pub fields: Vec<Field>,
    pub purposes: Vec<Purpose>,
    pub messages: Messages,
    pub submit: Submit,
    /// Values of the custom properties `--candor-theme-*`.
    pub theme: Vec<(String, String)>,
    /// Whether the browser asks that data be not shared: Global Privacy Control. Not read; set by who knows.
    pub gpc: bool,
}

/// One text of the list of record.md §5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub reference: String,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub id: String,
    pub kind: FieldKind,
    pub required: bool,
    pub purposes: Vec<String>,
    /// The purpose under whose box this field stands, shown only while that box is ticked.
    pub when: Option<String>,
    pub options: Vec<FieldOption>,
    pub max_length: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldOption {
    pub value: String,
    pub label: String,
    /// What whoever chooses it is told, in place of being sent: a child.
    pub refusal: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    Email,
    Name,
    GivenName,
    FamilyName,
    Phone,
    Organization,
    JobTitle,
    Country,
    PostalCode,
    Url,
    Text,
    LongText,
    Select,
    Radio,
    Hidden,
}

/// One reason to use the data, with what it takes to ask for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    pub id: String,
    pub basis: Basis,
    pub control: Control,
    /// Whether data is passed on to others for their own ends.
    pub shares: bool,
    /// Recipients that have a privacy policy of their own: shown beside the statement.
    pub partners: Vec<Partner>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    pub name: String,
    pub policy: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submit {
    /// Absent: the element only emits.
    pub endpoint: Option<String>,
    pub success: String,
    pub redirect: Option<String>,
    pub delivery: Option<Delivery>,
}

/// How a gated file arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    Email,
    Screen,
}

/// The words of the interface, in the language of the form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Messages(Vec<(String, String)>);

impl Messages {
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The words for a key; the key itself where the form is older than the widget.
    pub fn say<'a>(&'a self, key: &'a str) -> &'a str {
        self.0
            .iter()
            .find(|(name, _)| name == key)
            .map_or(key, |(_, words)| words)
    }

    /// The words for a key, with `{name}` replaced.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        let mut rest = self.say(key);
        while let Some((before, after)) = cut(rest, b'{') {
            filled.push_str(before);
            let Some((name, tail)) = cut(after, b'}') else {
                rest = &rest[before.len()..];
                break;
            };
            let value = values.iter().find(|(candidate, _)| *candidate == name);
            filled.push_str(value.map_or(name, |(_, value)| value));
            rest = tail;
        }
        filled.push_str(rest);
        filled
    }
}

impl CompiledForm {
    /// The text of a reference of record.md §5, where there is one.
    pub fn text(&self, reference: &str) -> Option<&str> {
        self.texts
            .iter()
            .find(|text| text.reference == reference)
            .map(|text| text.text.as_str())
    }

    /// Whether a choice is kept from a visitor whose browser has asked already: it would be asked against their word.
    pub fn withholds(&self, purpose: &Purpose) -> bool {
        self.gpc && purpose.shares && FormState::has_box(purpose.control)
    }

    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    pub fn purpose(&self, id: &str) -> Option<&Purpose> {
        self.purposes.iter().find(|purpose| purpose.id == id)
    }

    /// The words of a field's label.
    pub fn label<'a>(&'a self, field: &'a Field) -> &'a str {
        self.text(&["field.", &field.id].concat()).unwrap_or(&field.id)
    }

    /// The fields that stand under the box of this purpose.
    pub fn dependents<'a>(&'a self, purpose: &'a str) -> impl Iterator<Item = &'a Field> {
        self.fields
            .iter()
            .filter(move |field| field.when.as_deref() == Some(purpose))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::{form, source};

    #[test]
    fn reads_what_the_views_need() {
        let form = form();
        assert_eq!(form.controller, "Acme");
        assert_eq!(form.text("title"), Some("Get the <guide>"));
        assert_eq!(
            form.purposes[1].partners,
            [Partner {
                name: "Partner".into(),
                policy: "https://partner.example/privacy".into()
            }]
        );
        assert_eq!(form.fields[2].when.as_deref(), Some("call"));
        assert_eq!(form.submit.delivery, Some(Delivery::Email));
    }

    #[test]
    fn refuses_what_it_cannot_show() {
        let check = |pointer: &str, value: Value, expected: ReadError| {
            let mut source = source();
            *source.pointer_mut(pointer).expect("the pointer leads somewhere") = value;
            assert_eq!(CompiledForm::read(&source), Err(expected), "{pointer}");
        };
        check("/format", json!("candor-compiled/2"), ReadError::Format);
        check("/record/language", json!(null), ReadError::Missing("language"));
        check(
            "/record/parties/0/role",
            json!("processor"),
            ReadError::Missing("controller"),
        );
        check(
            "/record/processes/0/basis",
            json!("because"),
            ReadError::Unknown("basis"),
        );
        check("/controls/0/control", json!("ticked"), ReadError::Unknown("control"));
        check("/controls", json!([]), ReadError::Missing("controls"));
        check("/fields/0/type", json!("password"), ReadError::Unknown("type"));
        check("/texts/0/text", json!(""), ReadError::Missing("text"));
        check("/submit", json!({}), ReadError::Missing("success"));
    }

    #[test]
    fn fills_placeholders() {
        let messages = Messages::new(vec![("key".into(), "“{label}”: at most {max}, {unknown} {".into())]);
        let filled = messages.fill("key", &[("label", "Name {max}"), ("max", "3")]);
        assert_eq!(filled, "“Name {max}”: at most 3, unknown {");
        assert_eq!(messages.say("older than the widget"), "older than the widget");
    }
}

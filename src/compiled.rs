//! The compiled form (`candor-compiled/1`), read by hand: everything the widget knows about the form it shows.
//!
//! Refuses another format, a purpose without a control, and a text without words. What the record needs and no view does
//! (parties, storage, rights …) is not read: it is copied from the source untouched. Next: `view`, which shows this.

use std::cell::Cell;
use std::fmt;

use candor_record::term::{Basis, Control};

use crate::json::Json;

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

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (words, member) = match *self {
            Self::Format => ("the form is not of the format ", FORMAT),
            Self::Missing(member) => ("the compiled form lacks ", member),
            Self::Unknown(member) => ("the compiled form has an unknown value of ", member),
        };
        formatter.write_str(words)?;
        formatter.write_str(member)
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
    pub texts: Vec<Text>,
    pub fields: Vec<Field>,
    pub purposes: Vec<Purpose>,
    pub messages: Messages,
    pub submit: Submit,
    /// Values of the custom properties `--candor-theme-*`.
    pub theme: Vec<(String, String)>,
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
        for (at, piece) in self.say(key).split('{').enumerate() {
            match piece.split_once('}').filter(|_| at > 0) {
                Some((name, rest)) => {
                    let value = values.iter().find(|(candidate, _)| *candidate == name);
                    filled.push_str(value.map_or(name, |(_, value)| value));
                    filled.push_str(rest);
                }
                None => {
                    filled.push_str(if at > 0 { "{" } else { "" });
                    filled.push_str(piece);
                }
            }
        }
        filled
    }
}

impl CompiledForm {
    /// Reads a compiled form.
    ///
    /// # Errors
    /// Another format, a missing member, or a word that no enumeration knows.
    pub fn read<J: Json>(source: &J) -> Result<Self, ReadError> {
        if source.text_member("format").as_deref() != Some(FORMAT) {
            return Err(ReadError::Format);
        }
        let reading = Reading::default();
        let record = reading.object(source, "record");
        let form = reading.object(&record, "form");
        let parties = record.element_members("parties");
        let controller = parties
            .iter()
            .find(|party| party.text_member("role").as_deref() == Some("controller"));
        let compiled = Self {
            id: reading.text(&form, "id"),
            version: reading.text(&form, "version"),
            texts_digest: reading.text(&form, "texts"),
            language: reading.text(&record, "language"),
            controller: match controller {
                Some(party) => reading.text(party, "name"),
                None => reading.missing("controller"),
            },
            policy_url: record
                .member("policy")
                .and_then(|policy| policy.text_member("url"))
                .unwrap_or_default(),
            texts: reading.all(source, "texts", Text::read),
            fields: reading.all(source, "fields", Field::read),
            purposes: purposes(&reading, source, &record, &parties),
            messages: Messages(words(source, "messages")),
            submit: Submit::read(&reading, &reading.object(source, "submit")),
            theme: words(source, "theme"),
        };
        match reading.problem.get() {
            None => Ok(compiled),
            Some(problem) => Err(problem),
        }
    }

    /// The text of a reference of record.md §5, where there is one.
    pub fn text(&self, reference: &str) -> Option<&str> {
        self.texts
            .iter()
            .find(|text| text.reference == reference)
            .map(|text| text.text.as_str())
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

/// Notes the first problem and reads on: one `Result` for each member would be most of the code.
#[derive(Default)]
struct Reading {
    problem: Cell<Option<ReadError>>,
}

impl Reading {
    fn note(&self, problem: ReadError) {
        self.problem.set(Some(self.problem.get().unwrap_or(problem)));
    }

    fn text<J: Json>(&self, source: &J, member: &'static str) -> String {
        let text = source.text_member(member).unwrap_or_default();
        if text.is_empty() { self.missing(member) } else { text }
    }

    fn missing(&self, member: &'static str) -> String {
        self.note(ReadError::Missing(member));
        String::new()
    }

    fn object<J: Json>(&self, source: &J, member: &'static str) -> J {
        source.member(member).unwrap_or_else(|| {
            self.note(ReadError::Missing(member));
            J::null()
        })
    }

    fn all<J: Json, T>(&self, source: &J, member: &str, read: fn(&Self, &J) -> T) -> Vec<T> {
        source
            .element_members(member)
            .iter()
            .map(|element| read(self, element))
            .collect()
    }

    /// A word of a closed vocabulary.
    fn term<J: Json, T>(&self, source: &J, member: &'static str, parse: fn(&str) -> Option<T>, otherwise: T) -> T {
        parse(&self.text(source, member)).unwrap_or_else(|| {
            self.note(ReadError::Unknown(member));
            otherwise
        })
    }
}

impl Text {
    fn read<J: Json>(reading: &Reading, source: &J) -> Self {
        Self {
            reference: reading.text(source, "ref"),
            text: reading.text(source, "text"),
        }
    }
}

impl Field {
    fn read<J: Json>(reading: &Reading, source: &J) -> Self {
        Self {
            id: reading.text(source, "id"),
            kind: reading.term(source, "type", FieldKind::parse, FieldKind::Text),
            required: source.member("required").is_some_and(|flag| flag.is_true()),
            purposes: source.text_elements("purposes"),
            when: source.member("when").and_then(|when| when.text_member("purpose")),
            options: reading.all(source, "options", |reading, option| FieldOption {
                value: reading.text(option, "value"),
                label: reading.text(option, "label"),
            }),
            max_length: source.member("maxLength").and_then(|number| number.size()),
        }
    }
}

impl FieldKind {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "email" => Self::Email,
            "name" => Self::Name,
            "given-name" => Self::GivenName,
            "family-name" => Self::FamilyName,
            "phone" => Self::Phone,
            "organization" => Self::Organization,
            "job-title" => Self::JobTitle,
            "country" => Self::Country,
            "postal-code" => Self::PostalCode,
            "url" => Self::Url,
            "text" => Self::Text,
            "long-text" => Self::LongText,
            "select" => Self::Select,
            "radio" => Self::Radio,
            "hidden" => Self::Hidden,
            _ => return None,
        })
    }
}

impl Submit {
    fn read<J: Json>(reading: &Reading, source: &J) -> Self {
        let delivery = |word: String| match word.as_str() {
            "email" => Some(Delivery::Email),
            "screen" => Some(Delivery::Screen),
            _ => None,
        };
        Self {
            endpoint: source.text_member("endpoint"),
            success: reading.text(source, "success"),
            redirect: source.text_member("redirect"),
            delivery: source.text_member("delivery").and_then(delivery),
        }
    }
}

fn purposes<J: Json>(reading: &Reading, source: &J, record: &J, parties: &[J]) -> Vec<Purpose> {
    let controls = source.element_members("controls");
    let processes = record.element_members("processes");
    let purpose = |process: &J| {
        let id = reading.text(process, "purpose");
        let control = controls
            .iter()
            .find(|control| control.text_member("purpose").as_ref() == Some(&id));
        Purpose {
            basis: reading.term(process, "basis", Basis::parse, Basis::Contract),
            control: match control {
                Some(control) => reading.term(control, "control", Control::parse, Control::None),
                None => {
                    reading.note(ReadError::Missing("controls"));
                    Control::None
                }
            },
            partners: partners(&process.text_elements("recipients"), parties),
            id,
        }
    };
    processes.iter().map(purpose).collect()
}

fn partners<J: Json>(recipients: &[String], parties: &[J]) -> Vec<Partner> {
    let mut partners = Vec::new();
    for party in parties {
        let receives = party.text_member("id").is_some_and(|id| recipients.contains(&id));
        if let (true, Some(name), Some(policy)) = (receives, party.text_member("name"), party.text_member("policy")) {
            partners.push(Partner { name, policy });
        }
    }
    partners
}

fn words<J: Json>(source: &J, member: &str) -> Vec<(String, String)> {
    let members = source.member(member).map(|object| object.members()).unwrap_or_default();
    members
        .into_iter()
        .map(|(name, value)| (name, value.text().unwrap_or_default()))
        .collect()
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

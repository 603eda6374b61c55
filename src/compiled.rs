//! The compiled form (`candor-compiled/1`), read by hand: everything the widget knows about the form it shows.
//!
//! Refuses another format, a purpose without a control, and a text without words. What the record needs and no view does
//! (parties, storage, rights …) is not read: it is copied from the source untouched. Next: `view`, which shows this.

use std::fmt;

use candor_record::term::{Basis, Control};

use crate::json::Json;

/// The one format that this version reads.
pub const FORMAT: &str = "candor-compiled/1";

/// Why a compiled form was not read. It names the member: the form is the site's, nobody's data stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// `format` is absent or another one.
    Format,
    /// A member that must be there is not, or has another type.
    Missing(&'static str),
    /// A closed enumeration holds another word.
    Unknown(&'static str, String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format => formatter.write_str("the form is not of the format candor-compiled/1"),
            Self::Missing(member) => {
                formatter.write_str("the compiled form lacks ")?;
                formatter.write_str(member)
            }
            Self::Unknown(member, word) => {
                formatter.write_str(member)?;
                formatter.write_str(" has an unknown value: ")?;
                formatter.write_str(word)
            }
        }
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
        let mut words = self.say(key).to_owned();
        for (name, value) in values {
            let placeholder = ["{", name, "}"].concat();
            words = words.replace(placeholder.as_str(), value);
        }
        words
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
        let record = source.member("record").ok_or(ReadError::Missing("record"))?;
        let form = record.member("form").ok_or(ReadError::Missing("record.form"))?;
        let submit = source.member("submit").ok_or(ReadError::Missing("submit"))?;
        let parties = record.element_members("parties");
        Ok(Self {
            id: required(&form, "id")?,
            version: required(&form, "version")?,
            texts_digest: required(&form, "texts")?,
            language: required(&record, "language")?,
            controller: parties
                .iter()
                .find(|party| party.text_member("role").as_deref() == Some("controller"))
                .and_then(|party| party.text_member("name"))
                .ok_or(ReadError::Missing("a controller"))?,
            policy_url: record
                .member("policy")
                .and_then(|policy| policy.text_member("url"))
                .unwrap_or_default(),
            texts: source
                .element_members("texts")
                .iter()
                .map(Text::read)
                .collect::<Result<_, _>>()?,
            fields: source
                .element_members("fields")
                .iter()
                .map(Field::read)
                .collect::<Result<_, _>>()?,
            purposes: purposes(source, &record.element_members("processes"), &parties)?,
            messages: Messages(words(source, "messages")),
            submit: Submit::read(&submit)?,
            theme: words(source, "theme"),
        })
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

impl Text {
    fn read<J: Json>(source: &J) -> Result<Self, ReadError> {
        Ok(Self {
            reference: required(source, "ref")?,
            text: required(source, "text")?,
        })
    }
}

impl Field {
    fn read<J: Json>(source: &J) -> Result<Self, ReadError> {
        Ok(Self {
            id: required(source, "id")?,
            kind: FieldKind::read(required(source, "type")?)?,
            required: source.member("required").is_some_and(|flag| flag.is_true()),
            purposes: source.text_elements("purposes"),
            when: source.member("when").and_then(|when| when.text_member("purpose")),
            options: source
                .element_members("options")
                .iter()
                .map(|option| {
                    Ok(FieldOption {
                        value: required(option, "value")?,
                        label: required(option, "label")?,
                    })
                })
                .collect::<Result<_, _>>()?,
            max_length: source.member("maxLength").and_then(|number| number.size()),
        })
    }
}

impl FieldKind {
    fn read(word: String) -> Result<Self, ReadError> {
        Ok(match word.as_str() {
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
            _ => return Err(ReadError::Unknown("type", word)),
        })
    }
}

impl Submit {
    fn read<J: Json>(source: &J) -> Result<Self, ReadError> {
        Ok(Self {
            endpoint: source.text_member("endpoint"),
            success: required(source, "success")?,
            redirect: source.text_member("redirect"),
            delivery: match source.text_member("delivery") {
                None => None,
                Some(word) if word == "email" => Some(Delivery::Email),
                Some(word) if word == "screen" => Some(Delivery::Screen),
                Some(word) => return Err(ReadError::Unknown("delivery", word)),
            },
        })
    }
}

fn purposes<J: Json>(source: &J, processes: &[J], parties: &[J]) -> Result<Vec<Purpose>, ReadError> {
    let controls = source.element_members("controls");
    processes
        .iter()
        .map(|process| {
            let id = required(process, "purpose")?;
            let control = controls
                .iter()
                .find(|control| control.text_member("purpose").as_deref() == Some(&id))
                .ok_or(ReadError::Missing("a control"))?;
            Ok(Purpose {
                basis: term(process, "basis", Basis::parse)?,
                control: term(control, "control", Control::parse)?,
                partners: partners(&process.text_elements("recipients"), parties),
                id,
            })
        })
        .collect()
}

fn partners<J: Json>(recipients: &[String], parties: &[J]) -> Vec<Partner> {
    parties
        .iter()
        .filter(|party| party.text_member("id").is_some_and(|id| recipients.contains(&id)))
        .filter_map(|party| {
            Some(Partner {
                name: party.text_member("name")?,
                policy: party.text_member("policy")?,
            })
        })
        .collect()
}

fn required<J: Json>(source: &J, member: &'static str) -> Result<String, ReadError> {
    source
        .text_member(member)
        .filter(|text| !text.is_empty())
        .ok_or(ReadError::Missing(member))
}

/// A word of a closed vocabulary.
fn term<J: Json, T>(source: &J, member: &'static str, parse: fn(&str) -> Option<T>) -> Result<T, ReadError> {
    let word = required(source, member)?;
    parse(&word).ok_or(ReadError::Unknown(member, word))
}

fn words<J: Json>(source: &J, member: &str) -> Vec<(String, String)> {
    let Some(object) = source.member(member) else {
        return Vec::new();
    };
    object
        .members()
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.text()?)))
        .collect()
}

//! Reads a compiled form by hand: derived readers would be a quarter of what a visitor downloads.
//!
//! Refuses what `compiled.rs` says. Unknown members are left alone: an older widget reads a newer form.

use std::cell::Cell;

use candor_record::term::{Basis, Control};

use super::{
    CompiledForm, Delivery, FORMAT, Field, FieldKind, FieldOption, Messages, Partner, Purpose, ReadError, Submit, Text,
};
use crate::json::Json;

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
            notice_url: source.text_member("notice"),
            texts: reading.all(source, "texts", Text::read),
            fields: reading.all(source, "fields", Field::read),
            purposes: purposes(&reading, source, &record, &parties),
            messages: Messages(words(source, "messages")),
            submit: Submit::read(&reading, &reading.object(source, "submit")),
            theme: words(source, "theme"),
            gpc: false,
        };
        match reading.problem.get() {
            None => Ok(compiled),
            Some(problem) => Err(problem),
        }
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
                refusal: option.text_member("refusal"),
            }),
            max_length: source.member("maxLength").and_then(|number| number.size()),
        }
    }
}

impl FieldKind {
    /// The kind that the compiled form spells so.
    pub fn parse(word: &str) -> Option<Self> {
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
            shares: process.text_elements("operations").iter().any(|term| term == "Share"),
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

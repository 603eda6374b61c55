//! A published definition, as much of it as the register names. Read loosely: it was checked when it was published, and
//! a register of last year has to be readable when the rules have become stricter.
//! Refuses what is no definition at all.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct Definition {
    pub(super) languages: Vec<String>,
    pub(super) jurisdiction: String,
    pub(super) audience: String,
    pub(super) title: Text,
    pub(super) service: Text,
    pub(super) parties: Vec<Party>,
    pub(super) policy: Policy,
    pub(super) fields: Vec<Field>,
    pub(super) purposes: Vec<Purpose>,
    pub(super) confirmation: Option<Confirmation>,
    pub(super) proof: Option<Proof>,
}

/// A text, the same for all languages or one for each.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Text {
    All(String),
    Each(BTreeMap<String, String>),
}

impl Text {
    pub(super) fn in_language(&self, language: &str) -> String {
        match self {
            Self::All(text) => text.clone(),
            Self::Each(texts) => texts
                .get(language)
                .or_else(|| texts.values().next())
                .cloned()
                .unwrap_or_default(),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Party {
    pub(super) id: String,
    pub(super) role: String,
    pub(super) name: Text,
    pub(super) country: String,
    pub(super) address: Option<Text>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) url: Option<String>,
    pub(super) agreement: Option<String>,
    pub(super) policy: Option<String>,
    pub(super) sector: Option<Text>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Policy {
    pub(super) url: Text,
    pub(super) version: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Field {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) label: Text,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) purposes: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Purpose {
    pub(super) id: String,
    pub(super) basis: String,
    pub(super) kind: String,
    pub(super) category: String,
    pub(super) channel: String,
    pub(super) statement: Text,
    pub(super) details: Option<Text>,
    pub(super) interest: Option<Text>,
    pub(super) assessment: Option<String>,
    #[serde(default)]
    pub(super) operations: Vec<String>,
    #[serde(default)]
    pub(super) recipients: Vec<String>,
    #[serde(default)]
    pub(super) transfers: Vec<Transfer>,
    pub(super) storage: Storage,
    pub(super) validity: Option<String>,
    pub(super) frequency: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Transfer {
    pub(super) country: String,
    pub(super) mechanism: String,
    pub(super) copy: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Storage {
    #[serde(default)]
    pub(super) locations: Vec<String>,
    pub(super) retention: String,
    pub(super) from: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Confirmation {
    pub(super) expires: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Proof {
    pub(super) retention: Option<String>,
}

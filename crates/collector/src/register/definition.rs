//! A published definition, as much of it as the register names. Read loosely: it was checked when it was published, and
//! a register of last year has to be readable when the rules have become stricter.
//! Refuses what is no definition at all.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::store::flows::TargetRow;

#[derive(Debug, Deserialize)]
pub(crate) struct Definition {
    pub(crate) languages: Vec<String>,
    pub(crate) jurisdiction: String,
    pub(crate) audience: String,
    pub(crate) title: Text,
    pub(crate) service: Text,
    pub(crate) parties: Vec<Party>,
    pub(crate) policy: Policy,
    pub(crate) fields: Vec<Field>,
    pub(crate) purposes: Vec<Purpose>,
    pub(crate) confirmation: Option<Confirmation>,
    pub(crate) proof: Option<Proof>,
}

/// A text, the same for all languages or one for each.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Text {
    All(String),
    Each(BTreeMap<String, String>),
}

impl Text {
    pub(crate) fn in_language(&self, language: &str) -> String {
        match self {
            Self::All(text) => text.clone(),
            Self::Each(texts) => texts
                .get(language)
                .or_else(|| texts.values().next())
                .cloned()
                .unwrap_or_default(),
        }
    }

    fn is_anywhere(&self, text: &str) -> bool {
        match self {
            Self::All(only) => only == text,
            Self::Each(texts) => texts.values().any(|each| each == text),
        }
    }
}

impl Definition {
    /// The place of the party to which leads of a purpose of this form flow by that target: it is a recipient of the purpose,
    /// under a name of the target's. Forms of other controllers may use the same ids.
    pub(crate) fn receiving(&self, target: &TargetRow) -> Option<usize> {
        let purpose = self.purposes.iter().find(|purpose| purpose.id == target.purpose)?;
        let is_it = |party: &Party| {
            party.id == target.party && target.party_names.iter().any(|name| party.name.is_anywhere(name))
        };
        let place = self.parties.iter().position(is_it)?;
        purpose.recipients.contains(&target.party).then_some(place)
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Party {
    pub(crate) id: String,
    pub(crate) role: String,
    pub(crate) name: Text,
    pub(crate) country: String,
    pub(crate) address: Option<Text>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) agreement: Option<String>,
    pub(crate) policy: Option<String>,
    pub(crate) sector: Option<Text>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Policy {
    pub(crate) url: Text,
    pub(crate) version: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Field {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) label: Text,
    #[serde(default)]
    pub(crate) required: bool,
    #[serde(default)]
    pub(crate) purposes: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Purpose {
    pub(crate) id: String,
    pub(crate) basis: String,
    pub(crate) kind: String,
    pub(crate) category: String,
    pub(crate) channel: String,
    pub(crate) statement: Text,
    pub(crate) details: Option<Text>,
    pub(crate) interest: Option<Text>,
    pub(crate) assessment: Option<String>,
    #[serde(default)]
    pub(crate) operations: Vec<String>,
    #[serde(default)]
    pub(crate) recipients: Vec<String>,
    #[serde(default)]
    pub(crate) transfers: Vec<Transfer>,
    pub(crate) storage: Storage,
    pub(crate) validity: Option<String>,
    pub(crate) frequency: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Transfer {
    pub(crate) country: String,
    pub(crate) mechanism: String,
    pub(crate) copy: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Storage {
    #[serde(default)]
    pub(crate) locations: Vec<String>,
    pub(crate) retention: String,
    pub(crate) from: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Confirmation {
    pub(crate) expires: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Proof {
    pub(crate) retention: Option<String>,
}

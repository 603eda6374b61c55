//! What a map says: the four kinds of nodes, and the edges between them. Its JSON is `candor-map/1` (docs/map.md).
//! Refuses nothing: what can be said was decided by the definitions.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use crate::{
    catalog::Words,
    clock::day,
    flow::age::{Old, old},
    store::flows::TargetRow,
};

/// The format id of a map.
pub const FORMAT: &str = "candor-map/1";

#[derive(Debug, Serialize)]
pub struct Map {
    pub format: &'static str,
    pub language: &'static str,
    pub at: Timestamp,
    pub forms: Vec<FormMap>,
    #[serde(skip)]
    pub words: Words,
}

/// The map of one form; its ids are those of its definition.
#[derive(Debug, Serialize)]
pub struct FormMap {
    pub id: String,
    pub version: String,
    pub published: Timestamp,
    pub title: String,
    /// Of the words that come from the definition.
    pub language: String,
    pub fields: Vec<Field>,
    pub purposes: Vec<Purpose>,
    /// Those who receive something, the controller first among them.
    pub parties: Vec<Party>,
    pub countries: Vec<Land>,
    pub edges: Vec<Edge>,
}

#[derive(Debug, Serialize)]
pub struct Field {
    pub id: String,
    pub label: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub required: bool,
}

#[derive(Debug, Serialize)]
pub struct Purpose {
    pub id: String,
    /// Its category in words.
    pub name: String,
    pub statement: String,
    pub basis: String,
    #[serde(rename = "basisWords")]
    pub basis_words: String,
    pub channel: String,
    #[serde(rename = "channelWords")]
    pub channel_words: String,
    #[serde(skip)]
    pub nature: Nature,
}

/// What a purpose asks of the person: how it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    Consent,
    Objection,
    Service,
}

impl Nature {
    pub const ALL: [Self; 3] = [Self::Consent, Self::Objection, Self::Service];

    pub(super) fn of(basis: &str) -> Self {
        match basis {
            "consent" | "explicit-consent" => Self::Consent,
            "legitimate-interest" | "soft-opt-in" => Self::Objection,
            _ => Self::Service,
        }
    }

    /// The class of what is drawn.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Objection => "objection",
            Self::Service => "service",
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Party {
    pub id: String,
    pub role: String,
    pub name: String,
    pub country: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<String>,
    /// Role and contract in words.
    pub words: String,
    #[serde(skip)]
    pub is_controller: bool,
    pub targets: Vec<Target>,
}

/// A receiver that is told automatically.
#[derive(Debug, Serialize)]
pub struct Target {
    pub purpose: String,
    /// `webhook`, `hubspot`, …
    pub kind: String,
    /// Date of the contract.
    pub contract: Date,
    /// Date of the last audit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audited: Option<Date>,
    /// What somebody should look at again.
    pub old: Vec<Old>,
}

impl Target {
    /// As it stood at that time.
    pub(super) fn of(row: &TargetRow, at: Timestamp) -> Self {
        Self {
            purpose: row.purpose.clone(),
            kind: row.kind.clone(),
            contract: row.contract,
            audited: row.audited,
            old: old(row.contract, row.audited, day(at)),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Land {
    pub code: String,
    pub name: String,
    /// Of the European Economic Area.
    pub outside: bool,
}

/// One way that data goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Edge {
    /// A field is asked for because of a purpose.
    Serves { field: String, purpose: String },
    /// A party receives the data of a purpose.
    Receives { purpose: String, party: String },
    /// A party has its seat in a country.
    Established { party: String, country: String },
    /// Data of a purpose is kept in a country.
    Stored { purpose: String, country: String },
    /// It goes to a country outside the European Economic Area, on this ground.
    Transferred {
        purpose: String,
        country: String,
        mechanism: String,
        words: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        copy: Option<String>,
    },
}

impl FormMap {
    pub(super) fn targets(&self, purpose: &str, party: &str) -> impl Iterator<Item = &Target> {
        let found = self.parties.iter().filter(move |known| known.id == party);
        found
            .flat_map(|known| &known.targets)
            .filter(move |target| target.purpose == purpose)
    }
}

//! Whom an incident affects: the people of whom data were held in a period for a purpose, how many, which data, who else has
//! them, and what protects them. What a notification says (GDPR Art. 33(3)) and whom its letters go to (Art. 34).
//! Refuses to be read in secret: each person in the list is a line of the access log, written before the list is handed out.
//! Read next: `breach/gather.rs`, how it is found; `breach/html.rs`, the page.

use std::collections::{BTreeMap, BTreeSet};

use candor_record::id::PurposeId;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::{operator::Operator, spreadsheet::line};

mod gather;
pub mod html;
mod published;
mod received;

pub use gather::gather;
pub use published::are_known;
pub use received::Receiver;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Asked {
    pub from: Timestamp,
    pub to: Timestamp,
    /// Without any, all of them: an incident asks for no purpose.
    pub purposes: BTreeSet<PurposeId>,
    pub operator: Operator,
    pub reason: String,
}

/// The answer.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Breach {
    pub format: &'static str,
    pub generated: String,
    pub period: Period,
    pub counts: Counts,
    /// Those that were asked for and affect anybody, by id.
    pub purposes: Vec<PurposeCount>,
    /// Categories of data (DPV), by name.
    pub data: Vec<DataCount>,
    pub controllers: Vec<String>,
    /// Who else was named to these people as somebody who gets their data.
    pub recipients: Vec<Recipient>,
    /// Receivers to which data of these people had been sent by the end of the period.
    pub received: Vec<Receiver>,
    pub protection: Protection,
    pub people: Vec<Affected>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Period {
    pub from: String,
    pub to: String,
}

/// For the notification (Art. 33(3)(a)).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    pub people: u64,
    /// Submissions.
    pub records: u64,
    /// Submissions of the forms in question that were erased since the period began, at most so many of which were held in
    /// it: of whom, nobody can say any more.
    pub erased_since: u64,
    /// Chains of records that an erasure left as sealed evidence: pseudonymous, without a value.
    pub evidence: u64,
    /// People on record who cannot be read, because a key is missing here: nobody can tell whether they belong to it.
    pub unreadable: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PurposeCount {
    pub id: String,
    /// As it was last published to any of these people.
    pub statement: String,
    /// Of the statement.
    pub language: String,
    /// The newest in each language in which these people read it.
    #[serde(skip)]
    pub statements: BTreeMap<String, String>,
    pub people: u64,
    pub records: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DataCount {
    pub category: String,
    pub people: u64,
    pub records: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Recipient {
    pub name: String,
    pub role: String,
    pub country: String,
}

/// Measures that make data unintelligible to whoever took them (Art. 34(3)(a)).
#[derive(Debug, Clone, Serialize)]
pub struct Protection {
    /// Of values in the database and in copies of it.
    pub values: &'static str,
    /// How many submissions are sealed by each key of `DATA/keys/values`.
    pub keys: BTreeMap<u32, u64>,
}

/// How values are sealed (`values.rs`).
const SEALED: &str = "ChaCha20-Poly1305 (RFC 8439), by keys outside the database";

/// Somebody whose data were held.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Affected {
    pub person: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// In E.164.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// The language in which to write.
    pub language: String,
    pub purposes: BTreeSet<String>,
    /// Categories of data.
    pub data: BTreeSet<String>,
    pub records: Vec<Uuid>,
    /// Receivers to which data of this person had been sent: party, and what operators call it.
    pub received: BTreeSet<String>,
    /// Since when data of this person were held here.
    pub since: String,
}

impl std::fmt::Debug for Affected {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Affected(personal)")
    }
}

const COLUMNS: [&str; 9] = [
    "person", "email", "phones", "language", "purposes", "data", "records", "received", "since",
];

/// The list alone: what letters are written from.
pub fn csv(breach: &Breach) -> String {
    let joined = |items: &BTreeSet<String>| items.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    let row = |affected: &Affected| {
        let records: Vec<String> = affected.records.iter().map(Uuid::to_string).collect();
        line([
            affected.person.to_string(),
            affected.email.clone().unwrap_or_default(),
            affected.phones.join(" "),
            affected.language.clone(),
            joined(&affected.purposes),
            joined(&affected.data),
            records.join(" "),
            affected.received.iter().cloned().collect::<Vec<_>>().join("; "),
            affected.since.clone(),
        ])
    };
    std::iter::once(line(COLUMNS))
        .chain(breach.people.iter().map(row))
        .collect()
}

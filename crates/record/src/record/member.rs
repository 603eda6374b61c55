//! The members of a record that have members of their own (`spec/record.md` §3 and §4).

use serde::{Deserialize, Serialize};

use crate::{
    digest::Sha256Digest,
    id::{FieldId, FormId, PartyId, PurposeId, SubjectId},
    term::{Basis, Channel, Control, Kind, Method, PartyRole, RetentionStart, Status},
    time::Period,
};

/// Whose law applies: `{"country":"FR","profile":"fr-b2c"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jurisdiction {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Country and audience in lower case.
    pub profile: String,
}

/// Which form, in which words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The form.
    pub id: FormId,
    /// The definition's digest.
    pub version: Sha256Digest,
    /// What the form is for, in `language`.
    pub service: String,
    /// The digest of the full list of texts (§5).
    pub texts: Sha256Digest,
}

/// The person of this submission, and commitments to what they entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Made for this submission.
    pub id: SubjectId,
    /// Digests of the disclosures, sorted.
    #[serde(rename = "_sd")]
    pub sd: Vec<String>,
}

/// Somebody who has a part in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Named by `recipients`.
    pub id: PartyId,
    /// The part.
    pub role: PartyRole,
    /// The name, in `language`.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Web address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its own privacy notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// Its business, in `language`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector: Option<String>,
}

/// The linked privacy notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Where it stands.
    pub url: String,
    /// Which edition.
    pub version: String,
    /// Its digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// A text that was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownText {
    /// Which text (§5).
    #[serde(rename = "ref")]
    pub reference: String,
    /// Its words.
    pub text: String,
}

/// One purpose of a submission (§4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// The purpose.
    pub purpose: PurposeId,
    /// A DPV 2.3 purpose.
    pub category: String,
    /// What it is to the person.
    pub kind: Kind,
    /// Why it is lawful.
    pub basis: Basis,
    /// How the person is reached.
    pub channel: Channel,
    /// What the person did.
    pub status: Status,
    /// How they did it.
    pub indication: Indication,
    /// The fields that serve it.
    pub data: Vec<Data>,
    /// DPV 2.3 operations.
    pub operations: Vec<String>,
    /// Who receives the data.
    pub recipients: Vec<PartyId>,
    /// Transfers out of the EEA.
    pub transfers: Vec<Transfer>,
    /// Where and how long.
    pub storage: Storage,
    /// How long a consent holds; consent bases only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity: Option<Period>,
    /// The interest pursued, in `language`; objection bases only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interest: Option<String>,
}

/// How the person indicated the choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indication {
    /// By which control.
    pub control: Control,
    /// How the control started: always `false`.
    pub initial: bool,
    /// Whether every change came from a trusted `click`; only where observed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trusted: Option<bool>,
}

/// A field that serves a purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// The field.
    pub field: FieldId,
    /// A DPV personal-data term.
    #[serde(rename = "type")]
    pub category: String,
    /// Must it be filled in?
    pub required: bool,
}

/// A transfer to a country outside the EEA.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// The article that permits it, such as `A46-2-c`.
    pub mechanism: String,
    /// Where a copy of the safeguards can be had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<String>,
}

/// Where data are kept, and how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    /// ISO 3166-1 alpha-2.
    pub locations: Vec<String>,
    /// How long at most.
    pub retention: Period,
    /// From when on.
    pub from: RetentionStart,
}

/// How a consent is taken back: at least one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// A page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// An address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// What the browser stated by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signals {
    /// Global Privacy Control.
    pub gpc: bool,
}

/// How the record came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capture {
    /// By what means.
    pub method: Method,
    /// Did the page itself read back what it displayed?
    pub observed: bool,
    /// Scheme, host and port of the page: no path, which can hold identifiers.
    pub origin: String,
    /// Version of the widget.
    pub widget: String,
    /// Subresource integrity of the wasm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integrity: Option<String>,
}

/// One purpose that a later event changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The purpose.
    pub purpose: PurposeId,
    /// Its new status.
    pub status: Status,
}

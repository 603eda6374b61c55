//! The payload: one event in the life of a consent, as types that `spec/record.md` §3 and §4 describe.
//!
//! What a type cannot say stands in [`invariant`] (which members belong together) and in [`part`] (what a text may
//! look like). A value of these types is not verified: only [`crate::verify`] makes a `VerifiedRecord`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    canonical::canonical_json,
    digest::Sha256Digest,
    id::{ChainId, FieldId, FormId, PartyId, PurposeId, RecordId, SubjectId},
    json::{self, Node},
    term::{Actor, Audience, Basis, Channel, Control, EventKind, Kind, Method, PartyRole, RetentionStart, Status},
    time::{Period, Timestamp},
};

mod invariant;
mod part;

pub use invariant::InvariantError;
pub use part::{CONFORMS_TO, FORMAT, SD_ALGORITHM, is_origin};

/// A record: a submission, or an event that follows one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Record {
    /// The first event of a chain.
    Submission(Box<Submission>),
    /// Any later event.
    FollowUp(Box<FollowUp>),
}

/// The first record of a chain: what was shown, and what the person did (§3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Submission {
    /// `candor-record/1`.
    pub format: String,
    /// The profile of ISO/IEC TS 27560 that the record follows.
    pub conforms_to: String,
    /// `sha-256`.
    #[serde(rename = "_sd_alg")]
    pub sd_alg: String,
    /// The record.
    pub id: RecordId,
    /// Its chain: its own id.
    pub chain: ChainId,
    /// [`EventKind::Submission`].
    pub event: EventKind,
    /// Who acted.
    pub actor: Actor,
    /// When it was sent.
    pub created: Timestamp,
    /// BCP 47 tag of what was shown.
    pub language: String,
    /// Whose law.
    pub jurisdiction: Jurisdiction,
    /// Whom the form addresses.
    pub audience: Audience,
    /// Which form.
    pub form: Form,
    /// Which person, and the digests of what they entered.
    pub subject: Subject,
    /// Everybody who has a part in it.
    pub parties: Vec<Party>,
    /// The linked privacy notice.
    pub policy: Policy,
    /// When the form was rendered, where that was observed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_at: Option<Timestamp>,
    /// The texts in reading order (§5).
    pub shown: Vec<ShownText>,
    /// One per purpose, in the definition's order (§4).
    pub processes: Vec<Process>,
    /// How a consent is taken back.
    pub withdrawal: Withdrawal,
    /// The rights that the person was told of, as articles of the GDPR.
    pub rights: Vec<String>,
    /// `none`, or a sentence.
    pub automated_decisions: String,
    /// What the browser stated by itself.
    pub signals: Signals,
    /// How the record came about.
    pub capture: Capture,
}

/// A later event: only what changed (§3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FollowUp {
    /// `candor-record/1`.
    pub format: String,
    /// The profile of ISO/IEC TS 27560 that the record follows.
    pub conforms_to: String,
    /// `sha-256`.
    #[serde(rename = "_sd_alg")]
    pub sd_alg: String,
    /// The record.
    pub id: RecordId,
    /// The id of the chain's first record.
    pub chain: ChainId,
    /// The previous record of the chain.
    pub replaces: RecordId,
    /// What happened.
    pub event: EventKind,
    /// Who acted.
    pub actor: Actor,
    /// When it was done.
    pub created: Timestamp,
    /// BCP 47 tag of what was shown.
    pub language: String,
    /// Which form.
    pub form: Form,
    /// Which person.
    pub subject: Subject,
    /// The purposes that changed.
    pub processes: Vec<Change>,
    /// How the record came about.
    pub capture: Capture,
    /// The linked privacy notice, where the event gives something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
    /// The texts of the page on which it was done, where the event gives something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Vec<ShownText>>,
}

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

/// A payload that is no `candor-record/1`. It names places and kinds, never what was written there.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaError {
    /// The payload is no object.
    NotAnObject,
    /// `format` is missing or another: a later version, perhaps.
    Format,
    /// A member is missing.
    Missing(String),
    /// A member that the format does not have, below that place.
    Unknown(String),
    /// A value that cannot stand at that place.
    Invalid(String),
    /// `null` where a member should be absent.
    Null,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SchemaError::NotAnObject => formatter.write_str("the payload is no object"),
            SchemaError::Format => write!(formatter, "format is not {FORMAT}"),
            SchemaError::Missing(place) => write!(formatter, "a required member is missing: {place}"),
            SchemaError::Unknown(place) => write!(formatter, "a member that {FORMAT} does not have, in {place}"),
            SchemaError::Invalid(place) => write!(formatter, "a value that cannot stand at {place}"),
            SchemaError::Null => formatter.write_str("an optional member is null, it should be absent"),
        }
    }
}

impl std::error::Error for SchemaError {}

impl Record {
    /// Reads the shape of a payload; [`Record::check_invariants`] says whether it makes sense.
    ///
    /// # Errors
    /// The first place that is not as §3 and §4 say.
    pub fn from_node(payload: &Node) -> Result<Record, SchemaError> {
        if payload.as_object().is_none() {
            return Err(SchemaError::NotAnObject);
        }
        if payload.get("format").and_then(Node::as_str) != Some(FORMAT) {
            return Err(SchemaError::Format);
        }
        let json = payload.to_json();
        let record = match payload.get("event").and_then(Node::as_str) {
            Some("submission") => Record::Submission(part::typed(&json)?),
            _ => Record::FollowUp(part::typed(&json)?),
        };
        // Serde reads null as absent. What it would write differently was not in the format.
        if record.to_json() == json {
            Ok(record)
        } else {
            Err(SchemaError::Null)
        }
    }

    /// Reads the shape of a payload that is at hand as text.
    ///
    /// # Errors
    /// As [`Record::from_node`]; a text that is no JSON counts as no object.
    pub fn from_json_bytes(bytes: &[u8]) -> Result<Record, SchemaError> {
        let node = json::parse(bytes, &json::Limits::RECORD).map_err(|_| SchemaError::NotAnObject)?;
        Record::from_node(&node)
    }

    /// Says whether the members belong together as §3 to §5 ask.
    ///
    /// # Errors
    /// The first invariant that does not hold.
    pub fn check_invariants(&self) -> Result<(), InvariantError> {
        invariant::check(self)
    }

    /// The record as a JSON value.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("a record has string names and finite numbers only")
    }

    /// The payload bytes (§1).
    pub fn to_canonical(&self) -> Vec<u8> {
        canonical_json(&self.to_json())
    }

    /// The submission, where this is one.
    pub fn as_submission(&self) -> Option<&Submission> {
        match self {
            Record::Submission(submission) => Some(submission),
            Record::FollowUp(_) => None,
        }
    }

    /// The later event, where this is one.
    pub fn as_follow_up(&self) -> Option<&FollowUp> {
        match self {
            Record::Submission(_) => None,
            Record::FollowUp(follow_up) => Some(follow_up),
        }
    }

    /// Purposes and statuses, in the record's order.
    pub fn statuses(&self) -> Vec<(&PurposeId, Status)> {
        match self {
            Record::Submission(submission) => submission.processes.iter().map(|p| (&p.purpose, p.status)).collect(),
            Record::FollowUp(follow_up) => follow_up.processes.iter().map(|p| (&p.purpose, p.status)).collect(),
        }
    }

    /// The texts that were shown, where the record says so.
    pub fn shown(&self) -> Option<&[ShownText]> {
        match self {
            Record::Submission(submission) => Some(&submission.shown),
            Record::FollowUp(follow_up) => follow_up.shown.as_deref(),
        }
    }

    /// The previous record of the chain.
    pub fn replaces(&self) -> Option<&RecordId> {
        self.as_follow_up().map(|follow_up| &follow_up.replaces)
    }
}

macro_rules! common {
    ($($(#[$doc:meta])* $name:ident -> $type:ty;)+) => {
        impl Record {
            $($(#[$doc])* pub fn $name(&self) -> &$type {
                match self {
                    Record::Submission(submission) => &submission.$name,
                    Record::FollowUp(follow_up) => &follow_up.$name,
                }
            })+
        }
    };
}

common! {
    /// The record's id.
    id -> RecordId;
    /// The id of the chain's first record.
    chain -> ChainId;
    /// What happened.
    event -> EventKind;
    /// Who acted.
    actor -> Actor;
    /// When it was done.
    created -> Timestamp;
    /// BCP 47 tag of what was shown.
    language -> String;
    /// Which form.
    form -> Form;
    /// Which person.
    subject -> Subject;
    /// How the record came about.
    capture -> Capture;
}

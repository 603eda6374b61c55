//! The payload: one event in the life of a consent, as types that `spec/record.md` §3 and §4 describe.
//!
//! What a type cannot say stands in `record/invariant.rs` (which members belong together) and in `record/part.rs` (what
//! a text may look like). A value of these types is not verified: only [`crate::verify`] makes a `VerifiedRecord`.

use serde::{Deserialize, Serialize};

use crate::{
    canonical::canonical_json,
    id::{ChainId, PurposeId, RecordId},
    json::{self, Node},
    term::{Actor, Audience, EventKind, Status},
    time::Timestamp,
};

mod invariant;
mod member;
mod part;
mod schema;

pub use invariant::InvariantError;
pub use member::{
    Capture, Change, Data, Form, Indication, Jurisdiction, Party, Policy, Process, ShownText, Signals, Storage,
    Subject, Transfer, Withdrawal,
};
pub use part::{CONFORMS_TO, FORMAT, SD_ALGORITHM, is_origin};
pub use schema::SchemaError;

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

//! What is kept, and for whom: the trait that SQLite (and later PostgreSQL) implements under one contract suite (`tests/api/store_contract.rs`).
//! Refuses half of anything: lead, record, links and outbox rows of a submission are one transaction. Not found is `Ok(None)`.
//! Read next: `store/people.rs`, what is kept of a person and how it changes and goes; `store/sweep.rs`, what time asks for.

use std::fmt::Debug;

use async_trait::async_trait;
use candor_record::verify::VerifiedRecord;
use jiff::Timestamp;
use uuid::Uuid;

use self::{
    contacts::Contacts,
    conversions::Conversions,
    flows::Flows,
    imports::{Imported, Imports},
    notices::{NoticeRow, Notices},
    qualifications::Qualifications,
    records::Records,
    registry::Registry,
    watch::Watch,
};
use crate::{
    index::AddressKey,
    links::{LinkKind, LinkTarget},
    robots::Spent,
    values::Sealed,
};

pub mod contacts;
pub mod conversions;
pub mod flows;
pub mod imports;
pub mod letters;
pub mod notices;
pub mod operators;
pub mod people;
pub mod qualifications;
pub mod records;
pub mod registry;
pub mod sqlite;
pub mod sweep;
pub mod watch;
pub use letters::{Cap, Letter, Letters, MailKind, NewLetter};
pub use people::{
    Deletion, Erasure, People, PersonChange, Resealed, Restrict, SealedChain, StoredPerson, Suppression,
    SuppressionKey, WholePerson,
};
pub use sweep::{Cursor, DueLead, DuePerson, Later, PastLetter, Seen, Sweeping};

/// The store is away, or full, or broken; nothing was changed. What happened is logged where it happened.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the store failed: {0}")]
pub struct StoreError(pub String);

impl StoreError {
    /// Whether values were refused because `candor keys rotate --values` has replaced their key meanwhile: the message of
    /// the store's own trigger. Sealed by the newest key, the same write does.
    pub fn is_replaced_key(&self) -> bool {
        self.0.contains("the key of these values was replaced")
    }
}

/// A definition as published, with all its compiled forms.
#[derive(Debug, Clone)]
pub struct Release {
    pub form: String,
    pub version: String,
    pub definition: String,
    pub compiled: Vec<CompiledRow>,
    /// The second layer of the notice, rendered in each language.
    pub notices: Vec<NoticeRow>,
    pub purposes: Vec<PurposeRow>,
    pub exceptions: Vec<ExceptionRow>,
}

/// A rule of law that a form was published against, by decision of whoever runs the server.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ExceptionRow {
    pub rule: String,
    /// RFC 6901 pointer into the definition.
    pub pointer: String,
    /// What the rule found, in English.
    pub message: String,
    /// Articles.
    pub source: String,
}

#[derive(Debug, Clone)]
pub struct CompiledRow {
    pub digest: String,
    pub form: String,
    pub version: String,
    pub language: String,
    pub json: String,
}

/// What a purpose id stands for in this collector, for good (record.md §6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurposeRow {
    pub purpose: String,
    pub basis: String,
    pub kind: String,
    pub channel: String,
    pub controller: String,
}

/// The answer to publishing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Published {
    Done,
    /// A purpose id is taken by another meaning: as published, and as wanted now.
    PurposeTaken {
        published: Box<PurposeRow>,
        wanted: Box<PurposeRow>,
    },
}

/// A verified and countersigned submission with all that goes with it.
#[derive(Clone)]
pub struct NewSubmission {
    pub record: NewRecord,
    pub lead: NewLead,
    pub links: Vec<NewLink>,
    pub mail: Option<MailKind>,
    /// Keyed digest of a plain POST, and since when the same one counts as the same submission.
    pub once: Option<Once>,
    /// What this submission uses up: a solved challenge, or a ticket.
    pub spent: Option<Spent>,
}

#[derive(Debug, Clone)]
pub struct Once {
    pub digest: Vec<u8>,
    pub since: Timestamp,
}

/// A verified record on its way into the store.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct NewRecord {
    pub id: Uuid,
    pub chain: Uuid,
    pub replaces: Option<Uuid>,
    pub event: String,
    pub form: String,
    pub version: String,
    pub payload_digest: Vec<u8>,
    /// The envelope with the controller's signature.
    pub receipt: String,
    pub received: Timestamp,
}

impl NewRecord {
    /// The only way in: nothing unverified is stored.
    pub fn new(verified: &VerifiedRecord, receipt: String, received: Timestamp) -> Self {
        let record = verified.record();
        let uuid = |text: &str| Uuid::parse_str(text).expect("a verified id is a UUID");
        Self {
            id: uuid(record.id().as_str()),
            chain: uuid(record.chain().as_str()),
            replaces: record.replaces().map(|id| uuid(id.as_str())),
            event: record.event().as_str().to_owned(),
            form: record.form().id.as_str().to_owned(),
            version: record.form().version.to_text(),
            payload_digest: verified.payload_digest().as_bytes().to_vec(),
            receipt,
            received,
        }
    }
}

/// The person's side of a submission; goes with an erasure, while the record stays.
#[derive(Clone)]
pub struct NewLead {
    /// Taken where nobody is known by that mailbox.
    pub person: Uuid,
    pub mailbox_key: Option<AddressKey>,
    pub phone_keys: Vec<AddressKey>,
    pub language: String,
    /// Digest of the compiled form that it was verified with.
    pub compiled: String,
    pub held: Vec<String>,
    /// Consents wait for a confirmation, whatever else is on record.
    pub pending: bool,
    /// Keyed hash of the disclosures: the same ones are known again.
    pub fingerprint: Vec<u8>,
    pub values: Sealed,
}

#[derive(Debug, Clone, Copy)]
pub struct NewLink {
    pub kind: LinkKind,
    pub expires: Option<Timestamp>,
}

/// One stored event.
#[derive(Debug, Clone)]
pub struct StoredRecord {
    /// Order of receipt among all records.
    pub sequence: i64,
    pub id: Uuid,
    pub chain: Uuid,
    pub event: String,
    pub payload_digest: Vec<u8>,
    pub receipt: String,
    pub received: Timestamp,
}

/// The lead of a submission.
#[derive(Clone)]
pub struct StoredLead {
    pub record: Uuid,
    pub person: Uuid,
    pub form: String,
    pub version: String,
    pub language: String,
    pub compiled: String,
    pub held: Vec<String>,
    pub pending: bool,
    pub fingerprint: Vec<u8>,
    pub values: Sealed,
    /// Where it was taken over from elsewhere.
    pub imported: Option<Imported>,
}

macro_rules! redacted_debug {
    ($($name:ident),*) => {$(
        impl Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(personal)"))
            }
        }
    )*};
}
redacted_debug!(NewSubmission, NewLead, StoredLead);

#[derive(Debug, Clone)]
pub struct StoredSubmission {
    pub record: StoredRecord,
    pub lead: StoredLead,
}

/// Outcome of storing a submission.
#[derive(Debug)]
pub enum Inserted {
    New,
    /// The same submission is there already: the first envelope stays.
    Same(Box<StoredSubmission>),
    /// The id stands for something else.
    Other,
    /// What it would use up was used by another submission.
    Spent,
}

/// How often a decision is made anew where it was `Moved`: that takes somebody who presses twice at once.
pub const ATTEMPTS: usize = 5;

/// Outcome of storing a follow-up event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    New,
    /// The chain has grown since it was read, or its values were sealed by another key: read again, decide again.
    Moved,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredLink {
    pub target: LinkTarget,
    pub issued: Timestamp,
    pub expires: Option<Timestamp>,
}

/// Everything durable. Each method is one transaction.
#[async_trait]
pub trait Store:
    Letters
    + operators::Operators
    + People
    + Contacts
    + Flows
    + Conversions
    + Imports
    + Notices
    + Records
    + Registry
    + Sweeping
    + Watch
    + Qualifications
    + Debug
    + Send
    + Sync
{
    async fn publish(&self, release: &Release, at: Timestamp) -> Result<Published, StoreError>;
    async fn compiled(&self, digest: &str) -> Result<Option<CompiledRow>, StoreError>;
    /// Every compiled form ever published of this version in this language, newest first.
    async fn compiled_of(&self, form: &str, version: &str, language: &str) -> Result<Vec<CompiledRow>, StoreError>;
    async fn definition(&self, form: &str, version: &str) -> Result<Option<String>, StoreError>;

    async fn insert_submission(&self, submission: &NewSubmission) -> Result<Inserted, StoreError>;
    async fn submission(&self, id: Uuid) -> Result<Option<StoredSubmission>, StoreError>;
    async fn record(&self, id: Uuid) -> Result<Option<StoredRecord>, StoreError>;
    /// The events of a chain, in the order of their receipt.
    async fn chain(&self, chain: Uuid) -> Result<Vec<StoredRecord>, StoreError>;

    /// A link that was issued, living or expired.
    async fn link(&self, target: LinkTarget) -> Result<Option<StoredLink>, StoreError>;
    /// The newest link of a kind for a record or person.
    async fn newest_link(&self, kind: LinkKind, subject: Uuid) -> Result<Option<StoredLink>, StoreError>;
    /// Issues the next link of a kind; older ones stay as they are.
    async fn renew_link(
        &self,
        kind: LinkKind,
        subject: Uuid,
        issued: Timestamp,
        expires: Option<Timestamp>,
    ) -> Result<StoredLink, StoreError>;

    /// Answers whether it can write.
    async fn ready(&self) -> Result<(), StoreError>;
    async fn close(&self);
}

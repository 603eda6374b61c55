//! What is kept of a person, how it changes and how it goes. A person is a mailbox, known by a keyed hash.
//! Refuses half of a change: events, letters, links, values and erasures of one decision are one transaction.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Appended, NewLetter, NewRecord, NewSubmission, Seen, StoreError, StoredRecord, StoredSubmission,
    operators::StoredRequest,
};
use crate::{
    index::{AddressKey, AddressKind},
    links::LinkKind,
    values::Sealed,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPerson {
    pub id: Uuid,
    pub mailbox_key: Option<AddressKey>,
    pub created: Timestamp,
    /// The last contact that the person made.
    pub contact: Timestamp,
    /// When the sweep has to look next.
    pub due: Timestamp,
}

/// Everything that a person is read from.
#[derive(Debug, Clone)]
pub struct WholePerson {
    pub row: StoredPerson,
    /// In the order of their receipt, like the records.
    pub submissions: Vec<StoredSubmission>,
    pub records: Vec<StoredRecord>,
}

/// An address that must not be taken up again on a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    pub key: SuppressionKey,
    pub since: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SuppressionKey {
    pub key: AddressKey,
    pub kind: AddressKind,
    pub channel: String,
}

/// The end of a lead. Values, links and letters go at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The chain, which is also the lead's record.
    pub chain: Uuid,
    /// Until when the records are sealed as evidence; `None`: they go now.
    pub keep_until: Option<Timestamp>,
    /// A word for the report: `erasure`, `retention`, `withdrawn`, `unconfirmed`.
    pub reason: String,
}

/// Values that were sealed anew, or corrected.
#[derive(Debug, Clone)]
pub struct Resealed {
    pub record: Uuid,
    /// What stood there when it was read.
    pub before: Sealed,
    pub after: Sealed,
    /// Where the disclosures are other ones now.
    pub fingerprint: Option<Vec<u8>>,
    /// Where the numbers are other ones now.
    pub phone_keys: Option<Vec<AddressKey>>,
    /// Values went because their purposes are over: a line of the deletion report, reason `field`.
    pub ended: bool,
}

/// A restriction of processing begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restrict {
    Begin,
    Lift,
}

/// One decision about one person.
#[derive(Debug, Clone)]
pub struct PersonChange {
    pub person: Uuid,
    pub at: Timestamp,
    /// Where the decision rests on everything that is on record: nothing of it may have changed.
    pub seen: Option<Seen>,
    /// Consents that were given anew on the person's page.
    pub submissions: Vec<NewSubmission>,
    /// Each has to extend its chain, or a submission of this change.
    pub events: Vec<NewRecord>,
    /// The person acted.
    pub contact: bool,
    /// When the sweep has to look next; `None`: as soon as it can.
    pub due: Option<Timestamp>,
    pub letters: Vec<NewLetter>,
    /// The next links of these kinds, with their subjects and ends.
    pub links: Vec<(LinkKind, Uuid, Option<Timestamp>)>,
    pub values: Vec<Resealed>,
    pub suppress: Vec<SuppressionKey>,
    pub lift: Vec<SuppressionKey>,
    pub erase: Vec<Erasure>,
    /// What the person asked for, and was answered by this very change.
    pub request: Option<StoredRequest>,
    /// The data are to be kept and nothing else (Art. 18 GDPR), or that has ended.
    pub restrict: Option<Restrict>,
    /// Of many erasures in a row: the caller empties the write-ahead log after the last one (`scrub`).
    pub scrub_later: bool,
}

impl PersonChange {
    /// A change of nothing yet.
    pub fn of(person: Uuid, at: Timestamp) -> Self {
        Self {
            person,
            at,
            seen: None,
            submissions: Vec::new(),
            events: Vec::new(),
            contact: false,
            due: None,
            letters: Vec::new(),
            links: Vec::new(),
            values: Vec::new(),
            suppress: Vec::new(),
            lift: Vec::new(),
            erase: Vec::new(),
            request: None,
            restrict: None,
            scrub_later: false,
        }
    }
}

/// Sealed evidence: its records, and until when they stay.
#[derive(Debug, Clone)]
pub struct SealedChain {
    pub chain: Uuid,
    pub sealed: Timestamp,
    pub delete: Timestamp,
}

/// A line of the deletion report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    pub at: Timestamp,
    pub form: String,
    pub reason: String,
    /// How many went; for the reason `field`, how many go on without it.
    pub leads: u64,
    pub records: u64,
}

#[async_trait]
pub trait People {
    async fn person(&self, id: Uuid) -> Result<Option<StoredPerson>, StoreError>;
    async fn person_by_mailbox(&self, key: &AddressKey) -> Result<Option<StoredPerson>, StoreError>;
    /// People of whom a lead has this number, each with that lead's record.
    async fn people_by_phone(&self, key: &AddressKey) -> Result<Vec<(Uuid, Uuid)>, StoreError>;
    /// The person's submissions, in the order of their receipt.
    async fn submissions_of(&self, person: Uuid) -> Result<Vec<StoredSubmission>, StoreError>;
    /// How many submissions of the person there are; no more than so many are counted.
    async fn count_submissions(&self, person: Uuid, at_most: u32) -> Result<u32, StoreError>;
    /// The newest one that proved the mailbox; where there is none, the newest. One step, however many there are.
    async fn front_submission(&self, person: Uuid) -> Result<Option<StoredSubmission>, StoreError>;
    /// Every record of every chain of the person, in the order of receipt.
    async fn records_of(&self, person: Uuid) -> Result<Vec<StoredRecord>, StoreError>;
    async fn suppressions(&self, key: &AddressKey, kind: AddressKind) -> Result<Vec<Suppression>, StoreError>;

    /// Writes the change, provided that no chain has grown since it was read.
    async fn commit(&self, change: &PersonChange) -> Result<Appended, StoreError>;

    /// People at whom the sweep has to look by then, the most overdue first.
    async fn people_due(&self, at: Timestamp, limit: u32) -> Result<Vec<Uuid>, StoreError>;
    /// People who will be due in that time, for a rehearsal; in order of id, after the one given.
    async fn people_after(&self, after: Uuid, limit: u32) -> Result<Vec<Uuid>, StoreError>;
    /// Those of these people who are there, whole, in the order of their ids.
    async fn several(&self, ids: &[Uuid]) -> Result<Vec<WholePerson>, StoreError>;
    /// Deletes sealed records whose time is over; returns how many.
    async fn purge_sealed(&self, at: Timestamp, limit: u32) -> Result<u64, StoreError>;
    async fn sealed_chains(&self, after: Uuid, limit: u32) -> Result<Vec<SealedChain>, StoreError>;
    async fn deletions(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Deletion>, StoreError>;

    /// Leads whose values are sealed by another key than this.
    async fn values_not_under(&self, key: u32, limit: u32) -> Result<Vec<(Uuid, Sealed)>, StoreError>;
    /// Replaces values that still are what was read.
    async fn reseal(&self, values: &[Resealed]) -> Result<(), StoreError>;
    /// Moves deleted pages out of the write-ahead log, which is emptied.
    async fn scrub(&self) -> Result<(), StoreError>;
}

//! What the sweep reads and writes in bulk: people whose time has come, each with what their time is told from.
//! Refuses to decide for people who changed since they were read (`Seen`). Refuses to open values: they
//! travel sealed.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::{MailKind, StoreError, StoredRecord};
use crate::values::Sealed;

/// Everything on which a decision about a person rests; whatever happens to them changes one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The newest record of their leads.
    pub sequence: i64,
    pub contact: Timestamp,
    pub due: Timestamp,
}

/// A person at whom the sweep has to look.
#[derive(Debug, Clone)]
pub struct DuePerson {
    pub id: Uuid,
    /// Is there a mailbox?
    pub reachable: bool,
    pub seen: Seen,
    /// In the order of their receipt.
    pub leads: Vec<DueLead>,
    /// Every record of every lead, in the order of receipt.
    pub records: Vec<StoredRecord>,
    /// What was written on account of time.
    pub letters: Vec<PastLetter>,
}

/// A lead, with its values as they are sealed.
#[derive(Debug, Clone)]
pub struct DueLead {
    pub record: Uuid,
    /// Digest of its compiled form.
    pub compiled: String,
    pub held: Vec<String>,
    pub received: Timestamp,
    /// When the person acted, of what was taken over from elsewhere.
    pub acted: Option<Timestamp>,
    /// The end of the newest link that confirms it.
    pub confirm_until: Option<Timestamp>,
    /// Opened only where a field's purposes are over.
    pub values: Sealed,
}

/// A letter that was queued, sent or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastLetter {
    pub kind: MailKind,
    pub purposes: Vec<String>,
    pub at: Timestamp,
}

/// How far a sweep has come: the most overdue come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub due: Timestamp,
    pub person: Uuid,
}

impl DuePerson {
    pub fn cursor(&self) -> Cursor {
        Cursor {
            due: self.seen.due,
            person: self.id,
        }
    }
}

/// Nothing was due: look again then.
#[derive(Debug, Clone, Copy)]
pub struct Later {
    pub person: Uuid,
    pub seen: Seen,
    pub due: Timestamp,
}

#[async_trait]
pub trait Sweeping {
    /// People at whom the sweep has to look by then, after the cursor; at most so many.
    async fn due_people(&self, at: Timestamp, after: Option<Cursor>, limit: u32) -> Result<Vec<DuePerson>, StoreError>;
    /// Puts people off, other than those who changed meanwhile.
    async fn look_later(&self, people: &[Later]) -> Result<(), StoreError>;
    /// How many sealed records a purge would delete.
    async fn sealed_until(&self, at: Timestamp) -> Result<u64, StoreError>;
    /// How many lines of the access log are older.
    async fn accesses_before(&self, before: Timestamp) -> Result<u64, StoreError>;
    /// How many letters are to be sent by then.
    async fn letters_until(&self, at: Timestamp) -> Result<u64, StoreError>;
}

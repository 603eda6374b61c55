//! The outbox: letters that are to be written, what became of them, and how often a person was asked.
//! Refuses to queue a cause twice, and more than a cap admits.

use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::StoreError;

/// What a row of the outbox says. Its words are made when it is sent, from what is stored then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailKind {
    /// After a submission: the file's link, and apart from it the confirmation's.
    Submission,
    /// A fresh link to the file.
    Download,
    /// The request for a confirmation, once more.
    Confirmation,
    /// The link to everything about a person, asked for at `/m`.
    Person,
    /// A consent ends soon: the person is asked whether it goes on.
    Renewal,
    /// The data end soon: the person is asked whether they stay.
    Retention,
}

impl MailKind {
    pub const ALL: [Self; 6] = [
        Self::Submission,
        Self::Download,
        Self::Confirmation,
        Self::Person,
        Self::Renewal,
        Self::Retention,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Submission => "submission",
            Self::Download => "download",
            Self::Confirmation => "confirmation",
            Self::Person => "person",
            Self::Renewal => "renewal",
            Self::Retention => "retention",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A letter to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLetter {
    pub kind: MailKind,
    pub person: Uuid,
    /// The submission that it is about, where it is about one.
    pub record: Option<Uuid>,
    pub purposes: Vec<String>,
    /// The same cause makes one letter, however often it is queued.
    pub dedupe: Option<String>,
}

/// At most so many letters of that kind to that person since then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap {
    pub count: u32,
    pub since: Timestamp,
}

/// A row of the outbox.
#[derive(Clone)]
pub struct Letter {
    pub id: i64,
    pub kind: MailKind,
    pub person: Uuid,
    pub record: Option<Uuid>,
    pub purposes: Vec<String>,
    pub attempts: u32,
    pub created: Timestamp,
    pub sent: Option<Timestamp>,
}

impl fmt::Debug for Letter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Letter(personal)")
    }
}

/// Each method is one transaction.
#[async_trait]
pub trait Letters {
    /// Queues a letter, unless its cause was queued already or the cap is reached.
    async fn queue(&self, letter: &NewLetter, at: Timestamp, cap: Option<Cap>) -> Result<bool, StoreError>;
    /// Those of which a crash left unknown whether they went come when there is no other.
    async fn letters_due(&self, at: Timestamp, limit: u32) -> Result<Vec<Letter>, StoreError>;
    /// The letter's first byte is about to leave. The second time since it last failed, it is the last time: it is no
    /// longer due. `asked`: it asks for a confirmation.
    async fn letter_sending(&self, id: i64, at: Timestamp, asked: bool) -> Result<(), StoreError>;
    /// Its last byte had left when the process ended: it was sent when it was being sent.
    async fn letter_left(&self, id: i64) -> Result<(), StoreError>;
    async fn letter_sent(&self, id: i64, at: Timestamp, asked: bool) -> Result<(), StoreError>;
    /// Next attempt at `due`; `None`: given up.
    async fn letter_failed(&self, id: i64, due: Option<Timestamp>) -> Result<(), StoreError>;

    /// How many letters asked this person for a confirmation since then; of one form, where one is named.
    async fn asked_since(&self, person: Uuid, form: Option<&str>, since: Timestamp) -> Result<u32, StoreError>;
    /// Whether the person has shown that the mailbox is theirs: a confirmation or renewal, in any chain that is there.
    async fn has_proved(&self, person: Uuid) -> Result<bool, StoreError>;
    /// Every letter to this person, oldest first.
    async fn letters_of(&self, person: Uuid) -> Result<Vec<Letter>, StoreError>;
}

//! Contacts as operators report them: what was sent to a person, and what the person did.
//! Refuses to know of an opened mail: a picture that was loaded is no act of a person.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::StoreError;

/// Who contacted whom, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactKind {
    /// A message to the person.
    Sent,
    /// An attempt to call the person, answered or not.
    Call,
    /// The person followed a link.
    Click,
    /// The person answered.
    Reply,
    /// The person called.
    CallReceived,
}

impl ContactKind {
    pub const ALL: [Self; 5] = [Self::Sent, Self::Call, Self::Click, Self::Reply, Self::CallReceived];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Call => "call",
            Self::Click => "click",
            Self::Reply => "reply",
            Self::CallReceived => "call-received",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether the person made it, so that retention counts from it.
    pub fn is_by_person(self) -> bool {
        matches!(self, Self::Click | Self::Reply | Self::CallReceived)
    }
}

/// One contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub person: Uuid,
    /// Always there where the operator made the contact.
    pub purpose: Option<String>,
    pub kind: ContactKind,
    pub at: Timestamp,
}

#[async_trait]
pub trait Contacts {
    /// Writes them. One that the person made moves their last contact, and the sweep looks at them next.
    async fn report(&self, contacts: &[Contact]) -> Result<(), StoreError>;
    /// Of one person, from that time on, in their order.
    async fn contacts_of(&self, person: Uuid, since: Timestamp) -> Result<Vec<Contact>, StoreError>;
}

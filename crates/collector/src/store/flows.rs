//! Targets, what each of them was told of whom, and messages on their way with the proof that they arrived.
//! Refuses two messages of one person to one target at once, and another content for an id. Settings and remote ids travel
//! sealed. Read next: `flow/decide.rs`, what is to be told.

use std::{borrow::Cow, fmt, ops::Deref};

use async_trait::async_trait;
use candor_record::digest::Sha256Digest;
use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use super::StoreError;
use crate::{
    flow::adapter::{EndReason, Event},
    values::Sealed,
};

/// A receiver, bound to one purpose and one party.
#[derive(Debug, Clone)]
pub struct TargetRow {
    pub id: Uuid,
    pub kind: String,
    /// What operators call it.
    pub name: String,
    pub purpose: String,
    pub party: String,
    /// As the definition names the party, in each of its languages.
    pub party_names: Vec<String>,
    pub contract: Date,
    pub audited: Option<Date>,
    pub settings: Sealed,
    pub created: Timestamp,
    /// It answered that it wants nothing more.
    pub disabled: Option<Timestamp>,
    /// It takes no more leads, and hears of endings.
    pub closed: Option<Timestamp>,
    pub removed: Option<Timestamp>,
}

/// A target with its numbers, for a list.
#[derive(Debug, Clone)]
pub struct CountedTarget {
    pub target: TargetRow,
    /// People of whom it may hold a lead.
    pub holds: u64,
    pub waiting: u64,
    pub delivered: u64,
    pub dead: u64,
}

/// The last thing that a receiver took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastTold {
    Lead,
    Stop,
    Erase,
}

impl LastTold {
    pub const ALL: [Self; 3] = [Self::Lead, Self::Stop, Self::Erase];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Stop => "stop",
            Self::Erase => "erase",
        }
    }
}

/// What one receiver knows of one person.
#[derive(Clone)]
pub struct SharedRow {
    pub target: Uuid,
    pub person: Uuid,
    pub subject: Uuid,
    pub told: Option<LastTold>,
    /// Of the lead that it took last; `None` once an end began to leave, which may have arrived.
    pub digest: Option<Sha256Digest>,
    /// Nothing is under way that may have arrived.
    pub certain: bool,
    /// A lead began to leave, and no erasure was taken since.
    pub holds: bool,
    pub record: Option<Uuid>,
    pub contract: Option<Date>,
    pub remote: Option<Sealed>,
    pub told_at: Option<Timestamp>,
}

impl fmt::Debug for SharedRow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SharedRow(personal)")
    }
}

/// Somebody of whom receivers may have to hear.
#[derive(Debug, Clone, Copy)]
pub struct DueFlow {
    pub person: Uuid,
    /// What was read; a later change has a greater one.
    pub turn: i64,
    /// Why a lead of theirs went.
    pub gone: Option<EndReason>,
}

/// A message as it was made, without a value of the person.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub id: String,
    pub target: Uuid,
    pub person: Uuid,
    pub event: Event,
    /// Of an end.
    pub reason: Option<EndReason>,
    pub facts: Sha256Digest,
    pub digest: Sha256Digest,
    pub record: Option<Uuid>,
    pub contract: Date,
    pub created: Timestamp,
}

/// A message to be sent.
#[derive(Debug, Clone)]
pub struct NewDelivery {
    pub delivery: Delivery,
    /// Where the receiver does not know the person yet.
    pub subject: Uuid,
    /// How long what was told stays on record after an erasure: ISO 8601 duration.
    pub proof: String,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    Waiting,
    Delivered,
    /// Something else was true before it could be told.
    Superseded,
    /// Given up; it can be replayed.
    Dead,
}

impl DeliveryState {
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Delivered, Self::Superseded, Self::Dead];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Superseded => "superseded",
            Self::Dead => "dead",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// A message with its fate: the proof of delivery.
#[derive(Debug, Clone)]
pub struct DeliveryRow {
    pub delivery: Delivery,
    pub attempts: u32,
    /// The next attempt.
    pub due: Option<Timestamp>,
    /// The last attempt began then.
    pub sending: Option<Timestamp>,
    pub state: DeliveryState,
    /// The last answer's.
    pub status: Option<u16>,
    /// The last failure, in a word.
    pub why: Option<String>,
    pub ended: Option<Timestamp>,
}

impl Deref for DeliveryRow {
    type Target = Delivery;

    fn deref(&self) -> &Delivery {
        &self.delivery
    }
}

/// What a plan for one person changes; refused where the person has changed since they were read.
#[derive(Debug, Clone)]
pub struct FlowPlan {
    pub person: Uuid,
    pub turn: i64,
    /// When to look again; `None`: when something happens.
    pub next: Option<Timestamp>,
    /// Messages that are not true any more.
    pub supersede: Vec<String>,
    pub tell: Vec<NewDelivery>,
    /// Targets that never got anything of a person who is gone.
    pub forget: Vec<Uuid>,
    pub at: Timestamp,
}

/// How an attempt ended, as the store keeps it.
#[derive(Debug, Clone)]
pub struct Attempted {
    pub id: String,
    pub at: Timestamp,
    pub status: Option<u16>,
    pub result: AttemptResult,
    /// Nothing leaves for this target before that; `None`: as before.
    pub pause: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub enum AttemptResult {
    Delivered {
        told: LastTold,
        /// Where the receiver said another one.
        remote: Option<Sealed>,
    },
    Failed {
        why: Cow<'static, str>,
        /// `None`: given up.
        due: Option<Timestamp>,
    },
    /// Something else is true now: another message takes its place.
    Superseded,
    /// The target is disabled, and with it everything that waits for it.
    Gone,
}

/// A sealed value beside those of leads, with the id it is bound to.
#[derive(Debug, Clone)]
pub struct SealedFlow {
    pub kind: SealedKind,
    /// The target, or the subject.
    pub id: Uuid,
    pub sealed: Sealed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealedKind {
    Settings,
    Remote,
}

/// A time in which a person's data were kept and nothing else (Art. 18 GDPR).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restriction {
    pub since: Timestamp,
    pub lifted: Option<Timestamp>,
}

/// Each method is one transaction.
#[async_trait]
pub trait Flows {
    /// Adds a target; everybody who is on record is due.
    async fn add_target(&self, target: &TargetRow) -> Result<(), StoreError>;
    async fn target(&self, id: Uuid) -> Result<Option<TargetRow>, StoreError>;
    /// Those that are not removed, oldest first.
    async fn targets(&self) -> Result<Vec<TargetRow>, StoreError>;
    /// All with their numbers, oldest first; what was removed too.
    async fn targets_counted(&self) -> Result<Vec<CountedTarget>, StoreError>;
    /// Replaces settings that still are what was read; `false` where they are not.
    async fn set_settings(&self, id: Uuid, before: &Sealed, after: &Sealed) -> Result<bool, StoreError>;
    async fn set_audited(&self, id: Uuid, contract: Date, audited: Option<Date>) -> Result<(), StoreError>;
    /// Takes no more leads; `abandon`: nor hears of endings, and is removed at once.
    async fn close_target(&self, id: Uuid, at: Timestamp, abandon: bool) -> Result<(), StoreError>;
    /// Wipes the settings of closed targets that hold nothing and wait for nothing.
    async fn remove_closed(&self, at: Timestamp) -> Result<(), StoreError>;
    /// Enables a target again, and everybody is due where it was disabled; makes its dead letters due, or one of them; how many.
    async fn replay(&self, target: Uuid, id: Option<&str>, at: Timestamp) -> Result<u64, StoreError>;

    /// People of whom receivers may have to hear by then.
    async fn flows_due(&self, at: Timestamp, limit: u32) -> Result<Vec<DueFlow>, StoreError>;
    async fn shared_of(&self, person: Uuid) -> Result<Vec<SharedRow>, StoreError>;
    async fn shared(&self, target: Uuid, person: Uuid) -> Result<Option<SharedRow>, StoreError>;
    /// The newest message to each target about this person.
    async fn newest_deliveries(&self, person: Uuid) -> Result<Vec<DeliveryRow>, StoreError>;
    /// Writes a plan, but for targets that were removed meanwhile; `false` where the person has changed since.
    async fn plan_flows(&self, plan: &FlowPlan) -> Result<bool, StoreError>;
    /// Puts somebody off who cannot be read.
    async fn put_off_flow(&self, person: Uuid, turn: i64, due: Timestamp) -> Result<(), StoreError>;

    /// Messages whose time has come, to targets that take some, but for these targets, and of nobody who has changed;
    /// oldest first.
    async fn deliveries_due(&self, at: Timestamp, limit: u32, except: &[Uuid]) -> Result<Vec<DeliveryRow>, StoreError>;
    async fn delivery(&self, id: &str) -> Result<Option<DeliveryRow>, StoreError>;
    /// The first byte is about to leave; `false` where it does not wait any more, or the person has changed meanwhile.
    async fn delivery_sending(&self, id: &str, at: Timestamp) -> Result<bool, StoreError>;
    async fn delivery_attempted(&self, attempted: &Attempted) -> Result<(), StoreError>;
    /// How many wait, whenever they are due.
    async fn deliveries_waiting(&self) -> Result<u64, StoreError>;
    /// Of one target, newest first, older than that one.
    async fn deliveries_of_target(
        &self,
        target: Uuid,
        state: Option<DeliveryState>,
        before: Option<(Timestamp, String)>,
        limit: u32,
    ) -> Result<Vec<DeliveryRow>, StoreError>;
    /// Of one person, oldest first.
    async fn deliveries_of_person(&self, person: Uuid) -> Result<Vec<DeliveryRow>, StoreError>;
    /// Deletes what is kept of people whose erasure was taken, once its time is over.
    async fn purge_shared(&self, at: Timestamp) -> Result<u64, StoreError>;

    /// Settings and remote ids that are sealed by another key than this.
    async fn flows_not_under(&self, key: u32, limit: u32) -> Result<Vec<SealedFlow>, StoreError>;
    /// Replaces those that still are what was read.
    async fn reseal_flows(&self, rows: &[(SealedFlow, Sealed)]) -> Result<(), StoreError>;

    /// Every time of restriction of a person, oldest first.
    async fn restrictions_of(&self, person: Uuid) -> Result<Vec<Restriction>, StoreError>;
}

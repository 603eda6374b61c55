//! Results of a qualification: one for a person and a purpose, sealed, and what was decided about it.
//! Refuses a result of somebody who has changed since they were read, and a decision about what is no longer there.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Seen, StoreError};
use crate::values::Sealed;

/// Where a result stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has looked at it: it is used for nothing.
    Waiting,
    Validated,
    Rejected,
}

impl Standing {
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Validated, Self::Rejected];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Validated => "validated",
            Self::Rejected => "rejected",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.as_str() == text)
    }
}

/// Rules as they ran.
#[derive(Debug, Clone)]
pub struct RulesRow {
    pub digest: String,
    pub name: String,
    pub json: String,
}

/// A result on its way into the store.
#[derive(Debug, Clone)]
pub struct NewQualification {
    pub id: Uuid,
    pub person: Uuid,
    /// The lead whose values it was made from.
    pub record: Uuid,
    pub purpose: String,
    /// Until when it is allowed, if nothing else happens.
    pub until: Option<Timestamp>,
    pub sealed: Sealed,
    /// What it rests on.
    pub seen: Seen,
}

#[derive(Debug, Clone)]
pub struct StoredQualification {
    pub id: Uuid,
    pub person: Uuid,
    pub record: Uuid,
    pub purpose: String,
    pub rules: String,
    pub made: Timestamp,
    pub sealed: Sealed,
    pub standing: Standing,
    /// When and by whom: a token's id, or `command`.
    pub decided: Option<(Timestamp, String)>,
}

/// What a person decided about results that wait.
#[derive(Debug, Clone)]
pub struct Verdict {
    pub ids: Vec<Uuid>,
    pub standing: Standing,
    pub by: String,
    pub at: Timestamp,
}

/// Of a result that was in doubt and stands: what its permission rests on now.
#[derive(Debug, Clone, Copy)]
pub struct Settled {
    pub id: Uuid,
    /// The newest record of the person that was read.
    pub sequence: i64,
    pub until: Option<Timestamp>,
}

#[async_trait]
pub trait Qualifications {
    /// The JSON of rules that ran.
    async fn rules(&self, digest: &str) -> Result<Option<String>, StoreError>;
    async fn qualification(&self, id: Uuid) -> Result<Option<StoredQualification>, StoreError>;
    /// In the order of their ids, after the one given; of one purpose, or of all.
    async fn qualifications(
        &self,
        purpose: Option<&str>,
        after: Uuid,
        limit: u32,
    ) -> Result<Vec<StoredQualification>, StoreError>;
    async fn qualifications_of(&self, person: Uuid) -> Result<Vec<StoredQualification>, StoreError>;
    /// Those of these people, of one purpose.
    async fn qualifications_among(
        &self,
        people: &[Uuid],
        purpose: &str,
    ) -> Result<Vec<StoredQualification>, StoreError>;
    /// Results that may be over by then, after that one: what their permission rests on has changed since they were made, or
    /// its time is over.
    async fn qualifications_in_doubt(
        &self,
        at: Timestamp,
        after: Uuid,
        limit: u32,
    ) -> Result<Vec<StoredQualification>, StoreError>;
    /// Ends a doubt: these are not looked at again until something else changes.
    async fn settle_qualifications(&self, settled: &[Settled]) -> Result<(), StoreError>;
    /// Writes results in place of those before, with the rules that gave them; returns how many. Whoever has changed since they
    /// were read is left out.
    async fn qualify(&self, rules: &RulesRow, new: &[NewQualification], at: Timestamp) -> Result<u64, StoreError>;
    /// Removes results, and rules that none names any more; returns how many results went. What was freed is overwritten
    /// when the caller scrubs.
    async fn remove_qualifications(&self, ids: &[Uuid]) -> Result<u64, StoreError>;
    /// Decides about all of them, or about none and names one that is gone or was decided before.
    async fn decide_qualifications(&self, verdict: &Verdict) -> Result<Option<Uuid>, StoreError>;
    /// Results sealed by another key than this.
    async fn qualifications_not_under(&self, key: u32, limit: u32) -> Result<Vec<(Uuid, Sealed)>, StoreError>;
    /// Replaces what still is as it was read: `(id, before, after)`.
    async fn reseal_qualifications(&self, sealed: &[(Uuid, Sealed, Sealed)]) -> Result<(), StoreError>;
}

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
    pub rules: String,
    pub made: Timestamp,
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

#[async_trait]
pub trait Qualifications {
    /// Keeps rules that are about to run.
    async fn keep_rules(&self, rules: &RulesRow, at: Timestamp) -> Result<(), StoreError>;
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
    /// Writes a result in place of the one before; `false` where the person has changed since they were read.
    async fn qualify(&self, new: &NewQualification) -> Result<bool, StoreError>;
    /// Removes results, and rules that none names any more; returns how many results went.
    async fn remove_qualifications(&self, ids: &[Uuid]) -> Result<u64, StoreError>;
    /// Decides about all of them or about none: `false` where one is gone or was decided before.
    async fn decide_qualifications(&self, verdict: &Verdict) -> Result<bool, StoreError>;
    /// Results sealed by another key than this.
    async fn qualifications_not_under(&self, key: u32, limit: u32) -> Result<Vec<(Uuid, Sealed)>, StoreError>;
    /// Replaces what still is as it was read: `(id, before, after)`.
    async fn reseal_qualifications(&self, sealed: &[(Uuid, Sealed, Sealed)]) -> Result<(), StoreError>;
}

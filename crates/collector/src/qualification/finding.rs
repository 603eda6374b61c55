//! What the rules found of a lead: the score, what it counts as, and every rule that gave it. Sealed like the values that it was
//! made from, and bound to its own row.
//! Refuses a typed value: a reason names the class that the owner named, never what stood in the field.

use candor_record::id::PurposeId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    clock::Random,
    values::{Bound, Sealed, ValueError, ValueKeys},
};

/// What a lead counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Marketing qualified.
    Mql,
    /// Sales qualified.
    Sql,
}

impl Grade {
    pub const ALL: [Self; 2] = [Self::Mql, Self::Sql];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mql => "mql",
            Self::Sql => "sql",
        }
    }
}

/// A rule that applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub rule: String,
    /// What it looked at: `field role`, `event click`.
    pub about: String,
    /// The class of values, in the owner's words.
    pub class: String,
    pub weight: i32,
}

/// A score that explains itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub purpose: PurposeId,
    /// Digest of the rules.
    pub rules: String,
    pub score: i32,
    pub grade: Grade,
    /// From which score on: `[mql, sql]`.
    pub thresholds: [i32; 2],
    pub reasons: Vec<Reason>,
}

impl std::fmt::Debug for Finding {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Finding(personal)")
    }
}

/// Seals a finding for its row.
pub fn seal(keys: &ValueKeys, random: &dyn Random, row: Uuid, finding: &Finding) -> Result<Sealed, ValueError> {
    let plain = serde_json::to_vec(finding).expect("texts and numbers are JSON");
    keys.seal_bytes(random, Bound::Qualification(row), plain)
}

/// Opens what `seal` sealed for that row.
pub fn open(keys: &ValueKeys, row: Uuid, sealed: &Sealed) -> Result<Finding, ValueError> {
    let plain = keys.unseal_bytes(Bound::Qualification(row), sealed)?;
    serde_json::from_slice(&plain).map_err(|_| ValueError::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemRandomness;

    #[test]
    fn a_finding_opens_in_its_row_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = ValueKeys::open(folder.path(), &SystemRandomness).expect("keys");
        let finding = Finding {
            purpose: "qualify".parse().expect("an id"),
            rules: "sha256-x".into(),
            score: 40,
            grade: Grade::Sql,
            thresholds: [20, 40],
            reasons: Vec::new(),
        };
        let (row, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sealed = seal(&keys, &SystemRandomness, row, &finding).expect("sealed");
        assert!(!String::from_utf8_lossy(&sealed.bytes).contains("qualify"));
        assert!(open(&keys, row, &sealed) == Ok(finding));
        assert_eq!(open(&keys, other, &sealed), Err(ValueError::Unreadable));
    }
}

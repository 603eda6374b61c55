//! What the owner's rules made of a person, with the reasons (GDPR Art. 15(1)(h)). Refuses to name who decided about it.

use candor_record::time::Timestamp as RecordTime;
use serde::Serialize;

use crate::{
    ingest::record_time,
    qualification::{Listed, Reason},
};

/// A result of the owner's rules. Who decided about it is for the controller to answer for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QualificationRow {
    pub purpose: String,
    pub grade: &'static str,
    pub score: i32,
    /// From which score on: mql, sql.
    pub thresholds: [i32; 2],
    pub reasons: Vec<Reason>,
    /// Digest of the rules.
    pub rules: String,
    pub made: RecordTime,
    /// `waiting`: nobody has looked at it, and it is used for nothing.
    pub state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided: Option<RecordTime>,
}

impl QualificationRow {
    pub(super) fn of(Listed { row, finding }: Listed) -> Self {
        Self {
            purpose: row.purpose,
            grade: finding.grade.as_str(),
            score: finding.score,
            thresholds: finding.thresholds,
            reasons: finding.reasons,
            rules: finding.rules,
            made: record_time(row.made),
            state: row.standing.as_str(),
            decided: row.decided.map(|(at, _)| record_time(at)),
        }
    }
}

//! Columns and what they stand for: milliseconds, ids, lists.
//! Refuses what this release would not have written.

use jiff::Timestamp;
use uuid::Uuid;

use crate::store::StoreError;

pub(super) fn milliseconds(at: Timestamp) -> i64 {
    at.as_millisecond()
}

pub(super) fn timestamp(milliseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(milliseconds).map_err(|_| StoreError("a time out of range".into()))
}

pub(super) fn uuid(text: &str) -> Result<Uuid, StoreError> {
    Uuid::parse_str(text).map_err(|_| StoreError("an id that is none".into()))
}

pub(super) fn json_list(list: &[String]) -> String {
    serde_json::to_string(list).expect("a list of texts is JSON")
}

pub(super) fn list(json: &str) -> Result<Vec<String>, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError("a list that is none".into()))
}

/// For `unhex`: lists of byte strings travel as JSON.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

//! Records as they were sealed: every event, in the order of receipt, with its receipt.
//! Refuses what an erasure has sealed, unless it is asked for by the role that may read it.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    app::App,
    http::error::ApiError,
    store::records::{ExportedRecord, RecordFilter},
};

/// Records read at once.
pub const PAGE: u32 = 200;

/// The next records, and after which one the page thereafter begins.
pub async fn page(
    app: &App,
    filter: &RecordFilter,
    after: i64,
    limit: u32,
) -> Result<(Vec<Value>, Option<i64>), ApiError> {
    let (records, next) = stored(app, filter, after, limit).await?;
    let records = records.iter().map(said).collect::<Result<Vec<_>, _>>()?;
    Ok((records, next))
}

/// The same, as they are stored.
pub async fn stored(
    app: &App,
    filter: &RecordFilter,
    after: i64,
    limit: u32,
) -> Result<(Vec<ExportedRecord>, Option<i64>), ApiError> {
    let records = app.store.records_after(filter, after, limit).await?;
    let next = records.last().map(|last| last.record.sequence);
    let next = next.filter(|_| u32::try_from(records.len()) == Ok(limit));
    Ok((records, next))
}

/// What the collector says of a record, with its receipt.
pub fn said(exported: &ExportedRecord) -> Result<Value, ApiError> {
    let time = |at: Timestamp| format!("{at:.3}");
    let record = &exported.record;
    let receipt: Value = serde_json::from_str(&record.receipt).map_err(|_| ApiError::Internal)?;
    let mut said = json!({
        "id": record.id,
        "chain": record.chain,
        "event": record.event,
        "form": exported.form,
        "received": time(record.received),
        "receipt": receipt,
    });
    if let Some(until) = exported.sealed_until {
        said["sealedUntil"] = json!(time(until));
    }
    Ok(said)
}

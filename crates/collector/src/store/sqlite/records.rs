//! Records across people in SQLite.

use async_trait::async_trait;
use sqlx::{Row, sqlite::SqliteRow};

use super::{
    SqliteStore,
    column::{milliseconds, timestamp},
    events::stored_record,
};
use crate::store::{
    StoreError,
    records::{ExportedRecord, RecordFilter, Records},
};

/// By the primary key, so that a page costs what it holds.
const AFTER: &str = "
    SELECT records.*, sealed.delete_ms FROM records LEFT JOIN sealed ON sealed.chain = records.chain
    WHERE sequence > ?1 AND (?2 OR sealed.chain IS NULL) AND (?3 IS NULL OR form = ?3)
    AND received_ms >= ?4 AND received_ms < ?5 ORDER BY sequence LIMIT ?6";

#[async_trait]
impl Records for SqliteStore {
    async fn records_after(
        &self,
        filter: &RecordFilter,
        after: i64,
        limit: u32,
    ) -> Result<Vec<ExportedRecord>, StoreError> {
        let rows = sqlx::query(AFTER)
            .bind(after)
            .bind(filter.sealed)
            .bind(&filter.form)
            .bind(filter.from.map_or(i64::MIN, milliseconds))
            .bind(filter.to.map_or(i64::MAX, milliseconds))
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(exported).collect()
    }
}

fn exported(row: &SqliteRow) -> Result<ExportedRecord, StoreError> {
    Ok(ExportedRecord {
        record: stored_record(row)?,
        form: row.try_get("form")?,
        sealed_until: row.try_get::<Option<i64>, _>("delete_ms")?.map(timestamp).transpose()?,
    })
}

//! Records in their chains, append-only.
//! Refuses an event whose chain has grown since it was read (`Appended::Moved`).

use async_trait::async_trait;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    column::{milliseconds, timestamp, uuid},
    writer::Write,
};
use crate::store::{Appended, NewRecord, StoreError, StoredRecord};

#[async_trait]
impl Write for NewRecord {
    type Answer = Appended;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<Appended, StoreError> {
        let last: Option<String> =
            sqlx::query_scalar("SELECT id FROM records WHERE chain = ?1 ORDER BY sequence DESC LIMIT 1")
                .bind(self.chain.to_string())
                .fetch_optional(&mut *connection)
                .await?;
        if last != self.replaces.map(|id| id.to_string()) {
            return Ok(Appended::Moved);
        }
        insert_record(connection, self).await?;
        Ok(Appended::New)
    }
}

pub(super) async fn chain(store: &SqliteStore, chain: Uuid) -> Result<Vec<StoredRecord>, StoreError> {
    let rows = sqlx::query("SELECT * FROM records WHERE chain = ?1 ORDER BY sequence")
        .bind(chain.to_string())
        .fetch_all(&store.readers)
        .await?;
    rows.iter().map(stored_record).collect()
}

pub(super) async fn insert_record(connection: &mut SqliteConnection, record: &NewRecord) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO records (id, chain, replaces, event, form, version, payload_digest, receipt, received_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )
    .bind(record.id.to_string())
    .bind(record.chain.to_string())
    .bind(record.replaces.map(|id| id.to_string()))
    .bind(&record.event)
    .bind(&record.form)
    .bind(&record.version)
    .bind(&record.payload_digest)
    .bind(&record.receipt)
    .bind(milliseconds(record.received))
    .execute(connection)
    .await
    .map(drop)
}

pub(super) fn stored_record(row: &SqliteRow) -> Result<StoredRecord, StoreError> {
    Ok(StoredRecord {
        id: uuid(row.try_get("id")?)?,
        chain: uuid(row.try_get("chain")?)?,
        event: row.try_get("event")?,
        payload_digest: row.try_get("payload_digest")?,
        receipt: row.try_get("receipt")?,
        received: timestamp(row.try_get("received_ms")?)?,
    })
}

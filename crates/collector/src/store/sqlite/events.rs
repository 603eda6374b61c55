//! Records in their chains, append-only.
//! Refuses (by `extends`) an event whose chain has grown since it was read.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    column::{milliseconds, timestamp, uuid},
};
use crate::store::{NewRecord, StoreError, StoredRecord};

/// Whether the event extends its chain as that stands now.
pub(super) async fn extends(connection: &mut SqliteConnection, event: &NewRecord) -> Result<bool, StoreError> {
    let last: Option<String> =
        sqlx::query_scalar("SELECT id FROM records WHERE chain = ?1 ORDER BY sequence DESC LIMIT 1")
            .bind(event.chain.to_string())
            .fetch_optional(connection)
            .await?;
    Ok(last == event.replaces.map(|id| id.to_string()))
}

pub(super) async fn of_person(store: &SqliteStore, person: Uuid) -> Result<Vec<StoredRecord>, StoreError> {
    let rows = sqlx::query(OF_PERSON)
        .bind(person.to_string())
        .fetch_all(&store.readers)
        .await?;
    rows.iter().map(stored_record).collect()
}

/// `CROSS JOIN` keeps the order of the loops: from the person to the records, never the other way round.
const OF_PERSON: &str = "
    SELECT records.* FROM leads CROSS JOIN records ON records.chain = leads.record
    WHERE leads.person = ?1 ORDER BY records.sequence";

pub(super) async fn find(store: &SqliteStore, id: Uuid) -> Result<Option<StoredRecord>, StoreError> {
    let row = sqlx::query("SELECT * FROM records WHERE id = ?1")
        .bind(id.to_string())
        .fetch_optional(&store.readers)
        .await?;
    row.as_ref().map(stored_record).transpose()
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
        sequence: row.try_get("sequence")?,
        id: uuid(row.try_get("id")?)?,
        chain: uuid(row.try_get("chain")?)?,
        event: row.try_get("event")?,
        payload_digest: row.try_get("payload_digest")?,
        receipt: row.try_get("receipt")?,
        received: timestamp(row.try_get("received_ms")?)?,
    })
}

//! Letters that are still to be sent, and what became of them.

use jiff::Timestamp;
use sqlx::{Connection, Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    column::{milliseconds, uuid},
};
use crate::store::{Letter, MailKind, StoreError};

pub(super) async fn queue(
    store: &SqliteStore,
    kind: MailKind,
    record: Uuid,
    at: Timestamp,
    unless_since: Timestamp,
) -> Result<bool, StoreError> {
    let mut writer = store.writer.acquire().await?;
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
    let recent: i64 =
        sqlx::query_scalar("SELECT count(*) FROM outbox WHERE record = ?1 AND kind = ?2 AND created_ms > ?3")
            .bind(record.to_string())
            .bind(kind.as_str())
            .bind(milliseconds(unless_since))
            .fetch_one(&mut *transaction)
            .await?;
    if recent > 0 {
        return Ok(false);
    }
    insert_letter(&mut transaction, kind, record, at).await?;
    transaction.commit().await?;
    Ok(true)
}

pub(super) async fn due(store: &SqliteStore, at: Timestamp, limit: u32) -> Result<Vec<Letter>, StoreError> {
    let rows =
        sqlx::query("SELECT id, kind, record, attempts FROM outbox WHERE due_ms <= ?1 ORDER BY due_ms, id LIMIT ?2")
            .bind(milliseconds(at))
            .bind(i64::from(limit))
            .fetch_all(&store.readers)
            .await?;
    let letter = |row: &SqliteRow| {
        Ok(Letter {
            id: row.try_get("id")?,
            kind: MailKind::parse(row.try_get("kind")?)
                .ok_or_else(|| StoreError("an unknown kind of letter".into()))?,
            record: uuid(row.try_get("record")?)?,
            attempts: row.try_get("attempts")?,
        })
    };
    rows.iter().map(letter).collect()
}

pub(super) async fn sent(store: &SqliteStore, id: i64, at: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE outbox SET due_ms = NULL, sent_ms = ?2 WHERE id = ?1")
        .bind(id)
        .bind(milliseconds(at))
        .execute(&store.writer)
        .await?;
    Ok(())
}

pub(super) async fn failed(store: &SqliteStore, id: i64, due: Option<Timestamp>) -> Result<(), StoreError> {
    sqlx::query("UPDATE outbox SET due_ms = ?2, attempts = attempts + 1 WHERE id = ?1")
        .bind(id)
        .bind(due.map(milliseconds))
        .execute(&store.writer)
        .await?;
    Ok(())
}

pub(super) async fn insert_letter(
    connection: &mut SqliteConnection,
    kind: MailKind,
    record: Uuid,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO outbox (kind, record, created_ms, due_ms) VALUES (?1, ?2, ?3, ?3)")
        .bind(kind.as_str())
        .bind(record.to_string())
        .bind(milliseconds(at))
        .execute(connection)
        .await
        .map(drop)
}

//! Letters that are still to be sent, and what became of them.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    column::{milliseconds, uuid},
    writer::Write,
};
use crate::store::{Letter, MailKind, StoreError};

/// A letter, unless the same one was queued lately.
pub(super) struct Queued {
    pub(super) kind: MailKind,
    pub(super) record: Uuid,
    pub(super) at: Timestamp,
    pub(super) unless_since: Timestamp,
}

#[async_trait]
impl Write for Queued {
    type Answer = bool;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<bool, StoreError> {
        let recent: i64 =
            sqlx::query_scalar("SELECT count(*) FROM outbox WHERE record = ?1 AND kind = ?2 AND created_ms > ?3")
                .bind(self.record.to_string())
                .bind(self.kind.as_str())
                .bind(milliseconds(self.unless_since))
                .fetch_one(&mut *connection)
                .await?;
        if recent > 0 {
            return Ok(false);
        }
        insert_letter(connection, self.kind, self.record, self.at).await?;
        Ok(true)
    }
}

/// What became of a letter.
pub(super) enum Tried {
    Sent {
        id: i64,
        at: Timestamp,
    },
    /// Next attempt at `due`; `None`: given up.
    Failed {
        id: i64,
        due: Option<Timestamp>,
    },
}

#[async_trait]
impl Write for Tried {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let query = match self {
            Self::Sent { id, at } => sqlx::query("UPDATE outbox SET due_ms = NULL, sent_ms = ?2 WHERE id = ?1")
                .bind(id)
                .bind(milliseconds(*at)),
            Self::Failed { id, due } => {
                sqlx::query("UPDATE outbox SET due_ms = ?2, attempts = attempts + 1 WHERE id = ?1")
                    .bind(id)
                    .bind(due.map(milliseconds))
            }
        };
        query.execute(connection).await?;
        Ok(())
    }
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

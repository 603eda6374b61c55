//! Links that were issued. A counter that has no row opens nothing.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    column::{milliseconds, timestamp, uuid},
    writer::Write,
};
use crate::{
    links::{LinkKind, LinkTarget},
    store::{NewLink, StoreError, StoredLink},
};

pub(super) async fn find(store: &SqliteStore, target: LinkTarget) -> Result<Option<StoredLink>, StoreError> {
    let row = sqlx::query("SELECT * FROM links WHERE kind = ?1 AND record = ?2 AND counter = ?3")
        .bind(target.kind.as_str())
        .bind(target.record.to_string())
        .bind(i64::from(target.counter))
        .fetch_optional(&store.readers)
        .await?;
    row.as_ref().map(|row| stored_link(target.kind, row)).transpose()
}

pub(super) async fn newest(
    store: &SqliteStore,
    kind: LinkKind,
    record: Uuid,
) -> Result<Option<StoredLink>, StoreError> {
    let row = sqlx::query("SELECT * FROM links WHERE kind = ?1 AND record = ?2 ORDER BY counter DESC LIMIT 1")
        .bind(kind.as_str())
        .bind(record.to_string())
        .fetch_optional(&store.readers)
        .await?;
    row.as_ref().map(|row| stored_link(kind, row)).transpose()
}

/// The next link of a kind for a record.
pub(super) struct Renewal {
    pub(super) link: NewLink,
    pub(super) record: Uuid,
    pub(super) issued: Timestamp,
}

#[async_trait]
impl Write for Renewal {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let next: i64 =
            sqlx::query_scalar("SELECT coalesce(max(counter) + 1, 0) FROM links WHERE kind = ?1 AND record = ?2")
                .bind(self.link.kind.as_str())
                .bind(self.record.to_string())
                .fetch_one(&mut *connection)
                .await?;
        let counter = u32::try_from(next).map_err(|_| StoreError("a counter out of range".into()))?;
        Ok(insert_link(connection, self.record, counter, self.link, self.issued).await?)
    }
}

pub(super) async fn insert_link(
    connection: &mut SqliteConnection,
    record: Uuid,
    counter: u32,
    link: NewLink,
    issued: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO links (kind, record, counter, issued_ms, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5)")
        .bind(link.kind.as_str())
        .bind(record.to_string())
        .bind(i64::from(counter))
        .bind(milliseconds(issued))
        .bind(link.expires.map(milliseconds))
        .execute(connection)
        .await
        .map(drop)
}

fn stored_link(kind: LinkKind, row: &SqliteRow) -> Result<StoredLink, StoreError> {
    let counter: i64 = row.try_get("counter")?;
    let expires: Option<i64> = row.try_get("expires_ms")?;
    Ok(StoredLink {
        target: LinkTarget {
            kind,
            record: uuid(row.try_get("record")?)?,
            counter: u32::try_from(counter).map_err(|_| StoreError("a counter out of range".into()))?,
        },
        issued: timestamp(row.try_get("issued_ms")?)?,
        expires: expires.map(timestamp).transpose()?,
    })
}

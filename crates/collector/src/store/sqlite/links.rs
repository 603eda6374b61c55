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
    store::{StoreError, StoredLink},
};

pub(super) async fn find(store: &SqliteStore, target: LinkTarget) -> Result<Option<StoredLink>, StoreError> {
    let row = sqlx::query("SELECT * FROM links WHERE kind = ?1 AND subject = ?2 AND counter = ?3")
        .bind(target.kind.as_str())
        .bind(target.subject.to_string())
        .bind(i64::from(target.counter))
        .fetch_optional(&store.readers)
        .await?;
    row.as_ref().map(|row| stored_link(target.kind, row)).transpose()
}

pub(super) async fn newest(
    store: &SqliteStore,
    kind: LinkKind,
    subject: Uuid,
) -> Result<Option<StoredLink>, StoreError> {
    let row = sqlx::query("SELECT * FROM links WHERE kind = ?1 AND subject = ?2 ORDER BY counter DESC LIMIT 1")
        .bind(kind.as_str())
        .bind(subject.to_string())
        .fetch_optional(&store.readers)
        .await?;
    row.as_ref().map(|row| stored_link(kind, row)).transpose()
}

/// The next link of a kind for a record or person.
pub(super) struct Renewal {
    pub(super) kind: LinkKind,
    pub(super) subject: Uuid,
    pub(super) issued: Timestamp,
    pub(super) expires: Option<Timestamp>,
}

#[async_trait]
impl Write for Renewal {
    type Answer = StoredLink;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<StoredLink, StoreError> {
        let row = sqlx::query(NEXT)
            .bind(self.kind.as_str())
            .bind(self.subject.to_string())
            .bind(milliseconds(self.issued))
            .bind(self.expires.map(milliseconds))
            .fetch_one(connection)
            .await?;
        stored_link(self.kind, &row)
    }
}

const NEXT: &str = "
    INSERT INTO links (kind, subject, counter, issued_ms, expires_ms)
    SELECT ?1, ?2, coalesce(max(counter) + 1, 0), ?3, ?4 FROM links WHERE kind = ?1 AND subject = ?2
    RETURNING *";

fn stored_link(kind: LinkKind, row: &SqliteRow) -> Result<StoredLink, StoreError> {
    let counter: i64 = row.try_get("counter")?;
    let expires: Option<i64> = row.try_get("expires_ms")?;
    Ok(StoredLink {
        target: LinkTarget {
            kind,
            subject: uuid(row.try_get("subject")?)?,
            counter: u32::try_from(counter).map_err(|_| StoreError("a counter out of range".into()))?,
        },
        issued: timestamp(row.try_get("issued_ms")?)?,
        expires: expires.map(timestamp).transpose()?,
    })
}

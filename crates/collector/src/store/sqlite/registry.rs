//! The definitions in force at a time, from the table `forms`.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::Row;

use super::{
    SqliteStore,
    column::{milliseconds, timestamp},
};
use crate::store::{
    StoreError,
    registry::{PublishedDefinition, Registry},
};

#[async_trait]
impl Registry for SqliteStore {
    async fn in_force(&self, at: Timestamp) -> Result<Vec<PublishedDefinition>, StoreError> {
        // Of two published in the same millisecond the one written last is the newer.
        let rows = sqlx::query(
            "SELECT form, version, definition, published_ms FROM (
                 SELECT *, row_number() OVER (PARTITION BY form ORDER BY published_ms DESC, rowid DESC) AS place
                 FROM forms WHERE published_ms <= ?1
             ) WHERE place = 1 ORDER BY form",
        )
        .bind(milliseconds(at))
        .fetch_all(&self.readers)
        .await?;
        let read = |row: &sqlx::sqlite::SqliteRow| {
            Ok(PublishedDefinition {
                form: row.try_get("form")?,
                version: row.try_get("version")?,
                definition: row.try_get("definition")?,
                published: timestamp(row.try_get("published_ms")?)?,
            })
        };
        rows.iter().map(read).collect()
    }

    async fn definitions(&self) -> Result<Vec<String>, StoreError> {
        let query = "SELECT definition FROM forms ORDER BY published_ms, rowid";
        Ok(sqlx::query_scalar(query).fetch_all(&self.readers).await?)
    }
}

//! Renderings of notices, from the table `notices`, and the order in which versions came into force.

use async_trait::async_trait;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::SqliteStore;
use crate::store::{
    StoreError,
    notices::{NoticeRow, Notices},
};

/// Of several renderings of a version in a language the one written last.
const NEWEST: &str = "
    SELECT * FROM notices WHERE sequence IN (
        SELECT max(sequence) FROM notices WHERE form = ?1 AND version = ?2 GROUP BY language)
    ORDER BY language";

/// Writes a rendering with its release; the same bytes are there once.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    notice: &NoticeRow,
    at_ms: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO notices (digest, form, version, language, html, published_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO NOTHING",
    )
    .bind(&notice.digest)
    .bind(&notice.form)
    .bind(&notice.version)
    .bind(&notice.language)
    .bind(&notice.html)
    .bind(at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

fn row(row: &SqliteRow) -> Result<NoticeRow, StoreError> {
    Ok(NoticeRow {
        digest: row.try_get("digest")?,
        form: row.try_get("form")?,
        version: row.try_get("version")?,
        language: row.try_get("language")?,
        html: row.try_get("html")?,
    })
}

#[async_trait]
impl Notices for SqliteStore {
    async fn notice(&self, digest: &str) -> Result<Option<NoticeRow>, StoreError> {
        let found = sqlx::query("SELECT * FROM notices WHERE digest = ?1")
            .bind(digest)
            .fetch_optional(&self.readers)
            .await?;
        found.as_ref().map(row).transpose()
    }

    async fn notices_of(&self, form: &str, version: &str) -> Result<Vec<NoticeRow>, StoreError> {
        let rows = sqlx::query(NEWEST)
            .bind(form)
            .bind(version)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(row).collect()
    }

    async fn history(&self, form: &str) -> Result<Vec<String>, StoreError> {
        let query = "SELECT version FROM publications WHERE form = ?1 ORDER BY sequence";
        Ok(sqlx::query_scalar(query).bind(form).fetch_all(&self.readers).await?)
    }
}

//! Definitions and compiled forms, kept for ever, and the meaning of each purpose id.
//! Refuses a purpose id that another meaning has taken; nothing of that release is stored then.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{SqliteStore, column::milliseconds, writer::Write};
use crate::store::{CompiledRow, Published, PurposeRow, Release, StoreError};

/// A release and when it was published.
pub(super) struct Publication {
    pub(super) release: Release,
    pub(super) at: Timestamp,
}

#[async_trait]
impl Write for Publication {
    type Answer = Published;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<Published, StoreError> {
        let Self { release, at } = self;
        let at = milliseconds(*at);
        let mut fresh = Vec::new();
        for wanted in &release.purposes {
            match purpose(connection, &wanted.purpose).await? {
                None => fresh.push(wanted),
                Some(published) if published == *wanted => {}
                Some(published) => {
                    let (published, wanted) = (Box::new(published), Box::new(wanted.clone()));
                    return Ok(Published::PurposeTaken { published, wanted });
                }
            }
        }
        for purpose in fresh {
            sqlx::query("INSERT INTO purposes VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
                .bind(&purpose.purpose)
                .bind(&purpose.basis)
                .bind(&purpose.kind)
                .bind(&purpose.channel)
                .bind(&purpose.controller)
                .bind(at)
                .execute(&mut *connection)
                .await?;
        }
        sqlx::query("INSERT INTO forms VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")
            .bind(&release.form)
            .bind(&release.version)
            .bind(&release.definition)
            .bind(at)
            .execute(&mut *connection)
            .await?;
        sqlx::query(
            "INSERT INTO publications (form, version, at_ms) SELECT ?1, ?2, ?3
             WHERE ?2 IS NOT (SELECT version FROM publications WHERE form = ?1 ORDER BY sequence DESC LIMIT 1)",
        )
        .bind(&release.form)
        .bind(&release.version)
        .bind(at)
        .execute(&mut *connection)
        .await?;
        for compiled in &release.compiled {
            sqlx::query(
                "INSERT INTO compiled (digest, form, version, language, json, published_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO NOTHING",
            )
            .bind(&compiled.digest)
            .bind(&compiled.form)
            .bind(&compiled.version)
            .bind(&compiled.language)
            .bind(&compiled.json)
            .bind(at)
            .execute(&mut *connection)
            .await?;
        }
        for exception in &release.exceptions {
            sqlx::query("INSERT INTO exceptions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING")
                .bind(&release.form)
                .bind(&release.version)
                .bind(&exception.rule)
                .bind(&exception.pointer)
                .bind(&exception.message)
                .bind(&exception.source)
                .bind(at)
                .execute(&mut *connection)
                .await?;
        }
        for notice in &release.notices {
            super::notices::insert(connection, notice, at).await?;
        }
        Ok(Published::Done)
    }
}

/// The meaning that a purpose id has.
async fn purpose(connection: &mut SqliteConnection, id: &str) -> Result<Option<PurposeRow>, StoreError> {
    let row = sqlx::query("SELECT * FROM purposes WHERE purpose = ?1")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        Ok(PurposeRow {
            purpose: row.try_get("purpose")?,
            basis: row.try_get("basis")?,
            kind: row.try_get("kind")?,
            channel: row.try_get("channel")?,
            controller: row.try_get("controller")?,
        })
    })
    .transpose()
}

pub(super) async fn compiled(store: &SqliteStore, digest: &str) -> Result<Option<CompiledRow>, StoreError> {
    let row = sqlx::query("SELECT * FROM compiled WHERE digest = ?1")
        .bind(digest)
        .fetch_optional(&store.readers)
        .await?;
    row.as_ref().map(compiled_row).transpose()
}

pub(super) async fn compiled_of(
    store: &SqliteStore,
    form: &str,
    version: &str,
    language: &str,
) -> Result<Vec<CompiledRow>, StoreError> {
    let rows =
        sqlx::query("SELECT * FROM compiled WHERE form = ?1 AND version = ?2 AND language = ?3 ORDER BY sequence DESC")
            .bind(form)
            .bind(version)
            .bind(language)
            .fetch_all(&store.readers)
            .await?;
    rows.iter().map(compiled_row).collect()
}

pub(super) async fn definition(store: &SqliteStore, form: &str, version: &str) -> Result<Option<String>, StoreError> {
    Ok(
        sqlx::query_scalar("SELECT definition FROM forms WHERE form = ?1 AND version = ?2")
            .bind(form)
            .bind(version)
            .fetch_optional(&store.readers)
            .await?,
    )
}

fn compiled_row(row: &SqliteRow) -> Result<CompiledRow, StoreError> {
    Ok(CompiledRow {
        digest: row.try_get("digest")?,
        form: row.try_get("form")?,
        version: row.try_get("version")?,
        language: row.try_get("language")?,
        json: row.try_get("json")?,
    })
}

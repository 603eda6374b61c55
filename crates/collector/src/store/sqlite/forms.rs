//! Definitions and compiled forms, kept for ever, and the meaning of each purpose id.
//! Refuses a purpose id that another meaning has taken; nothing of that release is stored then.

use jiff::Timestamp;
use sqlx::{Connection, Row, sqlite::SqliteRow};

use super::{SqliteStore, column::milliseconds};
use crate::store::{CompiledRow, Published, PurposeRow, Release, StoreError};

pub(super) async fn publish(store: &SqliteStore, release: &Release, at: Timestamp) -> Result<Published, StoreError> {
    let mut writer = store.writer.acquire().await?;
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
    for wanted in &release.purposes {
        let row = sqlx::query("SELECT * FROM purposes WHERE purpose = ?1")
            .bind(&wanted.purpose)
            .fetch_optional(&mut *transaction)
            .await?;
        if let Some(row) = row {
            let published = PurposeRow {
                purpose: row.try_get("purpose")?,
                basis: row.try_get("basis")?,
                kind: row.try_get("kind")?,
                channel: row.try_get("channel")?,
                controller: row.try_get("controller")?,
            };
            if published != *wanted {
                let (published, wanted) = (Box::new(published), Box::new(wanted.clone()));
                return Ok(Published::PurposeTaken { published, wanted });
            }
            continue;
        }
        sqlx::query("INSERT INTO purposes VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            .bind(&wanted.purpose)
            .bind(&wanted.basis)
            .bind(&wanted.kind)
            .bind(&wanted.channel)
            .bind(&wanted.controller)
            .bind(milliseconds(at))
            .execute(&mut *transaction)
            .await?;
    }
    sqlx::query("INSERT INTO forms VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")
        .bind(&release.form)
        .bind(&release.version)
        .bind(&release.definition)
        .bind(milliseconds(at))
        .execute(&mut *transaction)
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
        .bind(milliseconds(at))
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    Ok(Published::Done)
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

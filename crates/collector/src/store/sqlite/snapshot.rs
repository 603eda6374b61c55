//! A copy of the database as it stands at one moment, and the check of such a copy. Both work beside a running server.
//! Refuses a copy that SQLite itself finds damaged.

use std::{path::Path, time::Duration};

use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::store::StoreError;

/// Writes the database into a file that is not there yet; one read transaction, so nothing is half in it.
pub async fn snapshot(database: &Path, copy: &Path) -> Result<(), StoreError> {
    let Some(copy) = copy.to_str() else {
        return Err(StoreError("the path of a backup is UTF-8".into()));
    };
    let options = SqliteConnectOptions::new()
        .filename(database)
        .create_if_missing(false)
        .busy_timeout(Duration::from_secs(30));
    let mut connection = SqliteConnection::connect_with(&options).await?;
    sqlx::query("VACUUM INTO ?1")
        .bind(copy)
        .execute(&mut connection)
        .await?;
    Ok(connection.close().await?)
}

/// Reads all of a database that nobody uses.
pub async fn check_integrity(database: &Path) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(database)
        .read_only(true)
        .immutable(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let findings: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_all(&mut connection)
        .await?;
    let strangers = sqlx::query("PRAGMA foreign_key_check")
        .fetch_all(&mut connection)
        .await?;
    connection.close().await?;
    if findings != ["ok"] || !strangers.is_empty() {
        return Err(StoreError(
            "the database is damaged: integrity_check does not say ok".into(),
        ));
    }
    Ok(())
}

//! Opening the file: options of each connection, schema, and the check of what durability rests on.
//! Refuses to open where WAL, `synchronous=FULL` or `secure_delete=ON` does not hold.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, time::Duration};

use sqlx::{
    SqlitePool,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{SqliteStore, writer::Writer};
use crate::store::StoreError;

/// Readers at once; they never wait for the writer in WAL mode.
const READERS: u32 = 4;

static SCHEMA: Migrator = sqlx::migrate!("./migrations/sqlite");

impl SqliteStore {
    /// Opens or makes the file, brings its schema up to date and checks what durability rests on.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = options(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("secure_delete", "ON");
        let writer = pool(1).connect_with(options.clone()).await?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(|error| StoreError(error.to_string()))?;
        SCHEMA
            .run(&writer)
            .await
            .map_err(|error| StoreError(schema_error(path, &error)))?;
        let readers = pool(READERS).connect_with(options).await?;
        check_durability(&writer).await?;
        Ok(Self {
            writer: Writer::start(writer),
            readers,
        })
    }

    /// Opens the file as it is, to read only: a write fails. Nothing brings its schema up to date, so another one is refused.
    pub async fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        let options = options(path).read_only(true);
        let readers = pool(READERS).connect_with(options.clone()).await?;
        check_schema(path, &readers).await?;
        Ok(Self {
            writer: Writer::start(pool(1).connect_with(options).await?),
            readers,
        })
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("trusted_schema", "OFF")
        .statement_cache_capacity(200)
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(None)
        .max_lifetime(None)
}

/// Whether the schema is this release's.
async fn check_schema(path: &Path, readers: &SqlitePool) -> Result<(), StoreError> {
    let applied: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
        .fetch_one(readers)
        .await?;
    let newest = SCHEMA.iter().map(|migration| migration.version).max();
    match applied {
        _ if applied == newest => Ok(()),
        Some(later) if applied > newest => Err(StoreError(schema_error(path, &MigrateError::VersionMissing(later)))),
        _ => Err(StoreError(format!(
            "the database {} has schema {} of an earlier release, this one has {}, and a rehearsal writes nothing: \
             start `candor serve` of this release first, or rehearse on a copy of the folder that it was started on",
            path.display(),
            applied.unwrap_or_default(),
            newest.unwrap_or_default(),
        ))),
    }
}

/// Which database, why, and what to do: whoever has several folders reads which of them is meant.
fn schema_error(path: &Path, error: &MigrateError) -> String {
    let path = path.display();
    match error {
        MigrateError::VersionMismatch(_) => format!(
            "the database {path} was made by a build that was never released, with another schema: \
             move its folder away and start with an empty one, or name another one with `--data`"
        ),
        MigrateError::VersionMissing(version) => format!(
            "the database {path} has schema {version}, of a later release: use that release, or restore a backup that \
             was made before it with `candor restore`"
        ),
        error => format!(
            "the schema of the database {path} could not be brought up to date ({error}): see that its folder can be \
             written and has room, or restore a backup with `candor restore`"
        ),
    }
}

async fn check_durability(writer: &SqlitePool) -> Result<(), StoreError> {
    let mut writer = writer.acquire().await?;
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut *writer)
        .await?;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut *writer).await?;
    let secure_delete: i64 = sqlx::query_scalar("PRAGMA secure_delete")
        .fetch_one(&mut *writer)
        .await?;
    if journal != "wal" || synchronous != 2 || secure_delete != 1 {
        return Err(StoreError(format!(
            "SQLite runs with journal_mode={journal} synchronous={synchronous} secure_delete={secure_delete}; wal, 2 and 1 are needed"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

    use super::*;

    /// A database of this release, and then something else.
    async fn changed(change: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("candor.sqlite");
        crate::store::Store::close(&SqliteStore::open(&path).await.expect("made")).await;
        let mut connection = SqliteConnection::connect_with(&options(&path)).await.expect("connects");
        sqlx::query(AssertSqlSafe(change))
            .execute(&mut connection)
            .await
            .expect("changed");
        connection.close().await.expect("closed");
        (folder, path)
    }

    #[tokio::test]
    async fn what_is_only_read_has_the_schema_of_this_release() {
        let check = async |change: &str, expected: Option<&str>| {
            let (_folder, path) = changed(change).await;
            let refused = SqliteStore::open_read_only(&path)
                .await
                .err()
                .map(|error| error.to_string());
            match expected {
                None => assert_eq!(refused, None, "{change}"),
                Some(words) => {
                    let refused = refused.unwrap_or_else(|| panic!("{change}: it opens"));
                    let named = path.display().to_string();
                    assert!(
                        refused.contains(words) && refused.contains(&named),
                        "{change}: {refused}"
                    );
                }
            }
        };
        check("SELECT 1", None).await;
        check(
            "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)",
            Some("start `candor serve` of this release first"),
        )
        .await;
        check(
            "INSERT INTO _sqlx_migrations SELECT 9999, description, installed_on, success, checksum, execution_time
             FROM _sqlx_migrations LIMIT 1",
            Some("of a later release: use that release"),
        )
        .await;
    }

    #[tokio::test]
    async fn a_schema_of_another_build_is_named_with_its_path_and_a_remedy() {
        let check = async |change: &str, expected: &[&str]| {
            let (_folder, path) = changed(change).await;
            let refused = SqliteStore::open(&path).await.err().map(|error| error.to_string());
            let refused = refused.unwrap_or_else(|| panic!("{change}: it opens"));
            let named = format!("the database {} ", path.display());
            for words in expected.iter().chain([&named.as_str()]) {
                assert!(refused.contains(words), "{change}: {words} in {refused}");
            }
        };
        check(
            "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1",
            &["never released", "move its folder away", "`--data`"],
        )
        .await;
        check(
            "INSERT INTO _sqlx_migrations SELECT 9999, description, installed_on, success, checksum, execution_time
             FROM _sqlx_migrations LIMIT 1",
            &[
                "has schema 9999, of a later release",
                "use that release",
                "`candor restore`",
            ],
        )
        .await;
        check(
            "UPDATE _sqlx_migrations SET success = 0 WHERE version = 1",
            &["could not be brought up to date", "`candor restore`"],
        )
        .await;
    }
}

//! Reads the collector's SQLite file from outside, while the collector runs.

use std::path::Path;

use sqlx::{AssertSqlSafe, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

/// The first column of every row, as text.
pub(crate) fn column(file: &Path, query: &str) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(file).read_only(true);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let rows = sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(&mut connection);
        let rows = rows.await.unwrap();
        connection.close().await.unwrap();
        rows
    })
}

/// What `SELECT count(*) FROM …` says.
pub(crate) fn count(file: &Path, from: &str) -> usize {
    let rows = column(file, &format!("SELECT CAST(count(*) AS TEXT) FROM {from}"));
    rows[0].parse().unwrap()
}

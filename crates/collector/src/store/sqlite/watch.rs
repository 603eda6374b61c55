//! Marks and watched pages in SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{
    SqliteStore,
    column::{milliseconds, timestamp},
    writer::Write,
};
use crate::{
    store::{
        StoreError,
        watch::{MarkKey, Watch, WatchedPage},
    },
    watch::Kind,
};

#[async_trait]
impl Watch for SqliteStore {
    async fn note_marks(&self, marks: &[MarkKey], at: Timestamp) -> Result<Vec<MarkKey>, StoreError> {
        let marks = marks.to_vec();
        self.writer.run(Noted { marks, at }).await
    }

    async fn watched_pages(&self) -> Result<Vec<WatchedPage>, StoreError> {
        let rows = sqlx::query("SELECT * FROM watched_pages ORDER BY form, version, url")
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(page).collect()
    }

    async fn note_page(&self, page: &WatchedPage) -> Result<(), StoreError> {
        self.writer.run(page.clone()).await
    }
}

struct Noted {
    marks: Vec<MarkKey>,
    at: Timestamp,
}

#[async_trait]
impl Write for Noted {
    type Answer = Vec<MarkKey>;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<Vec<MarkKey>, StoreError> {
        let at = milliseconds(self.at);
        let standing = sqlx::query("SELECT * FROM marks WHERE ended_ms IS NULL")
            .fetch_all(&mut *connection)
            .await?;
        let standing = standing.iter().map(key).collect::<Result<Vec<_>, _>>()?;
        for over in standing.iter().filter(|known| !self.marks.contains(known)) {
            write(connection, END, over, at).await?;
        }
        let mut new = Vec::new();
        for mark in self.marks.iter().filter(|mark| !standing.contains(mark)) {
            write(connection, BEGIN, mark, at).await?;
            new.push(mark.clone());
        }
        Ok(new)
    }
}

const END: &str = "
    UPDATE marks SET ended_ms = ?6
    WHERE form = ?1 AND version = ?2 AND kind = ?3 AND subject = ?4 AND pointer = ?5";
const BEGIN: &str = "
    INSERT INTO marks (form, version, kind, subject, pointer, found_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT DO UPDATE SET found_ms = excluded.found_ms, ended_ms = NULL";

async fn write(
    connection: &mut SqliteConnection,
    statement: &'static str,
    mark: &MarkKey,
    at: i64,
) -> Result<(), StoreError> {
    sqlx::query(statement)
        .bind(&mark.form)
        .bind(&mark.version)
        .bind(mark.kind.as_str())
        .bind(&mark.subject)
        .bind(&mark.pointer)
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}

fn key(row: &SqliteRow) -> Result<MarkKey, StoreError> {
    Ok(MarkKey {
        form: row.try_get("form")?,
        version: row.try_get("version")?,
        kind: Kind::parse(row.try_get("kind")?).ok_or_else(|| StoreError("a kind of mark that is none".into()))?,
        subject: row.try_get("subject")?,
        pointer: row.try_get("pointer")?,
    })
}

#[async_trait]
impl Write for WatchedPage {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query("INSERT OR REPLACE INTO watched_pages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
            .bind(&self.form)
            .bind(&self.version)
            .bind(&self.url)
            .bind(milliseconds(self.visited))
            .bind(&self.outcome)
            .bind(self.failing.map(milliseconds))
            .bind(&self.first_digest)
            .bind(&self.digest)
            .bind(self.changed.map(milliseconds))
            .execute(connection)
            .await?;
        Ok(())
    }
}

fn page(row: &SqliteRow) -> Result<WatchedPage, StoreError> {
    let time = |column: &str| -> Result<Option<Timestamp>, StoreError> {
        let milliseconds: Option<i64> = row.try_get(column)?;
        milliseconds.map(timestamp).transpose()
    };
    Ok(WatchedPage {
        form: row.try_get("form")?,
        version: row.try_get("version")?,
        url: row.try_get("url")?,
        visited: timestamp(row.try_get("visited_ms")?)?,
        outcome: row.try_get("outcome")?,
        failing: time("failing_ms")?,
        first_digest: row.try_get("first_digest")?,
        digest: row.try_get("digest")?,
        changed: time("changed_ms")?,
    })
}

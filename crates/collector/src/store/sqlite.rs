//! The store in one SQLite file: WAL, `synchronous=FULL`, `secure_delete=ON`, one writer, any number of readers.
//! Refuses to open where one of these does not hold: with `synchronous=NORMAL` an acknowledged submission is lost on power failure.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{
    Connection, Row, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};
use uuid::Uuid;

use super::{
    Appended, CompiledRow, Inserted, Letter, MailKind, NewLink, NewRecord, NewSubmission, Published, PurposeRow,
    Release, Store, StoreError, StoredLead, StoredLink, StoredRecord, StoredSubmission,
};
use crate::links::{LinkKind, LinkTarget};

/// Readers at once; they never wait for the writer in WAL mode.
const READERS: u32 = 4;

#[derive(Debug)]
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // SQLite's messages name tables and constraints, never the values bound to a statement.
        let error = Self(error.to_string());
        tracing::error!(%error, "store");
        error
    }
}

impl SqliteStore {
    /// Opens or makes the file, brings its schema up to date and checks what durability rests on.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("secure_delete", "ON")
            .pragma("trusted_schema", "OFF")
            .statement_cache_capacity(200);
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .min_connections(1)
                .acquire_timeout(Duration::from_secs(10))
                .idle_timeout(None)
                .max_lifetime(None)
        };
        let writer = pool(1).connect_with(options.clone()).await?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(|error| StoreError(error.to_string()))?;
        sqlx::migrate!("./migrations/sqlite")
            .run(&writer)
            .await
            .map_err(|error| StoreError(error.to_string()))?;
        let readers = pool(READERS).connect_with(options).await?;
        let store = Self { writer, readers };
        store.check_durability().await?;
        Ok(store)
    }

    async fn check_durability(&self) -> Result<(), StoreError> {
        let mut writer = self.writer.acquire().await?;
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
}

fn milliseconds(at: Timestamp) -> i64 {
    at.as_millisecond()
}

fn timestamp(milliseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(milliseconds).map_err(|_| StoreError("a time out of range".into()))
}

fn uuid(text: &str) -> Result<Uuid, StoreError> {
    Uuid::parse_str(text).map_err(|_| StoreError("an id that is none".into()))
}

fn json_list(list: &[String]) -> String {
    serde_json::to_string(list).expect("a list of texts is JSON")
}

fn list(json: &str) -> Result<Vec<String>, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError("a list that is none".into()))
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

fn stored_record(row: &SqliteRow) -> Result<StoredRecord, StoreError> {
    Ok(StoredRecord {
        id: uuid(row.try_get("id")?)?,
        chain: uuid(row.try_get("chain")?)?,
        event: row.try_get("event")?,
        payload_digest: row.try_get("payload_digest")?,
        receipt: row.try_get("receipt")?,
        received: timestamp(row.try_get("received_ms")?)?,
    })
}

fn stored_lead(row: &SqliteRow) -> Result<StoredLead, StoreError> {
    Ok(StoredLead {
        record: uuid(row.try_get("record")?)?,
        form: row.try_get("form")?,
        version: row.try_get("version")?,
        mailbox: row.try_get("mailbox")?,
        address: row.try_get("address")?,
        language: row.try_get("language")?,
        compiled: row.try_get("compiled")?,
        held: list(row.try_get("held")?)?,
        pending: row.try_get::<i64, _>("pending")? != 0,
        disclosures: list(row.try_get("disclosures")?)?,
    })
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

const SUBMISSION: &str =
    "SELECT records.*, leads.* FROM records JOIN leads ON leads.record = records.id WHERE records.id = ?1";

async fn submission(connection: &mut SqliteConnection, id: Uuid) -> Result<Option<StoredSubmission>, StoreError> {
    let row = sqlx::query(SUBMISSION)
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        Ok(StoredSubmission {
            record: stored_record(&row)?,
            lead: stored_lead(&row)?,
        })
    })
    .transpose()
}

async fn insert_record(connection: &mut SqliteConnection, record: &NewRecord) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO records (id, chain, replaces, event, form, version, payload_digest, receipt, received_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )
    .bind(record.id.to_string())
    .bind(record.chain.to_string())
    .bind(record.replaces.map(|id| id.to_string()))
    .bind(&record.event)
    .bind(&record.form)
    .bind(&record.version)
    .bind(&record.payload_digest)
    .bind(&record.receipt)
    .bind(milliseconds(record.received))
    .execute(connection)
    .await
    .map(drop)
}

async fn insert_link(
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

async fn insert_letter(
    connection: &mut SqliteConnection,
    kind: MailKind,
    record: Uuid,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO outbox (kind, record, created_ms, due_ms) VALUES (?1, ?2, ?3, ?3)")
        .bind(kind.as_str())
        .bind(record.to_string())
        .bind(milliseconds(at))
        .execute(connection)
        .await
        .map(drop)
}

/// The submission that this one is, where it was stored before.
async fn earlier(connection: &mut SqliteConnection, new: &NewSubmission) -> Result<Option<Inserted>, StoreError> {
    if let Some(once) = &new.once {
        sqlx::query("DELETE FROM plain_posts WHERE created_ms < ?1")
            .bind(milliseconds(once.since))
            .execute(&mut *connection)
            .await?;
        let same: Option<String> = sqlx::query_scalar("SELECT record FROM plain_posts WHERE digest = ?1")
            .bind(&once.digest)
            .fetch_optional(&mut *connection)
            .await?;
        if let Some(id) = same {
            let stored = submission(connection, uuid(&id)?).await?;
            return Ok(Some(
                stored.map_or(Inserted::Other, |stored| Inserted::Same(Box::new(stored))),
            ));
        }
    }
    let taken: Option<i64> = sqlx::query_scalar("SELECT 1 FROM records WHERE id = ?1")
        .bind(new.record.id.to_string())
        .fetch_optional(&mut *connection)
        .await?;
    if taken.is_none() {
        return Ok(None);
    }
    let stored = submission(connection, new.record.id).await?;
    Ok(Some(match stored {
        Some(stored) if is_same(&stored, new) => Inserted::Same(Box::new(stored)),
        _ => Inserted::Other,
    }))
}

/// Whoever holds only a receipt must not collect links: the disclosures have to be the same too.
fn is_same(stored: &StoredSubmission, new: &NewSubmission) -> bool {
    let sorted = |list: &[String]| {
        let mut list = list.to_vec();
        list.sort();
        list
    };
    stored.record.payload_digest == new.record.payload_digest
        && sorted(&stored.lead.disclosures) == sorted(&new.lead.disclosures)
}

#[async_trait]
impl Store for SqliteStore {
    async fn publish(&self, release: &Release, at: Timestamp) -> Result<Published, StoreError> {
        let mut writer = self.writer.acquire().await?;
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

    async fn compiled(&self, digest: &str) -> Result<Option<CompiledRow>, StoreError> {
        let row = sqlx::query("SELECT * FROM compiled WHERE digest = ?1")
            .bind(digest)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(compiled_row).transpose()
    }

    async fn compiled_of(&self, form: &str, version: &str, language: &str) -> Result<Vec<CompiledRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM compiled WHERE form = ?1 AND version = ?2 AND language = ?3 ORDER BY sequence DESC",
        )
        .bind(form)
        .bind(version)
        .bind(language)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(compiled_row).collect()
    }

    async fn definition(&self, form: &str, version: &str) -> Result<Option<String>, StoreError> {
        Ok(
            sqlx::query_scalar("SELECT definition FROM forms WHERE form = ?1 AND version = ?2")
                .bind(form)
                .bind(version)
                .fetch_optional(&self.readers)
                .await?,
        )
    }

    async fn insert_submission(&self, new: &NewSubmission) -> Result<Inserted, StoreError> {
        let mut writer = self.writer.acquire().await?;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        if let Some(earlier) = earlier(&mut transaction, new).await? {
            return Ok(earlier);
        }
        let NewSubmission {
            record,
            lead,
            links,
            mail,
            once,
        } = new;
        insert_record(&mut transaction, record).await?;
        sqlx::query("INSERT INTO leads VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
            .bind(record.id.to_string())
            .bind(&lead.mailbox)
            .bind(&lead.address)
            .bind(&lead.language)
            .bind(&lead.compiled)
            .bind(json_list(&lead.held))
            .bind(i64::from(lead.pending))
            .bind(json_list(&lead.disclosures))
            .execute(&mut *transaction)
            .await?;
        for link in links {
            insert_link(&mut transaction, record.id, 0, *link, record.received).await?;
        }
        if let Some(kind) = mail {
            insert_letter(&mut transaction, *kind, record.id, record.received).await?;
        }
        if let Some(once) = once {
            sqlx::query("INSERT INTO plain_posts VALUES (?1, ?2, ?3)")
                .bind(&once.digest)
                .bind(record.id.to_string())
                .bind(milliseconds(record.received))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(Inserted::New)
    }

    async fn submission(&self, id: Uuid) -> Result<Option<StoredSubmission>, StoreError> {
        submission(&mut *self.readers.acquire().await?, id).await
    }

    async fn append(&self, event: &NewRecord) -> Result<Appended, StoreError> {
        let mut writer = self.writer.acquire().await?;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        let last: Option<String> =
            sqlx::query_scalar("SELECT id FROM records WHERE chain = ?1 ORDER BY sequence DESC LIMIT 1")
                .bind(event.chain.to_string())
                .fetch_optional(&mut *transaction)
                .await?;
        if last != event.replaces.map(|id| id.to_string()) {
            return Ok(Appended::Moved);
        }
        insert_record(&mut transaction, event).await?;
        transaction.commit().await?;
        Ok(Appended::New)
    }

    async fn chain(&self, chain: Uuid) -> Result<Vec<StoredRecord>, StoreError> {
        let rows = sqlx::query("SELECT * FROM records WHERE chain = ?1 ORDER BY sequence")
            .bind(chain.to_string())
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(stored_record).collect()
    }

    async fn submissions_of(&self, mailbox: &str, limit: u32) -> Result<Vec<Uuid>, StoreError> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT leads.record FROM leads JOIN records ON records.id = leads.record WHERE mailbox = ?1 ORDER BY sequence DESC LIMIT ?2",
        )
        .bind(mailbox)
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        ids.iter().map(|id| uuid(id)).collect()
    }

    async fn link(&self, target: LinkTarget) -> Result<Option<StoredLink>, StoreError> {
        let row = sqlx::query("SELECT * FROM links WHERE kind = ?1 AND record = ?2 AND counter = ?3")
            .bind(target.kind.as_str())
            .bind(target.record.to_string())
            .bind(i64::from(target.counter))
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(|row| stored_link(target.kind, row)).transpose()
    }

    async fn newest_link(&self, kind: LinkKind, record: Uuid) -> Result<Option<StoredLink>, StoreError> {
        let row = sqlx::query("SELECT * FROM links WHERE kind = ?1 AND record = ?2 ORDER BY counter DESC LIMIT 1")
            .bind(kind.as_str())
            .bind(record.to_string())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(|row| stored_link(kind, row)).transpose()
    }

    async fn renew_link(
        &self,
        kind: LinkKind,
        record: Uuid,
        issued: Timestamp,
        expires: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let mut writer = self.writer.acquire().await?;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        let next: i64 =
            sqlx::query_scalar("SELECT coalesce(max(counter) + 1, 0) FROM links WHERE kind = ?1 AND record = ?2")
                .bind(kind.as_str())
                .bind(record.to_string())
                .fetch_one(&mut *transaction)
                .await?;
        let counter = u32::try_from(next).map_err(|_| StoreError("a counter out of range".into()))?;
        insert_link(&mut transaction, record, counter, NewLink { kind, expires }, issued).await?;
        Ok(transaction.commit().await?)
    }

    async fn queue(
        &self,
        kind: MailKind,
        record: Uuid,
        at: Timestamp,
        unless_since: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut writer = self.writer.acquire().await?;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        let recent: i64 =
            sqlx::query_scalar("SELECT count(*) FROM outbox WHERE record = ?1 AND kind = ?2 AND created_ms > ?3")
                .bind(record.to_string())
                .bind(kind.as_str())
                .bind(milliseconds(unless_since))
                .fetch_one(&mut *transaction)
                .await?;
        if recent > 0 {
            return Ok(false);
        }
        insert_letter(&mut transaction, kind, record, at).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn letters_due(&self, at: Timestamp, limit: u32) -> Result<Vec<Letter>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, kind, record, attempts FROM outbox WHERE due_ms <= ?1 ORDER BY due_ms, id LIMIT ?2",
        )
        .bind(milliseconds(at))
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        let letter = |row: &SqliteRow| {
            Ok(Letter {
                id: row.try_get("id")?,
                kind: MailKind::parse(row.try_get("kind")?)
                    .ok_or_else(|| StoreError("an unknown kind of letter".into()))?,
                record: uuid(row.try_get("record")?)?,
                attempts: row.try_get("attempts")?,
            })
        };
        rows.iter().map(letter).collect()
    }

    async fn letter_sent(&self, id: i64, at: Timestamp) -> Result<(), StoreError> {
        sqlx::query("UPDATE outbox SET due_ms = NULL, sent_ms = ?2 WHERE id = ?1")
            .bind(id)
            .bind(milliseconds(at))
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn letter_failed(&self, id: i64, due: Option<Timestamp>) -> Result<(), StoreError> {
        sqlx::query("UPDATE outbox SET due_ms = ?2, attempts = attempts + 1 WHERE id = ?1")
            .bind(id)
            .bind(due.map(milliseconds))
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn ready(&self) -> Result<(), StoreError> {
        let mut writer = self.writer.acquire().await?;
        let transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        Ok(transaction.rollback().await?)
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

//! Submissions: record, lead, links and letter in one transaction.
//! Refuses an id that stands for something else; the same submission again is answered with what was stored first.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    column::{hexadecimal, json_list, list, milliseconds, uuid},
    events::stored_record,
    imports,
    writer::Write,
};
use crate::{
    robots::Spent,
    store::{Inserted, MailKind, NewSubmission, StoreError, StoredLead, StoredSubmission},
    values::Sealed,
};

/// All rows of a submission in one go: each statement on its own is a round trip to the thread of the connection.
/// `$1`, not `?1`: sqlx counts the numbers that a statement leaves out as arguments of their own.
const INSERT: &str = "
    INSERT INTO records (id, chain, event, form, version, payload_digest, receipt, received_ms)
        VALUES ($1, $1, 'submission', $2, $3, $4, $5, $6);
    INSERT INTO people (id, mailbox_key, created_ms, contact_ms) VALUES ($7, $8, $6, $6)
        ON CONFLICT (mailbox_key) DO UPDATE SET due_ms = 0;
    INSERT INTO leads (record, person, language, compiled, held, pending, fingerprint, values_key, values_sealed)
        VALUES ($1, coalesce((SELECT id FROM people WHERE mailbox_key = $8), $7), $9, $10, $11, $12, $13, $14, $15);
    INSERT INTO phones SELECT unhex(value), $1 FROM json_each($16);
    INSERT INTO links (kind, subject, counter, issued_ms, expires_ms)
        SELECT value ->> 0, $1, 0, $6, value ->> 1 FROM json_each($17);
    INSERT INTO outbox (kind, person, record, created_ms, due_ms)
        SELECT $18, person, $1, $6, $6 FROM leads WHERE record = $1 AND $18 IS NOT NULL;
    INSERT INTO plain_posts SELECT $19, $1, $6 WHERE $19 IS NOT NULL;
    INSERT INTO flows_due (person, due_ms, turn)
        SELECT person, 0, 1 FROM leads WHERE record = $1 AND EXISTS (SELECT 1 FROM targets WHERE removed_ms IS NULL)
        ON CONFLICT (person) DO UPDATE SET due_ms = 0, turn = turn + 1;
";

#[async_trait]
impl Write for NewSubmission {
    type Answer = Inserted;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<Inserted, StoreError> {
        if let Some(earlier) = earlier(connection, self).await? {
            return Ok(earlier);
        }
        let Self {
            record,
            lead,
            links,
            mail,
            once,
            spent,
        } = self;
        if let Some(spent) = spent
            && !spend(connection, spent, record.received).await?
        {
            return Ok(Inserted::Spent);
        }
        let links: Vec<_> = links
            .iter()
            .map(|link| (link.kind.as_str(), link.expires.map(milliseconds)))
            .collect();
        let phones: Vec<String> = lead.phone_keys.iter().map(|key| hexadecimal(&key.0)).collect();
        sqlx::query(INSERT)
            .bind(record.id.to_string())
            .bind(&record.form)
            .bind(&record.version)
            .bind(&record.payload_digest)
            .bind(&record.receipt)
            .bind(milliseconds(record.received))
            .bind(lead.person.to_string())
            .bind(lead.mailbox_key.as_ref().map(|key| &key.0))
            .bind(&lead.language)
            .bind(&lead.compiled)
            .bind(json_list(&lead.held))
            .bind(i64::from(lead.pending))
            .bind(&lead.fingerprint)
            .bind(i64::from(lead.values.key))
            .bind(&lead.values.bytes)
            .bind(json_list(&phones))
            .bind(serde_json::to_string(&links).expect("a list of links is JSON"))
            .bind(mail.map(MailKind::as_str))
            .bind(once.as_ref().map(|once| &once.digest))
            .execute(connection)
            .await?;
        Ok(Inserted::New)
    }
}

pub(super) async fn find(store: &SqliteStore, id: Uuid) -> Result<Option<StoredSubmission>, StoreError> {
    submission(&mut *store.readers.acquire().await?, id).await
}

pub(super) async fn of_person(store: &SqliteStore, person: Uuid) -> Result<Vec<StoredSubmission>, StoreError> {
    let rows = sqlx::query(OF_PERSON)
        .bind(person.to_string())
        .fetch_all(&store.readers)
        .await?;
    rows.iter().map(stored_submission).collect()
}

pub(super) async fn count(store: &SqliteStore, person: Uuid, at_most: u32) -> Result<u32, StoreError> {
    let counted = sqlx::query(COUNTED)
        .bind(person.to_string())
        .bind(i64::from(at_most))
        .fetch_all(&store.readers)
        .await?;
    Ok(u32::try_from(counted.len()).unwrap_or(u32::MAX))
}

const COUNTED: &str = "SELECT 1 FROM leads WHERE person = ?1 LIMIT ?2";

pub(super) async fn front(store: &SqliteStore, person: Uuid) -> Result<Option<StoredSubmission>, StoreError> {
    let mut connection = store.readers.acquire().await?;
    for front in [PROVED, NEWEST] {
        let row = sqlx::query(front)
            .bind(person.to_string())
            .fetch_optional(&mut *connection)
            .await?;
        if let Some(row) = row {
            return stored_submission(&row).map(Some);
        }
    }
    Ok(None)
}

const PROVED: &str = "
    SELECT records.*, leads.*, imported.import, imported.acted_ms FROM leads CROSS JOIN records ON records.id = leads.record
        LEFT JOIN imported ON imported.record = leads.record
    WHERE leads.person = ?1 AND leads.proved IS NOT NULL ORDER BY leads.proved DESC LIMIT 1";
const NEWEST: &str = "
    SELECT records.*, leads.*, imported.import, imported.acted_ms FROM leads CROSS JOIN records ON records.id = leads.record
        LEFT JOIN imported ON imported.record = leads.record
    WHERE leads.person = ?1 ORDER BY leads.rowid DESC LIMIT 1";

const OF_PERSON: &str = "
    SELECT records.*, leads.*, imported.import, imported.acted_ms FROM leads
    JOIN records ON records.id = leads.record LEFT JOIN imported ON imported.record = leads.record
    WHERE leads.person = ?1 ORDER BY sequence";
const SUBMISSION: &str = "
    SELECT records.*, leads.*, imported.import, imported.acted_ms FROM records JOIN leads ON leads.record = records.id
    LEFT JOIN imported ON imported.record = leads.record WHERE records.id = ?1";

async fn submission(connection: &mut SqliteConnection, id: Uuid) -> Result<Option<StoredSubmission>, StoreError> {
    let row = sqlx::query(SUBMISSION)
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(stored_submission).transpose()
}

pub(super) fn stored_submission(row: &SqliteRow) -> Result<StoredSubmission, StoreError> {
    Ok(StoredSubmission {
        record: stored_record(row)?,
        lead: stored_lead(row)?,
    })
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

/// Whether it was there to be used; the same submission again was answered before this.
async fn spend(connection: &mut SqliteConnection, spent: &Spent, now: Timestamp) -> Result<bool, StoreError> {
    sqlx::query("DELETE FROM spent WHERE expires_ms <= ?1")
        .bind(milliseconds(now))
        .execute(&mut *connection)
        .await?;
    let inserted = sqlx::query("INSERT INTO spent (digest, expires_ms) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
        .bind(&spent.digest)
        .bind(milliseconds(spent.expires))
        .execute(&mut *connection)
        .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Whoever holds only a receipt must not collect links: the disclosures have to be the same too.
fn is_same(stored: &StoredSubmission, new: &NewSubmission) -> bool {
    stored.record.payload_digest == new.record.payload_digest && stored.lead.fingerprint == new.lead.fingerprint
}

fn stored_lead(row: &SqliteRow) -> Result<StoredLead, StoreError> {
    Ok(StoredLead {
        record: uuid(row.try_get("record")?)?,
        person: uuid(row.try_get("person")?)?,
        form: row.try_get("form")?,
        version: row.try_get("version")?,
        language: row.try_get("language")?,
        compiled: row.try_get("compiled")?,
        held: list(row.try_get("held")?)?,
        pending: row.try_get::<i64, _>("pending")? != 0,
        fingerprint: row.try_get("fingerprint")?,
        values: sealed(row)?,
        imported: imports::imported(row)?,
    })
}

/// The sealed values of a row of `leads`.
pub(super) fn sealed(row: &SqliteRow) -> Result<Sealed, StoreError> {
    let key: i64 = row.try_get("values_key")?;
    Ok(Sealed {
        key: u32::try_from(key).map_err(|_| StoreError("a key's number out of range".into()))?,
        bytes: row.try_get("values_sealed")?,
    })
}

//! Submissions: record, lead, links and letter in one transaction.
//! Refuses an id that stands for something else; the same submission again is answered with what was stored first.

use async_trait::async_trait;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    column::{json_list, list, milliseconds, uuid},
    events::stored_record,
    writer::Write,
};
use crate::store::{Inserted, MailKind, NewSubmission, StoreError, StoredLead, StoredSubmission};

/// All rows of a submission in one go: each statement on its own is a round trip to the thread of the connection.
/// `$1`, not `?1`: sqlx counts the numbers that a statement leaves out as arguments of their own.
const INSERT: &str = "
    INSERT INTO records (id, chain, event, form, version, payload_digest, receipt, received_ms)
        VALUES ($1, $1, 'submission', $2, $3, $4, $5, $6);
    INSERT INTO leads VALUES ($1, $7, $8, $9, $10, $11, $12, $13);
    INSERT INTO links (kind, record, counter, issued_ms, expires_ms)
        SELECT value ->> 0, $1, 0, $6, value ->> 1 FROM json_each($14);
    INSERT INTO outbox (kind, record, created_ms, due_ms) SELECT $15, $1, $6, $6 WHERE $15 IS NOT NULL;
    INSERT INTO plain_posts SELECT $16, $1, $6 WHERE $16 IS NOT NULL;
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
        } = self;
        let links: Vec<_> = links
            .iter()
            .map(|link| (link.kind.as_str(), link.expires.map(milliseconds)))
            .collect();
        sqlx::query(INSERT)
            .bind(record.id.to_string())
            .bind(&record.form)
            .bind(&record.version)
            .bind(&record.payload_digest)
            .bind(&record.receipt)
            .bind(milliseconds(record.received))
            .bind(&lead.mailbox)
            .bind(&lead.address)
            .bind(&lead.language)
            .bind(&lead.compiled)
            .bind(json_list(&lead.held))
            .bind(i64::from(lead.pending))
            .bind(json_list(&lead.disclosures))
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

pub(super) async fn of_mailbox(store: &SqliteStore, mailbox: &str, limit: u32) -> Result<Vec<Uuid>, StoreError> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT leads.record FROM leads JOIN records ON records.id = leads.record WHERE mailbox = ?1 ORDER BY sequence DESC LIMIT ?2",
    )
    .bind(mailbox)
    .bind(i64::from(limit))
    .fetch_all(&store.readers)
    .await?;
    ids.iter().map(|id| uuid(id)).collect()
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

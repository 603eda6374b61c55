//! Submissions: record, lead, links and letter in one transaction.
//! Refuses an id that stands for something else; the same submission again is answered with what was stored first.

use sqlx::{Connection, Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    column::{json_list, list, milliseconds, uuid},
    events::{insert_record, stored_record},
    links::insert_link,
    outbox::insert_letter,
};
use crate::store::{Inserted, NewSubmission, StoreError, StoredLead, StoredSubmission};

pub(super) async fn insert(store: &SqliteStore, new: &NewSubmission) -> Result<Inserted, StoreError> {
    let mut writer = store.writer.acquire().await?;
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

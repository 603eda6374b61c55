//! People, found by keyed hashes, and what stays of them after an erasure.
//! Refuses nothing here: writing is `change.rs`.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    column::{milliseconds, timestamp, uuid},
    events, several, submissions,
    writer::Write,
};
use crate::{
    index::{AddressKey, AddressKind},
    store::{
        Appended, Deletion, People, PersonChange, Resealed, SealedChain, StoreError, StoredPerson, StoredRecord,
        StoredSubmission, Suppression, SuppressionKey, WholePerson,
    },
    values::Sealed,
};

#[async_trait]
impl People for SqliteStore {
    async fn person(&self, id: Uuid) -> Result<Option<StoredPerson>, StoreError> {
        let row = sqlx::query("SELECT * FROM people WHERE id = ?1")
            .bind(id.to_string())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(stored_person).transpose()
    }

    async fn person_by_mailbox(&self, key: &AddressKey) -> Result<Option<StoredPerson>, StoreError> {
        let row = sqlx::query("SELECT * FROM people WHERE mailbox_key = ?1")
            .bind(&key.0)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(stored_person).transpose()
    }

    async fn people_by_phone(&self, key: &AddressKey) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
        let rows =
            sqlx::query("SELECT person, phones.record FROM phones JOIN leads USING (record) WHERE phones.key = ?1")
                .bind(&key.0)
                .fetch_all(&self.readers)
                .await?;
        let pair = |row: &SqliteRow| Ok((uuid(row.try_get("person")?)?, uuid(row.try_get("record")?)?));
        rows.iter().map(pair).collect()
    }

    async fn submissions_of(&self, person: Uuid) -> Result<Vec<StoredSubmission>, StoreError> {
        submissions::of_person(self, person).await
    }

    async fn count_submissions(&self, person: Uuid, at_most: u32) -> Result<u32, StoreError> {
        submissions::count(self, person, at_most).await
    }

    async fn front_submission(&self, person: Uuid) -> Result<Option<StoredSubmission>, StoreError> {
        submissions::front(self, person).await
    }

    async fn records_of(&self, person: Uuid) -> Result<Vec<StoredRecord>, StoreError> {
        events::of_person(self, person).await
    }

    async fn suppressions(&self, key: &AddressKey, kind: AddressKind) -> Result<Vec<Suppression>, StoreError> {
        let rows = sqlx::query("SELECT * FROM suppressions WHERE key = ?1 AND kind = ?2")
            .bind(&key.0)
            .bind(kind.as_str())
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(suppression).collect()
    }

    async fn commit(&self, change: &PersonChange) -> Result<Appended, StoreError> {
        let erases = !change.erase.is_empty() && !change.scrub_later;
        let outcome = match self.writer.run(change.clone()).await {
            Err(error) if error.is_replaced_key() => Appended::Moved,
            outcome => outcome?,
        };
        if erases && outcome == Appended::New {
            self.scrub().await?;
        }
        Ok(outcome)
    }

    async fn people_due(&self, at: Timestamp, limit: u32) -> Result<Vec<Uuid>, StoreError> {
        let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM people WHERE due_ms <= ?1 ORDER BY due_ms LIMIT ?2")
            .bind(milliseconds(at))
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        ids.iter().map(|id| uuid(id)).collect()
    }

    async fn people_after(&self, after: Uuid, limit: u32) -> Result<Vec<Uuid>, StoreError> {
        let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM people WHERE id > ?1 ORDER BY id LIMIT ?2")
            .bind(after.to_string())
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        ids.iter().map(|id| uuid(id)).collect()
    }

    async fn several(&self, ids: &[Uuid]) -> Result<Vec<WholePerson>, StoreError> {
        several::read(self, ids).await
    }

    async fn purge_sealed(&self, at: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let purged = self.writer.run(Purge { at, limit }).await?;
        if purged > 0 {
            self.scrub().await?;
        }
        Ok(purged)
    }

    async fn sealed_chains(&self, after: Uuid, limit: u32) -> Result<Vec<SealedChain>, StoreError> {
        let rows = sqlx::query("SELECT * FROM sealed WHERE chain > ?1 ORDER BY chain LIMIT ?2")
            .bind(after.to_string())
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        let chain = |row: &SqliteRow| {
            Ok(SealedChain {
                chain: uuid(row.try_get("chain")?)?,
                sealed: timestamp(row.try_get("sealed_ms")?)?,
                delete: timestamp(row.try_get("delete_ms")?)?,
            })
        };
        rows.iter().map(chain).collect()
    }

    async fn deletions(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Deletion>, StoreError> {
        let rows = sqlx::query("SELECT * FROM deletions WHERE at_ms >= ?1 AND at_ms < ?2 ORDER BY id")
            .bind(milliseconds(from))
            .bind(milliseconds(to))
            .fetch_all(&self.readers)
            .await?;
        let deletion = |row: &SqliteRow| {
            Ok(Deletion {
                at: timestamp(row.try_get("at_ms")?)?,
                form: row.try_get("form")?,
                reason: row.try_get("reason")?,
                leads: row.try_get::<i64, _>("leads")?.unsigned_abs(),
                records: row.try_get::<i64, _>("records")?.unsigned_abs(),
            })
        };
        rows.iter().map(deletion).collect()
    }

    async fn values_not_under(&self, key: u32, limit: u32) -> Result<Vec<(Uuid, Sealed)>, StoreError> {
        // Two ranges, so that the index finds them; `<>` would read the whole table.
        let rows = sqlx::query(
            "SELECT record, values_key, values_sealed FROM leads WHERE values_key < ?1
             UNION ALL SELECT record, values_key, values_sealed FROM leads WHERE values_key > ?1 LIMIT ?2",
        )
        .bind(i64::from(key))
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        let values = |row: &SqliteRow| Ok((uuid(row.try_get("record")?)?, submissions::sealed(row)?));
        rows.iter().map(values).collect()
    }

    async fn reseal(&self, values: &[Resealed]) -> Result<(), StoreError> {
        self.writer.run(values.to_vec()).await
    }

    async fn scrub(&self) -> Result<(), StoreError> {
        self.writer.scrub().await
    }
}

/// The end of sealed evidence.
struct Purge {
    at: Timestamp,
    limit: u32,
}

#[async_trait]
impl Write for Purge {
    type Answer = u64;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<u64, StoreError> {
        let chains: Vec<String> =
            sqlx::query_scalar("SELECT chain FROM sealed WHERE delete_ms <= ?1 ORDER BY delete_ms LIMIT ?2")
                .bind(milliseconds(self.at))
                .bind(i64::from(self.limit))
                .fetch_all(&mut *connection)
                .await?;
        let mut purged = 0;
        for chain in chains {
            let report = "
                INSERT INTO deletions (at_ms, form, reason, leads, records)
                SELECT ?2, form, 'proof', 0, count(*) FROM records WHERE chain = ?1 GROUP BY form";
            sqlx::query(report)
                .bind(&chain)
                .bind(milliseconds(self.at))
                .execute(&mut *connection)
                .await?;
            purged += delete_records(connection, &chain).await?;
        }
        Ok(purged)
    }
}

/// Deletes the records of a sealed chain, and that it was sealed.
pub(super) async fn delete_records(connection: &mut SqliteConnection, chain: &str) -> Result<u64, StoreError> {
    let deleted = sqlx::query("DELETE FROM records WHERE chain = ?1")
        .bind(chain)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM sealed WHERE chain = ?1")
        .bind(chain)
        .execute(connection)
        .await?;
    Ok(deleted.rows_affected())
}

pub(super) fn stored_person(row: &SqliteRow) -> Result<StoredPerson, StoreError> {
    Ok(StoredPerson {
        id: uuid(row.try_get("id")?)?,
        mailbox_key: row.try_get::<Option<Vec<u8>>, _>("mailbox_key")?.map(AddressKey),
        created: timestamp(row.try_get("created_ms")?)?,
        contact: timestamp(row.try_get("contact_ms")?)?,
        // Never: the last millisecond of the calendar, which is written and cannot be read again as a time.
        due: Timestamp::from_millisecond(row.try_get("due_ms")?).unwrap_or(Timestamp::MAX),
    })
}

fn suppression(row: &SqliteRow) -> Result<Suppression, StoreError> {
    let kind = AddressKind::parse(row.try_get("kind")?);
    Ok(Suppression {
        key: SuppressionKey {
            key: AddressKey(row.try_get("key")?),
            kind: kind.ok_or_else(|| StoreError("an unknown kind of address".into()))?,
            channel: row.try_get("channel")?,
        },
        since: timestamp(row.try_get("since_ms")?)?,
    })
}

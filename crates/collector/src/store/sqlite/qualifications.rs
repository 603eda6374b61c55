//! Results of a qualification in SQLite. What ends a permission ends them in the same transaction (`end`, called by
//! `change.rs`); an erasure takes them along by the foreign keys.
//! Refuses half of a decision: all results that it names, or none.

use async_trait::async_trait;
use candor_record::{base64url, term::Status};
use jiff::Timestamp;
use serde_json::{Value, json};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    column::{hexadecimal, json_list, milliseconds, timestamp, uuid},
    submissions::sealed,
    writer::Write,
};
use crate::{
    store::{
        NewRecord, StoreError,
        qualifications::{NewQualification, Qualifications, RulesRow, Settled, Standing, StoredQualification, Verdict},
    },
    values::Sealed,
};

const AMONG: &str = "
    SELECT qualifications.* FROM json_each(?1)
    CROSS JOIN qualifications ON qualifications.person = json_each.value AND qualifications.purpose = ?2";
/// A walk over all results, with a look into an index for each: what it finds is opened, and nothing else. A suppression is
/// the one thing that ends a permission without a record of the person.
const IN_DOUBT: &str = "
    SELECT qualifications.* FROM qualifications
    WHERE id > ?2 AND (until_ms <= ?1
        OR sequence <> (SELECT max(records.sequence) FROM leads CROSS JOIN records ON records.chain = leads.record
            WHERE leads.person = qualifications.person)
        OR EXISTS (SELECT 1 FROM phones CROSS JOIN suppressions ON suppressions.key = phones.key
            WHERE phones.record = qualifications.record AND suppressions.since_ms >= made_ms)
        OR EXISTS (SELECT 1 FROM people CROSS JOIN suppressions ON suppressions.key = people.mailbox_key
            WHERE people.id = qualifications.person AND suppressions.since_ms >= made_ms))
    ORDER BY id LIMIT ?3";
/// Only for people who are as they were read.
const INSERT: &str = "
    INSERT INTO qualifications (id, person, record, purpose, rules, made_ms, sequence, until_ms, values_key, values_sealed)
    SELECT value ->> 'id', people.id, value ->> 'record', value ->> 'purpose', ?2, ?3, value ->> 'sequence',
        value ->> 'until', value ->> 'key', unhex(value ->> 'bytes')
    FROM json_each(?1) CROSS JOIN people ON people.id = value ->> 'person'
    WHERE people.due_ms = value ->> 'due' AND people.contact_ms = value ->> 'contact'
        AND value ->> 'sequence' = (SELECT coalesce(max(sequence), 0)
            FROM leads CROSS JOIN records ON records.chain = leads.record WHERE leads.person = people.id)
    ON CONFLICT (person, purpose) DO UPDATE SET id = excluded.id, record = excluded.record, rules = excluded.rules,
        made_ms = excluded.made_ms, sequence = excluded.sequence, until_ms = excluded.until_ms,
        values_key = excluded.values_key, values_sealed = excluded.values_sealed,
        state = 'waiting', decided_ms = NULL, decided_by = NULL";

#[async_trait]
impl Qualifications for SqliteStore {
    async fn rules(&self, digest: &str) -> Result<Option<String>, StoreError> {
        let query = "SELECT json FROM qualification_rules WHERE digest = ?1";
        Ok(sqlx::query_scalar(query)
            .bind(digest)
            .fetch_optional(&self.readers)
            .await?)
    }

    async fn qualification(&self, id: Uuid) -> Result<Option<StoredQualification>, StoreError> {
        let row = sqlx::query("SELECT * FROM qualifications WHERE id = ?1")
            .bind(id.to_string())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(stored).transpose()
    }

    async fn qualifications(
        &self,
        purpose: Option<&str>,
        after: Uuid,
        limit: u32,
    ) -> Result<Vec<StoredQualification>, StoreError> {
        let query = match purpose {
            Some(_) => "SELECT * FROM qualifications WHERE purpose = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
            None => "SELECT * FROM qualifications WHERE ?1 IS NULL AND id > ?2 ORDER BY id LIMIT ?3",
        };
        let rows = sqlx::query(query)
            .bind(purpose)
            .bind(after.to_string())
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(stored).collect()
    }

    async fn qualifications_of(&self, person: Uuid) -> Result<Vec<StoredQualification>, StoreError> {
        let rows = sqlx::query("SELECT * FROM qualifications WHERE person = ?1 ORDER BY purpose")
            .bind(person.to_string())
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(stored).collect()
    }

    async fn qualifications_among(
        &self,
        people: &[Uuid],
        purpose: &str,
    ) -> Result<Vec<StoredQualification>, StoreError> {
        let rows = sqlx::query(AMONG)
            .bind(json_list(&texts(people)))
            .bind(purpose)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(stored).collect()
    }

    async fn qualifications_in_doubt(
        &self,
        at: Timestamp,
        after: Uuid,
        limit: u32,
    ) -> Result<Vec<StoredQualification>, StoreError> {
        let rows = sqlx::query(IN_DOUBT)
            .bind(milliseconds(at))
            .bind(after.to_string())
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(stored).collect()
    }

    async fn settle_qualifications(&self, settled: &[Settled]) -> Result<(), StoreError> {
        self.writer.run(Settle(settled.to_vec())).await
    }

    async fn qualify(&self, rules: &RulesRow, new: &[NewQualification], at: Timestamp) -> Result<u64, StoreError> {
        let (rules, new) = (rules.clone(), new.to_vec());
        self.writer.run(Results { rules, new, at }).await
    }

    async fn remove_qualifications(&self, ids: &[Uuid]) -> Result<u64, StoreError> {
        self.writer.run(Remove(ids.to_vec())).await
    }

    async fn decide_qualifications(&self, verdict: &Verdict) -> Result<Option<Uuid>, StoreError> {
        self.writer.run(verdict.clone()).await
    }

    async fn qualifications_not_under(&self, key: u32, limit: u32) -> Result<Vec<(Uuid, Sealed)>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, values_key, values_sealed FROM qualifications WHERE values_key < ?1
             UNION ALL SELECT id, values_key, values_sealed FROM qualifications WHERE values_key > ?1 LIMIT ?2",
        )
        .bind(i64::from(key))
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        let pair = |row: &SqliteRow| Ok((uuid(row.try_get("id")?)?, sealed(row)?));
        rows.iter().map(pair).collect()
    }

    async fn reseal_qualifications(&self, sealed: &[(Uuid, Sealed, Sealed)]) -> Result<(), StoreError> {
        self.writer.run(Reseal(sealed.to_vec())).await
    }
}

/// Statuses by which a purpose is over.
const ENDS: [Status; 4] = [Status::Withdrawn, Status::Objected, Status::Expired, Status::Erased];

/// Removes what these events end, with their own transaction: results of each purpose that is over, and where a person
/// withdrew or objected, of every purpose that this bars (record.md §6). A correction ends every result of its chain: it
/// was made from what was wrong.
pub(super) async fn end(
    connection: &mut SqliteConnection,
    person: &str,
    events: &[NewRecord],
) -> Result<(), StoreError> {
    for event in events {
        if event.event == "rectification" {
            sqlx::query("DELETE FROM qualifications WHERE person = ?1 AND record = ?2")
                .bind(person)
                .bind(event.chain.to_string())
                .execute(&mut *connection)
                .await?;
            continue;
        }
        for purpose in ended(event) {
            let delete = "
                DELETE FROM qualifications WHERE person = ?1 AND (purpose = ?2 OR purpose IN (
                    SELECT barred.purpose FROM purposes AS refused JOIN purposes AS barred
                        ON barred.controller = refused.controller AND barred.kind = refused.kind
                        AND barred.channel = refused.channel AND barred.basis IN ('legitimate-interest', 'soft-opt-in')
                    WHERE refused.purpose = ?2 AND ?3))";
            sqlx::query(delete)
                .bind(person)
                .bind(&purpose)
                .bind(event.event != "expiry")
                .execute(&mut *connection)
                .await?;
        }
    }
    Ok(())
}

/// The purposes that an event ends, from its own payload: what was signed, not what somebody says of it.
fn ended(event: &NewRecord) -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct Envelope<'a> {
        payload: &'a str,
    }
    #[derive(serde::Deserialize)]
    struct Payload {
        processes: Vec<Process>,
    }
    #[derive(serde::Deserialize)]
    struct Process {
        purpose: String,
        status: String,
    }
    let payload = serde_json::from_str::<Envelope<'_>>(&event.receipt).ok();
    let payload = payload.and_then(|envelope| base64url::decode(envelope.payload).ok());
    let payload: Option<Payload> = payload.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let processes = payload.map(|payload| payload.processes).unwrap_or_default().into_iter();
    processes
        .filter(|process| ENDS.iter().any(|status| status.as_str() == process.status))
        .map(|process| process.purpose)
        .collect()
}

/// Results of some people, with the rules that gave them.
struct Results {
    rules: RulesRow,
    new: Vec<NewQualification>,
    at: Timestamp,
}

#[async_trait]
impl Write for Results {
    type Answer = u64;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<u64, StoreError> {
        let Self { rules, new, at } = self;
        sqlx::query("INSERT INTO qualification_rules VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")
            .bind(&rules.digest)
            .bind(&rules.name)
            .bind(&rules.json)
            .bind(milliseconds(*at))
            .execute(&mut *connection)
            .await?;
        let rows = new.iter().map(|new| {
            json!({
                "id": new.id, "person": new.person, "record": new.record, "purpose": new.purpose,
                "until": new.until.map(milliseconds), "key": new.sealed.key, "bytes": hexadecimal(&new.sealed.bytes),
                "due": milliseconds(new.seen.due), "contact": milliseconds(new.seen.contact), "sequence": new.seen.sequence,
            })
        });
        let rows = Value::Array(rows.collect()).to_string();
        let written = sqlx::query(INSERT)
            .bind(rows)
            .bind(&rules.digest)
            .bind(milliseconds(*at))
            .execute(connection)
            .await?;
        Ok(written.rows_affected())
    }
}

struct Settle(Vec<Settled>);

#[async_trait]
impl Write for Settle {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        for settled in &self.0 {
            sqlx::query("UPDATE qualifications SET sequence = ?2, until_ms = ?3 WHERE id = ?1")
                .bind(settled.id.to_string())
                .bind(settled.sequence)
                .bind(settled.until.map(milliseconds))
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }
}

struct Remove(Vec<Uuid>);

#[async_trait]
impl Write for Remove {
    type Answer = u64;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<u64, StoreError> {
        let ids = texts(&self.0);
        let gone = sqlx::query("DELETE FROM qualifications WHERE id IN (SELECT value FROM json_each(?1))")
            .bind(json_list(&ids))
            .execute(&mut *connection)
            .await?;
        sqlx::query(
            "DELETE FROM qualification_rules WHERE NOT EXISTS (SELECT 1 FROM qualifications WHERE rules = digest)",
        )
        .execute(connection)
        .await?;
        Ok(gone.rows_affected())
    }
}

#[async_trait]
impl Write for Verdict {
    type Answer = Option<Uuid>;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<Option<Uuid>, StoreError> {
        let ids = json_list(&texts(&self.ids));
        let moved: Option<String> = sqlx::query_scalar(
            "SELECT value FROM json_each(?1) WHERE NOT EXISTS (
                SELECT 1 FROM qualifications WHERE id = value AND state = 'waiting') LIMIT 1",
        )
        .bind(&ids)
        .fetch_optional(&mut *connection)
        .await?;
        if let Some(moved) = moved {
            return uuid(&moved).map(Some);
        }
        sqlx::query(
            "UPDATE qualifications SET state = ?2, decided_ms = ?3, decided_by = ?4
             WHERE id IN (SELECT value FROM json_each(?1))",
        )
        .bind(&ids)
        .bind(self.standing.as_str())
        .bind(milliseconds(self.at))
        .bind(&self.by)
        .execute(connection)
        .await?;
        Ok(None)
    }
}

struct Reseal(Vec<(Uuid, Sealed, Sealed)>);

#[async_trait]
impl Write for Reseal {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        for (id, before, after) in &self.0 {
            let update = "
                UPDATE qualifications SET values_key = ?2, values_sealed = ?3 WHERE id = ?1 AND values_sealed = ?4";
            sqlx::query(update)
                .bind(id.to_string())
                .bind(i64::from(after.key))
                .bind(&after.bytes)
                .bind(&before.bytes)
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }
}

fn texts(ids: &[Uuid]) -> Vec<String> {
    ids.iter().map(Uuid::to_string).collect()
}

fn stored(row: &SqliteRow) -> Result<StoredQualification, StoreError> {
    let decided: Option<i64> = row.try_get("decided_ms")?;
    let by: Option<String> = row.try_get("decided_by")?;
    let standing = Standing::parse(row.try_get("state")?);
    Ok(StoredQualification {
        id: uuid(row.try_get("id")?)?,
        person: uuid(row.try_get("person")?)?,
        record: uuid(row.try_get("record")?)?,
        purpose: row.try_get("purpose")?,
        rules: row.try_get("rules")?,
        made: timestamp(row.try_get("made_ms")?)?,
        sealed: sealed(row)?,
        standing: standing.ok_or_else(|| StoreError("an unknown standing".into()))?,
        decided: match (decided, by) {
            (Some(at), Some(by)) => Some((timestamp(at)?, by)),
            _ => None,
        },
    })
}

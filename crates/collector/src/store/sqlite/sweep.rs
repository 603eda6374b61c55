//! People whose time has come, read in batches: one statement for each table, whatever the number of people.
//! Refuses whoever's processing is restricted: their data are kept, and nothing else happens to them (Art. 18 GDPR). Refuses to
//! read a whole table: each statement starts from the people of the batch (the test below).

use std::collections::HashMap;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::json;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    column::{json_list, list, milliseconds, timestamp, uuid},
    events::stored_record,
    submissions,
    writer::Write,
};
use crate::store::{Cursor, DueLead, DuePerson, Later, MailKind, PastLetter, Seen, StoreError, Sweeping};

const DUE: &str = "
    SELECT id, mailbox_key IS NOT NULL AS reachable, contact_ms, due_ms FROM people
    WHERE (due_ms, id) > (?1, ?2) AND due_ms <= ?3
        AND NOT EXISTS (SELECT 1 FROM restrictions WHERE person = people.id AND lifted_ms IS NULL)
    ORDER BY due_ms, id LIMIT ?4";
/// `CROSS JOIN` keeps the order of the loops: from the people of the batch outwards.
const LEADS: &str = "
    SELECT leads.person, leads.record, leads.compiled, leads.held, leads.values_key, leads.values_sealed, records.received_ms, records.sequence,
        (SELECT max(expires_ms) FROM links WHERE subject = leads.record AND kind = 'confirm') AS confirm_ms,
        (SELECT acted_ms FROM imported WHERE record = leads.record) AS acted_ms
    FROM json_each(?1) AS wanted
    CROSS JOIN leads ON leads.person = wanted.value
    CROSS JOIN records ON records.id = leads.record";
const RECORDS: &str = "
    SELECT leads.person, records.* FROM json_each(?1) AS wanted
    CROSS JOIN leads ON leads.person = wanted.value
    CROSS JOIN records ON records.chain = leads.record";
const LETTERS: &str = "
    SELECT outbox.person, outbox.kind, outbox.purposes, outbox.created_ms FROM json_each(?1) AS wanted
    CROSS JOIN outbox ON outbox.person = wanted.value AND outbox.kind IN ('renewal', 'retention')";
const LATER: &str = "
    UPDATE people SET due_ms = later.value ->> 1 FROM json_each(?1) AS later
    WHERE people.id = later.value ->> 0 AND people.due_ms = later.value ->> 2 AND people.contact_ms = later.value ->> 3
        AND later.value ->> 4 = (SELECT coalesce(max(sequence), 0) FROM leads CROSS JOIN records ON records.chain = leads.record
            WHERE leads.person = people.id)";
const SEEN: &str = "
    SELECT due_ms, contact_ms, (SELECT max(sequence) FROM leads CROSS JOIN records ON records.chain = leads.record
        WHERE leads.person = people.id) AS sequence
    FROM people WHERE id = ?1";
const SEALED: &str = "
    SELECT count(*) FROM sealed CROSS JOIN records ON records.chain = sealed.chain WHERE sealed.delete_ms <= ?1";
const ACCESSES: &str = "SELECT count(*) FROM access_log WHERE at_ms < ?1";
const WAITING: &str = "SELECT count(*) FROM outbox WHERE due_ms <= ?1";

#[async_trait]
impl Sweeping for SqliteStore {
    async fn due_people(&self, at: Timestamp, after: Option<Cursor>, limit: u32) -> Result<Vec<DuePerson>, StoreError> {
        let (due, id) = after.map_or((i64::MIN, String::new()), |cursor| {
            (milliseconds(cursor.due), cursor.person.to_string())
        });
        let rows = sqlx::query(DUE)
            .bind(due)
            .bind(id)
            .bind(milliseconds(at))
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        let mut people = rows.iter().map(due_person).collect::<Result<Vec<_>, _>>()?;
        if !people.is_empty() {
            self.complete(&mut people).await?;
        }
        Ok(people)
    }

    async fn look_later(&self, people: &[Later]) -> Result<(), StoreError> {
        if people.is_empty() {
            return Ok(());
        }
        self.writer.run(PutOff(people.to_vec())).await
    }

    async fn sealed_until(&self, at: Timestamp) -> Result<u64, StoreError> {
        self.counted(SEALED, at).await
    }

    async fn accesses_before(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.counted(ACCESSES, before).await
    }

    async fn letters_until(&self, at: Timestamp) -> Result<u64, StoreError> {
        self.counted(WAITING, at).await
    }
}

impl SqliteStore {
    async fn counted(&self, query: &'static str, at: Timestamp) -> Result<u64, StoreError> {
        let found: i64 = sqlx::query_scalar(query)
            .bind(milliseconds(at))
            .fetch_one(&self.readers)
            .await?;
        Ok(found.unsigned_abs())
    }

    /// Leads, records and letters. What is written between these reads is noticed by `Seen`.
    async fn complete(&self, people: &mut [DuePerson]) -> Result<(), StoreError> {
        let ids: Vec<String> = people.iter().map(|person| person.id.to_string()).collect();
        let ids = json_list(&ids);
        let at: HashMap<Uuid, usize> = people.iter().enumerate().map(|(at, person)| (person.id, at)).collect();
        let of = |row: &SqliteRow| -> Result<usize, StoreError> {
            let person = uuid(row.try_get("person")?)?;
            at.get(&person)
                .copied()
                .ok_or_else(|| StoreError("a person who was not asked for".into()))
        };
        for row in sqlx::query(RECORDS).bind(&ids).fetch_all(&self.readers).await? {
            people[of(&row)?].records.push(stored_record(&row)?);
        }
        for row in sqlx::query(LEADS).bind(&ids).fetch_all(&self.readers).await? {
            people[of(&row)?].leads.push(due_lead(&row)?);
        }
        for row in sqlx::query(LETTERS).bind(&ids).fetch_all(&self.readers).await? {
            people[of(&row)?].letters.push(past_letter(&row)?);
        }
        for person in people {
            person.records.sort_by_key(|record| record.sequence);
            person.leads.sort_by_key(|lead| (lead.received, lead.record));
            person.seen.sequence = person.records.last().map_or(0, |record| record.sequence);
        }
        Ok(())
    }
}

/// Whether nothing has happened to the person since they were read.
pub(super) async fn is_as_seen(
    connection: &mut SqliteConnection,
    person: &str,
    seen: &Seen,
) -> Result<bool, StoreError> {
    let row = sqlx::query(SEEN).bind(person).fetch_optional(connection).await?;
    let Some(row) = row else { return Ok(false) };
    let (due, contact): (i64, i64) = (row.try_get("due_ms")?, row.try_get("contact_ms")?);
    let sequence: Option<i64> = row.try_get("sequence")?;
    Ok(
        due == milliseconds(seen.due)
            && contact == milliseconds(seen.contact)
            && sequence.unwrap_or(0) == seen.sequence,
    )
}

struct PutOff(Vec<Later>);

#[async_trait]
impl Write for PutOff {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let later = self.0.iter().map(|later| {
            json!([
                later.person.to_string(),
                milliseconds(later.due),
                milliseconds(later.seen.due),
                milliseconds(later.seen.contact),
                later.seen.sequence,
            ])
        });
        let later = serde_json::Value::Array(later.collect()).to_string();
        sqlx::query(LATER).bind(later).execute(connection).await?;
        Ok(())
    }
}

fn due_person(row: &SqliteRow) -> Result<DuePerson, StoreError> {
    Ok(DuePerson {
        id: uuid(row.try_get("id")?)?,
        reachable: row.try_get::<i64, _>("reachable")? != 0,
        seen: Seen {
            sequence: 0,
            contact: timestamp(row.try_get("contact_ms")?)?,
            due: timestamp(row.try_get("due_ms")?)?,
        },
        leads: Vec::new(),
        records: Vec::new(),
        letters: Vec::new(),
    })
}

fn due_lead(row: &SqliteRow) -> Result<DueLead, StoreError> {
    let confirm: Option<i64> = row.try_get("confirm_ms")?;
    let acted: Option<i64> = row.try_get("acted_ms")?;
    Ok(DueLead {
        record: uuid(row.try_get("record")?)?,
        compiled: row.try_get("compiled")?,
        held: list(row.try_get("held")?)?,
        received: timestamp(row.try_get("received_ms")?)?,
        acted: acted.map(timestamp).transpose()?,
        confirm_until: confirm.map(timestamp).transpose()?,
        values: submissions::sealed(row)?,
    })
}

fn past_letter(row: &SqliteRow) -> Result<PastLetter, StoreError> {
    Ok(PastLetter {
        kind: MailKind::parse(row.try_get("kind")?).ok_or_else(|| StoreError("an unknown kind of letter".into()))?,
        purposes: list(row.try_get("purposes")?)?,
        at: timestamp(row.try_get("created_ms")?)?,
    })
}

#[cfg(test)]
mod tests {
    use sqlx::Row;

    use super::*;

    #[tokio::test]
    async fn no_statement_reads_a_whole_table() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::open(&folder.path().join("store.sqlite"))
            .await
            .expect("opens");
        let check = async |statement: &'static str, expected: &[&str]| {
            let explained = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
            let rows = sqlx::query(explained)
                .fetch_all(&store.readers)
                .await
                .expect("explained");
            let plan: Vec<String> = rows.iter().map(|row| row.get::<String, _>("detail")).collect();
            let plan = plan.join("\n");
            for step in expected {
                assert!(plan.contains(step), "{step} in {statement}\n{plan}");
            }
            for line in plan.lines().filter(|line| line.starts_with("SCAN")) {
                assert!(line.contains("VIRTUAL TABLE"), "{line} in {statement}");
            }
            assert!(!plan.contains("TEMP B-TREE"), "{statement}\n{plan}");
        };
        check(
            DUE,
            &["SEARCH people USING INDEX people_due ((due_ms,id)>(?,?) AND due_ms<?)"],
        )
        .await;
        check(
            LEADS,
            &[
                "leads_by_person",
                "SEARCH records",
                "SEARCH links USING PRIMARY KEY",
                "SEARCH imported USING PRIMARY KEY",
            ],
        )
        .await;
        check(RECORDS, &["leads_by_person", "records_by_chain"]).await;
        check(LETTERS, &["outbox_by_person (person=? AND kind=?)"]).await;
        check(
            LATER,
            &["SEARCH people USING PRIMARY KEY", "leads_by_person", "records_by_chain"],
        )
        .await;
        check(
            SEEN,
            &["SEARCH people USING PRIMARY KEY", "leads_by_person", "records_by_chain"],
        )
        .await;
        check(SEALED, &["sealed_due", "records_by_chain"]).await;
        check(ACCESSES, &["access_log_by_time"]).await;
        check(WAITING, &["outbox_due"]).await;
    }
}

//! One decision about one person, in one transaction.
//! Refuses it whole (`Appended::Moved`) where a chain has grown since it was read.

use std::collections::HashSet;

use async_trait::async_trait;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{
    column::{hexadecimal, json_list, milliseconds},
    events::{extends, insert_record},
    flows,
    links::Renewal,
    outbox::insert_letter,
    people::delete_records,
    qualifications,
    sweep::is_as_seen,
    writer::Write,
};
use crate::{
    erase::ASKED,
    flow::adapter::EndReason,
    index::AddressKind,
    store::{Appended, Erasure, Inserted, PersonChange, Resealed, StoreError},
};

#[async_trait]
impl Write for PersonChange {
    type Answer = Appended;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<Appended, StoreError> {
        let person = self.person.to_string();
        if !is_known(connection, &person).await? {
            return Ok(Appended::Moved);
        }
        if let Some(seen) = &self.seen
            && !is_as_seen(connection, &person, seen).await?
        {
            return Ok(Appended::Moved);
        }
        let submitted = self.submissions.iter().map(|submission| submission.record.id);
        let mut made_here: HashSet<Uuid> = submitted.collect();
        for event in &self.events {
            let follows_here = event.replaces.is_some_and(|id| made_here.contains(&id));
            if !follows_here && !extends(connection, event).await? {
                return Ok(Appended::Moved);
            }
            made_here.insert(event.id);
        }
        for values in &self.values {
            if !stand(connection, values).await? {
                return Ok(Appended::Moved);
            }
        }
        for submission in &self.submissions {
            if !matches!(submission.write(connection).await?, Inserted::New) {
                return Err(StoreError("a submission made here is not new".into()));
            }
        }
        for event in &self.events {
            insert_record(connection, event).await?;
        }
        qualifications::end(connection, &person, &self.events).await?;
        if let Some(request) = &self.request {
            request.write(connection).await?;
        }
        for letter in &self.letters {
            insert_letter(connection, letter, self.at).await?;
        }
        for (kind, subject, expires) in &self.links {
            let next = Renewal {
                kind: *kind,
                subject: *subject,
                issued: self.at,
                expires: *expires,
            };
            next.write(connection).await?;
        }
        self.values.write(connection).await?;
        self.report_fields(connection).await?;
        self.suppressions(connection).await?;
        sqlx::query(
            "UPDATE people SET due_ms = ?2, contact_ms = iif(?3, max(contact_ms, ?4), contact_ms) WHERE id = ?1",
        )
        .bind(&person)
        .bind(self.due.map_or(0, milliseconds))
        .bind(self.contact)
        .bind(milliseconds(self.at))
        .execute(&mut *connection)
        .await?;
        if let Some(restrict) = self.restrict {
            flows::restrict(connection, &person, restrict, self.at).await?;
        }
        for erasure in &self.erase {
            erase(connection, erasure, milliseconds(self.at)).await?;
        }
        let gone = self.erase.last().map(|erasure| match erasure.reason.as_str() {
            ASKED => EndReason::Erased.as_str(),
            _ => EndReason::Retention.as_str(),
        });
        flows::mark_due(connection, &person, gone).await?;
        if !self.erase.is_empty() {
            forget(connection, &person).await?;
        }
        Ok(Appended::New)
    }
}

/// Somebody who was erased meanwhile does not come back by an act that began before.
async fn is_known(connection: &mut SqliteConnection, person: &str) -> Result<bool, StoreError> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM people WHERE id = ?1")
        .bind(person)
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

/// Whether the values are those that were read: a rotation of keys seals them anew, and the correction would be lost.
async fn stand(connection: &mut SqliteConnection, values: &Resealed) -> Result<bool, StoreError> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM leads WHERE record = ?1 AND values_sealed = ?2")
        .bind(values.record.to_string())
        .bind(&values.before.bytes)
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

impl PersonChange {
    /// Leads that go on without some of their fields.
    async fn report_fields(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        for values in self.values.iter().filter(|values| values.ended) {
            let report = "
                INSERT INTO deletions (at_ms, form, reason, leads, records)
                SELECT ?2, form, 'field', 1, 0 FROM records WHERE id = ?1";
            sqlx::query(report)
                .bind(values.record.to_string())
                .bind(milliseconds(self.at))
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }

    async fn suppressions(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        for entry in self.suppress.iter().chain(&self.lift) {
            if entry.kind == AddressKind::Phone {
                flows::due_by_phone(connection, entry).await?;
            }
        }
        for entry in &self.suppress {
            sqlx::query("INSERT INTO suppressions VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")
                .bind(&entry.key.0)
                .bind(entry.kind.as_str())
                .bind(&entry.channel)
                .bind(milliseconds(self.at))
                .execute(&mut *connection)
                .await?;
        }
        for entry in &self.lift {
            sqlx::query("DELETE FROM suppressions WHERE key = ?1 AND kind = ?2 AND channel = ?3")
                .bind(&entry.key.0)
                .bind(entry.kind.as_str())
                .bind(&entry.channel)
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }
}

/// The lead, and by cascade its numbers, letters and plain posts.
async fn erase(connection: &mut SqliteConnection, erasure: &Erasure, at: i64) -> Result<(), StoreError> {
    let chain = erasure.chain.to_string();
    let keep = erasure.keep_until.map(milliseconds);
    let report = "
        INSERT INTO deletions (at_ms, form, reason, leads, records)
        SELECT ?2, form, ?3, 1, iif(?4, 0, count(*)) FROM records WHERE chain = ?1 GROUP BY form";
    sqlx::query(report)
        .bind(&chain)
        .bind(at)
        .bind(&erasure.reason)
        .bind(keep.is_some())
        .execute(&mut *connection)
        .await?;
    for statement in [
        "DELETE FROM links WHERE subject IN (SELECT id FROM records WHERE chain = ?1)",
        "DELETE FROM leads WHERE record = ?1",
    ] {
        sqlx::query(statement).bind(&chain).execute(&mut *connection).await?;
    }
    sqlx::query("INSERT INTO sealed VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")
        .bind(&chain)
        .bind(at)
        .bind(keep.unwrap_or(at))
        .execute(&mut *connection)
        .await?;
    if keep.is_none() {
        delete_records(connection, &chain).await?;
    }
    Ok(())
}

/// Whose last lead is gone is gone.
async fn forget(connection: &mut SqliteConnection, person: &str) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM links WHERE subject = ?1 AND NOT EXISTS (SELECT 1 FROM leads WHERE person = ?1)",
        "DELETE FROM people WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM leads WHERE person = ?1)",
    ] {
        sqlx::query(statement).bind(person).execute(&mut *connection).await?;
    }
    Ok(())
}

#[async_trait]
impl Write for Vec<Resealed> {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        for values in self {
            let record = values.record.to_string();
            let written = sqlx::query(
                "UPDATE leads SET values_key = ?2, values_sealed = ?3, fingerprint = coalesce(?4, fingerprint)
                 WHERE record = ?1 AND values_sealed = ?5",
            )
            .bind(&record)
            .bind(i64::from(values.after.key))
            .bind(&values.after.bytes)
            .bind(&values.fingerprint)
            .bind(&values.before.bytes)
            .execute(&mut *connection)
            .await?;
            if let (1, Some(keys)) = (written.rows_affected(), &values.phone_keys) {
                let keys: Vec<String> = keys.iter().map(|key| hexadecimal(&key.0)).collect();
                sqlx::query("DELETE FROM phones WHERE record = ?1")
                    .bind(&record)
                    .execute(&mut *connection)
                    .await?;
                sqlx::query("INSERT INTO phones SELECT unhex(value), ?1 FROM json_each(?2)")
                    .bind(&record)
                    .bind(json_list(&keys))
                    .execute(&mut *connection)
                    .await?;
            }
        }
        Ok(())
    }
}

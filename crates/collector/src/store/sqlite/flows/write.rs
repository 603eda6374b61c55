//! What changes in the tables of flows, but for attempts (`attempt.rs`). Refuses a plan for a person who has changed since
//! they were read.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::super::{column::milliseconds, writer::Write};
use crate::{
    store::{
        Restrict, StoreError, SuppressionKey,
        flows::{FlowPlan, NewDelivery, SealedFlow, SealedKind},
    },
    values::Sealed,
};

/// Receivers may have to hear of this person, in the transaction that changed them. `?2`: why a lead went.
const MARK: &str = "
    INSERT INTO flows_due (person, due_ms, turn, gone)
        SELECT ?1, 0, 1, ?2 WHERE EXISTS (SELECT 1 FROM targets WHERE removed_ms IS NULL)
    ON CONFLICT (person) DO UPDATE SET due_ms = 0, turn = turn + 1, gone = coalesce(excluded.gone, gone)";

/// Of everybody who gave a number: somebody else's refusal of it can end their permission.
const MARK_BY_PHONE: &str = "
    INSERT INTO flows_due (person, due_ms, turn)
        SELECT DISTINCT leads.person, 0, 1 FROM phones CROSS JOIN leads ON leads.record = phones.record
        WHERE phones.key = ?1 AND EXISTS (SELECT 1 FROM targets WHERE removed_ms IS NULL)
    ON CONFLICT (person) DO UPDATE SET due_ms = 0, turn = turn + 1";

pub(in crate::store::sqlite) async fn mark_due(
    connection: &mut SqliteConnection,
    person: &str,
    gone: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query(MARK).bind(person).bind(gone).execute(connection).await?;
    Ok(())
}

pub(in crate::store::sqlite) async fn due_by_phone(
    connection: &mut SqliteConnection,
    entry: &SuppressionKey,
) -> Result<(), StoreError> {
    sqlx::query(MARK_BY_PHONE)
        .bind(&entry.key.0)
        .execute(connection)
        .await?;
    Ok(())
}

pub(in crate::store::sqlite) async fn restrict(
    connection: &mut SqliteConnection,
    person: &str,
    what: Restrict,
    at: Timestamp,
) -> Result<(), StoreError> {
    let query = match what {
        Restrict::Begin => {
            "INSERT INTO restrictions (person, since_ms) VALUES (?1, ?2) ON CONFLICT (person) WHERE lifted_ms IS NULL DO NOTHING"
        }
        Restrict::Lift => "UPDATE restrictions SET lifted_ms = ?2 WHERE person = ?1 AND lifted_ms IS NULL",
    };
    sqlx::query(query)
        .bind(person)
        .bind(milliseconds(at))
        .execute(connection)
        .await?;
    Ok(())
}

#[async_trait]
impl Write for FlowPlan {
    type Answer = bool;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<bool, StoreError> {
        let person = self.person.to_string();
        let turn: Option<i64> = sqlx::query_scalar("SELECT turn FROM flows_due WHERE person = ?1")
            .bind(&person)
            .fetch_optional(&mut *connection)
            .await?;
        if turn != Some(self.turn) {
            return Ok(false);
        }
        for id in &self.supersede {
            supersede(connection, id, self.at).await?;
        }
        for new in &self.tell {
            if is_living(connection, new.delivery.target).await? {
                insert(connection, new).await?;
            }
        }
        for target in &self.forget {
            for query in [
                "DELETE FROM deliveries WHERE target = ?1 AND person = ?2",
                "DELETE FROM shared WHERE target = ?1 AND person = ?2",
            ] {
                sqlx::query(query)
                    .bind(target.to_string())
                    .bind(&person)
                    .execute(&mut *connection)
                    .await?;
            }
        }
        match self.next {
            // Why a lead went has been told, or is of no interest to anybody.
            Some(next) => {
                sqlx::query("UPDATE flows_due SET due_ms = ?2, gone = NULL WHERE person = ?1")
                    .bind(&person)
                    .bind(milliseconds(next))
                    .execute(connection)
                    .await?
            }
            None => {
                sqlx::query("DELETE FROM flows_due WHERE person = ?1")
                    .bind(&person)
                    .execute(connection)
                    .await?
            }
        };
        Ok(true)
    }
}

/// Whether the target is still there: it may have been removed since the plan was made.
async fn is_living(connection: &mut SqliteConnection, target: Uuid) -> Result<bool, StoreError> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM targets WHERE id = ?1 AND removed_ms IS NULL")
        .bind(target.to_string())
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

pub(super) async fn supersede(connection: &mut SqliteConnection, id: &str, at: Timestamp) -> Result<(), StoreError> {
    let query = "
        UPDATE deliveries SET state = 'superseded', due_ms = NULL, ended_ms = ?2
        WHERE id = ?1 AND state IN ('waiting', 'dead')";
    sqlx::query(query)
        .bind(id)
        .bind(milliseconds(at))
        .execute(connection)
        .await?;
    Ok(())
}

async fn insert(connection: &mut SqliteConnection, new: &NewDelivery) -> Result<(), StoreError> {
    let NewDelivery {
        delivery,
        subject,
        proof,
    } = new;
    let shared = "INSERT INTO shared (target, person, subject, proof) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (target, person) DO UPDATE SET proof = excluded.proof";
    sqlx::query(shared)
        .bind(delivery.target.to_string())
        .bind(delivery.person.to_string())
        .bind(subject.to_string())
        .bind(proof)
        .execute(&mut *connection)
        .await?;
    let query = "
        INSERT INTO deliveries (id, target, person, event, reason, facts, digest, record, contract, created_ms, due_ms)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)";
    sqlx::query(query)
        .bind(&delivery.id)
        .bind(delivery.target.to_string())
        .bind(delivery.person.to_string())
        .bind(delivery.event.as_str())
        .bind(delivery.reason.map(|reason| reason.as_str()))
        .bind(delivery.facts.as_bytes().as_slice())
        .bind(delivery.digest.as_bytes().as_slice())
        .bind(delivery.record.map(|record| record.to_string()))
        .bind(delivery.contract.to_string())
        .bind(milliseconds(delivery.created))
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) struct PutOff {
    pub person: Uuid,
    pub turn: i64,
    pub due: Timestamp,
}

#[async_trait]
impl Write for PutOff {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query("UPDATE flows_due SET due_ms = ?3 WHERE person = ?1 AND turn = ?2")
            .bind(self.person.to_string())
            .bind(self.turn)
            .bind(milliseconds(self.due))
            .execute(connection)
            .await?;
        Ok(())
    }
}

pub(super) struct Purge(pub Timestamp);

#[async_trait]
impl Write for Purge {
    type Answer = u64;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<u64, StoreError> {
        let query = "
            DELETE FROM deliveries WHERE (target, person) IN (
                SELECT target, person FROM shared WHERE delete_ms <= ?1)";
        sqlx::query(query)
            .bind(milliseconds(self.0))
            .execute(&mut *connection)
            .await?;
        let purged = sqlx::query("DELETE FROM shared WHERE delete_ms <= ?1")
            .bind(milliseconds(self.0))
            .execute(connection)
            .await?;
        Ok(purged.rows_affected())
    }
}

pub(super) struct Resealing(pub Vec<(SealedFlow, Sealed)>);

#[async_trait]
impl Write for Resealing {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        for (row, after) in &self.0 {
            let query = match row.kind {
                SealedKind::Settings => {
                    "UPDATE targets SET settings_key = ?2, settings_sealed = ?3 WHERE id = ?1 AND settings_sealed = ?4"
                }
                SealedKind::Remote => {
                    "UPDATE shared SET remote_key = ?2, remote_sealed = ?3 WHERE subject = ?1 AND remote_sealed = ?4"
                }
            };
            sqlx::query(query)
                .bind(row.id.to_string())
                .bind(i64::from(after.key))
                .bind(&after.bytes)
                .bind(&row.sealed.bytes)
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }
}

//! One attempt at a message: the mark before its first byte leaves, and how it ended.
//! Refuses a mark where the message does not wait any more, or the person has changed meanwhile.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::super::{column::milliseconds, writer::Write};
use super::{
    delivery_in,
    targets::BURY,
    write::{mark_due, supersede},
};
use crate::{
    flow::adapter::Event,
    published::after,
    store::{
        StoreError,
        flows::{AttemptResult, Attempted, DeliveryRow, LastTold},
    },
    values::Sealed,
};

pub(super) struct Sending {
    pub id: String,
    pub at: Timestamp,
}

#[async_trait]
impl Write for Sending {
    type Answer = bool;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<bool, StoreError> {
        let Some(delivery) = delivery_in(connection, &self.id).await? else {
            return Ok(false);
        };
        // Who has changed is planned for first: what was true a moment ago does not leave.
        let mark = "
            UPDATE deliveries SET sending_ms = ?2, attempts = attempts + 1 WHERE id = ?1 AND state = 'waiting'
                AND NOT EXISTS (SELECT 1 FROM flows_due WHERE flows_due.person = deliveries.person AND due_ms <= ?2)";
        let marked = sqlx::query(mark)
            .bind(&self.id)
            .bind(milliseconds(self.at))
            .execute(&mut *connection)
            .await?;
        if marked.rows_affected() == 0 {
            return Ok(false);
        }
        // From here on it may arrive, whether an answer comes or not.
        let is_lead = delivery.event != Event::Ended;
        let query = "
            UPDATE shared SET certain = 0, holds = max(holds, ?3), digest = iif(?3, digest, NULL)
            WHERE target = ?1 AND person = ?2";
        sqlx::query(query)
            .bind(delivery.target.to_string())
            .bind(delivery.person.to_string())
            .bind(i64::from(is_lead))
            .execute(connection)
            .await?;
        Ok(true)
    }
}

#[async_trait]
impl Write for Attempted {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let Some(delivery) = delivery_in(connection, &self.id).await? else {
            return Ok(());
        };
        let target = delivery.target.to_string();
        sqlx::query("UPDATE deliveries SET status = coalesce(?2, status) WHERE id = ?1")
            .bind(&self.id)
            .bind(self.status.map(i64::from))
            .execute(&mut *connection)
            .await?;
        match &self.result {
            AttemptResult::Delivered { told, remote } => {
                delivered(connection, &delivery, *told, remote.as_ref(), self.at).await?;
            }
            AttemptResult::Failed { why, due: Some(due) } => {
                sqlx::query("UPDATE deliveries SET due_ms = ?2, why = ?3 WHERE id = ?1 AND state = 'waiting'")
                    .bind(&self.id)
                    .bind(milliseconds(*due))
                    .bind(why.as_ref())
                    .execute(&mut *connection)
                    .await?;
            }
            AttemptResult::Failed { why, due: None } => {
                let query = "UPDATE deliveries SET state = 'dead', due_ms = NULL, ended_ms = ?2, why = ?3
                    WHERE id = ?1 AND state = 'waiting'";
                sqlx::query(query)
                    .bind(&self.id)
                    .bind(milliseconds(self.at))
                    .bind(why.as_ref())
                    .execute(&mut *connection)
                    .await?;
            }
            AttemptResult::Superseded => {
                supersede(connection, &self.id, self.at).await?;
                mark_due(connection, &delivery.person.to_string(), None).await?;
            }
            AttemptResult::Gone => {
                sqlx::query("UPDATE targets SET disabled_ms = ?2 WHERE id = ?1")
                    .bind(&target)
                    .bind(milliseconds(self.at))
                    .execute(&mut *connection)
                    .await?;
                sqlx::query(BURY)
                    .bind(&target)
                    .bind(milliseconds(self.at))
                    .bind("gone")
                    .execute(&mut *connection)
                    .await?;
            }
        }
        if let Some(pause) = self.pause {
            // Another message may have been asked for more patience.
            sqlx::query("UPDATE targets SET resume_ms = max(resume_ms, ?2) WHERE id = ?1")
                .bind(&target)
                .bind(milliseconds(pause))
                .execute(connection)
                .await?;
        }
        Ok(())
    }
}

async fn delivered(
    connection: &mut SqliteConnection,
    delivery: &DeliveryRow,
    told: LastTold,
    remote: Option<&Sealed>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let (target, person) = (delivery.target.to_string(), delivery.person.to_string());
    // Another message may have been answered meanwhile that the receiver wants nothing more: this one it took.
    let query = "UPDATE deliveries SET state = 'delivered', due_ms = NULL, ended_ms = ?2, why = NULL
        WHERE id = ?1 AND (state = 'waiting' OR (state = 'dead' AND why = 'gone'))";
    let written = sqlx::query(query)
        .bind(&delivery.id)
        .bind(milliseconds(at))
        .execute(&mut *connection)
        .await?;
    if written.rows_affected() == 0 {
        return Ok(());
    }
    let proof: Option<String> = sqlx::query_scalar("SELECT proof FROM shared WHERE target = ?1 AND person = ?2")
        .bind(&target)
        .bind(&person)
        .fetch_optional(&mut *connection)
        .await?;
    // An erasure was taken: what the receiver called the person goes now, the rest when the evidence does.
    let delete = (told == LastTold::Erase).then(|| {
        let span = proof.as_deref().and_then(|text| text.parse().ok()).unwrap_or_default();
        milliseconds(after(at, span))
    });
    let query = "
        UPDATE shared SET
            told = ?3, certain = 1, told_ms = ?4, delete_ms = ?5, contract = ?6,
            digest = iif(?3 = 'lead', ?7, NULL), holds = iif(?3 = 'erase', 0, holds), record = coalesce(?8, record),
            remote_key = CASE WHEN ?3 = 'erase' THEN NULL ELSE coalesce(?9, remote_key) END,
            remote_sealed = CASE WHEN ?3 = 'erase' THEN NULL ELSE coalesce(?10, remote_sealed) END
        WHERE target = ?1 AND person = ?2";
    sqlx::query(query)
        .bind(&target)
        .bind(&person)
        .bind(told.as_str())
        .bind(milliseconds(at))
        .bind(delete)
        .bind(delivery.contract.to_string())
        .bind(delivery.facts.as_bytes().as_slice())
        .bind(delivery.record.map(|record| record.to_string()))
        .bind(remote.map(|remote| i64::from(remote.key)))
        .bind(remote.map(|remote| &remote.bytes))
        .execute(connection)
        .await?;
    Ok(())
}

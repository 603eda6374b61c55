//! The tables `targets`, `shared`, `flows_due`, `deliveries` and `restrictions`: reading. What writes stands in
//! `flows/targets.rs`, `flows/write.rs` and `flows/attempt.rs`. Refuses to read a whole table for one person or one message.

use async_trait::async_trait;
use candor_record::digest::Sha256Digest;
use jiff::{Timestamp, civil::Date};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    column::{json_list, list, milliseconds, timestamp, uuid},
};
use crate::{
    flow::adapter::{EndReason, Event},
    store::{
        StoreError,
        flows::{
            Attempted, CountedTarget, Delivery, DeliveryRow, DeliveryState, DueFlow, FlowPlan, Flows, LastTold,
            Restriction, SealedFlow, SealedKind, SharedRow, TargetRow,
        },
    },
    values::Sealed,
};

mod attempt;
mod targets;
mod whole;
mod write;

pub(super) use self::write::{due_by_phone, mark_due, restrict};
use self::{
    attempt::Sending,
    targets::{AddTarget, CloseTarget, Contract, RemoveClosed, Replay, SetSettings},
    whole::{COUNTED, WAITING},
    write::{Purge, PutOff, Resealing},
};

const TARGET: &str = "SELECT * FROM targets WHERE id = ?1";
const LIVING: &str = "SELECT * FROM targets WHERE removed_ms IS NULL ORDER BY created_ms, id";
const SHARED_OF: &str = "SELECT * FROM shared WHERE person = ?1 ORDER BY target";
const SHARED: &str = "SELECT * FROM shared WHERE target = ?1 AND person = ?2";
/// By the order in which they were made: clocks are set back.
pub(super) const NEWEST: &str = "
    SELECT * FROM deliveries WHERE rowid IN (SELECT max(rowid) FROM deliveries WHERE person = ?1 GROUP BY target)";
const PEOPLE: &str = "SELECT * FROM flows_due WHERE due_ms <= ?1 ORDER BY due_ms, person LIMIT ?2";
/// From the targets on: what waits for one that rests is not read each time. Whoever has changed is planned for first.
const DUE: &str = "
    SELECT deliveries.* FROM targets CROSS JOIN deliveries ON deliveries.target = targets.id
    WHERE targets.removed_ms IS NULL AND targets.disabled_ms IS NULL AND targets.resume_ms <= ?1
        AND targets.id NOT IN (SELECT value FROM json_each(?3))
        AND deliveries.state = 'waiting' AND deliveries.due_ms <= ?1
        AND NOT EXISTS (SELECT 1 FROM flows_due WHERE flows_due.person = deliveries.person AND flows_due.due_ms <= ?1)
    ORDER BY deliveries.due_ms, deliveries.rowid LIMIT ?2";
const DELIVERY: &str = "SELECT * FROM deliveries WHERE id = ?1";
const OF_TARGET: &str = "
    SELECT * FROM deliveries WHERE target = ?1 AND (?2 IS NULL OR state = ?2) AND (created_ms, id) < (?3, ?4)
    ORDER BY created_ms DESC, id DESC LIMIT ?5";
const OF_PERSON: &str = "SELECT * FROM deliveries WHERE person = ?1 ORDER BY rowid";
const RESTRICTIONS: &str = "SELECT * FROM restrictions WHERE person = ?1 ORDER BY since_ms, id";

#[async_trait]
impl Flows for SqliteStore {
    async fn add_target(&self, target: &TargetRow) -> Result<(), StoreError> {
        self.writer.run(AddTarget(target.clone())).await
    }

    async fn target(&self, id: Uuid) -> Result<Option<TargetRow>, StoreError> {
        let row = sqlx::query(TARGET)
            .bind(id.to_string())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(target_row).transpose()
    }

    async fn targets(&self) -> Result<Vec<TargetRow>, StoreError> {
        let rows = sqlx::query(LIVING).fetch_all(&self.readers).await?;
        rows.iter().map(target_row).collect()
    }

    async fn targets_counted(&self) -> Result<Vec<CountedTarget>, StoreError> {
        let rows = sqlx::query(COUNTED).fetch_all(&self.readers).await?;
        let counted = |row: &SqliteRow| {
            let count = |name: &str| Ok::<_, StoreError>(row.try_get::<i64, _>(name)?.unsigned_abs());
            Ok(CountedTarget {
                target: target_row(row)?,
                holds: count("holding")?,
                waiting: count("waiting")?,
                delivered: count("delivered")?,
                dead: count("dead")?,
            })
        };
        rows.iter().map(counted).collect()
    }

    async fn set_settings(&self, id: Uuid, before: &Sealed, after: &Sealed) -> Result<bool, StoreError> {
        let set = SetSettings {
            id,
            before: before.clone(),
            after: after.clone(),
        };
        self.writer.run(set).await
    }

    async fn set_audited(&self, id: Uuid, contract: Date, audited: Option<Date>) -> Result<(), StoreError> {
        self.writer.run(Contract { id, contract, audited }).await
    }

    async fn close_target(&self, id: Uuid, at: Timestamp, abandon: bool) -> Result<(), StoreError> {
        self.writer.run(CloseTarget { id, at, abandon }).await
    }

    async fn remove_closed(&self, at: Timestamp) -> Result<(), StoreError> {
        self.writer.run(RemoveClosed(at)).await
    }

    async fn replay(&self, target: Uuid, id: Option<&str>, at: Timestamp) -> Result<u64, StoreError> {
        let id = id.map(str::to_owned);
        self.writer.run(Replay { target, id, at }).await
    }

    async fn flows_due(&self, at: Timestamp, limit: u32) -> Result<Vec<DueFlow>, StoreError> {
        let rows = sqlx::query(PEOPLE)
            .bind(milliseconds(at))
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        let due = |row: &SqliteRow| {
            Ok(DueFlow {
                person: uuid(row.try_get("person")?)?,
                turn: row.try_get("turn")?,
                gone: row.try_get::<Option<&str>, _>("gone")?.map(reason).transpose()?,
            })
        };
        rows.iter().map(due).collect()
    }

    async fn shared_of(&self, person: Uuid) -> Result<Vec<SharedRow>, StoreError> {
        let rows = sqlx::query(SHARED_OF)
            .bind(person.to_string())
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(shared_row).collect()
    }

    async fn shared(&self, target: Uuid, person: Uuid) -> Result<Option<SharedRow>, StoreError> {
        let row = sqlx::query(SHARED)
            .bind(target.to_string())
            .bind(person.to_string())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(shared_row).transpose()
    }

    async fn newest_deliveries(&self, person: Uuid) -> Result<Vec<DeliveryRow>, StoreError> {
        let rows = sqlx::query(NEWEST)
            .bind(person.to_string())
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(delivery_row).collect()
    }

    async fn plan_flows(&self, plan: &FlowPlan) -> Result<bool, StoreError> {
        self.writer.run(plan.clone()).await
    }

    async fn put_off_flow(&self, person: Uuid, turn: i64, due: Timestamp) -> Result<(), StoreError> {
        self.writer.run(PutOff { person, turn, due }).await
    }

    async fn deliveries_due(&self, at: Timestamp, limit: u32, except: &[Uuid]) -> Result<Vec<DeliveryRow>, StoreError> {
        let except: Vec<String> = except.iter().map(Uuid::to_string).collect();
        let rows = sqlx::query(DUE)
            .bind(milliseconds(at))
            .bind(i64::from(limit))
            .bind(json_list(&except))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(delivery_row).collect()
    }

    async fn delivery(&self, id: &str) -> Result<Option<DeliveryRow>, StoreError> {
        let row = sqlx::query(DELIVERY).bind(id).fetch_optional(&self.readers).await?;
        row.as_ref().map(delivery_row).transpose()
    }

    async fn delivery_sending(&self, id: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.writer.run(Sending { id: id.to_owned(), at }).await
    }

    async fn delivery_attempted(&self, attempted: &Attempted) -> Result<(), StoreError> {
        self.writer.run(attempted.clone()).await
    }

    async fn deliveries_waiting(&self) -> Result<u64, StoreError> {
        let found: i64 = sqlx::query_scalar(WAITING).fetch_one(&self.readers).await?;
        Ok(found.unsigned_abs())
    }

    async fn deliveries_of_target(
        &self,
        target: Uuid,
        state: Option<DeliveryState>,
        before: Option<(Timestamp, String)>,
        limit: u32,
    ) -> Result<Vec<DeliveryRow>, StoreError> {
        let (at, id) = before.map_or((i64::MAX, String::new()), |(at, id)| (milliseconds(at), id));
        let rows = sqlx::query(OF_TARGET)
            .bind(target.to_string())
            .bind(state.map(DeliveryState::as_str))
            .bind(at)
            .bind(id)
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(delivery_row).collect()
    }

    async fn deliveries_of_person(&self, person: Uuid) -> Result<Vec<DeliveryRow>, StoreError> {
        let rows = sqlx::query(OF_PERSON)
            .bind(person.to_string())
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(delivery_row).collect()
    }

    async fn purge_shared(&self, at: Timestamp) -> Result<u64, StoreError> {
        self.writer.run(Purge(at)).await
    }

    async fn flows_not_under(&self, key: u32, limit: u32) -> Result<Vec<SealedFlow>, StoreError> {
        let mut found = Vec::new();
        for (kind, query) in [
            (SealedKind::Settings, SETTINGS_NOT_UNDER),
            (SealedKind::Remote, REMOTES_NOT_UNDER),
        ] {
            let rows = sqlx::query(query)
                .bind(i64::from(key))
                .bind(i64::from(limit))
                .fetch_all(&self.readers)
                .await?;
            for row in &rows {
                found.push(SealedFlow {
                    kind,
                    id: uuid(row.try_get("id")?)?,
                    sealed: sealed(row, "sealed_key", "sealed_bytes")?
                        .ok_or_else(|| StoreError("nothing sealed".into()))?,
                });
            }
        }
        Ok(found)
    }

    async fn reseal_flows(&self, rows: &[(SealedFlow, Sealed)]) -> Result<(), StoreError> {
        self.writer.run(Resealing(rows.to_vec())).await
    }

    async fn restrictions_of(&self, person: Uuid) -> Result<Vec<Restriction>, StoreError> {
        let rows = sqlx::query(RESTRICTIONS)
            .bind(person.to_string())
            .fetch_all(&self.readers)
            .await?;
        let restriction = |row: &SqliteRow| {
            Ok(Restriction {
                since: timestamp(row.try_get("since_ms")?)?,
                lifted: time(row, "lifted_ms")?,
            })
        };
        rows.iter().map(restriction).collect()
    }
}

/// Two ranges, so that the index finds them.
const SETTINGS_NOT_UNDER: &str = "
    SELECT id, settings_key AS sealed_key, settings_sealed AS sealed_bytes FROM targets
        WHERE settings_key < ?1 AND removed_ms IS NULL
    UNION ALL SELECT id, settings_key, settings_sealed FROM targets
        WHERE settings_key > ?1 AND removed_ms IS NULL LIMIT ?2";
const REMOTES_NOT_UNDER: &str = "
    SELECT subject AS id, remote_key AS sealed_key, remote_sealed AS sealed_bytes FROM shared WHERE remote_key < ?1
    UNION ALL SELECT subject, remote_key, remote_sealed FROM shared WHERE remote_key > ?1 LIMIT ?2";

/// One message, as a write sees it.
async fn delivery_in(connection: &mut SqliteConnection, id: &str) -> Result<Option<DeliveryRow>, StoreError> {
    let row = sqlx::query(DELIVERY).bind(id).fetch_optional(connection).await?;
    row.as_ref().map(delivery_row).transpose()
}

fn target_row(row: &SqliteRow) -> Result<TargetRow, StoreError> {
    let settings = sealed(row, "settings_key", "settings_sealed")?;
    Ok(TargetRow {
        id: uuid(row.try_get("id")?)?,
        kind: row.try_get("kind")?,
        name: row.try_get("name")?,
        purpose: row.try_get("purpose")?,
        party: row.try_get("party")?,
        party_names: list(row.try_get("party_names")?)?,
        contract: date(row.try_get("contract")?)?,
        audited: row.try_get::<Option<&str>, _>("audited")?.map(date).transpose()?,
        settings: settings.ok_or_else(|| StoreError("a target without settings".into()))?,
        created: timestamp(row.try_get("created_ms")?)?,
        disabled: time(row, "disabled_ms")?,
        closed: time(row, "closed_ms")?,
        removed: time(row, "removed_ms")?,
    })
}

fn shared_row(row: &SqliteRow) -> Result<SharedRow, StoreError> {
    let told = row.try_get::<Option<&str>, _>("told")?;
    let told = told.map(|word| {
        let found = LastTold::ALL.into_iter().find(|told| told.as_str() == word);
        found.ok_or_else(|| StoreError("an unknown word".into()))
    });
    Ok(SharedRow {
        target: uuid(row.try_get("target")?)?,
        person: uuid(row.try_get("person")?)?,
        subject: uuid(row.try_get("subject")?)?,
        told: told.transpose()?,
        digest: row.try_get::<Option<&[u8]>, _>("digest")?.map(digest).transpose()?,
        certain: row.try_get::<i64, _>("certain")? != 0,
        holds: row.try_get::<i64, _>("holds")? != 0,
        record: row.try_get::<Option<&str>, _>("record")?.map(uuid).transpose()?,
        contract: row.try_get::<Option<&str>, _>("contract")?.map(date).transpose()?,
        remote: sealed(row, "remote_key", "remote_sealed")?,
        told_at: time(row, "told_ms")?,
    })
}

fn delivery_row(row: &SqliteRow) -> Result<DeliveryRow, StoreError> {
    let state = DeliveryState::parse(row.try_get("state")?).ok_or_else(|| StoreError("an unknown state".into()))?;
    let delivery = Delivery {
        id: row.try_get("id")?,
        target: uuid(row.try_get("target")?)?,
        person: uuid(row.try_get("person")?)?,
        event: Event::parse(row.try_get("event")?).ok_or_else(|| StoreError("an unknown event".into()))?,
        reason: row.try_get::<Option<&str>, _>("reason")?.map(reason).transpose()?,
        facts: digest(row.try_get("facts")?)?,
        digest: digest(row.try_get("digest")?)?,
        record: row.try_get::<Option<&str>, _>("record")?.map(uuid).transpose()?,
        contract: date(row.try_get("contract")?)?,
        created: timestamp(row.try_get("created_ms")?)?,
    };
    Ok(DeliveryRow {
        delivery,
        attempts: row.try_get("attempts")?,
        due: time(row, "due_ms")?,
        sending: time(row, "sending_ms")?,
        state,
        status: row.try_get("status")?,
        why: row.try_get("why")?,
        ended: time(row, "ended_ms")?,
    })
}

fn time(row: &SqliteRow, column: &str) -> Result<Option<Timestamp>, StoreError> {
    row.try_get::<Option<i64>, _>(column)?.map(timestamp).transpose()
}

fn date(text: &str) -> Result<Date, StoreError> {
    text.parse().map_err(|_| StoreError("a date that is none".into()))
}

fn reason(word: &str) -> Result<EndReason, StoreError> {
    let mut all = EndReason::ALL.into_iter();
    all.find(|reason| reason.as_str() == word)
        .ok_or_else(|| StoreError("an unknown reason".into()))
}

fn digest(bytes: &[u8]) -> Result<Sha256Digest, StoreError> {
    let text = candor_record::base64url::encode(bytes);
    Sha256Digest::from_b64u(&text).map_err(|_| StoreError("a digest of another length".into()))
}

fn sealed(row: &SqliteRow, key: &str, bytes: &str) -> Result<Option<Sealed>, StoreError> {
    let Some(key) = row.try_get::<Option<i64>, _>(key)? else {
        return Ok(None);
    };
    Ok(Some(Sealed {
        key: u32::try_from(key).map_err(|_| StoreError("a key's number out of range".into()))?,
        bytes: row.try_get(bytes)?,
    }))
}

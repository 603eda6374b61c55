//! Targets as they are added, changed and closed. Refuses settings over others that were written meanwhile.

use async_trait::async_trait;
use jiff::{Timestamp, civil::Date};
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::super::{
    column::{json_list, milliseconds},
    writer::Write,
};
use super::whole::EVERYBODY;
use crate::{
    store::{StoreError, flows::TargetRow},
    values::Sealed,
};

const ALL_IT_KNOWS: &str = "
    INSERT INTO flows_due (person, due_ms, turn) SELECT person, 1, 1 FROM shared WHERE target = ?1
    ON CONFLICT (person) DO UPDATE SET due_ms = min(due_ms, 1), turn = turn + 1";

pub(super) struct AddTarget(pub TargetRow);

#[async_trait]
impl Write for AddTarget {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let row = &self.0;
        let query = "
            INSERT INTO targets (id, kind, name, purpose, party, party_names, contract, audited, settings_key, settings_sealed, created_ms)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        sqlx::query(query)
            .bind(row.id.to_string())
            .bind(&row.kind)
            .bind(&row.name)
            .bind(&row.purpose)
            .bind(&row.party)
            .bind(json_list(&row.party_names))
            .bind(row.contract.to_string())
            .bind(row.audited.map(|date| date.to_string()))
            .bind(i64::from(row.settings.key))
            .bind(&row.settings.bytes)
            .bind(milliseconds(row.created))
            .execute(&mut *connection)
            .await?;
        sqlx::query(EVERYBODY).execute(connection).await?;
        Ok(())
    }
}

pub(super) struct SetSettings {
    pub id: Uuid,
    pub before: Sealed,
    pub after: Sealed,
}

#[async_trait]
impl Write for SetSettings {
    type Answer = bool;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<bool, StoreError> {
        let query = "UPDATE targets SET settings_key = ?2, settings_sealed = ?3 WHERE id = ?1 AND settings_sealed = ?4";
        let written = sqlx::query(query)
            .bind(self.id.to_string())
            .bind(i64::from(self.after.key))
            .bind(&self.after.bytes)
            .bind(&self.before.bytes)
            .execute(connection)
            .await?;
        Ok(written.rows_affected() == 1)
    }
}

pub(super) struct Contract {
    pub id: Uuid,
    pub contract: Date,
    pub audited: Option<Date>,
}

#[async_trait]
impl Write for Contract {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query("UPDATE targets SET contract = ?2, audited = ?3 WHERE id = ?1")
            .bind(self.id.to_string())
            .bind(self.contract.to_string())
            .bind(self.audited.map(|date| date.to_string()))
            .execute(connection)
            .await?;
        Ok(())
    }
}

/// What waits for a target that will take nothing more.
pub(super) const BURY: &str = "
    UPDATE deliveries SET state = 'dead', due_ms = NULL, ended_ms = ?2, why = ?3 WHERE target = ?1 AND state = 'waiting'";
const EMPTY: &str = "UPDATE targets SET removed_ms = ?2, settings_sealed = x'' WHERE id = ?1";
/// What it was told stays as proof for five years (art. 2224 of the French civil code), in milliseconds.
const OUTDATE: &str = "
    UPDATE shared SET delete_ms = ?2 + 157788000000, remote_key = NULL, remote_sealed = NULL
    WHERE target = ?1 AND delete_ms IS NULL";

pub(super) struct CloseTarget {
    pub id: Uuid,
    pub at: Timestamp,
    pub abandon: bool,
}

#[async_trait]
impl Write for CloseTarget {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let id = self.id.to_string();
        sqlx::query("UPDATE targets SET closed_ms = coalesce(closed_ms, ?2) WHERE id = ?1")
            .bind(&id)
            .bind(milliseconds(self.at))
            .execute(&mut *connection)
            .await?;
        if self.abandon {
            sqlx::query(BURY)
                .bind(&id)
                .bind(milliseconds(self.at))
                .bind("removed")
                .execute(&mut *connection)
                .await?;
            for query in [EMPTY, OUTDATE] {
                sqlx::query(query)
                    .bind(&id)
                    .bind(milliseconds(self.at))
                    .execute(&mut *connection)
                    .await?;
            }
        }
        Ok(())
    }
}

pub(super) struct RemoveClosed(pub Timestamp);

#[async_trait]
impl Write for RemoveClosed {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let query = "
            SELECT id FROM targets WHERE removed_ms IS NULL AND closed_ms IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM shared WHERE shared.target = targets.id AND holds = 1)
                AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.target = targets.id AND state = 'waiting')";
        let idle: Vec<String> = sqlx::query_scalar(query).fetch_all(&mut *connection).await?;
        for id in idle {
            for query in [EMPTY, OUTDATE] {
                sqlx::query(query)
                    .bind(&id)
                    .bind(milliseconds(self.0))
                    .execute(&mut *connection)
                    .await?;
            }
        }
        Ok(())
    }
}

pub(super) struct Replay {
    pub target: Uuid,
    pub id: Option<String>,
    pub at: Timestamp,
}

#[async_trait]
impl Write for Replay {
    type Answer = u64;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<u64, StoreError> {
        let target = self.target.to_string();
        sqlx::query("UPDATE targets SET resume_ms = 0 WHERE id = ?1")
            .bind(&target)
            .execute(&mut *connection)
            .await?;
        let enabled = sqlx::query("UPDATE targets SET disabled_ms = NULL WHERE id = ?1 AND disabled_ms IS NOT NULL")
            .bind(&target)
            .execute(&mut *connection)
            .await?;
        if enabled.rows_affected() > 0 {
            // While it was disabled, nobody was planned for.
            sqlx::query(EVERYBODY).execute(&mut *connection).await?;
            sqlx::query(ALL_IT_KNOWS)
                .bind(&target)
                .execute(&mut *connection)
                .await?;
        }
        // The newest dead letter of each person, where nothing newer waits: what is older is not true any more.
        let query = "
            UPDATE deliveries SET state = 'waiting', due_ms = ?3, ended_ms = NULL, attempts = 0, why = NULL
            WHERE target = ?1 AND state = 'dead' AND (?2 IS NULL OR id = ?2)
                AND rowid = (SELECT max(rowid) FROM deliveries AS later
                    WHERE later.target = deliveries.target AND later.person = deliveries.person AND later.state <> 'superseded')";
        let replayed = sqlx::query(query)
            .bind(&target)
            .bind(&self.id)
            .bind(milliseconds(self.at))
            .execute(&mut *connection)
            .await?;
        Ok(replayed.rows_affected())
    }
}

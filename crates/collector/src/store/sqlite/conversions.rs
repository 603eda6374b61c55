//! The submissions of a form in a time.
//! Refuses whoever's processing is restricted: their data are kept, and counted for nothing (Art. 18 GDPR).

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Row, sqlite::SqliteRow};

use super::{SqliteStore, column::milliseconds, submissions::stored_submission};
use crate::store::{
    StoreError,
    conversions::{Conversions, Counted},
};

/// By the primary key (`+` keeps the index of forms away), so that a page costs what it holds.
const BETWEEN: &str = "
    SELECT records.*, leads.*, imported.import, imported.acted_ms,
        (SELECT later.receipt FROM records AS later
         WHERE later.chain = records.id AND later.event = 'confirmation' ORDER BY later.sequence LIMIT 1) AS confirmation
    FROM records CROSS JOIN leads ON leads.record = records.id LEFT JOIN imported ON imported.record = leads.record
    WHERE records.sequence > ?4 AND +records.form = ?1 AND +records.event = 'submission'
        AND records.received_ms >= ?2 AND records.received_ms < ?3 AND imported.record IS NULL
        AND NOT EXISTS (SELECT 1 FROM restrictions WHERE person = leads.person AND lifted_ms IS NULL)
    ORDER BY records.sequence LIMIT ?5";

#[async_trait]
impl Conversions for SqliteStore {
    async fn submissions_between(
        &self,
        form: &str,
        (from, to): (Timestamp, Timestamp),
        after: i64,
        limit: u32,
    ) -> Result<Vec<Counted>, StoreError> {
        let rows = sqlx::query(BETWEEN)
            .bind(form)
            .bind(milliseconds(from))
            .bind(milliseconds(to))
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        let counted = |row: &SqliteRow| {
            Ok(Counted {
                submission: stored_submission(row)?,
                confirmation: row.try_get("confirmation")?,
            })
        };
        rows.iter().map(counted).collect()
    }
}

//! The definitions in force at a time, from the table `publications`, and those of which leads are held.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Row, sqlite::SqliteRow};

use super::{
    SqliteStore,
    column::{milliseconds, timestamp},
};
use crate::store::{
    StoreError,
    registry::{PublishedDefinition, Registry},
};

/// What a version was published against, as a JSON list of `ExceptionRow`.
macro_rules! excepted {
    () => {
        "(SELECT json_group_array(json_object('rule', rule, 'pointer', pointer, 'message', message, 'source', source)
            ORDER BY rule, pointer)
          FROM exceptions WHERE exceptions.form = forms.form AND exceptions.version = forms.version) AS excepted"
    };
}

/// Of two starts in the same millisecond the one written last counts.
const IN_FORCE: &str = concat!(
    "SELECT forms.form, forms.version, definition, at_ms, ",
    excepted!(),
    " FROM (
        SELECT *, row_number() OVER (PARTITION BY form ORDER BY at_ms DESC, sequence DESC) AS place
        FROM publications WHERE at_ms <= ?1
    ) AS newest JOIN forms ON forms.form = newest.form AND forms.version = newest.version
    WHERE place = 1 ORDER BY forms.form"
);
/// One lead is enough: the search ends at the first.
const HELD: &str = concat!(
    "SELECT form, version, definition, published_ms AS at_ms, ",
    excepted!(),
    " FROM forms
    WHERE published_ms <= ?1 AND EXISTS (
        SELECT 1 FROM records CROSS JOIN leads ON leads.record = records.id
        WHERE records.form = forms.form AND records.version = forms.version AND records.event = 'submission'
            AND records.received_ms <= ?1)
    ORDER BY published_ms DESC, forms.rowid DESC"
);

fn published(row: &SqliteRow) -> Result<PublishedDefinition, StoreError> {
    Ok(PublishedDefinition {
        form: row.try_get("form")?,
        version: row.try_get("version")?,
        definition: row.try_get("definition")?,
        published: timestamp(row.try_get("at_ms")?)?,
        exceptions: serde_json::from_str(row.try_get("excepted")?)
            .map_err(|_| StoreError("a list of exceptions that is none".into()))?,
    })
}

#[async_trait]
impl Registry for SqliteStore {
    async fn in_force(&self, at: Timestamp) -> Result<Vec<PublishedDefinition>, StoreError> {
        let rows = sqlx::query(IN_FORCE)
            .bind(milliseconds(at))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(published).collect()
    }

    async fn held(&self, at: Timestamp) -> Result<Vec<PublishedDefinition>, StoreError> {
        let rows = sqlx::query(HELD)
            .bind(milliseconds(at))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(published).collect()
    }

    async fn definitions(&self) -> Result<Vec<String>, StoreError> {
        let query = "SELECT definition FROM forms ORDER BY published_ms, rowid";
        Ok(sqlx::query_scalar(query).fetch_all(&self.readers).await?)
    }
}

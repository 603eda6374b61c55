//! The store in one SQLite file: WAL, `synchronous=FULL`, `secure_delete=ON`, one writer, any number of readers.
//! Refuses to open where one of these does not hold: with `synchronous=NORMAL` an acknowledged submission is lost on power failure.
//! Read next: `sqlite/writer.rs`, then `sqlite/submissions.rs`, which everything else serves.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{SqliteConnection, SqlitePool};
use uuid::Uuid;

use super::{
    CompiledRow, Inserted, NewSubmission, Published, Release, Store, StoreError, StoredLink, StoredRecord,
    StoredSubmission,
};
use crate::links::{LinkKind, LinkTarget};

mod change;
mod column;
mod contacts;
mod conversions;
mod events;
mod flows;
mod forms;
mod imports;
mod links;
mod notices;
mod open;
mod operators;
mod outbox;
mod people;
#[cfg(test)]
mod plans;
mod qualifications;
mod records;
mod registry;
mod several;
mod snapshot;
mod submissions;
mod sweep;
mod watch;
mod writer;

use self::{
    forms::Publication,
    links::Renewal,
    writer::{Write, Writer},
};

pub use self::snapshot::{check_integrity, snapshot};

#[derive(Debug)]
pub struct SqliteStore {
    writer: Writer,
    readers: SqlitePool,
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // SQLite's messages name tables and constraints, never the values bound to a statement.
        let error = Self(error.to_string());
        if error.is_replaced_key() {
            tracing::debug!("values came sealed by a replaced key");
        } else {
            tracing::error!(%error, "store");
        }
        error
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn publish(&self, release: &Release, at: Timestamp) -> Result<Published, StoreError> {
        let release = release.clone();
        self.writer.run(Publication { release, at }).await
    }

    async fn compiled(&self, digest: &str) -> Result<Option<CompiledRow>, StoreError> {
        forms::compiled(self, digest).await
    }

    async fn compiled_of(&self, form: &str, version: &str, language: &str) -> Result<Vec<CompiledRow>, StoreError> {
        forms::compiled_of(self, form, version, language).await
    }

    async fn definition(&self, form: &str, version: &str) -> Result<Option<String>, StoreError> {
        forms::definition(self, form, version).await
    }

    async fn insert_submission(&self, new: &NewSubmission) -> Result<Inserted, StoreError> {
        self.writer.run(new.clone()).await
    }

    async fn submission(&self, id: Uuid) -> Result<Option<StoredSubmission>, StoreError> {
        submissions::find(self, id).await
    }

    async fn record(&self, id: Uuid) -> Result<Option<StoredRecord>, StoreError> {
        events::find(self, id).await
    }

    async fn chain(&self, chain: Uuid) -> Result<Vec<StoredRecord>, StoreError> {
        events::chain(self, chain).await
    }

    async fn link(&self, target: LinkTarget) -> Result<Option<StoredLink>, StoreError> {
        links::find(self, target).await
    }

    async fn newest_link(&self, kind: LinkKind, subject: Uuid) -> Result<Option<StoredLink>, StoreError> {
        links::newest(self, kind, subject).await
    }

    async fn renew_link(
        &self,
        kind: LinkKind,
        subject: Uuid,
        issued: Timestamp,
        expires: Option<Timestamp>,
    ) -> Result<StoredLink, StoreError> {
        let renewal = Renewal {
            kind,
            subject,
            issued,
            expires,
        };
        self.writer.run(renewal).await
    }

    async fn ready(&self) -> Result<(), StoreError> {
        self.writer.run(Nothing).await
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// An empty transaction shows that the file can be written.
struct Nothing;

#[async_trait]
impl Write for Nothing {
    type Answer = ();

    async fn write(&self, _: &mut SqliteConnection) -> Result<(), StoreError> {
        Ok(())
    }
}

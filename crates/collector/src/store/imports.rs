//! What was taken over from elsewhere: each import, and of each lead when the person acted.
//! Refuses half of one: lead, record and the time of the act are one transaction, like any submission.

use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Inserted, NewSubmission, StoreError};

/// One file with one mapping, for one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The same for the same file, mapping and form.
    pub id: Uuid,
    pub form: String,
    pub version: String,
    /// `csv` or `meta`.
    pub format: String,
    /// SHA-256 of the file.
    pub file: Vec<u8>,
    /// As it was given, and nothing personal in it.
    pub mapping: String,
    /// In words, for the people themselves.
    pub source: String,
    pub begun: Timestamp,
}

/// Of a lead that was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    pub import: Uuid,
    /// When the person acted, as the source says.
    pub acted: Timestamp,
}

/// The same on its way into the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewImported {
    pub imported: Imported,
    /// By what the act is known again after its lead has gone.
    pub act: Uuid,
}

/// Each method is one transaction.
#[async_trait]
pub trait Imports: Debug + Send + Sync {
    /// Notes an import; the same one again changes nothing.
    async fn begin_import(&self, import: &Import) -> Result<(), StoreError>;
    async fn import(&self, id: Uuid) -> Result<Option<Import>, StoreError>;
    /// Like `insert_submission`. A person who was not known is known since the import; their last contact is the act.
    async fn insert_imported(&self, submission: &NewSubmission, imported: NewImported) -> Result<Inserted, StoreError>;
    /// The first record that was made of an act, whether its lead is still there or not.
    async fn imported_act(&self, act: Uuid) -> Result<Option<Uuid>, StoreError>;
}

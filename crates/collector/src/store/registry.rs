//! What the register of processing is made from: the definitions in force at a time.
//! Refuses to say which forms a server serves just now: what was published stays published, and so do its leads.

use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{ExceptionRow, StoreError};

/// A definition as it was published, and since when it was in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedDefinition {
    pub form: String,
    pub version: String,
    pub definition: String,
    pub published: Timestamp,
    /// The rules that it was published against, in the order of their names.
    pub exceptions: Vec<ExceptionRow>,
}

/// Definitions by the time of their publication.
#[async_trait]
pub trait Registry: Debug + Send + Sync {
    /// The definition of each form that was in force then, since when, in the order of the form ids.
    async fn in_force(&self, at: Timestamp) -> Result<Vec<PublishedDefinition>, StoreError>;
    /// Every definition of which a lead is held that had come by then, newest first.
    async fn held(&self, at: Timestamp) -> Result<Vec<PublishedDefinition>, StoreError>;
    /// Every definition that was ever published, oldest first.
    async fn definitions(&self) -> Result<Vec<String>, StoreError>;
}

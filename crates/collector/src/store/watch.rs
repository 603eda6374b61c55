//! Marks about published forms, and the pages that they link to. Refuses to forget a mark: what is over has its end.

use std::fmt::Debug;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::{StoreError, registry::PublishedDefinition};
use crate::watch::Kind;

/// Which mark it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkKey {
    pub form: String,
    pub version: String,
    pub kind: Kind,
    pub subject: String,
    pub pointer: String,
}

/// A page that a version of a form links to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedPage {
    pub form: String,
    pub version: String,
    pub url: String,
    pub visited: Timestamp,
    /// The status code, or in a word why there was none.
    pub outcome: String,
    /// Since when it cannot be read.
    pub failing: Option<Timestamp>,
    /// SHA-256 of its words at the first visit that found it.
    pub first_digest: Option<Vec<u8>>,
    pub digest: Option<Vec<u8>>,
    /// Since when its words are other ones.
    pub changed: Option<Timestamp>,
}

/// A machine that is away for a night is no dead page; visits are a day apart.
const PATIENCE: SignedDuration = SignedDuration::from_hours(20);

impl WatchedPage {
    pub fn is_of(&self, published: &PublishedDefinition) -> bool {
        (&self.form, &self.version) == (&published.form, &published.version)
    }

    /// It says so itself (404 and 410), or it has failed for two visits in a row.
    pub fn is_dead(&self) -> bool {
        let is_gone = matches!(self.outcome.as_str(), "404" | "410");
        self.failing
            .is_some_and(|since| is_gone || self.visited.duration_since(since) >= PATIENCE)
    }
}

#[async_trait]
pub trait Watch: Debug + Send + Sync {
    /// Notes the marks of now; those that were not known, or had ended, are answered. The others that stand have ended.
    async fn note_marks(&self, marks: &[MarkKey], at: Timestamp) -> Result<Vec<MarkKey>, StoreError>;
    async fn watched_pages(&self) -> Result<Vec<WatchedPage>, StoreError>;
    /// Writes what a visit found, in the place of what an earlier one did.
    async fn note_page(&self, page: &WatchedPage) -> Result<(), StoreError>;
}

//! The renderings of published notices, by digest and by version. Refuses nothing: what was published stays readable.

use std::fmt::Debug;

use async_trait::async_trait;

use super::StoreError;

/// One rendering: the page as it was published, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRow {
    /// Of the bytes of `html`.
    pub digest: String,
    pub form: String,
    /// Digest of the definition that it was made from.
    pub version: String,
    pub language: String,
    pub html: String,
}

/// Reading notices; they are written with their release.
#[async_trait]
pub trait Notices: Debug + Send + Sync {
    async fn notice(&self, digest: &str) -> Result<Option<NoticeRow>, StoreError>;
    /// The newest rendering of each language of that version, in the order of the languages' tags.
    async fn notices_of(&self, form: &str, version: &str) -> Result<Vec<NoticeRow>, StoreError>;
    /// The versions of a form as they came into force, oldest first; one that came back stands twice.
    async fn history(&self, form: &str) -> Result<Vec<String>, StoreError>;
}

//! What a count by campaign is made of: the submissions of a form in a time, each with its confirmation.
//! Refuses to open values: they travel sealed.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{StoreError, StoredSubmission};

/// A submission, and the receipt of the confirmation that followed.
#[derive(Debug, Clone)]
pub struct Counted {
    pub submission: StoredSubmission,
    pub confirmation: Option<String>,
}

#[async_trait]
pub trait Conversions {
    /// Submissions received from the first time on and before the second, whose lead is still held, came by the form and not by
    /// an import, and is not restricted; in the order of their receipt, after that place among all records.
    async fn submissions_between(
        &self,
        form: &str,
        times: (Timestamp, Timestamp),
        after: i64,
        limit: u32,
    ) -> Result<Vec<Counted>, StoreError>;
}

//! Records and numbers across people, for exports and statistics: nothing here says whose they are.
//! Refuses sealed records unless the filter asks for them.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{StoreError, StoredRecord};

/// Which records.
#[derive(Debug, Clone, Default)]
pub struct RecordFilter {
    pub form: Option<String>,
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
    /// Those of erased leads too.
    pub sealed: bool,
}

#[derive(Debug, Clone)]
pub struct ExportedRecord {
    pub record: StoredRecord,
    pub form: String,
    /// Where the lead was erased: when the record goes too.
    pub sealed_until: Option<Timestamp>,
}

#[async_trait]
pub trait Records {
    /// In the order of receipt, after a place in it.
    async fn records_after(
        &self,
        filter: &RecordFilter,
        after: i64,
        limit: u32,
    ) -> Result<Vec<ExportedRecord>, StoreError>;
}

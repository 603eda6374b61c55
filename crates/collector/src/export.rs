//! What leaves the collector for other systems: leads by purpose, records, and records in the words of other standards.
//! Streamed page by page, never held whole. Refuses a heap: leads leave for one purpose, with the fields declared for it,
//! while it is allowed.

pub mod leads;
pub mod qualified;
pub mod reconsent;
pub mod records;
pub mod standards;

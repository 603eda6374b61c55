//! The receipt of one act, in a lay person's words. The first one of a chain is `pages::Receipt`.
//! Refuses to show values: they stand in the submission's receipt, as far as they still belong to it.

use askama::Template;

use crate::{catalog::Words, pages::CheckLine};

/// The receipt of one event after the submission.
#[derive(Debug, Template)]
#[template(path = "act.html")]
pub struct ActReceipt {
    pub words: Words,
    pub controller: String,
    pub good: bool,
    pub service: String,
    pub event_key: String,
    pub received: String,
    pub by_key: &'static str,
    /// Statements with the key of what they became.
    pub changes: Vec<(String, String)>,
    pub language: String,
    pub shown: Vec<String>,
    pub checks: Vec<CheckLine>,
    pub signatures: Vec<(&'static str, String)>,
    pub digest: String,
    pub number: String,
    /// The same in other formats.
    pub links: Vec<(&'static str, String)>,
    pub raw: String,
    pub first: String,
}

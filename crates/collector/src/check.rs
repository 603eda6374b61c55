//! Problems of definitions as machines read them, the same from `candor check` and from `POST /v1/check`.
//! Refuses nothing. Read next: `check/sarif.rs`.

use candor_definition::Diagnostic;
use serde::Serialize;

pub mod sarif;

/// One problem of one file.
#[derive(Debug, Serialize)]
pub struct Located<'c> {
    pub file: &'c str,
    #[serde(flatten)]
    pub problem: &'c Diagnostic,
}

/// JSON with a line for each member and an end of line.
pub fn pretty(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("diagnostics are strings and numbers");
    text.push('\n');
    text
}

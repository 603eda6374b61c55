//! `candor schema`: prints the JSON Schema of form definitions, for editors that complete and explain them.
//!
//! The same text is served at `/schema/candor-form-1.json`, for a `$schema` that names a collector.

use std::io::{self, Write};
use std::process::ExitCode;

/// `candor schema` has no options.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Runs `candor schema`.
pub fn run(_: Arguments) -> ExitCode {
    // A reader that went away (`candor schema | head`) is no failure.
    let _ = io::stdout().write_all(candor_definition::schema::text().as_bytes());
    ExitCode::SUCCESS
}

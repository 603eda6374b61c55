//! `candor compile`: prints the compiled form that a widget reads and a verifier compares with.
//!
//! Exit code 1 where the definition is refused, with the problems on stderr, and 2 where an input cannot be used.

use std::io::{self, Write};
use std::process::ExitCode;

use candor_definition::compile;

use super::definition::{Source, web_address};

/// Options of `candor compile`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    source: Source,
    /// Where the full notice stands that `candor notice` printed, for a site without a collector
    #[arg(long, value_name = "URL", value_parser = web_address)]
    notice: Option<String>,
}

/// Runs `candor compile`.
pub fn run(arguments: Arguments) -> ExitCode {
    let (definition, language) = match arguments.source.read() {
        Ok(read) => read,
        Err(code) => return code,
    };
    let compiled = compile(&definition, &language, arguments.source.public_url());
    let mut json = compiled.json().clone();
    if let Some(notice) = arguments.notice {
        json["notice"] = notice.into();
    }
    let output = serde_json::to_string_pretty(&json).expect("a compiled form is JSON");
    // A reader that went away is no failure of the compiler.
    let _ = writeln!(io::stdout(), "{output}");
    ExitCode::SUCCESS
}

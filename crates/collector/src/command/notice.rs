//! `candor notice FILE`: the second layer of the notice as a page that stands alone, for a site that has no collector, or to
//! read it before it is published.
//! Refuses a definition that `candor check` refuses, and a language that it does not declare.

use std::{io::Write, process::ExitCode};

use candor_definition::notice::notice;
use clap::Args;

use super::{check::complain, definition::Source};
use crate::notice::{Served, page};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    source: Source,
}

/// Runs `candor notice`.
pub fn run(arguments: &Arguments) -> ExitCode {
    let (definition, language) = match arguments.source.read() {
        Ok(read) => read,
        Err(code) => return code,
    };
    let told = notice(&definition, &language, arguments.source.public_url());
    match page(&definition, &told, Served::Alone) {
        Ok(html) => {
            // A reader that went away is no failure.
            let _ = writeln!(std::io::stdout(), "{html}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            complain(&format!("candor: the page cannot be written: {error}"));
            ExitCode::FAILURE
        }
    }
}

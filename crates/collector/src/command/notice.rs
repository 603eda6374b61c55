//! `candor notice FILE`: the second layer of the notice as a page that stands alone, for a site that has no collector, or to
//! read it before it is published.
//! Refuses a definition that `candor check` refuses, and a language that it does not declare.

use std::{io::Write, path::PathBuf, process::ExitCode};

use candor_definition::notice::notice;
use clap::Args;

use super::compile::{choose, definition, web_address};
use crate::notice::{Served, page};

#[derive(Debug, Args)]
pub struct Arguments {
    /// The definition
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// One of the definition's languages; its first one by default
    #[arg(long, value_name = "LANG", env = "CANDOR_LANG")]
    lang: Option<String>,
    /// Where the collector is reached: what it records stands in the notice then
    #[arg(long, value_name = "URL", env = "CANDOR_PUBLIC_URL", value_parser = web_address)]
    public_url: Option<String>,
}

/// Runs `candor notice`.
pub fn run(arguments: &Arguments) -> ExitCode {
    let definition = match definition(&arguments.file, arguments.public_url.is_some()) {
        Ok(definition) => definition,
        Err(code) => return code,
    };
    let language = match choose(&definition, arguments.lang.as_deref()) {
        Ok(language) => language,
        Err(reason) => {
            super::check::complain(&format!("candor: {reason}"));
            return ExitCode::from(2);
        }
    };
    let told = notice(&definition, &language, arguments.public_url.as_deref());
    match page(&definition, &told, Served::Alone) {
        Ok(html) => {
            // A reader that went away is no failure.
            let _ = writeln!(std::io::stdout(), "{html}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            super::check::complain(&format!("candor: the page cannot be written: {error}"));
            ExitCode::FAILURE
        }
    }
}

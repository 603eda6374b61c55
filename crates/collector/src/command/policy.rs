//! `candor policy FILE…`: a privacy policy drafted from the definitions of a site's forms, for a lawyer to finish.
//! Refuses a definition that `candor check` refuses, and a language that one of them does not declare.

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum};

use super::{
    check::complain,
    definition::{choose, definition, web_address},
};
use crate::policy::{draft, html, markdown};

#[derive(Debug, Args)]
pub struct Arguments {
    /// The definitions, of the same controller
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A language that all of them declare; the first one's first by default
    #[arg(long, value_name = "LANG", env = "CANDOR_LANG")]
    lang: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Markdown)]
    format: Format,
    /// Where the collector is reached: what it records stands in the draft then
    #[arg(long, value_name = "URL", env = "CANDOR_PUBLIC_URL", value_parser = web_address)]
    public_url: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Markdown,
    Html,
}

/// Runs `candor policy`.
pub fn run(arguments: &Arguments) -> ExitCode {
    let mut definitions = Vec::new();
    for file in &arguments.files {
        match definition(file, arguments.public_url.is_some()) {
            Ok(definition) => definitions.push(definition),
            Err(code) => return code,
        }
    }
    let mut wanted = arguments.lang.clone();
    for definition in &definitions {
        match choose(definition, wanted.as_deref()) {
            Ok(language) => wanted = Some(language.to_string()),
            Err(reason) => {
                complain(&format!("candor: {}: {reason}", definition.id()));
                return ExitCode::from(2);
            }
        }
    }
    let first = definitions
        .first()
        .and_then(|it| it.language(wanted.as_deref()?).cloned());
    let Some(language) = first else {
        return ExitCode::from(2);
    };
    let drafted = draft(&definitions, &language, arguments.public_url.as_deref());
    let text = match arguments.format {
        Format::Markdown => markdown(&drafted),
        Format::Html => html(&drafted),
    };
    // A reader that went away is no failure.
    let _ = std::io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

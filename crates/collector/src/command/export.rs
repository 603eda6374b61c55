//! `candor export`: what leaves the collector, one command for each kind, to stdout.
//! Refuses to make a folder or a database that is not there. Exit code 2 where an input cannot be used.

use std::{
    fmt::Display,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, Subcommand};

use crate::{config::database_path, store::sqlite::SqliteStore};

pub mod register;

#[derive(Debug, Subcommand)]
pub enum Export {
    /// Print the record of processing activities (GDPR Art. 30)
    Register(register::Arguments),
}

pub fn run(export: Export) -> ExitCode {
    let (name, printed) = match export {
        Export::Register(arguments) => ("register", register::run(arguments)),
    };
    match printed {
        Ok(text) => {
            // A reader that went away is no failure of the export.
            let _ = io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(Unusable(sentence)) => {
            let _ = writeln!(io::stderr(), "candor export {name}: {sentence}");
            ExitCode::from(2)
        }
    }
}

/// An input that cannot be used: place, reason, remedy.
#[derive(Debug, PartialEq, Eq)]
pub struct Unusable(String);

impl Unusable {
    fn new(place: impl Display, reason: impl Display, remedy: &str) -> Self {
        Self(format!("{place}: {reason}; {remedy}"))
    }
}

/// Where the collector keeps what is exported. The server may run meanwhile.
#[derive(Debug, Args)]
struct Place {
    /// Folder of database, keys and mails
    #[arg(long, env = "CANDOR_DATA", value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// Database, `sqlite:` or `sqlite:PATH`; default: DATA/candor.sqlite
    #[arg(long, env = "CANDOR_DATABASE", value_name = "URL")]
    database: Option<String>,
}

impl Place {
    /// Opens the store that is there.
    async fn open(&self) -> Result<SqliteStore, Unusable> {
        let remedy = "name the folder that `candor serve --data` uses";
        if !self.data.is_dir() {
            return Err(Unusable::new(self.data.display(), "there is no such folder", remedy));
        }
        let path = database_path(self.database.as_deref(), &self.data).map_err(|error| Unusable(error.to_string()))?;
        if !path.is_file() {
            return Err(Unusable::new(path.display(), "there is no such database", remedy));
        }
        SqliteStore::open(&path)
            .await
            .map_err(|error| Unusable::new(path.display(), error, "name a database of this release"))
    }
}

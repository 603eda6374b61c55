//! `candor export`: what leaves the collector, one command for each kind, to stdout.
//! Refuses to make a folder or a database that is not there. Exit code 2 where an input cannot be used.

use std::{
    fmt::Display,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::{
    app::App,
    clock::{SystemClock, SystemRandomness},
    config::{Options, database_path},
    http::error::ApiError,
    operator, start,
    store::{Store, sqlite::SqliteStore},
};

pub mod breach;
pub mod conversions;
pub mod leads;
pub mod map;
pub mod person;
pub mod qualified;
pub mod reconsent;
pub mod records;
pub mod register;
pub mod reports;
pub mod watch;

#[derive(Debug, Subcommand)]
pub enum Export {
    /// Print the record of processing activities (GDPR Art. 30)
    Register(register::Arguments),
    /// Print where data goes: fields, purposes, recipients, countries
    Map(map::Arguments),
    /// Print submissions, confirmations and consents by campaign
    Conversions(conversions::Arguments),
    /// Print the leads that may be contacted for one purpose
    Leads(leads::Arguments),
    /// Print the leads that a person has validated as qualified
    Qualified(qualified::Arguments),
    /// Print everything that is kept of a person (GDPR Art. 15, 20)
    Person(person::Arguments),
    /// Print whom a material change of a form concerns: who is asked again, who is told
    Reconsent(reconsent::Arguments),
    /// Print what stands marked about published forms: rules that began to hold, pages, contracts
    Watch(watch::Arguments),
    /// Print the people and the data that an incident affects (GDPR Art. 33, 34)
    Breach(breach::Arguments),
    /// Print the records with their receipts
    Records(records::Arguments),
    /// Print what was deleted, when and why
    Deletions(reports::Deletions),
    /// Print what people asked for, and by when it is due
    Requests(reports::Requests),
}

pub fn run(export: Export) -> ExitCode {
    let (name, printed) = match export {
        Export::Register(arguments) => ("register", register::run(arguments)),
        Export::Map(arguments) => ("map", block_on(map::print(arguments))),
        Export::Conversions(arguments) => ("conversions", block_on(conversions::print(arguments))),
        Export::Leads(arguments) => ("leads", block_on(leads::print(arguments))),
        Export::Person(arguments) => ("person", block_on(person::print(arguments))),
        Export::Qualified(arguments) => ("qualified", block_on(qualified::print(arguments))),
        Export::Reconsent(arguments) => ("reconsent", block_on(reconsent::print(arguments))),
        Export::Watch(arguments) => ("watch", block_on(watch::print(arguments))),
        Export::Breach(arguments) => ("breach", block_on(breach::print(arguments))),
        Export::Records(arguments) => ("records", block_on(records::print(arguments))),
        Export::Deletions(arguments) => ("deletions", block_on(reports::deletions(arguments))),
        Export::Requests(arguments) => ("requests", block_on(reports::requests(arguments))),
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

fn block_on(work: impl Future<Output = Result<String, Unusable>>) -> Result<String, Unusable> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Unusable::new("this machine", error, "free some of its resources"))?;
    runtime.block_on(work)
}

fn reason(text: &str) -> Result<&str, Unusable> {
    operator::reason(text).map_err(|unfit| Unusable::new("--reason", unfit, "say in a few words what it is for"))
}

pub(super) fn failed(error: ApiError) -> Unusable {
    Unusable::new("the data", error.problem().detail, "CANDOR_LOG=info says more")
}

fn pretty(value: &impl Serialize) -> Result<String, Unusable> {
    let text = serde_json::to_string_pretty(value);
    text.map(|text| text + "\n")
        .map_err(|error| Unusable::new("the document", error, "report this as a fault of Candor"))
}

/// An input that cannot be used: place, reason, remedy.
#[derive(Debug, PartialEq, Eq)]
pub struct Unusable(pub(super) String);

impl Unusable {
    pub(super) fn new(place: impl Display, reason: impl Display, remedy: &str) -> Self {
        Self(format!("{place}: {reason}; {remedy}"))
    }
}

/// Where the collector keeps what is exported. The server may run meanwhile.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// Folder of database, keys and mails
    #[arg(long, env = "CANDOR_DATA", value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// Database, `sqlite:` or `sqlite:PATH`; default: DATA/candor.sqlite
    #[arg(long, env = "CANDOR_DATABASE", value_name = "URL")]
    database: Option<String>,
    /// Address under which browsers reach the server: the links in what is printed
    #[arg(long, env = "CANDOR_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
}

impl Place {
    /// Everything that a server has, but for the forms that it serves now: what was published is in the store.
    pub(super) async fn app(&self) -> Result<App, Unusable> {
        self.open().await?.close().await;
        let unusable = |error: &dyn Display| Unusable::new(self.data.display(), error, "name a folder of this release");
        let file = Options::from_file(Path::new("candor.toml"), false).map_err(|error| unusable(&error))?;
        let options = Options {
            data: Some(self.data.clone()),
            database: self.database.clone(),
            public_url: self.public_url.clone().or(file.public_url),
            ..Options::default()
        };
        let config = options.decide().map_err(|error| unusable(&error))?;
        let public_url = config.public_url.clone().unwrap_or_default();
        let opened = start::open(config, public_url, Arc::new(SystemClock), Arc::new(SystemRandomness)).await;
        opened.map(|(app, _)| app).map_err(|error| unusable(&error))
    }

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

//! Where the data of a command is: `--data` and `--database`, read as `candor serve` reads them, `candor.toml` included.
//! Refuses to make a data folder by mistake: a command that only reads says that nothing is there.

use std::{
    future::Future,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::Args;

use crate::{
    app::App,
    clock::{SystemClock, SystemRandomness},
    config::{Config, Options},
    start,
};

/// Why a command did not do its work, in words for its user.
pub type Failure = Box<dyn std::error::Error>;

#[derive(Debug, Clone, Args)]
pub struct Place {
    /// Folder of database, keys and mails
    #[arg(long, env = "CANDOR_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// Database, `sqlite:` or `sqlite:PATH`; default: DATA/candor.sqlite
    #[arg(long, env = "CANDOR_DATABASE", value_name = "URL")]
    database: Option<String>,
}

impl Place {
    /// The folder and the database file that a server started here would use.
    pub fn decide(self) -> Result<Config, Failure> {
        let file = Options::from_file(Path::new("candor.toml"), false)?;
        let options = Options {
            data: self.data.or(file.data),
            database: self.database.or(file.database),
            ..Options::default()
        };
        Ok(options.decide()?)
    }

    /// The same, where a server has been before.
    pub fn decide_existing(self) -> Result<Config, Failure> {
        let config = self.decide()?;
        if !config.database.is_file() {
            let remedy = "name the folder that `candor serve --data` uses";
            return Err(format!("{}: no database is there; {remedy}", config.database.display()).into());
        }
        Ok(config)
    }

    /// Everything that a server has which was there before, but for what it serves.
    pub async fn app(self) -> Result<App, Failure> {
        open(self.decide_existing()?).await
    }
}

/// The same, with options of the command's own.
pub async fn open(config: Config) -> Result<App, Failure> {
    let url = config.public_url.clone().unwrap_or_default();
    let (app, _) = start::open(config, url, Arc::new(SystemClock), Arc::new(SystemRandomness)).await?;
    Ok(app)
}

/// Runs a command to its end: what it says goes to stdout, why it failed to stderr.
pub fn finish(command: &str, work: impl Future<Output = Result<String, Failure>>) -> ExitCode {
    finish_on(&mut tokio::runtime::Builder::new_current_thread(), command, work)
}

/// The same on every processor, for work that goes over everybody.
pub fn finish_on_all(command: &str, work: impl Future<Output = Result<String, Failure>>) -> ExitCode {
    finish_on(&mut tokio::runtime::Builder::new_multi_thread(), command, work)
}

fn finish_on(
    builder: &mut tokio::runtime::Builder,
    command: &str,
    work: impl Future<Output = Result<String, Failure>>,
) -> ExitCode {
    let runtime = builder.enable_all().build();
    let outcome = runtime
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(work));
    match outcome {
        Ok(text) if io::stdout().write_all(text.as_bytes()).is_ok() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "candor {command}: {error}");
            ExitCode::FAILURE
        }
    }
}

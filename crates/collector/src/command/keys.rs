//! `candor keys list`: the keys of a data folder, with their times. Public halves only.
//! Refuses to print anything private; making a new key and revoking one come with their own commands.

use std::{fs, io::Write, path::PathBuf, process::ExitCode};

use candor_record::key::KeySet;
use clap::{Args, Subcommand};
use jiff::Timestamp;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print each key's id and its times
    List {
        /// Folder of database, keys and mails
        #[arg(long, env = "CANDOR_DATA", value_name = "DIR", default_value = "data")]
        data: PathBuf,
    },
}

pub fn run(
    Arguments {
        action: Action::List { data },
    }: Arguments,
) -> ExitCode {
    let path = data.join("keys/jwks.json");
    let keys = fs::read(&path).map_err(|error| error.to_string());
    let keys = keys.and_then(|bytes| KeySet::parse(&bytes).map_err(|error| error.to_string()));
    match keys {
        Ok(keys) => match std::io::stdout().write_all(listing(&keys).as_bytes()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "candor keys: {}: {error}", path.display());
            ExitCode::FAILURE
        }
    }
}

fn listing(keys: &KeySet) -> String {
    let date = |seconds: i64| Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |at| at.to_string());
    let line = |key: &candor_record::key::PublishedKey| {
        let mut line = format!("{}  from {}", key.kid(), date(key.nbf));
        if let Some(exp) = key.exp {
            line.push_str(&format!("  retired {}", date(exp)));
        }
        if let Some(revoked) = key.revoked {
            line.push_str(&format!("  revoked {}", date(revoked)));
        }
        line + "\n"
    };
    keys.keys.iter().map(line).collect()
}

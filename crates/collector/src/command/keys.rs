//! `candor keys`: lists, rotates and revokes what receipts are signed with, also while `serve` runs: it sees the change.
//! Refuses to print anything private, and to remove a published key. Read next: `keys/change.rs`.

use std::{fs, path::PathBuf, process::ExitCode};

use candor_record::key::{KeySet, PublishedKey};
use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::place::{Failure, Place, finish};
use crate::{
    clock::{Clock, SystemClock, SystemRandomness},
    keys::change,
    store::{Store, sqlite::SqliteStore},
    values::{self, ValueKeys},
};

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Print each key's id and its times
    List {
        #[command(flatten)]
        folder: Folder,
    },
    /// Make a new key and print its id; the former one retires, and what it signed stays good
    Rotate {
        /// Instead, seal the values of all leads by a new key and delete the older ones
        #[arg(long)]
        values: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Mark a key as compromised: its receipts count no more; where it was in use, a new one is made
    Revoke {
        /// As `candor keys list` shows it
        #[arg(allow_hyphen_values = true)]
        kid: String,
        /// Since when, such as 2026-11-21T10:00:00Z
        #[arg(long, value_name = "TIME")]
        at: Timestamp,
        #[command(flatten)]
        folder: Folder,
    },
}

#[derive(Debug, Args)]
pub struct Folder {
    /// Folder of database, keys and mails
    #[arg(long, env = "CANDOR_DATA", value_name = "DIR", default_value = "data")]
    data: PathBuf,
}

pub fn run(action: Action) -> ExitCode {
    finish("keys", async {
        match action {
            Action::List { folder } => list(&folder),
            Action::Rotate { values: false, place } => rotate(place),
            Action::Rotate { values: true, place } => renew_values(place).await,
            Action::Revoke { kid, at, folder } => revoke(&folder, &kid, at),
        }
    })
}

fn list(folder: &Folder) -> Result<String, Failure> {
    let path = folder.data.join("keys/jwks.json");
    let refused = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let bytes = fs::read(&path).map_err(|error| refused(&error))?;
    let keys = KeySet::parse(&bytes).map_err(|error| refused(&error))?;
    Ok(keys.keys.iter().map(line).collect())
}

fn line(key: &PublishedKey) -> String {
    let date = |seconds: i64| Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |at| at.to_string());
    let mut line = format!("{}  from {}", key.kid(), date(key.nbf));
    if let Some(exp) = key.exp {
        line.push_str(&format!("  retired {}", date(exp)));
    }
    if let Some(revoked) = key.revoked {
        line.push_str(&format!("  revoked {}", date(revoked)));
    }
    line + "\n"
}

fn rotate(place: Place) -> Result<String, Failure> {
    let kid = change::rotate(&place.decide()?.data.join("keys"), SystemClock.now())?;
    Ok(format!("{kid}\n"))
}

async fn renew_values(place: Place) -> Result<String, Failure> {
    let config = place.decide_existing()?;
    let _lock = change::lock_for_change(&config.data.join("keys"))?;
    let keys = ValueKeys::open(&config.data, &SystemRandomness)?;
    let store = SqliteStore::open(&config.database).await?;
    let renewed = values::renew(&store, &keys, &SystemRandomness).await;
    store.close().await;
    let (number, leads) = renewed?;
    Ok(format!("key {number:04} seals {leads} leads; older ones are deleted\n"))
}

fn revoke(folder: &Folder, kid: &str, at: Timestamp) -> Result<String, Failure> {
    let fresh = change::revoke(&folder.data.join("keys"), kid, at, SystemClock.now())?;
    Ok(fresh.map_or_else(String::new, |kid| format!("{kid}\n")))
}

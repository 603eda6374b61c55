//! `candor token`: makes, lists and revokes the bearer tokens of the operator interface, also while `serve` runs.
//! Refuses to show a token twice: `create` prints it alone, once, and what is stored is its hash.

use std::process::ExitCode;

use clap::Subcommand;
use uuid::Uuid;

use super::place::{Failure, Place, finish};
use crate::{
    clock::{Clock, Random, SystemClock, SystemRandomness},
    keys::private_folder,
    operator::{Role, Token},
    store::{
        Store,
        operators::{NewToken, Operators, StoredToken},
        sqlite::SqliteStore,
    },
};

/// A name is a line of the listing.
const MAX_NAME_CHARACTERS: usize = 80;

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Make a token and print it, this once
    Create {
        /// What it may do: docs/operators.md
        #[arg(long)]
        role: Role,
        /// What it is for, shown in the listing; no person's name is needed
        #[arg(long, default_value = "", value_name = "NAME")]
        name: String,
        #[command(flatten)]
        place: Place,
    },
    /// Print id, role, times and name of each token
    List {
        #[command(flatten)]
        place: Place,
    },
    /// End a token, at once
    Revoke {
        /// As `candor token list` shows it
        id: Uuid,
        #[command(flatten)]
        place: Place,
    },
}

pub fn run(action: Action) -> ExitCode {
    finish("token", async {
        match action {
            Action::Create { role, name, place } => create(role, name, place).await,
            Action::List { place } => list(place).await,
            Action::Revoke { id, place } => revoke(id, place).await,
        }
    })
}

async fn create(role: Role, name: String, place: Place) -> Result<String, Failure> {
    if name.chars().count() > MAX_NAME_CHARACTERS || name.contains(char::is_control) {
        return Err(format!("--name: one line of at most {MAX_NAME_CHARACTERS} characters").into());
    }
    let config = place.decide()?;
    private_folder(&config.data)?;
    let store = SqliteStore::open(&config.database).await?;
    let token = Token::generate(&SystemRandomness);
    let new = NewToken {
        id: SystemRandomness.uuid(),
        name,
        role,
        hash: token.hash(),
        created: SystemClock.now(),
    };
    store.create_token(&new).await?;
    store.close().await;
    Ok(format!("{}\n", token.reveal()))
}

async fn list(place: Place) -> Result<String, Failure> {
    let store = SqliteStore::open(&place.decide_existing()?.database).await?;
    let tokens = store.tokens().await?;
    store.close().await;
    Ok(tokens.iter().map(line).collect())
}

fn line(token: &StoredToken) -> String {
    let revoked = token
        .revoked
        .map_or_else(String::new, |at| format!("  revoked {at:.0}"));
    let StoredToken {
        id,
        name,
        role,
        created,
        ..
    } = token;
    let line = format!("{id}  {:<6}  created {created:.0}{revoked}  {name}", role.as_str());
    line.trim_end().to_owned() + "\n"
}

async fn revoke(id: Uuid, place: Place) -> Result<String, Failure> {
    let store = SqliteStore::open(&place.decide_existing()?.database).await?;
    let known = store.revoke_token(id, SystemClock.now()).await?;
    store.close().await;
    if !known {
        return Err(format!("no token has the id {id}; `candor token list` shows them").into());
    }
    Ok(String::new())
}

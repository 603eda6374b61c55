//! `candor target`: receivers, each bound to a purpose and a party, also while `serve` runs: it takes the change with its next
//! round. Refuses a secret on the command line, where every process can read it: `--secret NAME` reads a line of stdin.

use std::{collections::BTreeMap, fmt::Write as _, io, process::ExitCode};

use clap::{Args, Subcommand};
use jiff::civil::Date;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::place::{self, Failure, Place, finish};
use crate::{
    app::App,
    flow::{
        show,
        target::{self, Made, New},
    },
    http::error::ApiError,
    store::flows::DeliveryState,
};

/// Deliveries of one listing.
const SHOWN: u32 = 500;

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Add a receiver; prints it, with the secret that was made, this once
    Add(Box<Adding>),
    /// Print every receiver with its numbers
    List {
        #[command(flatten)]
        place: Targets,
    },
    /// Take a receiver out: it gets no more leads, and hears of endings for as long as it may hold one
    Remove {
        id: Uuid,
        /// Not even of endings: for an address that is dead
        #[arg(long)]
        abandon: bool,
        #[command(flatten)]
        place: Targets,
    },
    /// Replace its secrets; the one that is made here signs beside the former one for a day
    Rotate {
        id: Uuid,
        /// A secret that the receiver gave out, by name: its value is a line of stdin; repeatable
        #[arg(long, value_name = "NAME")]
        secret: Vec<String>,
        #[command(flatten)]
        place: Targets,
    },
    /// Note a contract that was renewed or an audit that was made
    Date {
        id: Uuid,
        #[arg(long, value_name = "DATE")]
        contract: Option<Date>,
        #[arg(long, value_name = "DATE")]
        audited: Option<Date>,
        #[command(flatten)]
        place: Targets,
    },
    /// Send what was given up again, and enable a receiver that had answered 410
    Replay {
        id: Uuid,
        /// One message; all of them where it is missing
        #[arg(long, value_name = "ID")]
        delivery: Option<String>,
        #[command(flatten)]
        place: Targets,
    },
    /// Print what it was told and what is to be told, newest first: one JSON object a line
    Deliveries {
        id: Uuid,
        /// waiting, delivered, superseded or dead
        #[arg(long, value_parser = state)]
        state: Option<DeliveryState>,
        #[command(flatten)]
        place: Targets,
    },
}

#[derive(Debug, Args)]
pub struct Adding {
    /// webhook, or the name of a CRM: docs/webhooks.md
    #[arg(long, default_value = "webhook")]
    kind: String,
    /// What it is called in listings
    #[arg(long, default_value = "")]
    name: String,
    /// The purpose that it serves, by its id
    #[arg(long, value_name = "ID")]
    purpose: String,
    /// The party that runs it, by its id in the form
    #[arg(long, value_name = "ID")]
    party: Option<String>,
    /// The date of the contract with that party; default: its `agreement` in the form
    #[arg(long, value_name = "DATE")]
    contract: Option<Date>,
    /// The date of the last audit
    #[arg(long, value_name = "DATE")]
    audited: Option<Date>,
    /// Where it is reached
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// A setting of its kind, `name=value`; JSON values are taken as such; repeatable
    #[arg(long, value_name = "NAME=VALUE", value_parser = option)]
    option: Vec<(String, Value)>,
    /// A secret by name: its value is a line of stdin, in the order of the options; repeatable
    #[arg(long, value_name = "NAME")]
    secret: Vec<String>,
    #[command(flatten)]
    place: Targets,
}

#[derive(Debug, Args)]
pub struct Targets {
    #[command(flatten)]
    place: Place,
    /// Network that receivers may be in although it is not public, such as 10.0.0.0/8; repeatable
    #[arg(long, env = "CANDOR_TARGET_NETWORK", value_name = "CIDR", value_delimiter = ',')]
    target_network: Vec<String>,
}

fn state(word: &str) -> Result<DeliveryState, String> {
    let words = DeliveryState::ALL.map(DeliveryState::as_str).join(", ");
    DeliveryState::parse(word).ok_or_else(|| format!("expected {words}"))
}

fn option(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("expected name=value")?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
    Ok((name.to_owned(), value))
}

pub fn run(action: Action) -> ExitCode {
    finish("target", work(action))
}

async fn work(action: Action) -> Result<String, Failure> {
    match action {
        Action::Add(adding) => add(*adding).await,
        Action::List { place } => list(place).await,
        Action::Remove { id, abandon, place } => {
            let app = place.app().await?;
            let holds = target::close(&app, id, abandon).await.map_err(failure)?;
            app.store.close().await;
            Ok(format!("closed; it may hold the leads of {holds} people\n"))
        }
        Action::Rotate { id, secret, place } => {
            let app = place.app().await?;
            let secrets = read_secrets(&secret)?;
            let made = target::rotate(&app, id, &secrets).await.map_err(failure)?;
            app.store.close().await;
            Ok(made
                .secret
                .map_or_else(String::new, |secret| format!("{}\n", secret.value)))
        }
        Action::Date {
            id,
            contract,
            audited,
            place,
        } => {
            let app = place.app().await?;
            target::set_dates(&app, id, contract, audited).await.map_err(failure)?;
            app.store.close().await;
            Ok(String::new())
        }
        Action::Replay { id, delivery, place } => {
            let app = place.app().await?;
            let replayed = target::replay(&app, id, delivery.as_deref()).await.map_err(failure)?;
            app.store.close().await;
            Ok(format!("{replayed} messages go again\n"))
        }
        Action::Deliveries { id, state, place } => deliveries(id, state, place).await,
    }
}

impl Targets {
    async fn app(self) -> Result<App, Failure> {
        let mut config = self.place.decide_existing()?;
        for network in &self.target_network {
            let network = network
                .parse()
                .map_err(|error| format!("--target-network {network}: {error}"))?;
            config.target_networks.push(network);
        }
        place::open(config).await
    }
}

async fn add(adding: Adding) -> Result<String, Failure> {
    let app = adding.place.app().await?;
    let new = New {
        kind: adding.kind,
        name: adding.name,
        purpose: adding.purpose,
        party: adding.party,
        contract: adding.contract,
        audited: adding.audited,
        url: adding.url,
        options: adding.option.into_iter().collect::<Map<_, _>>(),
        secrets: read_secrets(&adding.secret)?,
    };
    let Made { row, secret } = target::add(&app, new).await.map_err(failure)?;
    app.store.close().await;
    let mut text = format!("{}\n", row.id);
    if let Some(secret) = secret {
        let _ = writeln!(text, "{}", secret.value);
    }
    Ok(text)
}

async fn list(place: Targets) -> Result<String, Failure> {
    let app = place.app().await?;
    let mut text = String::new();
    for counted in app.store.targets_counted().await? {
        let _ = writeln!(text, "{}", show::counted(&app, &counted).map_err(failure)?);
    }
    app.store.close().await;
    Ok(text)
}

async fn deliveries(id: Uuid, state: Option<DeliveryState>, place: Targets) -> Result<String, Failure> {
    let app = place.app().await?;
    let mut text = String::new();
    let mut before = None;
    loop {
        let rows = app.store.deliveries_of_target(id, state, before, SHOWN).await?;
        for row in &rows {
            let _ = writeln!(text, "{}", show::delivery(row));
        }
        let Some(last) = rows.last() else { break };
        before = Some((last.created, last.id.clone()));
    }
    app.store.close().await;
    Ok(text)
}

/// One line of stdin for each name.
fn read_secrets(names: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    let mut secrets = BTreeMap::new();
    for name in names {
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        let value = line.trim();
        if value.is_empty() {
            return Err(format!("--secret {name}: a line of stdin was expected").into());
        }
        secrets.insert(name.clone(), value.to_owned());
    }
    Ok(secrets)
}

/// Each fault with the option that it is about.
fn failure(error: ApiError) -> Failure {
    let problem = error.problem();
    let faults = problem.errors.iter();
    let faults: Vec<String> = faults
        .filter(|fault| !fault.pointer.is_empty())
        .map(|fault| format!("{}: {}", spelled(&fault.pointer), fault.detail))
        .collect();
    match faults.is_empty() {
        true => problem.detail.into(),
        false => faults.join("; ").into(),
    }
}

/// A place in the request as it is spelled here: `--url`, `--option list`, `--option fields/role`, `--secret key`.
fn spelled(pointer: &str) -> String {
    let place = pointer.trim_start_matches('/');
    match place.split_once('/') {
        Some(("options", name)) => format!("--option {name}"),
        Some(("secrets", name)) => format!("--secret {name}"),
        _ if place == "secrets" => "--secret".to_owned(),
        _ => format!("--{place}"),
    }
}

//! `candor export qualified --purpose ID`: the leads that rules qualified and a person validated, with the reasons, as CSV or JSON.
//! Refuses to run without a purpose, and has nobody in it whom nobody validated.

use clap::{Args, ValueEnum};
use serde_json::json;

use super::{Place, Unusable};
use crate::{
    export::{
        leads::Export,
        qualified::{csv, qualified},
    },
    operator::Operator,
};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// The profiling purpose under which they were qualified
    #[arg(long, value_name = "ID")]
    purpose: String,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// What it is for, for the access log
    #[arg(long, default_value = "export")]
    reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Json,
}

pub(super) async fn print(arguments: Arguments) -> Result<String, Unusable> {
    let unknown = || {
        let remedy = "name a purpose of a published form";
        Unusable::new("--purpose", "no such purpose was ever published here", remedy)
    };
    let purpose = arguments.purpose.parse().map_err(|_| unknown())?;
    let reason = super::reason(&arguments.reason)?;
    let app = arguments.place.app().await?;
    let begun = Export::begin(&app, Operator::COMMAND, purpose, app.clock.now(), reason).await;
    let export = begun.map_err(super::failed)?.ok_or_else(unknown)?;
    let found = qualified(&app, &export).await.map_err(super::failed)?;
    app.store.close().await;
    match arguments.format {
        Format::Csv => Ok(csv(&export, &found)),
        Format::Json => super::pretty(&json!(found.iter().map(|lead| lead.json()).collect::<Vec<_>>())),
    }
}

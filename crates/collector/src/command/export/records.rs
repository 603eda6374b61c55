//! `candor export records`: every record with its receipt, as a JSON array, page by page to stdout.
//! Refuses sealed records unless `CANDOR_TOKEN` is a living token of the role dpo: being root is no reason to read them.

use std::io::{self, Write};

use clap::Args;
use jiff::Timestamp;

use super::{Place, Unusable, moment};
use crate::{
    app::App,
    export::records::{PAGE, page},
    operator::{Operator, OperatorId, Permission, Token, may},
    store::records::RecordFilter,
};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// Only of this form
    #[arg(long, value_name = "ID")]
    form: Option<String>,
    /// Received after this time, or after the end of that day (UTC)
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Option<Timestamp>,
    /// Received up to this time, or up to the end of that day (UTC)
    #[arg(long, value_name = "TIME", value_parser = moment)]
    to: Option<Timestamp>,
    /// Those of erased leads too; asks for CANDOR_TOKEN
    #[arg(long)]
    sealed: bool,
    /// What it is for, for the access log
    #[arg(long, default_value = "export")]
    reason: String,
    /// How to print it
    #[arg(long, default_value = "json", value_parser = ["json"])]
    format: String,
}

pub(super) async fn print(arguments: Arguments) -> Result<String, Unusable> {
    let reason = super::reason(&arguments.reason)?;
    let app = arguments.place.app().await?;
    let operator = match arguments.sealed {
        true => officer(&app).await?,
        false => Operator::COMMAND,
    };
    let action = if arguments.sealed {
        "export-sealed-records"
    } else {
        "export-records"
    };
    let logged = app.log_access(&operator, action, None, reason).await;
    logged.map_err(|error| super::failed(error.into()))?;
    let next_millisecond = |at: Timestamp| Timestamp::from_millisecond(at.as_millisecond() + 1).unwrap_or(at);
    let filter = RecordFilter {
        form: arguments.form,
        from: arguments.from.map(next_millisecond),
        to: arguments.to.map(next_millisecond),
        sealed: arguments.sealed,
    };
    let mut after = Some(0);
    let mut separator = "[\n";
    while let Some(place) = after {
        let (records, next) = page(&app, &filter, place, PAGE).await.map_err(super::failed)?;
        let mut out = io::stdout().lock();
        for record in records {
            let written = write!(out, "{separator}{record}");
            written.map_err(|error| Unusable::new("stdout", error, "whoever reads it must not go away"))?;
            separator = ",\n";
        }
        after = next;
    }
    app.store.close().await;
    Ok(if separator == ",\n" { "\n]\n" } else { "[]\n" }.to_owned())
}

/// The environment rather than an option: other users of the machine can read a command line.
async fn officer(app: &App) -> Result<Operator, Unusable> {
    let refused = || {
        let remedy = "set it to a living token of the role dpo";
        Unusable::new(
            "CANDOR_TOKEN",
            "sealed records are for the data protection officer alone",
            remedy,
        )
    };
    let text = std::env::var("CANDOR_TOKEN").map_err(|_| refused())?;
    let token = Token::parse(text.trim()).ok_or_else(refused)?;
    let found = app.store.token_by_hash(&token.hash()).await;
    let found = found.map_err(|error| super::failed(error.into()))?;
    let living = found.filter(|token| token.revoked.is_none() && may(token.role, Permission::SealedRecords));
    let token = living.ok_or_else(refused)?;
    Ok(Operator {
        id: OperatorId::Token(token.id),
        role: token.role,
    })
}

//! `candor export breach --from --to --purpose`: whom an incident affects, for the notification and for the letters.
//! Refuses a period that ends before it begins, and a purpose that was never published.

use std::collections::BTreeSet;

use candor_record::id::PurposeId;
use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::{Place, Unusable};
use crate::{
    app::App,
    breach::{self, Asked, csv, gather},
    command::tongue::Tongue,
    moment,
    operator::Operator,
    register::html::portable_stylesheet,
};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// When it began: a time, or the beginning of that day (UTC)
    #[arg(long, value_name = "TIME", value_parser = moment::from)]
    from: Timestamp,
    /// When it ended: a time, or the end of that day (UTC)
    #[arg(long, value_name = "TIME", value_parser = moment::until)]
    to: Timestamp,
    /// Only data held for this purpose; several times for several, never for all
    #[arg(long, value_name = "ID")]
    purpose: Vec<String>,
    /// How to print it; CSV is the list of people alone
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// The language of the page
    #[arg(long, value_enum, default_value_t, env = "CANDOR_LANG")]
    lang: Tongue,
    /// What it is for, for the access log
    #[arg(long, default_value = "breach (Art. 33 and 34)")]
    reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
    Csv,
    Html,
}

pub(super) async fn print(arguments: Arguments) -> Result<String, Unusable> {
    if arguments.to < arguments.from {
        return Err(Unusable::new(
            "--to",
            "the period ends before it begins",
            "name a later time",
        ));
    }
    let reason = super::reason(&arguments.reason)?.to_owned();
    let app = arguments.place.app().await?;
    let asked = Asked {
        from: arguments.from,
        to: arguments.to,
        purposes: purposes(&app, &arguments.purpose).await?,
        operator: Operator::COMMAND,
        reason,
    };
    let found = gather(&app, &asked).await.map_err(super::failed)?;
    app.store.close().await;
    match arguments.format {
        Format::Json => super::pretty(&found),
        Format::Csv => Ok(csv(&found)),
        Format::Html => {
            let page = breach::html::page(&found, arguments.lang.tag(), &portable_stylesheet());
            page.map_err(|error| Unusable::new("the page", error, "report this as a fault of Candor"))
        }
    }
}

async fn purposes(app: &App, named: &[String]) -> Result<BTreeSet<PurposeId>, Unusable> {
    let remedy = "name a purpose of a published form";
    let unknown = || Unusable::new("--purpose", "no such purpose was ever published here", remedy);
    let read: Result<BTreeSet<PurposeId>, _> = named.iter().map(|id| id.parse().map_err(|_| unknown())).collect();
    let read = read?;
    match breach::are_known(app, &read).await.map_err(super::failed)? {
        true => Ok(read),
        false => Err(unknown()),
    }
}

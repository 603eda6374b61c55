//! `candor export register`: the record of processing activities at a time, or what became of it since another.
//! Refuses a time that it cannot read, and two times in the wrong order.

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde::Serialize;

use super::{Place, Unusable};
use crate::{
    clock::{Clock, SystemClock},
    command::tongue::Tongue,
    moment,
    register::{Difference, Register, csv, html, register},
};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// The register as of this day's end (UTC) or this time; default: now
    #[arg(long, value_name = "DATE", value_parser = moment::until)]
    at: Option<Timestamp>,
    /// What changed since this day's end (UTC) or this time, instead of the register
    #[arg(long, value_name = "DATE", value_parser = moment::until)]
    against: Option<Timestamp>,
    /// The register's language; forms that do not speak it keep their own words
    #[arg(long, value_enum, default_value_t, env = "CANDOR_LANG")]
    lang: Tongue,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Json,
    Csv,
    Html,
}

pub(super) fn run(arguments: Arguments) -> Result<String, Unusable> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Unusable::new("this machine", error, "free some of its resources"))?;
    let at = arguments.at.unwrap_or_else(|| SystemClock.now());
    runtime.block_on(print(&arguments, at))
}

async fn print(arguments: &Arguments, at: Timestamp) -> Result<String, Unusable> {
    if let Some(against) = arguments.against.filter(|against| *against >= at) {
        let reason = format!("{against} is not before {at}");
        return Err(Unusable::new(
            "--against",
            reason,
            "name an earlier date, or a later one with --at",
        ));
    }
    let store = arguments.place.open().await?;
    let language = arguments.lang.tag();
    let read = async |at| {
        let remedy = "use the release of Candor that published it";
        let read = register(&store, at, language).await;
        read.map_err(|error| Unusable::new(arguments.place.data.display(), error, remedy))
    };
    let later = read(at).await?;
    let text = match arguments.against {
        None => whole(arguments.format, &later),
        Some(against) => changes(arguments.format, &read(against).await?, &later),
    };
    crate::store::Store::close(&store).await;
    text
}

fn whole(format: Format, found: &Register) -> Result<String, Unusable> {
    match format {
        Format::Json => Ok(json(found)),
        Format::Csv => Ok(csv::register(found)),
        Format::Html => page(html::register(found, &html::portable_stylesheet())),
    }
}

fn changes(format: Format, earlier: &Register, later: &Register) -> Result<String, Unusable> {
    match format {
        Format::Json => Ok(json(&Difference::between(earlier, later))),
        Format::Csv => Ok(csv::difference(&Difference::between(earlier, later))),
        Format::Html => page(html::difference(earlier, later, &html::portable_stylesheet())),
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("a register is JSON") + "\n"
}

fn page(rendered: askama::Result<String>) -> Result<String, Unusable> {
    rendered.map_err(|error| Unusable::new("the page", error, "report this as a fault of Candor"))
}

//! `candor export watch`: what stands marked about published forms, as of any date. Refuses nothing but a date that it
//! cannot read; visits no page: that is the sweep's.

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::{Place, Unusable, failed, pretty};
use crate::{
    command::tongue::Tongue,
    moment,
    spreadsheet::line,
    watch::{Mark, marks},
};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// The marks as of this day's end (UTC) or this time; default: now
    #[arg(long, value_name = "DATE", value_parser = moment::until)]
    at: Option<Timestamp>,
    /// Language of the messages
    #[arg(long, value_enum, default_value_t, env = "CANDOR_LANG")]
    lang: Tongue,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Csv,
}

pub(super) async fn print(arguments: Arguments) -> Result<String, Unusable> {
    let app = arguments.place.app().await?;
    let at = arguments.at.unwrap_or_else(|| app.clock.now());
    let found = marks(&app, at, arguments.lang.into()).await;
    app.store.close().await;
    let found = found.map_err(|error| failed(error.into()))?;
    match arguments.format {
        Format::Text => Ok(found.iter().map(text).collect()),
        Format::Json => pretty(&found),
        Format::Csv => Ok(csv(&found)),
    }
}

fn text(mark: &Mark) -> String {
    format!("{mark}\n  {}\n  {}\n", mark.remedy, mark.source)
}

const COLUMNS: [&str; 10] = [
    "form", "version", "kind", "subject", "pointer", "since", "severity", "message", "remedy", "source",
];

fn csv(marks: &[Mark]) -> String {
    let row = |mark: &Mark| {
        let since = mark.since.to_string();
        line([
            &mark.form,
            &mark.version,
            mark.kind.as_str(),
            &mark.subject,
            &mark.pointer,
            &since,
            mark.severity,
            &mark.message,
            &mark.remedy,
            &mark.source,
        ])
    };
    std::iter::once(line(COLUMNS)).chain(marks.iter().map(row)).collect()
}

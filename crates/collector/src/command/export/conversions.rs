//! `candor export conversions --form ID --by FIELD`: submissions, confirmations and consents by declared campaign value.
//! Refuses numbers below the smallest group, and fields that people fill in.

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use serde_json::json;

use super::{Place, Unusable};
use crate::conversions::{MIN_GROUP, Question, Uncountable, count, csv, days};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// The form
    #[arg(long, value_name = "ID")]
    form: String,
    /// Its hidden field, for example utm_campaign
    #[arg(long, value_name = "FIELD")]
    by: String,
    /// From the beginning of that day (UTC)
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// To the end of that day (UTC)
    #[arg(long, value_name = "DAY")]
    to: Option<Date>,
    /// Groups smaller than that are put together; not less than 5
    #[arg(long, value_name = "NUMBER", default_value_t = MIN_GROUP)]
    at_least: u64,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Json,
}

pub(super) async fn print(arguments: Arguments) -> Result<String, Unusable> {
    let question = Question {
        form: arguments.form,
        by: arguments.by,
        times: days(arguments.from, arguments.to).map_err(unusable)?,
        at_least: arguments.at_least,
    };
    let app = arguments.place.app().await?;
    let counted = count(&app, &question).await.map_err(super::failed)?;
    app.store.close().await;
    let table = counted.map_err(unusable)?;
    match arguments.format {
        Format::Csv => Ok(csv(&table)),
        Format::Json => super::pretty(&json!({
            "form": question.form, "by": question.by, "from": arguments.from, "to": arguments.to, "table": table,
        })),
    }
}

/// The reason ends with the remedy.
fn unusable(reason: Uncountable) -> Unusable {
    Unusable(format!("--{}: {reason}", reason.place()))
}

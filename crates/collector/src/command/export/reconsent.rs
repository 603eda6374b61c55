//! `candor export reconsent --form ID`: whom a material change of a form concerns, who has to consent anew and who has to be
//! told; as JSON with the changes themselves, or as CSV, page by page to stdout.
//! Refuses a form or a version that was never published. It writes to nobody.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde_json::json;
use uuid::Uuid;

use super::{Place, Unusable};
use crate::{
    command::tongue::Tongue,
    export::reconsent::{Export, Listed, Unknown, told},
    operator::Operator,
};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// The form that changed
    #[arg(long, value_name = "ID")]
    form: String,
    /// Only what changed after this version: everybody was asked by it already
    #[arg(long, value_name = "DIGEST")]
    since: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// The language of the reasons
    #[arg(long, value_enum, default_value_t, env = "CANDOR_LANG")]
    lang: Tongue,
    /// What it is for, for the access log
    #[arg(long, default_value = "export")]
    reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
    Csv,
}

pub(super) async fn print(arguments: Arguments) -> Result<String, Unusable> {
    let reason = super::reason(&arguments.reason)?;
    let language = arguments.lang.tag();
    let app = arguments.place.app().await?;
    let since = arguments.since.as_deref();
    let begun = Export::begin(&app, Operator::COMMAND, &arguments.form, since, reason).await;
    let mut export = begun.map_err(super::failed)?.map_err(|unknown| match unknown {
        Unknown::Form => Unusable::new(
            "--form",
            "no such form was ever published here",
            "name a published form",
        ),
        Unknown::Version => Unusable::new(
            "--since",
            "no such version of the form was ever published here",
            "take a digest from `candor export register`",
        ),
    })?;
    let changes = export.all_changes(&app).await.map_err(super::failed)?;
    match arguments.format {
        Format::Csv => put(&export.csv_head())?,
        Format::Json => {
            let changes: Vec<_> = changes.iter().map(|change| told(change, language)).collect();
            put(&format!(
                "{{\"form\":{},\"changes\":{},\"people\":[",
                json!(arguments.form),
                json!(changes)
            ))?;
        }
    }
    let (mut after, mut written) = (Uuid::nil(), 0);
    loop {
        let page = export.page(&app, after).await.map_err(super::failed)?;
        for listed in &page.listed {
            put(&line(arguments.format, listed, language, written == 0))?;
            written += 1;
        }
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    if arguments.format == Format::Json {
        put("\n]}\n")?;
    }
    app.store.close().await;
    Ok(String::new())
}

fn line(format: Format, listed: &Listed, language: &str, is_first: bool) -> String {
    match format {
        Format::Csv => listed.csv(),
        Format::Json => format!("{}\n{}", if is_first { "" } else { "," }, listed.json(language)),
    }
}

fn put(text: &str) -> Result<(), Unusable> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| Unusable::new("stdout", error, "whoever reads it must not go away"))
}

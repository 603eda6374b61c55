//! `candor export leads --purpose ID`: who may be contacted for that purpose or asked for that service, as CSV or JSON, page by page to stdout.
//! Refuses to run without a purpose: there is no export of everybody.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Place, Unusable};
use crate::{
    app::App,
    export::leads::{Export, Lead, PAGE},
    moment,
    operator::Operator,
};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// There is no export without a purpose
    #[arg(long, value_name = "ID")]
    purpose: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// Who may be contacted at that time, or at the end of that day (UTC); default: now
    #[arg(long, value_name = "TIME", value_parser = moment::until)]
    at: Option<Timestamp>,
    /// What it is for, for the access log
    #[arg(long, default_value = "export")]
    reason: String,
    /// Only this person; why not, where they are not in it
    #[arg(long, value_name = "ID")]
    person: Option<Uuid>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Json,
}

pub(super) async fn print(arguments: Arguments) -> Result<String, Unusable> {
    let remedy = "name a purpose of a published form";
    let unknown = || Unusable::new("--purpose", "no such purpose was ever published here", remedy);
    let Some(purpose) = &arguments.purpose else {
        return Err(Unusable::new(
            "--purpose",
            "there is no export without a purpose",
            remedy,
        ));
    };
    let purpose = purpose.parse().map_err(|_| unknown())?;
    let reason = super::reason(&arguments.reason)?;
    let app = arguments.place.app().await?;
    let at = arguments.at.unwrap_or_else(|| app.clock.now());
    let begun = Export::begin(&app, Operator::COMMAND, purpose, at, reason).await;
    let export = begun.map_err(super::failed)?.ok_or_else(unknown)?;
    let mut sheet = Sheet::new(arguments.format, &export);
    match arguments.person {
        Some(person) => {
            let leads = export.one(&app, person).await.map_err(super::failed)?;
            let leads = leads.map_err(|reason| {
                let remedy = "ask for a purpose that allows it";
                Unusable::new(
                    "--person",
                    format!("{} ({})", reason.sentence(), reason.as_str()),
                    remedy,
                )
            })?;
            sheet.begin()?;
            sheet.write(&leads)?;
        }
        None => {
            sheet.begin()?;
            everybody(&app, &export, &mut sheet).await?;
        }
    }
    sheet.end()?;
    app.store.close().await;
    Ok(String::new())
}

async fn everybody(app: &App, export: &Export, sheet: &mut Sheet<'_>) -> Result<(), Unusable> {
    let mut after = Uuid::nil();
    loop {
        let page = export.page(app, after, PAGE).await.map_err(super::failed)?;
        sheet.write(&page.leads)?;
        match page.next {
            Some(next) => after = next,
            None => return Ok(()),
        }
    }
}

/// What goes to stdout, as it comes.
struct Sheet<'a> {
    format: Format,
    export: &'a Export,
    written: usize,
}

impl<'a> Sheet<'a> {
    fn new(format: Format, export: &'a Export) -> Self {
        Self {
            format,
            export,
            written: 0,
        }
    }

    fn begin(&self) -> Result<(), Unusable> {
        match self.format {
            Format::Csv => put(&self.export.csv_head()),
            Format::Json => put("["),
        }
    }

    fn write(&mut self, leads: &[Lead]) -> Result<(), Unusable> {
        let mut text = String::new();
        for lead in leads {
            match self.format {
                Format::Csv => text.push_str(&self.export.csv(lead)),
                Format::Json => {
                    text.push_str(if self.written == 0 { "\n" } else { ",\n" });
                    text.push_str(&lead.json().to_string());
                }
            }
            self.written += 1;
        }
        put(&text)
    }

    fn end(&self) -> Result<(), Unusable> {
        match self.format {
            Format::Csv => Ok(()),
            Format::Json => put("\n]\n"),
        }
    }
}

fn put(text: &str) -> Result<(), Unusable> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| Unusable::new("stdout", error, "whoever reads it must not go away"))
}

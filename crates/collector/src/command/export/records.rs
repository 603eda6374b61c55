//! `candor export records`: every record with its receipt, as a JSON array, page by page to stdout; or in the words of
//! other standards: DPV 2.3 (one JSON-LD document), Kantara 1.1 (an array, of records that give a consent), SD-JWT (a line
//! each, without values); one of them as a page for people.
//! Refuses sealed records unless `CANDOR_TOKEN` is a living token of the role dpo: being root is no reason to read them.

use std::io::{self, Write};

use askama::Template;
use candor_record::export::dpv;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::{Place, Unusable};
use crate::{
    app::App,
    export::{
        records::{PAGE, said, stored},
        standards::Told,
    },
    follow_up::Dossier,
    http::{error::ApiError, receipt::verdict},
    moment,
    operator::{Operator, OperatorId, Permission, Token, may},
    pages::Receipt,
    person::PersonEvent,
    store::{
        StoredRecord,
        records::{ExportedRecord, RecordFilter},
    },
};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// Only of this form
    #[arg(long, value_name = "ID")]
    form: Option<String>,
    /// Only this one, unless it is sealed
    #[arg(long, value_name = "ID", conflicts_with_all = ["form", "from", "to", "sealed"])]
    record: Option<Uuid>,
    /// Received from this time on, or from the beginning of that day (UTC)
    #[arg(long, value_name = "TIME", value_parser = moment::from)]
    from: Option<Timestamp>,
    /// Received up to this time, or up to the end of that day (UTC)
    #[arg(long, value_name = "TIME", value_parser = moment::until)]
    to: Option<Timestamp>,
    /// Those of erased leads too; asks for CANDOR_TOKEN
    #[arg(long)]
    sealed: bool,
    /// What it is for, for the access log
    #[arg(long, default_value = "export")]
    reason: String,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With what the collector knows of each
    Json,
    /// DPV 2.3 as JSON-LD, by the profile of ISO/IEC TS 27560 for the GDPR
    Dpv,
    /// Kantara Consent Receipt 1.1: records that give a consent
    Kantara,
    /// RFC 9901, a line each, without values
    SdJwt,
    /// The page for people; of one submission (--record)
    Html,
}

pub(super) async fn print(arguments: Arguments) -> Result<String, Unusable> {
    let reason = super::reason(&arguments.reason)?;
    let format = arguments.format;
    if format == Format::Html && arguments.record.is_none() {
        return Err(Unusable::new(
            "--format html",
            "a page shows one record",
            "name it by --record",
        ));
    }
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
    let mut sheet = Sheet { format, written: 0 };
    if let Some(id) = arguments.record {
        let record = one(&app, id).await?;
        if format == Format::Html {
            return human(&app, &record.record).await;
        }
        let told = sheet.tell(&app, &record).await.map_err(super::failed)?;
        sheet.write(told)?;
    } else {
        let filter = RecordFilter {
            form: arguments.form,
            from: arguments.from,
            to: arguments.to.map(moment::next),
            sealed: arguments.sealed,
        };
        every(&app, &filter, &mut sheet).await?;
    }
    sheet.end()?;
    app.store.close().await;
    Ok(String::new())
}

async fn every(app: &App, filter: &RecordFilter, sheet: &mut Sheet) -> Result<(), Unusable> {
    let mut after = Some(0);
    while let Some(place) = after {
        let (records, next) = stored(app, filter, place, PAGE).await.map_err(super::failed)?;
        for record in records {
            let told = sheet.tell(app, &record).await.map_err(super::failed)?;
            sheet.write(told)?;
        }
        after = next;
    }
    Ok(())
}

/// A record whose lead is there: a sealed one is for the role dpo, by `--sealed`.
async fn one(app: &App, id: Uuid) -> Result<ExportedRecord, Unusable> {
    let found = async {
        let Some(record) = app.store.record(id).await? else {
            return Ok::<_, ApiError>(None);
        };
        let lead = app.store.submission(record.chain).await?;
        let event = PersonEvent::read(record).ok_or(ApiError::Internal)?;
        Ok(lead.map(|_| ExportedRecord {
            form: event.record.form().id.to_string(),
            record: event.stored,
            sealed_until: None,
        }))
    };
    let found = found.await.map_err(super::failed)?;
    found.ok_or_else(|| Unusable::new("--record", "there is no such record", "look for it by --format json"))
}

/// The receipt as a page that stands alone.
async fn human(app: &App, record: &StoredRecord) -> Result<String, Unusable> {
    let dossier = Dossier::open(app, record.chain).await.map_err(super::failed)?;
    let dossier = dossier.filter(|dossier| dossier.id() == record.id);
    let dossier = dossier
        .ok_or_else(|| Unusable::new("--record", "a page shows a submission", "name the chain's first record"))?;
    let verdict = verdict(app, &dossier, record, dossier.first().subject.sd.as_slice());
    let page = Receipt::new(app, &dossier, &verdict, None).render();
    app.store.close().await;
    page.map_err(|error| Unusable::new("the page", error, "report this as a fault of Candor"))
}

/// What goes to stdout, as it comes.
struct Sheet {
    format: Format,
    written: usize,
}

impl Sheet {
    /// The record in the words of the format; `None` where it has none.
    async fn tell(&self, app: &App, record: &ExportedRecord) -> Result<Option<String>, ApiError> {
        let text = |value: Value| value.to_string();
        if self.format == Format::Json {
            return said(record).map(|said| Some(text(said)));
        }
        let told = Told::open(app, &record.record).await?;
        Ok(match self.format {
            Format::Dpv => Some(text(told.dpv_record()?)),
            Format::Kantara => told.kantara(&app.keys.current().published)?.map(text),
            Format::SdJwt => Some(told.sd_jwt(&[], &|_| false)?),
            // A page shows one record.
            Format::Json | Format::Html => None,
        })
    }

    fn write(&mut self, text: Option<String>) -> Result<(), Unusable> {
        let Some(text) = text else { return Ok(()) };
        let before = match (self.format, self.written) {
            (Format::SdJwt, _) => String::new(),
            (_, 0) => self.head(),
            _ => ",\n".to_owned(),
        };
        self.written += 1;
        let after = if self.format == Format::SdJwt { "\n" } else { "" };
        put(&format!("{before}{text}{after}"))
    }

    fn head(&self) -> String {
        match self.format {
            Format::Dpv => format!("{{\"@context\":{},\"@graph\":[\n", dpv::context()),
            _ => "[\n".to_owned(),
        }
    }

    fn end(&self) -> Result<(), Unusable> {
        let foot = match self.format {
            Format::SdJwt => return Ok(()),
            Format::Dpv => "\n]}\n",
            _ => "\n]\n",
        };
        match self.written {
            0 => put(&format!("{}{foot}", self.head()).replace("[\n\n]", "[]")),
            _ => put(foot),
        }
    }
}

fn put(text: &str) -> Result<(), Unusable> {
    let written = io::stdout().lock().write_all(text.as_bytes());
    written.map_err(|error| Unusable::new("stdout", error, "whoever reads it must not go away"))
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

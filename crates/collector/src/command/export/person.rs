//! `candor export person`: everything that is kept of a person (GDPR Art. 15, 20), the same document as on their own page, or
//! their records alone in the words of other standards.
//! Refuses to run without a reason, which the person can read. `--email -` reads the address from stdin, so that it does
//! not stand in the history of the shell.

use std::io;

use askama::Template;
use clap::{ArgGroup, Args, ValueEnum};
use uuid::Uuid;

use super::{Place, Unusable};
use crate::{
    access::access,
    export::standards::{dpv_of, kantara_of},
    http::error::ApiError,
    mailbox::Mailbox,
    operator::Operator,
    pages::person::DataPage,
    permission::Address,
    person::Person,
};

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("who").required(true)))]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// The person's address; `-`: one line from stdin
    #[arg(long, value_name = "ADDRESS", group = "who")]
    email: Option<String>,
    /// The person's id
    #[arg(long, value_name = "ID", group = "who")]
    person: Option<Uuid>,
    /// Why, for the access log; the person can read it
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// The document of docs/access.md
    Json,
    Html,
    /// The records alone, as DPV 2.3 in JSON-LD
    Dpv,
    /// The records that give a consent, as Kantara Consent Receipts 1.1
    Kantara,
}

pub(super) async fn print(arguments: Arguments) -> Result<String, Unusable> {
    let reason = super::reason(&arguments.reason)?;
    let address = arguments.email.as_deref().map(mailbox).transpose()?;
    let app = arguments.place.app().await?;
    let read = async {
        let found = match address {
            Some(mailbox) => Address::Mailbox(mailbox).people(&app).await?.first().copied(),
            None => arguments.person,
        };
        let Some(row) = app.store.person(found.unwrap_or_default()).await? else {
            return Ok::<_, ApiError>(None);
        };
        app.log_access(&Operator::COMMAND, "export", Some(row.id), reason)
            .await?;
        let Some(person) = Person::open(&app, row.id).await? else {
            return Ok(None);
        };
        let text = match arguments.format {
            Format::Json => super::pretty(&access(&app, &person).await?),
            Format::Dpv => super::pretty(&dpv_of(&app, &person).await?),
            Format::Kantara => super::pretty(&kantara_of(&app, &person).await?),
            Format::Html => {
                let page = DataPage::new(&app, &person, None, &access(&app, &person).await?).render();
                page.map_err(|error| Unusable::new("the page", error, "report this as a fault of Candor"))
            }
        };
        Ok(Some(text))
    };
    let all = read.await.map_err(super::failed)?;
    app.store.close().await;
    let nobody = || Unusable::new("--email", "nothing is kept of this person", "look for another spelling");
    all.ok_or_else(nobody)?
}

fn mailbox(typed: &str) -> Result<Mailbox, Unusable> {
    let remedy = "give an address, or `-` and one on stdin";
    let mut line = String::new();
    let text = match typed {
        "-" => {
            let read = io::stdin().read_line(&mut line);
            read.map_err(|error| Unusable::new("stdin", error, remedy))?;
            line.trim()
        }
        typed => typed,
    };
    Mailbox::parse(text).map_err(|error| Unusable::new("--email", error, remedy))
}

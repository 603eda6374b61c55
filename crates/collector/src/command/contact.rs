//! `candor contact`: the foot of the first message and the script of the first call, for each promotional purpose and language, of a
//! definition or of what was published; what is shared has one text for each partner.
//! Refuses a definition that `candor check` refuses, a purpose that promotes nothing, and a partner that gets nothing.

use std::{
    collections::BTreeSet,
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use candor_definition::{Context, Definition, parse_in};
use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::{
    check::complain,
    definition::{choose, definition, web_address},
    place::{Failure, Place, finish},
};
use crate::{
    clock::{Clock, SystemClock, day},
    config::Options,
    first_contact::{Circumstances, FirstContact, first_contact, page, promotional},
    store::{
        Store,
        registry::{PublishedDefinition, Registry},
        sqlite::SqliteStore,
    },
};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Of this purpose alone; by default each promotional one
    #[arg(value_name = "PURPOSE")]
    purpose: Option<String>,
    /// A definition; by default the published forms of the data folder
    #[arg(long, value_name = "FILE")]
    form: Option<PathBuf>,
    /// One language; by default each of the form's
    #[arg(long, value_name = "LANG", env = "CANDOR_LANG")]
    lang: Option<String>,
    /// What this party says, that gets the data; by default every partner
    #[arg(long, value_name = "PARTY")]
    partner: Option<String>,
    /// Where the collector is reached: people object and withdraw there
    #[arg(long, value_name = "URL", env = "CANDOR_PUBLIC_URL", value_parser = web_address)]
    public_url: Option<String>,
    /// Where the contact details come from, where it is not the form (GDPR Art. 14)
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
    /// Calls are recorded: the script says so
    #[arg(long)]
    recorded: bool,
    /// How to print it; html is a page to look at
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Html,
    Json,
}

/// Runs `candor contact`.
pub fn run(mut arguments: Arguments) -> ExitCode {
    let definitions = match &arguments.form {
        Some(file) => match definition(file, arguments.public_url.is_some()) {
            Ok(definition) => vec![definition],
            Err(code) => return code,
        },
        None => {
            let mut found = Vec::new();
            let code = finish("contact", async {
                found = published(arguments.place.clone()).await?;
                // A server that was started here knows where it is reached.
                let file = Options::from_file(Path::new("candor.toml"), false)?;
                let of_file = file.public_url.map(|url| web_address(&url)).transpose();
                let of_file = of_file.map_err(|reason| format!("candor.toml: public-url: {reason}"))?;
                arguments.public_url = arguments.public_url.take().or(of_file);
                Ok(String::new())
            });
            if found.is_empty() {
                return code;
            }
            found
        }
    };
    match print(&arguments, &definitions, SystemClock.now()) {
        Ok(text) => {
            // A reader that went away is no failure.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(reason) => {
            complain(&format!("candor contact: {reason}"));
            ExitCode::from(2)
        }
    }
}

async fn published(place: Place) -> Result<Vec<Definition>, Failure> {
    let config = place.decide_existing()?;
    let store = SqliteStore::open(&config.database).await?;
    let rows = store.in_force(SystemClock.now()).await?;
    store.close().await;
    if rows.is_empty() {
        return Err("no form was published here; name a definition with --form".into());
    }
    let context = Context { has_collector: true };
    let read = |row: PublishedDefinition| {
        let unread = |_| {
            format!(
                "the published form {} cannot be read; use the release that published it",
                row.form
            )
        };
        parse_in(context, row.definition.as_bytes()).map_err(unread)
    };
    rows.into_iter().map(|row| Ok(read(row)?)).collect()
}

fn print(arguments: &Arguments, definitions: &[Definition], now: Timestamp) -> Result<String, String> {
    let (mut contacts, mut lacking): (Vec<FirstContact>, Option<String>) = (Vec::new(), None);
    let circumstances = Circumstances {
        public_url: arguments.public_url.as_deref(),
        source: arguments.source.as_deref(),
        recorded: arguments.recorded,
        day: day(now),
    };
    for definition in definitions {
        let wanted = |id: &str| arguments.purpose.as_deref().is_none_or(|only| only == id);
        for purpose in promotional(definition).filter(|purpose| wanted(purpose.id.as_str())) {
            let languages = match &arguments.lang {
                // Of several forms those that have the language are printed.
                Some(_) => choose(definition, arguments.lang.as_deref())
                    .map_err(|reason| lacking = Some(reason))
                    .into_iter()
                    .collect(),
                None => definition.languages().cloned().collect::<Vec<_>>(),
            };
            for language in languages {
                contacts.extend(first_contact(definition, purpose, &language, &circumstances));
            }
        }
    }
    if contacts.is_empty() {
        let none = "no such purpose promotes anything to anybody; name a promotional one with a channel";
        return Err(lacking.unwrap_or_else(|| none.to_owned()));
    }
    if let Some(wanted) = &arguments.partner {
        let of = |contact: &FirstContact| contact.partner.as_ref().map(|partner| partner.id.clone());
        let known: BTreeSet<String> = contacts.iter().filter_map(of).collect();
        contacts.retain(|contact| of(contact).as_ref() == Some(wanted));
        if contacts.is_empty() {
            return Err(no_partner(wanted, &known));
        }
    }
    match arguments.format {
        Format::Text => Ok(page::listing(&contacts)),
        Format::Json => serde_json::to_string_pretty(&contacts)
            .map(|text| text + "\n")
            .map_err(|error| error.to_string()),
        Format::Html => {
            let title = match definitions {
                [only] => only
                    .title()
                    .in_language(&choose(only, arguments.lang.as_deref())?)
                    .to_owned(),
                _ => String::new(),
            };
            page::page(&title, &contacts).map_err(|error| error.to_string())
        }
    }
}

fn no_partner(wanted: &str, known: &BTreeSet<String>) -> String {
    if known.is_empty() {
        return format!("`{wanted}` gets nothing from what is printed here: no partner does; leave out --partner");
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    format!(
        "`{wanted}` gets nothing from what is printed here; name one of the partners: {}",
        known.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use candor_definition::Country;
    use candor_record::term::Audience;
    use clap::Parser;

    use super::*;
    use crate::template::{Kind, Wanted, definition as template};

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    fn newsletter(country: &str, languages: &[&str]) -> Definition {
        let wanted = Wanted {
            kind: Kind::Newsletter,
            jurisdiction: Country::parse(country).expect("a country"),
            audience: Audience::B2c,
            languages: languages.iter().map(|tag| (*tag).to_owned()).collect(),
            name: "Acme".into(),
            email: "contact@acme.example".into(),
            address: "1 Example Street".into(),
            site: "https://acme.example".into(),
        };
        let text = template(&wanted).expect("a template");
        parse_in(Context { has_collector: true }, text.as_bytes()).expect("lawful")
    }

    #[test]
    fn of_several_forms_those_that_have_the_language_are_printed() {
        let forms = [newsletter("FR", &["fr", "en"]), newsletter("DE", &["de"])];
        let check = |arguments: &[&str], expected: Result<usize, &str>| {
            let line = Line::parse_from([&["contact", "--format", "json"], arguments].concat());
            let told = print(&line.arguments, &forms, Timestamp::UNIX_EPOCH);
            let count = told.as_deref().map(|json| json.matches("\"form\":").count());
            match (count, expected) {
                (Err(told), Err(expected)) => assert!(told.contains(expected), "{told}"),
                (count, expected) => assert_eq!(count, Ok(expected.expect("printed")), "{arguments:?}"),
            }
        };
        check(&[], Ok(3));
        check(&["--lang", "fr"], Ok(1));
        check(&["--lang", "de"], Ok(1));
        check(&["--lang", "es"], Err("no language `es`"));
        check(&["nothing"], Err("promotes"));
    }
}

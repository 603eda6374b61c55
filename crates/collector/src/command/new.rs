//! `candor new KIND`: prints a lawful definition to begin with, for the people and the country addressed.
//! Refuses a country or a language that no template knows. What stands for the owner is an example until the options name them.

use std::{io::Write, process::ExitCode};

use candor_definition::{Country, parse};
use candor_record::term::Audience;
use clap::{Args, ValueEnum};

use super::{check::complain, definition::web_address};
use crate::template::{Kind, Wanted, definition};

#[derive(Debug, Args)]
pub struct Arguments {
    /// What the form is for
    #[arg(value_enum, value_name = "KIND")]
    kind: Kind,
    /// Country of the people addressed, ISO 3166-1
    #[arg(long, value_name = "COUNTRY", default_value = "FR", value_parser = country)]
    jurisdiction: Country,
    /// Consumers, or people in their work
    #[arg(long, value_enum, default_value_t = People::B2c)]
    audience: People,
    /// Languages, the default first: fr, en, de, es, it, nl
    #[arg(long, value_name = "LANG,…", value_delimiter = ',', default_value = "fr,en")]
    lang: Vec<String>,
    /// Name of the controller
    #[arg(long, value_name = "NAME", default_value = "Acme")]
    name: String,
    /// Its e-mail address for questions about data
    #[arg(long, value_name = "ADDRESS", default_value = "contact@acme.example")]
    email: String,
    /// Its postal address
    #[arg(long, value_name = "TEXT", default_value = "1 rue de l’Exemple, 75001 Paris")]
    address: String,
    /// Its site; the privacy policy is expected at /privacy
    #[arg(long, value_name = "URL", default_value = "https://acme.example", value_parser = web_address)]
    site: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum People {
    B2c,
    B2b,
}

/// Runs `candor new`.
pub fn run(arguments: &Arguments) -> ExitCode {
    let wanted = Wanted {
        kind: arguments.kind,
        jurisdiction: arguments.jurisdiction,
        audience: match arguments.audience {
            People::B2c => Audience::B2c,
            People::B2b => Audience::B2b,
        },
        languages: arguments.lang.clone(),
        name: arguments.name.clone(),
        email: arguments.email.clone(),
        address: arguments.address.clone(),
        site: arguments.site.trim_end_matches('/').to_owned(),
    };
    let text = match definition(&wanted) {
        Ok(text) => text,
        Err(error) => {
            complain(&format!("candor: {error}"));
            return ExitCode::from(2);
        }
    };
    // What the options name is the owner's: it is judged like any definition.
    if let Err(problems) = parse(text.as_bytes()) {
        for problem in problems {
            complain(&format!(
                "candor: {}: {}; {}",
                problem.pointer, problem.message, problem.help
            ));
        }
        return ExitCode::from(2);
    }
    // A reader that went away is no failure.
    let _ = std::io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

fn country(text: &str) -> Result<Country, String> {
    Country::parse(text).ok_or_else(|| "write the two capital letters of a country, for example FR".to_owned())
}

#![doc = include_str!("../README.md")]

pub mod rule;
#[cfg(feature = "schema")]
pub mod schema;

mod act;
mod age;
mod catalog;
mod category;
pub mod change;
mod compile;
mod definition;
mod diagnostic;
mod duplicates;
mod field;
mod id;
mod language;
mod mechanism;
pub mod notice;
mod party;
mod period;
mod place;
mod plural;
mod purpose;
mod read;
mod text;
mod theme;
mod web;

pub use act::{Confirmation, Delivery, Gate, OnSilence, Submit, Withdrawal};
pub use age::{AgeOfConsent, age_of_consent, ages_of_consent};
pub use category::Category;
pub use compile::{Compiled, FORMAT as COMPILED_FORMAT, PartnerWords, compile, partner_words};
pub use definition::{AutomatedDecisions, Definition, FORMAT, Policy};
pub use diagnostic::{Diagnostic, Problem, Severity};
pub use field::{Field, FieldKind, FieldOption, FieldType};
pub use language::{Language, priorities};
pub use mechanism::{Mechanism, Transfer};
pub use party::Party;
pub use period::Period;
pub use place::Country;
pub use purpose::{
    Consent, ConsentStrength, GatePurpose, Ground, Interest, InterestBasis, Purpose, Reach, Service, ServiceBasis,
    Storage, VoluntaryKind,
};
pub use text::{Text, normalise};
pub use theme::{TOKENS as THEME_TOKENS, Theme};

use diagnostic::Report;

/// Primary languages that have the words of the notice, by name.
pub const LANGUAGES: &[&str] = catalog::Catalog::TAGS;

/// What is known of the place where a definition will be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Context {
    /// Whether a collector serves the form: it then takes consents back at `/m`.
    pub has_collector: bool,
}

/// Parses a definition that stands alone.
///
/// # Errors
/// Every problem of the file, by position.
pub fn parse(text: &[u8]) -> Result<Definition, Vec<Diagnostic>> {
    parse_in(Context::default(), text)
}

/// Parses a definition, knowing where it will be used.
///
/// # Errors
/// Every problem of the file, by position.
pub fn parse_in(context: Context, text: &[u8]) -> Result<Definition, Vec<Diagnostic>> {
    match read_in(context, text) {
        (Some(definition), _) => Ok(definition),
        (None, mut told) => {
            told.retain(|told| told.severity != Severity::Note);
            Err(told)
        }
    }
}

/// Everything that is to be told of a definition that stands alone, by position: what refuses it, and what is worth knowing.
pub fn review(text: &[u8]) -> Vec<Diagnostic> {
    review_in(Context::default(), text)
}

/// The same, knowing where the definition will be used.
pub fn review_in(context: Context, text: &[u8]) -> Vec<Diagnostic> {
    read_in(context, text).1
}

fn read_in(context: Context, text: &[u8]) -> (Option<Definition>, Vec<Diagnostic>) {
    let mut report = Report::new(text);
    let definition = duplicates::read(&mut report, text).and_then(|root| definition::read(&mut report, context, &root));
    (definition.filter(|_| report.is_good()), report.into_diagnostics())
}

/// The declared language that fits best: RFC 4647 lookup over a priority list, the default where nothing fits.
pub fn negotiate(definition: &Definition, requested: Option<&str>) -> Language {
    definition.lookup(requested).clone()
}

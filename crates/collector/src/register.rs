//! The record of processing activities (GDPR Art. 30(1)), made from the definitions that were published, together with
//! what Candor itself does with personal data. Pure but for reading the store; no clock, no HTTP.
//! Refuses to guess: who hosts the server or the mails stands in no definition, and the register says so.
//! Read next: `register/types.rs`, then `register/from_definition.rs`.

use jiff::Timestamp;

use crate::{
    catalog::Words,
    clock::day,
    store::{Store, StoreError, flows::CountedTarget, registry::PublishedDefinition},
};

pub(crate) mod definition;
mod earlier;
mod from_definition;
mod member;
mod own;
mod receivers;
pub(crate) mod say;

pub mod csv;
pub mod diff;
pub mod html;
pub mod map;
pub mod types;

use self::from_definition::Reading;
pub use self::{
    diff::Difference,
    types::{Activity, FORMAT, Form, Register},
};

/// Why there is no register.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    #[error("{0}")]
    Store(#[from] StoreError),
    /// A register without one of its forms would be false, so there is none.
    #[error("the published definition {version} of the form {form} cannot be read: {reason}")]
    Unreadable {
        form: String,
        version: String,
        reason: String,
    },
}

/// The register as it stood at that time, in French or else in English.
///
/// # Errors
/// The store failed, or holds a definition that this release cannot read.
pub async fn register(store: &dyn Store, at: Timestamp, language: &str) -> Result<Register, RegisterError> {
    let targets = receivers::then(store.targets_counted().await?, at);
    from_definitions(
        &store.in_force(at).await?,
        &store.held(at).await?,
        &targets,
        at,
        language,
    )
}

/// The pure part: the rows of these definitions and Candor's own.
fn from_definitions(
    definitions: &[PublishedDefinition],
    held: &[PublishedDefinition],
    targets: &[CountedTarget],
    at: Timestamp,
    language: &str,
) -> Result<Register, RegisterError> {
    let words = Words::of_register(language);
    let readings = definitions.iter().map(|published| Reading::of(words, published));
    let readings = readings.collect::<Result<Vec<_>, _>>()?;
    let rows = |reading: &Reading| reading.activities(targets, day(at));
    let mut activities: Vec<Activity> = readings.iter().flat_map(rows).collect();
    for earlier in held {
        for row in rows(&Reading::of(words, earlier)?) {
            add_closed(words, &mut activities, row);
        }
    }
    activities.extend(own::activities(words, &readings));
    Ok(Register {
        format: FORMAT,
        language: words.language(),
        at,
        forms: readings.iter().map(Reading::form).collect(),
        activities,
        measures: own::measures(words),
        words,
    })
}

/// A purpose that no version in force names any more, while data of it are held: they are processed as long as they are
/// kept. Of one that goes on, what only the earlier version named is added (`earlier.rs`). Of several earlier versions the newest says it, and all are sources.
fn add_closed(words: Words, activities: &mut Vec<Activity>, mut row: Activity) {
    let note = words.get("register_note_closed").to_owned();
    match activities.iter_mut().find(|known| known.id == row.id) {
        None => {
            row.notes.push(note);
            activities.push(row);
        }
        Some(known) if known.notes.contains(&note) => known.sources.append(&mut row.sources),
        Some(known) => earlier::add(words, known, row),
    }
}

#[cfg(test)]
pub(crate) mod tests;

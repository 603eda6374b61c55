//! The map: which field serves which purpose, who receives it, and in which country, from the definitions in force. Pure but
//! for reading the store.
//! Refuses to leave an edge out, and to draw one that no definition has. Read next: `map/types.rs`, then `map/wide.rs`.

use std::collections::BTreeSet;

use candor_definition::Country;
use jiff::Timestamp;

use super::{
    RegisterError, definition,
    from_definition::{Reading, is_controller},
    say,
};
use crate::{
    catalog::Words,
    dates::day,
    store::{Store, flows::TargetRow, registry::PublishedDefinition},
};

mod boxes;
mod label;
mod measure;
mod narrow;
mod wide;

pub mod csv;
pub mod html;
pub mod svg;
pub mod types;

pub use self::types::{Edge, FORMAT, Map, Target};
use self::types::{Field, FormMap, Land, Nature, Party, Purpose};

/// The map as of that time, in French or else in English, with what is told automatically.
///
/// # Errors
/// The store failed, or holds a definition that this release cannot read.
pub async fn map(store: &dyn Store, at: Timestamp, language: &str) -> Result<Map, RegisterError> {
    let ever = store.targets_counted().await?.into_iter().map(|counted| counted.target);
    let then = ever.filter(|row| row.created <= at && row.closed.is_none_or(|closed| closed > at));
    let targets: Vec<TargetRow> = then.collect();
    from_definitions(&store.in_force(at).await?, at, language, &targets)
}

/// The pure part.
pub(super) fn from_definitions(
    definitions: &[PublishedDefinition],
    at: Timestamp,
    language: &str,
    targets: &[TargetRow],
) -> Result<Map, RegisterError> {
    let words = Words::of_register(language);
    let readings = definitions.iter().map(|published| Reading::of(words, published));
    let forms = readings.map(|reading| Ok(form(words, &reading?, targets, at)));
    Ok(Map {
        format: FORMAT,
        language: words.language(),
        at,
        forms: forms.collect::<Result<_, RegisterError>>()?,
        words,
    })
}

fn form(words: Words, reading: &Reading, targets: &[TargetRow], at: Timestamp) -> FormMap {
    let said = reading.form();
    let definition = &reading.definition;
    let purposes = &definition.purposes;
    let receives = |party: &definition::Party| purposes.iter().any(|purpose| purpose.recipients.contains(&party.id));
    let told = |place: usize| {
        let its = targets
            .iter()
            .filter(move |row| definition.receiving(row) == Some(place));
        its.map(|row| Target::of(row, at)).collect()
    };
    let places = definition.parties.iter().enumerate();
    let parties: Vec<Party> = places
        .filter(|(_, it)| receives(it))
        .map(|(place, it)| party(words, reading, it, told(place)))
        .collect();
    let edges = edges(words, definition);
    let countries = countries(words, &parties, purposes);
    FormMap {
        fields: definition
            .fields
            .iter()
            .map(|field| Field {
                id: field.id.clone(),
                label: reading.text(&field.label),
                kind: field.kind.clone(),
                required: field.required,
            })
            .collect(),
        purposes: purposes.iter().map(|it| purpose(words, reading, it)).collect(),
        id: said.id,
        version: said.version,
        published: said.published,
        title: said.title,
        language: said.language,
        parties,
        countries,
        edges,
    }
}

fn party(words: Words, reading: &Reading, party: &definition::Party, targets: Vec<Target>) -> Party {
    let role = say::term(words, "role", &party.role);
    let agreement = party.agreement.as_ref().map(|text| {
        let date = text.parse().map_or_else(|_| text.clone(), |date| day(words, date));
        words.fill("register_agreement", "value", &date)
    });
    Party {
        id: party.id.clone(),
        role: party.role.clone(),
        name: reading.text(&party.name),
        country: party.country.clone(),
        agreement: party.agreement.clone(),
        words: [Some(role), agreement]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", "),
        is_controller: is_controller(party),
        targets,
    }
}

fn purpose(words: Words, reading: &Reading, purpose: &definition::Purpose) -> Purpose {
    Purpose {
        id: purpose.id.clone(),
        name: say::term(words, "category", &purpose.category),
        statement: reading.text(&purpose.statement),
        basis: purpose.basis.clone(),
        basis_words: say::term(words, "basis", &purpose.basis),
        channel: purpose.channel.clone(),
        channel_words: say::term(words, "channel", &purpose.channel),
        nature: Nature::of(&purpose.basis),
    }
}

fn edges(words: Words, definition: &definition::Definition) -> Vec<Edge> {
    let mut edges = Vec::new();
    for field in &definition.fields {
        edges.extend(field.purposes.iter().map(|purpose| Edge::Serves {
            field: field.id.clone(),
            purpose: purpose.clone(),
        }));
    }
    for purpose in &definition.purposes {
        edges.extend(purpose.recipients.iter().map(|party| Edge::Receives {
            purpose: purpose.id.clone(),
            party: party.clone(),
        }));
        edges.extend(purpose.storage.locations.iter().map(|country| Edge::Stored {
            purpose: purpose.id.clone(),
            country: country.clone(),
        }));
        edges.extend(purpose.transfers.iter().map(|transfer| Edge::Transferred {
            purpose: purpose.id.clone(),
            country: transfer.country.clone(),
            mechanism: transfer.mechanism.clone(),
            words: say::mechanism(words, &transfer.mechanism),
            copy: transfer.copy.clone(),
        }));
    }
    let receiving: BTreeSet<&String> = definition
        .purposes
        .iter()
        .flat_map(|purpose| &purpose.recipients)
        .collect();
    let parties = definition.parties.iter().filter(|party| receiving.contains(&party.id));
    edges.extend(parties.map(|party| Edge::Established {
        party: party.id.clone(),
        country: party.country.clone(),
    }));
    edges
}

/// Every country that is named, in the order in which it is met.
fn countries(words: Words, parties: &[Party], purposes: &[definition::Purpose]) -> Vec<Land> {
    let of_parties = parties.iter().map(|party| &party.country);
    let of_purposes = purposes.iter().flat_map(|purpose| {
        let transfers = purpose.transfers.iter().map(|transfer| &transfer.country);
        purpose.storage.locations.iter().chain(transfers)
    });
    let mut met: Vec<&String> = Vec::new();
    for code in of_parties.chain(of_purposes) {
        if !met.contains(&code) {
            met.push(code);
        }
    }
    let land = |code: &String| Land {
        code: code.clone(),
        name: say::country(words, code),
        outside: Country::parse(code).is_some_and(Country::is_outside_eea),
    };
    met.into_iter().map(land).collect()
}

#[cfg(test)]
mod tests;

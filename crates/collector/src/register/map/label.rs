//! What each box says, and which boxes stand in the third column.
//! Refuses to know where: `wide.rs` and `narrow.rs` do.

use super::{
    boxes::Label,
    types::{Edge, FormMap, Map},
};
use crate::typography::spaced;

/// What stands in the third column: who receives, where it is kept, on which ground it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way<'a> {
    Party(&'a str),
    Stored(&'a str),
    Transfer(&'a str, &'a str),
}

/// Everything in the third column, each where the purposes that lead to it stand.
pub(super) fn ways(form: &FormMap) -> Vec<Way<'_>> {
    let mut ways: Vec<(Way<'_>, Vec<usize>)> = Vec::new();
    for edge in &form.edges {
        let Some((purpose, way)) = way_of(edge) else { continue };
        let Some(at) = form.purposes.iter().position(|known| known.id == purpose) else {
            continue;
        };
        match ways.iter_mut().find(|(known, _)| *known == way) {
            Some((_, purposes)) => purposes.push(at),
            None => ways.push((way, vec![at])),
        }
    }
    let kind = |way: &Way<'_>| match way {
        Way::Party(_) => 0,
        Way::Stored(_) => 1,
        Way::Transfer(..) => 2,
    };
    ways.sort_by_key(|(way, purposes)| (kind(way), mean(purposes)));
    ways.into_iter().map(|(way, _)| way).collect()
}

pub(super) fn way_of(edge: &Edge) -> Option<(&str, Way<'_>)> {
    match edge {
        Edge::Receives { purpose, party } => Some((purpose, Way::Party(party))),
        Edge::Stored { purpose, country } => Some((purpose, Way::Stored(country))),
        Edge::Transferred {
            purpose,
            country,
            words,
            ..
        } => Some((purpose, Way::Transfer(country, words))),
        Edge::Serves { .. } | Edge::Established { .. } => None,
    }
}

/// A hundredfold mean: whole numbers sort without doubt.
fn mean(places: &[usize]) -> usize {
    100 * places.iter().sum::<usize>() / places.len().max(1)
}

pub(super) fn field_label(map: &Map, form: &FormMap, at: usize) -> Label {
    let field = &form.fields[at];
    let required = field.required.then(|| map.words.get("map_required").to_owned());
    let notes: Vec<String> = required.into_iter().collect();
    Label {
        class: "field",
        name: spaced(&field.label),
        title: [vec![spaced(&field.label)], notes.clone()].concat().join(", "),
        notes,
    }
}

pub(super) fn purpose_label(form: &FormMap, at: usize) -> Label {
    let purpose = &form.purposes[at];
    Label {
        class: purpose.nature.as_str(),
        name: purpose.name.clone(),
        notes: vec![
            format!("{}, {}", purpose.id, purpose.channel_words),
            purpose.basis_words.clone(),
        ],
        title: format!("{}: {}", purpose.id, spaced(&purpose.statement)),
    }
}

pub(super) fn way_label(map: &Map, form: &FormMap, way: &Way<'_>, with_country: bool) -> Label {
    let words = map.words;
    match way {
        Way::Party(id) => {
            let Some(party) = form.parties.iter().find(|known| known.id == *id) else {
                return Label::default();
            };
            let mut notes = vec![party.words.clone()];
            if with_country {
                notes.push(form.country_name(&party.country).to_owned());
            }
            let mut kinds: Vec<&str> = party.targets.iter().map(|target| target.kind.as_str()).collect();
            kinds.sort_unstable();
            kinds.dedup();
            if !kinds.is_empty() {
                notes.push(words.fill("map_told", "kinds", &kinds.join(", ")));
            }
            Label {
                class: "party",
                name: spaced(&party.name),
                title: [vec![spaced(&party.name)], notes.clone()].concat().join(", "),
                notes,
            }
        }
        Way::Stored(code) => {
            let name = words.fill("map_stored", "country", form.country_name(code));
            Label {
                class: "stored",
                title: name.clone(),
                name,
                notes: Vec::new(),
            }
        }
        Way::Transfer(code, ground) => {
            let name = words.fill("map_transfer", "country", form.country_name(code));
            Label {
                class: "transfer",
                title: format!("{name}, {ground}"),
                name,
                notes: vec![(*ground).to_owned()],
            }
        }
    }
}

/// What an edge is called in the picture: the same as in the definition.
pub(super) fn called(form: &FormMap, purpose: usize, way: &Way<'_>) -> String {
    let purpose = &form.purposes[purpose].id;
    match way {
        Way::Party(party) => format!("receives {purpose} {party}"),
        Way::Stored(country) => format!("stored {purpose} {country}"),
        Way::Transfer(country, _) => format!("transferred {purpose} {country}"),
    }
}

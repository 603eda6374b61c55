//! What an earlier version of a purpose named and the one in force does not, while leads of that version are held: they went to its
//! recipients and countries, and are kept for its time (GDPR Art. 30(1)(d)-(f) speaks of what has been disclosed, too).
//! Refuses to add what the version in force says as well.

use super::types::Activity;
use crate::catalog::Words;

/// Adds to a row of a version in force what an earlier version, of which leads are held, named besides.
pub(super) fn add(words: Words, known: &mut Activity, mut earlier: Activity) {
    let added = [
        missing(&mut known.recipients, earlier.recipients, |one, other| {
            (&one.role, &one.name, &one.country) == (&other.role, &other.name, &other.country)
        }),
        missing(&mut known.receivers, earlier.receivers, |one, other| one == other),
        missing(&mut known.data, earlier.data, |one, other| {
            (&one.field, &one.term) == (&other.field, &other.term)
        }),
        missing(&mut known.transfers, earlier.transfers, |one, other| {
            (&one.country, &one.mechanism) == (&other.country, &other.mechanism)
        }),
        missing(&mut known.locations, earlier.locations, |one, other| one == other),
        missing(&mut known.retention, earlier.retention, |one, other| {
            (&one.period, &one.from) == (&other.period, &other.from)
        }),
    ];
    if !added.contains(&true) {
        return;
    }
    known.sources.append(&mut earlier.sources);
    let note = words.get("register_note_earlier").to_owned();
    if !known.notes.contains(&note) {
        known.notes.push(note);
    }
}

/// Adds what is not there; whether anything was.
fn missing<T>(known: &mut Vec<T>, others: Vec<T>, is_same: fn(&T, &T) -> bool) -> bool {
    let before = known.len();
    for other in others {
        if !known.iter().any(|one| is_same(one, &other)) {
            known.push(other);
        }
    }
    known.len() > before
}

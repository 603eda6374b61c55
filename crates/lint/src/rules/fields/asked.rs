//! What a field asks for, by its type, its id and its words.

use candor_definition::{Field, FieldType, Purpose};
use candor_record::term::Basis;

use crate::lexicon::{List, ids};
use crate::subject::{Part, Said, Subject};
use crate::words::Phrases;

/// A phrase of a list in a text, unless it is part of one that only looks like it.
fn phrase<'s>(said: &'s Said<'_>, list: List) -> Option<&'s str> {
    let lexicon = said.lexicon()?;
    let place = lexicon
        .list(list)
        .places(&said.words, lexicon.list(List::Harmless))
        .into_iter()
        .next()?;
    said.text.get(place)
}

fn stands(list: &Phrases, said: &Said<'_>) -> bool {
    !list.places(&said.words, &Phrases::default()).is_empty()
}

/// Where a field says a word of a list, and the word: its label, a hint that does not ask to leave it out, or its id.
pub(super) fn asks(subject: &Subject<'_>, field: &Field, at: &str, list: List) -> Option<(String, String)> {
    let is_its_own = |part| match part {
        Part::FieldLabel(of) | Part::FieldHint(of) => of.id == field.id,
        _ => false,
    };
    let by_words = subject.parts(is_its_own).find_map(|said| {
        let refrains = matches!(said.part, Part::FieldHint(_))
            && said
                .lexicon()
                .is_some_and(|lexicon| stands(lexicon.list(List::Refraining), said));
        let found = phrase(said, list).filter(|_| !refrains)?;
        Some((said.pointer.clone(), found.to_owned()))
    });
    by_words.or_else(|| {
        // A label that says something harmless tells what an ambiguous id is short for.
        let is_harmless = subject.parts(is_its_own).any(|said| said.has(List::Harmless));
        let says = !is_harmless && ids::says(field.id.as_str(), list, List::Harmless);
        says.then(|| (format!("{at}/id"), field.id.as_str().to_owned()))
    })
}

/// The first answer of a list of options that says a word of a list.
pub(super) fn answers(subject: &Subject<'_>, field: &Field, list: List) -> Option<(String, String)> {
    let is_its_own = |part| matches!(part, Part::OptionLabel(of) if of.id == field.id);
    subject
        .parts(is_its_own)
        .find_map(|said| Some((said.pointer.clone(), phrase(said, list)?.to_owned())))
}

/// The purposes that the value serves.
pub(super) fn purposes<'d>(subject: &Subject<'d>, field: &'d Field) -> impl Iterator<Item = &'d Purpose> {
    let definition = subject.definition;
    field.purposes.iter().filter_map(|id| definition.purpose(id.as_str()))
}

/// Whether the visitor cannot send the form without it, whatever is ticked.
pub(super) fn is_always_required(field: &Field) -> bool {
    field.required && field.when.is_none() && !field.is_hidden()
}

/// Whether the file of the gate costs it.
pub(super) fn serves_gate(subject: &Subject<'_>, field: &Field) -> bool {
    let gate = subject.definition.gate();
    gate.is_some_and(|gate| field.purposes.contains(gate.purpose.id()))
}

/// Whether one of the purposes says in its own words what it needs the value for.
pub(super) fn is_explained(subject: &Subject<'_>, field: &Field, list: List) -> bool {
    purposes(subject, field).any(|purpose| subject.said_of(purpose).any(|said| said.has(list)))
}

/// Whether one of the purposes is a duty by law.
pub(super) fn is_a_duty(subject: &Subject<'_>, field: &Field) -> bool {
    purposes(subject, field).any(|purpose| purpose.basis() == Basis::LegalObligation)
}

/// What kind of address a field holds, by its type or by its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Address {
    Email,
    Phone,
    Post,
}

/// The kind of address that a field asks for; nothing where it asks for something else.
pub(super) fn address(subject: &Subject<'_>, field: &Field, at: &str) -> Option<Address> {
    match field.field_type() {
        FieldType::Email => Some(Address::Email),
        FieldType::Phone => Some(Address::Phone),
        FieldType::PostalCode => Some(Address::Post),
        FieldType::Text | FieldType::LongText => {
            let lists = [
                (List::FieldEmail, Address::Email),
                (List::FieldPhone, Address::Phone),
                (List::FieldPost, Address::Post),
            ];
            lists
                .into_iter()
                .find_map(|(list, address)| asks(subject, field, at, list).map(|_| address))
        }
        _ => None,
    }
}

//! What a field asks for, by its type, its id and its words.

use candor_definition::{Field, FieldType, Purpose};
use candor_record::term::Basis;

use crate::age::{self, Told};
use crate::lexicon::{List, ids, plain};
use crate::subject::{Part, Said, Subject};

/// A phrase of a list in a text, unless it is part of one that only looks like it. A text without any accent is read
/// as one that leaves them out, as French capitals do.
fn phrase<'s>(said: &'s Said<'_>, list: List) -> Option<&'s str> {
    let lexicon = said.lexicon()?;
    let harmless = lexicon.list(List::Harmless);
    let place = lexicon.list(list).places(&said.words, harmless).into_iter().next();
    let place = place.or_else(|| {
        let [list, harmless] = [list, List::Harmless].map(|list| plain::list(said.language.as_str(), list));
        let places = plain::is_plain(said.text).then(|| list.places(&said.words, harmless));
        places?.into_iter().next()
    })?;
    said.text.get(place)
}

/// Where a field says a word of a list, and the word: its label, a hint that does not ask to leave it out, or its id.
pub(super) fn asks(subject: &Subject<'_>, field: &Field, at: &str, list: List) -> Option<(String, String)> {
    let is_its_own = |part| match part {
        Part::FieldLabel(of) | Part::FieldHint(of) => of.id == field.id,
        _ => false,
    };
    let by_words = subject.parts(is_its_own).find_map(|said| {
        let refrains = matches!(said.part, Part::FieldHint(_)) && phrase(said, List::Refraining).is_some();
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

/// Where a field asks for an age or a birth, and by what words: its label, its hint, its id, or the answers that it offers.
pub(super) fn asks_age(subject: &Subject<'_>, field: &Field, at: &str) -> Option<(String, String)> {
    let found = asks(subject, field, at, List::BirthDate);
    let found = found.or_else(|| age_in_the_label(subject, field));
    let found = found.or_else(|| age_in_the_answers(subject, field));
    found.or_else(|| age_in_the_id(subject, field, at))
}

/// With a number the label names an age that somebody has or has not reached, and asks for none: "Are you over 18?".
fn age_in_the_label(subject: &Subject<'_>, field: &Field) -> Option<(String, String)> {
    let mut labels = subject.parts(|part| matches!(part, Part::FieldLabel(of) if of.id == field.id));
    labels.find_map(|label| {
        let asks = age::told(label.text) == Some(Told::Word) && !label.text.contains(char::is_numeric);
        asks.then(|| (label.pointer.clone(), label.text.to_owned()))
    })
}

fn age_in_the_answers(subject: &Subject<'_>, field: &Field) -> Option<(String, String)> {
    let of_the_field = |part| match part {
        Part::FieldLabel(of) | Part::FieldHint(of) | Part::OptionLabel(of) => of.id == field.id,
        _ => false,
    };
    subject.definition.languages().find_map(|language| {
        let said = subject.parts(of_the_field).filter(|said| said.language == language);
        let (options, question): (Vec<&Said<'_>>, Vec<_>) =
            said.partition(|said| matches!(said.part, Part::OptionLabel(_)));
        let question: Vec<&str> = question.iter().map(|said| said.text).collect();
        let answers: Vec<&str> = options.iter().map(|said| said.text).collect();
        let found = age::answer(&question.join("\n"), &answers)?;
        let option = options.iter().find(|said| said.text == found)?;
        Some((option.pointer.clone(), found.to_owned()))
    })
}

fn age_in_the_id(subject: &Subject<'_>, field: &Field, at: &str) -> Option<(String, String)> {
    let id = field.id.as_str();
    let asks = age::told(&id.replace(['_', '-'], " ")) == Some(Told::Word) || ids::says(id, List::Age, List::Harmless);
    // A label that says whose age it is tells what the id is short for.
    let mut labels = subject.parts(|part| matches!(part, Part::FieldLabel(of) if of.id == field.id));
    let is_of_a_thing = labels.any(|label| age::is_of_a_thing(label.text));
    (asks && !is_of_a_thing).then(|| (format!("{at}/id"), id.to_owned()))
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

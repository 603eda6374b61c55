//! France: calls to consumers, and messages to people in their profession.

use candor_definition::{FieldType, Purpose};
use candor_record::term::{Basis, Channel, Kind};

use crate::findings::Findings;
use crate::lexicon::List;
use crate::rules::Check;
use crate::subject::{Part, Said, Subject};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("C-FR-B2B-PROFESSION", profession),
    ("C-FR-PHONE-NOTICE", prior_consent),
    ("C-FR-PHONE-REGISTER", call_register),
    ("C-FR-PHONE-SECTOR", sector),
];

/// In each language, the statement of a purpose of whose texts none has a word of the list.
fn tell_silent(subject: &Subject<'_>, list: List, findings: &mut Findings, of: impl Fn(&Purpose) -> bool) {
    for (purpose, said) in subject.statements(of) {
        let mut others = subject.said_of(purpose);
        let is_said = others.any(|other| other.language == said.language && other.has(list));
        if said.knows(list) && !is_said {
            findings.tell(&said.pointer, [("purpose", purpose.id.as_str())]);
        }
    }
}

fn profession(subject: &Subject<'_>, findings: &mut Findings) {
    let is_electronic =
        |purpose: &Purpose| matches!(purpose.channel, Channel::Email | Channel::Sms | Channel::Messaging);
    let is_promotion = |purpose: &Purpose| {
        purpose.basis() == Basis::LegitimateInterest && purpose.kind() == Kind::Promotional && is_electronic(purpose)
    };
    for (purpose, said) in subject.statements(is_promotion) {
        // An address at work is where it goes, not what it is about.
        let names = |other: &Said<'_>| !other.places(List::Profession, Some(List::WorkAddress)).is_empty();
        let mut others = subject.said_of(purpose);
        let is_said = others.any(|other| other.language == said.language && names(other));
        if said.knows(List::Profession) && !is_said {
            findings.tell(&said.pointer, [("purpose", purpose.id.as_str())]);
        }
    }
}

fn calls(purpose: &Purpose) -> bool {
    purpose.channel == Channel::Phone && purpose.kind() == Kind::Promotional
}

/// The sentence of L223-2: by each purpose that calls to sell, and somewhere where a number is asked for at all.
fn prior_consent(subject: &Subject<'_>, findings: &mut Findings) {
    tell_silent(subject, List::PriorConsent, findings, calls);
    let calls_to_sell = subject.definition.purposes().iter().any(calls);
    for (field, at) in subject
        .fields()
        .filter(|(field, _)| field.field_type() == FieldType::Phone)
    {
        let is_silent = |language: &str| {
            let of_language = || subject.said().iter().filter(|said| said.language.as_str() == language);
            of_language().any(|said| said.knows(List::PriorConsent))
                && !of_language().any(|said| said.has(List::PriorConsent))
        };
        let silent = subject
            .definition
            .languages()
            .any(|language| is_silent(language.as_str()));
        if silent && !calls_to_sell {
            findings.tell(at, [("purpose", field.id.as_str())]);
        }
    }
}

fn call_register(subject: &Subject<'_>, findings: &mut Findings) {
    tell_silent(subject, List::CallRegister, findings, |purpose| {
        calls(purpose) && purpose.basis() == Basis::LegitimateInterest
    });
}

/// What the form as a whole is about; what a purpose says itself is asked by the family of channels.
fn sector(subject: &Subject<'_>, findings: &mut Findings) {
    let is_head = |part: Part<'_>| matches!(part, Part::Title | Part::Intro | Part::Service | Part::Sector(_));
    for (_, at) in subject.purposes().filter(|(purpose, _)| calls(purpose)) {
        let found = subject
            .parts(is_head)
            .find_map(|said| said.affirmed(List::BarredSector));
        if let Some(found) = found {
            findings.tell(format!("{at}/channel"), [("found", found)]);
        }
    }
}

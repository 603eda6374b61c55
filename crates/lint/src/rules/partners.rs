//! Data that goes to others: who they are is said before the consent, and their offers have a box of their own.

use std::ops::Range;

use candor_definition::{Ground, Party, Purpose};
use candor_record::term::PartyRole;

use crate::findings::Findings;
use crate::lexicon::{Lexicon, List};
use crate::rules::Check;
use crate::subject::{Part, Said, Subject};
use crate::words::Words;

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("C-EU-CONSENT-PARTNERS-UNNAMED", partners_unnamed),
    ("C-EU-CONSENT-PARTNERS-GENERIC", partners_generic),
    ("C-EU-CONSENT-SHARE", share),
];

/// Those who receive data of a purpose for ends of their own.
fn others<'d>(subject: &Subject<'d>, purpose: &Purpose) -> Vec<&'d Party> {
    let parties = purpose.recipients.iter().filter_map(|id| subject.definition.party(id));
    parties
        .filter(|party| matches!(party.role, PartyRole::Recipient | PartyRole::JointController))
        .collect()
}

fn partners_unnamed(subject: &Subject<'_>, findings: &mut Findings) {
    for said in subject.said() {
        let (Part::Statement(purpose) | Part::Details(purpose)) = said.part else {
            continue;
        };
        let is_choice = matches!(purpose.ground, Ground::Consent(_) | Ground::Interest(_));
        let place = said.affirmed_place(List::Partners).filter(|_| is_choice);
        let Some(place) = place.filter(|place| !is_in_a_name(subject, said, place)) else {
            continue;
        };
        let found = &said.text[place];
        if others(subject, purpose).is_empty() || said.has(List::Including) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

/// Whether a place lies in the name of a party: "Smith & Partners" are no partners of somebody.
fn is_in_a_name(subject: &Subject<'_>, said: &Said<'_>, place: &Range<usize>) -> bool {
    let names = subject
        .definition
        .parties()
        .iter()
        .map(|party| party.name.in_language(said.language));
    names
        .flat_map(|name| said.text.match_indices(name))
        .any(|(start, name)| start <= place.start && place.end <= start + name.len())
}

fn partners_generic(subject: &Subject<'_>, findings: &mut Findings) {
    let receives = |party: &Party| {
        let mut purposes = subject.definition.purposes().iter();
        purposes.any(|purpose| {
            !matches!(purpose.ground, Ground::Service(_)) && others(subject, purpose).iter().any(|it| it.id == party.id)
        })
    };
    for said in subject.said() {
        if let Part::PartyName(party) = said.part
            && receives(party)
            && names_nobody(subject, said)
        {
            findings.tell(&said.pointer, [("found", said.text)]);
        }
    }
}

/// Whether a name is made of words such as "our partners", beside the names of the controllers ("partners of Acme").
fn names_nobody(subject: &Subject<'_>, said: &Said<'_>) -> bool {
    let controllers = subject
        .definition
        .parties()
        .iter()
        .filter(|party| party.is_controller());
    let rest = controllers
        .filter(|party| party.role == PartyRole::Controller)
        .map(|party| party.name.in_language(said.language))
        .flat_map(|name| [name, without_last_word(name)])
        .filter(|name| !name.is_empty())
        .fold(said.text.to_owned(), |rest, name| rest.replace(name, " "));
    let words = Words::of(&rest);
    let is_generic = |lexicon: &Lexicon| lexicon.list(List::GenericName).cover(&words);
    // One name stands for all languages, so each language may recognise it.
    said.lexicon().is_some_and(is_generic) || Lexicon::all().any(|(_, lexicon)| is_generic(lexicon))
}

fn without_last_word(name: &str) -> &str {
    name.rsplit_once(' ').map_or("", |(rest, _)| rest)
}

fn share(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, said) in subject.statements(Purpose::is_consent) {
        let together = said.affirmed(List::ShareTogether).map(str::to_owned);
        if let Some(found) = together.or_else(|| named_together(subject, purpose, said)) {
            findings.tell(&said.pointer, [("found", found.as_str())]);
        }
    }
}

/// "Acme Conseil and Partner Example": the controller and a recipient joined, whose offers are two purposes.
fn named_together(subject: &Subject<'_>, purpose: &Purpose, said: &Said<'_>) -> Option<String> {
    const AND: [&[&str]; 20] = [
        &["et"],
        &["and"],
        &["und"],
        &["y"],
        &["e"],
        &["ed"],
        &["en"],
        &["och"],
        &["og"],
        &["ja"],
        &["sowie"],
        &["i"],
        &["si"],
        &["és"],
        &["ir"],
        &["un"],
        &["και"],
        &["ainsi", "que"],
        &["as", "well", "as"],
        &["así", "como"],
    ];
    const SMALL: [&str; 22] = [
        "de", "d", "du", "des", "of", "by", "from", "par", "von", "di", "da", "van", "la", "le", "the", "do", "celles",
        "ceux", "those", "offers", "offres", "l",
    ];
    let words: Vec<&str> = said.words.iter().collect();
    let names = |party: &Party| -> Vec<String> {
        let name = Words::of(party.name.in_language(said.language));
        name.iter().map(str::to_owned).collect()
    };
    let controllers = subject
        .definition
        .parties()
        .iter()
        .filter(|party| party.role == PartyRole::Controller);
    let controllers: Vec<Vec<String>> = controllers.map(names).collect();
    for other in others(subject, purpose) {
        let other = names(other);
        let Some(first) = other.first() else { continue };
        for (at, _) in words.iter().enumerate().filter(|(_, word)| *word == first) {
            let mut before = at;
            while before > 0 && SMALL.contains(&words[before - 1]) {
                before -= 1;
            }
            let and = AND.iter().find(|and| words[..before].ends_with(and));
            let Some(before) = and.map(|and| before - and.len()) else {
                continue;
            };
            let ends_with_controller = |name: &Vec<String>| {
                (1..=name.len()).any(|length| {
                    let name: Vec<&str> = name[..length].iter().map(String::as_str).collect();
                    words[..before].ends_with(&name)
                })
            };
            if controllers.iter().any(ends_with_controller) {
                return Some(words[before..=at].join(" "));
            }
        }
    }
    None
}

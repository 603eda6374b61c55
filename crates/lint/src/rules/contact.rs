//! What happens by a message: the channel and the promise of the words, and what is measured or derived beside it.

use candor_definition::{AutomatedDecisions, Ground, Purpose};
use candor_record::term::{Basis, Channel, Kind};

use crate::findings::Findings;
use crate::lexicon::List;
use crate::rules::Check;
use crate::rules::channels::{channels, list_of};
use crate::sentence;
use crate::subject::{Part, Said, Subject};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("C-EU-CHANNEL-WORDS", channel_words),
    ("C-EU-CHANNEL-UNNAMED", channel_unnamed),
    ("C-EU-FREQUENCY", frequency),
    ("C-EU-TRACKING", tracking),
    ("C-EU-TRACKING-BASIS", tracking_basis),
    ("C-EU-TRACKING-UNSAID", tracking_unsaid),
    ("C-EU-PROFILING", profiling),
    ("C-EU-PROFILING-UNSAID", profiling_unsaid),
    ("C-EU-PROFILING-CHOICE", profiling_choice),
    ("C-EU-AUTOMATED-UNSAID", automated_unsaid),
    ("C-EU-EXPLICIT", explicit),
];

fn is_choice(purpose: &Purpose) -> bool {
    matches!(purpose.ground, Ground::Consent(_) | Ground::Interest(_))
}

fn channel_words(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, said) in subject.statements(is_choice) {
        let channels = channels(said);
        let Some((_, found)) = channels.first() else { continue };
        let is_named = channels.iter().any(|(channel, _)| *channel == purpose.channel);
        // To measure or to pass on is no message, whatever channel its sentence names.
        let is_no_message =
            purpose.channel == Channel::None && (purpose.kind() != Kind::Promotional || said.has(List::Tracking));
        if !is_named && !is_no_message {
            findings.tell(&said.pointer, [("found", found), ("channel", purpose.channel.as_str())]);
        }
    }
}

fn channel_unnamed(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, said) in subject.statements(|purpose| is_choice(purpose) && purpose.kind() == Kind::Promotional) {
        let Some(list) = list_of(purpose.channel) else { continue };
        if said.knows(list) && channels(said).is_empty() {
            findings.tell(&said.pointer, [("channel", purpose.channel.as_str())]);
        }
    }
}

fn frequency(subject: &Subject<'_>, findings: &mut Findings) {
    const SAID: [(List, i64); 4] = [
        (List::Daily, 1),
        (List::Weekly, 7),
        (List::Monthly, 30),
        (List::Quarterly, 91),
    ];
    for (purpose, at) in subject.purposes() {
        let Some(frequency) = &purpose.frequency else { continue };
        let days: i64 = frequency.parts().map(|(unit, count)| count * days_of(unit)).sum();
        let broken = subject.statements(|of| of.id == purpose.id).find_map(|(_, said)| {
            let (found, promised) = SAID.iter().find_map(|(list, days)| Some((said.first(*list)?, *days)))?;
            (days < promised).then_some(found)
        });
        if let Some(found) = broken {
            let found = [("found", found), ("frequency", frequency.as_str())];
            findings.tell(format!("{at}/frequency"), found);
        }
    }
}

/// Days of a unit at the least; hours make no day.
fn days_of(unit: &str) -> i64 {
    match unit {
        "years" => 365,
        "months" => 30,
        "weeks" => 7,
        "days" => 1,
        _ => 0,
    }
}

/// Whether a purpose is about that and nothing else: it promotes nothing, or its statement speaks of that before it
/// speaks of sending anything.
fn is_own(subject: &Subject<'_>, purpose: &Purpose, list: List) -> bool {
    let mut statements = subject.statements(|of| of.id == purpose.id);
    if is_choice(purpose)
        && purpose.kind() != Kind::Promotional
        && purpose.channel == Channel::None
        && statements.any(|(_, said)| said.affirmed_place(list).is_some())
    {
        return true;
    }
    subject.statements(|of| of.id == purpose.id).any(|(_, said)| {
        let Some(place) = said.affirmed_place(list) else {
            return false;
        };
        let sends = said.places(List::Sending, None);
        sends.iter().all(|sends| place.start < sends.start)
    })
}

/// Texts in which a purpose that is about something else also does that.
fn beside(subject: &Subject<'_>, list: List, findings: &mut Findings) {
    for (purpose, _) in subject.purposes() {
        if is_own(subject, purpose, list) {
            continue;
        }
        for said in subject.said_of(purpose) {
            if let Some(found) = said.affirmed(list) {
                findings.tell(&said.pointer, [("found", found)]);
            }
        }
    }
}

fn tracking(subject: &Subject<'_>, findings: &mut Findings) {
    beside(subject, List::Tracking, findings);
    let has_own = subject
        .purposes()
        .any(|(purpose, _)| is_own(subject, purpose, List::Tracking));
    let is_head = |part: Part<'_>| matches!(part, Part::Title | Part::Intro | Part::FieldHint(_) | Part::Success);
    for said in subject.parts(is_head) {
        if let Some(found) = said.affirmed(List::Tracking).filter(|_| !has_own) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

fn tracking_basis(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in subject.purposes() {
        if !purpose.is_consent() && is_own(subject, purpose, List::Tracking) {
            let found = [("purpose", purpose.id.as_str()), ("basis", purpose.basis().as_str())];
            findings.tell(format!("{at}/basis"), found);
        }
    }
}

/// A DPV operation of tracking in a purpose that is not a consent to just that.
fn tracking_unsaid(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in subject.purposes() {
        let tracks = |operation: &String| operation.starts_with("Track") || operation == "Monitor";
        let Some(index) = purpose.operations.iter().position(tracks) else {
            continue;
        };
        // What promotes nothing and is agreed to is its own purpose; a mailing is not.
        let is_own = purpose.kind() != Kind::Promotional || is_own(subject, purpose, List::Tracking);
        if !(purpose.is_consent() && is_own) {
            findings.tell(format!("{at}/operations/{index}"), [("purpose", purpose.id.as_str())]);
        }
    }
}

fn profiling(subject: &Subject<'_>, findings: &mut Findings) {
    beside(subject, List::Profiling, findings);
}

fn profiling_unsaid(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in subject.purposes() {
        let Some(index) = purpose.operations.iter().position(|operation| operation == "Profiling") else {
            continue;
        };
        let is_silent = |language: &str| {
            let of_language = || {
                subject
                    .said_of(purpose)
                    .filter(|said: &&Said<'_>| said.language.as_str() == language)
            };
            of_language().any(|said| said.knows(List::Profiling))
                && !of_language().any(|said| said.has(List::Profiling))
        };
        if subject
            .definition
            .languages()
            .any(|language| is_silent(language.as_str()))
        {
            findings.tell(format!("{at}/operations/{index}"), [("purpose", purpose.id.as_str())]);
        }
    }
}

/// Profiling without a choice: but for what a law orders, which asks nobody.
fn profiling_choice(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in subject.purposes() {
        let Some(index) = purpose.operations.iter().position(|operation| operation == "Profiling") else {
            continue;
        };
        if matches!(purpose.ground, Ground::Service(_)) && purpose.basis() != Basis::LegalObligation {
            let found = [("purpose", purpose.id.as_str()), ("basis", purpose.basis().as_str())];
            findings.tell(format!("{at}/operations/{index}"), found);
        }
    }
}

/// A text that lets a machine decide, in a form that declares that none does.
fn automated_unsaid(subject: &Subject<'_>, findings: &mut Findings) {
    if *subject.definition.automated_decisions() != AutomatedDecisions::None {
        return;
    }
    for said in subject.said() {
        for place in said.places(List::Automated, None) {
            let sentence = sentence::place_around(said.text, &place);
            let before = &said.text[sentence.start..place.start];
            // "No automated decision"; a "without" that follows denies something else.
            if !said.denies(before) {
                findings.tell(&said.pointer, [("found", &said.text[place])]);
            }
        }
    }
}

fn explicit(subject: &Subject<'_>, findings: &mut Findings) {
    let decides = *subject.definition.automated_decisions() != AutomatedDecisions::None;
    let special = subject.said().iter().any(|said| said.has(List::Special));
    for (purpose, at) in subject.purposes() {
        let leaves_unprotected = purpose
            .transfers
            .iter()
            .any(|transfer| transfer.mechanism.as_str() == "A49-1-a");
        if purpose.basis() == Basis::ExplicitConsent && !decides && !special && !leaves_unprotected {
            findings.tell(format!("{at}/basis"), [("purpose", purpose.id.as_str())]);
        }
    }
}

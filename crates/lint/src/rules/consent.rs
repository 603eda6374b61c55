//! What a box for a consent may say: one purpose by one channel, in words that say what, and a yes that is a yes.

use std::ops::Range;

use candor_definition::{Ground, Purpose};
use candor_record::term::{Control, Kind};

use crate::findings::Findings;
use crate::lexicon::List;
use crate::rules::Check;
use crate::rules::channels::channels;
use crate::sentence;
use crate::subject::{Part, Said, Subject};
use crate::words::Words;

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("C-EU-CONSENT-OPT-OUT", opt_out),
    ("C-EU-CONSENT-SILENCE", silence),
    ("C-EU-CONSENT-DOUBLE-NEGATIVE", double_negative),
    ("C-EU-CONSENT-ACTIVE", active),
    ("C-EU-CONSENT-BUNDLE", bundle),
    ("C-EU-CONSENT-PURPOSES", purposes),
    ("C-EU-CONSENT-TERMS", terms),
    ("C-EU-CONSENT-POLICY", policy),
    ("C-EU-CONSENT-POLICY-READ", policy_read),
    ("C-EU-CONSENT-VAGUE", vague),
    ("C-EU-CONSENT-OPEN-ENDED", open_ended),
];

fn opt_out(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, said) in subject.statements(Purpose::is_consent) {
        if let Some(found) = said.first(List::OptOut).or_else(|| denied(said)) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

/// The negation of a statement that begins with one and agrees to nothing: "Not to be sent the newsletter".
fn denied<'s>(said: &'s Said<'_>) -> Option<&'s str> {
    if !said.knows(List::Consenting) || said.has(List::Consenting) {
        return None;
    }
    let first_sentence = sentence::place_around(said.text, &(0..0));
    let place = said
        .places(List::Negation, Some(List::NegationIdiom))
        .into_iter()
        .next()?;
    said.text.get(place.clone()).filter(|_| place.end <= first_sentence.end)
}

fn silence(subject: &Subject<'_>, findings: &mut Findings) {
    // Where an interest is balanced, silence lets it stand, and the head of the form may say so.
    let all_consents = !subject
        .definition
        .purposes()
        .iter()
        .any(|purpose| purpose.objection().is_some());
    let any_consent = subject.definition.purposes().iter().any(Purpose::is_consent);
    for said in subject.said() {
        let counts = match said.part {
            Part::Title | Part::Intro | Part::FieldHint(_) | Part::SubmitLabel => all_consents && any_consent,
            Part::Statement(purpose) | Part::Details(purpose) => purpose.is_consent(),
            _ => false,
        };
        if let Some(found) = said.first(List::Silence).filter(|_| counts) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

fn double_negative(subject: &Subject<'_>, findings: &mut Findings) {
    for said in subject.said() {
        let is_choice = match said.part {
            Part::Statement(purpose) => purpose.is_consent(),
            Part::Objection(_) => true,
            _ => false,
        };
        if let Some(found) = said.first(List::DoubleNegative).filter(|_| is_choice) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

fn active(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, said) in subject.statements(Purpose::is_consent) {
        let by_button = subject.definition.control(purpose) == Control::Submit
            && subject
                .parts(|part| part == Part::SubmitLabel)
                .any(|label| label.language == said.language && label.has(List::Subscribing));
        if said.knows(List::Consenting) && !said.has(List::Consenting) && !by_button {
            findings.tell(&said.pointer, []);
        }
    }
}

/// A consent by two channels; or promotion on an interest, which some countries admit by one of them alone.
fn bundle(subject: &Subject<'_>, findings: &mut Findings) {
    let is_choice = |purpose: &Purpose| {
        purpose.is_consent() || matches!(purpose.ground, Ground::Interest(_)) && purpose.kind() == Kind::Promotional
    };
    for (_, said) in subject.statements(is_choice) {
        let channels = channels(said);
        if let [(_, first), (_, second), ..] = channels[..] {
            findings.tell(&said.pointer, [("first", first), ("second", second)]);
        }
    }
}

fn purposes(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, said) in subject.statements(Purpose::is_consent) {
        if let Some((first, second)) = two_purposes(said) {
            findings.tell(&said.pointer, [("first", first), ("second", second)]);
        }
    }
}

/// Words of two different purposes.
fn two_purposes<'s>(said: &'s Said<'_>) -> Option<(&'s str, &'s str)> {
    let promotes = || said.first(List::Newsletter).or(said.first(List::Promotion));
    let conjoined = || {
        let second = said.places(List::Conjoined, None).into_iter().next()?;
        let first = said
            .places(List::ConsentWords, None)
            .into_iter()
            .find(|first| first.end <= second.start)?;
        Some((said.text.get(first)?, said.text.get(second)?))
    };
    let surveys = || Some((promotes()?, said.affirmed(List::Survey)?));
    let delivers = || Some((said.first(List::Request)?, promotes()?));
    conjoined().or_else(surveys).or_else(delivers)
}

fn terms(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, said) in subject.statements(Purpose::is_consent) {
        if let Some(found) = said.affirmed(List::Terms) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

fn policy(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, said) in subject.statements(Purpose::is_consent) {
        if let Some(found) = said.first(List::PolicyAccepted) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

fn policy_read(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, said) in subject.statements(Purpose::is_consent) {
        if let Some(found) = said.first_except(List::PolicyRead, List::PolicyAccepted) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

fn vague(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, said) in subject.statements(Purpose::is_consent) {
        if let Some(found) = said.affirmed(List::Vague).or_else(|| vague_alone(said)) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

/// Words that would do beside others, where there are no others.
fn vague_alone<'s>(said: &'s Said<'_>) -> Option<&'s str> {
    const SAYS_WHAT: [List; 5] = [
        List::Newsletter,
        List::Tracking,
        List::Profiling,
        List::Survey,
        List::Partners,
    ];
    let promotes = || said.first_except(List::Promotion, List::VagueAlone).is_some();
    if promotes() || SAYS_WHAT.iter().any(|list| said.has(*list)) || !channels(said).is_empty() {
        return None;
    }
    let is_end = |place: &Range<usize>| Words::of(&said.text[place.end..]).count() == 0;
    said.first(List::VagueAlone).or_else(|| {
        let place = said.places(List::VagueBare, None).into_iter().find(is_end)?;
        said.text.get(place)
    })
}

fn open_ended(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, said) in subject.statements(Purpose::is_consent) {
        let dots = ["…", "..."].into_iter().find(|dots| said.text.contains(dots));
        if let Some(found) = said.first(List::OpenEnded).or(dots) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

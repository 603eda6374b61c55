//! Interests: which one it is, and a way to object that is as plain as the purpose itself.

use candor_definition::{Ground, Purpose};
use candor_record::term::{Basis, Kind};

use crate::findings::Findings;
use crate::lexicon::List;
use crate::rules::Check;
use crate::sentence;
use crate::subject::{Part, Said, Subject};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("C-EU-OBJECTION-WORDS", words),
    ("C-EU-OBJECTION-UNCLEAR", unclear),
    ("C-EU-OBJECTION-SAME", same),
    ("C-EU-OBJECTION-SEPARATE", separate),
    ("C-EU-OBJECTION-HARD", hard),
    ("C-EU-INTEREST-BARE", bare),
    ("C-EU-INTEREST-ASSESSMENT", assessment),
];

fn is_interest(purpose: &Purpose) -> bool {
    matches!(purpose.ground, Ground::Interest(_))
}

fn objects(said: &Said<'_>) -> bool {
    said.has(List::Objecting) || said.has(List::Negation) || said.has(List::Denial)
}

fn objections<'s, 'd>(subject: &'s Subject<'d>) -> impl Iterator<Item = &'s Said<'d>> {
    subject.parts(|part| matches!(part, Part::Objection(_)))
}

fn words(subject: &Subject<'_>, findings: &mut Findings) {
    for said in objections(subject).filter(|said| !objects(said)) {
        let agrees = said.first(List::ConsentWords).or(said.first(List::Consenting));
        let agrees = agrees.or(said.first(List::Acknowledging));
        if let Some(found) = agrees {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

fn unclear(subject: &Subject<'_>, findings: &mut Findings) {
    for said in objections(subject).filter(|said| !objects(said) && said.knows(List::Objecting)) {
        let agrees = [List::ConsentWords, List::Consenting, List::Acknowledging]
            .iter()
            .any(|list| said.has(*list));
        if !agrees {
            findings.tell(&said.pointer, [("found", said.text)]);
        }
    }
}

fn same(subject: &Subject<'_>, findings: &mut Findings) {
    let objections: Vec<_> = objections(subject).collect();
    for (index, said) in objections.iter().enumerate() {
        let says_the_same = |other: &&Said<'_>| {
            other.language == said.language && other.member != said.member && other.words.iter().eq(said.words.iter())
        };
        if objections[..index].iter().copied().any(|other| says_the_same(&other)) {
            findings.tell(&said.pointer, [("found", said.text)]);
        }
    }
}

/// The right to object stands in the second layer, and the sentence by the box does not mention it.
fn separate(subject: &Subject<'_>, findings: &mut Findings) {
    for said in subject.said() {
        let Part::Details(purpose) = said.part else { continue };
        if !is_interest(purpose) || purpose.kind() != Kind::Promotional {
            continue;
        }
        let is_said_above = subject
            .statements(|of| of.id == purpose.id)
            .any(|(_, statement)| statement.language == said.language && statement.has(List::ObjectionRight));
        if let Some(found) = said.first(List::ObjectionRight).filter(|_| !is_said_above) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

fn hard(subject: &Subject<'_>, findings: &mut Findings) {
    for said in subject.said() {
        let (Part::Statement(purpose) | Part::Details(purpose) | Part::Objection(purpose)) = said.part else {
            continue;
        };
        let found = said.first_except(List::HardObjection, List::Voluntary);
        if let Some(found) = found.filter(|_| is_interest(purpose) && !is_also_easy(said)) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

/// "By e-mail or by post": after the words about objecting, an easy way is named beside the hard one.
fn is_also_easy(said: &Said<'_>) -> bool {
    let objecting = said.places(List::ObjectionRight, None);
    let mails = said.places(List::Email, Some(List::ChannelData));
    objecting.iter().any(|right| {
        let sentence = sentence::place_around(said.text, right);
        mails
            .iter()
            .any(|mail| (right.start..sentence.end).contains(&mail.start))
    })
}

fn bare(subject: &Subject<'_>, findings: &mut Findings) {
    for said in subject.parts(|part| matches!(part, Part::Interest(_))) {
        if said.is_only(List::BareInterest) {
            findings.tell(&said.pointer, [("found", said.text)]);
        }
    }
}

fn assessment(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in subject.purposes() {
        if let Ground::Interest(interest) = &purpose.ground
            && purpose.basis() == Basis::LegitimateInterest
            && interest.assessment.is_none()
        {
            findings.tell(at, [("purpose", purpose.id.as_str())]);
        }
    }
}

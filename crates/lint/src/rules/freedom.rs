//! A consent that is free: nobody is pressed, shamed, bribed or caught by a button, and it is taken back as easily.

use candor_definition::{Definition, Purpose};
use candor_record::term::{Control, Kind};

use crate::findings::Findings;
use crate::lexicon::List;
use crate::rules::Check;
use crate::sentence;
use crate::subject::{Part, Said, Subject};
use crate::words::Words;

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("C-EU-CONSENT-SHAME", shame),
    ("C-EU-CONSENT-PRESSED", pressed),
    ("C-EU-CONSENT-URGENCY", urgency),
    ("C-EU-CONSENT-DETRIMENT", detriment),
    ("C-EU-CONSENT-INCENTIVE", incentive),
    ("C-EU-CONSENT-IMPLIED", implied),
    ("C-EU-CONSENT-SUBMIT", submit),
    ("C-EU-CONSENT-SUBMIT-SERVICE", submit_service),
    ("C-EU-CONSENT-HARD-WITHDRAWAL", hard_withdrawal),
];

/// The one consent of a form that has nothing else: its button is the act.
fn one_consent(definition: &Definition) -> Option<&Purpose> {
    let mut purposes = definition.purposes().iter();
    purposes.find(|purpose| definition.control(purpose) == Control::Submit)
}

fn any_consent(definition: &Definition) -> bool {
    definition.purposes().iter().any(Purpose::is_consent)
}

/// What is read around a choice, and the texts of the choices themselves.
fn is_around_choices(part: Part<'_>) -> bool {
    !matches!(
        part,
        Part::PartyName(_) | Part::Sector(_) | Part::Interest(_) | Part::Success | Part::AutomatedDecisions
    )
}

fn shame(subject: &Subject<'_>, findings: &mut Findings) {
    for said in subject.parts(is_around_choices) {
        if let Some(found) = said.first(List::Shame) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

/// The words of a choice themselves: what a service says of its own deadlines is no pressure on a choice.
fn is_choice(part: Part<'_>) -> bool {
    let has_choice = |purpose: &Purpose| purpose.is_consent() || purpose.objection().is_some();
    part.purpose().is_some_and(has_choice)
}

fn pressed(subject: &Subject<'_>, findings: &mut Findings) {
    for said in subject.parts(is_choice) {
        if let Some(found) = said.first(List::Urgency) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

fn urgency(subject: &Subject<'_>, findings: &mut Findings) {
    for said in subject.parts(|part| is_around_choices(part) && !is_choice(part)) {
        if let Some(found) = said.first(List::Urgency) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

fn detriment(subject: &Subject<'_>, findings: &mut Findings) {
    if !any_consent(subject.definition) {
        return;
    }
    for said in subject.parts(is_around_choices) {
        let is_consent = said.part.purpose().is_some_and(Purpose::is_consent);
        let obligatory = || said.first_apart(List::Obligatory, List::Voluntary);
        let found = said
            .first_apart(List::Detriment, List::Voluntary)
            .or_else(|| withheld(said))
            .or_else(|| obligatory().filter(|_| is_consent));
        if let Some(found) = found {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

/// "If you refuse, we cannot send you the guide": a refusal, then a negation, then soon what was asked for.
fn withheld<'s>(said: &'s Said<'_>) -> Option<&'s str> {
    let denials = [(List::Negation, NEAR), (List::Denial, NEXT)];
    for refusal in said.places(List::Refusal, None) {
        let sentence = sentence::place_around(said.text, &refusal);
        for (list, within) in denials {
            for denial in said.places(list, Some(List::NegationIdiom)) {
                let follows = refusal.end <= denial.start && denial.end <= sentence.end;
                let gated = said.places(List::Gated, None).into_iter().find(|gated| {
                    let between = said.text.get(denial.end..gated.start);
                    gated.end <= sentence.end && between.is_some_and(|between| Words::of(between).count() <= within)
                });
                if let Some(gated) = gated.filter(|_| follows) {
                    return said.text.get(refusal.start..gated.end);
                }
            }
        }
    }
    None
}

/// Words between "not" and the guide that it withholds.
const NEAR: usize = 5;
/// Words between "no" and the guide.
const NEXT: usize = 1;

fn incentive(subject: &Subject<'_>, findings: &mut Findings) {
    for said in subject.said() {
        let counts = match said.part {
            Part::Statement(purpose) | Part::Details(purpose) => purpose.is_consent(),
            Part::Title | Part::Intro | Part::SubmitLabel => any_consent(subject.definition),
            _ => false,
        };
        if let Some(found) = said.affirmed(List::Incentive).filter(|_| counts) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

fn implied(subject: &Subject<'_>, findings: &mut Findings) {
    if one_consent(subject.definition).is_some() {
        return;
    }
    for said in subject.parts(is_around_choices) {
        let by_button = || said.first_except(List::ConsentWords, List::TermsAccepted);
        let is_button = said.part == Part::SubmitLabel;
        let found = implied_in(said)
            .or_else(|| by_button().filter(|_| is_button))
            .or_else(|| beside_the_service(subject, said).filter(|_| is_button));
        if let Some(found) = found {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

/// "Download and subscribe": a button that also does what a box has to ask, where the service is no newsletter.
fn beside_the_service<'s>(subject: &Subject<'_>, said: &'s Said<'_>) -> Option<&'s str> {
    let same_language = |other: &&Said<'_>| other.language == said.language;
    let serves = |part: Part<'_>| {
        matches!(part, Part::Service | Part::Title)
            || part
                .purpose()
                .is_some_and(|purpose| !purpose.is_consent() && purpose.kind() != Kind::Promotional)
    };
    let is_newsletter = subject
        .parts(serves)
        .filter(same_language)
        .any(|other| other.has(List::Newsletter));
    said.first(List::Newsletter).filter(|_| !is_newsletter)
}

/// Terms of a contract can be accepted by a button; whatever else is named beside them cannot.
fn implied_in<'s>(said: &'s Said<'_>) -> Option<&'s str> {
    const MORE: [List; 4] = [List::Newsletter, List::Promotion, List::Partners, List::PolicyAccepted];
    let more_than_terms = || MORE.iter().any(|list| said.has(*list));
    said.first_except(List::Implied, List::TermsAccepted)
        .or_else(|| said.first(List::Implied).filter(|_| more_than_terms()))
}

fn submit(subject: &Subject<'_>, findings: &mut Findings) {
    if one_consent(subject.definition).is_none() {
        return;
    }
    for said in subject.parts(|part| part == Part::SubmitLabel) {
        let names_no_act = said.is_only(List::GenericButton) || said.has(List::Gated) || said.has(List::Incentive);
        if names_no_act && !said.has(List::Subscribing) {
            findings.tell(&said.pointer, [("found", said.text)]);
        }
    }
}

fn submit_service(subject: &Subject<'_>, findings: &mut Findings) {
    let is_promotional = |purpose: &&Purpose| purpose.kind() == Kind::Promotional;
    if one_consent(subject.definition).filter(is_promotional).is_none() {
        return;
    }
    for said in subject.parts(|part| part == Part::Service) {
        // A weekly guide is a newsletter by another name.
        let comes_again = [
            List::Newsletter,
            List::Daily,
            List::Weekly,
            List::Monthly,
            List::Quarterly,
        ];
        let is_newsletter = comes_again.iter().any(|list| said.has(*list));
        if let Some(found) = said.first(List::Gated).filter(|_| !is_newsletter) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

fn hard_withdrawal(subject: &Subject<'_>, findings: &mut Findings) {
    for said in subject.said() {
        let counts = match said.part {
            Part::Statement(purpose) | Part::Details(purpose) => purpose.is_consent(),
            Part::Intro | Part::Success | Part::FieldHint(_) => any_consent(subject.definition),
            _ => false,
        };
        if let Some(found) = said
            .first_except(List::HardWithdrawal, List::Voluntary)
            .filter(|_| counts)
        {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

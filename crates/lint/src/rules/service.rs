//! Purposes without a choice: what the person asked for, or the law demands. They ask for no consent and promote nothing.

use candor_definition::{Ground, Purpose};
use candor_record::term::{Basis, Kind};

use crate::findings::Findings;
use crate::lexicon::List;
use crate::rules::Check;
use crate::subject::{Part, Said, Subject};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("C-EU-SERVICE-CONSENT-WORDS", service_consent_words),
    ("C-EU-INTEREST-CONSENT-WORDS", interest_consent_words),
    ("C-EU-SERVICE-PROMOTION", service_promotion),
    ("C-EU-SERVICE-NEWSLETTER", service_newsletter),
    ("C-EU-SERVICE-LAW", service_law),
];

/// Categories of DPV 2.3 that are advertising, whatever the words say.
const ADVERTISING: [&str; 7] = [
    "Advertising",
    "DirectMarketing",
    "Marketing",
    "PersonalisedAdvertising",
    "PublicRelations",
    "SocialMediaMarketing",
    "TargetedAdvertising",
];

fn is_service(purpose: &Purpose) -> bool {
    matches!(purpose.ground, Ground::Service(_))
}

/// Words of a consent, unless they speak of terms of a contract, or of a consent that is given elsewhere.
fn consent_words<'s>(said: &'s Said<'_>) -> Option<&'s str> {
    let terms = said.places(List::TermsAccepted, None);
    let is_of_terms = |place: &std::ops::Range<usize>| {
        terms
            .iter()
            .any(|terms| terms.start < place.end && place.start < terms.end)
    };
    let mut places = said
        .places(List::ConsentWords, Some(List::ConsentReference))
        .into_iter();
    let place = places.find(|place| !is_of_terms(place))?;
    said.text.get(place)
}

fn tell_consent_words(subject: &Subject<'_>, findings: &mut Findings, of: fn(&Purpose) -> bool) {
    for said in subject.said() {
        let (Part::Statement(purpose) | Part::Details(purpose) | Part::Interest(purpose)) = said.part else {
            continue;
        };
        if let Some(found) = consent_words(said).filter(|_| of(purpose)) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

fn service_consent_words(subject: &Subject<'_>, findings: &mut Findings) {
    tell_consent_words(subject, findings, is_service);
}

fn interest_consent_words(subject: &Subject<'_>, findings: &mut Findings) {
    tell_consent_words(subject, findings, |purpose| {
        matches!(purpose.ground, Ground::Interest(_))
    });
}

/// Words of a list in a sentence that neither denies them nor leaves them to a consent.
fn without_choice<'s>(said: &'s Said<'_>, list: List) -> Option<&'s str> {
    said.first_apart(list, List::ConsentReference).and(said.affirmed(list))
}

fn service_promotion(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in subject.purposes().filter(|(purpose, _)| is_service(purpose)) {
        let basis = purpose.basis().as_str();
        if purpose.kind() == Kind::Promotional {
            findings.tell(
                format!("{at}/basis"),
                [("found", purpose.id.as_str()), ("basis", basis)],
            );
        } else if ADVERTISING.contains(&purpose.category.as_str()) {
            findings.tell(
                format!("{at}/category"),
                [("found", purpose.category.as_str()), ("basis", basis)],
            );
        }
        for said in subject.said_of(purpose) {
            if let Some(found) = without_choice(said, List::Promotion) {
                findings.tell(&said.pointer, [("found", found), ("basis", basis)]);
            }
        }
    }
}

fn service_newsletter(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, said) in subject.statements(is_service) {
        let asked_for = subject
            .parts(|part| matches!(part, Part::Title | Part::Service))
            .any(|service| service.language == said.language && service.has(List::Newsletter));
        if let Some(found) = without_choice(said, List::Newsletter).filter(|_| !asked_for) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

fn service_law(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, said) in subject.statements(|purpose| purpose.basis() == Basis::LegalObligation) {
        let Part::Statement(purpose) = said.part else { continue };
        let names = |said: &Said<'_>| said.has(List::Law) || said.text.contains('§');
        let is_named = subject
            .said_of(purpose)
            .any(|other| other.language == said.language && names(other));
        if said.knows(List::Law) && !is_named {
            findings.tell(&said.pointer, []);
        }
    }
}

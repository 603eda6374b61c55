//! The same form in several languages says the same in each of them, and the people addressed can read one.

use std::collections::BTreeMap;

use candor_record::term::Audience;
use whatlang::{Detector, Lang};

use crate::findings::Findings;
use crate::lexicon::List;
use crate::rules::Check;
use crate::subject::{Part, Said, Subject};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("C-EU-LANGUAGE-NEGATION", negation),
    ("C-EU-LANGUAGE-NEGATION-NOTICE", negation_in_notice),
    ("C-EU-LANGUAGE-LENGTH", length),
    ("C-EU-LANGUAGE-UNTRANSLATED", untranslated),
    ("C-EU-LANGUAGE-JURISDICTION", jurisdiction),
    ("C-EU-LANGUAGE-JURISDICTION-B2B", jurisdiction_at_work),
    ("C-EU-LANGUAGE-SWAPPED", swapped),
];

fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// Every text with the one of the default language that it translates, in another primary language.
fn translations<'s, 'd>(subject: &'s Subject<'d>) -> Vec<(&'s Said<'d>, &'s Said<'d>)> {
    let mut originals: BTreeMap<&str, &Said<'_>> = BTreeMap::new();
    let mut pairs = Vec::new();
    for said in subject.said() {
        match originals.get(said.member.as_str()) {
            None => _ = originals.insert(&said.member, said),
            Some(original) if primary(original.language.as_str()) != primary(said.language.as_str()) => {
                pairs.push((*original, said));
            }
            Some(_) => {}
        }
    }
    pairs
}

/// How a text says no.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Polarity {
    /// With a verb: "do not".
    Negated,
    /// In another way: "never", "without", "refuse".
    Negative,
    /// Not at all.
    Affirmed,
}

fn polarity(said: &Said<'_>) -> Option<Polarity> {
    if !said.knows(List::Negation) || !said.knows(List::Negative) {
        return None;
    }
    let has = |list| !said.places(list, Some(List::NegationIdiom)).is_empty();
    let objects = matches!(said.part, Part::Objection(_)) && said.has(List::Objecting);
    Some(if has(List::Negation) {
        Polarity::Negated
    } else if has(List::Denial) || objects || said.has(List::Negative) || said.has(List::NegationIdiom) {
        Polarity::Negative
    } else {
        Polarity::Affirmed
    })
}

/// Translations of which one negates a verb and the other denies nothing in any way.
fn tell_negations(subject: &Subject<'_>, findings: &mut Findings, wanted: fn(Part<'_>) -> bool) {
    for (original, said) in translations(subject).into_iter().filter(|(_, said)| wanted(said.part)) {
        let (Some(one), Some(other)) = (polarity(original), polarity(said)) else {
            continue;
        };
        let opposed = matches!(
            (one, other),
            (Polarity::Negated, Polarity::Affirmed) | (Polarity::Affirmed, Polarity::Negated)
        );
        if opposed {
            let found = [
                ("language", said.language.as_str()),
                ("original", original.language.as_str()),
            ];
            findings.tell(&said.pointer, found);
        }
    }
}

fn negation(subject: &Subject<'_>, findings: &mut Findings) {
    tell_negations(subject, findings, |part| {
        matches!(part, Part::Statement(_) | Part::Objection(_))
    });
}

fn negation_in_notice(subject: &Subject<'_>, findings: &mut Findings) {
    tell_negations(subject, findings, |part| {
        matches!(
            part,
            Part::Details(_) | Part::Interest(_) | Part::Intro | Part::AutomatedDecisions
        )
    });
}

/// The most by which a translation is longer.
const LONGEST_RATIO: f64 = 2.2;
/// Characters from which lengths are compared.
const COMPARED_FROM: usize = 40;

fn length(subject: &Subject<'_>, findings: &mut Findings) {
    const WITHOUT_LETTERS: [&str; 4] = ["zh", "ja", "ko", "yue"];
    for (original, said) in translations(subject) {
        let has_letters = |said: &Said<'_>| !WITHOUT_LETTERS.contains(&primary(said.language.as_str()));
        let (one, other) = (original.text.chars().count(), said.text.chars().count());
        let (shorter, longer) = (one.min(other), one.max(other));
        #[expect(clippy::cast_precision_loss, reason = "texts are shorter than 2^52 characters")]
        let ratio = longer as f64 / shorter.max(1) as f64;
        if longer > COMPARED_FROM && ratio > LONGEST_RATIO && has_letters(original) && has_letters(said) {
            let found = [
                ("language", said.language.as_str()),
                ("original", original.language.as_str()),
            ];
            findings.tell(&said.pointer, found);
        }
    }
}

/// Words from which the same text in two languages is no chance.
const NO_CHANCE_FROM: usize = 4;

fn untranslated(subject: &Subject<'_>, findings: &mut Findings) {
    let is_legal = |part| {
        matches!(
            part,
            Part::Statement(_) | Part::Objection(_) | Part::Details(_) | Part::Interest(_)
        )
    };
    for (original, said) in translations(subject) {
        let is_long = said.words.count() >= NO_CHANCE_FROM;
        if is_legal(said.part) && is_long && original.words.iter().eq(said.words.iter()) {
            findings.tell(&said.pointer, [("language", said.language.as_str())]);
        }
    }
}

fn tell_jurisdiction(subject: &Subject<'_>, findings: &mut Findings, audience: Audience) {
    if subject.definition.audience() != audience {
        return;
    }
    let official: Vec<&str> = subject
        .profile
        .chain()
        .map(|profile| &profile.languages)
        .find(|languages| !languages.is_empty())
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let mut languages = subject.definition.languages();
    if !official.is_empty() && !languages.any(|language| official.contains(&primary(language.as_str()))) {
        let country = subject.definition.jurisdiction();
        let found = [("country", country.code()), ("languages", &official.join(", "))];
        findings.tell("/languages", found);
    }
}

fn jurisdiction(subject: &Subject<'_>, findings: &mut Findings) {
    tell_jurisdiction(subject, findings, Audience::B2c);
}

fn jurisdiction_at_work(subject: &Subject<'_>, findings: &mut Findings) {
    tell_jurisdiction(subject, findings, Audience::B2b);
}

/// The languages of the catalog that the detector knows, with its names for them.
const DETECTED: [(&str, Lang); 22] = [
    ("bg", Lang::Bul),
    ("cs", Lang::Ces),
    ("da", Lang::Dan),
    ("de", Lang::Deu),
    ("el", Lang::Ell),
    ("en", Lang::Eng),
    ("es", Lang::Spa),
    ("et", Lang::Est),
    ("fi", Lang::Fin),
    ("fr", Lang::Fra),
    ("hr", Lang::Hrv),
    ("hu", Lang::Hun),
    ("it", Lang::Ita),
    ("lt", Lang::Lit),
    ("lv", Lang::Lav),
    ("nl", Lang::Nld),
    ("pl", Lang::Pol),
    ("pt", Lang::Por),
    ("ro", Lang::Ron),
    ("sk", Lang::Slk),
    ("sl", Lang::Slv),
    ("sv", Lang::Swe),
];

/// Characters from which a guess is worth making.
const GUESSED_FROM: usize = 40;

fn swapped(subject: &Subject<'_>, findings: &mut Findings) {
    let known = |tag: &str| {
        DETECTED
            .iter()
            .find(|(known, _)| *known == primary(tag))
            .map(|(_, lang)| *lang)
    };
    let mut candidates: Vec<Lang> = subject
        .definition
        .languages()
        .filter_map(|language| known(language.as_str()))
        .collect();
    // A form of one language may stand in another: the most used ones are always candidates.
    candidates.extend([Lang::Eng, Lang::Fra, Lang::Deu, Lang::Spa, Lang::Ita, Lang::Nld]);
    let detector = Detector::with_allowlist(candidates);
    let is_sentence = |part| matches!(part, Part::Intro | Part::Statement(_) | Part::Details(_));
    for said in subject.parts(is_sentence) {
        let Some(declared) = known(said.language.as_str()) else {
            continue;
        };
        if said.text.chars().count() < GUESSED_FROM {
            continue;
        }
        let Some(guess) = detector.detect(said.text).filter(whatlang::Info::is_reliable) else {
            continue;
        };
        let tag = DETECTED
            .iter()
            .find(|(_, lang)| *lang == guess.lang())
            .map(|(tag, _)| *tag);
        if let Some(tag) = tag.filter(|_| guess.lang() != declared) {
            findings.tell(&said.pointer, [("language", said.language.as_str()), ("guess", tag)]);
        }
    }
}

//! Words that tell an age and words that only look like it, in each of the languages.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Told, answer, is_of_a_thing, names_people, told};
use crate::lexicon::List;

/// By language: words that tell an age, and words that tell none.
fn rows() -> BTreeMap<String, [Vec<String>; 2]> {
    serde_json::from_str(include_str!("rows.json")).expect("the rows are readable")
}

#[test]
fn numbers_of_years_are_ages_unless_they_are_those_of_something_else() {
    let mut wrong = Vec::new();
    for (language, [ages, others]) in rows() {
        let missed = ages.into_iter().filter(|words| told(words).is_none());
        wrong.extend(missed.map(|words| format!("{language}: no age in “{words}”")));
        for words in others {
            let found = told(&words);
            wrong.extend(found.map(|found| format!("{language}: {found:?} in “{words}”")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_language_has_both_kinds() {
    for language in candor_definition::LANGUAGES {
        let rows = &rows()[*language];
        assert!(rows.iter().all(|words| words.len() >= 5), "{language}");
    }
}

#[test]
fn answers_tell_an_age_by_their_scale() {
    let check = |question: &str, answers: &[&str], expected: Option<&str>| {
        assert_eq!(answer(question, answers), expected, "{question} {answers:?}");
    };
    let years = ["18–24 ans", "25–34 ans", "35 ans et plus"];
    check("Profil", &years, Some("18–24 ans"));
    check(
        "Vous êtes",
        &["moins de 30 ans", "30-59 ans", "60 ans et plus"],
        Some("moins de 30 ans"),
    );
    check("Group", &["under 18", "18-24", "25-34", "35+"], Some("under 18"));
    check("Group", &["18-24", "25-34", "35+"], Some("18-24"));
    check("You are", &["aged 25 to 34", "older"], Some("aged 25 to 34"));
    // One age that law names is reached or not.
    check("18 ans ou plus ?", &["Oui, j’ai au moins 18 ans", "Non"], None);
    check("Alter", &["unter 16 Jahren", "16 Jahre und älter"], None);
    check("You are", &["18+", "<18"], None);
    check(
        "Vous avez",
        &["moins de 60 ans", "60 ans et plus"],
        Some("moins de 60 ans"),
    );
    // What else has years, or is counted.
    check("Surface", &["18-25", "25-40", "40+"], None);
    check("Slot", &["18-19", "19-20"], None);
    check("Slot", &["18-20", "21"], None);
    check("Expérience", &years, None);
    check("Depuis combien de temps ?", &years, None);
    check("Âge de votre spa", &years, None);
    check("Profil", &["2-5 ans", "5-18 ans", "plus de 60 ans"], None);
    check("Horizon", &["moins de 15 ans", "15-30 ans", "plus de 30 ans"], None);
    check("Profil", &["moins de 15 ans", "15-30 ans", "plus de 30 ans"], None);
    check("Team", &["1-18", "18-24", "25+"], None);
    check("Guests", &["20-30", "30-50", "50+"], None);
    check("Role", &["CTO", "CIO"], None);
    check("Role", &[], None);
}

#[test]
fn people_are_named_by_their_ages() {
    for (words, is) in [
        ("60 ans et plus", true),
        ("seniors 60 ans", true),
        ("18 25 ans", true),
        ("teenagers", true),
        ("nés 1964", true),
        ("60 ans", false),
        ("offre 20 ans", false),
        ("contrat plus de 20 ans", false),
        ("50 plus", false),
        ("audit", false),
    ] {
        assert_eq!(names_people(words), is, "{words}");
    }
}

#[test]
fn the_age_of_a_thing_is_known() {
    for (words, is) in [
        ("Âge de votre chaudière", true),
        ("Âge de votre spa", true),
        ("Years of experience", true),
        ("Âge", false),
        ("Votre âge", false),
        ("Profil", false),
    ] {
        assert_eq!(is_of_a_thing(words), is, "{words}");
    }
}

/// Phrases of the lists that count years, compare and name people or things, of all languages, and no number.
fn words_without_a_number() -> impl Strategy<Value = String> {
    let mut phrases: Vec<String> = Vec::new();
    for written in crate::lexicon::Lexicon::data() {
        let tells_alone = matches!(written.list, List::Age | List::AgeGroup | List::AgeAlone);
        if written.list.is_about_ages() && !tells_alone {
            phrases.extend(written.phrases.iter().map(|phrase| phrase.replace(['*', '…'], "")));
        }
    }
    prop::collection::vec(prop::sample::select(phrases), 1..6).prop_map(|phrases| phrases.join(" "))
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,80}", other in "[0-9a-z+<>.,\\-– ]{0,40}") {
        told(&text);
        told(&other);
        answer(&text, &[&other, &text]);
    }

    #[test]
    fn years_and_comparisons_alone_are_no_age(text in words_without_a_number()) {
        let told = told(&text);
        prop_assert!(!matches!(told, Some(Told::Years | Told::Number)), "{text}: {told:?}");
    }

    #[test]
    fn small_numbers_are_no_age(number in 0..13_u32, years in prop::sample::select(vec!["years", "ans", "Jahre", "år"])) {
        prop_assert_eq!(told(&format!("{number} {years}")), None);
        prop_assert_eq!(told(&format!("over {number}")), None);
    }
}

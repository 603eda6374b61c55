//! One form in every language: it compiles, it is complete, and what a visitor would sign is a good record.

use candor_definition::{LANGUAGES, parse, review};

use super::{COLLECTOR, check_record, compiled, definition, text_of};

const EVERYWHERE: &str = include_str!("../../../../tests/e2e/forms/languages.json");

#[test]
fn every_language_compiles_to_a_good_record() {
    let definition = definition(EVERYWHERE);
    let mut declared: Vec<&str> = definition.languages().map(|language| language.as_str()).collect();
    declared.sort_unstable();
    assert_eq!(declared, LANGUAGES);
    for language in declared {
        for public_url in [None, Some(COLLECTOR)] {
            check_record(EVERYWHERE, language, public_url);
        }
        let compiled = compiled(EVERYWHERE, language, Some(COLLECTOR));
        for text in compiled.json()["texts"].as_array().expect("texts is a list") {
            let text = text["text"].as_str().expect("a text");
            assert!(!text.contains(['{', '}']), "{language}: {text}");
        }
        assert_eq!(
            compiled.json()["messages"].as_object().map(serde_json::Map::len),
            messages(),
            "{language}"
        );
    }
}

fn messages() -> Option<usize> {
    let english = compiled(EVERYWHERE, "en", Some(COLLECTOR));
    english.json()["messages"].as_object().map(serde_json::Map::len)
}

/// A year and a half, five months and three years, in languages that count in different ways.
#[test]
fn periods_are_said_in_the_right_form() {
    for (language, reference, words) in [
        ("en", "choices.note", "1 year and 6 months"),
        ("pl", "choices.note", "1 rok i 6 miesięcy"),
        ("pl", "retention", "3 lata"),
        ("pl", "retention", "5 miesięcy"),
        ("cs", "retention", "3 roky"),
        ("cs", "retention", "5 měsíců"),
        ("sl", "retention", "3 leta"),
        ("sl", "retention", "5 mesecev"),
        ("lt", "retention", "3 met"),
        ("ro", "retention", "3 ani"),
        ("de", "retention", "5 Monate"),
    ] {
        let compiled = compiled(EVERYWHERE, language, Some(COLLECTOR));
        let said = text_of(&compiled, reference).expect(reference);
        assert!(said.contains(words), "{language} {reference}: {said}");
    }
}

#[test]
fn countries_have_their_names_in_the_notice() {
    for (language, country) in [
        ("de", "Vereinigte Staaten"),
        ("el", "Ηνωμένες Πολιτείες"),
        ("fi", "Yhdysvallat"),
        ("ga", "Stáit Aontaithe Mheiriceá"),
        ("pt", "Estados Unidos"),
    ] {
        let said = text_of(&compiled(EVERYWHERE, language, None), "recipients").expect("a recipient");
        assert!(said.contains(country), "{language}: {said}");
    }
}

/// A variant uses the words of its language; what is not among the languages is refused, and the message names those.
#[test]
fn variants_have_words_and_strangers_have_none() {
    let variant = EVERYWHERE.replace("\"pt\"", "\"pt-BR\"");
    let compiled = compiled(&variant, "pt-BR", None);
    assert_eq!(compiled.json()["record"]["language"], "pt-BR");
    assert!(
        text_of(&compiled, "recipients")
            .expect("a text")
            .contains("Estados Unidos")
    );
    for stranger in ["sr", "ar", "he", "bg-Latn"] {
        let told = parse(EVERYWHERE.replace("\"bg\"", &format!("\"{stranger}\"")).as_bytes()).expect_err(stranger);
        let told: Vec<_> = told
            .iter()
            .map(|told| (told.rule.as_str(), told.help.as_str()))
            .collect();
        let [(rule, help)] = told[..] else {
            panic!("{stranger}: {told:?}")
        };
        assert_eq!(rule, "C-DEF-LANGUAGE-WORDS");
        assert!(
            LANGUAGES.iter().all(|language| help.contains(&format!("`{language}`"))),
            "{help}"
        );
    }
}

/// A note for each language that nobody checked, at its place; a definition with notes is good.
#[test]
fn languages_that_nobody_checked_are_noted() {
    let told = review(EVERYWHERE.as_bytes());
    assert_eq!(told.len(), LANGUAGES.len() - 2);
    for told in &told {
        assert_eq!(
            (told.rule.as_str(), told.severity.as_str()),
            ("C-DEF-LANGUAGE-REVIEW", "note")
        );
    }
    assert_eq!((told[0].pointer.as_str(), told[0].line), ("/languages/1", 7));
    let broken = EVERYWHERE.replace("\"b2b\"", "\"b2x\"");
    let refused: Vec<_> = parse(broken.as_bytes())
        .expect_err("refused")
        .into_iter()
        .map(|told| told.rule)
        .collect();
    assert_eq!(refused, ["C-DEF-ENUMERATION"], "a refusal tells no notes");
}

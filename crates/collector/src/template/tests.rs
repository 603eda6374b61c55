//! Each template in each country is lawful, and says what it is asked for.

use candor_definition::{Context, Severity};
use candor_lint::{Review, review};
use jiff::civil::date;

use super::*;

const KINDS: [Kind; 5] = [
    Kind::Newsletter,
    Kind::Webinar,
    Kind::Contact,
    Kind::Callback,
    Kind::Ebook,
];
/// The profiles of spec/definition.md, each with the languages of its country; `eu` stands for a country without one.
pub(super) const PROFILES: [(&str, Audience, &[&str]); 11] = [
    ("IE", Audience::B2c, &["en"]),
    ("LU", Audience::B2b, &["fr", "de"]),
    ("FR", Audience::B2c, &["fr", "en"]),
    ("FR", Audience::B2b, &["fr", "en"]),
    ("DE", Audience::B2c, &["de"]),
    ("DE", Audience::B2b, &["de", "en"]),
    ("ES", Audience::B2c, &["es"]),
    ("IT", Audience::B2c, &["it"]),
    ("BE", Audience::B2c, &["fr", "nl", "de"]),
    ("NL", Audience::B2c, &["nl"]),
    ("GB", Audience::B2c, &["en"]),
];

fn wanted(kind: Kind, country: &str, audience: Audience, languages: &[&str]) -> Wanted {
    Wanted {
        kind,
        jurisdiction: Country::parse(country).expect(country),
        audience,
        languages: languages.iter().map(|tag| (*tag).to_owned()).collect(),
        name: "Acme".to_owned(),
        email: "contact@acme.example".to_owned(),
        address: "1 Example Street".to_owned(),
        site: "https://acme.example".to_owned(),
    }
}

#[test]
fn every_template_is_lawful_in_every_profile_that_it_names() {
    for (country, audience, languages) in PROFILES {
        for kind in KINDS {
            let text = definition(&wanted(kind, country, audience, languages)).expect("a template");
            let mut judge = Review::on(date(2026, 11, 22));
            judge.context = Context { has_collector: true };
            let mut problems = review(text.as_bytes(), &judge);
            // A balancing test is the owner's to make: a template that named one would lie.
            problems.retain(|it| it.severity != Severity::Note && it.rule != "C-EU-INTEREST-ASSESSMENT");
            let problems: Vec<_> = problems.iter().map(|it| (&it.rule, &it.pointer, &it.message)).collect();
            assert!(
                problems.is_empty(),
                "{country} {audience:?} {kind:?}: {problems:?}\n{text}"
            );
        }
    }
}

#[test]
fn a_newsletter_has_one_purpose_and_no_box() {
    for (country, audience, languages) in PROFILES {
        let text = definition(&wanted(Kind::Newsletter, country, audience, languages)).expect("a template");
        let parsed = candor_definition::parse(text.as_bytes()).expect("lawful");
        let [purpose] = parsed.purposes() else {
            panic!("one purpose")
        };
        assert_eq!(parsed.control(purpose).as_str(), "submit", "{country}");
    }
}

#[test]
fn professionals_may_object_in_france_and_are_asked_elsewhere() {
    let basis = |country: &str, languages: &[&str]| {
        let text = definition(&wanted(Kind::Webinar, country, Audience::B2b, languages)).expect("a template");
        let parsed = candor_definition::parse(text.as_bytes()).expect("lawful");
        let job = parsed.fields().iter().any(|field| field.id.as_str() == "job_title");
        (parsed.purposes()[1].basis().as_str(), job)
    };
    assert_eq!(basis("FR", &["fr"]), ("legitimate-interest", true));
    assert_eq!(basis("FR", &["de"]), ("consent", false));
    assert_eq!(basis("DE", &["de"]), ("consent", false));
}

#[test]
fn what_a_template_cannot_know_it_refuses() {
    let refused = |country: &str, language: &str| {
        definition(&wanted(Kind::Contact, country, Audience::B2c, &[language])).expect_err("refused")
    };
    assert_eq!(refused("FR", "pl"), TemplateError::Language("pl".to_owned()));
    assert_eq!(refused("US", "en"), TemplateError::Country("US"));
}

#[test]
fn every_text_is_there_in_every_language() {
    for (key, texts) in &*WORDS {
        let offers = key.ends_with(".offers");
        let tags: Vec<&str> = if offers {
            vec!["en", "fr"]
        } else {
            vec!["de", "en", "es", "fr", "it", "nl"]
        };
        assert_eq!(texts.keys().collect::<Vec<_>>(), tags, "{key}");
    }
}

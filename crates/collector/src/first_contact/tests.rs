//! Every promotional purpose of every form that is shipped has its first contact, in each of its languages, with what law asks.

use std::{collections::BTreeSet, fs, path::Path};

use candor_definition::{Context, Country, parse_in};
use candor_record::term::Audience;
use jiff::civil::date;

use super::*;
use crate::template::{Kind as TemplateKind, Wanted, definition as template};

mod partners;

const URL: &str = "https://forms.acme.example";

fn read(name: &str, text: &str) -> Definition {
    let context = Context { has_collector: true };
    parse_in(context, text.as_bytes()).unwrap_or_else(|told| panic!("{name}: {told:?}"))
}

/// Forms of the demo, of the examples of the rules, of the tests, and every template.
fn shipped() -> Vec<(String, Definition)> {
    let mut found = Vec::new();
    for folder in [
        "../../www/forms",
        "../../tests/e2e/forms",
        "../lint/examples/bases",
        "tests/forms",
    ] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.display().to_string();
            found.push((name.clone(), read(&name, &fs::read_to_string(&path).expect("read"))));
        }
    }
    let kinds = [
        TemplateKind::Newsletter,
        TemplateKind::Webinar,
        TemplateKind::Contact,
        TemplateKind::Callback,
        TemplateKind::Ebook,
    ];
    for kind in kinds {
        for audience in [Audience::B2c, Audience::B2b] {
            for (country, languages) in [
                ("FR", &["fr", "en"][..]),
                ("DE", &["de"]),
                ("BE", &["fr", "nl", "de"]),
                ("ES", &["es"]),
                ("IT", &["it"]),
            ] {
                let wanted = Wanted {
                    kind,
                    jurisdiction: Country::parse(country).expect("a country"),
                    audience,
                    languages: languages.iter().map(|tag| (*tag).to_owned()).collect(),
                    name: "Acme".into(),
                    email: "contact@acme.example".into(),
                    address: "1 Example Street".into(),
                    site: "https://acme.example".into(),
                };
                let name = format!("{kind:?} {country} {audience:?}");
                found.push((name.clone(), read(&name, &template(&wanted).expect("a template"))));
            }
        }
    }
    found
}

fn circumstances<'c>(source: Option<&'c str>, recorded: bool) -> Circumstances<'c> {
    Circumstances {
        public_url: Some(URL),
        source,
        recorded,
        day: date(2026, 11, 22),
    }
}

/// Every first contact of a form.
fn contacts(definition: &Definition, circumstances: &Circumstances<'_>) -> Vec<FirstContact> {
    let mut made = Vec::new();
    for purpose in promotional(definition) {
        for language in definition.languages() {
            let said = first_contact(definition, purpose, language, circumstances);
            assert!(!said.is_empty(), "{} {language}", purpose.id);
            made.extend(said);
        }
    }
    made
}

#[test]
fn each_promotional_purpose_has_both_where_its_channel_asks_for_it() {
    let (mut purposes, mut spoken, mut calls) = (0, BTreeSet::new(), 0);
    for (name, definition) in shipped() {
        let made = contacts(&definition, &circumstances(None, false));
        for contact in &made {
            let place = format!("{name} {} {}", contact.purpose, contact.language);
            let words = Words::of(&contact.language);
            assert_eq!(
                words.language(),
                &contact.language[..2],
                "{place}: words of its own language"
            );
            let Footer {
                text,
                html,
                short,
                parts,
            } = &contact.footer;
            // Art. 21(4): apart, and not the last thing.
            let apart: Vec<usize> = (0..parts.len()).filter(|at| parts[*at].apart).collect();
            assert_eq!(apart, [1], "{place}");
            // Without a partner one objects at the collector's own page; with one, there too.
            let (object, _) = words.get("first_object").split_once('{').expect("a placeholder");
            let page = format!("{URL}/m");
            for needed in [object, &page, words.get("first_object_title")] {
                assert!(text.contains(needed), "{place}: {needed} in {text}");
            }
            assert!(
                html.contains(&format!("href=\"{URL}/m\"")) && !html.contains("<script"),
                "{place}"
            );
            let without_day = |words: &str| match contact.partner {
                Some(_) => words.replacen("{date}", "", 1),
                None => words.to_owned(),
            };
            let leftover = without_day(text).contains('{')
                || without_day(html).contains('{')
                || short.as_deref().unwrap_or_default().contains('{');
            assert!(!leftover, "{place}: {text}");
            let shares = definition.purpose(&contact.purpose).expect("a purpose").shares();
            assert_eq!(contact.partner.is_some(), shares, "{place}");
            let source = match shares {
                true => "first_source_elsewhere",
                false => "first_source",
            };
            for said in ["first_commercial", source] {
                let (before, _) = words.get(said).split_once('{').expect("a placeholder");
                assert!(text.contains(before), "{place}: {said}");
            }
            let is_call = contact.channel == "phone";
            assert_eq!(contact.script.is_some(), is_call, "{place}");
            assert_eq!(
                short.is_some(),
                matches!(contact.channel, "sms" | "messaging"),
                "{place}"
            );
            assert!(!contact.notes.is_empty(), "{place}");
            calls += usize::from(is_call);
            spoken.insert(contact.language[..2].to_owned());
        }
        purposes += made.len();
    }
    assert!(purposes > 60 && calls > 5, "{purposes} {calls}");
    assert!(spoken.len() >= 6, "{spoken:?}");
}

#[test]
fn words_are_there_in_every_language_of_forms() {
    let text = include_str!("../../../../www/forms/callback.json");
    for tag in crate::catalog::LANGUAGES {
        let mut json: Value = serde_json::from_str(text).expect("JSON");
        translate(&mut json, tag);
        let definition = read(tag, &json.to_string());
        let made = contacts(&definition, &circumstances(Some("Annuaire Exemple"), true));
        let [contact] = &made[..] else {
            panic!("{tag}: {}", made.len())
        };
        let script = contact.script.as_ref().expect("a script");
        let steps: Vec<Step> = script.iter().map(|line| line.step).collect();
        let expected = [
            Step::AtOnce,
            Step::Source,
            Step::Consent,
            Step::Objection,
            Step::Recording,
            Step::Where,
            Step::IfNo,
        ];
        assert_eq!(steps, expected, "{tag}");
        assert!(
            script[0].say.contains("Acme Conseil SAS") && script[0].say.contains("{caller}"),
            "{tag}"
        );
        assert!(script[1].say.contains("Annuaire Exemple"), "{tag}: {}", script[1].say);
        let mut sentences: Vec<&str> = script.iter().map(|line| line.say.as_str()).collect();
        sentences.sort_unstable();
        sentences.dedup();
        assert_eq!(sentences.len(), expected.len(), "{tag}");
    }
}

/// The same words, called another language's: what is told around them is of that language.
fn translate(json: &mut Value, tag: &str) {
    match json {
        Value::Object(members) if members.contains_key("fr") => {
            let words = members["fr"].clone();
            *members = [(tag.to_owned(), words)].into_iter().collect();
        }
        Value::Object(members) => members.values_mut().for_each(|value| translate(value, tag)),
        Value::Array(items) => items.iter_mut().for_each(|value| translate(value, tag)),
        _ => {}
    }
    if json.get("languages").is_some() {
        json["languages"] = serde_json::json!([tag]);
    }
}

#[test]
fn data_from_elsewhere_say_what_article_14_asks() {
    let definition = read("ebook", include_str!("../../../../www/forms/ebook-rgpd.json"));
    let made = contacts(&definition, &circumstances(Some("Salon Exemple 2026"), false));
    let of = |purpose: &str| {
        let found = made
            .iter()
            .find(|contact| contact.purpose == purpose && contact.language == "en");
        found.expect("made").footer.text.clone()
    };
    let text = of("newsletter");
    for needed in [
        "Source of your contact details: Salon Exemple 2026",
        "Data used: E‑mail address, First name",
        "I agree that Acme Conseil e‑mails me its advice and commercial offers each month.",
        "Controller: Acme Conseil SAS, 1 rue de l’Exemple, 75001 Paris",
        "Service provider: Courrier Exemple SA",
        "Kept at most",
        "Access, rectification, erasure",
        "Complaint: CNIL",
        "They rest on your consent. You can withdraw it at any time: https://forms.acme.example/m",
    ] {
        assert!(text.contains(needed), "{needed} in {text}");
    }
}

#[test]
fn without_a_collector_people_object_as_the_definition_says() {
    let text = include_str!("../../../../www/forms/webinar-b2b.json");
    let definition = read("webinar", text);
    let circumstances = Circumstances {
        public_url: None,
        ..circumstances(None, false)
    };
    let made = contacts(&definition, &circumstances);
    let english = made.iter().find(|contact| contact.language == "en").expect("made");
    assert!(
        english.footer.text.contains("reason: contact@acme.example"),
        "{}",
        english.footer.text
    );
    assert!(
        english.footer.html.contains("mailto:contact@acme.example"),
        "{}",
        english.footer.html
    );
    assert!(
        !english.footer.text.contains("rest on your consent"),
        "a legitimate interest: {}",
        english.footer.text
    );
    let service = definition.purpose("webinar").expect("a purpose");
    let language = definition.languages().next().expect("a language");
    assert!(
        first_contact(&definition, service, language, &circumstances).is_empty(),
        "a service promotes nothing"
    );
}

#[test]
fn notes_move_with_the_date() {
    let definition = read("callback", include_str!("../../../../www/forms/callback.json"));
    let notes = |day| {
        let circumstances = Circumstances {
            day,
            ..circumstances(None, false)
        };
        let made = contacts(&definition, &circumstances);
        made[0]
            .notes
            .iter()
            .map(|note| note.source.clone())
            .collect::<Vec<_>>()
            .join("; ")
    };
    let (before, after) = (notes(date(2026, 8, 10)), notes(date(2026, 8, 11)));
    assert!(
        before.contains("10 août 2026") && !before.contains("2025-594"),
        "{before}"
    );
    assert!(after.contains("2025-594") && !after.contains("10 août 2026"), "{after}");
}

#[test]
fn hostile_words_stay_words() {
    let definition = read("callback", include_str!("../../../../www/forms/callback.json"));
    let hostile = "<script>alert(1)</script>\" onload=x";
    let made = contacts(&definition, &circumstances(Some(hostile), false));
    for contact in &made {
        assert!(!contact.footer.html.contains("<script"), "{}", contact.footer.html);
    }
    let page = page::page(hostile, &made).expect("a page");
    assert!(!page.contains("<script"), "{page}");
}

#[test]
fn the_page_cites_the_law_in_its_own_language() {
    let definition = read("callback", include_str!("../../../../www/forms/callback.json"));
    let made = contacts(&definition, &circumstances(None, true));
    let check = |language: &str, cited: &str, foreign: &str| {
        let of: Vec<FirstContact> = made.iter().filter(|it| it.language == language).cloned().collect();
        let page = page::page("x", &of).expect("a page");
        assert!(page.contains(cited) && !page.contains(foreign), "{language}: {page}");
    };
    check("en", "GDPR Art. 21(4); GDPR Art. 21(3)", "RGPD");
    check("fr", "RGPD, art. 21(4)\u{202f}; RGPD, art. 21(3)", "GDPR");
    check("en", "· en · Phone<", "Téléphone<");
    check("fr", "· fr · Téléphone<", "Phone<");
}

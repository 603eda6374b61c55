//! Compiled forms of the two examples: digests, the constant part of the record, and what is carried over.

use candor_definition::{Compiled, Definition, compile, negotiate, parse};
use candor_record::record::Record;
use serde_json::{Value, json};

mod languages;
mod texts;

const EBOOK: &str = include_str!("../examples/ebook-rgpd.json");

const WEBINAR: &str = include_str!("../examples/webinar-b2b.json");

/// A phone and a list, and nobody's mailbox.
const CALLBACK: &str = include_str!("../../../../www/forms/callback.json");

const BASE: &str = include_str!("../refusals/base.json");

const COLLECTOR: &str = "https://forms.acme.example";

fn definition(text: &str) -> Definition {
    parse(text.as_bytes()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn compiled(text: &str, language: &str, public_url: Option<&str>) -> Compiled {
    let definition = definition(text);
    let language = definition.language(language).expect("the language is declared").clone();
    compile(&definition, &language, public_url)
}

fn text_of(compiled: &Compiled, reference: &str) -> Option<String> {
    let texts = compiled.json()["texts"].as_array().expect("texts is a list");
    let entry = texts.iter().find(|entry| entry["ref"] == reference)?;
    entry["text"].as_str().map(str::to_owned)
}

/// A form that nobody touched: the smallest thing that a visitor can add must already be a good record.
fn check_record(text: &str, language: &str, public_url: Option<&str>) {
    let compiled = compiled(text, language, public_url);
    let mut record = compiled.json()["record"].clone();
    let texts = compiled.json()["texts"].as_array().expect("texts is a list");
    let shown: Value = texts
        .iter()
        .filter(|entry| entry.get("when").is_none())
        .map(|entry| json!({ "ref": entry["ref"], "text": entry["text"] }))
        .collect();
    let id = "c51bfadd-f9bd-4031-bc83-9122755e2a85";
    record["id"] = id.into();
    record["chain"] = id.into();
    record["created"] = "2026-11-21T10:00:09.250Z".into();
    record["shown"] = shown;
    record["subject"] = json!({ "id": "0d7ed196-a2b9-46ac-83df-ecde837493f5", "_sd": [] });
    record["signals"] = json!({ "gpc": false });
    record["capture"] =
        json!({ "method": "html", "observed": false, "origin": "https://forms.acme.example", "widget": "1.0.0" });
    for (index, control) in compiled.json()["controls"]
        .as_array()
        .expect("a list")
        .iter()
        .enumerate()
    {
        let is_consent = control["control"] == "checkbox";
        record["processes"][index]["status"] = if is_consent { "not-given" } else { "informed" }.into();
        record["processes"][index]["indication"] = json!({ "control": control["control"], "initial": false });
    }
    let record = Record::from_json_bytes(record.to_string().as_bytes()).expect("it has the shape of a record");
    assert_eq!(record.check_invariants(), Ok(()), "{language}");
}

/// Source: the digests that the independent implementation of the shared vectors computed.
#[test]
fn canonical_digests_are_those_of_the_vectors() {
    for (text, digest) in [
        (EBOOK, "sha256-nXnQT4Tnju4WDQFI6LXt_5SNYFzRAHPh2SEdRanKcKk"),
        (WEBINAR, "sha256-p2E2xOLiXx0dRegagA5uJLGWTVrDrMhayx9UIK8oXiw"),
    ] {
        assert_eq!(definition(text).digest().to_text(), digest);
        let without_schema = text.replace("\"$schema\": \"https://candor.example/schema/candor-form-1.json\",", "");
        assert_eq!(definition(&without_schema).digest().to_text(), digest);
    }
}

/// `constant/*.json` are payloads of the shared vectors without what the visitor adds and without `form.texts`.
#[test]
fn the_constant_part_is_that_of_the_vectors() {
    for (text, language, constant) in [
        (EBOOK, "fr", include_str!("../constant/ebook-rgpd.fr.json")),
        (WEBINAR, "en", include_str!("../constant/webinar-b2b.en.json")),
    ] {
        let compiled = compiled(text, language, Some(COLLECTOR));
        let mut record = compiled.json()["record"].clone();
        record["form"]
            .as_object_mut()
            .expect("form is an object")
            .remove("texts");
        let constant: Value = serde_json::from_str(constant).expect("the fixture is JSON");
        assert_eq!(record, constant, "{language}");
    }
}

#[test]
fn the_constant_part_completes_to_a_valid_record() {
    for (text, language, public_url) in [
        (EBOOK, "fr", Some(COLLECTOR)),
        (EBOOK, "en", None),
        (WEBINAR, "fr", None),
        (BASE, "en", Some(COLLECTOR)),
    ] {
        check_record(text, language, public_url);
    }
}

#[test]
fn fields_submit_and_theme_are_carried_over() {
    let compiled = compiled(BASE, "fr", None);
    let json = compiled.json();
    assert_eq!(json["format"], "candor-compiled/1");
    assert_eq!(
        json["fields"][2],
        json!({ "id": "size", "type": "select", "required": false, "purposes": ["news"],
            "options": [{ "value": "small", "label": "small" }, { "value": "big", "label": "grande" }] })
    );
    assert_eq!(json["fields"][1]["when"], json!({ "purpose": "calls" }));
    assert_eq!(json["fields"][3]["maxLength"], 200);
    assert_eq!(
        json["submit"],
        json!({ "endpoint": "/v1/submissions", "success": "Sent.", "redirect": "/thanks", "delivery": "email" })
    );
    assert_eq!(json["theme"], json!({ "accent": "#17593c", "radius": "12px" }));
    let messages = json["messages"].as_object().expect("messages is an object");
    assert!(messages.contains_key("error_email") && messages.keys().all(|key| !key.starts_with("legal.")));
}

#[test]
fn languages_are_negotiated() {
    let definition = definition(WEBINAR);
    for (requested, found) in [
        (None, "en"),
        (Some("fr-CA"), "fr"),
        (Some("de"), "en"),
        (Some("de, fr;q=0.2"), "fr"),
    ] {
        assert_eq!(negotiate(&definition, requested).as_str(), found);
    }
    assert!(definition.language("de").is_none());
}

/// An age is declared by two buttons; the words that a child is told come with the answer that calls for them.
#[test]
fn an_age_is_two_answers_and_no_date() {
    let note = r#"{"id": "note", "type": "long-text", "label": "Note", "hint": "Hint", "purposes": ["ebook"], "maxLength": 200}"#;
    let field = |own: &str, country: &str| {
        let age = format!(
            r#"{{"id": "age", "type": "age", "label": "Age", "purposes": ["ebook", "news", "calls", "offers"]{own}}}"#
        );
        let country = format!(r#""jurisdiction": "{country}""#);
        let text = BASE.replace(note, &age).replace(r#""jurisdiction": "FR""#, &country);
        compiled(&text, "en", None).json()["fields"][3].clone()
    };
    for (own, country, years) in [
        ("", "FR", "15"),
        ("", "DE", "16"),
        (r#", "minimumAge": 18"#, "FR", "18"),
    ] {
        let field = field(own, country);
        assert_eq!((&field["type"], &field["required"]), (&json!("radio"), &json!(true)));
        let [over, under] = field["options"].as_array().expect("options").as_slice() else {
            panic!("two answers: {field}")
        };
        assert_eq!(
            (&over["value"], &over["label"]),
            (&json!("over"), &json!(format!("{years} or older")))
        );
        assert_eq!(over.get("refusal"), None);
        assert_eq!(under["value"], "under");
        let told = under["refusal"].as_str().expect("words");
        assert!(
            told.contains(years) && told.contains("parental responsibility"),
            "{told}"
        );
    }
}

/// Nobody has to know a code: every country stands by its name, as the language sorts them, and the code is recorded.
#[test]
fn a_country_is_chosen_by_its_name() {
    let note = r#"{"id": "note", "type": "long-text", "label": "Note", "hint": "Hint", "purposes": ["ebook"], "maxLength": 200}"#;
    let land = r#"{"id": "land", "type": "country", "label": "Country", "purposes": ["ebook"]}"#;
    for (language, germany, first, last) in [
        ("en", "Germany", "Afghanistan", "Zimbabwe"),
        ("fr", "Allemagne", "Afghanistan", "Zimbabwe"),
    ] {
        let compiled = compiled(&BASE.replace(note, land), language, None);
        let field = &compiled.json()["fields"][3];
        let options = field["options"].as_array().expect("options");
        assert_eq!((&field["type"], options.len()), (&json!("country"), 249));
        assert!(
            options.contains(&json!({"value": "DE", "label": germany})),
            "{language}"
        );
        let labels: Vec<_> = options.iter().filter_map(|option| option["label"].as_str()).collect();
        assert_eq!((labels[0], labels[248]), (first, last));
        let place = |name: &str| labels.iter().position(|label| *label == name);
        // An accent is no reason to stand at the end.
        if language == "fr" {
            assert!(place("Égypte") < place("Espagne") && place("Équateur") < place("Érythrée"));
        }
        assert!(compiled.json()["messages"]["choose"].is_string());
    }
}

/// The address names the version, and its words stay behind it.
#[test]
fn the_second_layer_is_an_address() {
    let notice = |collector: Option<&str>| compiled(EBOOK, "fr", collector).json()["notice"].clone();
    let page = "/f/ebook-rgpd/notice/sha256-nXnQT4Tnju4WDQFI6LXt_5SNYFzRAHPh2SEdRanKcKk?lang=fr";
    assert_eq!(notice(Some(COLLECTOR)), json!(format!("{COLLECTOR}{page}")));
    assert_eq!(notice(None), json!(page), "the endpoint is a path of the same site");
    let alone = EBOOK.replace(r#""endpoint": "/v1/submissions","#, "");
    assert_eq!(compiled(&alone, "fr", None).json().get("notice"), None);
}

/// Words that no field and no purpose of this form can need stay away: each visitor would download them.
#[test]
fn a_form_brings_the_words_that_it_can_need() {
    let brings = |text: &str, keys: [&str; 2]| {
        let compiled = compiled(text, "en", None);
        keys.map(|key| compiled.json()["messages"].get(key).is_some())
    };
    let name_as = |kind: &str| EBOOK.replace(r#""type": "given-name""#, &format!(r#""type": "{kind}""#));
    let on_screen = EBOOK
        .replace(r#""delivery": "email""#, r#""delivery": "screen""#)
        .replacen(r#""required": true"#, r#""required": false"#, 1);
    // Each row: what needs the words, and what does not.
    for (keys, with, without) in [
        (["gpc_note", "gpc_note"], EBOOK, WEBINAR),
        (["error_email", "error_email_missing"], EBOOK, CALLBACK),
        (["error_phone", "error_phone_missing"], EBOOK, WEBINAR),
        (["error_option", "choose"], CALLBACK, EBOOK),
        (["error_url", "error_url"], &name_as("url"), EBOOK),
        (["error_country", "error_country"], &name_as("country"), EBOOK),
        (
            ["error_postal_code", "error_postal_code"],
            &name_as("postal-code"),
            EBOOK,
        ),
        (["download_now", "receipt_intro_screen"], &on_screen, EBOOK),
    ] {
        assert_eq!(brings(with, keys), [true; 2], "{keys:?}");
        assert_eq!(brings(without, keys), [false; 2], "{keys:?}");
    }
    assert_eq!(brings(WEBINAR, ["error_required", "error_too_long"]), [true; 2]);
}

//! Compiled forms of the two examples: digests, the constant part of the record, the texts and their order.

use candor_definition::{Compiled, Definition, compile, negotiate, parse};
use candor_record::digest::Sha256Digest;
use candor_record::record::Record;
use serde_json::{Value, json};

const EBOOK: &str = include_str!("examples/ebook-rgpd.json");
const WEBINAR: &str = include_str!("examples/webinar-b2b.json");
const BASE: &str = include_str!("refusals/base.json");
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
        (EBOOK, "fr", include_str!("constant/ebook-rgpd.fr.json")),
        (WEBINAR, "en", include_str!("constant/webinar-b2b.en.json")),
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

/// A form that nobody touched: the smallest thing that a visitor can add must already be a good record.
#[test]
fn the_constant_part_completes_to_a_valid_record() {
    for (text, language, public_url) in [
        (EBOOK, "fr", Some(COLLECTOR)),
        (EBOOK, "en", None),
        (WEBINAR, "fr", None),
        (BASE, "en", Some(COLLECTOR)),
    ] {
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
}

#[test]
fn texts_stand_in_reading_order() {
    for (text, references) in [
        (
            EBOOK,
            "title intro field.email purpose.ebook choices choices.note purpose.newsletter field.given_name purpose.call \
             purpose.call.details field.phone purpose.partners controller recipients retention rights complaint \
             withdrawal policy submit",
        ),
        (
            WEBINAR,
            "title field.name field.email field.role purpose.webinar choices choices.note purpose.offers \
             purpose.offers.interest purpose.offers.objection controller recipients retention rights complaint \
             withdrawal policy submit",
        ),
        (
            BASE,
            "title intro field.email field.size field.note field.note.hint purpose.ebook choices choices.note \
             purpose.news purpose.calls field.phone purpose.offers purpose.offers.interest purpose.offers.objection \
             controller recipients retention rights complaint withdrawal policy submit",
        ),
    ] {
        for language in ["fr", "en"] {
            let compiled = compiled(text, language, None);
            let texts = compiled.json()["texts"].as_array().expect("texts is a list");
            let told: Vec<&str> = texts.iter().filter_map(|entry| entry["ref"].as_str()).collect();
            assert_eq!(told.join(" "), references, "{language}");
        }
    }
}

#[test]
fn only_dependent_fields_carry_a_condition() {
    let compiled = compiled(EBOOK, "fr", None);
    let texts = compiled.json()["texts"].as_array().expect("texts is a list");
    let conditions: Vec<Value> = texts
        .iter()
        .filter(|entry| entry.get("when").is_some())
        .cloned()
        .collect();
    assert_eq!(
        conditions,
        [
            json!({ "ref": "field.given_name", "text": "Prénom", "when": { "purpose": "newsletter" } }),
            json!({ "ref": "field.phone", "text": "Téléphone", "when": { "purpose": "call" } }),
        ]
    );
}

#[test]
fn form_texts_is_the_digest_of_the_full_list() {
    let compiled = compiled(EBOOK, "en", Some(COLLECTOR));
    let texts = compiled.json()["texts"].as_array().expect("texts is a list");
    let list: Value = texts
        .iter()
        .map(|entry| json!({ "ref": entry["ref"], "text": entry["text"] }))
        .collect();
    assert_eq!(
        compiled.json()["record"]["form"]["texts"],
        Sha256Digest::of_json(&list).to_text()
    );
}

#[test]
fn legal_sentences_say_what_holds() {
    for (text, language, reference, sentence) in [
        (EBOOK, "fr", "choices", "Recevoir aussi (facultatif)"),
        (
            EBOOK,
            "fr",
            "choices.note",
            "Vous recevez ce que vous demandez dans tous les cas. Nous vous redemanderons dans 18 mois ; retrait à tout moment.",
        ),
        (
            EBOOK,
            "fr",
            "controller",
            "Responsable : Acme Conseil SAS, 1 rue de l’Exemple, 75001 Paris",
        ),
        (
            EBOOK,
            "fr",
            "recipients",
            "Prestataire : Courrier Exemple SA. Destinataire, seulement si vous l’acceptez : Partenaire Exemple SA (logiciels de gestion)",
        ),
        (
            EBOOK,
            "fr",
            "retention",
            "Conservation au plus : 30 jours après la collecte pour ce que vous demandez ; 3 ans après votre dernier contact pour vos choix",
        ),
        (
            EBOOK,
            "fr",
            "rights",
            "Accès, rectification, effacement, limitation, portabilité, opposition : dpo@acme.example",
        ),
        (EBOOK, "fr", "complaint", "Réclamation : CNIL"),
        (
            EBOOK,
            "fr",
            "withdrawal",
            "Accord retirable en un clic, dans chaque e\u{2011}mail ou sur « Gérer mes choix ».",
        ),
        (EBOOK, "fr", "policy", "Politique de confidentialité"),
        (EBOOK, "en", "choices", "Also send me (optional)"),
        (WEBINAR, "en", "choices", "Your choices (optional)"),
        (WEBINAR, "en", "choices.note", "You get what you ask for either way."),
        (
            WEBINAR,
            "en",
            "recipients",
            "Service provider: Stage Inc. (United States, standard contractual clauses)",
        ),
        (
            WEBINAR,
            "fr",
            "recipients",
            "Prestataire : Stage Inc. (États-Unis, clauses contractuelles types)",
        ),
        (
            WEBINAR,
            "en",
            "withdrawal",
            "Object with one click, in each e\u{2011}mail or at “Manage my choices”.",
        ),
        (
            BASE,
            "en",
            "choices.note",
            "You get what you ask for either way. Withdraw at any time.",
        ),
        (
            BASE,
            "en",
            "rights",
            "Access, rectification, erasure, restriction, portability, objection: contact@acme.example",
        ),
        (
            BASE,
            "en",
            "recipients",
            "Service provider: Mailer. Recipient, only if you agree: Partner (software). Data handled outside the European Economic Area: Switzerland, adequacy decision",
        ),
        (
            BASE,
            "en",
            "retention",
            "Kept at most: 30 days after collection; 3 years after your last contact; 2 years after withdrawal; 1 year after collection",
        ),
        (
            BASE,
            "en",
            "withdrawal",
            "Withdraw at any time: choices@acme.example or https://acme.example/choices",
        ),
    ] {
        assert_eq!(
            text_of(&compiled(text, language, None), reference).as_deref(),
            Some(sentence)
        );
    }
}

#[test]
fn withdrawal_names_an_address_that_is_there() {
    let without_endpoint = EBOOK.replace("\"endpoint\": \"/v1/submissions\",", "");
    let own_site = EBOOK.replace("\"/v1/submissions\"", "\"https://forms.acme.example/v1/submissions\"");
    for (text, public_url, withdrawal, sentence) in [
        (
            EBOOK,
            Some("https://f.example/"),
            json!({ "url": "https://f.example/m", "email": "contact@acme.example" }),
            "one click",
        ),
        (EBOOK, None, json!({ "email": "contact@acme.example" }), "one click"),
        (
            &own_site,
            None,
            json!({ "url": "https://forms.acme.example/m", "email": "contact@acme.example" }),
            "one click",
        ),
        (
            &without_endpoint,
            None,
            json!({ "email": "contact@acme.example" }),
            "contact@acme.example",
        ),
        (
            BASE,
            Some(COLLECTOR),
            json!({ "url": "https://acme.example/choices", "email": "choices@acme.example" }),
            "choices@",
        ),
    ] {
        let compiled = compiled(text, "en", public_url);
        assert_eq!(compiled.json()["record"]["withdrawal"], withdrawal);
        let told = text_of(&compiled, "withdrawal").expect("a form with choices says how to take them back");
        assert!(told.contains(sentence), "{told}");
    }
}

#[test]
fn a_form_without_a_choice_says_nothing_about_choices() {
    let mut json: Value = serde_json::from_str(EBOOK).expect("the example is JSON");
    json["purposes"].as_array_mut().expect("purposes is a list").truncate(1);
    json["fields"].as_array_mut().expect("fields is a list").truncate(1);
    json["fields"][0]["purposes"] = json!(["ebook"]);
    let compiled = compiled(&json.to_string(), "fr", Some(COLLECTOR));
    for reference in ["choices", "choices.note", "withdrawal"] {
        assert_eq!(text_of(&compiled, reference), None, "{reference}");
    }
    assert_eq!(
        compiled.json()["controls"],
        json!([{ "purpose": "ebook", "control": "none" }])
    );
}

#[test]
fn a_form_of_one_consent_has_the_control_submit() {
    let mut json: Value = serde_json::from_str(EBOOK).expect("the example is JSON");
    let purposes = json["purposes"].as_array_mut().expect("purposes is a list");
    purposes.swap(0, 1);
    purposes.truncate(1);
    json["fields"].as_array_mut().expect("fields is a list").truncate(1);
    json["fields"][0]["purposes"] = json!(["newsletter"]);
    json.as_object_mut().expect("a definition is an object").remove("gate");
    let compiled = compiled(&json.to_string(), "en", Some(COLLECTOR));
    assert_eq!(
        compiled.json()["controls"],
        json!([{ "purpose": "newsletter", "control": "submit" }])
    );
    assert_eq!(text_of(&compiled, "choices"), None);
    assert!(text_of(&compiled, "purpose.newsletter").is_some() && text_of(&compiled, "withdrawal").is_some());
}

#[test]
fn an_interest_that_is_no_promotion_still_has_words_to_object() {
    let text = BASE
        .replace(
            "\"basis\": \"legitimate-interest\", \"kind\": \"promotional\"",
            "\"basis\": \"legitimate-interest\", \"kind\": \"informational\"",
        )
        .replace(", \"objection\": \"Do not write to me.\"", "");
    assert_eq!(
        text_of(&compiled(&text, "en", None), "purpose.offers.objection").as_deref(),
        Some("I object to this.")
    );
}

#[test]
fn a_hidden_field_is_no_text() {
    let text = BASE.replace("\"type\": \"long-text\"", "\"type\": \"hidden\"");
    let compiled = compiled(&text, "en", None);
    assert_eq!(
        text_of(&compiled, "field.note").or(text_of(&compiled, "field.note.hint")),
        None
    );
    assert_eq!(compiled.json()["fields"][3]["type"], "hidden");
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
fn the_way_of_delivery_chooses_the_words() {
    let pending = |text: &str, language: &str| {
        let compiled = compiled(text, language, None);
        let messages = compiled.json()["messages"].as_object().expect("messages").clone();
        assert!(
            messages.keys().all(|key| !key.contains('.')),
            "variants stay in the catalog"
        );
        messages["receipt_intro_pending"].as_str().expect("words").to_owned()
    };
    assert!(
        pending(EBOOK, "en").contains("what you asked for"),
        "the guide comes in the same mail"
    );
    assert!(!pending(WEBINAR, "en").contains("what you asked for"));
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

//! The texts: which there are, in which order, under which condition, and that the legal sentences say what holds.

use candor_record::digest::Sha256Digest;
use serde_json::{Value, json};

use super::{BASE, COLLECTOR, EBOOK, WEBINAR, compiled, text_of};

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
        (EBOOK, "fr", "choices", "Vos choix (facultatif)"),
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
        (EBOOK, "en", "choices", "Your choices (optional)"),
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

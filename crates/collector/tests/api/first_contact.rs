//! What to say at the first contact, as anybody gets it: of each purpose, of one partner, as JSON and as a page that loads nothing.

use std::fs;

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{PUBLIC_URL, TestApp};

const ROUTE: &str = "/v1/forms/ebook-rgpd/first-contact";

/// With a second partner, of whom the definition knows no way to reach it.
async fn with_two_partners() -> TestApp {
    TestApp::start_with(|config| {
        let path = config.forms.as_ref().expect("a folder").join("ebook-rgpd.json");
        let mut form: Value = serde_json::from_slice(&fs::read(&path).expect("read")).expect("JSON");
        let second = json!({"id": "second", "role": "recipient", "name": "Second Exemple SARL", "country": "FR",
            "policy": "https://second.example/p", "sector": {"fr": "formation", "en": "training"}});
        form["parties"].as_array_mut().expect("parties").push(second);
        form["purposes"][3]["recipients"] = json!(["acme", "partner", "second"]);
        fs::write(&path, form.to_string()).expect("written");
    })
    .await
}

#[tokio::test]
async fn each_partner_gets_its_own_text() {
    let app = with_two_partners().await;
    let check = async |query: &str, expected: &[(&str, Option<&str>)]| {
        let answer = app.get(&format!("{ROUTE}?lang=en{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text());
        let made = answer.json();
        let contacts = made["contacts"].as_array().expect("contacts");
        let said: Vec<_> = contacts
            .iter()
            .map(|it| (it["purpose"].as_str().unwrap_or_default(), it["partner"]["id"].as_str()))
            .collect();
        assert_eq!(said, expected, "{query}");
        made
    };
    let (own, first, second) = (
        ("call", None),
        ("partners", Some("partner")),
        ("partners", Some("second")),
    );
    check("", &[("newsletter", None), own, first, second]).await;
    check("&purpose=call", &[own]).await;
    check("&purpose=partners", &[first, second]).await;
    check("&partner=partner", &[first]).await;
    let made = check("&partner=second", &[second]).await;
    let contact = &made["contacts"][0];
    assert_eq!(contact["notes"][0]["kind"], "missing");
    let told = contact["notes"][0]["en"].as_str().expect("words");
    assert!(told.contains("“second” (Second Exemple SARL)"), "{told}");
    let text = contact["footer"]["text"].as_str().expect("words");
    for needed in [
        "Controller: Second Exemple SARL\n",
        "Source of your contact details: Acme Conseil SAS, 1 rue de l’Exemple, 75001 Paris, contact@acme.example\n",
        "Date of your consent: {date}\n",
        "https://second.example/p\n",
    ] {
        assert!(text.contains(needed), "{needed} in {text}");
    }
    assert!(text.contains(&format!("{PUBLIC_URL}/m\n")), "{text}");
}

#[tokio::test]
async fn what_nobody_gets_is_not_found_and_what_cannot_be_read_is_named() {
    let app = TestApp::start().await;
    for query in [
        "?partner=mailer",
        "?partner=second",
        "?purpose=ebook",
        "?lang=de",
        "?purpose=call&partner=partner",
    ] {
        assert_eq!(
            app.get(&format!("{ROUTE}{query}")).await.status,
            StatusCode::NOT_FOUND,
            "{query}"
        );
    }
    for (query, pointer, remedy) in [
        ("?recorded=ada", "?recorded", "write `true` or `false`"),
        ("?source=a%0Ab", "", "write one of at most 200 characters"),
        (
            "?party=partner",
            "?",
            "write one of `purpose`, `lang`, `partner`, `source`, `recorded`",
        ),
    ] {
        let refused = app.get(&format!("{ROUTE}{query}")).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (StatusCode::BAD_REQUEST, "malformed"),
            "{query}"
        );
        let error = &refused.json()["errors"][0];
        let detail = error["detail"].as_str().expect("words");
        assert!(
            error["pointer"] == pointer && detail.contains(remedy),
            "{query}: {error}"
        );
    }
}

#[tokio::test]
async fn it_is_a_page_that_loads_nothing() {
    let app = with_two_partners().await;
    for (language, missing, source) in [
        ("fr", "Il manque", "Date de votre accord\u{a0}: {date}"),
        ("en", "Missing", "Date of your consent: {date}"),
    ] {
        let path = format!("{ROUTE}?lang={language}&purpose=partners");
        let page = app.get_with(&path, &[("accept", "text/html")]).await;
        assert_eq!(page.status, StatusCode::OK);
        let policy = page.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("style-src 'sha256-"),
            "{policy}"
        );
        let text = page.text();
        assert_eq!(text.matches(missing).count(), 1, "of the second partner alone: {text}");
        for needed in [source, "Partenaire Exemple SA", "Second Exemple SARL"] {
            assert!(text.contains(needed), "{needed} in {text}");
        }
        assert!(!text.contains("<script") && !text.contains("src="), "{text}");
    }
}

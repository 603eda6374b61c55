//! The second layer of the notice: kept as people read it, by digest, for good; and whom a change of it concerns.

use std::fs;

use candor_collector::{
    clock::Clock,
    export::reconsent::{Export, Unknown},
    operator::Operator,
    start,
};
use candor_definition::notice::ITEMS;
use candor_record::digest::Sha256Digest;
use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, PUBLIC_URL, TestApp};

const PAGE: &str = "/f/ebook-rgpd/notice";

/// The address of exactly these bytes.
fn canonical(answer: &Answer) -> String {
    let link = answer.header("link");
    let address = link.strip_prefix('<').and_then(|rest| rest.split_once('>'));
    address
        .map(|(address, _)| address.to_owned())
        .expect("a canonical address")
}

/// The same folder with a changed definition, served anew.
async fn publish_again(app: &mut TestApp, change: impl FnOnce(&mut Value)) {
    let path = app.folder.path().join("forms/ebook-rgpd.json");
    let mut definition: Value = serde_json::from_slice(&fs::read(&path).expect("read")).expect("JSON");
    change(&mut definition);
    fs::write(&path, definition.to_string()).expect("written");
    let config = app.app.config.clone();
    let random = std::sync::Arc::new(candor_collector::clock::SystemRandomness);
    let clock: std::sync::Arc<dyn Clock> = app.clock.clone();
    let store = app.app.store.clone();
    let opened = start::app(config, PUBLIC_URL.to_owned(), clock, random, store).await;
    app.app = opened.expect("started");
    app.router = candor_collector::router::router(app.app.clone());
}

#[tokio::test]
async fn the_page_has_all_twelve_items_and_loads_nothing() {
    let app = TestApp::start().await;
    for language in ["fr", "en"] {
        let page = app.get_with(PAGE, &[("accept-language", language)]).await;
        assert_eq!(
            (page.status, page.header("content-language")),
            (StatusCode::OK, language)
        );
        let text = page.text();
        for (article, id) in ITEMS {
            assert!(text.contains(&format!("<section id=\"{id}\"")), "{language} {id}");
            assert!(
                text.contains(&format!("Art. {article}</small>")),
                "{language} {article}"
            );
        }
        assert!(
            text.contains("<section id=\"own\""),
            "what Candor does stands there too"
        );
        for part in ["<script", " src=", " style=", "@import", "url("] {
            assert!(!text.contains(part), "{part}");
        }
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    }
    let asked = app
        .get_with(&format!("{PAGE}?lang=en"), &[("accept-language", "fr")])
        .await;
    assert_eq!(
        asked.header("content-language"),
        "en",
        "who asks by name is answered by name"
    );
    for unknown in ["/f/nobody/notice", "/f/ebook-rgpd/notice/sha256-unknown"] {
        assert_eq!(app.get(unknown).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn the_form_links_to_the_notice_of_its_own_version() {
    let app = TestApp::start().await;
    let compiled = app.compiled("ebook-rgpd", "en").await;
    let address = compiled["notice"].as_str().expect("an address");
    let version = compiled["record"]["form"]["version"].as_str().expect("a version");
    assert_eq!(address, format!("{PUBLIC_URL}{PAGE}/{version}?lang=en"));
    let page = app.get(address).await;
    assert_eq!((page.status, page.header("content-language")), (StatusCode::OK, "en"));
    assert!(page.text().contains(version));
    let hosted = app.get("/f/ebook-rgpd?lang=en").await.text();
    assert!(
        hosted.contains(&format!("href=\"{address}\"")),
        "one key press away, without script"
    );
}

#[tokio::test]
async fn every_published_rendering_is_kept_byte_for_byte() {
    let mut app = TestApp::start().await;
    let kept = app.count("notices").await;
    let mut addresses = Vec::new();
    for language in ["fr", "en"] {
        let page = app.get(&format!("{PAGE}?lang={language}")).await;
        addresses.push((canonical(&page), page.body));
    }
    publish_again(&mut app, |_| ()).await;
    assert_eq!(app.count("notices").await, kept, "the same bytes are there once");
    publish_again(&mut app, |new| new["parties"][0]["phone"] = json!("+33 1 99 00 99 99")).await;
    assert_eq!(
        app.count("notices").await,
        kept + 2,
        "a rendering for each language of the changed form"
    );
    for (address, body) in &addresses {
        let page = app.get(address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        assert_eq!(&page.body, body, "{address}");
        let digest = Sha256Digest::of(&page.body).to_text();
        assert!(address.ends_with(&digest), "{address} is the digest of its bytes");
        assert!(page.header("cache-control").contains("immutable"));
        let elsewhere = address.replace("ebook-rgpd", "webinar-b2b");
        assert_eq!(app.get(&elsewhere).await.status, StatusCode::NOT_FOUND);
    }
    let current = app.get(&format!("{PAGE}?lang=fr")).await;
    assert!(current.text().contains("99 99") && canonical(&current) != addresses[0].0);
}

async fn listed(app: &TestApp, since: Option<&str>) -> Vec<Value> {
    let begun = Export::begin(&app.app, Operator::COMMAND, "ebook-rgpd", since, "a test").await;
    let mut export = begun.expect("read").expect("published");
    let page = export.page(&app.app, Uuid::nil()).await.expect("read");
    assert_eq!(page.next, None);
    page.listed.iter().map(|listed| listed.json("en")).collect()
}

/// Ada gave the newsletter and not the calls; Bob left everything out.
async fn two_people(app: &TestApp) {
    let compiled = app.compiled("ebook-rgpd", "fr").await;
    for (address, status) in [("ada@example.org", "given"), ("bob@example.org", "not-given")] {
        let draft = crate::support::Draft::new(
            &compiled,
            app.clock.now(),
            &[("newsletter", status)],
            &[("email", address)],
        );
        assert_eq!(app.submit(&draft.sign()).await.status, StatusCode::CREATED);
    }
    let mails = app.mails().await;
    let ada = mails
        .iter()
        .find(|mail| mail.contains("/c/"))
        .expect("Ada is asked to confirm");
    let link = crate::support::link_in(ada, "c");
    assert_eq!(app.post_form(&link, &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_material_change_lists_whom_to_ask_again() {
    let mut app = TestApp::start().await;
    two_people(&app).await;
    assert_eq!(listed(&app, None).await, [json!(null); 0], "nothing changed");
    publish_again(&mut app, |new| new["title"]["fr"] = json!("Un autre titre")).await;
    assert_eq!(
        listed(&app, None).await,
        [json!(null); 0],
        "an editorial change concerns nobody"
    );
    let first = app.compiled("ebook-rgpd", "fr").await["record"]["form"]["version"].clone();
    let logged = app.count("access_log").await;
    publish_again(&mut app, |new| new["purposes"][1]["validity"] = json!("P24M")).await;
    let found = listed(&app, None).await;
    let [ada] = found.as_slice() else {
        panic!("Ada alone: {found:?}")
    };
    assert_eq!(
        (&ada["email"], &ada["purpose"]),
        (&json!("ada@example.org"), &json!("newsletter"))
    );
    assert_eq!((&ada["remedy"], &ada["basis"]), (&json!("ask"), &json!("consent")));
    assert_eq!(ada["changes"][0]["place"], "/purposes/newsletter/validity");
    assert_eq!(ada["changes"][0]["reason"], "longer");
    assert_eq!(app.count("access_log").await, logged + 2, "the list, and Ada in it");
    assert_eq!(
        listed(&app, first.as_str()).await.len(),
        1,
        "it came after that version"
    );
    let current = app.compiled("ebook-rgpd", "fr").await["record"]["form"]["version"].clone();
    assert_eq!(
        listed(&app, current.as_str()).await,
        [json!(null); 0],
        "everybody was asked by this one"
    );
    publish_again(&mut app, |new| {
        new["purposes"][1]["statement"]["en"] = json!(
            "I agree to have Acme Conseil send me, every month and by e‑mail, its advice and its commercial offers."
        )
    })
    .await;
    assert_eq!(
        listed(&app, current.as_str()).await,
        [json!(null); 0],
        "she read French"
    );
    publish_again(&mut app, |new| {
        new["purposes"][0]["storage"]["retention"] = json!("P45D")
    })
    .await;
    let told: Vec<_> = listed(&app, current.as_str())
        .await
        .iter()
        .map(|it| it["remedy"].clone())
        .collect();
    assert!(
        told.iter().all(|remedy| remedy == "inform"),
        "a service is no consent: {told:?}"
    );
}

#[tokio::test]
async fn only_what_was_published_is_compared() {
    let app = TestApp::start().await;
    for (form, since, expected) in [
        ("nobody", None, Unknown::Form),
        ("ebook-rgpd", Some("sha256-unknown"), Unknown::Version),
    ] {
        let begun = Export::begin(&app.app, Operator::COMMAND, form, since, "a test")
            .await
            .expect("read");
        assert_eq!(begun.err(), Some(expected), "{form}");
    }
}

//! What is published, and that it stays.

use std::fs;

use candor_collector::{clock::SystemRandomness, start};
use http::StatusCode;

use crate::support::{ORIGIN, PUBLIC_URL, TestApp};

#[tokio::test]
async fn forms_are_served_to_every_site() {
    let app = TestApp::start().await;
    let form = app.get("/v1/forms/ebook-rgpd").await;
    assert_eq!(
        (form.status, form.header("access-control-allow-origin")),
        (StatusCode::OK, "*")
    );
    assert_eq!(form.json()["record"]["language"], "fr");
    assert_eq!(form.json()["record"]["withdrawal"]["url"], format!("{PUBLIC_URL}/m"));
    assert_eq!(
        app.get("/v1/forms/ebook-rgpd?lang=en-GB").await.json()["record"]["language"],
        "en"
    );
    let etag = form.header("etag").to_owned();
    assert_eq!(
        app.get_with("/v1/forms/ebook-rgpd", &[("if-none-match", &etag)])
            .await
            .status,
        StatusCode::NOT_MODIFIED
    );
    let digest = etag.trim_matches('"');
    let compiled = app.get(&format!("/v1/forms/ebook-rgpd/compiled/{digest}.json")).await;
    assert_eq!(compiled.body, form.body);
    assert!(compiled.header("cache-control").contains("immutable"));
    assert_eq!(
        app.get("/v1/forms/ebook-rgpd/definition").await.json()["id"],
        "ebook-rgpd"
    );
    let snippet = app.get("/v1/forms/ebook-rgpd/html?lang=en").await.text();
    assert!(snippet.contains("<form") && !snippet.contains(" checked"), "{snippet}");
    let brotli = app
        .get_with(
            "/v1/forms/ebook-rgpd",
            &[("accept-encoding", "gzip, br"), ("origin", ORIGIN)],
        )
        .await;
    assert_eq!(brotli.header("content-encoding"), "br");
    assert!(brotli.body.len() < form.body.len() / 2);
    for path in [
        "/v1/forms/nope",
        "/v1/forms/nope/definition",
        "/v1/forms/webinar-b2b/compiled/x.json",
    ] {
        assert_eq!(app.get(path).await.problem(), "not-found", "{path}");
    }
}

#[tokio::test]
async fn editors_get_the_schema_from_every_site() {
    let app = TestApp::start().await;
    let schema = app.get("/schema/candor-form-1.json").await;
    assert_eq!(schema.status, StatusCode::OK);
    assert_eq!(schema.header("access-control-allow-origin"), "*");
    assert_eq!(schema.header("content-type"), "application/schema+json");
    assert_eq!(schema.body, candor_definition::schema::text().as_bytes());
    let etag = schema.header("etag").to_owned();
    let again = app
        .get_with("/schema/candor-form-1.json", &[("if-none-match", &etag)])
        .await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn a_purpose_keeps_its_meaning_and_an_old_version_stays() {
    let app = TestApp::start().await;
    let old = app.get("/v1/forms/checklist").await;
    let path = app.folder.path().join("forms/screen.json");
    let text = fs::read_to_string(&path).expect("a form");
    let restart = async |text: String| {
        fs::write(&path, text).expect("written");
        let opened = start::open(
            app.app.config.clone(),
            PUBLIC_URL.to_owned(),
            app.clock.clone(),
            std::sync::Arc::new(SystemRandomness),
        )
        .await;
        opened.map(|(app, _)| app).map_err(|error| error.to_string())
    };
    let refused = restart(text.replace("\"channel\": \"none\"", "\"channel\": \"email\"")).await;
    assert!(
        refused
            .as_ref()
            .is_err_and(|error| error.contains("checklist") && error.contains("keeps its meaning")),
        "{refused:?}"
    );
    let refused = restart(text.replace("\"validity\": \"P18M\"", "\"validity\": \"P9Y\"")).await;
    assert!(
        refused.as_ref().is_err_and(|error| error.contains("screen.json:")),
        "{refused:?}"
    );
    let changed = restart(text.replace("Get the checklist", "Get our checklist"))
        .await
        .expect("starts");
    let digest = old.header("etag").trim_matches('"').to_owned();
    assert!(
        changed
            .publications
            .by_digest(&digest)
            .await
            .expect("a store")
            .is_some()
    );
    assert_ne!(
        changed
            .forms
            .find("checklist")
            .expect("live")
            .in_language(None)
            .row
            .digest,
        digest
    );
}

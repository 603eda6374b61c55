//! `/c/{token}`: a GET shows, a POST confirms, once.

use axum::body::Body;
use candor_record::base64url;
use http::{Request, StatusCode};
use jiff::SignedDuration;
use serde_json::Value;

use crate::support::{ADA, PUBLIC_URL, TestApp, ebook, link_in};

async fn submitted(app: &TestApp, change: impl FnOnce(&mut Value)) -> (String, String) {
    let draft = ebook(app, &[("newsletter", "given"), ("partners", "given")], &[ADA])
        .await
        .with(change);
    let answer = app.submit(&draft.sign()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let mails = app.mails().await;
    (
        link_in(&mails[0], "c"),
        answer.json()["manage"].as_str().expect("a link").to_owned(),
    )
}

#[tokio::test]
async fn only_a_post_confirms_and_twice_is_once() {
    let app = TestApp::start().await;
    let (link, manage) = submitted(&app, |_| {}).await;
    for _ in 0..3 {
        let page = app.get(&link).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text().contains("<button>Confirmer</button>"), "{}", page.text());
    }
    let head = Request::head(link.strip_prefix(PUBLIC_URL).expect("ours"))
        .body(Body::empty())
        .expect("a request");
    app.send(head).await;
    assert_eq!(app.count("records").await, 1, "a GET changes nothing");
    for words in ["C’est confirmé", "Il ne reste rien à confirmer"] {
        let page = app.post_form(&link, &[]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        let page = page.text();
        assert!(page.contains(words), "{page}");
        assert_eq!(page.contains("Voir le reçu"), words == "C’est confirmé", "{page}");
        if words == "C’est confirmé" {
            let receipt = app.get(&link_in(&page, "r").replace("&amp;", "&")).await;
            assert_eq!(receipt.status, StatusCode::OK, "{}", receipt.text());
            let payload = receipt.json()["payload"].as_str().expect("a payload").to_owned();
            let record: Value = serde_json::from_slice(&base64url::decode(&payload).expect("base64url")).expect("JSON");
            assert_eq!(
                record["event"], "confirmation",
                "the receipt is of the act, not of the submission"
            );
        }
    }
    assert_eq!(app.count("records WHERE event = 'confirmation'").await, 1);
    assert!(app.get(&link).await.text().contains("Il ne reste rien à confirmer"));
    assert_eq!(app.get(&manage).await.text().matches("<em>Accepté</em>").count(), 2);
}

#[tokio::test]
async fn a_held_consent_needs_its_own_tick() {
    let app = TestApp::start().await;
    let script = |record: &mut Value| {
        for position in [1, 3] {
            record["processes"][position]["indication"]["trusted"] = false.into();
        }
    };
    let (link, manage) = submitted(&app, script).await;
    let page = app.post_form(&link, &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing was ticked");
    assert_eq!(app.count("records").await, 1);
    assert_eq!(
        app.post_form(
            &link,
            &[("held", "newsletter"), ("held", "call"), ("held", "no-such-purpose")]
        )
        .await
        .status,
        StatusCode::OK
    );
    let page = app.get(&manage).await.text();
    assert_eq!(page.matches("<em>Accepté</em>").count(), 1, "{page}");
    assert!(
        page.contains("À confirmer dans les mots d’origine"),
        "partners stays held: {page}"
    );
}

#[tokio::test]
async fn unknown_foreign_and_expired_links_answer_alike() {
    let app = TestApp::start().await;
    let (link, manage) = submitted(&app, |_| {}).await;
    let foreign = manage.replace("/m/", "/c/");
    let unknown = format!("{PUBLIC_URL}/c/{}", "A".repeat(48));
    app.clock.advance(SignedDuration::from_hours(3 * 24 + 1));
    let mut bodies = Vec::new();
    for link in [&link, &foreign, &unknown] {
        for answer in [app.get(link).await, app.post_form(link, &[]).await] {
            assert_eq!(answer.status, StatusCode::GONE, "{link}");
            let token = link.rsplit('/').next().expect("a token");
            bodies.push(answer.text().replace(token, "…"));
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
    assert_eq!(app.count("records").await, 1);
}

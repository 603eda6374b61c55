//! Two questions that come before a consent: does the browser ask not to share (Global Privacy Control), and may the person
//! consent alone (GDPR Art. 8).

use std::fs;

use axum::body::Body;
use candor_collector::clock::Clock;
use http::{Request, StatusCode, header};
use serde_json::Value;

use crate::support::{Answer, Draft, PUBLIC_URL, TestApp, link_in};

const GPC: (&str, &str) = ("sec-gpc", "1");

async fn post_with(app: &TestApp, path: &str, members: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
    let body: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(members)
        .finish();
    let mut request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, PUBLIC_URL)
        .header(header::ACCEPT, "text/html");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::from(body)).expect("a request")).await
}

/// A plain post of that form with what was typed.
async fn post(app: &TestApp, form: &str, typed: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
    let compiled = app.compiled(form, "fr").await;
    let text = |pointer: &str| {
        compiled
            .pointer(pointer)
            .and_then(Value::as_str)
            .expect("a text")
            .to_owned()
    };
    let (version, texts) = (text("/record/form/version"), text("/record/form/texts"));
    let mut members = vec![
        ("candor-version", version.as_str()),
        ("candor-texts", &texts),
        ("candor-language", "fr"),
    ];
    members.extend(typed);
    post_with(app, &format!("/f/{form}"), &members, headers).await
}

/// The record behind the page after a plain post, and what the page says.
async fn recorded(app: &TestApp, answer: &Answer) -> (Value, String) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let thanks = app.get(answer.header("location")).await.text();
    let receipt = app.get(&link_in(&thanks, "r").replace("&amp;", "&")).await.json();
    let payload = candor_record::base64url::decode(receipt["payload"].as_str().expect("text")).expect("base64url");
    (serde_json::from_slice(&payload).expect("a record"), thanks)
}

fn status(record: &Value, purpose: &str) -> String {
    let processes = record["processes"].as_array().expect("a list");
    let process = processes
        .iter()
        .find(|process| process["purpose"] == purpose)
        .expect("the purpose");
    process["status"].as_str().expect("text").to_owned()
}

#[tokio::test]
async fn the_hosted_page_does_not_offer_to_share_against_the_signal() {
    let app = TestApp::start().await;
    let page = app.get_with("/f/ebook-rgpd", &[GPC]).await;
    assert!(page.header("vary").contains("Sec-GPC"));
    let page = page.text();
    assert!(!page.contains("name=\"purpose.partners\""), "{page}");
    assert!(page.contains("name=\"purpose.newsletter\"") && page.contains("Global Privacy Control"));
    for headers in [&[][..], &[("sec-gpc", "0")]] {
        let page = app.get_with("/f/ebook-rgpd", headers).await.text();
        assert!(page.contains("name=\"purpose.partners\"") && !page.contains("Global Privacy Control"));
    }
}

#[tokio::test]
async fn what_was_not_offered_is_recorded_as_not_shown() {
    let app = TestApp::start().await;
    let typed = [("email", "ada@example.org"), ("purpose.newsletter", "yes")];
    let (record, _) = recorded(&app, &post(&app, "ebook-rgpd", &typed, &[GPC]).await).await;
    assert_eq!(record["signals"]["gpc"], true);
    let told = ["ebook", "newsletter", "call", "partners"].map(|purpose| status(&record, purpose));
    assert_eq!(told, ["informed", "given", "not-given", "not-shown"]);
    let shown = record["shown"].as_array().expect("a list");
    let refs: Vec<&str> = shown.iter().filter_map(|text| text["ref"].as_str()).collect();
    assert!(refs.contains(&"purpose.call") && !refs.iter().any(|it| it.starts_with("purpose.partners")));
    let (record, _) = recorded(
        &app,
        &post(&app, "ebook-rgpd", &[("email", "bob@example.org")], &[]).await,
    )
    .await;
    assert_eq!(
        (&record["signals"]["gpc"], status(&record, "partners").as_str()),
        (&false.into(), "not-given")
    );
}

/// A page printed for everybody offers it to a browser with the signal: a tick against it waits for the person's own word.
#[tokio::test]
async fn a_tick_against_the_signal_is_held_and_the_service_delivered() {
    let app = TestApp::start().await;
    let typed = [("email", "ada@example.org"), ("purpose.partners", "yes")];
    let (record, thanks) = recorded(&app, &post(&app, "ebook-rgpd", &typed, &[GPC]).await).await;
    assert_eq!(status(&record, "partners"), "given", "the record says what was done");
    assert!(thanks.contains("À confirmer"), "{thanks}");
    let compiled = app.compiled("ebook-rgpd", "fr").await;
    let given = [("newsletter", "given"), ("partners", "given")];
    for (gpc, expected) in [(false, &[][..]), (true, &["partners"])] {
        let draft = Draft::new(&compiled, app.clock.now(), &given, &[("email", "eve@example.org")]);
        let draft = draft.with(|record| record["signals"]["gpc"] = gpc.into());
        let answer = app.submit(&draft.sign()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        assert_eq!(answer.json()["held"], serde_json::json!(expected), "{gpc}");
    }
}

async fn club() -> TestApp {
    let folder = tempfile::tempdir().expect("a folder");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/forms/age.json");
    fs::copy(source, folder.path().join("age.json")).expect("copied");
    // Read at start, and not again.
    TestApp::start_with(|config| config.forms = Some(folder.path().to_owned())).await
}

#[tokio::test]
async fn a_child_is_told_and_nothing_is_kept() {
    let app = club().await;
    for javascript in [false, true] {
        let answer = if javascript {
            let compiled = app.compiled("club", "fr").await;
            let values = [("age", "under"), ("email", "kid@example.org")];
            app.submit(&Draft::new(&compiled, app.clock.now(), &[], &values).sign())
                .await
        } else {
            let typed = [
                ("age", "under"),
                ("email", "kid@example.org"),
                ("purpose.club-news", "yes"),
            ];
            let answer = post(&app, "club", &typed, &[]).await;
            let text = answer.text();
            assert!(
                text.contains("titulaire de l’autorité parentale") && text.contains("15 ans"),
                "{text}"
            );
            answer
        };
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        for table in ["records", "leads", "people", "outbox", "plain_posts"] {
            assert_eq!(app.count(table).await, 0, "{table}, script {javascript}");
        }
    }
    let unanswered = post(&app, "club", &[("email", "kid@example.org")], &[]).await;
    assert_eq!(
        unanswered.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "it cannot be skipped"
    );
    assert_eq!(app.count("records").await, 0);
}

#[tokio::test]
async fn who_is_old_enough_says_so_and_no_more() {
    let app = club().await;
    let typed = [("age", "over"), ("email", "ada@example.org")];
    let (record, _) = recorded(&app, &post(&app, "club", &typed, &[]).await).await;
    let data = record["processes"][0]["data"].as_array().expect("a list");
    assert!(
        data.iter()
            .any(|datum| datum["field"] == "age" && datum["type"] == "AgeRange"),
        "{data:?}"
    );
    assert!(
        !record.to_string().contains("\"over\""),
        "the answer itself travels beside the record"
    );
    assert_eq!(app.ada().await.submissions.len(), 1);
}

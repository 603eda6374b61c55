//! `/f/{id}`: the form without JavaScript.

use http::StatusCode;
use jiff::SignedDuration;

use crate::support::{PUBLIC_URL, TestApp, link_in};

/// The hidden members that the page carries.
async fn hidden(app: &TestApp) -> Vec<(String, String)> {
    let page = app.get("/f/ebook-rgpd").await.text();
    let form = app.compiled("ebook-rgpd", "fr").await;
    let text = |pointer: &str| {
        form.pointer(pointer)
            .and_then(|value| value.as_str())
            .expect("a text")
            .to_owned()
    };
    let members = vec![
        ("candor-version".to_owned(), text("/record/form/version")),
        ("candor-texts".to_owned(), text("/record/form/texts")),
        ("candor-language".to_owned(), "fr".to_owned()),
    ];
    for (name, value) in &members {
        assert!(
            page.contains(&format!("name=\"{name}\"")) && page.contains(&format!("value=\"{value}\"")),
            "{name}: {page}"
        );
    }
    assert!(!page.contains(" checked"), "{page}");
    members
}

async fn post(app: &TestApp, hidden: &[(String, String)], typed: &[(&str, &str)]) -> crate::support::Answer {
    let members: Vec<(&str, &str)> = hidden
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .chain(typed.iter().copied())
        .collect();
    app.post_form("/f/ebook-rgpd", &members).await
}

#[tokio::test]
async fn a_plain_post_is_recorded_as_what_it_is() {
    let app = TestApp::start().await;
    let hidden = hidden(&app).await;
    let typed = [
        ("email", "ada@example.org"),
        ("purpose.newsletter", "yes"),
        ("phone", "dropped"),
        ("nobody_declared", "x"),
    ];
    let answer = post(&app, &hidden, &typed).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let thanks = app.get(answer.header("location")).await;
    assert_eq!(thanks.status, StatusCode::OK);
    let receipt = link_in(&thanks.text(), "r").replace("&amp;", "&");
    let receipt = app.get(&receipt).await.json();
    let payload = candor_record::base64url::decode(receipt["payload"].as_str().expect("a payload")).expect("base64url");
    let record: serde_json::Value = serde_json::from_slice(&payload).expect("a record");
    assert_eq!(record["capture"]["method"], "html");
    assert_eq!(
        (&record["capture"]["observed"], &record["capture"]["origin"]),
        (&false.into(), &PUBLIC_URL.into())
    );
    assert_eq!(receipt["signatures"].as_array().map(Vec::len), Some(1));
    let statuses: Vec<_> = record["processes"]
        .as_array()
        .expect("list")
        .iter()
        .map(|process| process["status"].as_str().expect("text"))
        .collect();
    assert_eq!(statuses, ["informed", "given", "not-given", "not-given"]);
    assert_eq!(
        record["subject"]["_sd"].as_array().map(Vec::len),
        Some(1),
        "only the address was asked for and typed"
    );
    let mails = app.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(
        app.post_form(&link_in(&mails[0], "c"), &[]).await.status,
        StatusCode::OK
    );

    let again = post(&app, &hidden, &typed).await;
    assert_eq!(
        again.header("location"),
        answer.header("location"),
        "the same within ten minutes is the same"
    );
    app.clock.advance(SignedDuration::from_mins(11));
    post(&app, &hidden, &typed).await;
    assert_eq!(app.count("records WHERE event = 'submission'").await, 2);
}

#[tokio::test]
async fn a_flaw_brings_the_form_back_with_what_was_typed() {
    let app = TestApp::start().await;
    let hidden = hidden(&app).await;
    let page = post(
        &app,
        &hidden,
        &[
            ("email", "ada@"),
            ("purpose.newsletter", "yes"),
            ("given_name", "Ada <b>"),
        ],
    )
    .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = page.text();
    assert!(
        text.contains("Il y a un problème") && text.contains("value=\"ada@\""),
        "{text}"
    );
    assert!(
        !text.contains(" checked") && !text.contains("<b>"),
        "never ticked, always escaped: {text}"
    );
    assert_eq!(app.count("records").await, 0);
}

#[tokio::test]
async fn a_form_that_was_never_published_comes_back_as_the_current_one() {
    let app = TestApp::start().await;
    let mut hidden = hidden(&app).await;
    hidden[0].1 = format!("sha256-{}", "A".repeat(43));
    let page = post(&app, &hidden, &[("email", "ada@example.org")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.text().contains("a changé entre-temps") && page.text().contains("value=\"ada@example.org\""),
        "{}",
        page.text()
    );
    assert_eq!(app.count("records").await, 0);
}

#[tokio::test]
async fn other_sites_do_not_post_here() {
    let app = TestApp::start().await;
    let request = http::Request::post("/f/ebook-rgpd")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", "https://evil.example");
    let answer = app
        .send(request.body("email=ada%40example.org".into()).expect("a request"))
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

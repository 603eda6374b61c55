//! `POST /v1/submissions`: what is recorded, what is held, and that twice is once. What is refused: `forged.rs`.

use candor_record::verify::{Evidence, RingVerifier, verify};
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{ADA, Draft, TestApp, ebook, link_in};

#[tokio::test]
async fn a_submission_is_answered_with_a_receipt_that_verifies() {
    let app = TestApp::start().await;
    let draft = ebook(&app, &[("newsletter", "given")], &[ADA, ("given_name", "Ada")]).await;
    let answer = app.submit(&draft.sign()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let body = answer.json();
    assert_eq!((&body["state"], &body["held"]), (&json!("pending"), &json!([])));
    assert!(body.get("download").is_none());
    let manage = app.get(body["manage"].as_str().expect("a link")).await;
    assert_eq!(manage.status, StatusCode::OK);
    assert!(
        manage.text().contains("En attente de votre confirmation"),
        "{}",
        manage.text()
    );

    let keys = app.get("/.well-known/jwks.json").await;
    let keys = candor_record::key::KeySet::parse(&keys.body).expect("keys");
    let expected =
        candor_record::expected::Expected::from_compiled(&app.compiled("ebook-rgpd", "fr").await).expect("a form");
    let evidence = Evidence {
        keys: Some(&keys),
        expected: Some(&expected),
        disclosures: Some(&draft.disclosures),
        received: None,
    };
    let verdict = verify(body["receipt"].to_string().as_bytes(), &evidence, &RingVerifier);
    let good: Vec<_> = verdict
        .checks
        .iter()
        .filter(|check| check.ok == Some(true))
        .map(|check| check.step)
        .collect();
    assert_eq!(good, (1..=10).collect::<Vec<_>>(), "{:?}", verdict.checks);
}

#[tokio::test]
async fn one_mail_carries_the_file_and_apart_from_it_the_confirmation() {
    let check = async |statuses: &[(&str, &str)], values: &[(&str, &str)], confirms: bool| {
        let app = TestApp::start().await;
        let answer = app.submit(&ebook(&app, statuses, values).await.sign()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        let mails = app.mails().await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert_eq!(
            app.get(&link_in(&mails[0], "d")).await.body,
            crate::support::GUIDE,
            "{statuses:?}"
        );
        assert_eq!(mails[0].contains("/c/"), confirms, "{statuses:?}: {}", mails[0]);
        assert!(mails[0].contains("/m/"));
    };
    check(&[], &[ADA], false).await;
    check(&[("newsletter", "given")], &[ADA], true).await;
    check(
        &[("newsletter", "given"), ("call", "given")],
        &[ADA, ("phone", "+33 1 99 00 12 34")],
        true,
    )
    .await;
}

#[tokio::test]
async fn nothing_to_deliver_and_nothing_to_confirm_is_no_mail() {
    let app = TestApp::start().await;
    let compiled = app.compiled("webinar-b2b", "en").await;
    let draft = Draft::new(
        &compiled,
        app.app.clock.now(),
        &[("offers", "objected")],
        &[("name", "Ada"), ADA],
    );
    let answer = app.submit(&draft.sign()).await;
    assert_eq!(
        (answer.status, answer.json()["state"].as_str()),
        (StatusCode::CREATED, Some("recorded")),
        "{}",
        answer.text()
    );
    assert_eq!(app.mails().await.len(), 0);
}

#[tokio::test]
async fn a_gate_on_the_screen_answers_with_the_link() {
    let app = TestApp::start().await;
    let compiled = app.compiled("checklist", "en").await;
    let answer = app
        .submit(&Draft::new(&compiled, app.app.clock.now(), &[], &[]).sign())
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["download"]["expires"], "2026-11-21T11:00:00.000Z");
    let file = app.get(body["download"]["url"].as_str().expect("a link")).await;
    assert_eq!((file.status, &file.body[..]), (StatusCode::OK, crate::support::GUIDE));
    assert_eq!(app.mails().await.len(), 0);
}

#[tokio::test]
async fn the_same_submission_again_gets_the_same_answer() {
    let app = TestApp::start().await;
    let draft = ebook(&app, &[("newsletter", "given")], &[ADA, ("given_name", "Ada")]).await;
    let first = app.submit(&draft.sign()).await;
    app.clock.advance(SignedDuration::from_mins(3));
    // Signed anew: the same content under another spelling of its signature.
    let again = app.submit(&draft.sign()).await;
    assert_eq!(
        (first.status, again.status),
        (StatusCode::CREATED, StatusCode::OK),
        "{}",
        again.text()
    );
    assert_eq!(first.json(), again.json());
    for table in ["records", "leads", "outbox"] {
        assert_eq!(app.count(table).await, 1, "{table}");
    }
}

#[tokio::test]
async fn another_content_under_the_same_id_is_a_conflict() {
    let app = TestApp::start().await;
    let draft = ebook(&app, &[], &[ADA]).await;
    assert_eq!(app.submit(&draft.sign()).await.status, StatusCode::CREATED);
    let other = ebook(&app, &[], &[ADA]).await.with(|record| {
        record["id"] = json!(draft.id());
        record["chain"] = json!(draft.id());
    });
    let answer = app.submit(&other.sign()).await;
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (StatusCode::CONFLICT, "conflict")
    );
    // Whoever holds the receipt but not the values must not collect links.
    let mut without = draft.sign();
    without["disclosures"] = json!([]);
    let answer = app.submit(&without).await;
    assert!(
        matches!(answer.status, StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY),
        "{}",
        answer.text()
    );
    assert!(!answer.text().contains("/m/"));
}

#[tokio::test]
async fn two_at_once_are_one_row() {
    let app = TestApp::start().await;
    let body = ebook(&app, &[], &[ADA]).await.sign();
    let answers = tokio::join!(
        app.submit(&body),
        app.submit(&body),
        app.submit(&body),
        app.submit(&body)
    );
    let mut statuses = [answers.0.status, answers.1.status, answers.2.status, answers.3.status];
    statuses.sort();
    assert_eq!(
        statuses,
        [StatusCode::OK, StatusCode::OK, StatusCode::OK, StatusCode::CREATED]
    );
    assert_eq!(answers.0.json(), answers.3.json());
    assert_eq!(app.count("records").await, 1);
}

#[tokio::test]
async fn altered_words_and_scripted_ticks_are_held_and_the_service_delivered() {
    let check = async |name: &str, change: &dyn Fn(&mut Value)| {
        let app = TestApp::start().await;
        let draft = ebook(
            &app,
            &[("newsletter", "given"), ("partners", "given")],
            &[ADA, ("given_name", "Ada")],
        )
        .await
        .with(change);
        let answer = app.submit(&draft.sign()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{name}: {}", answer.text());
        assert_eq!(
            (&answer.json()["state"], &answer.json()["held"]),
            (&json!("pending"), &json!(["newsletter"])),
            "{name}"
        );
        let mails = app.mails().await;
        assert_eq!(app.get(&link_in(&mails[0], "d")).await.status, StatusCode::OK, "{name}");
        let page = app.get(&link_in(&mails[0], "c")).await.text();
        assert!(
            page.contains("type=\"checkbox\"") && page.contains("value=\"newsletter\"") && !page.contains("checked"),
            "{name}: {page}"
        );
        assert!(page.contains("m’envoie chaque mois"), "{name}: the published words");
    };
    check("translated", &|record| {
        let shown = record["shown"].as_array_mut().expect("texts");
        let text = shown
            .iter_mut()
            .find(|text| text["ref"] == "purpose.newsletter")
            .expect("a text");
        text["text"] = json!("I agree that Acme Conseil sends me offers.");
    })
    .await;
    check("scripted", &|record| {
        let process = record["processes"]
            .as_array_mut()
            .expect("processes")
            .iter_mut()
            .find(|process| process["purpose"] == "newsletter");
        process.expect("a process")["indication"]["trusted"] = json!(false);
    })
    .await;
}

#[tokio::test]
async fn the_clock_problem_tells_the_time() {
    let app = TestApp::start().await;
    let draft = ebook(&app, &[], &[ADA])
        .await
        .with(|record| record["created"] = json!("2026-11-21T12:00:00.000Z"));
    let answer = app.submit(&draft.sign()).await;
    assert_eq!(answer.json()["now"], "2026-11-21T10:00:00.000Z");
}

#[tokio::test]
async fn fields_are_judged_here_too() {
    let app = TestApp::start().await;
    let check = async |statuses: &[(&str, &str)], values: &[(&str, &str)], code: Option<&str>| {
        let answer = app.submit(&ebook(&app, statuses, values).await.sign()).await;
        let found =
            (answer.status == StatusCode::UNPROCESSABLE_ENTITY).then(|| answer.json()["errors"][0]["code"].clone());
        assert_eq!(found, code.map(|code| json!(code)), "{values:?}: {}", answer.text());
        if code.is_some() {
            // The form in the browser marks the field that the pointer ends with.
            let fault = &answer.json()["errors"][0];
            let detail = fault["detail"].as_str().unwrap_or_default();
            let named = detail.strip_prefix("field ").and_then(|rest| rest.split_once(": "));
            let expected = match named {
                Some((field, _)) => format!("/disclosures/{field}"),
                None => "/disclosures".to_owned(),
            };
            assert_eq!(fault["pointer"], expected.as_str());
            assert_eq!(named.is_some(), code != Some("disclosures"), "{detail}");
            assert!(
                values
                    .iter()
                    .all(|(_, value)| value.is_empty() || !answer.text().contains(value)),
                "no value in {}",
                answer.text()
            );
        }
    };
    check(&[], &[ADA], None).await;
    check(&[], &[], Some("required")).await;
    check(&[], &[("email", "ada@")], Some("malformed")).await;
    check(&[("call", "given")], &[ADA], Some("required")).await;
    check(
        &[("call", "given")],
        &[ADA, ("phone", "call me maybe")],
        Some("malformed"),
    )
    .await;
    check(
        &[("newsletter", "given")],
        &[ADA, ("given_name", &"n".repeat(600))],
        Some("too-long"),
    )
    .await;
    check(&[], &[ADA, ("shoe_size", "forty-four")], Some("disclosures")).await;
    check(&[], &[ADA, ("given_name", "Ada")], Some("disclosures")).await;
}

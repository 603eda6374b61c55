//! Robots on `/v1/submissions`: what is asked when, that a proof counts once, that nobody is refused for good.
//! Without JavaScript: `plain`. Limits: `limits`.

use altcha::{Challenge, Payload, SolveChallengeOptions, solve_challenge};
use candor_collector::{
    clock::Clock,
    config::Config,
    robots::{CHALLENGE_LIVES, policy::When},
};
use candor_record::base64url;
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{ADA, Answer, Draft, TestApp, ebook};

mod limits;
mod plain;

/// A collector whose work is small: its strength is not tested here.
pub(super) async fn start(when: When) -> TestApp {
    start_with(when, |_| {}).await
}

pub(super) async fn start_with(when: When, change: impl FnOnce(&mut Config)) -> TestApp {
    TestApp::start_with(|config| {
        config.robots.when = when;
        config.robots.cost = 1;
        change(config);
    })
    .await
}

/// Solves what an answer asks for, by the library's own solver, and says so as ALTCHA's widget does.
fn solve(answer: &Answer) -> Value {
    asked(answer);
    let challenge: Challenge = serde_json::from_value(answer.json()["challenge"].take()).expect("ALTCHA's challenge");
    let solution = solve_challenge(SolveChallengeOptions::new(&challenge)).expect("readable");
    let solution = solution.expect("in time");
    let payload = serde_json::to_vec(&Payload { challenge, solution }).expect("JSON");
    json!(base64url::encode(&payload).replace('-', "+").replace('_', "/"))
}

/// An answer that asks for work.
fn asked(answer: &Answer) {
    let found = (answer.status, answer.problem());
    assert_eq!(
        found,
        (StatusCode::UNPROCESSABLE_ENTITY, "proof-of-work".to_owned()),
        "{}",
        answer.text()
    );
    assert_eq!(answer.json()["challenge"]["parameters"]["algorithm"], "PBKDF2/SHA-256");
}

async fn accepted(app: &TestApp, body: &Value, status: u16) -> Answer {
    let answer = app.submit(body).await;
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    answer
}

fn with(body: &Value, name: &str, value: Value) -> Value {
    let mut body = body.clone();
    body[name] = value;
    body
}

#[tokio::test]
async fn a_solved_challenge_counts_once() {
    let app = start(When::Always).await;
    let body = ebook(&app, &[], &[ADA]).await.sign();
    let proof = solve(&app.submit(&body).await);
    assert_eq!(app.count("records").await, 0, "nothing was recorded before");
    let proved = with(&body, "proofOfWork", proof.clone());
    let first = accepted(&app, &proved, 201).await;
    // The network lost the answer: the same bytes again are the same submission.
    assert_eq!(accepted(&app, &proved, 200).await.json(), first.json());

    let other = ebook(&app, &[], &[ADA]).await.sign();
    let replayed = app.submit(&with(&other, "proofOfWork", proof)).await;
    let fresh = solve(&replayed);
    assert_eq!(app.count("records").await, 1, "a replay records nothing");
    accepted(&app, &with(&other, "proofOfWork", fresh), 201).await;
    assert_eq!((app.count("records").await, app.count("spent").await), (2, 2));
}

#[tokio::test]
async fn a_challenge_ends_and_is_forgotten() {
    let app = start(When::Always).await;
    let body = ebook(&app, &[], &[ADA]).await.sign();
    let proof = solve(&app.submit(&body).await);
    app.clock.advance(CHALLENGE_LIVES);
    let late = ebook(&app, &[], &[ADA]).await.sign();
    let again = solve(&app.submit(&with(&late, "proofOfWork", proof)).await);
    accepted(&app, &with(&late, "proofOfWork", again), 201).await;
    assert_eq!(app.count("spent").await, 1);
    app.clock.advance(CHALLENGE_LIVES + SignedDuration::from_secs(1));
    let next = ebook(&app, &[], &[ADA]).await.sign();
    let proof = solve(&app.submit(&next).await);
    accepted(&app, &with(&next, "proofOfWork", proof), 201).await;
    assert_eq!(app.count("spent").await, 1, "what could not be used anyway is deleted");
}

#[tokio::test]
async fn a_challenge_is_good_for_its_form_alone() {
    let app = start(When::Always).await;
    let compiled = app.compiled("webinar-b2b", "fr").await;
    let values = [ADA, ("name", "Ada")];
    let webinar = Draft::new(&compiled, app.clock.now(), &[], &values).sign();
    let proof = solve(&app.submit(&webinar).await);
    let body = ebook(&app, &[], &[ADA]).await.sign();
    asked(&app.submit(&with(&body, "proofOfWork", proof.clone())).await);
    accepted(&app, &with(&webinar, "proofOfWork", proof), 201).await;
}

#[tokio::test]
async fn what_no_work_can_mend_is_said_before_any() {
    let app = start(When::Always).await;
    let check = async |body: &Value, status: u16, slug: &str| {
        let answer = app.submit(body).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, slug));
    };
    let draft = ebook(&app, &[], &[ADA]).await;
    check(&with(&draft.sign(), "proofOfWork", json!(1)), 400, "malformed").await;
    check(&with(&draft.sign(), "honeypot", json!([])), 400, "malformed").await;
    let mut forged = draft.sign();
    forged["record"]["signatures"][0]["signature"] = json!("AA");
    assert_ne!(app.submit(&forged).await.problem(), "proof-of-work");
    let slow = ebook(&app, &[], &[ADA]).await.with(|record| {
        record["created"] = json!("2026-11-18T10:00:00.000Z");
        record["shownAt"] = json!("2026-11-18T09:59:00.000Z");
    });
    check(&slow.sign(), 422, "clock").await;
}

#[tokio::test]
async fn signs_ask_for_work_and_never_for_more() {
    let app = start(When::Suspicious).await;
    let hasty = |record: &mut Value| record["shownAt"] = record["created"].clone();
    // An hour between any two: each is looked at by itself.
    let check = async |name: &str, body: Value, suspicious: bool| {
        let answer = app.submit(&body).await;
        if suspicious {
            let proof = solve(&answer);
            accepted(&app, &with(&body, "proofOfWork", proof), 201).await;
        } else {
            assert_eq!(answer.status, StatusCode::CREATED, "{name}: {}", answer.text());
        }
    };
    let draft = async || ebook(&app, &[], &[ADA]).await;
    check("a person", draft().await.sign(), false).await;
    check(
        "an empty trap",
        with(&draft().await.sign(), "honeypot", json!("")),
        false,
    )
    .await;
    let trapped = with(&draft().await.sign(), "honeypot", json!("https://casino.example"));
    check("a full trap", trapped, true).await;
    check("in no time", draft().await.with(hasty).sign(), true).await;
    let garbage = with(&draft().await.sign(), "proofOfWork", json!("e30="));
    check("a person with a proof that is none", garbage, false).await;
    // What stood in the trap is nowhere: neither in the database nor in what was logged or counted.
    app.app.store.close().await;
    let folder = app.folder.path().join("data");
    for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        let found = bytes.windows(6).any(|window| window == b"casino");
        assert!(!found, "{}", entry.path().display());
    }
    let metrics = app.get("/metrics").await.text();
    for line in [
        "candor_robot_signs_total{sign=\"trap\"} 1",
        "candor_robot_signs_total{sign=\"haste\"} 1",
        "candor_work_total{step=\"asked\"} 2",
        "candor_work_total{step=\"done\"} 2",
        "candor_work_total{step=\"refused\"} 1",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
}

#[tokio::test]
async fn nothing_is_asked_unless_configured() {
    let app = start(When::Off).await;
    let hasty = |record: &mut Value| record["shownAt"] = record["created"].clone();
    let body = ebook(&app, &[], &[ADA]).await.with(hasty).sign();
    accepted(&app, &with(&body, "honeypot", json!("x")), 201).await;
    assert_eq!(app.count("spent").await, 0);
}

#[tokio::test]
async fn under_load_everybody_works_and_everybody_passes() {
    let app = start_with(When::Off, |config| config.robots.above = 1).await;
    let body = async || ebook(&app, &[], &[ADA]).await.sign();
    accepted(&app, &body().await, 201).await;
    let second = body().await;
    let proof = solve(&app.submit(&second).await);
    accepted(&app, &with(&second, "proofOfWork", proof), 201).await;
    app.clock.advance(SignedDuration::from_mins(1));
    accepted(&app, &body().await, 201).await;
}

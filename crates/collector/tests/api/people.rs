//! `/v1/people`: one person at a time, with a reason, written down before anything is read.

use candor_collector::operator::Role;
use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    staff::Staff,
    support::{ADA, Answer, TestApp, ebook, link_in},
};

async fn ada(app: &TestApp) {
    let values = [ADA, ("given_name", "Ada"), ("phone", "01 99 00 56 78")];
    let draft = ebook(app, &[("newsletter", "given"), ("call", "given")], &values).await;
    assert_eq!(app.submit(&draft.sign()).await.status, StatusCode::CREATED);
    let mails = app.mails().await;
    let link = link_in(mails.last().expect("a mail"), "c");
    assert_eq!(app.post_form(&link, &[]).await.status, StatusCode::OK);
}

async fn id(staff: &Staff<'_>) -> String {
    let found = staff
        .post(
            "/v1/people/find",
            &json!({"email": "ADA@example.org", "reason": "a letter"}),
        )
        .await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.text());
    found.json()["id"].as_str().expect("an id").to_owned()
}

/// Actor, action and reason, oldest first.
async fn log(app: &TestApp) -> Vec<(String, String, String)> {
    let mut lines = app.app.store.accesses(None, None, 99).await.expect("read");
    lines.reverse();
    let line = |access: candor_collector::store::operators::Access| (access.actor, access.action, access.reason);
    lines.into_iter().map(|logged| line(logged.access)).collect()
}

#[tokio::test]
async fn each_reading_is_written_down_with_its_reason() {
    let app = TestApp::start().await;
    ada(&app).await;
    let viewer = Staff::hire(&app, Role::Viewer).await;
    let ada = id(&viewer).await;
    let seen = viewer.get(&format!("/v1/people/{ada}?reason=a+call")).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text());
    assert_eq!(seen.header("cache-control"), "no-store");
    let seen = seen.json();
    assert_eq!(seen["submissions"][0]["values"]["given_name"], "Ada");
    assert!(
        !seen.to_string().contains("\"payload\""),
        "a viewer takes no receipts away"
    );
    let who = viewer.id.to_string();
    let line = |action: &str, reason: &str| (who.clone(), action.to_owned(), reason.to_owned());
    let expected = [line("find", "a letter"), line("see", "a call")];
    assert_eq!(log(&app).await, expected);
    for (path, status) in [
        (format!("/v1/people/{ada}"), 422),
        (format!("/v1/people/{ada}?reason="), 422),
        (format!("/v1/people/{ada}?reason=about%20ada%40example.org"), 422),
        (format!("/v1/people/{}?reason=a+call", uuid::Uuid::nil()), 404),
        ("/v1/people/ada@example.org?reason=a+call".to_owned(), 404),
        ("/v1/people".to_owned(), 404),
    ] {
        assert_eq!(viewer.get(&path).await.status.as_u16(), status, "{path}");
    }
    assert_eq!(log(&app).await, expected, "what was refused is not read");
    let unknown = json!({"email": "bob@example.org", "reason": "a letter"});
    assert_eq!(
        viewer.post("/v1/people/find", &unknown).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(log(&app).await.len(), 3, "asking is written down too");
    for act in ["export", "erase", "rectify"] {
        let refused = viewer
            .post(&format!("/v1/people/{ada}/{act}"), &json!({"reason": "a letter"}))
            .await;
        assert_eq!(refused.problem(), "role", "{act}");
    }
}

#[tokio::test]
async fn the_export_is_everything_and_names_no_staff() {
    let app = TestApp::start().await;
    ada(&app).await;
    let dpo = Staff::hire(&app, Role::Dpo).await;
    let ada = id(&dpo).await;
    let asked = json!({"reason": "a letter of 20 November", "request": "access"});
    let exported = dpo.post(&format!("/v1/people/{ada}/export"), &asked).await;
    assert_eq!(exported.status, StatusCode::OK, "{}", exported.text());
    let exported = exported.json();
    let text = exported.to_string();
    for part in [
        "ada@example.org",
        "+33199005678",
        "\"payload\"",
        "\"confirmation\"",
        "a letter of 20 November",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains(&dpo.id.to_string()), "no staff: {text}");
    assert_eq!(
        app.count("requests WHERE kind = 'access' AND answered_ms IS NOT NULL")
            .await,
        1
    );
    let wrong = json!({"reason": "a letter", "request": "erasure"});
    assert_eq!(
        dpo.post(&format!("/v1/people/{ada}/export"), &wrong)
            .await
            .status
            .as_u16(),
        422
    );
    let colour = json!({"reason": "a letter", "colour": "red"});
    assert_eq!(
        dpo.post(&format!("/v1/people/{ada}/export"), &colour).await.problem(),
        "malformed"
    );
}

#[tokio::test]
async fn a_correction_by_an_operator_is_the_controllers() {
    let app = TestApp::start().await;
    ada(&app).await;
    let dpo = Staff::hire(&app, Role::Dpo).await;
    let ada = id(&dpo).await;
    let rectify = async |values: Value| -> Answer {
        dpo.post(
            &format!("/v1/people/{ada}/rectify"),
            &json!({"reason": "a letter", "values": values}),
        )
        .await
    };
    let done = rectify(json!({"given_name": "Augusta Ada", "phone": "01 99 00 12 34"})).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    let record = done.json()["records"][0].as_str().expect("an id").to_owned();
    let exported = dpo
        .post(&format!("/v1/people/{ada}/export"), &json!({"reason": "a check"}))
        .await
        .json();
    assert_eq!(exported["submissions"][0]["values"]["given_name"], "Augusta Ada");
    assert_eq!(exported["submissions"][0]["phones"]["phone"], "+33199001234");
    let event = exported["records"]
        .as_array()
        .expect("records")
        .iter()
        .find(|it| it["id"] == *record)
        .expect("there");
    let payload = event["receipt"]["payload"].as_str().expect("a payload");
    let payload: Value =
        serde_json::from_slice(&candor_record::base64url::decode(payload).expect("b64u")).expect("JSON");
    assert_eq!(
        (&payload["event"], &payload["actor"]),
        (&json!("rectification"), &json!("controller"))
    );
    assert_eq!(
        rectify(json!({"given_name": "Augusta Ada"})).await.json(),
        json!({"records": []}),
        "nothing differs"
    );
    assert_eq!(app.count("records WHERE event = 'rectification'").await, 1);
    assert_eq!(app.count("requests WHERE kind = 'rectification'").await, 1);
    for values in [
        json!({"email": "eve@example.org"}),
        json!({"nickname": "Ada"}),
        json!({"phone": "call me"}),
    ] {
        assert_eq!(rectify(values.clone()).await.status.as_u16(), 422, "{values}");
    }
    let call = json!({"phone": "01 99 00 12 34", "purpose": "call", "channel": "phone", "at": "2026-11-24T10:30:00Z"});
    assert_eq!(
        dpo.post("/v1/permissions", &call).await.json()["allowed"],
        true,
        "the new number"
    );
    let before = json!({"phone": "01 99 00 56 78", "purpose": "call", "channel": "phone"});
    assert_eq!(
        dpo.post("/v1/permissions", &before).await.json()["status"],
        "unknown",
        "the old one"
    );
}

#[tokio::test]
async fn an_erasure_by_an_operator_leaves_a_no() {
    let app = TestApp::start().await;
    ada(&app).await;
    let dpo = Staff::hire(&app, Role::Dpo).await;
    let ada = id(&dpo).await;
    let erased = dpo
        .post(&format!("/v1/people/{ada}/erase"), &json!({"reason": "a letter"}))
        .await;
    assert_eq!(erased.status, StatusCode::OK, "{}", erased.text());
    assert_eq!(
        erased.json(),
        json!({"erased": true, "sealedUntil": "2031-11-21T10:00:00.000Z"})
    );
    assert_eq!(app.count("leads").await, 0);
    let question = json!({"email": ADA.1, "purpose": "newsletter", "channel": "email"});
    assert_eq!(
        dpo.post("/v1/permissions", &question).await.json()["status"],
        "suppressed"
    );
    assert_eq!(
        dpo.get(&format!("/v1/people/{ada}?reason=a+check")).await.status,
        StatusCode::NOT_FOUND
    );
    let again = dpo
        .post(&format!("/v1/people/{ada}/erase"), &json!({"reason": "a letter"}))
        .await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    let admin = Staff::hire(&app, Role::Admin).await;
    for purpose in ["ebook", "newsletter", "call"] {
        let leads = admin.get(&format!("/v1/leads?purpose={purpose}")).await.json();
        assert_eq!(leads["leads"], json!([]), "{purpose}");
    }
    assert_eq!(app.count("requests WHERE kind = 'erasure'").await, 1);
}

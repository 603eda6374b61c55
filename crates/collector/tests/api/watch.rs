//! Marks by HTTP and in the store: noted once, ended when they are over, and told as of any date.

use std::fs;

use candor_collector::{
    forms::{Folder, LiveForms},
    operator::Role,
    watch::{Kind, look},
};
use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    check::calls_form,
    staff::Staff,
    support::{PUBLIC_URL, TestApp},
};

async fn publish(app: &TestApp, form: &Value, at: &str) {
    let folder = app.folder.path().join("calls");
    fs::create_dir_all(&folder).expect("made");
    fs::write(folder.join("calls.json"), form.to_string()).expect("written");
    let folder = Folder {
        path: Some(&folder),
        // Before August 2026 the same form breaks another rule: it does not name Bloctel.
        allow: &["C-FR-PHONE-01".to_owned(), "C-FR-PHONE-REGISTER".to_owned()],
    };
    let at = at.parse().expect("a time");
    LiveForms::load(folder, PUBLIC_URL, app.app.store.as_ref(), at)
        .await
        .expect("published");
}

fn rules(marks: &Value) -> Vec<&str> {
    let marks = marks["marks"].as_array().expect("marks").iter();
    let of_rule = marks.filter(|mark| mark["kind"] == "rule" && mark["form"] == "calls");
    of_rule.map(|mark| mark["subject"].as_str().expect("a rule")).collect()
}

#[tokio::test]
async fn the_day_on_which_a_rule_begins_to_hold_marks_the_form() {
    let app = TestApp::start().await;
    publish(&app, &calls_form(), "2026-07-01T10:00:00Z").await;
    let viewer = Staff::hire(&app, Role::Viewer).await;
    for (at, is_marked) in [
        ("2026-08-10T23:59:59Z", false),
        ("2026-08-11T00:00:00Z", true),
        ("2028-01-01T00:00:00Z", true),
    ] {
        let answer = viewer.get(&format!("/v1/watch?at={at}&lang=fr")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(rules(&answer.json()).contains(&"C-FR-PHONE-01"), is_marked, "{at}");
    }
    assert_eq!(app.get("/v1/watch").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_mark_is_told_once_and_has_its_end() {
    let app = TestApp::start().await;
    publish(&app, &calls_form(), "2026-07-01T10:00:00Z").await;
    let told = look(&app.app).await.expect("looked");
    assert!(
        told.iter()
            .any(|mark| mark.kind == Kind::Rule && mark.subject == "C-FR-PHONE-01")
    );
    assert_eq!(look(&app.app).await.expect("looked"), [], "told once");
    let standing = "marks WHERE form = 'calls' AND subject = 'C-FR-PHONE-01' AND ended_ms IS NULL";
    let before = app.count(standing).await;
    assert!(before > 0);
    // Another version, published on a day of that law: what it breaks was decided, and is recorded with it.
    let mut form = calls_form();
    form["policy"]["version"] = json!("2026-11-21");
    publish(&app, &form, "2026-11-21T09:00:00Z").await;
    let told = look(&app.app).await.expect("looked");
    assert!(told.iter().all(|mark| mark.subject != "C-FR-PHONE-01"), "{told:?}");
    assert_eq!(app.count(standing).await, 0);
    let ended = "marks WHERE form = 'calls' AND subject = 'C-FR-PHONE-01' AND ended_ms IS NOT NULL";
    assert_eq!(app.count(ended).await, before);
}

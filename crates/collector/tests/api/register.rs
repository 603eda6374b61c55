//! The register follows what was in force, back and forth, and keeps what is closed as long as its data are held.

use std::fs;

use candor_collector::{
    forms::{Folder, LiveForms},
    register::{Activity, Register, csv, html, register},
    sweep::{Mode, sweep},
};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::support::{ADA, PUBLIC_URL, TestApp, ebook};

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// A start at that time, with the demo's form as it is or changed.
async fn restart(app: &TestApp, at: &str, change: impl FnOnce(&mut Value)) {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/forms/ebook-rgpd.json");
    let mut form: Value = serde_json::from_slice(&fs::read(source).expect("a form")).expect("JSON");
    change(&mut form);
    let folder = app.folder.path().join("forms");
    fs::write(folder.join("ebook-rgpd.json"), form.to_string()).expect("written");
    let folder = Folder {
        path: Some(&folder),
        allow: &[],
    };
    LiveForms::load(folder, PUBLIC_URL, app.app.store.as_ref(), time(at))
        .await
        .expect("published");
}

fn without_calls(form: &mut Value) {
    let purposes = form["purposes"].as_array_mut().expect("purposes");
    purposes.retain(|purpose| purpose["id"] != "call");
    let fields = form["fields"].as_array_mut().expect("fields");
    fields.retain(|field| field["id"] != "phone");
    for field in fields {
        let purposes = field["purposes"].as_array_mut().expect("purposes");
        purposes.retain(|purpose| purpose != "call");
    }
}

async fn read(app: &TestApp, at: &str) -> Register {
    register(app.app.store.as_ref(), time(at), "en")
        .await
        .expect("a register")
}

fn row<'a>(register: &'a Register, id: &str) -> Option<&'a Activity> {
    register.activities.iter().find(|row| row.id == id)
}

#[tokio::test]
async fn going_back_to_an_earlier_version_is_a_publication() {
    let app = TestApp::start().await;
    restart(&app, "2026-12-01T10:00:00Z", without_calls).await;
    restart(&app, "2026-12-02T10:00:00Z", without_calls).await;
    restart(&app, "2027-01-01T10:00:00Z", |_| {}).await;
    restart(&app, "2027-01-02T10:00:00Z", |_| {}).await;
    let mut versions = Vec::new();
    for (at, since, calls) in [
        ("2026-11-21T10:00:00Z", "2026-11-21T10:00:00Z", true),
        ("2026-11-30T10:00:00Z", "2026-11-21T10:00:00Z", true),
        ("2026-12-01T10:00:00Z", "2026-12-01T10:00:00Z", false),
        ("2026-12-31T10:00:00Z", "2026-12-01T10:00:00Z", false),
        ("2027-01-01T10:00:00Z", "2027-01-01T10:00:00Z", true),
        ("2028-01-01T10:00:00Z", "2027-01-01T10:00:00Z", true),
    ] {
        let register = read(&app, at).await;
        let form = register
            .forms
            .iter()
            .find(|form| form.id == "ebook-rgpd")
            .expect("a form");
        assert_eq!(form.published, time(since), "{at}");
        assert_eq!(row(&register, "ebook-rgpd/call").is_some(), calls, "{at}");
        versions.push(form.version.clone());
    }
    assert_eq!((&versions[0], &versions[2]), (&versions[5], &versions[3]));
    assert_eq!(app.count("publications WHERE form = 'ebook-rgpd'").await, 3);
    assert_eq!(app.count("forms WHERE form = 'ebook-rgpd'").await, 2);
}

/// Whoever is not named any more has the data all the same, and they are kept for the time that was promised with them.
#[tokio::test]
async fn what_an_earlier_version_named_stays_while_its_data_are_held() {
    let app = TestApp::start().await;
    let draft = ebook(&app, &[("newsletter", "given")], &[ADA]).await;
    assert_eq!(app.submit(&draft.sign()).await.status, StatusCode::CREATED);
    restart(&app, "2026-11-25T10:00:00Z", |form| {
        let newsletter = &mut form["purposes"][1];
        newsletter["recipients"] = json!(["acme"]);
        newsletter["storage"]["locations"] = json!(["BE"]);
        newsletter["storage"]["retention"] = json!("P2Y");
    })
    .await;
    let check = async |at: &str, recipients: &[&str], locations: &[&str], periods: &[&str], noted: bool| {
        let register = read(&app, at).await;
        let row = row(&register, "ebook-rgpd/newsletter").expect("a row");
        let names: Vec<&str> = row.recipients.iter().map(|party| party.name.as_str()).collect();
        let kept: Vec<&str> = row.retention.iter().filter_map(|it| it.period.as_deref()).collect();
        assert_eq!((names.as_slice(), kept.as_slice()), (recipients, periods), "{at}");
        assert_eq!(row.locations, locations, "{at}");
        let note = row
            .notes
            .iter()
            .any(|note| note.starts_with("Data collected with an earlier version"));
        assert_eq!((note, row.sources.len()), (noted, 1 + usize::from(noted)), "{at}");
        assert!(
            !noted
                || html::register(&register, "")
                    .expect("a page")
                    .contains("Courrier Exemple SA")
        );
        let other = register
            .activities
            .iter()
            .find(|row| row.id == "ebook-rgpd/ebook")
            .expect("a row");
        assert!(
            other.notes.is_empty() && other.sources.len() == 1,
            "it says the same in both: {:?}",
            other.notes
        );
    };
    check(
        "2026-11-24T10:00:00Z",
        &["Courrier Exemple SA"],
        &["FR"],
        &["P3Y"],
        false,
    )
    .await;
    check(
        "2026-11-26T10:00:00Z",
        &["Courrier Exemple SA"],
        &["BE", "FR"],
        &["P2Y", "P3Y"],
        true,
    )
    .await;
    // The person did not confirm, so the lead goes with the service that was asked for.
    app.clock.set(time("2026-12-21T10:00:00Z"));
    sweep(&app.app, Mode::Act).await.expect("swept");
    assert_eq!(app.count("leads").await, 0);
    check("2026-12-22T10:00:00Z", &[], &["BE"], &["P2Y"], false).await;
}

#[tokio::test]
async fn a_closed_purpose_stays_while_its_data_are_held() {
    let app = TestApp::start().await;
    let draft = ebook(&app, &[], &[ADA]).await;
    assert_eq!(app.submit(&draft.sign()).await.status, StatusCode::CREATED);
    restart(&app, "2026-11-25T10:00:00Z", without_calls).await;
    let open = read(&app, "2026-11-24T10:00:00Z").await;
    assert_eq!(row(&open, "ebook-rgpd/call").map(|row| row.notes.len()), Some(0));
    let held = read(&app, "2026-11-26T10:00:00Z").await;
    let closed = row(&held, "ebook-rgpd/call").expect("still in the register");
    assert_eq!(closed.sources[0].published, time("2026-11-21T10:00:00Z"));
    let note = "Closed: this purpose is not asked for any more.";
    assert!(closed.notes[0].starts_with(note), "{:?}", closed.notes);
    let newsletter = row(&held, "ebook-rgpd/newsletter").expect("open");
    assert!(newsletter.notes.is_empty() && newsletter.sources.len() == 1);
    assert!(csv::register(&held).contains(note));
    assert!(html::register(&held, "").expect("a page").contains(note));
    assert!(json!(held.activities).to_string().contains(note));

    // With the last lead it goes.
    app.clock.set(time("2026-12-21T10:00:00Z"));
    sweep(&app.app, Mode::Act).await.expect("swept");
    assert_eq!(app.count("leads").await, 0);
    assert!(row(&read(&app, "2026-12-22T10:00:00Z").await, "ebook-rgpd/call").is_none());
}

//! One suite for every backend of the store: what each method promises, and that nothing is ever half there.

use std::{path::Path, sync::Arc};

use candor_collector::{
    index::AddressKey,
    ingest::record_time,
    links::LinkKind,
    store::{
        CompiledRow, MailKind, NewLead, NewLink, NewRecord, NewSubmission, PurposeRow, Release, Store,
        notices::NoticeRow, sqlite::SqliteStore,
    },
    values::Sealed,
};
use candor_record::verify::{Evidence, RingVerifier, VerifiedRecord, verify};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{Draft, TestApp, sign};

mod ending;
mod flowing;
mod following;
mod letters;
mod publishing;
mod qualifying;
mod submitting;
mod sweeping;
mod taking_over;

/// Opens a backend in a folder of its own.
async fn sqlite(folder: &Path) -> SqliteStore {
    SqliteStore::open(&folder.join("store.sqlite")).await.expect("opens")
}

#[tokio::test]
async fn sqlite_keeps_the_contract() {
    let folder = tempfile::tempdir().expect("a folder");
    contract(&sqlite(folder.path()).await).await;
}

#[tokio::test]
async fn sqlite_keeps_what_was_taken_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = sqlite(folder.path()).await;
    let app = TestApp::start().await;
    let compiled = app.compiled("ebook-rgpd", "fr").await;
    store.publish(&release(&compiled), now()).await.expect("published");
    let draft = Draft::new(&compiled, now(), &[], &[("email", "ada@example.org")]);
    let came = store.insert_submission(&submission(&draft.record)).await;
    came.expect("stored");
    taking_over::check(&store, &draft.record).await;
}

fn now() -> Timestamp {
    "2026-11-21T10:00:00.000Z".parse().expect("a time")
}

fn release(compiled: &Value) -> Release {
    let version = compiled["record"]["form"]["version"]
        .as_str()
        .expect("a version")
        .to_owned();
    let row = CompiledRow {
        digest: "sha256-compiled".into(),
        form: "ebook-rgpd".into(),
        version: version.clone(),
        language: "fr".into(),
        json: compiled.to_string(),
    };
    let purpose = |id: &str| PurposeRow {
        purpose: id.into(),
        basis: "consent".into(),
        kind: "promotional".into(),
        channel: "email".into(),
        controller: "Acme".into(),
    };
    Release {
        form: "ebook-rgpd".into(),
        version,
        definition: "{}".into(),
        compiled: vec![row],
        notices: vec![NoticeRow {
            digest: "sha256-notice".into(),
            form: "ebook-rgpd".into(),
            version: compiled["record"]["form"]["version"]
                .as_str()
                .expect("a version")
                .to_owned(),
            language: "fr".into(),
            html: "<p>kept</p>".into(),
        }],
        purposes: vec![purpose("newsletter")],
        exceptions: Vec::new(),
    }
}

fn verified(record: &Value) -> VerifiedRecord {
    let evidence = Evidence {
        keys: None,
        expected: None,
        disclosures: None,
        received: Some(record_time(now())),
    };
    let verdict = verify(sign(record).to_string().as_bytes(), &evidence, &RingVerifier);
    verdict.record.unwrap_or_else(|| panic!("{:?}", verdict.checks))
}

fn submission(record: &Value) -> NewSubmission {
    let lead = NewLead {
        person: Uuid::from_u128(
            Uuid::parse_str(record["id"].as_str().expect("an id"))
                .expect("a UUID")
                .as_u128()
                ^ 3,
        ),
        mailbox_key: Some(ada()),
        phone_keys: vec![AddressKey(vec![7; 32])],
        language: "fr".into(),
        compiled: "sha256-compiled".into(),
        held: vec!["newsletter".into()],
        pending: true,
        fingerprint: vec![1],
        values: Sealed {
            key: 1,
            bytes: vec![2; 40],
        },
    };
    let links = vec![
        NewLink {
            kind: LinkKind::Manage,
            expires: None,
        },
        NewLink {
            kind: LinkKind::Download,
            expires: Some(now()),
        },
    ];
    NewSubmission {
        record: NewRecord::new(&verified(record), "receipt".into(), now()),
        lead,
        links,
        mail: Some(MailKind::Submission),
        once: None,
        spent: None,
    }
}

fn ada() -> AddressKey {
    AddressKey(vec![5; 32])
}

fn follow_up(submission: &Value, replaces: Uuid) -> NewRecord {
    let mut record = json!({});
    for member in [
        "format",
        "conformsTo",
        "_sd_alg",
        "actor",
        "created",
        "language",
        "form",
        "subject",
        "capture",
    ] {
        record[member] = submission[member].clone();
    }
    record["id"] = json!(Uuid::from_u128(replaces.as_u128().wrapping_add(1)).to_string());
    record["chain"] = submission["id"].clone();
    record["replaces"] = json!(replaces.to_string());
    record["event"] = json!("withdrawal");
    record["capture"] =
        json!({"method": "manage", "observed": false, "origin": "https://forms.acme.example", "widget": "0.1.0"});
    record["processes"] = json!([{"purpose": "newsletter", "status": "withdrawn"}]);
    NewRecord::new(&verified(&record), "receipt".into(), now())
}

async fn contract(store: &dyn Store) {
    let app = TestApp::start().await;
    let compiled = app.compiled("ebook-rgpd", "fr").await;
    publishing::check(store, &compiled).await;
    let draft = Draft::new(
        &compiled,
        now(),
        &[("newsletter", "given")],
        &[("email", "ada@example.org")],
    );
    let id = submitting::check(store, &draft.record).await;
    following::check(store, &draft.record, id).await;
    letters::check_links(store, id).await;
    letters::check(store, id).await;
    let person = store
        .submission(id)
        .await
        .expect("answered")
        .expect("a lead")
        .lead
        .person;
    flowing::check(store, person).await;
    qualifying::check(store, id, person).await;
    sweeping::check(store, id).await;
    ending::check(store, &draft.record, id).await;
    store.ready().await.expect("writes");
}

fn later() -> Timestamp {
    now() + SignedDuration::from_mins(1)
}

#[tokio::test]
async fn what_is_written_together_succeeds_or_fails_alone() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let store = Arc::new(sqlite(folder.path()).await);
    let compiled = app.compiled("ebook-rgpd", "fr").await;
    store.publish(&release(&compiled), now()).await.expect("published");
    let new = |number: usize| {
        let draft = Draft::new(&compiled, now(), &[], &[("email", "ada@example.org")]);
        let mut new = submission(&draft.record);
        if number.is_multiple_of(3) {
            // Two links of a kind: refused by the last statement, not by the first.
            new.links.extend(new.links.clone());
        }
        new
    };
    let all: Vec<NewSubmission> = (0..60).map(new).collect();
    let mut writing = JoinSet::new();
    for (number, new) in all.iter().cloned().enumerate() {
        let store = Arc::clone(&store);
        writing.spawn(async move { (number, store.insert_submission(&new).await.is_ok()) });
    }
    for (number, succeeded) in writing.join_all().await {
        let stored = store.submission(all[number].record.id).await.expect("answered");
        let good = !number.is_multiple_of(3);
        assert_eq!((succeeded, stored.is_some()), (good, good), "{number}");
    }
    let path = folder.path().join("store.sqlite");
    assert_eq!(crate::support::count(&path, "records").await, 40);
    assert_eq!(crate::support::count(&path, "leads").await, 40);
}

#[tokio::test]
async fn what_is_append_only_cannot_be_changed() {
    let app = TestApp::start().await;
    let draft = crate::support::ebook(&app, &[], &[crate::support::ADA]).await;
    assert_eq!(app.submit(&draft.sign()).await.status.as_u16(), 201);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(app.folder.path().join("data/candor.sqlite"));
    let pool = sqlx::SqlitePool::connect_with(options).await.expect("opens");
    for statement in [
        "UPDATE records SET receipt = ''",
        "DELETE FROM records",
        "UPDATE forms SET definition = ''",
        "DELETE FROM forms",
        "UPDATE publications SET at_ms = 0",
        "DELETE FROM publications",
        "UPDATE compiled SET json = ''",
        "DELETE FROM compiled",
        "UPDATE purposes SET basis = ''",
        "DELETE FROM purposes",
    ] {
        let refused = sqlx::query(statement).execute(&pool).await;
        assert!(
            refused.is_err_and(|error| error.to_string().contains("append-only")),
            "{statement}"
        );
    }
}

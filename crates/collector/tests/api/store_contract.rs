//! One suite for every backend of the store: what each method promises, and that nothing is ever half there.

use std::{path::Path, sync::Arc};

use candor_collector::{
    ingest::record_time,
    links::{LinkKind, LinkTarget},
    store::{
        Appended, CompiledRow, Inserted, MailKind, NewLead, NewLink, NewRecord, NewSubmission, Published, PurposeRow,
        Release, Store, sqlite::SqliteStore,
    },
};
use candor_record::verify::{Evidence, RingVerifier, VerifiedRecord, verify};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{Draft, TestApp, sign};

/// Opens a backend in a folder of its own.
async fn sqlite(folder: &Path) -> SqliteStore {
    SqliteStore::open(&folder.join("store.sqlite")).await.expect("opens")
}

#[tokio::test]
async fn sqlite_keeps_the_contract() {
    let folder = tempfile::tempdir().expect("a folder");
    contract(&sqlite(folder.path()).await).await;
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
        purposes: vec![purpose("newsletter")],
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
        mailbox: Some("ada@example.org".into()),
        address: Some("Ada@example.org".into()),
        language: "fr".into(),
        compiled: "sha256-compiled".into(),
        held: vec!["newsletter".into()],
        pending: true,
        disclosures: vec!["b".into(), "a".into()],
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
    }
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
    record["id"] = json!(Uuid::from_u128(u128::from_be_bytes(*replaces.as_bytes()) ^ 1).to_string());
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
    publishing(store, &compiled).await;
    let draft = Draft::new(
        &compiled,
        now(),
        &[("newsletter", "given")],
        &[("email", "ada@example.org")],
    );
    let id = submitting(store, &draft.record).await;
    following(store, &draft.record, id).await;
    linking(store, id).await;
    writing(store, id).await;
    store.ready().await.expect("writes");
}

async fn publishing(store: &dyn Store, compiled: &Value) {
    let release = release(compiled);
    for _ in 0..2 {
        assert_eq!(
            store.publish(&release, now()).await.expect("stored"),
            Published::Done,
            "publishing twice is publishing once"
        );
    }
    let mut taken = release.clone();
    taken.purposes[0].basis = "legitimate-interest".into();
    taken.version = "sha256-other".into();
    assert!(matches!(
        store.publish(&taken, now()).await.expect("answered"),
        Published::PurposeTaken { .. }
    ));
    assert_eq!(
        store.definition("ebook-rgpd", "sha256-other").await.expect("answered"),
        None,
        "nothing of a refused release stays"
    );
    assert_eq!(
        store
            .compiled("sha256-compiled")
            .await
            .expect("answered")
            .map(|row| row.language)
            .as_deref(),
        Some("fr")
    );
    assert_eq!(
        store
            .compiled_of("ebook-rgpd", &release.version, "fr")
            .await
            .expect("answered")
            .len(),
        1
    );
    assert_eq!(
        store
            .compiled_of("ebook-rgpd", &release.version, "en")
            .await
            .expect("answered")
            .len(),
        0
    );
}

async fn submitting(store: &dyn Store, record: &Value) -> Uuid {
    let new = submission(record);
    let id = new.record.id;
    let mut broken = new.clone();
    broken.links.push(NewLink {
        kind: LinkKind::Manage,
        expires: None,
    });
    assert!(
        store.insert_submission(&broken).await.is_err(),
        "two links of a kind break the transaction"
    );
    assert!(
        store.submission(id).await.expect("answered").is_none(),
        "and nothing of it stays"
    );
    assert!(store.letters_due(now(), 9).await.expect("answered").is_empty());

    assert!(matches!(store.insert_submission(&new).await, Ok(Inserted::New)));
    let mut reordered = new.clone();
    reordered.lead.disclosures.reverse();
    assert!(
        matches!(store.insert_submission(&reordered).await, Ok(Inserted::Same(same)) if same.lead.held == ["newsletter"])
    );
    let mut other = new.clone();
    other.lead.disclosures.pop();
    assert!(
        matches!(store.insert_submission(&other).await, Ok(Inserted::Other)),
        "other disclosures"
    );
    let mut other = record.clone();
    other["signals"]["gpc"] = json!(true);
    assert!(
        matches!(store.insert_submission(&submission(&other)).await, Ok(Inserted::Other)),
        "another payload"
    );
    assert_eq!(
        store.submissions_of("ada@example.org", 9).await.expect("answered"),
        [id]
    );
    assert!(
        store
            .submissions_of("Ada@example.org", 9)
            .await
            .expect("answered")
            .is_empty()
    );
    id
}

async fn following(store: &dyn Store, record: &Value, id: Uuid) {
    let first = follow_up(record, id);
    assert_eq!(store.append(&first).await.expect("stored"), Appended::New);
    assert_eq!(
        store.append(&first).await.expect("answered"),
        Appended::Moved,
        "the chain has grown"
    );
    assert_eq!(
        store
            .append(&follow_up(record, Uuid::from_u128(0x4000_8000_0000_0000_0000)))
            .await
            .expect("answered"),
        Appended::Moved,
        "no fork"
    );
    let chain = store.chain(id).await.expect("answered");
    assert_eq!(
        chain.iter().map(|stored| stored.event.as_str()).collect::<Vec<_>>(),
        ["submission", "withdrawal"]
    );
}

async fn linking(store: &dyn Store, id: Uuid) {
    let target = |counter| LinkTarget {
        kind: LinkKind::Download,
        record: id,
        counter,
    };
    assert_eq!(
        store
            .link(target(0))
            .await
            .expect("answered")
            .and_then(|link| link.expires),
        Some(now())
    );
    assert!(store.link(target(1)).await.expect("answered").is_none());
    let later = now() + SignedDuration::from_hours(1);
    store
        .renew_link(LinkKind::Download, id, now(), Some(later))
        .await
        .expect("stored");
    let newest = store
        .newest_link(LinkKind::Download, id)
        .await
        .expect("answered")
        .expect("a link");
    assert_eq!((newest.target.counter, newest.expires), (1, Some(later)));
}

async fn writing(store: &dyn Store, id: Uuid) {
    let letters = store.letters_due(now(), 9).await.expect("answered");
    assert_eq!(
        letters
            .iter()
            .map(|letter| (letter.kind, letter.record, letter.attempts))
            .collect::<Vec<_>>(),
        [(MailKind::Submission, id, 0)]
    );
    let later = now() + SignedDuration::from_mins(1);
    store.letter_failed(letters[0].id, Some(later)).await.expect("stored");
    assert!(
        store.letters_due(now(), 9).await.expect("answered").is_empty(),
        "its pause is not over"
    );
    assert_eq!(store.letters_due(later, 9).await.expect("answered")[0].attempts, 1);
    store.letter_sent(letters[0].id, later).await.expect("stored");
    assert!(store.letters_due(later, 9).await.expect("answered").is_empty());
    let recently = now() - SignedDuration::from_mins(10);
    assert!(
        store
            .queue(MailKind::Manage, id, now(), recently)
            .await
            .expect("stored")
    );
    assert!(
        !store
            .queue(MailKind::Manage, id, later, recently)
            .await
            .expect("answered"),
        "one in ten minutes"
    );
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

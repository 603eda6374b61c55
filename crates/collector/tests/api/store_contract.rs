//! One suite for every backend of the store: what each method promises, and that nothing is ever half there.

use std::{path::Path, sync::Arc};

use candor_collector::{
    index::{AddressKey, AddressKind},
    ingest::record_time,
    links::{LinkKind, LinkTarget},
    store::{
        Appended, Cap, CompiledRow, Erasure, Inserted, MailKind, NewLead, NewLetter, NewLink, NewRecord, NewSubmission,
        PersonChange, Published, PurposeRow, Release, Resealed, Store, SuppressionKey, sqlite::SqliteStore,
    },
    values::Sealed,
};
use candor_record::verify::{Evidence, RingVerifier, VerifiedRecord, verify};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{Draft, TestApp, sign};

mod sweeping;

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
    sweeping::check(store, id).await;
    ending(store, &draft.record, id).await;
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
    assert!(
        matches!(store.insert_submission(&new).await, Ok(Inserted::Same(same)) if same.lead.held == ["newsletter"])
    );
    let mut other = new.clone();
    other.lead.fingerprint = vec![9];
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
    let person = store.person_by_mailbox(&ada()).await.expect("answered").expect("known");
    let of_person = store.submissions_of(person.id).await.expect("answered");
    assert_eq!(
        of_person.iter().map(|stored| stored.record.id).collect::<Vec<_>>(),
        [id]
    );
    let phone = AddressKey(vec![7; 32]);
    assert_eq!(
        store.people_by_phone(&phone).await.expect("answered"),
        [(person.id, id)]
    );
    assert_eq!(store.person_by_mailbox(&phone).await.expect("answered"), None);
    id
}

/// One event for Ada.
async fn append(store: &dyn Store, event: &NewRecord) -> Appended {
    let person = store.person_by_mailbox(&ada()).await.expect("answered").expect("known");
    let change = PersonChange {
        events: vec![event.clone()],
        contact: true,
        ..PersonChange::of(person.id, later())
    };
    store.commit(&change).await.expect("answered")
}

fn later() -> Timestamp {
    now() + SignedDuration::from_mins(1)
}

async fn following(store: &dyn Store, record: &Value, id: Uuid) {
    let first = follow_up(record, id);
    assert_eq!(append(store, &first).await, Appended::New);
    assert_eq!(append(store, &first).await, Appended::Moved, "the chain has grown");
    let fork = follow_up(record, Uuid::from_u128(0x4000_8000_0000_0000_0000));
    assert_eq!(append(store, &fork).await, Appended::Moved, "no fork");
    let person = store.person_by_mailbox(&ada()).await.expect("answered").expect("known");
    assert_eq!((person.created, person.contact), (now(), later()));
    assert_eq!(store.records_of(person.id).await.expect("answered").len(), 2);
    assert_eq!(
        store.people_due(now(), 9).await.expect("answered"),
        [person.id],
        "an event makes due"
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
        subject: id,
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
    let renewed = store
        .renew_link(LinkKind::Download, id, now(), Some(later))
        .await
        .expect("stored");
    let newest = store
        .newest_link(LinkKind::Download, id)
        .await
        .expect("answered")
        .expect("a link");
    assert_eq!((newest.target.counter, newest.expires), (1, Some(later)));
    assert_eq!(newest, renewed);
}

async fn writing(store: &dyn Store, id: Uuid) {
    let letters = store.letters_due(now(), 9).await.expect("answered");
    assert_eq!(
        letters
            .iter()
            .map(|letter| (letter.kind, letter.record, letter.attempts))
            .collect::<Vec<_>>(),
        [(MailKind::Submission, Some(id), 0)]
    );
    let person = letters[0].person;
    store.letter_failed(letters[0].id, Some(later())).await.expect("stored");
    assert!(
        store.letters_due(now(), 9).await.expect("answered").is_empty(),
        "its pause is not over"
    );
    assert_eq!(store.letters_due(later(), 9).await.expect("answered")[0].attempts, 1);
    store.letter_sent(letters[0].id, later(), true).await.expect("stored");
    assert!(store.letters_due(later(), 9).await.expect("answered").is_empty());
    for (form, since, asked) in [
        (None, now(), 1),
        (Some("ebook-rgpd"), now(), 1),
        (Some("other"), now(), 0),
        (None, later(), 0),
    ] {
        let counted = store.asked_since(person, form, since).await.expect("answered");
        assert_eq!(counted, asked, "{form:?} {since}");
    }
    assert!(!store.has_proved(person).await.expect("answered"));
    let letter = |dedupe: Option<&str>| NewLetter {
        kind: MailKind::Person,
        person,
        record: None,
        purposes: vec!["newsletter".into()],
        dedupe: dedupe.map(str::to_owned),
    };
    let cap = Some(Cap {
        count: 2,
        since: now() - SignedDuration::from_hours(24),
    });
    for (queued, new, why) in [
        (letter(Some("once")), true, "a first one"),
        (letter(Some("once")), false, "the same cause"),
        (letter(None), true, "a second one"),
        (letter(None), false, "over the cap"),
    ] {
        assert_eq!(store.queue(&queued, now(), cap).await.expect("answered"), new, "{why}");
    }
    let kinds: Vec<_> = store.letters_of(person).await.expect("answered");
    assert_eq!(
        kinds.iter().map(|letter| letter.kind).collect::<Vec<_>>(),
        [MailKind::Submission, MailKind::Person, MailKind::Person]
    );
    assert_eq!(kinds[1].purposes, ["newsletter"]);
}

/// Values anew, suppression, and the end: everything of the person goes, the sealed records stay until their time.
async fn ending(store: &dyn Store, record: &Value, id: Uuid) {
    let person = store.person_by_mailbox(&ada()).await.expect("answered").expect("known");
    let (row, before) = store.values_not_under(2, 9).await.expect("answered").remove(0);
    assert_eq!((row, before.key), (id, 1));
    let resealed = Resealed {
        record: id,
        before,
        after: Sealed {
            key: 2,
            bytes: vec![3; 40],
        },
        fingerprint: None,
        phone_keys: Some(Vec::new()),
    };
    store.reseal(std::slice::from_ref(&resealed)).await.expect("stored");
    assert!(store.values_not_under(2, 9).await.expect("answered").is_empty());
    let mut stale = resealed;
    stale.after.bytes = vec![4; 40];
    store.reseal(&[stale]).await.expect("answered");
    let stored = store.submission(id).await.expect("answered").expect("there");
    assert!(
        stored.lead.values.bytes == [3; 40],
        "values that changed meanwhile are left alone"
    );
    assert!(
        store
            .people_by_phone(&AddressKey(vec![7; 32]))
            .await
            .expect("answered")
            .is_empty()
    );

    let entry = SuppressionKey {
        key: ada(),
        kind: AddressKind::Email,
        channel: "email".into(),
    };
    let stored = store.chain(id).await.expect("answered");
    let mut erased = follow_up(record, stored.last().expect("an event").id);
    erased.event = "erasure".into();
    let keep = later() + SignedDuration::from_hours(1);
    let change = PersonChange {
        events: vec![erased],
        suppress: vec![entry.clone()],
        erase: vec![Erasure {
            chain: id,
            keep_until: Some(keep),
            reason: "erasure".into(),
        }],
        ..PersonChange::of(person.id, later())
    };
    assert_eq!(store.commit(&change).await.expect("stored"), Appended::New);
    assert_eq!(store.person(person.id).await.expect("answered"), None);
    assert!(store.submission(id).await.expect("answered").is_none());
    assert!(store.letters_of(person.id).await.expect("answered").is_empty());
    assert!(
        store
            .newest_link(LinkKind::Manage, id)
            .await
            .expect("answered")
            .is_none()
    );
    let suppressed = store.suppressions(&ada(), AddressKind::Email).await.expect("answered");
    assert_eq!(
        suppressed.iter().map(|entry| entry.key.clone()).collect::<Vec<_>>(),
        [entry]
    );
    assert_eq!(store.chain(id).await.expect("answered").len(), 3, "sealed");
    assert_eq!(
        store.sealed_chains(Uuid::nil(), 9).await.expect("answered")[0].delete,
        keep
    );
    assert_eq!(
        store.purge_sealed(later(), 9).await.expect("answered"),
        0,
        "its time is not over"
    );
    assert_eq!(store.purge_sealed(keep, 9).await.expect("answered"), 3);
    assert!(store.chain(id).await.expect("answered").is_empty());
    assert!(store.sealed_chains(Uuid::nil(), 9).await.expect("answered").is_empty());
    let report = store
        .deletions(now(), keep + SignedDuration::from_secs(1))
        .await
        .expect("answered");
    assert_eq!(
        report
            .iter()
            .map(|line| (line.reason.as_str(), line.leads, line.records))
            .collect::<Vec<_>>(),
        [("erasure", 1, 0), ("proof", 0, 3)]
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

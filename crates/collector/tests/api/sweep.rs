//! Lives with a moved clock: notices, silence, renewal, the end of data, the report.

use std::fs;

use candor_collector::{
    event::{EventDraft, make},
    links::LinkKind,
    lock::Lock,
    operator::Role,
    person::Person,
    store::{Appended, MailKind, PersonChange},
    sweep::{Mode, Report, lock_path, sweep, sweep_under},
};
use candor_record::{
    state::State,
    term::{Actor, EventKind, Status},
};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::person::link;
use crate::staff::Staff;
use crate::support::{ADA, Draft, TestApp, ebook, link_in};

mod fields;

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// Sweeps at that time; what is due is done.
async fn at(app: &TestApp, text: &str) -> Value {
    app.clock.set(time(text));
    let report: Report = sweep(&app.app, Mode::Act).await.expect("swept");
    report.to_json()
}

/// A life in which nothing but these counts is reported.
fn check(report: &Value, expected: &Value) {
    for (name, value) in report.as_object().expect("members") {
        let nothing = if value.is_array() { json!([]) } else { json!(0) };
        let counted = !["at", "people"].contains(&name.as_str());
        assert!(
            !counted || *value == *expected.get(name).unwrap_or(&nothing),
            "{name} in {report}, expected {expected}"
        );
    }
}

/// Ada, who subscribed and confirmed on 21 November 2026 at 10:00.
async fn subscribed(app: &TestApp, consents: &[(&str, &str)]) -> Uuid {
    let draft = ebook(app, consents, &[ADA]).await;
    let answer = app.submit(&draft.sign()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let link = link_in(&app.mails().await[0], "c");
    assert_eq!(app.post_form(&link, &[]).await.status, StatusCode::OK);
    let lead = app.app.store.submission(draft.id().parse().expect("an id")).await;
    lead.expect("read").expect("a lead").lead.person
}

/// Whoever registers is told of offers, and can object.
async fn webinar(app: &TestApp, address: (&str, &str)) -> Draft {
    let compiled = app.compiled("webinar-b2b", "en").await;
    Draft::new(
        &compiled,
        app.app.clock.now(),
        &[],
        &[address, ("name", "Ada Lovelace")],
    )
}

async fn person(app: &TestApp, id: Uuid) -> Option<Person> {
    Person::open(&app.app, id).await.expect("read")
}

async fn state(app: &TestApp, id: Uuid, purpose: &str) -> Option<State> {
    let person = person(app, id).await?;
    Some(person.state.of(&purpose.parse().expect("an id"))?.state)
}

/// An act of the person in the chain in effect for a purpose.
async fn act(app: &TestApp, id: Uuid, purpose: &str, kind: EventKind, status: Status) {
    let person = person(app, id).await.expect("a person");
    let purpose = purpose.parse().expect("an id");
    let (submission, _) = person.in_effect(&purpose).expect("in effect");
    let chain = submission.stored.record.id;
    let event = make(
        &app.app,
        &EventDraft {
            first: person.first(chain).expect("a submission"),
            form: &submission.form,
            replaces: person.chain(chain).next_back().expect("an event").stored.id,
            kind,
            actor: Actor::Subject,
            changes: vec![(purpose, status)],
            digests: None,
        },
    );
    let change = PersonChange {
        events: vec![event.expect("made")],
        contact: true,
        ..PersonChange::of(id, app.app.clock.now())
    };
    assert_eq!(app.app.store.commit(&change).await.expect("written"), Appended::New);
}

fn notices(days: i32, purposes: &[&str]) -> Value {
    let line = |purpose: &&str| json!({"form": "ebook-rgpd", "purpose": purpose, "days": days, "count": 1});
    json!({"notices": purposes.iter().map(line).collect::<Vec<_>>(), "lettersQueued": 1})
}

#[tokio::test]
async fn a_life_that_ends_in_silence() {
    let app = TestApp::start().await;
    let ada = subscribed(&app, &[("newsletter", "given"), ("partners", "given")]).await;
    check(&at(&app, "2026-11-21T10:00:00Z").await, &json!({}));
    check(&at(&app, "2028-04-20T23:59:59Z").await, &json!({}));

    let both = ["newsletter", "partners"];
    check(&at(&app, "2028-04-21T00:00:00Z").await, &notices(30, &both));
    check(&at(&app, "2028-04-21T00:00:00Z").await, &json!({}));
    let link = app
        .app
        .store
        .newest_link(LinkKind::Renew, ada)
        .await
        .expect("read")
        .expect("a link");
    assert_eq!(link.expires, Some(time("2028-05-21T10:00:00Z")));
    check(&at(&app, "2028-05-13T23:00:00Z").await, &json!({}));
    check(&at(&app, "2028-05-14T01:00:00Z").await, &notices(7, &both));
    check(&at(&app, "2028-05-20T00:00:00Z").await, &notices(1, &both));
    check(&at(&app, "2028-05-21T09:59:59.999Z").await, &json!({}));
    let letters = app.app.store.letters_of(ada).await.expect("read");
    let renewals = letters.iter().filter(|letter| letter.kind == MailKind::Renewal);
    assert_eq!(renewals.clone().count(), 3);
    assert!(renewals.clone().all(|letter| letter.purposes == both));

    let expired = |purpose| json!({"form": "ebook-rgpd", "purpose": purpose, "count": 1});
    let gone = json!([{"form": "ebook-rgpd", "reason": "expired", "count": 1}]);
    check(
        &at(&app, "2028-05-21T10:00:00Z").await,
        &json!({"expiries": [expired("newsletter"), expired("partners")], "erasures": gone}),
    );
    assert!(person(&app, ada).await.is_none());
    for table in ["people", "leads", "links", "outbox"] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
    let events = "records WHERE event IN ('expiry', 'erasure')";
    assert_eq!(app.count(events).await, 2, "one event ends both");
    assert_eq!(app.count("sealed").await, 1);
    check(&at(&app, "2033-05-21T09:59:59Z").await, &json!({}));
    check(&at(&app, "2033-05-21T10:00:00Z").await, &json!({"sealedRecords": 4}));
    assert_eq!(app.count("records").await, 0);

    let (from, to) = (time("2026-01-01T00:00:00Z"), time("2034-01-01T00:00:00Z"));
    let report = app.app.store.deletions(from, to).await.expect("read");
    let lines: Vec<_> = report
        .iter()
        .map(|line| (line.reason.as_str(), line.leads, line.records))
        .collect();
    assert_eq!(lines, [("expired", 1, 0), ("proof", 0, 4)]);
}

#[tokio::test]
async fn renewing_arms_anew_and_a_withdrawal_ends_it() {
    let app = TestApp::start().await;
    let ada = subscribed(&app, &[("newsletter", "given")]).await;
    check(&at(&app, "2028-04-21T08:00:00Z").await, &notices(30, &["newsletter"]));
    app.clock.set(time("2028-04-22T08:00:00Z"));
    act(&app, ada, "newsletter", EventKind::Renewal, Status::Renewed).await;
    check(&at(&app, "2028-05-21T10:00:00Z").await, &json!({}));
    assert_eq!(state(&app, ada, "newsletter").await, Some(State::Renewed));
    check(&at(&app, "2029-09-23T08:00:00Z").await, &notices(30, &["newsletter"]));
    act(&app, ada, "newsletter", EventKind::Withdrawal, Status::Withdrawn).await;
    let gone = json!([{"form": "ebook-rgpd", "reason": "withdrawn", "count": 1}]);
    check(&at(&app, "2029-09-23T09:00:00Z").await, &json!({"erasures": gone}));
}

/// The demo's form with another word for silence.
async fn with_silence(word: &str) -> TestApp {
    TestApp::start_with(|config| {
        let path = config.forms.as_ref().expect("forms").join("ebook-rgpd.json");
        let text = fs::read_to_string(&path).expect("a form");
        let text = text.replace("\"onSilence\": \"expire\"", &format!("\"onSilence\": \"{word}\""));
        fs::write(path, text).expect("written");
    })
    .await
}

/// The person's own page.
async fn page(app: &TestApp, id: Uuid) -> String {
    let link = link(app, LinkKind::Person, id).await;
    app.get(&link).await.text()
}

#[tokio::test]
async fn pause_and_keep_record_nothing() {
    for (word, then) in [
        ("pause", "cet accord est suspendu à cette date"),
        ("keep", "cet accord reste enregistré"),
    ] {
        let app = with_silence(word).await;
        let ada = subscribed(&app, &[("newsletter", "given")]).await;
        check(&at(&app, "2028-05-20T10:00:00Z").await, &notices(1, &["newsletter"]));
        let before = page(&app, ada).await;
        for text in [then, "Valable jusqu’au 21 mai 2028", "Terminé le 21 décembre 2026"] {
            assert!(before.contains(text), "{word}, {text}: {before}");
        }
        assert!(!before.contains("prend fin à cette date"), "{word}: {before}");
        check(&at(&app, "2028-05-21T10:00:00Z").await, &json!({}));
        let after = page(&app, ada).await;
        assert!(after.contains("Terminé le 21 mai 2028"), "{word}: {after}");
        assert!(!after.contains("Valable") && !after.contains(then), "{word}: {after}");
        assert_eq!(state(&app, ada, "newsletter").await, Some(State::Given), "{word}");
        // Not contacted since: no question before it goes.
        check(&at(&app, "2029-11-20T10:00:00Z").await, &json!({}));
        let gone = json!([{"form": "ebook-rgpd", "reason": "retention", "count": 1}]);
        check(&at(&app, "2029-11-21T10:00:00Z").await, &json!({"erasures": gone}));
        assert!(person(&app, ada).await.is_none(), "{word}");
    }
}

/// The number goes with the consent to calls, while the newsletter goes on with what it needs.
#[tokio::test]
async fn first_asked_then_deleted() {
    let app = TestApp::start().await;
    let draft = webinar(&app, ADA).await;
    let answer = app.submit(&draft.sign()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let lead = app.app.store.submission(draft.id().parse().expect("an id")).await;
    let ada = lead.expect("read").expect("a lead").lead.person;
    let asked = json!({"questions": [{"form": "webinar-b2b", "count": 1}], "lettersQueued": 1});
    check(&at(&app, "2029-10-21T23:00:00Z").await, &json!({}));
    check(&at(&app, "2029-10-22T00:00:00Z").await, &asked);
    check(&at(&app, "2029-10-23T00:00:00Z").await, &json!({}));
    let link = app
        .app
        .store
        .newest_link(LinkKind::Renew, ada)
        .await
        .expect("read")
        .expect("a link");
    assert_eq!(link.expires, Some(time("2029-11-21T10:00:00Z")));

    // The person answers: everything counts anew.
    let change = PersonChange {
        contact: true,
        ..PersonChange::of(ada, time("2029-11-01T10:00:00Z"))
    };
    app.app.store.commit(&change).await.expect("written");
    check(&at(&app, "2029-11-21T10:00:00Z").await, &json!({}));
    check(&at(&app, "2032-10-02T00:00:00Z").await, &asked);
    let gone = json!([{"form": "webinar-b2b", "reason": "retention", "count": 1}]);
    check(&at(&app, "2032-11-01T10:00:00Z").await, &json!({"erasures": gone}));
    // No consent was given: nothing is kept as proof.
    for table in ["records", "sealed", "people"] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn what_was_never_confirmed_goes_with_its_service() {
    let app = TestApp::start().await;
    let draft = ebook(&app, &[("newsletter", "given")], &[ADA]).await;
    assert_eq!(app.submit(&draft.sign()).await.status, StatusCode::CREATED);
    check(&at(&app, "2026-12-21T09:59:59Z").await, &json!({}));
    let gone = json!([{"form": "ebook-rgpd", "reason": "retention", "count": 1}]);
    check(&at(&app, "2026-12-21T10:00:00Z").await, &json!({"erasures": gone}));
    assert_eq!(app.count("records").await, 0);
}

#[tokio::test]
async fn who_cannot_be_read_stops_nobody_else() {
    let app = TestApp::start().await;
    for number in 0..5 {
        let address = format!("person-{number}@example.org");
        let draft = ebook(&app, &[], &[("email", &address)]).await;
        assert_eq!(app.submit(&draft.sign()).await.status, StatusCode::CREATED);
    }
    let path = app.folder.path().join("data/candor.sqlite");
    let behind = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let behind = sqlx::SqlitePool::connect_with(behind).await.expect("opens");
    sqlx::query("UPDATE leads SET values_sealed = x'00' WHERE record = (SELECT min(record) FROM leads)")
        .execute(&behind)
        .await
        .expect("written");
    let report = at(&app, "2026-12-21T10:00:00Z").await;
    assert_eq!(
        (report["erasures"][0]["count"].as_u64(), report["errors"].as_u64()),
        (Some(4), Some(1)),
        "{report}"
    );
    assert_eq!(app.count("leads").await, 1);
    check(&at(&app, "2026-12-21T10:10:00Z").await, &json!({}));
    check(&at(&app, "2026-12-21T11:00:00Z").await, &json!({"errors": 1}));
}

#[tokio::test]
async fn a_rehearsal_says_the_same_and_changes_nothing() {
    let app = TestApp::start().await;
    let ada = subscribed(&app, &[("newsletter", "given")]).await;
    for text in ["2028-04-21T08:00:00Z", "2028-06-01T00:00:00Z"] {
        app.clock.set(time(text));
        let rehearsed = sweep(&app.app, Mode::Rehearse).await.expect("swept").to_json();
        let again = sweep(&app.app, Mode::Rehearse).await.expect("swept").to_json();
        assert_eq!(rehearsed, again);
        assert!(person(&app, ada).await.is_some());
        let done = sweep(&app.app, Mode::Act).await.expect("swept").to_json();
        assert_eq!(rehearsed, done, "{text}");
    }
    assert!(person(&app, ada).await.is_none());
}

/// What happens while a sweep decides is not lost: its decision is refused, and taken again.
#[tokio::test]
async fn sweeps_beside_each_other_and_beside_acts() {
    let app = TestApp::start().await;
    let mut people = Vec::new();
    for number in 0..40 {
        let address = format!("person-{number}@example.org");
        let draft = webinar(&app, ("email", &address)).await;
        assert_eq!(app.submit(&draft.sign()).await.status, StatusCode::CREATED);
        let lead = app.app.store.submission(draft.id().parse().expect("an id")).await;
        people.push(lead.expect("read").expect("a lead").lead.person);
    }
    app.clock.set(time("2029-10-25T00:00:00Z"));
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let app = app.app.clone();
        running.spawn(async move { sweep(&app, Mode::Act).await.expect("swept") });
    }
    for (position, id) in people.iter().enumerate().filter(|(position, _)| position % 2 == 0) {
        let change = PersonChange {
            contact: true,
            ..PersonChange::of(*id, app.app.clock.now())
        };
        assert_eq!(
            app.app.store.commit(&change).await.expect("written"),
            Appended::New,
            "{position}"
        );
    }
    running.join_all().await;
    sweep(&app.app, Mode::Act).await.expect("swept");
    for id in people {
        let letters = app.app.store.letters_of(id).await.expect("read");
        let asked = letters
            .iter()
            .filter(|letter| letter.kind == MailKind::Retention)
            .count();
        assert!(asked <= 1, "{asked} letters");
    }
    assert_eq!(app.count("people WHERE due_ms = 0").await, 0);
    // Whoever acted is kept, whoever said nothing goes.
    let report = at(&app, "2029-11-21T10:00:00Z").await;
    assert_eq!(report["erasures"][0]["count"], 20, "{report}");
    assert_eq!(app.count("leads").await, 20);
}

/// A sweep removes the letters of a lead after it has erased it; cut off in between, it cannot.
#[tokio::test]
async fn letters_that_a_sweep_left_when_it_was_cut_off_go_with_the_next() {
    let app = TestApp::start().await;
    let outbox = app.folder.path().join("data/outbox");
    fs::create_dir_all(&outbox).expect("a folder");
    let left = outbox.join(format!("00000001-{}.eml", Uuid::from_u128(1)));
    fs::write(&left, "To: ada@example.org").expect("written");
    let take = || Lock::try_take(&lock_path(&app.app)).expect("opened").expect("free");

    sweep_under(&app.app, &take()).await.expect("swept");
    assert!(
        left.exists(),
        "the folder is not read after a sweep that came to its end"
    );
    // What a killed one leaves: its note in the lock, and the letter.
    take().note(1).expect("noted");
    sweep_under(&app.app, &take()).await.expect("swept");
    assert!(!left.exists());
    assert_eq!(take().noted(), None);
}

//! A mailbox that strangers fill: one letter costs the same however much they sent, and nobody else waits for it.

use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use uuid::Uuid;

use super::*;

/// Ada confirmed one; strangers sent so many that nobody reads them all. One of theirs cannot be opened any more, so
/// that whoever opened everything would fail.
async fn crowded() -> (TestApp, Uuid) {
    let app = TestApp::start().await;
    app.submit_form("ebook-rgpd", "fr", &[("newsletter", "given")]).await;
    let asked = text_of(app.letters().await.last().expect("a letter"));
    app.post_form(&link_in(&asked, "c"), &[]).await;
    let english = app.compiled("webinar-b2b", "en").await;
    let typed = [("email", "aDa@example.org"), ("name", "Eve")];
    for _ in 0..49 {
        let draft = Draft::new(&english, app.app.clock.now(), &[], &typed);
        assert_eq!(app.submit(&draft.sign()).await.status, StatusCode::CREATED);
    }
    app.drain().await;
    let ada = app.ada().await.row.id;
    let path = app.folder.path().join("data/candor.sqlite");
    let options = SqliteConnectOptions::new().filename(path);
    let mut store = SqliteConnection::connect_with(&options).await.expect("opens");
    let bend = "
        UPDATE leads SET values_sealed = x'00'
        WHERE record = (SELECT record FROM leads WHERE proved IS NULL ORDER BY rowid LIMIT 1)";
    let bent = sqlx::query(bend).execute(&mut store).await;
    assert_eq!(bent.expect("written").rows_affected(), 1);
    (app, ada)
}

const WAITING: &str = "outbox WHERE due_ms IS NOT NULL";

#[tokio::test]
async fn a_letter_to_a_filled_mailbox_is_decided_by_its_own_submission() {
    let (app, _) = crowded().await;
    assert_eq!(app.count(WAITING).await, 0);
    let known = app.count("outbox").await;
    let letters = app.letters().await.len();
    // The service of a form that asks nothing: no letter.
    app.submit_form("webinar-b2b", "en", &[]).await;
    assert_eq!(app.letters().await.len(), letters);
    assert_eq!(
        (app.count("outbox").await, app.count(WAITING).await),
        (known + 1, 0),
        "decided, not put off"
    );
    // What asks for a confirmation still asks, by forms with and without a double opt-in.
    for (form, purpose, status) in [
        ("ebook-rgpd", "partners", "given"),
        ("checklist", "letter", "given"),
        ("webinar-b2b", "offers", "objected"),
    ] {
        app.submit_form(form, "fr", &[(purpose, status)]).await;
        let all = app.letters().await;
        assert!(
            all.last().is_some_and(|letter| text_of(letter).contains("/c/")),
            "{form}"
        );
        assert_eq!(app.count(WAITING).await, 0, "{form}");
    }
}

#[tokio::test]
async fn the_link_to_a_filled_mailbox_is_in_the_words_of_who_proved_it() {
    let (app, person) = crowded().await;
    let letter = NewLetter {
        kind: MailKind::Person,
        person,
        record: None,
        purposes: Vec::new(),
        dedupe: None,
    };
    let queued = app.app.store.queue(&letter, app.app.clock.now(), None).await;
    assert!(queued.expect("stored"));
    let letters = app.letters().await;
    let letter = letters.last().expect("a letter");
    assert_eq!(header_of(letter, "To"), Some(ADA.1));
    assert!(text_of(letter).contains("Subject: Vos choix"), "{}", text_of(letter));
}

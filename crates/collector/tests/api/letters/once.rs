//! The same letter is the same letter, and one process sends at a time.

use super::*;

/// A crash between sending and marking: the same letter again, which is the same file and the same message.
#[tokio::test]
async fn a_letter_that_was_not_marked_is_the_same_letter_again() {
    let app = TestApp::start().await;
    app.submit_form("ebook-rgpd", "fr", &[("newsletter", "given")]).await;
    queue(&app, MailKind::Person, &[]).await;
    let first = app.letters().await;
    let due = app
        .app
        .store
        .letters_of(app.ada().await.row.id)
        .await
        .expect("answered");
    for letter in due {
        let now = app.app.clock.now();
        app.app.store.letter_failed(letter.id, Some(now)).await.expect("stored");
    }
    app.submit_form("webinar-b2b", "fr", &[]).await;
    let again = app.letters().await;
    let ids = |letters: &[String]| -> Vec<String> {
        let ids = letters
            .iter()
            .map(|letter| header_of(letter, "Message-ID").expect("an id").to_owned());
        ids.collect()
    };
    assert_eq!((first.len(), ids(&first)), (again.len(), ids(&again)));
    assert_eq!(link_in(&text_of(&first[1]), "m"), link_in(&text_of(&again[1]), "m"));
}

#[tokio::test]
async fn one_process_sends_at_a_time() {
    let app = TestApp::start().await;
    app.submit_form("ebook-rgpd", "fr", &[]).await;
    assert_eq!(app.drain().await, 1);
    app.submit_form("ebook-rgpd", "fr", &[]).await;
    let lock = fs::File::open(app.folder.path().join("data/outbox.lock")).expect("a lock");
    lock.lock().expect("nobody sends");
    assert_eq!(app.drain().await, 0, "somebody else is at it");
    drop(lock);
    assert_eq!(app.drain().await, 1);
}

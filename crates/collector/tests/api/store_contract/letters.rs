//! A link is renewed beside the old one; a letter is sent once, waits, and is held back by its cause and its cap.

use candor_collector::{
    links::{LinkKind, LinkTarget},
    store::{Cap, MailKind, NewLetter, Store},
};
use jiff::SignedDuration;
use uuid::Uuid;

use super::{later, now};

pub(super) async fn check_links(store: &dyn Store, id: Uuid) {
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

/// Sent once more after a crash, and not a third time; a failure that was heard of begins anew.
async fn known_to_be_sending(store: &dyn Store, letter: i64) {
    let sending = async || {
        store.letter_sending(letter, later(), false).await.expect("stored");
        let due = store.letters_due(later(), 9).await.expect("answered");
        due.iter().map(|letter| letter.attempts).collect::<Vec<_>>()
    };
    assert_eq!(sending().await, [1]);
    assert!(sending().await.is_empty());
    store.letter_failed(letter, Some(later())).await.expect("stored");
    // It had not left: it failed.
    store.letter_left(letter).await.expect("stored");
    assert_eq!(sending().await, [3]);
}

/// One that had left when its process ended is sent, and counts as what it asked.
async fn check_left(store: &dyn Store, person: Uuid) {
    let letter = NewLetter {
        kind: MailKind::Person,
        person,
        record: None,
        purposes: Vec::new(),
        dedupe: None,
    };
    assert!(store.queue(&letter, later(), None).await.expect("stored"));
    let due = store.letters_due(later(), 9).await.expect("answered");
    let id = due.iter().map(|due| due.id).max().expect("queued");
    let asked = async || store.asked_since(person, None, now()).await.expect("answered");
    let before = asked().await;
    store.letter_sending(id, later(), true).await.expect("stored");
    assert_eq!(asked().await, before, "not yet");
    store.letter_left(id).await.expect("stored");
    assert_eq!(asked().await, before + 1);
    let due = store.letters_due(later(), 9).await.expect("answered");
    assert!(due.iter().all(|due| due.id != id));
    let letters = store.letters_of(person).await.expect("answered");
    let sent = letters
        .iter()
        .find(|letter| letter.id == id)
        .and_then(|letter| letter.sent);
    assert_eq!(sent, Some(later()));
}

pub(super) async fn check(store: &dyn Store, id: Uuid) {
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
    known_to_be_sending(store, letters[0].id).await;
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
    check_left(store, person).await;
}

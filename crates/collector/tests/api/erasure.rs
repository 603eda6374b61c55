//! Erasure: what goes at once, what is sealed until when, and that no byte of the person is left in any file.

use std::fs;

use candor_collector::{
    erase::{ASKED, carry_out, erase_person, erasure, remove_if_erased, remove_orphans},
    index::AddressKind,
    links::LinkKind,
    store::{Appended, PersonChange},
};
use candor_record::{base64url, disclosure::Disclosure, term::Actor};
use http::StatusCode;
use jiff::SignedDuration;

use crate::{
    person::{Somebody, link},
    support::{ADA, Draft, TestApp, ebook},
};

const NAME: (&str, &str) = ("given_name", "Augusta-Ada-Byron");
const PHONE: (&str, &str) = ("phone", "01 99 00 77 88");

#[tokio::test]
async fn nothing_of_the_person_is_left_in_any_file() {
    let app = TestApp::start().await;
    let draft = ebook(&app, &[("newsletter", "given"), ("call", "given")], &[ADA, NAME, PHONE]).await;
    let ada = Somebody::proved(&app, &draft).await;
    app.post_form(&ada.manage, &[("send", "link")]).await;
    assert!(app.mails().await.len() >= 2);
    let chain = ada.chain.to_string();
    app.post_form(&ada.link, &[("correct", &chain), ("value.given_name", "Ada-Lovelace")])
        .await;

    let before = app.get(&format!("{}/erase", ada.link)).await.text();
    assert!(before.contains("sous scellé jusqu’au 21 novembre 2031"), "{before}");
    assert_eq!(app.count("leads").await, 1, "looking erases nothing");
    let after = app
        .post_form(&format!("{}/erase", ada.link), &[("erase", "everything")])
        .await;
    assert_eq!(after.status, StatusCode::OK);
    for words in ["Effacé le 21 novembre 2026", "sous scellé jusqu’au 21 novembre 2031"] {
        assert!(after.text().contains(words), "{words}: {}", after.text());
    }

    for table in ["leads", "people", "links", "outbox", "phones", "plain_posts"] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
    assert_eq!(app.count("sealed").await, 1);
    assert_eq!(app.count("records WHERE event = 'erasure'").await, 1);
    assert_eq!(
        app.count("requests WHERE kind = 'erasure' AND answered_ms IS NOT NULL")
            .await,
        1
    );
    for dead in [&ada.link, &ada.manage] {
        assert_eq!(app.get(dead).await.status, StatusCode::GONE);
    }

    let mut needles = vec![
        "ada@example.org",
        "ada@",
        NAME.1,
        "Ada-Lovelace",
        "+33199007788",
        PHONE.1,
        "199007788",
    ]
    .into_iter()
    .map(str::to_owned)
    .collect::<Vec<_>>();
    for text in &draft.disclosures {
        needles.push(text.clone());
        let array: Vec<String> = serde_json::from_slice(&base64url::decode(text).expect("b64u")).expect("a disclosure");
        needles.push(array[0].clone());
        Disclosure::parse(text).expect("a disclosure");
    }
    let hexadecimal: String = ADA.1.bytes().map(|byte| format!("{byte:02x}")).collect();
    needles.extend([hexadecimal.to_uppercase(), hexadecimal]);
    // Base64 of a text inside another one has three spellings, by its place; without the ends, which mix with neighbours.
    for shift in 0..3 {
        let shifted = base64url::encode(&[vec![b'x'; shift], ADA.1.as_bytes().to_vec()].concat());
        needles.push(shifted[4..shifted.len() - 3].to_owned());
    }
    let mut files = vec![app.folder.path().join("data")];
    let mut looked_at = Vec::new();
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(
                fs::read_dir(&path)
                    .expect("a folder")
                    .map(|entry| entry.expect("entry").path()),
            );
            continue;
        }
        let bytes = fs::read(&path).expect("a file");
        for needle in &needles {
            let found = bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
            assert!(!found, "{needle} is left in {}", path.display());
        }
        looked_at.push(path.file_name().expect("a name").to_string_lossy().into_owned());
    }
    assert!(looked_at.contains(&"candor.sqlite".to_owned()), "{looked_at:?}");
    assert!(!looked_at.iter().any(|name| name.ends_with(".eml")), "{looked_at:?}");
}

/// Refused, or cut off before it is written down, an erasure has taken nothing; cut off after it, the next start ends it.
#[tokio::test]
async fn letters_go_with_the_transaction_and_not_before() {
    let app = TestApp::start().await;
    let ada = Somebody::proved(&app, &ebook(&app, &[("newsletter", "given")], &[ADA]).await).await;
    let letters = app.letters().await;
    assert!(!letters.is_empty());
    let read = app.ada().await;
    let change = erasure(&app.app, &read, &read.chains(), Actor::Subject, ASKED).expect("decided");
    // Somebody acts between reading and writing.
    app.clock.advance(SignedDuration::from_secs(1));
    let contact = PersonChange {
        contact: true,
        ..PersonChange::of(ada.id, app.app.clock.now())
    };
    assert_eq!(app.app.store.commit(&contact).await.expect("written"), Appended::New);
    assert_eq!(
        carry_out(&app.app, &read, &change).await.expect("answered"),
        Appended::Moved
    );
    assert_eq!(app.letters().await, letters, "nothing has gone");

    // As a crash right after the transaction leaves it.
    let read = app.ada().await;
    let change = erasure(&app.app, &read, &read.chains(), Actor::Subject, ASKED).expect("decided");
    assert_eq!(app.app.store.commit(&change).await.expect("written"), Appended::New);
    assert_eq!(app.letters().await, letters);
    remove_orphans(&app.app).await.expect("removed");
    assert!(app.letters().await.is_empty());
}

#[tokio::test]
async fn a_letter_that_was_being_written_goes_too() {
    let app = TestApp::start().await;
    let ada = Somebody::unproved(&app, &ebook(&app, &[], &[ADA]).await).await;
    let due = app
        .app
        .store
        .letters_due(app.app.clock.now(), 9)
        .await
        .expect("the store");
    let eve = Somebody::unproved(&app, &ebook(&app, &[], &[("email", "eve@example.org")]).await).await;
    app.post_form(&format!("{}/erase", ada.link), &[]).await;
    let outbox = app.folder.path().join("data/outbox");
    let names = || {
        let files = fs::read_dir(&outbox).expect("a folder");
        let mut names: Vec<_> = files
            .map(|file| file.expect("entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    for (number, id) in [(1, ada.chain), (2, ada.id), (3, eve.chain), (4, eve.id)] {
        fs::write(outbox.join(format!("{number:08}-{id}.eml")), "To: somebody").expect("written");
    }
    remove_if_erased(&app.app, &due[0]).await.expect("removed");
    assert_eq!(names().len(), 3, "the letter's own");
    remove_orphans(&app.app).await.expect("removed");
    assert_eq!(
        names(),
        [
            format!("00000003-{}.eml", eve.chain),
            format!("00000004-{}.eml", eve.id)
        ]
    );
}

#[tokio::test]
async fn without_a_consent_everything_goes() {
    let app = TestApp::start().await;
    let unconfirmed = Somebody::unproved(&app, &ebook(&app, &[("newsletter", "given")], &[ADA]).await).await;
    let page = app.get(&format!("{}/erase", unconfirmed.link)).await.text();
    assert!(page.contains("Disparaît entièrement"), "{page}");
    app.post_form(&format!("{}/erase", unconfirmed.link), &[]).await;
    for table in ["records", "sealed", "leads", "people"] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
    assert_eq!(app.count("deletions WHERE reason = 'erasure' AND records = 1").await, 1);
}

#[tokio::test]
async fn what_was_refused_stays_refused_and_what_was_asked_is_not_taken_up_again() {
    let check = async |reason: &str, expected: &[(&str, &str)]| {
        let app = TestApp::start().await;
        let draft = ebook(&app, &[("newsletter", "given"), ("call", "given")], &[ADA, PHONE]).await;
        let ada = Somebody::proved(&app, &draft).await;
        app.post_form(&ada.link, &[("withdraw", "call")]).await;
        assert!(
            erase_person(&app.app, ada.id, Actor::Controller, reason)
                .await
                .expect("erased")
        );
        assert!(
            !erase_person(&app.app, ada.id, Actor::Controller, reason)
                .await
                .expect("nobody")
        );
        let mailbox = candor_collector::mailbox::Mailbox::parse(ADA.1).expect("an address");
        let mut found = Vec::new();
        for (key, kind) in [
            (app.app.index.mailbox(&mailbox), AddressKind::Email),
            (app.app.index.phone("+33199007788"), AddressKind::Phone),
        ] {
            let entries = app.app.store.suppressions(&key, kind).await.expect("the store");
            found.extend(entries.into_iter().map(|entry| (kind.as_str(), entry.key.channel)));
        }
        let found: Vec<_> = found.iter().map(|(kind, channel)| (*kind, channel.as_str())).collect();
        assert_eq!(found, expected, "{reason}");
    };
    check("erasure", &[("email", "email"), ("phone", "phone")]).await;
    check("retention", &[("phone", "phone")]).await;
}

#[tokio::test]
async fn signing_up_again_lifts_what_an_erasure_suppressed() {
    let app = TestApp::start().await;
    let ada = Somebody::proved(&app, &ebook(&app, &[("newsletter", "given")], &[ADA]).await).await;
    app.post_form(&format!("{}/erase", ada.link), &[]).await;
    assert_eq!(app.count("suppressions").await, 1);
    let again = Somebody::unproved(&app, &ebook(&app, &[("newsletter", "given")], &[ADA]).await).await;
    assert_eq!(app.count("suppressions").await, 1, "anybody can type an address");
    assert_ne!(again.id, ada.id);
    let chain = again.chain.to_string();
    app.post_form(&link(&app, LinkKind::Person, again.id).await, &[("confirm", &chain)])
        .await;
    assert_eq!(app.count("suppressions").await, 0);
}

#[tokio::test]
async fn one_of_two_leads_goes_alone() {
    use candor_collector::{
        erase::{carry_out, erasure},
        person::Person,
        store::Appended,
    };
    let app = TestApp::start().await;
    let ada = Somebody::proved(&app, &ebook(&app, &[("newsletter", "given")], &[ADA]).await).await;
    let webinar = Draft::new(
        &app.compiled("webinar-b2b", "en").await,
        app.app.clock.now(),
        &[],
        &[("name", "Ada"), ADA],
    );
    let second = Somebody::proved(&app, &webinar).await;
    app.mails().await;
    let person = Person::open(&app.app, ada.id).await.expect("opens").expect("is there");
    let change = erasure(&app.app, &person, &[second.chain], Actor::Controller, "retention").expect("decided");
    assert_eq!(
        carry_out(&app.app, &person, &change).await.expect("done"),
        Appended::New
    );
    assert_eq!(app.count("leads").await, 1);
    assert_eq!(ada.state(&app, "newsletter").await, "given");
    assert_eq!(ada.state(&app, "offers").await, "none");
    assert_eq!(app.get(&ada.link).await.status, StatusCode::OK);
    assert_eq!(app.count("suppressions").await, 0, "nothing was refused");
}

/// A chain without consent goes whole. One that is confirmed while its erasure is decided has a consent, and so evidence.
#[tokio::test]
async fn a_confirmation_in_the_same_instant_keeps_its_evidence() {
    use candor_collector::{
        erase::{carry_out, erasure},
        person::Person,
        store::Appended,
    };
    let app = TestApp::start().await;
    let ada = Somebody::unproved(&app, &ebook(&app, &[("newsletter", "given")], &[ADA]).await).await;
    let person = Person::open(&app.app, ada.id).await.expect("opens").expect("is there");
    let change = erasure(&app.app, &person, &[ada.chain], Actor::Subject, "erasure").expect("decided");
    assert_eq!(change.erase[0].keep_until, None);
    let chain = ada.chain.to_string();
    app.post_form(&ada.link, &[("confirm", &chain)]).await;
    assert_eq!(app.count("records").await, 2);
    assert_eq!(
        carry_out(&app.app, &person, &change).await.expect("answered"),
        Appended::Moved
    );
    assert!(
        erase_person(&app.app, ada.id, Actor::Subject, "erasure")
            .await
            .expect("erased")
    );
    assert_eq!(app.count("leads").await, 0);
    assert_eq!((app.count("records").await, app.count("sealed").await), (3, 1));
}

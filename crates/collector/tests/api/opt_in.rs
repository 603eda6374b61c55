//! What strangers type changes nothing; what the mailbox confirms does. How often it is asked is in `caps`.

use candor_collector::{
    index::AddressKind,
    mailbox::Mailbox,
    person::Person,
    store::{Erasure, PersonChange, SuppressionKey},
};
use candor_record::{
    id::PurposeId,
    record::Record,
    state::{Standing, State},
    term::{EventKind, Status},
};
use http::StatusCode;
use jiff::SignedDuration;

use crate::support::{Draft, TestApp, link_in};

mod caps;

const TEN_MINUTES: SignedDuration = SignedDuration::from_mins(10);

fn standings(person: &Person) -> Vec<(PurposeId, Standing)> {
    let standings = person.state.purposes();
    standings
        .map(|(purpose, standing)| (purpose.clone(), standing.clone()))
        .collect()
}

fn state_of(person: &Person, purpose: &str) -> State {
    person.state.of(&purpose.parse().expect("an id")).expect("named").state
}

/// Ada with a consent that she confirmed, one of a form that asks for no confirmation, and an interest she was told of.
async fn with_ada() -> TestApp {
    let app = TestApp::start().await;
    app.submit_form("ebook-rgpd", "fr", &[("newsletter", "given")]).await;
    let confirm = link_in(&app.mails().await[0], "c");
    assert_eq!(app.post_form(&confirm, &[]).await.status, StatusCode::OK);
    app.submit_form("checklist", "en", &[("letter", "given")]).await;
    app.submit_form("webinar-b2b", "en", &[]).await;
    assert_eq!(
        app.mails().await.len(),
        1,
        "the others need no confirmation, and deliver nothing by mail"
    );
    app
}

#[tokio::test]
async fn what_a_stranger_submits_for_her_mailbox_changes_nothing_for_ada() {
    let app = with_ada().await;
    let before = app.ada().await;
    for (form, statuses) in [
        ("ebook-rgpd", &[("newsletter", "not-given")][..]),
        ("ebook-rgpd", &[("newsletter", "given")]),
        ("checklist", &[("letter", "given")]),
        ("webinar-b2b", &[("offers", "objected")]),
        ("webinar-b2b", &[]),
    ] {
        let answer = app.submit_form(form, "en", statuses).await;
        let manage = answer["manage"].as_str().expect("a link");
        assert_eq!(
            answer["state"] == "pending",
            form == "ebook-rgpd" && statuses[0].1 == "given",
            "by the form alone: {form} {statuses:?}"
        );
        app.drain().await;
        assert_eq!(standings(&app.ada().await), standings(&before), "{form} {statuses:?}");
        for act in [
            ("withdraw", "newsletter"),
            ("withdraw", "letter"),
            ("object", "offers"),
            ("List-Unsubscribe", "One-Click"),
        ] {
            app.post_form(manage, &[act]).await;
            assert_eq!(
                standings(&app.ada().await),
                standings(&before),
                "{form} {statuses:?} {act:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_form_without_double_opt_in_waits_too_where_the_mailbox_has_a_state() {
    let app = with_ada().await;
    let before = app.ada().await;
    app.clock.advance(TEN_MINUTES);
    let again = app.submit_form("checklist", "en", &[("letter", "given")]).await;
    assert_eq!(again["state"], "recorded", "the answer does not tell");
    let mails = app.mails().await;
    assert_eq!(mails.len(), 2);
    assert!(
        mails[1].starts_with("Subject: Confirm your choices: Checklist\n"),
        "{}",
        mails[1]
    );
    assert!(
        !mails[1].contains("/d/"),
        "the gate delivered on the screen: {}",
        mails[1]
    );
    let page = app.get(&link_in(&mails[1], "c")).await.text();
    assert!(
        page.contains("I agree that Acme Conseil e-mails me its letter."),
        "{page}"
    );
    assert_eq!(standings(&app.ada().await), standings(&before));
    app.post_form(&link_in(&mails[1], "c"), &[]).await;
    let letter: PurposeId = "letter".parse().expect("an id");
    let (old, new) = (before.state.of(&letter), app.ada().await);
    let new = new.state.of(&letter);
    assert!(
        old.map(|old| old.since) < new.map(|new| new.since),
        "given anew: {new:?}"
    );
}

#[tokio::test]
async fn an_objection_waits_in_its_own_words_and_the_one_button_confirms_it() {
    for (language, mailed, button) in [
        (
            "en",
            "- You object to: “We may e‑mail your work address",
            "<button>Confirm</button>",
        ),
        (
            "fr",
            "- Vous vous opposez à\u{a0}: «\u{a0}Nous pouvons écrire",
            "<button>Confirmer</button>",
        ),
    ] {
        let app = with_ada().await;
        app.submit_form("webinar-b2b", language, &[("offers", "objected")])
            .await;
        let mails = app.mails().await;
        assert!(mails[1].contains(mailed), "{}", mails[1]);
        let confirm = link_in(&mails[1], "c");
        let page = app.get(&confirm).await.text();
        let words = mailed.trim_start_matches("- ");
        assert!(page.contains(words), "{page}");
        assert_eq!(page.matches(button).count(), 1, "{page}");
        assert!(!page.contains("checked"), "{page}");
        assert_eq!(state_of(&app.ada().await, "offers"), State::Informed);
        let contact = app.ada().await.row.contact;
        app.clock.advance(TEN_MINUTES);
        app.post_form(&confirm, &[]).await;
        let ada = app.ada().await;
        assert_eq!(state_of(&ada, "offers"), State::Objected);
        assert!(ada.row.contact > contact, "she was in contact");
        let Some(Record::FollowUp(event)) = ada.events.last().map(|event| &event.record) else {
            panic!("a confirmation")
        };
        let changes: Vec<_> = event
            .processes
            .iter()
            .map(|change| (change.purpose.as_str(), change.status))
            .collect();
        assert_eq!(
            (event.event, changes),
            (EventKind::Confirmation, vec![("offers", Status::Objected)])
        );
        app.post_form(&confirm, &[]).await;
        assert_eq!(app.ada().await.events.len(), ada.events.len(), "once");
    }
}

#[tokio::test]
async fn what_rests_on_an_interest_can_still_be_objected_to_while_confirming() {
    let app = TestApp::start_with(|config| {
        let folder = config.forms.as_ref().expect("forms");
        let form = std::fs::read_to_string(folder.join("webinar-b2b.json")).expect("a form");
        let mut form: serde_json::Value = serde_json::from_str(&form).expect("JSON");
        form["id"] = "webinar-doi".into();
        form["confirmation"] = serde_json::json!({"doubleOptIn": true, "expires": "P3D"});
        std::fs::write(folder.join("doi.json"), form.to_string()).expect("written");
    })
    .await;
    let compiled = app.compiled("webinar-doi", "en").await;
    for (address, members, state) in [
        ("ada@example.org", &[][..], State::Informed),
        ("eve@example.org", &[("object", "offers")], State::Objected),
    ] {
        let draft = Draft::new(
            &compiled,
            app.app.clock.now(),
            &[],
            &[("name", "A"), ("email", address)],
        );
        app.submit(&draft.sign()).await;
        let confirm = link_in(app.mails().await.last().expect("a mail"), "c");
        let page = app.get(&confirm).await.text();
        assert!(
            page.contains("name=\"object\" value=\"offers\"") && !page.contains(" checked"),
            "{page}"
        );
        app.post_form(&confirm, members).await;
        let mailbox = Mailbox::parse(address).expect("an address");
        let person = Person::by_mailbox(&app.app, &mailbox)
            .await
            .expect("read")
            .expect("known");
        assert_eq!(state_of(&person, "offers"), state, "{address}");
    }
}

#[tokio::test]
async fn a_proved_sign_up_lifts_what_suppressed_the_mailbox_and_no_number() {
    for (form, statuses) in [
        ("ebook-rgpd", &[("newsletter", "given")][..]),
        ("checklist", &[("letter", "given")]),
    ] {
        let app = TestApp::start().await;
        app.submit_form("webinar-b2b", "en", &[]).await;
        let ada = app.ada().await.row;
        let mailbox = ada.mailbox_key.clone().expect("a mailbox");
        let entry = |kind, channel: &str| SuppressionKey {
            key: mailbox.clone(),
            kind,
            channel: channel.to_owned(),
        };
        let (lifted, number, post) = (
            entry(AddressKind::Email, "email"),
            entry(AddressKind::Phone, "email"),
            entry(AddressKind::Email, "post"),
        );
        let change = PersonChange {
            suppress: vec![lifted.clone(), number.clone(), post.clone()],
            ..PersonChange::of(ada.id, app.app.clock.now())
        };
        app.app.store.commit(&change).await.expect("stored");
        app.submit_form(form, "en", statuses).await;
        let mails = app.mails().await;
        let suppressed = async |kind| {
            let entries = app.app.store.suppressions(&mailbox, kind).await.expect("answered");
            entries.into_iter().map(|entry| entry.key).collect::<Vec<_>>()
        };
        assert_eq!(
            suppressed(AddressKind::Email).await,
            [lifted.clone(), post.clone()],
            "{form}: not proved"
        );
        let page = app.post_form(&link_in(&mails[0], "c"), &[]).await;
        assert!(page.text().contains("Confirmed"), "{}", page.text());
        assert_eq!(suppressed(AddressKind::Email).await, [post], "{form}");
        assert_eq!(suppressed(AddressKind::Phone).await, [number], "{form}");
        let page = app.post_form(&link_in(&mails[0], "c"), &[]).await;
        assert!(page.text().contains("Nothing is left to confirm"), "{}", page.text());
    }
}

#[tokio::test]
async fn a_person_who_was_erased_gets_no_letter() {
    let app = TestApp::start().await;
    let answer = app.submit_form("ebook-rgpd", "fr", &[("newsletter", "given")]).await;
    let ada = app.ada().await;
    let change = PersonChange {
        erase: vec![Erasure {
            chain: ada.submissions[0].stored.record.id,
            keep_until: None,
            reason: "erasure".into(),
        }],
        ..PersonChange::of(ada.row.id, app.app.clock.now())
    };
    app.app.store.commit(&change).await.expect("stored");
    assert!(app.mails().await.is_empty());
    let thanks = answer["manage"].as_str().expect("a link").replace("/m/", "/t/");
    let asked = app.post_form(&thanks, &[("fresh", "link")]).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text());
    assert!(app.mails().await.is_empty());
}

//! What ends soon is said in time and plainly; what nobody asked for can be ended by one click; nothing is said twice.

use std::fs;

use candor_collector::{
    event::{EventDraft, make},
    links::LinkKind,
    person::{Person, chain_uuid},
    store::{MailKind, NewLetter, PersonChange},
};
use candor_record::{
    state::State,
    term::{Actor, EventKind, Status},
};
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{ADA, Draft, PUBLIC_URL, TestApp, header_of, link_in, text_of};

mod crowd;
mod languages;
mod once;

async fn queue(app: &TestApp, kind: MailKind, purposes: &[&str]) {
    let letter = NewLetter {
        kind,
        person: app.ada().await.row.id,
        record: None,
        purposes: purposes.iter().map(|&purpose| purpose.to_owned()).collect(),
        dedupe: None,
    };
    let queued = app.app.store.queue(&letter, app.app.clock.now(), None).await;
    assert!(queued.expect("answered"));
}

/// A form of one consent, in French, that does this where nobody renews it.
fn letter_form(silence: &str) -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/forms/screen.json");
    let mut form: Value = serde_json::from_slice(&fs::read(path).expect("a form")).expect("JSON");
    form["id"] = json!(format!("lettre-{silence}"));
    form["languages"] = json!(["fr"]);
    form["jurisdiction"] = json!("FR");
    form["purposes"][0]["id"] = json!(format!("liste-{silence}"));
    form["purposes"][1]["id"] = json!(format!("lettre-{silence}"));
    form["purposes"][1]["statement"] = json!("J’accepte qu’Acme Conseil m’envoie sa lettre par e-mail.");
    form["fields"][0]["purposes"] = json!([format!("lettre-{silence}")]);
    form["fields"][0]["when"]["purpose"] = json!(format!("lettre-{silence}"));
    form["gate"]["purpose"] = json!(format!("liste-{silence}"));
    form["renewal"] = json!({"onSilence": silence});
    form
}

async fn start() -> TestApp {
    TestApp::start_with(|config| {
        let folder = config.forms.as_ref().expect("forms");
        for silence in ["expire", "pause", "keep"] {
            let form = letter_form(silence);
            fs::write(folder.join(format!("lettre-{silence}.json")), form.to_string()).expect("written");
        }
    })
    .await
}

/// As RFC 8058 §3.2 has it where a mail program does not send it urlencoded; and without an origin.
async fn one_click_in_parts(app: &TestApp, address: &str) -> StatusCode {
    let body = "--b1\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b1--\r\n";
    let request = http::Request::post(address.strip_prefix(PUBLIC_URL).expect("ours"))
        .header("content-type", "multipart/form-data; boundary=\"b1\"");
    app.send(request.body(body.into()).expect("a request")).await.status
}

/// Where one click ends what a letter was about.
fn unsubscribe_in(letter: &str) -> String {
    let header = header_of(letter, "List-Unsubscribe").expect("a header");
    header.trim_matches(['<', '>']).to_owned()
}

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// From 21 November 2026 to 30 days before 21 May 2028.
const TO_THE_NOTICE: SignedDuration = SignedDuration::from_hours(517 * 24);

#[tokio::test]
async fn a_notice_says_what_ends_when_and_what_silence_does() {
    for (form, language, purpose, subject, item, silence, button) in [
        (
            "checklist",
            "en",
            "letter",
            "Subject: Your consent ends on 21 May 2028\n",
            "\n- I agree that Acme Conseil e-mails me its letter. Until 21 May 2028.\n",
            "If you do nothing, this consent ends on that day and we no longer contact you for it.",
            "Choose what I renew:",
        ),
        (
            "lettre-pause",
            "fr",
            "lettre-pause",
            "Subject: Votre accord prend fin le 21 mai 2028\n",
            "\n- J’accepte qu’Acme Conseil m’envoie sa lettre par e-mail. Jusqu’au 21 mai 2028.\n",
            "Si vous ne faites rien, cet accord est suspendu à cette date",
            "Choisir ce que je renouvelle\u{a0}:",
        ),
        (
            "lettre-keep",
            "fr",
            "lettre-keep",
            "Subject: Votre accord prend fin le 21 mai 2028\n",
            "\n- J’accepte qu’Acme Conseil m’envoie sa lettre par e-mail. Jusqu’au 21 mai 2028.\n",
            "Si vous ne faites rien, cet accord reste enregistré, mais après cette date nous ne vous contactons plus",
            "Choisir ce que je renouvelle\u{a0}:",
        ),
    ] {
        let app = start().await;
        app.submit_form(form, language, &[(purpose, "given")]).await;
        app.clock.advance(TO_THE_NOTICE);
        queue(&app, MailKind::Renewal, &[purpose]).await;
        let letters = app.letters().await;
        assert_eq!(letters.len(), 1, "{form}");
        let text = text_of(&letters[0]);
        for words in [subject, silence, button, item] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(!text.contains("/c/") && !text.contains('<'), "{text}");
        let token = link_in(&text, "m").rsplit('/').next().expect("a token").to_owned();
        let target = app
            .app
            .keys
            .current()
            .links
            .read(LinkKind::Renew, &token)
            .expect("a link to the choices");
        let link = app.app.store.link(target).await.expect("answered").expect("issued");
        let end = "2028-05-21T10:00:00Z".parse().expect("a time");
        assert_eq!(link.expires, Some(end).map(|end: jiff::Timestamp| end + DAY * 7));
        let unsubscribe = unsubscribe_in(&letters[0]);
        assert_eq!(
            header_of(&letters[0], "List-Unsubscribe-Post"),
            Some("List-Unsubscribe=One-Click")
        );

        assert_eq!(one_click_in_parts(&app, &unsubscribe).await, StatusCode::OK);
        queue(&app, MailKind::Renewal, &[purpose]).await;
        assert_eq!(app.letters().await.len(), 1, "{form}: nothing is left to renew");
        assert_eq!(app.count("outbox WHERE due_ms IS NOT NULL").await, 0);
    }
}

#[tokio::test]
async fn one_notice_for_several_consents_speaks_of_several() {
    let app = start().await;
    app.submit_form("checklist", "en", &[("letter", "given")]).await;
    for form in ["lettre-keep", "lettre-pause", "lettre-expire"] {
        app.submit_form(form, "fr", &[(form, "given")]).await;
    }
    app.clock.advance(TO_THE_NOTICE);
    let notice = async |purposes: &[&str]| {
        queue(&app, MailKind::Renewal, purposes).await;
        text_of(app.letters().await.last().expect("a letter"))
    };
    let text = notice(&["letter", "lettre-expire"]).await;
    for words in [
        "Subject: Vos accords prennent fin le 21 mai 2028\n",
        "Si vous ne faites rien, ces accords prennent fin à cette date",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let text = notice(&["lettre-keep", "lettre-pause"]).await;
    let places = ["cet accord est suspendu", "cet accord reste enregistré"].map(|words| text.find(words));
    assert!(
        places[0].is_some() && places[0] < places[1],
        "newest form first: {text}"
    );
    assert!(
        text.contains("Jusqu’au 21 mai 2028. Si vous ne faites rien, cet accord"),
        "{text}"
    );
}

/// A letter that covers several submissions: one click ends what it named in each of them, and nothing that it did not name.
#[tokio::test]
async fn one_click_ends_exactly_what_the_letter_named() {
    let app = start().await;
    for (form, purpose) in [
        ("checklist", "letter"),
        ("lettre-pause", "lettre-pause"),
        ("lettre-keep", "lettre-keep"),
    ] {
        app.submit_form(form, "fr", &[(purpose, "given")]).await;
    }
    queue(&app, MailKind::Renewal, &["letter", "lettre-pause"]).await;
    queue(&app, MailKind::Renewal, &["lettre-keep"]).await;
    let letters = app.letters().await;
    let addresses: Vec<String> = letters[letters.len() - 2..]
        .iter()
        .map(|letter| unsubscribe_in(letter))
        .collect();
    let records = app.count("records").await;

    let page = app.get(&addresses[0]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text().matches("<li>").count(), 2, "{}", page.text());
    assert_eq!(app.count("records").await, records, "a GET changes nothing");
    for _ in 0..2 {
        assert_eq!(one_click_in_parts(&app, &addresses[0]).await, StatusCode::OK);
    }
    let ada = app.ada().await;
    let state = |ada: &Person, purpose: &str| ada.state.of(&purpose.parse().expect("an id")).map(|of| of.state);
    for (purpose, expected) in [
        ("letter", State::Withdrawn),
        ("lettre-pause", State::Withdrawn),
        ("lettre-keep", State::Given),
    ] {
        assert_eq!(state(&ada, purpose), Some(expected), "{purpose}");
    }
    assert_eq!(app.count("records").await, records + 2, "twice is once");
    let page = app.get(&addresses[0]).await.text();
    assert!(page.contains("Tout ceci a déjà pris fin."), "{page}");

    let done = app.post_form(&addresses[1], &[("end", "all")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let page = app.get(done.header("location")).await.text();
    assert!(page.contains("Voir le reçu"), "{page}");
    assert_eq!(state(&app.ada().await, "lettre-keep"), Some(State::Withdrawn));
}

#[tokio::test]
async fn what_was_renewed_or_has_ended_is_not_asked_for() {
    let app = start().await;
    app.submit_form("checklist", "en", &[("letter", "given")]).await;
    app.clock.advance(TO_THE_NOTICE);
    queue(
        &app,
        MailKind::Renewal,
        &["letter", "nothing-of-that-name", "checklist"],
    )
    .await;
    app.clock.advance(SignedDuration::from_secs(1));
    let ada = app.ada().await;
    let chain = ada.submissions[0].stored.record.id;
    let event = make(
        &app.app,
        &EventDraft {
            first: ada.first(chain).expect("a submission"),
            form: &ada.submissions[0].form,
            replaces: chain,
            kind: EventKind::Renewal,
            actor: Actor::Subject,
            changes: vec![("letter".parse().expect("an id"), Status::Renewed)],
            digests: None,
        },
    );
    let change = PersonChange {
        events: vec![event.expect("made")],
        ..PersonChange::of(ada.row.id, app.app.clock.now())
    };
    app.app.store.commit(&change).await.expect("stored");
    assert!(app.letters().await.is_empty(), "renewed meanwhile");
    app.clock.advance(DAY * 550);
    queue(&app, MailKind::Renewal, &["letter"]).await;
    assert!(app.letters().await.is_empty(), "over already");
}

#[tokio::test]
async fn data_that_end_are_announced_unless_the_person_was_in_contact() {
    let app = start().await;
    let answer = app.submit_form("webinar-b2b", "fr", &[]).await;
    app.clock.advance(DAY * 1066);
    queue(&app, MailKind::Retention, &["offers"]).await;
    let letters = app.letters().await;
    let text = text_of(&letters[0]);
    for words in [
        "Subject: Vos données seront supprimées le 21 novembre 2029\n",
        "Si vous ne faites rien, vos données sont supprimées à cette date.",
        "- Nous pouvons écrire à votre adresse professionnelle",
        "Garder mes données\u{a0}:",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(header_of(&letters[0], "List-Unsubscribe").is_some_and(|value| value.starts_with("<https://")));
    queue(&app, MailKind::Retention, &["offers"]).await;
    app.clock.advance(DAY);
    let manage = answer["manage"].as_str().expect("a link");
    app.post_form(manage, &[("object", "offers")]).await;
    assert_eq!(app.letters().await.len(), 1, "heard of meanwhile");
}

#[tokio::test]
async fn one_click_is_offered_where_a_letter_asks_and_nowhere_else() {
    let app = TestApp::start().await;
    let answer = app.submit_form("ebook-rgpd", "fr", &[("newsletter", "given")]).await;
    app.submit_form("ebook-rgpd", "fr", &[]).await;
    queue(&app, MailKind::Person, &[]).await;
    let letters = app.letters().await;
    let manage = answer["manage"].as_str().expect("a link");
    let offered: Vec<_> = letters
        .iter()
        .map(|letter| header_of(letter, "List-Unsubscribe"))
        .collect();
    assert_eq!(offered, [Some(format!("<{manage}>").as_str()), None, None]);
    let posts = letters.iter().map(|letter| header_of(letter, "List-Unsubscribe-Post"));
    assert_eq!(
        posts.collect::<Vec<_>>(),
        [Some("List-Unsubscribe=One-Click"), None, None]
    );
    let done = app.post_form(manage, &[("List-Unsubscribe", "One-Click")]).await;
    assert_eq!(done.status, StatusCode::OK);
    let page = app.get(&link_in(&text_of(&letters[0]), "c")).await.text();
    assert!(
        page.contains("Il ne reste rien à confirmer"),
        "the wish is cancelled: {page}"
    );
}

#[tokio::test]
async fn every_text_reads_as_a_letter() {
    let app = TestApp::start().await;
    app.submit_form("ebook-rgpd", "en", &[("newsletter", "given")]).await;
    app.submit_form("webinar-b2b", "fr", &[]).await;
    app.submit_form("webinar-b2b", "fr", &[("offers", "objected")]).await;
    queue(&app, MailKind::Person, &[]).await;
    queue(&app, MailKind::Retention, &["offers"]).await;
    let letters = app.letters().await;
    assert_eq!(letters.len(), 4);
    for letter in &letters {
        let text = text_of(letter);
        let body: Vec<&str> = text.lines().skip(1).collect();
        assert!(matches!(body[0], "Hello," | "Bonjour,"), "{text}");
        assert!(
            !text.contains("\n\n\n") && !text.contains('<') && !text.contains('{'),
            "{text}"
        );
        assert!(text.contains("Acme Conseil SAS"), "who writes: {text}");
        let links = body
            .iter()
            .filter(|line| line.contains("://") && line.starts_with(PUBLIC_URL));
        assert!(links.count() >= 1, "each link on a line of its own: {text}");
        let item_apart = body
            .windows(2)
            .all(|pair| !pair[1].starts_with("- ") || pair[0].is_empty());
        assert!(item_apart, "{text}");
    }
}

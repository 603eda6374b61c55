//! Nobody is asked too often, and what was asked for always arrives.

use candor_collector::store::{Cap, MailKind, NewLetter};
use candor_record::state::State;
use http::StatusCode;
use jiff::SignedDuration;

use super::{TEN_MINUTES, state_of, with_ada};
use crate::support::{ADA, PUBLIC_URL, TestApp, ebook, link_in};

#[tokio::test]
async fn an_unproved_mailbox_is_asked_three_times_a_day_and_the_file_always_arrives() {
    let app = TestApp::start().await;
    for number in 1..=5 {
        app.submit_form("ebook-rgpd", "fr", &[("newsletter", "given")]).await;
        let mails = app.mails().await;
        let last = mails.last().expect("a mail");
        assert_eq!(
            (mails.len(), last.contains("/d/")),
            (number, true),
            "the service is never held back"
        );
        assert_eq!(last.contains("/c/"), number <= 3, "number {number}: {last}");
        app.clock.advance(TEN_MINUTES);
    }
    let other = ("email", "eve@example.org");
    let draft = ebook(&app, &[("newsletter", "given")], &[other]).await;
    app.submit(&draft.sign()).await;
    assert!(app.mails().await[5].contains("/c/"), "others are counted apart");
    app.clock.advance(SignedDuration::from_hours(24) - TEN_MINUTES * 5);
    app.submit_form("ebook-rgpd", "fr", &[("newsletter", "given")]).await;
    assert!(
        app.mails().await[6].contains("/c/"),
        "the first of yesterday is a day ago"
    );
    app.submit_form("ebook-rgpd", "fr", &[("newsletter", "given")]).await;
    assert!(!app.mails().await[7].contains("/c/"), "the second is not");
}

#[tokio::test]
async fn a_proved_mailbox_is_counted_by_form() {
    let app = with_ada().await;
    for _ in 0..3 {
        app.submit_form("ebook-rgpd", "fr", &[("partners", "given")]).await;
    }
    let mails = app.mails().await;
    let asking: Vec<_> = mails.iter().map(|mail| mail.contains("/c/")).collect();
    assert_eq!(asking, [true, true, true, false], "one before the proof, two after it");
    app.submit_form("webinar-b2b", "en", &[("offers", "objected")]).await;
    assert!(app.mails().await[4].contains("/c/"), "another form is not silenced");
}

#[tokio::test]
async fn the_request_is_sent_again_from_both_pages_and_counted() {
    let app = TestApp::start().await;
    let answer = app.submit_form("ebook-rgpd", "fr", &[("newsletter", "given")]).await;
    let thanks = answer["manage"].as_str().expect("a link").replace("/m/", "/t/");
    let page = app.get(&thanks).await.text();
    assert!(page.contains("M’envoyer un lien"), "{page}");
    let old = link_in(&app.mails().await[0], "c");
    app.clock.advance(SignedDuration::from_hours(3 * 24 + 1));
    let gone = app.get(&old).await;
    assert_eq!(gone.status, StatusCode::GONE);
    let action = old.strip_prefix(PUBLIC_URL).expect("ours");
    assert!(
        gone.text().contains(&format!("{action}\"")) && gone.text().contains("Send me a link"),
        "{}",
        gone.text()
    );

    let from = [&old, &thanks, &old, &thanks, &old];
    for (press, (page, mailed)) in from.into_iter().zip([2, 2, 3, 4, 4]).enumerate() {
        let asked = app.post_form(page, &[("fresh", "link")]).await;
        assert_eq!(asked.status, StatusCode::OK, "press {press}: {}", asked.text());
        assert!(asked.text().contains("Open your mailbox"), "{}", asked.text());
        assert_eq!(
            app.mails().await.len(),
            mailed,
            "press {press}: one in ten minutes, three a day"
        );
        if press > 0 {
            app.clock.advance(TEN_MINUTES + SignedDuration::from_secs(1));
        }
    }
    let mails = app.mails().await;
    assert!(mails[1].starts_with("Subject: Confirmez vos choix"), "{}", mails[1]);
    assert!(!mails[1].contains("/d/"), "{}", mails[1]);
    let fresh = link_in(&mails[1], "c");
    assert_ne!(fresh, old);
    assert_eq!(app.get(&old).await.status, StatusCode::GONE);
    assert_eq!(app.post_form(&fresh, &[]).await.status, StatusCode::OK);
    assert_eq!(state_of(&app.ada().await, "newsletter"), State::Given);
    app.clock.advance(SignedDuration::from_hours(25));
    app.post_form(&old, &[("fresh", "link")]).await;
    assert_eq!(app.mails().await.len(), 4, "nothing is left to ask for");
    assert!(!app.get(&thanks).await.text().contains("M’envoyer un lien"));
}

#[tokio::test]
async fn the_link_to_everything_is_mailed_fresh_and_lives_an_hour() {
    let app = TestApp::start().await;
    app.submit_form("webinar-b2b", "en", &[]).await;
    let person = app.ada().await.row.id;
    let mut tokens = Vec::new();
    for number in 1..=6 {
        let letter = NewLetter {
            kind: MailKind::Person,
            person,
            record: None,
            purposes: Vec::new(),
            dedupe: None,
        };
        let now = app.app.clock.now();
        let cap = Cap {
            count: 5,
            since: now - SignedDuration::from_hours(24),
        };
        assert_eq!(
            app.app.store.queue(&letter, now, Some(cap)).await.expect("answered"),
            number <= 5
        );
        let mails = app.mails().await;
        assert_eq!(mails.len(), number.min(5));
        let mail = mails.last().expect("a mail");
        assert!(
            mail.contains("21 November 2026 at 1") && !mail.contains(ADA.1),
            "{mail}"
        );
        tokens.push(link_in(mail, "m"));
        app.clock.advance(SignedDuration::from_mins(1));
    }
    tokens.dedup();
    assert_eq!(tokens.len(), 5, "each letter has its own");
    let kind = candor_collector::links::LinkKind::Person;
    let link = app
        .app
        .store
        .newest_link(kind, person)
        .await
        .expect("answered")
        .expect("a link");
    assert_eq!(link.expires, Some(link.issued + SignedDuration::from_hours(1)));
}

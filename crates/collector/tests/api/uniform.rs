//! No answer tells what is on record of an address: same words, same headers, same length, same work before the answer.

use candor_collector::{
    index::AddressKind,
    store::{PersonChange, SuppressionKey},
};
use http::StatusCode;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::support::{Answer, Draft, TestApp, ebook, link_in};

const ADDRESSES: [&str; 5] = [
    "unknown@example.org",
    "known-1@example.org",
    "proved1@example.org",
    "barred1@example.org",
    "refused@example.org",
];

/// Known by a submission, proved, suppressed, withdrawn: and one that nobody knows.
async fn with_everybody() -> TestApp {
    let app = TestApp::start().await;
    for address in &ADDRESSES[1..] {
        let draft = ebook(&app, &[("newsletter", "given")], &[("email", address)]).await;
        let answer = app.submit(&draft.sign()).await.json();
        let mails = app.mails().await;
        let confirm = link_in(mails.last().expect("a mail"), "c");
        match *address {
            "proved1@example.org" => drop(app.post_form(&confirm, &[]).await),
            "refused@example.org" => {
                app.post_form(&confirm, &[]).await;
                let manage = answer["manage"].as_str().expect("a link");
                app.post_form(manage, &[("withdraw", "newsletter")]).await;
            }
            "barred1@example.org" => {
                let mailbox = candor_collector::mailbox::Mailbox::parse(address).expect("an address");
                let key = app.app.index.mailbox(&mailbox);
                let person = app
                    .app
                    .store
                    .person_by_mailbox(&key)
                    .await
                    .expect("answered")
                    .expect("known");
                let change = PersonChange {
                    suppress: vec![SuppressionKey {
                        key,
                        kind: AddressKind::Email,
                        channel: "email".into(),
                    }],
                    ..PersonChange::of(person.id, app.app.clock.now())
                };
                app.app.store.commit(&change).await.expect("stored");
            }
            _ => {}
        }
    }
    app
}

/// Everything of an answer but the values of ids, signatures and links, whose lengths stay.
fn shape(answer: &Answer) -> (StatusCode, Vec<(String, String)>, usize) {
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().expect("ASCII").to_owned()))
        .collect();
    for (name, value) in &mut headers {
        if name == "location" {
            *value = value.len().to_string();
        }
    }
    headers.sort();
    (answer.status, headers, answer.body.len())
}

async fn rows(app: &TestApp) -> [i64; 4] {
    let mut rows = [0; 4];
    for (count, table) in rows.iter_mut().zip(["records", "leads", "links", "outbox"]) {
        *count = app.count(table).await;
    }
    rows
}

#[tokio::test]
async fn submissions_are_answered_alike_whoever_is_known() {
    let app = with_everybody().await;
    for (form, statuses) in [
        ("ebook-rgpd", &[("newsletter", "given")][..]),
        ("ebook-rgpd", &[]),
        ("checklist", &[("letter", "given")]),
        ("webinar-b2b", &[("offers", "objected")]),
    ] {
        let compiled = app.compiled(form, "fr").await;
        let mut seen = Vec::new();
        for address in ADDRESSES {
            let values = [("email", address), ("name", "Ada")];
            let values = if form == "webinar-b2b" {
                &values[..]
            } else {
                &values[..1]
            };
            let draft = Draft::new(&compiled, app.app.clock.now(), statuses, values);
            let before = rows(&app).await;
            let answer = app.submit(&draft.sign()).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
            let after = rows(&app).await;
            let written: Vec<_> = before.iter().zip(after).map(|(before, after)| after - before).collect();
            let body = answer.json();
            seen.push((shape(&answer), written, body["state"].clone(), body["held"].clone()));
        }
        seen.dedup();
        assert_eq!(seen.len(), 1, "{form} {statuses:?}: {seen:#?}");
    }
}

#[tokio::test]
async fn plain_posts_and_requests_for_links_are_answered_alike() {
    let app = with_everybody().await;
    let form = app.compiled("ebook-rgpd", "fr").await;
    let text = |pointer: &str| form.pointer(pointer).and_then(|value| value.as_str()).expect("a text");
    let (mut posted, mut asked) = (Vec::new(), Vec::new());
    for address in ADDRESSES {
        let members = [
            ("candor-version", text("/record/form/version")),
            ("candor-texts", text("/record/form/texts")),
            ("candor-language", "fr"),
            ("email", address),
            ("purpose.newsletter", "yes"),
        ];
        let answer = app.post_form("/f/ebook-rgpd", &members).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let thanks = app.get(answer.header("location")).await;
        posted.push((shape(&answer), shape(&thanks)));
        let answer = app.post_form("/m", &[("email", address)]).await;
        asked.push((shape(&answer), answer.text()));
    }
    posted.dedup();
    asked.dedup();
    assert_eq!((posted.len(), asked.len()), (1, 1), "{posted:#?} {asked:#?}");
}

#[tokio::test]
async fn links_are_sent_again_with_the_same_words_whatever_became_of_the_mailbox() {
    let app = with_everybody().await;
    let mails = app.mails().await;
    // By kind: only the page after a submission may stand in a frame.
    for kind in ["d", "c", "t"] {
        let mut links: Vec<_> = mails
            .iter()
            .map(|mail| match kind {
                "t" => link_in(mail, "m").replace("/m/", "/t/"),
                _ => link_in(mail, kind),
            })
            .collect();
        links.push(format!("/{kind}/{}", "A".repeat(48)));
        let mut seen = Vec::new();
        for link in links {
            let answer = app.post_form(&link, &[("fresh", "link")]).await;
            seen.push((shape(&answer), answer.text()));
        }
        seen.dedup();
        assert_eq!(seen.len(), 1, "{seen:#?}");
    }
}

/// The time cannot tell either, because nothing is read of a mailbox before the answer: whoever cannot be read at all
/// gets the same answer, by the same rows.
#[tokio::test]
async fn nothing_is_read_of_a_mailbox_before_the_answer() {
    let app = with_everybody().await;
    let file = app.folder.path().join("data/candor.sqlite");
    let mut connection = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file))
        .await
        .expect("opens");
    sqlx::query("UPDATE leads SET values_sealed = x'00', held = 'unreadable'")
        .execute(&mut connection)
        .await
        .expect("written");
    for address in ADDRESSES {
        let draft = ebook(&app, &[("newsletter", "given")], &[("email", address)]).await;
        let answer = app.submit(&draft.sign()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{address}: {}", answer.text());
        let asked = app.post_form("/m", &[("email", address)]).await;
        assert_eq!(asked.status, StatusCode::OK, "{address}");
    }
}

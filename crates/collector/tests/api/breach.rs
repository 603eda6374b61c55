//! `GET /v1/breach` and `candor export breach`: exactly those of whom data were held then, and everybody who reads it is noted.

use candor_collector::{erase::erase_person, mailbox::Mailbox, operator::Role, person::Person};
use candor_record::term::Actor;
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    staff::Staff,
    support::{TestApp, ebook, link_in},
};

/// One of each kind, a day apart from 21 November on: who left data when, for which purposes, and what became of them.
async fn seed(app: &TestApp) {
    let day = SignedDuration::from_hours(24);
    // 21st: Ada, newsletter confirmed and withdrawn on the 23rd.
    let ada = leave(app, "ada", &[("newsletter", "given")], &[("given_name", "Ada")]).await;
    app.clock.advance(day);
    // 22nd: Bob asks for the guide alone.
    leave(app, "bob", &[], &[]).await;
    app.clock.advance(day);
    let answer = app.post_form(&ada, &[("withdraw", "newsletter")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    // 23rd: Cy, by telephone; never confirmed.
    leave(app, "cy", &[("call", "given")], &[("phone", "01 99 00 56 78")]).await;
    app.clock.advance(day);
    // 24th: Di comes and is erased on the 25th.
    leave(app, "di", &[("newsletter", "given")], &[]).await;
    app.clock.advance(day);
    erase(app, "di").await;
    // 26th: Ed.
    app.clock.advance(day);
    leave(app, "ed", &[("newsletter", "given")], &[]).await;
}

/// As their owner asks for it.
async fn erase(app: &TestApp, name: &str) {
    let mailbox = Mailbox::parse(&format!("{name}@example.org")).expect("an address");
    let person = Person::by_mailbox(&app.app, &mailbox)
        .await
        .expect("read")
        .expect("known");
    let erased = erase_person(&app.app, person.row.id, Actor::Subject, "erasure").await;
    assert!(erased.expect("erased"), "{name}");
}

async fn leave(app: &TestApp, name: &str, statuses: &[(&str, &str)], more: &[(&str, &str)]) -> String {
    let address = format!("{name}@example.org");
    let values: Vec<(&str, &str)> = [("email", address.as_str())]
        .into_iter()
        .chain(more.iter().copied())
        .collect();
    let answer = app.submit(&ebook(app, statuses, &values).await.sign()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    if name == "ada" {
        let mails = app.mails().await;
        let link = link_in(mails.last().expect("a mail"), "c");
        assert_eq!(app.post_form(&link, &[]).await.status, StatusCode::OK);
    }
    answer.json()["manage"].as_str().expect("a link").to_owned()
}

fn addresses(breach: &Value) -> Vec<&str> {
    let people = breach["people"].as_array().expect("people").iter();
    let mut found: Vec<&str> = people.map(|it| it["email"].as_str().expect("an address")).collect();
    found.sort_unstable();
    found
}

#[tokio::test]
async fn the_list_is_who_was_held_in_the_period_for_the_purpose() {
    let app = TestApp::start().await;
    seed(&app).await;
    let dpo = Staff::hire(&app, Role::Dpo).await;
    let check = async |query: &str, expected: &[&str]| {
        let answer = dpo.get(&format!("/v1/breach?{query}&reason=incident+7")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text());
        let found = answer.json();
        let expected: Vec<String> = expected.iter().map(|name| format!("{name}@example.org")).collect();
        assert_eq!(addresses(&found), expected, "{query}");
        assert_eq!(found["counts"]["people"], expected.len(), "{query}");
        found
    };
    let days = |from: u32, to: u32| format!("from=2026-11-{from:02}T00:00:00Z&to=2026-11-{to}T23:59:59Z");
    check(&days(1, 20), &[]).await;
    check(&days(21, 21), &["ada"]).await;
    check(&days(22, 22), &["ada", "bob"]).await;
    // Held, not only collected: those of the 21st were there on the 25th too.
    check(&days(25, 25), &["ada", "bob", "cy"]).await;
    let all = check(&days(21, 30), &["ada", "bob", "cy", "ed"]).await;
    check(&format!("{}&purpose=newsletter", days(21, 30)), &["ada", "ed"]).await;
    check(&format!("{}&purpose=call", days(21, 30)), &["cy"]).await;
    check(&format!("{}&purpose=partners", days(21, 30)), &[]).await;
    check(
        &format!("{}&purpose=call,newsletter", days(21, 30)),
        &["ada", "cy", "ed"],
    )
    .await;
    check(&format!("{}&purpose=newsletter", days(21, 25)), &["ada"]).await;

    assert_eq!(all["counts"]["records"], 4);
    assert_eq!(all["counts"]["erasedSince"], 1, "Di, of whom nothing else is known");
    let category = |name: &str| {
        let mut rows = all["data"].as_array().expect("data").iter();
        rows.find(|row| row["category"] == name)
            .map(|row| row["people"].clone())
    };
    assert_eq!(category("EmailAddress"), Some(json!(4)));
    assert_eq!(category("TelephoneNumber"), Some(json!(1)));
    assert_eq!(category("Name"), Some(json!(1)));
    let cy = all["people"]
        .as_array()
        .expect("people")
        .iter()
        .find(|it| it["email"] == "cy@example.org")
        .expect("Cy");
    assert_eq!(cy["phones"], json!(["+33199005678"]));
    assert_eq!(cy["language"], "fr");
    assert_eq!(cy["purposes"], json!(["call", "ebook"]));
    assert_eq!(cy["since"], "2026-11-23T10:00:00.000Z");
    assert_eq!(all["protection"]["keys"], json!({"1": 4}));
    let recipients = all["recipients"].to_string();
    assert!(
        recipients.contains("Courrier Exemple SA") && !recipients.contains("Partenaire"),
        "{recipients}"
    );
}

#[tokio::test]
async fn only_the_dpo_reads_it_and_everybody_in_it_can_see_that() {
    let app = TestApp::start().await;
    seed(&app).await;
    let path = "/v1/breach?from=2026-11-21T00:00:00Z&to=2026-11-30T00:00:00Z";
    for (role, status) in [(Role::Viewer, 403), (Role::Admin, 403), (Role::Dpo, 200)] {
        let staff = Staff::hire(&app, role).await;
        let answer = staff.get(&format!("{path}&reason=incident+7&purpose=newsletter")).await;
        assert_eq!(answer.status.as_u16(), status, "{role:?}");
    }
    assert_eq!(app.get(path).await.status, StatusCode::UNAUTHORIZED);
    let dpo = Staff::hire(&app, Role::Dpo).await;
    assert_eq!(
        dpo.get(path).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a reason is needed"
    );
    for (query, status) in [
        ("&reason=x&purpose=newsletters", StatusCode::UNPROCESSABLE_ENTITY),
        ("&reason=x&purpose=News+Letter", StatusCode::BAD_REQUEST),
        ("&reason=x&format=pdf", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(dpo.get(&format!("{path}{query}")).await.status, status, "{query}");
    }
    let backwards = "/v1/breach?from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z&reason=x";
    assert_eq!(dpo.get(backwards).await.status, StatusCode::BAD_REQUEST);
    let ada = app.ada().await.row.id;
    let log = dpo.get(&format!("/v1/access-log?person={ada}")).await.json();
    let lines = log["accesses"].as_array();
    let lines = lines.unwrap_or_else(|| panic!("{log}"));
    let read = lines
        .iter()
        .filter(|line| line["action"] == "list-breach" && line["reason"] == "incident 7");
    assert_eq!(read.count(), 1, "{log}");
}

#[tokio::test]
async fn it_is_a_list_for_letters_and_a_page_that_prints() {
    let app = TestApp::start().await;
    seed(&app).await;
    let dpo = Staff::hire(&app, Role::Dpo).await;
    let path = "/v1/breach?from=2026-11-21T00:00:00Z&to=2026-11-30T00:00:00Z&reason=incident";
    let list = dpo.get(&format!("{path}&format=csv")).await;
    assert_eq!(list.header("content-type"), "text/csv; charset=utf-8; header=present");
    let mut rows = list.text().lines().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        rows.remove(0),
        "person,email,phones,language,purposes,data,records,received,since"
    );
    assert_eq!(rows.len(), 4);
    assert!(rows[2].contains(",'+33199005678,fr,call ebook,"), "{}", rows[2]);
    for (lang, said) in [("fr", "Personnes concernées"), ("en", "People affected")] {
        let page = dpo.get(&format!("{path}&format=html&lang={lang}")).await;
        assert_eq!(page.status, StatusCode::OK);
        let text = page.text();
        let mailer = match lang {
            "fr" => "Courrier Exemple SA, sous-traitant, France",
            _ => "Courrier Exemple SA, processor, France",
        };
        assert!(text.contains(mailer), "{text}");
        assert!(
            text.contains(&format!("<html lang=\"{lang}\"")) && text.contains(said),
            "{text}"
        );
        for name in ["ada", "bob", "cy", "ed"] {
            assert!(text.contains(&format!("{name}@example.org")), "{name}");
        }
    }
}

/// Who was erased is nobody's name any more, and still a number: also where nobody else is left who had the purpose.
#[tokio::test]
async fn whoever_is_gone_is_counted() {
    let app = TestApp::start().await;
    seed(&app).await;
    for name in ["ada", "bob", "cy", "ed"] {
        erase(&app, name).await;
    }
    let dpo = Staff::hire(&app, Role::Dpo).await;
    let period = "from=2026-11-21T00:00:00Z&to=2026-11-30T00:00:00Z&reason=incident";
    for (purpose, erased) in [("", 5), ("&purpose=newsletter", 5), ("&purpose=webinar", 0)] {
        let found = dpo.get(&format!("/v1/breach?{period}{purpose}")).await.json();
        assert_eq!(found["people"], json!([]), "{purpose}");
        assert_eq!(found["counts"]["erasedSince"], erased, "{purpose}");
    }
}

/// A lost key may be the incident: the others are listed all the same, and nobody is missing in silence.
#[tokio::test]
async fn whoever_cannot_be_read_is_counted() {
    let app = TestApp::start().await;
    seed(&app).await;
    let bob = Mailbox::parse("bob@example.org").expect("an address");
    let bob = Person::by_mailbox(&app.app, &bob).await.expect("read").expect("known");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(app.folder.path().join("data/candor.sqlite"));
    let pool = sqlx::SqlitePool::connect_with(options).await.expect("opens");
    sqlx::query("UPDATE leads SET values_key = 99 WHERE person = ?1")
        .bind(bob.row.id.to_string())
        .execute(&pool)
        .await
        .expect("written");
    let dpo = Staff::hire(&app, Role::Dpo).await;
    let path = "/v1/breach?from=2026-11-21&to=2026-11-30&reason=incident";
    let found = dpo.get(path).await.json();
    assert_eq!(
        addresses(&found),
        ["ada@example.org", "cy@example.org", "ed@example.org"]
    );
    assert_eq!(found["counts"]["unreadable"], 1);
    let page = dpo.get(&format!("{path}&format=html&lang=en")).await.text();
    assert!(page.contains("People who could not be read"), "{page}");
}

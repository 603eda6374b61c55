//! The way without script: wait, press once, and everything typed is still there.

use candor_collector::robots::{policy::When, ticket::TICKET_LIVES};
use candor_record::base64url;
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::Value;

use super::{start, start_with};
use crate::support::{Answer, TestApp, link_in};

const FORM: &str = "/f/ebook-rgpd?lang=fr";

/// What a person does: opens the page, and fills it in within this time.
async fn fill(app: &TestApp, secs: i64) -> Vec<(String, String)> {
    let page = app.get(FORM).await.text();
    app.clock.advance(SignedDuration::from_secs(secs));
    let mut members = ["candor-version", "candor-texts", "candor-language", "candor-issued"]
        .map(|name| (name.to_owned(), value_of(&page, name)))
        .to_vec();
    members.push(("email".to_owned(), "ada@example.org".to_owned()));
    members.push(("purpose.newsletter".to_owned(), "yes".to_owned()));
    members
}

/// The value of a hidden input.
fn value_of(page: &str, name: &str) -> String {
    let tag = page.split('<').find(|tag| tag.contains(&format!("name=\"{name}\"")));
    let tag = tag.unwrap_or_else(|| panic!("no {name} in {page}"));
    let (_, value) = tag.split_once("value=\"").expect("a value");
    value.split('"').next().expect("its end").to_owned()
}

async fn post(app: &TestApp, members: &[(String, String)]) -> Answer {
    let members: Vec<_> = members
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    app.post_form("/f/ebook-rgpd", &members).await
}

/// The waiting page: its ticket.
fn waits(answer: &Answer, secs: &str) -> String {
    let page = answer.text();
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    assert_eq!(answer.header("retry-after"), secs, "{page}");
    assert!(page.contains(&format!("{secs} s")), "{page}");
    assert!(!page.contains("ada@") && !page.contains("http-equiv"), "{page}");
    value_of(&page, "candor-ticket")
}

async fn press(app: &TestApp, ticket: &str) -> Answer {
    app.post_form("/f/ebook-rgpd", &[("candor-ticket", ticket)]).await
}

fn recorded(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.header("location").to_owned()
}

async fn record(app: &TestApp, location: &str) -> Value {
    let thanks = app.get(location).await.text();
    let receipt = app.get(&link_in(&thanks, "r").replace("&amp;", "&")).await.json();
    let payload = base64url::decode(receipt["payload"].as_str().expect("a payload")).expect("base64url");
    serde_json::from_slice(&payload).expect("a record")
}

#[tokio::test]
async fn whoever_waits_is_recorded_with_everything_typed() {
    let app = start(When::Always).await;
    let members = fill(&app, 30).await;
    let ticket = waits(&post(&app, &members).await, "10");
    assert_eq!(app.count("records").await, 0);
    app.clock.advance(SignedDuration::from_secs(7));
    let early = press(&app, &ticket).await;
    assert_eq!(waits(&early, "3"), ticket, "the time that was waited counts");
    assert!(early.text().contains("role=\"alert\""), "{}", early.text());
    app.clock.advance(SignedDuration::from_secs(3));
    let first = recorded(&press(&app, &ticket).await);
    let record = record(&app, &first).await;
    assert_eq!(record["capture"]["origin"], "https://forms.acme.example");
    let given = record["processes"].as_array().expect("processes").iter();
    let given: Vec<_> = given.filter(|process| process["status"] == "given").collect();
    assert_eq!((given.len(), &given[0]["purpose"]), (1, &Value::from("newsletter")));

    // Pressed twice: one submission. Pressed again much later: it waits for a place of its own.
    assert_eq!(recorded(&press(&app, &ticket).await), first);
    app.clock.advance(SignedDuration::from_mins(11));
    let again = waits(&press(&app, &ticket).await, "10");
    assert_ne!(again, ticket);
    assert_eq!((app.count("records").await, app.count("spent").await), (1, 1));
}

#[tokio::test]
async fn a_ticket_that_is_too_old_loses_nothing_and_an_altered_one_is_none() {
    let app = start_with(When::Always, |config| config.robots.wait_secs = 2).await;
    let ticket = waits(&post(&app, &fill(&app, 30).await).await, "2");
    app.clock.advance(TICKET_LIVES);
    let fresh = waits(&press(&app, &ticket).await, "2");
    app.clock.advance(SignedDuration::from_secs(2));
    recorded(&press(&app, &fresh).await);
    let altered = fresh.replacen(&fresh[30..31], if &fresh[30..31] == "A" { "B" } else { "A" }, 1);
    assert_eq!(press(&app, &altered).await.status, StatusCode::BAD_REQUEST);
    let other = app.post_form("/f/webinar-b2b", &[("candor-ticket", &fresh)]).await;
    assert_eq!(other.status, StatusCode::BAD_REQUEST, "another form's ticket");
    assert_eq!(app.count("records").await, 1);
}

#[tokio::test]
async fn a_person_without_script_waits_only_where_there_are_signs() {
    let app = start(When::Suspicious).await;
    let check = async |name: &str, members: Vec<(String, String)>, suspicious: bool| {
        let answer = post(&app, &members).await;
        if suspicious {
            let ticket = waits(&answer, "10");
            app.clock.advance(SignedDuration::from_secs(10));
            recorded(&press(&app, &ticket).await);
        } else {
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}: {}", answer.text());
        }
    };
    let change = |members: Vec<(String, String)>, name: &str, value: &str| {
        let members = members.into_iter().filter(|(member, _)| member != name);
        members.chain([(name.to_owned(), value.to_owned())]).collect::<Vec<_>>()
    };
    check("a person", fill(&app, 30).await, false).await;
    check("in no time", fill(&app, 1).await, true).await;
    let empty = change(fill(&app, 31).await, "candor-website", "");
    check("an empty trap", empty, false).await;
    let full = change(fill(&app, 32).await, "candor-website", "https://casino.example");
    check("a full trap", full, true).await;
    let forged = change(fill(&app, 33).await, "candor-issued", "AAAA");
    check("a time that was made up", forged, true).await;
    let mut printed = fill(&app, 0).await;
    printed.retain(|(name, _)| name != "candor-issued");
    printed.push(("given_name".to_owned(), "Ada".to_owned()));
    check("a form that stands in somebody's page", printed, false).await;
}

#[tokio::test]
async fn a_mistake_that_is_mended_quickly_is_no_sign() {
    let app = start(When::Suspicious).await;
    let mut members = fill(&app, 30).await;
    members[4].1 = "ada@".to_owned();
    let again = post(&app, &members).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = again.text();
    assert_eq!(value_of(&page, "candor-issued"), members[3].1, "the first page's time");
    app.clock.advance(SignedDuration::from_secs(1));
    members[4].1 = "ada@example.org".to_owned();
    recorded(&post(&app, &members).await);
    members[3].1 = "AAAA".to_owned();
    members[4].1 = "ada@".to_owned();
    let page = post(&app, &members).await.text();
    assert_ne!(
        value_of(&page, "candor-issued"),
        "AAAA",
        "a made-up time does not come back"
    );
}

#[tokio::test]
async fn a_long_post_fits_into_its_ticket_and_a_longer_one_is_refused() {
    let app = start_with(When::Always, |config| config.robots.wait_secs = 1).await;
    let mut members = fill(&app, 30).await;
    members.push(("x".to_owned(), "x".repeat(63 * 1024)));
    let ticket = waits(&post(&app, &members).await, "1");
    app.clock.advance(SignedDuration::from_secs(1));
    recorded(&press(&app, &ticket).await);
    members.push(("y".to_owned(), "y".repeat(2 * 1024)));
    assert_eq!(post(&app, &members).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

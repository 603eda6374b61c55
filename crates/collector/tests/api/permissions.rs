//! `POST /v1/permissions` and `POST /v1/contacts`: a life, with the clock moved.

use candor_collector::operator::Role;
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    person::Somebody,
    staff::Staff,
    support::{ADA, TestApp, ebook, link_in},
};

const NUMBER: &str = "01 99 00 56 78";

async fn ask(staff: &Staff<'_>, question: Value) -> Value {
    let answer = staff.post("/v1/permissions", &question).await;
    assert_eq!(answer.status, StatusCode::OK, "{question}: {}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    let answer = answer.json();
    let why = answer["why"].as_str().expect("a sentence");
    assert!(why.ends_with('.') && why.len() > 20, "{answer}");
    assert_eq!(answer["until"].is_null(), answer["allowed"] == false, "{answer}");
    answer
}

async fn by_mail(staff: &Staff<'_>, purpose: &str) -> Value {
    ask(
        staff,
        json!({"email": "Ada@Example.ORG", "purpose": purpose, "channel": "email"}),
    )
    .await
}

/// `yes given given`: allowed, reason and status.
#[track_caller]
fn check(answer: &Value, expected: &str) {
    let allowed = if answer["allowed"] == true { "yes" } else { "no" };
    let word = |member: &str| answer[member].as_str().unwrap_or("-").to_owned();
    assert_eq!(
        format!("{allowed} {} {}", word("reason"), word("status")),
        expected,
        "{answer}"
    );
}

/// Ada asks for the ebook, the newsletter and a call, and confirms.
async fn ada(app: &TestApp) -> String {
    let statuses = [("newsletter", "given"), ("call", "given")];
    let draft = ebook(app, &statuses, &[ADA, ("phone", NUMBER), ("given_name", "Ada")]).await;
    let answer = app.submit(&draft.sign()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()["manage"].as_str().expect("a link").to_owned()
}

async fn confirm(app: &TestApp) {
    let mails = app.mails().await;
    let link = link_in(mails.last().expect("a mail"), "c");
    assert_eq!(app.post_form(&link, &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_life_of_permissions() {
    let app = TestApp::start().await;
    let staff = Staff::hire(&app, Role::Viewer).await;
    check(&by_mail(&staff, "newsletter").await, "no unknown unknown");
    let manage = ada(&app).await;
    check(&by_mail(&staff, "newsletter").await, "no pending pending");
    check(&by_mail(&staff, "ebook").await, "no service informed");
    check(&by_mail(&staff, "partners").await, "no not-given not-given");
    check(&by_mail(&staff, "no-such-purpose").await, "no unknown unknown");
    check(&by_mail(&staff, "no purpose!").await, "no unknown unknown");
    let before = app.app.clock.now();
    app.clock.advance(SignedDuration::from_hours(1));
    confirm(&app).await;
    let given = by_mail(&staff, "newsletter").await;
    check(&given, "yes given given");
    assert_eq!(
        given["until"], "2028-05-21T11:00:00.000Z",
        "18 months after the confirmation"
    );
    assert_eq!(given["limits"]["frequency"], "P1M");
    assert!(given["record"].is_string());
    let past = json!({"email": ADA.1, "purpose": "newsletter", "channel": "email", "at": before.to_string()});
    check(&ask(&staff, past).await, "no pending pending");
    let future = json!({"email": ADA.1, "purpose": "newsletter", "channel": "email", "at": "2028-05-21T11:00:00Z"});
    check(&ask(&staff, future).await, "no expired expired");
    let elsewhere = json!({"email": ADA.1, "purpose": "newsletter", "channel": "sms"});
    check(&ask(&staff, elsewhere).await, "no channel given");
    app.post_form(&manage, &[("withdraw", "newsletter")]).await;
    check(&by_mail(&staff, "newsletter").await, "no withdrawn withdrawn");
}

#[tokio::test]
async fn a_second_send_within_the_month_is_refused() {
    let app = TestApp::start().await;
    let staff = Staff::hire(&app, Role::Viewer).await;
    ada(&app).await;
    confirm(&app).await;
    let sent = json!({"email": ADA.1, "purpose": "newsletter", "kind": "sent"});
    assert_eq!(staff.post("/v1/contacts", &sent).await.status, StatusCode::ACCEPTED);
    app.clock.advance(SignedDuration::from_hours(24 * 10));
    let refused = by_mail(&staff, "newsletter").await;
    check(&refused, "no frequency given");
    assert_eq!(refused["notBefore"], "2026-12-21T10:00:00.000Z");
    app.clock.advance(SignedDuration::from_hours(24 * 20));
    check(&by_mail(&staff, "newsletter").await, "yes given given");
}

#[tokio::test]
async fn contacts_are_reported_alike_whoever_is_known() {
    let app = TestApp::start().await;
    let staff = Staff::hire(&app, Role::Viewer).await;
    ada(&app).await;
    let person = app.app.store.people_after(uuid::Uuid::nil(), 9).await.expect("read")[0];
    let contact = async || app.app.store.person(person).await.expect("read").expect("Ada").contact;
    let first = contact().await;
    app.clock.advance(SignedDuration::from_hours(1));
    let report = async |body: Value, status: u16| {
        let answer = staff.post("/v1/contacts", &body).await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.text());
        answer
    };
    for address in [ADA.1, "bob@example.org"] {
        for (kind, purpose) in [("sent", Some("newsletter")), ("call", Some("call")), ("click", None)] {
            let answer = report(json!({"email": address, "kind": kind, "purpose": purpose}), 202).await;
            assert!(answer.body.is_empty(), "{address}");
        }
    }
    assert_eq!(app.count("contacts").await, 3, "nothing of whom nobody knows");
    assert!(contact().await > first, "a click is a contact of the person");
    let moved = contact().await;
    app.clock.advance(SignedDuration::from_hours(1));
    report(json!({"email": ADA.1, "kind": "sent", "purpose": "newsletter"}), 202).await;
    assert_eq!(contact().await, moved, "a mail is none");
    let opened = report(json!({"email": ADA.1, "kind": "open"}), 422).await;
    assert!(opened.text().contains("an open never counts"), "{}", opened.text());
    for (body, status) in [
        (json!({"email": ADA.1, "kind": "sent"}), 422),
        (json!({"email": ADA.1, "kind": "smoke", "purpose": "newsletter"}), 422),
        (json!({"email": "ada", "kind": "click"}), 422),
        (json!({"kind": "click"}), 400),
        (json!({"email": ADA.1, "phone": NUMBER, "kind": "click"}), 400),
        (
            json!({"email": ADA.1, "kind": "click", "at": "2031-01-01T00:00:00Z"}),
            422,
        ),
        (json!({"email": ADA.1, "kind": "click", "colour": "red"}), 400),
    ] {
        report(body, status).await;
    }
    assert_eq!(contact().await, moved);
}

#[tokio::test]
async fn a_call_has_its_number_and_its_hours() {
    let app = TestApp::start().await;
    let staff = Staff::hire(&app, Role::Viewer).await;
    ada(&app).await;
    confirm(&app).await;
    let call = async |phone: &str, at: &str| {
        ask(
            &staff,
            json!({"phone": phone, "purpose": "call", "channel": "phone", "at": at}),
        )
        .await
    };
    // 21 November 2026 is a Saturday; the Tuesday is open.
    let (saturday, tuesday) = ("2026-11-21T10:30:00Z", "2026-11-24T10:30:00Z");
    let closed = call(NUMBER, saturday).await;
    check(&closed, "no hours given");
    assert_eq!(closed["notBefore"], "2026-11-23T09:00:00.000Z");
    assert_eq!(closed["limits"]["calls"]["timeZone"], "Europe/Paris");
    assert_eq!(closed["limits"]["calls"]["verified"], false);
    for number in [NUMBER, "+33 1 99 00 56 78", "+33199005678"] {
        check(&call(number, tuesday).await, "yes given given");
    }
    check(&call("+33 1 99 00 56 79", tuesday).await, "no unknown unknown");
    let newsletter = json!({"phone": NUMBER, "purpose": "newsletter", "channel": "email", "at": tuesday});
    check(&ask(&staff, newsletter).await, "no number given");
    let by_mail = json!({"email": ADA.1, "purpose": "call", "channel": "phone", "at": tuesday});
    check(&ask(&staff, by_mail).await, "yes given given");
    let wrong = json!({"phone": "call me", "purpose": "call", "channel": "phone"});
    assert_eq!(staff.post("/v1/permissions", &wrong).await.status.as_u16(), 422);
    app.clock.advance(SignedDuration::from_hours(24 * 3));
    for _ in 0..4 {
        let made = json!({"phone": NUMBER, "purpose": "call", "kind": "call"});
        assert_eq!(staff.post("/v1/contacts", &made).await.status, StatusCode::ACCEPTED);
    }
    let fifth = call(NUMBER, "2026-11-25T10:30:00Z").await;
    check(&fifth, "no attempts given");
    assert_eq!(fifth["limits"]["calls"]["made"], 4);
    assert_eq!(fifth["notBefore"], "2026-12-24T10:00:00.000Z");
}

#[tokio::test]
async fn a_stranger_stops_no_calls() {
    let app = TestApp::start().await;
    let staff = Staff::hire(&app, Role::Viewer).await;
    let manage = ada(&app).await;
    confirm(&app).await;
    let question = json!({"email": ADA.1, "purpose": "call", "channel": "phone", "at": "2026-12-01T10:30:00Z"});
    check(&ask(&staff, question.clone()).await, "yes given given");
    for hours in 1..3 {
        app.clock.advance(SignedDuration::from_hours(hours));
        let stranger = ada(&app).await;
        let own = app.post_form(&stranger, &[("withdraw", "call")]).await;
        assert!(own.status.is_success() || own.status.is_redirection(), "{}", own.text());
        assert_eq!(app.count("records WHERE event = 'withdrawal'").await, hours);
        check(&ask(&staff, question.clone()).await, "yes given given");
    }
    app.clock.advance(SignedDuration::from_hours(1));
    app.post_form(&manage, &[("withdraw", "call")]).await;
    check(&ask(&staff, question).await, "no withdrawn withdrawn");
}

#[tokio::test]
async fn one_refusal_of_a_shared_number_holds_for_all() {
    let app = TestApp::start().await;
    let staff = Staff::hire(&app, Role::Viewer).await;
    ada(&app).await;
    confirm(&app).await;
    let bob = ebook(
        &app,
        &[("call", "given")],
        &[("email", "bob@example.org"), ("phone", NUMBER)],
    )
    .await;
    let answer = app.submit(&bob.sign()).await.json();
    let question = json!({"phone": NUMBER, "purpose": "call", "channel": "phone", "at": "2026-11-24T10:30:00Z"});
    check(&ask(&staff, question.clone()).await, "yes given given");
    confirm(&app).await;
    check(&ask(&staff, question.clone()).await, "yes given given");
    app.post_form(answer["manage"].as_str().expect("a link"), &[("withdraw", "call")])
        .await;
    check(&ask(&staff, question).await, "no shared objected");
    let ada = json!({"email": ADA.1, "purpose": "call", "channel": "phone", "at": "2026-11-24T10:30:00Z"});
    check(&ask(&staff, ada).await, "yes given given");
}

/// Ada has confirmed her number. A stranger types it too, and has everything of theirs erased.
#[tokio::test]
async fn a_stranger_s_erasure_ends_nobody_s_consent_to_a_number() {
    let question = json!({"phone": NUMBER, "purpose": "call", "channel": "phone", "at": "2026-11-24T10:30:00Z"});
    let by_mail = json!({"email": ADA.1, "purpose": "call", "channel": "phone", "at": "2026-11-24T10:30:00Z"});
    let mallory = [("email", "mallory@example.org"), ("phone", NUMBER)];
    for (proved, suppressed) in [(false, 0), (true, 1)] {
        let app = TestApp::start().await;
        let staff = Staff::hire(&app, Role::Viewer).await;
        ada(&app).await;
        confirm(&app).await;
        let draft = ebook(&app, &[("newsletter", "given"), ("call", "given")], &mallory).await;
        let stranger = match proved {
            true => Somebody::proved(&app, &draft).await,
            false => Somebody::unproved(&app, &draft).await,
        };
        let erase = format!("{}/erase", stranger.link);
        let erased = app.post_form(&erase, &[("erase", "everything")]).await;
        assert_eq!(erased.status, StatusCode::OK);
        let found = app.count("suppressions WHERE kind = 'phone'").await;
        assert_eq!(found, suppressed, "{proved}");
        check(&ask(&staff, question.clone()).await, "yes given given");
        check(&ask(&staff, by_mail.clone()).await, "yes given given");
        // Nobody else is called there: neither on account of an unproved sign-up, nor by a stranger's new one.
        let bob = [("email", "bob@example.org"), ("phone", NUMBER)];
        Somebody::unproved(&app, &ebook(&app, &[("call", "given")], &bob).await).await;
        let of_bob = json!({"email": "bob@example.org", "purpose": "call", "channel": "phone"});
        let expected = if suppressed == 1 {
            "no suppressed suppressed"
        } else {
            "no pending pending"
        };
        check(&ask(&staff, of_bob).await, expected);
    }
}

#[tokio::test]
async fn every_no_has_the_same_members() {
    let app = TestApp::start().await;
    let staff = Staff::hire(&app, Role::Viewer).await;
    ada(&app).await;
    let members = |answer: &Value| {
        answer
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    let known = by_mail(&staff, "newsletter").await;
    for (address, purpose) in [
        ("bob@example.org", "newsletter"),
        (ADA.1, "nothing"),
        ("bob@example.org", "nothing"),
    ] {
        let question = json!({"email": address, "purpose": purpose, "channel": "email"});
        assert_eq!(
            members(&ask(&staff, question).await),
            members(&known),
            "{address} {purpose}"
        );
    }
    for (body, status) in [
        (json!({"email": ADA.1, "purpose": "newsletter"}), 400),
        (
            json!({"email": ADA.1, "purpose": "newsletter", "channel": "pigeon"}),
            422,
        ),
        (
            json!({"email": "ada", "purpose": "newsletter", "channel": "email"}),
            422,
        ),
        (json!({"purpose": "newsletter", "channel": "email"}), 400),
    ] {
        assert_eq!(
            staff.post("/v1/permissions", &body).await.status.as_u16(),
            status,
            "{body}"
        );
    }
    let nobody = app.get("/v1/permissions").await;
    assert_eq!(nobody.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn the_documentation_shows_this_answer() {
    let app = TestApp::start().await;
    let staff = Staff::hire(&app, Role::Viewer).await;
    ada(&app).await;
    confirm(&app).await;
    let document = include_str!("../../../../docs/permissions.md");
    let between = |start: &str, end: &str| {
        let (_, rest) = document.split_once(start).unwrap_or_else(|| panic!("no {start:?}"));
        let (text, _) = rest.split_once(end).unwrap_or_else(|| panic!("no {end:?}"));
        serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{error}: {text}"))
    };
    let mut shown = between("```json\n", "```");
    let told = ask(&staff, between("-d '", "'")).await;
    shown["record"] = told["record"].clone();
    assert_eq!(told, shown);
}

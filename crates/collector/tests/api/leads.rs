//! `GET /v1/leads` and `GET /v1/records`: what leaves the collector, for whom, and what the access log says of it.

use candor_collector::{
    operator::Role,
    store::{PersonChange, SuppressionKey},
};
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    staff::Staff,
    support::{TestApp, ebook, link_in},
};

/// Somebody who confirmed, or not; the link to their submission.
async fn person(app: &TestApp, name: &str, statuses: &[(&str, &str)], given_name: &str, confirms: bool) -> String {
    let address = format!("{name}@example.org");
    let mut values = vec![("email", address.as_str())];
    for (purpose, field, value) in [
        ("newsletter", "given_name", given_name),
        ("call", "phone", "01 99 00 56 78"),
    ] {
        if statuses.contains(&(purpose, "given")) {
            values.push((field, value));
        }
    }
    let answer = app.submit(&ebook(app, statuses, &values).await.sign()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let mails = app.mails().await;
    if confirms {
        let link = link_in(mails.last().expect("a mail"), "c");
        assert_eq!(app.post_form(&link, &[]).await.status, StatusCode::OK, "{name}");
    }
    answer.json()["manage"].as_str().expect("a link").to_owned()
}

async fn leads(staff: &Staff<'_>, purpose: &str) -> Vec<Value> {
    let answer = staff.get(&format!("/v1/leads?purpose={purpose}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()["leads"].as_array().expect("leads").clone()
}

async fn addresses(staff: &Staff<'_>, purpose: &str) -> Vec<String> {
    let leads = leads(staff, purpose).await;
    let mut names: Vec<_> = leads
        .iter()
        .map(|lead| lead["values"]["email"].as_str().expect("an address").to_owned())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn only_who_may_be_contacted_and_only_declared_fields() {
    let app = TestApp::start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    let all = [("newsletter", "given"), ("call", "given")];
    person(&app, "ada", &all, "Ada", true).await;
    person(&app, "bob", &[("newsletter", "given")], "Bob", false).await;
    person(&app, "cy", &[], "", false).await;
    let di = person(&app, "di", &[("newsletter", "given")], "Di", true).await;
    app.post_form(&di, &[("withdraw", "newsletter")]).await;
    assert_eq!(addresses(&admin, "newsletter").await, ["ada@example.org"]);
    assert_eq!(addresses(&admin, "call").await, ["ada@example.org"]);
    assert_eq!(addresses(&admin, "partners").await, [""; 0]);
    let everybody = ["ada", "bob", "cy", "di"].map(|name| format!("{name}@example.org"));
    assert_eq!(
        addresses(&admin, "ebook").await,
        everybody,
        "the service was asked for by all"
    );
    let newsletter = &leads(&admin, "newsletter").await[0];
    assert_eq!(
        newsletter["values"],
        json!({"email": "ada@example.org", "given_name": "Ada"})
    );
    assert_eq!(newsletter["state"], "given");
    assert_eq!(newsletter["until"], "2028-05-21T10:00:00.000Z");
    let receipt = newsletter["receipt"].as_str().expect("a link");
    assert_eq!(
        app.get_with(receipt, &[("accept", "application/json")]).await.status,
        StatusCode::OK
    );
    let call = &leads(&admin, "call").await[0];
    assert_eq!(
        call["values"],
        json!({"email": "ada@example.org", "phone": "+33199005678"})
    );
    assert_eq!(
        leads(&admin, "ebook").await[0]["values"]
            .as_object()
            .expect("values")
            .len(),
        1
    );
}

#[tokio::test]
async fn what_ended_is_never_in_it() {
    let app = TestApp::start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    person(&app, "ada", &[("newsletter", "given")], "Ada", true).await;
    person(&app, "bob", &[("newsletter", "given")], "Bob", true).await;
    assert_eq!(addresses(&admin, "newsletter").await.len(), 2);
    let people = app.app.store.people_after(Uuid::nil(), 9).await.expect("read");
    let bob = candor_collector::mailbox::Mailbox::parse("bob@example.org").expect("an address");
    let change = PersonChange {
        suppress: vec![SuppressionKey {
            key: app.app.index.mailbox(&bob),
            kind: candor_collector::index::AddressKind::Email,
            channel: "email".into(),
        }],
        ..PersonChange::of(people[0], app.app.clock.now())
    };
    app.app.store.commit(&change).await.expect("written");
    assert_eq!(addresses(&admin, "newsletter").await, ["ada@example.org"], "suppressed");
    let viewer = Staff::hire(&app, Role::Viewer).await;
    let question = json!({"email": "bob@example.org", "purpose": "newsletter", "channel": "email"});
    let told = viewer.post("/v1/permissions", &question).await.json();
    assert_eq!(
        (told["status"].as_str(), told["record"].is_null()),
        (Some("suppressed"), true),
        "{told}"
    );
    let later = admin.get("/v1/leads?purpose=newsletter&at=2028-05-21T10:00:00Z").await;
    assert_eq!(later.json()["leads"], json!([]), "expired");
    app.clock.advance(SignedDuration::from_hours(24 * 30));
    assert_eq!(
        addresses(&admin, "ebook").await,
        [""; 0],
        "30 days were promised for the ebook"
    );
}

#[tokio::test]
async fn who_asks_for_a_service_again_is_in_it_again() {
    let app = TestApp::start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    person(&app, "ada", &[("newsletter", "given")], "Ada", true).await;
    app.clock.advance(SignedDuration::from_hours(24 * 20));
    person(&app, "ada", &[], "", false).await;
    let records = async || {
        let leads = leads(&admin, "ebook").await;
        let until = |lead: &Value| lead["until"].as_str().expect("an end")[..10].to_owned();
        assert!(leads.iter().all(|lead| lead["state"] == "informed"), "{leads:?}");
        leads.iter().map(until).collect::<Vec<_>>()
    };
    assert_eq!(records().await, ["2026-12-21", "2027-01-10"]);
    let ada = app.ada().await.row.id;
    let one = admin.get(&format!("/v1/leads?purpose=ebook&person={ada}")).await.json();
    assert_eq!(one["leads"].as_array().expect("leads").len(), 2);
    let mailbox = candor_collector::mailbox::Mailbox::parse("ada@example.org").expect("an address");
    let change = PersonChange {
        suppress: vec![SuppressionKey {
            key: app.app.index.mailbox(&mailbox),
            kind: candor_collector::index::AddressKind::Email,
            channel: "email".into(),
        }],
        ..PersonChange::of(ada, app.app.clock.now())
    };
    app.app.store.commit(&change).await.expect("written");
    assert_eq!(leads(&admin, "newsletter").await.len(), 0, "suppressed");
    assert_eq!(records().await.len(), 2, "asked for by the person");
    app.clock.advance(SignedDuration::from_hours(24 * 15));
    assert_eq!(records().await, ["2027-01-10"], "the first one is over");
    let file = candor_collector::access::access(&app.app, &app.ada().await)
        .await
        .expect("read");
    let ebook = file.purposes.iter().find(|row| row.purpose == "ebook").expect("named");
    assert_eq!(ebook.kept_until.expect("an end").to_string()[..10], *"2027-01-10");
    app.clock.advance(SignedDuration::from_hours(24 * 15));
    let why = admin.get(&format!("/v1/leads?purpose=ebook&person={ada}")).await;
    assert_eq!(why.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", why.text());
}

#[tokio::test]
async fn there_is_no_export_without_a_purpose() {
    let app = TestApp::start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    let refused = admin.get("/v1/leads").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text().contains("there is no export without a purpose"));
    assert_eq!(
        admin.get("/v1/leads?purpose=nothing").await.status,
        StatusCode::NOT_FOUND
    );
    person(&app, "cy", &[], "", false).await;
    let cy = app.app.store.people_after(Uuid::nil(), 9).await.expect("read")[0];
    let why = admin.get(&format!("/v1/leads?purpose=newsletter&person={cy}")).await;
    assert_eq!(why.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(why.json()["errors"][0]["code"], "not-given", "{}", why.text());
    let service = admin.get(&format!("/v1/leads?purpose=ebook&person={cy}")).await;
    assert_eq!(service.json()["leads"][0]["values"]["email"], "cy@example.org");
    for role in [Role::Viewer, Role::Dpo] {
        let staff = Staff::hire(&app, role).await;
        let refused = staff.get("/v1/leads?purpose=ebook").await;
        assert_eq!(refused.problem(), "role", "{role:?}");
    }
}

#[tokio::test]
async fn formulas_stay_text() {
    let app = TestApp::start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    for (name, given_name, cell) in [
        ("a", "=1+1", "'=1+1"),
        ("b", "+33", "'+33"),
        ("c", "-2", "'-2"),
        ("d", "@SUM(A1)", "'@SUM(A1)"),
        ("e", "=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
        ("f", "O’Hara, \"Kit\"", "\"O’Hara, \"\"Kit\"\"\""),
        ("g", "Zoë", "Zoë"),
    ] {
        person(&app, name, &[("newsletter", "given")], given_name, true).await;
        let answer = admin.get("/v1/leads?purpose=newsletter&format=csv").await;
        assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8; header=present");
        let text = answer.text();
        assert!(
            text.starts_with("record,state,since,until,receipt,email,given_name\r\n"),
            "{text}"
        );
        assert!(
            text.contains(&format!(",{name}@example.org,{cell}\r\n")),
            "{given_name}: {text}"
        );
    }
}

#[tokio::test]
async fn pages_follow_each_other() {
    let app = TestApp::start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    for name in ["a", "b", "c", "d", "e"] {
        person(&app, name, &[], "", false).await;
    }
    let mut found = Vec::new();
    let mut path = "/v1/leads?purpose=ebook&limit=2".to_owned();
    for page in 0.. {
        let body = admin.get(&path).await.json();
        let leads = body["leads"].as_array().expect("leads");
        found.extend(
            leads
                .iter()
                .map(|lead| lead["record"].as_str().expect("an id").to_owned()),
        );
        let Some(next) = body["next"].as_str() else {
            assert_eq!(page, 2);
            break;
        };
        path = format!("/v1/leads?purpose=ebook&limit=2&cursor={next}");
    }
    found.sort();
    found.dedup();
    assert_eq!(found.len(), 5);
    let csv = admin.get("/v1/leads?purpose=ebook&limit=2&format=csv").await;
    let link = csv.header("link").to_owned();
    let (address, _) = link
        .strip_prefix('<')
        .and_then(|link| link.split_once('>'))
        .expect("a link");
    let second = admin.get(address).await;
    assert!(
        !second.text().starts_with("record,"),
        "one head for all: {}",
        second.text()
    );
}

#[tokio::test]
async fn whoever_is_exported_is_in_the_access_log() {
    let app = TestApp::start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    person(&app, "ada", &[("newsletter", "given")], "Ada", true).await;
    person(&app, "cy", &[], "", false).await;
    admin
        .get("/v1/leads?purpose=newsletter&reason=the+November+letter")
        .await;
    let log = app.app.store.accesses(None, None, 9).await.expect("read");
    let line = |access: &candor_collector::store::operators::Access| {
        (
            access.actor.clone(),
            access.action.clone(),
            access.person.is_some(),
            access.reason.clone(),
        )
    };
    let lines: Vec<_> = log.iter().map(|logged| line(&logged.access)).collect();
    let expected = |is_person| {
        let reason = "newsletter: the November letter".to_owned();
        (admin.id.to_string(), "export-leads".to_owned(), is_person, reason)
    };
    assert_eq!(lines, [expected(true), expected(false)], "Ada, not Cy; newest first");
    let unfit = admin.get("/v1/leads?purpose=newsletter&reason=ada%40example.org").await;
    assert_eq!(unfit.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn records_are_exported_whole_and_sealed_ones_to_the_dpo() {
    let app = TestApp::start().await;
    let dpo = Staff::hire(&app, Role::Dpo).await;
    let admin = Staff::hire(&app, Role::Admin).await;
    let manage = person(&app, "ada", &[("newsletter", "given")], "Ada", true).await;
    app.post_form(&manage, &[("withdraw", "newsletter")]).await;
    let events = |body: &Value| {
        let records = body["records"].as_array().expect("records").clone();
        records
            .iter()
            .map(|record| record["event"].as_str().expect("a word").to_owned())
            .collect::<Vec<_>>()
    };
    let all = ["submission", "confirmation", "withdrawal"];
    let body = admin.get("/v1/records").await.json();
    assert_eq!(events(&body), all);
    assert!(body["records"][0]["receipt"]["payload"].is_string());
    let first = admin.get("/v1/records?limit=2").await.json();
    let next = first["next"].as_str().expect("a next page");
    let second = admin.get(&format!("/v1/records?limit=2&cursor={next}")).await.json();
    assert_eq!([events(&first), events(&second)].concat(), all);
    assert_eq!(events(&admin.get("/v1/records?form=checklist").await.json()), [""; 0]);
    let received = body["records"][0]["received"].as_str().expect("a time");
    let day = &received[..10];
    for (period, count) in [
        (format!("from={day}&to={day}"), 3),
        (format!("from={received}&to={received}"), 3),
        (format!("to={day}T00:00:00Z"), 0),
        ("from=2100-01-01".to_owned(), 0),
    ] {
        let found = admin.get(&format!("/v1/records?{period}")).await.json();
        assert_eq!(events(&found).len(), count, "{period}");
    }
    for (query, detail) in [
        (
            "from=31/03/2026",
            "`from` is neither a day nor a time; write `2026-11-30` or `2026-11-30T12:00:00Z`",
        ),
        (
            "limit=many",
            "`limit` is no whole number of a fitting size; write one such as `50`",
        ),
        ("sealed=yes", "`sealed` is neither yes nor no; write `true` or `false`"),
    ] {
        let refused = admin.get(&format!("/v1/records?{query}")).await;
        assert_eq!(
            (refused.status, refused.json()["errors"][0]["detail"].as_str()),
            (StatusCode::BAD_REQUEST, Some(detail))
        );
    }
    let person = app.app.store.people_after(Uuid::nil(), 9).await.expect("read")[0];
    let chain = Uuid::parse_str(body["records"][0]["chain"].as_str().expect("an id")).expect("an id");
    let change = PersonChange {
        erase: vec![candor_collector::store::Erasure {
            chain,
            keep_until: Some("2031-11-21T10:00:00Z".parse().expect("a time")),
            reason: "erasure".into(),
        }],
        ..PersonChange::of(person, app.app.clock.now())
    };
    app.app.store.commit(&change).await.expect("written");
    assert_eq!(events(&admin.get("/v1/records").await.json()), [""; 0], "sealed");
    assert_eq!(admin.get("/v1/records?sealed=true").await.problem(), "role");
    let sealed = dpo.get("/v1/records").await.json();
    assert_eq!(events(&sealed), all);
    assert_eq!(sealed["records"][0]["sealedUntil"], "2031-11-21T10:00:00.000Z");
    let viewer = Staff::hire(&app, Role::Viewer).await;
    assert_eq!(viewer.get("/v1/records").await.problem(), "role");
}

#[tokio::test]
async fn a_viewer_reads_numbers_and_the_register() {
    let app = TestApp::start().await;
    let viewer = Staff::hire(&app, Role::Viewer).await;
    person(&app, "ada", &[("newsletter", "given")], "Ada", true).await;
    person(&app, "bob", &[("newsletter", "given")], "Bob", false).await;
    let numbers = viewer.get("/v1/stats/purposes").await.json();
    assert_eq!(numbers["people"], 2);
    assert_eq!(numbers["purposes"]["newsletter"], json!({"given": 1, "pending": 1}));
    assert_eq!(numbers["purposes"]["ebook"], json!({"informed": 2}));
    let register = viewer.get("/v1/register?lang=en").await;
    assert_eq!(register.status, StatusCode::OK);
    assert!(register.text().contains("newsletter"), "{}", register.text());
    for path in [
        "/v1/stats/purposes",
        "/v1/register",
        "/v1/leads?purpose=ebook",
        "/v1/records",
    ] {
        assert_eq!(app.get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

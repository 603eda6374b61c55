//! Leads qualified by the owner's rules: only with the purpose, with every reason, used only after a person validated them, and
//! gone with the permission.

use std::{fs, path::Path};

use candor_collector::{
    clock::{Clock, SystemRandomness},
    operator::Role,
    sweep::{Mode, sweep},
    values::renew,
};
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    staff::Staff,
    support::{Answer, Draft, TestApp},
};

mod doubt;

/// A server with the form that asks whether people may be profiled.
pub(crate) async fn start() -> TestApp {
    TestApp::start_with(|config| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms/qualify.json");
        let forms = config.forms.as_ref().expect("a folder");
        fs::copy(source, forms.join("qualify.json")).expect("copied");
    })
    .await
}

fn rules() -> Value {
    serde_json::from_str(include_str!("../rules/b2b-leads.json")).expect("rules")
}

/// Somebody who sent the form; the link to what they sent.
async fn send(app: &TestApp, name: &str, role: &str, statuses: &[(&str, &str)]) -> String {
    let email = format!("{name}@acme.example");
    let values = [("email", email.as_str()), ("role", role), ("utm_campaign", "audit")];
    let draft = Draft::new(&app.compiled("qualify", "fr").await, app.clock.now(), statuses, &values);
    let answer = app.submit(&draft.sign()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()["manage"].as_str().expect("a link").to_owned()
}

const YES: &[(&str, &str)] = &[("qualify", "given")];

async fn run(staff: &Staff<'_>) -> Value {
    let answer = staff.post("/v1/qualifications/run", &rules()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()["outcome"].clone()
}

async fn listed(staff: &Staff<'_>, state: &str) -> Vec<Value> {
    let answer = staff
        .get(&format!(
            "/v1/qualifications?purpose=qualify&state={state}&reason=review"
        ))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()["qualifications"].as_array().expect("results").clone()
}

async fn decide(staff: &Staff<'_>, word: &str, ids: &[&Value]) -> Answer {
    let body = json!({"reason": "read one by one", "ids": ids});
    staff.post(&format!("/v1/qualifications/{word}"), &body).await
}

#[tokio::test]
async fn a_score_needs_the_purpose_and_says_why() {
    let app = start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    send(&app, "ada", "cto", YES).await;
    send(&app, "bob", "CTO", &[]).await;
    send(&app, "cy", "assistant", YES).await;
    let outcome = run(&admin).await;
    let count = |name: &str| outcome[name].as_u64().expect("a count");
    assert_eq!(
        ["people", "mql", "sql", "waiting"].map(count),
        [2, 1, 0, 1],
        "Bob did not agree, Cy stays below: {outcome}"
    );
    let waiting = listed(&admin, "waiting").await;
    let [result] = &waiting[..] else {
        panic!("one result: {waiting:?}")
    };
    assert_eq!((&result["grade"], &result["score"]), (&json!("mql"), &json!(25)));
    assert_eq!(result["thresholds"], json!({"mql": 20, "sql": 40}));
    assert_eq!(
        result["reasons"],
        json!([
            {"rule": "role", "about": "field role", "class": "decision maker", "weight": 15},
            {"rule": "mail", "about": "field email", "class": "company mailbox", "weight": 10}
        ])
    );
    assert_eq!(result["rules"], outcome["rules"]);
    assert!(
        app.count("access_log WHERE action = 'qualify' AND reason LIKE 'b2b-leads, sha256-%'")
            .await
            == 2
    );
    // What was typed stands in no result, and no class in the clear in any file.
    assert!(!result.to_string().contains("acme.example"), "{result}");
    for entry in fs::read_dir(app.folder.path().join("data")).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            let bytes = fs::read(&path).expect("read");
            // The rules themselves are the owner's and are kept; a person's reasons are sealed.
            let found = bytes.windows(10).filter(|window| window == b"field role").count();
            assert_eq!(found, 0, "{}", path.display());
        }
    }
}

#[tokio::test]
async fn nothing_is_qualified_before_a_person_said_so() {
    let app = start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    send(&app, "ada", "CTO", YES).await;
    send(&app, "bob", "CIO", YES).await;
    run(&admin).await;
    assert!(exported(&app).await.is_empty(), "nobody looked at them");
    let waiting = listed(&admin, "waiting").await;
    let ids: Vec<&Value> = waiting.iter().map(|result| &result["id"]).collect();
    // A list with one that is none decides nothing.
    let stranger = json!("00000000-0000-4000-8000-000000000000");
    assert_eq!(
        decide(&admin, "validate", &[ids[0], &stranger]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(listed(&admin, "waiting").await.len(), 2);
    let one = format!("/v1/qualifications/{}/reject", ids[1].as_str().expect("an id"));
    assert_eq!(
        admin.post(&one, &json!({"reason": "no need"})).await.status,
        StatusCode::OK
    );
    assert_eq!(
        decide(&admin, "validate", &ids).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "one was decided"
    );
    assert_eq!(decide(&admin, "validate", &ids[..1]).await.status, StatusCode::OK);
    let exported = exported(&app).await;
    let [lead] = &exported[..] else { panic!("{exported:?}") };
    assert_eq!(lead["qualification"]["validatedBy"], json!(admin.id.to_string()));
    assert_eq!(lead["qualification"]["validated"], "2026-11-21T10:00:00.000Z");
    let fields: Vec<&String> = lead["values"].as_object().expect("values").keys().collect();
    assert_eq!(fields, ["email", "role", "utm_campaign"], "the fields of the purpose");
    // Another run changes nothing about what was decided; another answer of the person does.
    assert_eq!(run(&admin).await["unchanged"], 2);
    assert_eq!(listed(&admin, "validated").await.len(), 1);
}

async fn exported(app: &TestApp) -> Vec<Value> {
    use candor_collector::{
        export::{leads::Export, qualified::qualified},
        operator::Operator,
    };
    let purpose = "qualify".parse().expect("an id");
    let export = Export::begin(&app.app, Operator::COMMAND, purpose, app.clock.now(), "test").await;
    let export = export.expect("begun").expect("a purpose");
    let found = qualified(&app.app, &export).await.expect("exported");
    let sheet = candor_collector::export::qualified::csv(&export, &found);
    assert_eq!(sheet.lines().count(), found.len() + 1, "{sheet}");
    found.iter().map(|lead| lead.json()).collect()
}

#[tokio::test]
async fn a_withdrawal_ends_it_at_once() {
    let app = start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    let link = send(&app, "ada", "CTO", YES).await;
    send(&app, "bob", "CTO", YES).await;
    run(&admin).await;
    let waiting = listed(&admin, "waiting").await;
    let ids: Vec<&Value> = waiting.iter().map(|result| &result["id"]).collect();
    assert_eq!(decide(&admin, "validate", &ids).await.status, StatusCode::OK);
    assert_eq!(exported(&app).await.len(), 2);
    let page = app.post_form(&link, &[("withdraw", "qualify")]).await;
    assert!(
        page.status.is_success() || page.status.is_redirection(),
        "{}",
        page.text()
    );
    assert_eq!(app.count("qualifications").await, 1, "in the same transaction");
    assert_eq!(exported(&app).await.len(), 1);
    assert_eq!(run(&admin).await["people"], 1);
}

#[tokio::test]
async fn an_erasure_and_a_correction_take_it_along() {
    let app = start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    send(&app, "ada", "CTO", YES).await;
    send(&app, "bob", "CTO", YES).await;
    run(&admin).await;
    let people: Vec<String> = listed(&admin, "waiting")
        .await
        .iter()
        .map(|result| result["person"].as_str().expect("an id").to_owned())
        .collect();
    let rectify = json!({"reason": "asked", "values": {"role": "assistant"}});
    let answer = admin.post(&format!("/v1/people/{}/rectify", people[0]), &rectify).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(app.count("qualifications").await, 1, "made from what was wrong");
    let answer = admin
        .post(&format!("/v1/people/{}/erase", people[1]), &json!({"reason": "asked"}))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(app.count("qualifications").await, 0);
    assert_eq!(run(&admin).await["waiting"], 0, "ten points are not enough");
}

#[tokio::test]
async fn time_ends_it_with_the_consent() {
    let app = start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    send(&app, "ada", "CTO", YES).await;
    run(&admin).await;
    app.clock.advance(SignedDuration::from_hours(24 * 200));
    assert!(
        listed(&admin, "waiting").await.is_empty(),
        "shown to nobody, though no sweep came yet"
    );
    let rehearsed = sweep(&app.app, Mode::Rehearse).await.expect("swept").to_json();
    assert_eq!(
        (&rehearsed["qualifications"], app.count("qualifications").await),
        (&json!(1), 1)
    );
    sweep(&app.app, Mode::Act).await.expect("swept");
    assert_eq!(app.count("qualifications").await, 0);
    assert_eq!(app.count("qualification_rules").await, 0, "nothing names them any more");
}

#[tokio::test]
async fn a_restriction_lets_it_rest() {
    let app = start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    send(&app, "ada", "CTO", YES).await;
    run(&admin).await;
    let person = listed(&admin, "waiting").await[0]["person"]
        .as_str()
        .expect("an id")
        .to_owned();
    let act = async |word: &str| {
        let answer = admin
            .post(&format!("/v1/people/{person}/{word}"), &json!({"reason": "contested"}))
            .await;
        assert!(answer.status.is_success(), "{word}: {}", answer.text());
    };
    act("restrict").await;
    assert!(listed(&admin, "waiting").await.is_empty(), "shown to nobody");
    assert_eq!(run(&admin).await["people"], 0);
    sweep(&app.app, Mode::Act).await.expect("swept");
    assert_eq!(app.count("qualifications").await, 1, "and kept");
    act("unrestrict").await;
    assert_eq!(listed(&admin, "waiting").await.len(), 1);
}

#[tokio::test]
async fn the_person_reads_it_and_a_rotation_keeps_it() {
    let app = start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    send(&app, "ada", "CTO", YES).await;
    run(&admin).await;
    renew(app.app.store.as_ref(), &app.app.values, &SystemRandomness)
        .await
        .expect("renewed");
    assert_eq!(app.count("qualifications WHERE values_key = 2").await, 1);
    let person = listed(&admin, "waiting").await[0]["person"]
        .as_str()
        .expect("an id")
        .to_owned();
    let answer = admin
        .post(&format!("/v1/people/{person}/export"), &json!({"reason": "asked"}))
        .await;
    let data = answer.json();
    assert_eq!(
        data["qualifications"][0]["reasons"][0]["class"], "decision maker",
        "{data}"
    );
    assert_eq!(data["qualifications"][0]["state"], "waiting");
    assert!(
        data["qualifications"][0].get("decidedBy").is_none(),
        "no names of staff"
    );
    let person = candor_collector::person::Person::open(&app.app, person.parse().expect("an id")).await;
    let person = person.expect("read").expect("known");
    let access = candor_collector::access::access(&app.app, &person).await.expect("read");
    let page = candor_collector::pages::person::DataPage::new(&app.app, &person, None, &access);
    let html = askama::Template::render(&page).expect("a page");
    for words in [
        "decision maker",
        "+15",
        "25 points",
        "Pas encore contrôlé",
        "Notation par des règles",
    ] {
        assert!(html.contains(words), "{words}: {html}");
    }
}

#[tokio::test]
async fn rules_that_go_too_far_do_not_run() {
    let app = start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    send(&app, "ada", "CTO", YES).await;
    let check = async |pointer: &str, value: Value, code: &str, at: &str| {
        let mut rules = rules();
        *rules.pointer_mut(pointer).expect("a place") = value;
        let answer = admin.post("/v1/qualifications/run", &rules).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{code}: {}",
            answer.text()
        );
        let errors = answer.json()["errors"].as_array().expect("errors").clone();
        let found = errors
            .iter()
            .any(|error| error["code"] == code && error["pointer"] == at);
        assert!(found, "{code} at {at}: {errors:?}");
    };
    check(
        "/rules/0/field",
        json!("name"),
        "C-QUAL-WRONG-PURPOSE",
        "/rules/0/field",
    )
    .await;
    check(
        "/rules/0/field",
        json!("question"),
        "C-QUAL-FREE-TEXT",
        "/rules/0/field",
    )
    .await;
    check("/rules/0/class", json!("religion"), "C-QUAL-SPECIAL", "/rules/0/class").await;
    check("/rules/3/event", json!("open"), "C-QUAL-OPEN", "/rules/3/event").await;
    check("/purpose", json!("demo"), "C-QUAL-PURPOSE", "/purpose").await;
    check("/purpose", json!("offers"), "C-QUAL-PURPOSE", "/purpose").await;
    assert_eq!(app.count("qualifications").await, 0);
    assert_eq!(app.count("access_log").await, 0, "nobody was looked at");
    let viewer = Staff::hire(&app, Role::Viewer).await;
    for answer in [
        viewer.post("/v1/qualifications/run", &rules()).await,
        viewer.get("/v1/qualifications?reason=x").await,
        decide(&viewer, "validate", &[&json!("00000000-0000-4000-8000-000000000000")]).await,
    ] {
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text());
    }
}

#[tokio::test]
async fn a_rehearsal_keeps_nothing_and_clicks_count_from_the_consent_on() {
    let app = start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    send(&app, "ada", "CTO", YES).await;
    let click = async |at: &str| {
        let body = json!({"email": "ada@acme.example", "kind": "click", "at": at});
        assert_eq!(admin.post("/v1/contacts", &body).await.status, StatusCode::ACCEPTED);
    };
    click("2026-11-20T10:00:00Z").await;
    click("2026-11-21T09:00:00Z").await;
    let rehearsed = admin.post("/v1/qualifications/run?dryRun=true", &rules()).await.json();
    assert_eq!(
        (&rehearsed["dryRun"], &rehearsed["outcome"]["mql"]),
        (&json!(true), &json!(1))
    );
    assert_eq!(app.count("qualifications").await, 0);
    run(&admin).await;
    let before = listed(&admin, "waiting").await;
    assert_eq!(before[0]["score"], 25, "clicks from before the consent do not count");
    app.clock.advance(SignedDuration::from_hours(48));
    click("2026-11-22T10:00:00Z").await;
    click("2026-11-23T09:00:00Z").await;
    let outcome = run(&admin).await;
    assert_eq!(outcome["waiting"], 1, "another content: {outcome}");
    let after = listed(&admin, "waiting").await;
    assert_eq!(after[0]["score"], 35);
    assert_ne!(after[0]["id"], before[0]["id"], "one id has one content");
    assert_eq!(
        decide(&admin, "validate", &[&before[0]["id"]]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

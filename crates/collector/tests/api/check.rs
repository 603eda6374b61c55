//! `POST /v1/check`: the diagnostics of `candor check` over HTTP, and which of them stop a publication.

use candor_collector::{
    forms::{Folder, FormsError, LiveForms},
    register::{html, register},
};
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use std::fs;

use crate::support::{Answer, PUBLIC_URL, TestApp};

const FORM: &str = include_str!("../../../../www/forms/ebook-rgpd.json");

/// Calls that the law of France admitted until 10 August 2026.
fn calls_on_interest() -> Value {
    let mut form: Value = serde_json::from_str(FORM).expect("JSON");
    let call = &mut form["purposes"][2];
    assert_eq!(call["id"], "call");
    call["basis"] = json!("legitimate-interest");
    call.as_object_mut().expect("an object").remove("validity");
    call["statement"] = json!({
        "fr": "Acme Conseil peut vous appeler pour proposer ses services. Vous pouvez vous y opposer.",
        "en": "Acme Conseil may call you to offer its services. You may object.",
    });
    call["interest"] = json!({
        "fr": "notre intérêt à faire connaître nos services",
        "en": "our interest in making our services known",
    });
    call["assessment"] = json!("LIA-2026-07");
    call["objection"] = json!({ "fr": "Ne m’appelez pas.", "en": "Do not call me." });
    let phone = &mut form["fields"][2];
    assert_eq!(phone["id"], "phone");
    phone.as_object_mut().expect("an object").remove("when");
    phone["required"] = json!(false);
    form
}

/// The same as a form of its own: `call` has another meaning in the demo's.
pub(crate) fn calls_form() -> Value {
    let mut form = calls_on_interest();
    form["id"] = json!("calls");
    form["purposes"][2]["id"] = json!("call-interest");
    for field in form["fields"].as_array_mut().expect("fields") {
        for purpose in field["purposes"].as_array_mut().expect("purposes") {
            if *purpose == "call" {
                *purpose = json!("call-interest");
            }
        }
    }
    form
}

async fn check(app: &TestApp, query: &str, headers: &[(&str, &str)], body: String) -> Answer {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(format!("/v1/check{query}"))
        .header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(body.into()).expect("a request")).await
}

fn rules(answer: &Answer) -> Vec<String> {
    let list = answer.json();
    let list = list.as_array().expect("a list");
    list.iter()
        .filter(|told| told["severity"] == "error")
        .map(|told| told["rule"].as_str().expect("an id").to_owned())
        .collect()
}

#[tokio::test]
async fn the_law_of_a_day_is_told_at_its_place() {
    let app = TestApp::start().await;
    let text = serde_json::to_string_pretty(&calls_on_interest()).expect("JSON");
    let answer = check(&app, "?at=2026-08-11", &[], text.clone()).await;
    assert_eq!(
        (answer.status, answer.header("access-control-allow-origin")),
        (StatusCode::OK, "*")
    );
    let told = answer.json();
    let told = told
        .as_array()
        .expect("a list")
        .iter()
        .find(|told| told["rule"] == "C-FR-PHONE-01");
    let told = told.expect("it is told");
    assert_eq!(told["pointer"], "/purposes/2/basis");
    let line = text
        .lines()
        .nth(told["line"].as_u64().expect("a line") as usize - 1)
        .expect("the line");
    assert!(line.contains("legitimate-interest"), "{line}");
    let french = check(&app, "?at=2026-08-11&lang=fr", &[], text.clone()).await.text();
    assert!(french.contains("prospecte par téléphone"), "{french}");
    let before = check(&app, "?at=2026-08-10", &[], text.clone()).await;
    assert!(!rules(&before).contains(&"C-FR-PHONE-01".to_owned()));
    let sarif = check(&app, "?at=2026-08-11", &[("accept", "application/sarif+json")], text).await;
    assert_eq!(sarif.header("content-type"), "application/sarif+json");
    let results = sarif.json()["runs"][0]["results"].clone();
    assert!(
        results
            .as_array()
            .expect("a list")
            .iter()
            .any(|result| result["ruleId"] == "C-FR-PHONE-01")
    );
}

#[tokio::test]
async fn what_is_no_question_is_refused() {
    let app = TestApp::start().await;
    for (query, pointer) in [("?at=soon", "?at"), ("?lang=de", "?lang")] {
        let answer = check(&app, query, &[], FORM.to_owned()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(answer.text().contains(pointer), "{}", answer.text());
    }
    let broken = check(&app, "", &[], "{".to_owned()).await;
    assert_eq!(rules(&broken), ["C-DEF-JSON"]);
    let huge = check(&app, "", &[], " ".repeat(300 * 1024)).await;
    assert_eq!(huge.problem(), "too-large");
}

#[tokio::test]
async fn a_form_against_the_law_is_published_by_name_of_the_rule_only() {
    let app = TestApp::start().await;
    let folder = app.folder.path().join("unlawful");
    fs::create_dir(&folder).expect("made");
    fs::write(folder.join("calls.json"), calls_form().to_string()).expect("written");
    let load = async |allow: &[&str], at: &str| {
        let allow: Vec<String> = allow.iter().map(ToString::to_string).collect();
        let folder = Folder {
            path: Some(&folder),
            allow: &allow,
        };
        let at = at.parse().expect("a time");
        LiveForms::load(folder, PUBLIC_URL, app.app.store.as_ref(), at)
            .await
            .map(|_| ())
    };
    let after = "2026-08-11T00:00:00Z";
    let refused = load(&[], after).await.expect_err("refused");
    assert!(
        matches!(refused, FormsError::Refused { .. }) && refused.to_string().contains("C-FR-PHONE-01"),
        "{refused}"
    );
    assert_eq!(app.count("exceptions").await, 0);
    load(&["C-FR-PHONE-01"], after).await.expect("allowed");
    assert_eq!(
        app.count("exceptions WHERE rule = 'C-FR-PHONE-01' AND form = 'calls'")
            .await,
        1
    );
    // The decision stands where whoever answers for it reads.
    let register = register(app.app.store.as_ref(), after.parse().expect("a time"), "en").await;
    let register = register.expect("readable");
    let form = register
        .forms
        .iter()
        .find(|form| form.id == "calls")
        .expect("published");
    assert_eq!(
        form.exceptions.iter().map(|it| it.rule.as_str()).collect::<Vec<_>>(),
        ["C-FR-PHONE-01"]
    );
    let page = html::register(&register, "").expect("a page");
    assert!(page.contains("C-FR-PHONE-01"), "{page}");
    // What is published stays published: a start without the option serves it on.
    load(&[], after).await.expect("already published");
}

//! `/v1/webhooks`: who may, what is refused and why, and what a list says.

use std::fs;

use candor_collector::operator::Role;
use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};

use super::{NAME, add, correct, one_who_has_ada, row, start, tell, told};
use crate::{
    person::Somebody,
    receiver::{Manner, Receiver},
    staff::{Staff, token},
    support::{Answer, TestApp, ebook},
};

#[tokio::test]
async fn a_target_without_its_party_is_refused_with_the_reason() {
    let app = TestApp::start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    let check = async |change: Value, pointer: &str, words: &str| {
        let mut body = json!({
            "url": "https://hook.example/in",
            "purpose": "newsletter",
            "party": "mailer",
            "contract": "2026-01-15",
        });
        for (name, value) in change.as_object().expect("members") {
            body[name] = value.clone();
        }
        let answer = admin.post("/v1/webhooks", &body).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{change}: {}",
            answer.text()
        );
        let errors = answer.json()["errors"].clone();
        let found = errors.as_array().expect("errors").iter().any(|error| {
            error["pointer"] == pointer && error["detail"].as_str().is_some_and(|detail| detail.contains(words))
        });
        assert!(found, "{change}: {errors}");
    };
    check(json!({"party": null}), "/party", "one of `mailer`").await;
    check(json!({"party": ""}), "/party", "one of `mailer`").await;
    check(json!({"party": "partner"}), "/party", "not a recipient").await;
    check(json!({"party": "nobody"}), "/party", "not a recipient").await;
    check(
        json!({"party": "acme"}),
        "/party",
        "a controller does not pass data to itself",
    )
    .await;
    check(json!({"party": "not an id"}), "/party", "not the id").await;
    check(json!({"purpose": "call", "party": null}), "/party", "none").await;
    check(json!({"purpose": "unknown"}), "/purpose", "no published form").await;
    check(json!({"purpose": "ebook"}), "/purpose", "what the person asked for").await;
    check(
        json!({"purpose": "partners", "party": "partner", "contract": null}),
        "/contract",
        "date of the contract",
    )
    .await;
    check(json!({"contract": "2030-01-01"}), "/contract", "does not hold yet").await;
    check(json!({"audited": "2030-01-01"}), "/audited", "has not been made").await;
    check(
        json!({"url": "http://hook.example/in"}),
        "/url",
        "http is admitted only",
    )
    .await;
    check(json!({"url": "https://10.0.0.1/in"}), "/url", "--target-network").await;
    check(json!({"url": null}), "/url", "https").await;
    check(json!({"kind": "telepathy"}), "/kind", "`webhook`").await;
    check(json!({"options": {"list": 1}}), "/options/list", "no options").await;
    check(
        json!({"secrets": {"secret": "whsec_c2hvcnQ="}}),
        "/secrets/secret",
        "24 to 64",
    )
    .await;
    check(json!({"secrets": {"token": "x"}}), "/secrets/token", "one secret").await;
    check(json!({"name": "a\nb"}), "/name", "one line").await;
    assert_eq!(app.count("targets").await, 0);

    // The contract may come from the definition.
    let body = json!({"url": "https://hook.example/in", "purpose": "newsletter", "party": "mailer"});
    let answer = admin.post("/v1/webhooks", &body).await.json();
    assert_eq!(answer["contract"], "2026-03-01", "{answer}");
}

async fn request(app: &TestApp, bearer: &str, method: Method, path: &str, body: &Value) -> Answer {
    let request = Request::builder().method(method).uri(path);
    let request = request
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {bearer}"));
    app.send(request.body(body.to_string().into()).expect("a request"))
        .await
}

#[tokio::test]
async fn only_an_admin_has_to_do_with_receivers() {
    let app = start().await;
    let receiver = Receiver::start();
    let id = add(&app, &receiver, "newsletter", "mailer").await["id"].clone();
    let one = format!("/v1/webhooks/{}", id.as_str().expect("an id"));
    let routes = [
        (Method::POST, "/v1/webhooks".to_owned()),
        (Method::GET, "/v1/webhooks".to_owned()),
        (Method::GET, one.clone()),
        (Method::DELETE, one.clone()),
        (Method::PATCH, one.clone()),
        (Method::POST, format!("{one}/rotate")),
        (Method::POST, format!("{one}/test")),
        (Method::POST, format!("{one}/replay")),
        (Method::GET, format!("{one}/deliveries")),
    ];
    let body = json!({"purpose": "newsletter"});
    for (method, path) in &routes {
        for role in [Role::Viewer, Role::Dpo] {
            let (_, bearer) = token(&app, role).await;
            let answer = request(&app, &bearer, method.clone(), path, &body).await;
            assert_eq!(
                (answer.status, answer.problem().as_str()),
                (StatusCode::FORBIDDEN, "role"),
                "{method} {path}"
            );
        }
        let answer = request(&app, "nobody", method.clone(), path, &body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
    }
    let (_, admin) = token(&app, Role::Admin).await;
    for (method, path) in &routes[2..] {
        let unknown = path.replace(id.as_str().expect("an id"), "00000000-0000-4000-8000-000000000000");
        let answer = request(&app, &admin, method.clone(), &unknown, &json!({})).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {unknown}");
    }
    for (path, role, expected) in [
        ("restrict", Role::Viewer, 403),
        ("unrestrict", Role::Viewer, 403),
        ("restrict", Role::Dpo, 404),
    ] {
        let (_, bearer) = token(&app, role).await;
        let path = format!("/v1/people/00000000-0000-4000-8000-000000000000/{path}");
        let answer = request(&app, &bearer, Method::POST, &path, &json!({"reason": "letter"})).await;
        assert_eq!(answer.status.as_u16(), expected, "{path}");
    }
    assert_eq!(receiver.connections(), 0);
}

#[tokio::test]
async fn a_test_shows_whether_a_receiver_answers_and_names_nobody() {
    let app = start().await;
    let receiver = Receiver::start();
    let id = add(&app, &receiver, "newsletter", "mailer").await["id"].clone();
    let admin = Staff::hire(&app, Role::Admin).await;
    let path = format!("/v1/webhooks/{}/test", id.as_str().expect("an id"));
    let ok = admin.post(&path, &json!({})).await.json();
    assert_eq!((&ok["ok"], &ok["status"]), (&json!(true), &json!(200)), "{ok}");
    receiver.behave(Manner::Hang);
    let failed = admin.post(&path, &json!({})).await.json();
    assert_eq!(
        (&failed["ok"], &failed["why"]),
        (&json!(false), &json!("timeout")),
        "{failed}"
    );
    let body = receiver.received()[0].json();
    assert_eq!((&body["type"], &body["data"]), (&json!("target.test"), &json!({})));
    assert_eq!(app.count("deliveries").await, 0, "nothing is queued");
}

#[tokio::test]
async fn old_contracts_and_audits_are_marked_until_they_are_renewed() {
    let app = start().await;
    let receiver = Receiver::start();
    let id = add(&app, &receiver, "newsletter", "mailer").await["id"].clone();
    let path = format!("/v1/webhooks/{}", id.as_str().expect("an id"));
    let see = async || {
        let admin = Staff::hire(&app, Role::Admin).await;
        admin.get(&path).await.json()["old"].clone()
    };
    assert_eq!(see().await, json!([]));
    app.clock.set("2027-01-15T10:00:00Z".parse().expect("a time"));
    assert_eq!(see().await, json!(["audit"]));
    app.clock.set("2029-01-15T10:00:00Z".parse().expect("a time"));
    assert_eq!(see().await, json!(["contract", "audit"]));
    let staff = Staff::hire(&app, Role::Admin).await;
    let register = staff.get("/v1/register").await.json();
    let rows = register["activities"].as_array().expect("rows").iter();
    let receiving: Vec<_> = rows.filter(|row| row["receivers"].is_array()).collect();
    assert_eq!(receiving.len(), 1, "{register}");
    assert_eq!(receiving[0]["purpose"], "newsletter");
    let expected = json!([{
        "party": "Courrier Exemple SA", "kind": "webhook", "contract": "2026-01-15", "old": ["contract", "audit"], "people": 0,
    }]);
    assert_eq!(receiving[0]["receivers"], expected);
    let (_, admin) = token(&app, Role::Admin).await;
    let change = json!({"contract": "2029-01-10", "audited": "2029-01-02"});
    let answer = request(&app, &admin, Method::PATCH, &path, &change).await;
    assert_eq!(
        (answer.status, answer.json()["old"].clone()),
        (StatusCode::OK, json!([]))
    );
    let future = request(&app, &admin, Method::PATCH, &path, &json!({"audited": "2031-01-01"})).await;
    assert_eq!(future.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_closed_target_gets_no_more_leads_and_hears_of_endings() {
    let app = start().await;
    let (receiver, added, somebody) = one_who_has_ada(&app).await;
    let id = added["id"].clone();
    let path = format!("/v1/webhooks/{}", id.as_str().expect("an id"));
    let (_, admin) = token(&app, Role::Admin).await;
    let closed = request(&app, &admin, Method::DELETE, &path, &json!({})).await;
    assert_eq!(
        closed.json(),
        json!({"closed": true, "abandoned": false, "holds": 1}),
        "{}",
        closed.text()
    );
    let draft = ebook(&app, &[("newsletter", "given")], &[("email", "bob@example.org"), NAME]).await;
    Somebody::proved(&app, &draft).await;
    correct(&app, &somebody).await;
    tell(&app).await;
    assert_eq!(receiver.received().len(), 1, "no more leads");
    let staff = Staff::hire(&app, Role::Admin).await;
    staff
        .post(
            &format!("/v1/people/{}/erase", somebody.id),
            &json!({"reason": "letter"}),
        )
        .await;
    tell(&app).await;
    assert_eq!(told(&receiver.received())[1..], [row("lead.ended", "erased", "erase")]);
    // It holds nothing any more: secrets are gone, the proof stays.
    let gone = staff.get("/v1/webhooks").await.json()["webhooks"][0].clone();
    assert!(gone["removed"].is_string() && gone["url"].is_null(), "{gone}");
    assert_eq!(app.count("targets WHERE length(settings_sealed) = 0").await, 1);
    assert_eq!(app.count("deliveries WHERE state = 'delivered'").await, 2);
}

#[tokio::test]
async fn an_abandoned_target_hears_nothing_and_the_answer_says_who_is_left() {
    let app = start().await;
    let (receiver, added, somebody) = one_who_has_ada(&app).await;
    let id = added["id"].clone();
    let (_, admin) = token(&app, Role::Admin).await;
    let path = format!("/v1/webhooks/{}?abandon=true", id.as_str().expect("an id"));
    let answer = request(&app, &admin, Method::DELETE, &path, &json!({})).await;
    assert_eq!(answer.json()["holds"], 1);
    somebody.press(&app, &[("withdraw", "newsletter")]).await;
    tell(&app).await;
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn deliveries_are_listed_page_by_page() {
    let app = start().await;
    let receiver = Receiver::start();
    let id = add(&app, &receiver, "newsletter", "mailer").await["id"].clone();
    for number in 0..5 {
        let address = format!("p{number}@example.org");
        let draft = ebook(&app, &[("newsletter", "given")], &[("email", address.as_str()), NAME]).await;
        Somebody::proved(&app, &draft).await;
        app.clock
            .advance(jiff::SignedDuration::from_millis(u32::from(number % 2 == 0).into()));
    }
    tell(&app).await;
    let admin = Staff::hire(&app, Role::Admin).await;
    let path = format!("/v1/webhooks/{}/deliveries?limit=2", id.as_str().expect("an id"));
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    for _ in 0..4 {
        let page = admin.get(&format!("{path}{cursor}")).await.json();
        ids.extend(
            page["deliveries"]
                .as_array()
                .expect("deliveries")
                .iter()
                .map(|row| row["id"].to_string()),
        );
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5, "each once");
    let wrong = admin.get(&format!("{path}&state=lost")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_breach_names_who_had_been_sent_the_data() {
    let app = start().await;
    let (receiver, target, _) = one_who_has_ada(&app).await;
    assert_eq!(receiver.received().len(), 1);
    let dpo = Staff::hire(&app, Role::Dpo).await;
    let breach = async |query: &str| {
        let path = format!("/v1/breach?from=2026-11-01T00:00:00Z&reason=incident{query}");
        let answer = dpo.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    };
    let found = breach("&to=2026-11-30T00:00:00Z").await;
    assert_eq!(found["received"][0]["target"], target["id"]);
    assert_eq!(found["received"][0]["party"], "Courrier Exemple SA");
    assert_eq!(found["received"][0]["people"], 1);
    let called = "Courrier Exemple SA (webhook)";
    assert_eq!(
        found["people"][0]["received"],
        json!([called]),
        "also one without a name"
    );
    let other = breach("&to=2026-11-30T00:00:00Z&purpose=ebook").await;
    assert_eq!(other["received"], json!([]), "it got nothing for that purpose");
    assert_eq!(other["people"][0]["received"], json!([]));
}

/// Two forms may call two companies by one id; a receiver is only one of them.
#[tokio::test]
async fn a_party_is_one_company() {
    let app = TestApp::start_with(|config| {
        let forms = config.forms.clone().expect("forms");
        let text = fs::read_to_string(forms.join("ebook-rgpd.json")).expect("read");
        let mut form: Value = serde_json::from_str(&text).expect("a definition");
        form["id"] = json!("another");
        for party in form["parties"].as_array_mut().expect("parties") {
            if party["id"] == "mailer" {
                party["name"] = json!("Autre Routeur SARL");
            }
        }
        fs::write(forms.join("another.json"), form.to_string()).expect("written");
    })
    .await;
    let admin = Staff::hire(&app, Role::Admin).await;
    let body = json!({"url": "https://hook.example/in", "purpose": "newsletter", "party": "mailer"});
    let answer = admin.post("/v1/webhooks", &body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    let error = answer.json()["errors"][0].clone();
    assert_eq!(
        (&error["pointer"], &error["code"]),
        (&json!("/party"), &json!("ambiguous"))
    );
    assert_eq!(
        error["detail"],
        "the forms call different parties `mailer`: Autre Routeur SARL and Courrier Exemple SA; give one of them another id"
    );
}

//! The operators' side: roles, tokens, the access log, the requests of people and their month.

use std::fs;

use axum::{Router, body::Body, middleware, routing::get};
use candor_collector::{
    app::App,
    clock::{Random, SystemRandomness},
    http::{error::ApiError, problem},
    operator::{Operator, OperatorId, Permission, Role, Token, may},
    requests::RequestKind,
    store::operators::NewToken,
};
use http::{Method, Request, StatusCode, header};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;

use crate::support::{Answer, TestApp};

/// A living token of this role, with its id.
async fn token(app: &TestApp, role: Role) -> (Uuid, String) {
    let token = Token::generate(&SystemRandomness);
    let id = SystemRandomness.uuid();
    let new = NewToken {
        id,
        name: "a test".into(),
        role,
        hash: token.hash(),
        created: app.app.clock.now(),
    };
    app.app.store.create_token(&new).await.expect("created");
    (id, token.reveal().to_owned())
}

async fn read(app: &TestApp, path: &str, token: &str) -> Answer {
    app.get_with(path, &[("authorization", &format!("Bearer {token}"))])
        .await
}

async fn answer(app: &TestApp, id: &str, token: &str, body: &Value) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("/v1/requests/{id}/answer"));
    let request = request
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    app.send(request.body(body.to_string().into()).expect("a request"))
        .await
}

/// One route for each permission, behind the same extractor and the same documents as all others.
fn probes(app: &App) -> Router {
    let mut router = Router::new();
    for (number, permission) in Permission::ALL.into_iter().enumerate() {
        let probe = async move |operator: Operator| -> Result<&'static str, ApiError> {
            operator.require(permission)?;
            Ok("done")
        };
        router = router.route(&format!("/v1/{number}"), get(probe));
    }
    let documents = middleware::from_fn_with_state(app.clone(), problem::documents);
    router.layer(documents).with_state(app.clone())
}

#[tokio::test]
async fn each_role_does_what_the_table_says() {
    let app = TestApp::start().await;
    let router = probes(&app.app);
    let expected = |role, permission: Permission| match role {
        Role::Viewer => matches!(
            permission.words(),
            "ask whether a contact is allowed"
                | "read statistics"
                | "read the register (Art. 30)"
                | "report contacts"
                | "look at one person"
        ),
        Role::Dpo => !matches!(
            permission.words(),
            "export leads by purpose" | "manage webhooks" | "manage tokens"
        ),
        Role::Admin => permission.words() != "read sealed records",
    };
    for role in Role::ALL {
        let (_, token) = token(&app, role).await;
        for (number, permission) in Permission::ALL.into_iter().enumerate() {
            let request = Request::get(format!("/v1/{number}")).header("authorization", format!("Bearer {token}"));
            let request = request.body(Body::empty()).expect("a request");
            let response = router.clone().oneshot(request).await.expect("infallible");
            let allowed = expected(role, permission);
            assert_eq!(may(role, permission), allowed, "{role:?} {permission:?}");
            let status = if allowed { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(response.status(), status, "{role:?} {permission:?}");
        }
    }
}

#[tokio::test]
async fn the_routes_ask_for_their_role() {
    let app = TestApp::start().await;
    for (role, status) in [(Role::Viewer, 403), (Role::Dpo, 200), (Role::Admin, 200)] {
        let (_, token) = token(&app, role).await;
        for path in ["/v1/requests", "/v1/access-log"] {
            let found = read(&app, path, &token).await;
            assert_eq!(found.status.as_u16(), status, "{role:?} {path}: {}", found.text());
            if status == 403 {
                assert_eq!(found.problem(), "role", "{path}");
                assert!(found.text().contains("viewer"), "{}", found.text());
            } else {
                assert_eq!(found.header("cache-control"), "no-store", "{path}");
            }
        }
        let answered = answer(&app, &Uuid::nil().to_string(), &token, &json!({"answer": "done"})).await;
        let expected = if status == 403 { "role" } else { "not-found" };
        assert_eq!(answered.problem(), expected, "{role:?}");
    }
}

#[tokio::test]
async fn bad_tokens_open_nothing() {
    let app = TestApp::start().await;
    let (_, good) = token(&app, Role::Dpo).await;
    let (revoked_id, revoked) = token(&app, Role::Dpo).await;
    assert_eq!(read(&app, "/v1/requests", &revoked).await.status, StatusCode::OK);
    let now = app.app.clock.now();
    assert!(app.app.store.revoke_token(revoked_id, now).await.expect("revoked"));
    let unknown = Token::generate(&SystemRandomness);
    let check = async |name: &str, headers: &[(&str, &str)]| {
        let found = app.get_with("/v1/requests", headers).await;
        assert_eq!(found.status, StatusCode::UNAUTHORIZED, "{name}");
        assert_eq!(found.problem(), "unauthorized", "{name}");
        assert_eq!(found.header("www-authenticate"), "Bearer", "{name}");
        assert!(!found.text().contains("candor_"), "{name}: {}", found.text());
        app.clock.advance(SignedDuration::from_mins(1));
    };
    let bearer = |token: &str| format!("Bearer {token}");
    let in_address = format!("/v1/requests?token={good}");
    check("nothing", &[]).await;
    check("revoked", &[("authorization", &bearer(&revoked))]).await;
    check("unknown", &[("authorization", &bearer(unknown.reveal()))]).await;
    check("cut", &[("authorization", &bearer(&good[..good.len() - 1]))]).await;
    check("longer", &[("authorization", &bearer(&format!("{good}A")))]).await;
    check("two spaces", &[("authorization", &format!("Bearer  {good}"))]).await;
    check("no scheme", &[("authorization", &good)]).await;
    check("another scheme", &[("authorization", &format!("Basic {good}"))]).await;
    check("empty", &[("authorization", "")]).await;
    let twice = [("authorization", &*bearer(&good)), ("authorization", &*bearer(&good))];
    check("two", &twice).await;
    check("a cookie", &[("cookie", &format!("token={good}"))]).await;
    assert_eq!(app.get(&in_address).await.status, StatusCode::UNAUTHORIZED);
    let lower = app
        .get_with("/v1/requests", &[("authorization", &format!("bearer {good}"))])
        .await;
    assert_eq!(lower.status, StatusCode::OK);
}

#[tokio::test]
async fn wrong_tokens_are_limited_and_a_good_one_still_works() {
    let app = TestApp::start().await;
    let (_, good) = token(&app, Role::Dpo).await;
    for number in 0..12 {
        let wrong = Token::generate(&SystemRandomness);
        let found = read(&app, "/v1/requests", wrong.reveal()).await;
        let expected = if number < 10 { 401 } else { 429 };
        assert_eq!(found.status.as_u16(), expected, "{number}");
        assert_eq!(found.header("retry-after").is_empty(), number < 10, "{number}");
    }
    assert_eq!(read(&app, "/v1/requests", &good).await.status, StatusCode::OK);
    app.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(
        read(&app, "/v1/requests", "candor_").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn no_token_stands_in_the_store() {
    let app = TestApp::start().await;
    let (_, good) = token(&app, Role::Admin).await;
    assert_eq!(read(&app, "/v1/access-log", &good).await.status, StatusCode::OK);
    let secret = good.strip_prefix("candor_").expect("a token").as_bytes();
    let mut files = 0;
    for entry in fs::read_dir(app.folder.path().join("data")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let Ok(bytes) = fs::read(&path) else { continue };
        files += 1;
        let found = bytes.windows(secret.len()).any(|window| window == secret);
        assert!(!found, "{}", path.display());
    }
    assert!(files >= 2, "the database and its log");
}

#[tokio::test]
async fn requests_have_a_month_and_one_answer() {
    let app = TestApp::start().await;
    let (_, dpo) = token(&app, Role::Dpo).await;
    let person = SystemRandomness.uuid();
    let opened = app.app.open_request(person, RequestKind::Access, None).await;
    let late = opened.expect("opened").id.to_string();
    app.clock.advance(SignedDuration::from_hours(24));
    for kind in [RequestKind::Erasure, RequestKind::Objection] {
        let open = app.app.open_request(person, kind, None).await;
        open.expect("opened");
    }
    let at_once = app
        .app
        .open_request(person, RequestKind::Portability, Some("exported by the person"));
    at_once.await.expect("opened");
    app.clock
        .advance(SignedDuration::from_hours(24 * 29) + SignedDuration::from_secs(1));

    let list = read(&app, "/v1/requests", &dpo).await.json();
    let list = list["requests"].as_array().expect("a list");
    assert_eq!(list.len(), 4);
    assert_eq!(list[0]["id"], late);
    assert_eq!(list[0]["received"], "2026-11-21T10:00:00.000Z");
    assert_eq!(list[0]["due"], "2026-12-21T10:00:00.000Z");
    let overdue: Vec<_> = list.iter().map(|request| request["overdue"] == true).collect();
    assert_eq!(overdue, [true, false, false, false]);
    assert_eq!(list[3]["kind"], "portability", "answered ones last");
    let overdue = app.app.store.requests_overdue(app.app.clock.now()).await.expect("read");
    assert_eq!(overdue.len(), 1);

    // Page by page it is the same list.
    let mut paged = Vec::new();
    let mut path = "/v1/requests?limit=1".to_owned();
    loop {
        let page = read(&app, &path, &dpo).await.json();
        paged.extend(page["requests"].as_array().expect("a list").clone());
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/requests?limit=1&cursor={next}");
    }
    assert_eq!(&paged, list);

    let check = async |body: Value, status: u16, slug: &str| {
        let found = answer(&app, &late, &dpo, &body).await;
        assert_eq!(
            (found.status.as_u16(), found.problem().as_str()),
            (status, slug),
            "{body}"
        );
    };
    check(json!({}), 400, "malformed").await;
    check(json!({"answer": 1}), 400, "malformed").await;
    check(json!({"answer": "x", "more": 1}), 400, "malformed").await;
    check(json!({"answer": "  "}), 422, "unacceptable").await;
    check(json!({"answer": "x".repeat(2_001)}), 422, "unacceptable").await;
    check(json!({"answer": "sent to ada@example.org"}), 422, "unacceptable").await;
    for _ in 0..2 {
        let done = answer(&app, &late, &dpo, &json!({"answer": "a copy was mailed"})).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        let done = done.json();
        assert_eq!(
            (&done["overdue"], &done["answer"]),
            (&json!(false), &json!("a copy was mailed"))
        );
    }
    check(json!({"answer": "something else"}), 409, "conflict").await;
    let of_person = app.app.store.requests_of(person).await.expect("read");
    assert_eq!(of_person.len(), 4);
    assert_eq!(of_person[0].answer.as_deref(), Some("a copy was mailed"));
    for bad in ["limit=0", "limit=501", "limit=x", "cursor=%21", "cursor=YQ", "other=1"] {
        let found = read(&app, &format!("/v1/requests?{bad}"), &dpo).await;
        assert_eq!(found.problem(), "malformed", "{bad}");
    }
}

#[tokio::test]
async fn what_is_read_is_logged_and_the_log_stays() {
    let app = TestApp::start().await;
    let (id, dpo) = token(&app, Role::Dpo).await;
    let (ada, bob) = (SystemRandomness.uuid(), SystemRandomness.uuid());
    let operator = Operator {
        id: OperatorId::Token(id),
        role: Role::Dpo,
    };
    for (person, reason) in [(ada, "a question by phone"), (bob, "another"), (ada, "once more")] {
        let logged = app.app.log_access(&operator, "see", Some(person), reason).await;
        logged.expect("logged");
        app.clock.advance(SignedDuration::from_hours(1));
    }
    let logged = app
        .app
        .log_access(&Operator::COMMAND, "export", Some(ada), "candor export person");
    logged.await.expect("logged");

    let log = read(&app, &format!("/v1/access-log?person={ada}"), &dpo).await.json();
    let reasons: Vec<_> = log["accesses"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|line| &line["reason"])
        .collect();
    assert_eq!(
        reasons,
        [
            "GET /v1/access-log",
            "candor export person",
            "once more",
            "a question by phone"
        ]
    );
    let line = |number: usize| &log["accesses"][number];
    assert_eq!(
        (&line(1)["actor"], &line(1)["role"]),
        (&json!("command"), &json!("admin"))
    );
    assert_eq!(
        *line(3),
        json!({"at": "2026-11-21T10:00:00.000Z", "actor": id.to_string(), "role": "dpo", "action": "see",
            "person": ada.to_string(), "reason": "a question by phone"})
    );
    let first = read(&app, "/v1/access-log?limit=2", &dpo).await.json();
    let next = first["next"].as_str().expect("a cursor");
    let second = read(&app, &format!("/v1/access-log?limit=500&cursor={next}"), &dpo)
        .await
        .json();
    assert_eq!(second["accesses"].as_array().map(Vec::len), Some(4));
    assert_eq!(second["accesses"][3]["reason"], "a question by phone");

    // No hand changes a line; only the purge removes one, and only what is older than it says.
    let path = app.folder.path().join("data/candor.sqlite");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let pool = sqlx::SqlitePool::connect_with(options).await.expect("opens");
    let before = app.count("access_log").await;
    for statement in [
        "DELETE FROM access_log",
        "UPDATE access_log SET person = NULL",
        "DELETE FROM tokens",
    ] {
        assert!(sqlx::query(statement).execute(&pool).await.is_err(), "{statement}");
    }
    let cut = "2026-11-21T11:00:00Z".parse().expect("a time");
    assert_eq!(app.app.store.purge_accesses(cut).await.expect("purged"), 1);
    assert!(sqlx::query("DELETE FROM access_log").execute(&pool).await.is_err());
    assert_eq!(app.count("access_log").await, before - 1);
}

#[tokio::test]
async fn answers_are_logged_with_their_person() {
    let app = TestApp::start().await;
    let (id, admin) = token(&app, Role::Admin).await;
    let person = SystemRandomness.uuid();
    let opened = app
        .app
        .open_request(person, RequestKind::Erasure, None)
        .await
        .expect("opened");
    let done = answer(&app, &opened.id.to_string(), &admin, &json!({"answer": "erased"})).await;
    assert_eq!(done.status, StatusCode::OK);
    let log = app.app.store.accesses(Some(person), None, 10).await.expect("read");
    let [line] = log.as_slice() else { panic!("{log:?}") };
    assert_eq!(
        (line.access.actor.as_str(), line.access.action.as_str()),
        (&*id.to_string(), "answer-request")
    );
}

#[tokio::test]
async fn lists_are_served_by_an_index() {
    let app = TestApp::start().await;
    let path = app.folder.path().join("data/candor.sqlite");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).read_only(true);
    let pool = sqlx::SqlitePool::connect_with(options).await.expect("opens");
    for (query, index) in [
        ("SELECT id FROM tokens WHERE hash = x'00'", "sqlite_autoindex_tokens_2"),
        (
            "SELECT * FROM access_log WHERE person = 'a' AND id < 9 ORDER BY id DESC LIMIT 5",
            "access_log_by_person",
        ),
        (
            "SELECT * FROM requests WHERE (answered_ms IS NOT NULL, due_ms, id) > (-1, 0, '')
            ORDER BY answered_ms IS NOT NULL, due_ms, id LIMIT 5",
            "requests_in_order",
        ),
        (
            "SELECT * FROM requests WHERE (answered_ms IS NOT NULL) = 0 AND due_ms < 5 ORDER BY due_ms, id",
            "requests_in_order",
        ),
        (
            "SELECT * FROM requests WHERE person = 'a' ORDER BY received_ms, id",
            "requests_by_person",
        ),
        ("DELETE FROM access_log WHERE at_ms < 5", "access_log_by_time"),
    ] {
        let explained =
            sqlx::query_as::<_, (i64, i64, i64, String)>(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}")));
        let plan: Vec<_> = explained
            .fetch_all(&pool)
            .await
            .expect("explained")
            .into_iter()
            .map(|row| row.3)
            .collect();
        assert!(plan.iter().any(|line| line.contains(index)), "{query}: {plan:?}");
        assert!(
            !plan.iter().any(|line| line.contains("TEMP B-TREE FOR ORDER BY")),
            "{query}: {plan:?}"
        );
    }
}

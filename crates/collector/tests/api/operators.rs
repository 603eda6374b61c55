//! The operators' side: roles, tokens, the access log, the requests of people and their month.

use std::fs;

use axum::{Router, body::Body, middleware, routing::get};
use candor_collector::{
    app::App,
    clock::SystemRandomness,
    http::{error::ApiError, problem},
    operator::{Operator, Permission, Role, Token, may},
};
use http::{Method, Request, StatusCode, header};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;

use crate::{
    staff::token,
    support::{Answer, TestApp},
};

pub(crate) async fn read(app: &TestApp, path: &str, token: &str) -> Answer {
    app.get_with(path, &[("authorization", &format!("Bearer {token}"))])
        .await
}

pub(crate) async fn answer(app: &TestApp, id: &str, token: &str, body: &Value) -> Answer {
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
                | "read the register (Art. 30) and what stands marked about forms"
                | "report contacts"
                | "look at one person"
        ),
        Role::Dpo => !matches!(
            permission.words(),
            "export leads by purpose" | "qualify leads" | "manage webhooks" | "manage tokens"
        ),
        Role::Admin => !matches!(
            permission.words(),
            "read sealed records" | "list people affected by a breach"
        ),
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

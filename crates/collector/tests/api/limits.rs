//! Sizes, media types, methods and rates.

use axum::body::Body;
use http::{Request, StatusCode};
use jiff::SignedDuration;

use crate::support::{ADA, TestApp, ebook};

#[tokio::test]
async fn media_types_sizes_and_methods() {
    let app = TestApp::start().await;
    let check = async |method: &str, path: &str, media_type: &str, body: String, status: u16, slug: &str| {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", media_type);
        let answer = app.send(request.body(Body::from(body)).expect("a request")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem().as_str()),
            (status, slug),
            "{method} {path} {media_type}"
        );
    };
    check(
        "POST",
        "/v1/submissions",
        "text/plain",
        "{}".into(),
        415,
        "unsupported-media-type",
    )
    .await;
    check(
        "POST",
        "/v1/submissions",
        "application/json",
        " ".repeat(65_537),
        413,
        "too-large",
    )
    .await;
    check(
        "POST",
        "/v1/submissions",
        "application/json; charset=utf-8",
        "{}".into(),
        400,
        "malformed",
    )
    .await;
    check(
        "GET",
        "/v1/submissions",
        "application/json",
        String::new(),
        405,
        "method-not-allowed",
    )
    .await;
    check(
        "DELETE",
        "/v1/forms/ebook-rgpd",
        "application/json",
        String::new(),
        405,
        "method-not-allowed",
    )
    .await;
    check(
        "POST",
        "/f/ebook-rgpd",
        "application/json",
        "{}".into(),
        415,
        "unsupported-media-type",
    )
    .await;
    check(
        "POST",
        "/f/ebook-rgpd",
        "application/x-www-form-urlencoded",
        "a".repeat(65_537),
        413,
        "too-large",
    )
    .await;
    check("GET", "/nothing", "text/plain", String::new(), 404, "not-found").await;
}

#[tokio::test]
async fn submissions_of_one_address_are_limited() {
    let app = TestApp::start_with(|config| config.limit = 2).await;
    let body = ebook(&app, &[], &[ADA]).await.sign();
    let check = async |status: u16| {
        let answer = app.submit(&body).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
        answer
    };
    check(201).await;
    check(200).await;
    let refused = check(429).await;
    assert_eq!(
        (refused.problem().as_str(), refused.header("retry-after")),
        ("too-many", "60")
    );
    app.clock.advance(SignedDuration::from_mins(1));
    check(200).await;
}

#[tokio::test]
async fn a_store_that_is_away_is_said_to_be() {
    let app = TestApp::start().await;
    let body = ebook(&app, &[], &[ADA]).await.sign();
    app.app.store.close().await;
    let answer = app.submit(&body).await;
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
    );
    assert!(!answer.header("retry-after").is_empty());
    assert_eq!(app.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(app.get("/healthz").await.status, StatusCode::OK);
}

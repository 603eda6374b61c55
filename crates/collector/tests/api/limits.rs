//! Sizes, media types, methods and rates.

use axum::body::Body;
use http::{Request, StatusCode};
use jiff::SignedDuration;

use crate::support::{ADA, PUBLIC_URL, TestApp, ebook, link_in};

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
async fn head_answers_as_get_does_and_links_are_never_stored() {
    let app = TestApp::start().await;
    let answer = app
        .submit(&ebook(&app, &[("newsletter", "given")], &[ADA]).await.sign())
        .await;
    let manage = answer.json()["manage"].as_str().expect("a link").to_owned();
    let mail = app.mails().await.remove(0);
    let page = app.get(&manage).await.text();
    let receipt = page
        .split('"')
        .find(|part| part.contains("/r/"))
        .expect("a link")
        .to_owned();
    let check = async |path: &str, private: bool| {
        let path = path.strip_prefix(PUBLIC_URL).unwrap_or(path);
        let get = app.get(path).await;
        let head = app
            .send(Request::head(path).body(Body::empty()).expect("a request"))
            .await;
        assert_eq!(head.status, get.status, "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
        assert!(head.body.is_empty() && !get.body.is_empty(), "{path}");
        if private {
            assert!(get.header("cache-control").contains("no-store"), "{path}");
        }
    };
    check(&manage, true).await;
    check(&link_in(&mail, "c"), true).await;
    check(&link_in(&mail, "d"), true).await;
    check(&receipt, true).await;
    check(&receipt.replace("token=", "token=x"), true).await;
    check(&manage.replace("/m/", "/t/"), true).await;
    for path in ["/c/x", "/d/x", "/m/x", "/t/x"] {
        check(path, true).await;
    }
    for path in [
        "/v1/forms/ebook-rgpd",
        "/v1/forms/ebook-rgpd/definition",
        "/v1/forms/ebook-rgpd/html",
        "/f/ebook-rgpd",
        "/m",
        "/.well-known/jwks.json",
        "/.well-known/candor.json",
        "/healthz",
        "/readyz",
        "/nothing",
    ] {
        check(path, false).await;
    }
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

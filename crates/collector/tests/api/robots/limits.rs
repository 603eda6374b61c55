//! Limits per address and per form, and what each answer says of them.

use candor_collector::{http::proxy::Proxies, robots::policy::When};
use http::{Method, Request, StatusCode};
use jiff::SignedDuration;
use serde_json::json;

use super::{start_with, with};
use crate::support::{ADA, ebook};

#[tokio::test]
async fn each_answer_says_where_its_address_stands() {
    let app = start_with(When::Off, |config| {
        config.limit = 4;
        config.limit_per_form = 2;
    })
    .await;
    let body = async || ebook(&app, &[], &[ADA]).await.sign();
    let policies = r#""address";q=4;w=60, "form";q=2;w=60"#;
    let check = async |body, status: u16, policy: &str, standing: &str| {
        let answer = app.submit(&body).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
        assert_eq!(answer.header("ratelimit-policy"), policy);
        assert_eq!(answer.header("ratelimit"), standing);
        let exposed = answer.header("access-control-expose-headers");
        assert_eq!(exposed, "RateLimit, RateLimit-Policy, Retry-After");
        answer
    };
    check(body().await, 201, policies, r#""address";r=3;t=60"#).await;
    // A body that cannot be read is not counted; one that can, and is refused, is.
    assert_eq!(app.submit(&json!({})).await.header("ratelimit"), "");
    let unknown = with(&body().await, "disclosures", json!([]));
    let by_address = r#""address";q=4;w=60"#;
    check(unknown, 422, by_address, r#""address";r=2;t=60"#).await;
    app.clock.advance(SignedDuration::from_secs(15));
    check(body().await, 201, policies, r#""address";r=1;t=45"#).await;
    let full = check(body().await, 429, policies, r#""address";r=0;t=45, "form";r=0;t=45"#).await;
    assert_eq!(
        (full.problem().as_str(), full.header("retry-after")),
        ("too-many", "45")
    );
    assert!(
        full.json()["title"]
            .as_str()
            .is_some_and(|title| title.contains("form"))
    );
    let mine = check(body().await, 429, by_address, r#""address";r=0;t=45"#).await;
    assert!(
        mine.json()["title"]
            .as_str()
            .is_some_and(|title| title.contains("address"))
    );
    let metrics = app.get("/metrics").await.text();
    for line in [
        "candor_limited_total{of=\"address\"} 1",
        "candor_limited_total{of=\"form\"} 1",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
    app.clock.advance(SignedDuration::from_secs(45));
    check(body().await, 201, policies, r#""address";r=3;t=60"#).await;
}

#[tokio::test]
async fn one_form_that_is_full_leaves_the_others_open() {
    let app = start_with(When::Off, |config| config.limit_per_form = 1).await;
    app.submit_form("ebook-rgpd", "fr", &[]).await;
    app.submit_form("webinar-b2b", "fr", &[]).await;
    let third = app.submit(&ebook(&app, &[], &[ADA]).await.sign()).await;
    assert_eq!(third.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn where_there_is_no_limit_nothing_is_said() {
    let app = start_with(When::Off, |_| {}).await;
    let answer = app.submit(&ebook(&app, &[], &[ADA]).await.sign()).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(
        (answer.header("ratelimit"), answer.header("ratelimit-policy")),
        ("", "")
    );
}

/// The tests' requests come from 127.0.0.1, where a proxy is then.
#[tokio::test]
async fn behind_a_proxy_each_client_has_a_limit_of_its_own() {
    let app = start_with(When::Off, |config| {
        config.limit = 2;
        config.proxies = Proxies::Networks(vec!["127.0.0.0/8".parse().expect("a network")]);
    })
    .await;
    // Readable, and refused for want of its values.
    let body = with(&ebook(&app, &[], &[ADA]).await.sign(), "disclosures", json!([]));
    let ask = async |path: &str, from: &str, status: u16| {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("content-type", "application/json")
            .header("x-forwarded-for", from)
            .body(body.to_string().into())
            .expect("a request");
        let answer = app.send(request).await;
        assert_eq!(answer.status.as_u16(), status, "{path} {from}: {}", answer.text());
    };
    // What somebody writes in front of what the proxy saw changes nothing; a port and a spelling change nothing.
    for (path, fine) in [("/v1/check", 200), ("/v1/submissions", 422)] {
        ask(path, "203.0.113.5, 198.51.100.9", fine).await;
        ask(path, "203.0.113.6, 198.51.100.9:4711", fine).await;
        ask(path, "203.0.113.7, ::ffff:198.51.100.9", 429).await;
        ask(path, "198.51.100.10", fine).await;
        // A household of IPv6 is one address.
        ask(path, "2001:db8:5::1", fine).await;
        ask(path, "[2001:db8:5::2]:443", fine).await;
        ask(path, "2001:db8:5::3", 429).await;
        ask(path, "2001:db8:6::1", fine).await;
    }
}

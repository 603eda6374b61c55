//! Who may embed, submit and frame.

use axum::body::Body;
use http::{Request, StatusCode};

use crate::support::{ADA, ORIGIN, PUBLIC_URL, TestApp, ebook};

#[tokio::test]
async fn origins_are_admitted_or_refused() {
    let check = async |admitted: &[&str], origin: Option<&str>, capture: &str, status: u16| {
        let app =
            TestApp::start_with(|config| config.origins = admitted.iter().map(|origin| (*origin).to_owned()).collect())
                .await;
        let draft = ebook(&app, &[], &[ADA])
            .await
            .with(|record| record["capture"]["origin"] = capture.into());
        let mut request = Request::post("/v1/submissions").header("content-type", "application/json");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let answer = app
            .send(request.body(Body::from(draft.sign().to_string())).expect("a request"))
            .await;
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{admitted:?} {origin:?} {capture}: {}",
            answer.text()
        );
        let expected = if status == 201 {
            origin.unwrap_or_default()
        } else {
            answer.header("access-control-allow-origin")
        };
        assert_eq!(answer.header("access-control-allow-origin"), expected);
        assert!(answer.header("vary").contains("Origin"));
        assert_eq!(
            answer.header("access-control-allow-credentials"),
            "",
            "nothing here knows cookies"
        );
    };
    check(&[ORIGIN], Some(ORIGIN), ORIGIN, 201).await;
    check(&[], Some(PUBLIC_URL), PUBLIC_URL, 201).await;
    check(&["*"], Some("https://anybody.example"), "https://anybody.example", 201).await;
    check(&[ORIGIN], None, "https://anybody.example", 201).await;
    check(&[ORIGIN], Some("https://evil.example"), "https://evil.example", 403).await;
    check(&[ORIGIN], Some("null"), ORIGIN, 403).await;
    check(&[ORIGIN], Some(PUBLIC_URL), ORIGIN, 403).await;
}

#[tokio::test]
async fn preflights_are_answered() {
    let app = TestApp::start().await;
    let check = async |origin: &str, status: StatusCode, allowed: &str| {
        let request = Request::options("/v1/submissions")
            .header("origin", origin)
            .header("access-control-request-method", "POST");
        let answer = app.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(
            (answer.status, answer.header("access-control-allow-origin")),
            (status, allowed),
            "{origin}"
        );
        if status.is_success() {
            assert_eq!(answer.header("access-control-allow-headers"), "content-type");
        }
    };
    check(ORIGIN, StatusCode::NO_CONTENT, ORIGIN).await;
    check("https://evil.example", StatusCode::FORBIDDEN, "").await;
}

#[tokio::test]
async fn every_page_carries_its_policy() {
    let app = TestApp::start().await;
    for (path, ancestors) in [
        ("/m", "'none'"),
        ("/d/x", "'none'"),
        ("/c/x", "'none'"),
        ("/nothing", "'none'"),
        ("/f/ebook-rgpd", "'self' https://www.acme.example"),
    ] {
        let page = app.get_with(path, &[("accept", "text/html")]).await;
        let policy = page.header("content-security-policy");
        assert!(
            policy.ends_with(&format!("frame-ancestors {ancestors}")),
            "{path}: {policy}"
        );
        assert!(
            policy.contains("require-trusted-types-for 'script'") && !policy.contains("unsafe-inline"),
            "{path}"
        );
        let framing = if ancestors == "'none'" { "DENY" } else { "" };
        assert_eq!(
            page.header("x-frame-options"),
            framing,
            "{path}: it would overrule the list of sites"
        );
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        let text = page.text();
        assert!(
            text.starts_with("<!doctype html>") && !text.contains("<style") && !text.contains(" style="),
            "{path}: {text}"
        );
    }
}

#[tokio::test]
async fn the_hosted_page_may_be_framed_by_those_who_may_embed() {
    let check = async |origins: &[&str], ancestors: &str| {
        let origins = origins.iter().map(|origin| (*origin).to_owned()).collect();
        let app = TestApp::start_with(|config| config.origins = origins).await;
        let page = app.get("/f/ebook-rgpd").await;
        let policy = page.header("content-security-policy");
        assert_eq!(policy.split("frame-ancestors ").nth(1), Some(ancestors), "{policy}");
        assert_eq!(page.header("cross-origin-resource-policy"), "cross-origin");
    };
    check(&[], "'self'").await;
    check(&["*"], "'self' *").await;
    check(
        &[ORIGIN, "https://b.example"],
        &format!("'self' {ORIGIN} https://b.example"),
    )
    .await;
}

//! The map as operators get it: every role, each format, no style or script that a policy would have to allow.

use candor_collector::operator::Role;
use http::StatusCode;
use serde_json::json;

use crate::{staff::Staff, support::TestApp};

#[tokio::test]
async fn operators_see_where_data_goes() {
    let app = TestApp::start().await;
    assert_eq!(app.get("/v1/map").await.status, StatusCode::UNAUTHORIZED);
    for role in Role::ALL {
        let staff = Staff::hire(&app, role).await;
        let answer = staff.get("/v1/map?lang=en").await;
        assert_eq!(answer.status, StatusCode::OK, "{role:?}");
        let map = answer.json();
        assert_eq!(
            (&map["format"], &map["language"]),
            (&json!("candor-map/1"), &json!("en"))
        );
        let forms: Vec<&str> = map["forms"]
            .as_array()
            .expect("forms")
            .iter()
            .filter_map(|it| it["id"].as_str())
            .collect();
        assert_eq!(forms, ["checklist", "ebook-rgpd", "webinar-b2b"]);
        let edge = json!({"kind": "receives", "purpose": "newsletter", "party": "mailer"});
        assert!(map["forms"][1]["edges"].as_array().expect("edges").contains(&edge));
    }
    let staff = Staff::hire(&app, Role::Viewer).await;
    let check = async |query: &str, kind: &str, policy: &str, words: &str| {
        let answer = staff.get(&format!("/v1/map?{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text());
        assert_eq!(answer.header("content-type"), kind, "{query}");
        assert_eq!(answer.header("cache-control"), "no-store", "{query}");
        let given = answer.header("content-security-policy");
        assert!(
            given.starts_with("default-src 'none'") && given.contains(policy),
            "{query}: {given}"
        );
        assert!(!given.contains("unsafe-inline"), "{query}");
        assert!(answer.text().contains(words), "{query} lacks {words}");
    };
    check(
        "format=svg&lang=fr",
        "image/svg+xml",
        "style-src 'sha256-",
        "Où vont les données",
    )
    .await;
    check(
        "format=html&lang=en",
        "text/html; charset=utf-8",
        "style-src data:",
        "Where the data goes",
    )
    .await;
    check(
        "format=csv&lang=en",
        "text/csv; charset=utf-8; header=present",
        "",
        "receives,newsletter,Direct marketing,mailer,",
    )
    .await;
    assert_eq!(staff.get("/v1/map?format=pdf").await.status, StatusCode::BAD_REQUEST);
    for at in ["2026-01-01T00:00:00Z", "2026-01-01"] {
        let before = staff.get(&format!("/v1/map?at={at}")).await.json();
        assert_eq!(before["forms"], json!([]), "nothing was published then");
    }
    let refused = staff.get("/v1/map?at=yesterday").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        refused.json()["detail"],
        "`at` is neither a day nor a time; write `2026-11-30` or `2026-11-30T12:00:00Z`"
    );
}

/// The hash in the policy is that of the style sheet that the browser finds in the file.
#[tokio::test]
async fn the_policy_names_the_style_sheet_of_the_picture() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let app = TestApp::start().await;
    let answer = Staff::hire(&app, Role::Viewer).await.get("/v1/map?format=svg").await;
    let text = answer.text();
    let style = text
        .split("<style>")
        .nth(1)
        .and_then(|rest| rest.split("</style>").next())
        .expect("a style sheet");
    let digest = ring::digest::digest(&ring::digest::SHA256, style.as_bytes());
    let expected = format!("style-src 'sha256-{}'", STANDARD.encode(digest));
    assert!(answer.header("content-security-policy").contains(&expected));
}

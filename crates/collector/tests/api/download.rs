//! `/d/{token}`: ranges, validators, expiry, and the way to a fresh link.

use http::StatusCode;
use jiff::SignedDuration;

use crate::support::{ADA, GUIDE, TestApp, ebook, link_in};

async fn link(app: &TestApp) -> String {
    app.submit(&ebook(app, &[], &[ADA]).await.sign()).await;
    link_in(&app.mails().await[0], "d")
}

#[tokio::test]
async fn ranges_are_served() {
    let app = TestApp::start().await;
    let link = link(&app).await;
    let whole = app.get(&link).await;
    assert_eq!(
        (whole.status, &whole.body[..], whole.header("content-type")),
        (StatusCode::OK, GUIDE, "application/pdf")
    );
    assert_eq!(
        whole.header("content-disposition"),
        "attachment; filename=\"guide-rgpd.pdf\""
    );
    let check = async |range: &str, status: u16, content_range: &str, body: &[u8]| {
        let answer = app.get_with(&link, &[("range", range)]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-range")),
            (status, content_range),
            "{range}"
        );
        assert_eq!(&answer.body[..], body, "{range}");
    };
    let size = GUIDE.len();
    check("bytes=0-4", 206, &format!("bytes 0-4/{size}"), &GUIDE[..5]).await;
    check(
        "bytes=-5",
        206,
        &format!("bytes {}-{}/{size}", size - 5, size - 1),
        &GUIDE[size - 5..],
    )
    .await;
    check("bytes=5-", 206, &format!("bytes 5-{}/{size}", size - 1), &GUIDE[5..]).await;
    check("bytes=1000-", 416, &format!("bytes */{size}"), b"").await;
    let stale = app
        .get_with(&link, &[("range", "bytes=0-4"), ("if-range", "\"other\"")])
        .await;
    assert_eq!(stale.status, StatusCode::OK);
}

#[tokio::test]
async fn an_expired_link_leads_to_a_fresh_one() {
    let app = TestApp::start().await;
    let old = link(&app).await;
    app.clock.advance(SignedDuration::from_hours(7 * 24));
    let page = app.get(&old).await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(
        page.text().contains("method=\"post\"") && page.text().contains("Send me a link"),
        "{}",
        page.text()
    );
    let asked = app.post_form(&old, &[("fresh", "link")]).await;
    let unknown = app
        .post_form(&format!("/d/{}", "A".repeat(48)), &[("fresh", "link")])
        .await;
    assert_eq!((asked.status, asked.text()), (unknown.status, unknown.text()));
    app.post_form(&old, &[("fresh", "link")]).await;
    let mails = app.mails().await;
    assert_eq!(mails.len(), 2, "one letter in ten minutes");
    let fresh = link_in(&mails[1], "d");
    assert_ne!(fresh, old);
    assert_eq!(app.get(&fresh).await.body, GUIDE);
    assert_eq!(app.get(&old).await.status, StatusCode::GONE);
}

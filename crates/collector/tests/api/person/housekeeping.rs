//! What goes on behind the page: keys that change under submissions, requests that end in time.

use super::*;

#[tokio::test]
async fn submissions_during_rotations_are_all_taken() {
    let app = TestApp::start().await;
    let random = candor_collector::clock::SystemRandomness;
    let rotations = async {
        for _ in 0..6 {
            candor_collector::values::renew(app.app.store.as_ref(), &app.app.values, &random)
                .await
                .expect("renewed");
        }
    };
    let submissions = async {
        for number in 0..40 {
            let address = format!("ada{number}@example.org");
            let draft = ebook(&app, &[], &[("email", &address)]).await;
            let answer = app.submit(&draft.sign()).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        }
    };
    tokio::join!(rotations, submissions);
    assert_eq!(app.count("leads").await, 40);
}

#[tokio::test]
async fn an_answered_request_goes_after_three_years_and_an_erasure_leaves_none_open() {
    let app = TestApp::start().await;
    let ada = Somebody::proved(&app, &ebook(&app, &[("newsletter", "given")], &[ADA]).await).await;
    app.post_form(&format!("{}/erase", ada.link), &[]).await;
    assert_eq!(app.count("requests WHERE answered_ms IS NOT NULL").await, 1);
    assert_eq!(app.count("requests WHERE answered_ms IS NULL").await, 0);
    let store = &app.app.store;
    let now = app.app.clock.now();
    assert_eq!(
        store.purge_requests(now).await.expect("purged"),
        0,
        "not before its time"
    );
    let later = now + SignedDuration::from_secs(1);
    assert_eq!(store.purge_requests(later).await.expect("purged"), 1);
}

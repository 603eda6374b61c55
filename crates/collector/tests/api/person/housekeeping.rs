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

/// What was read before a rotation is sealed by a key that is gone by now: it is read again.
#[tokio::test]
async fn what_a_rotation_has_sealed_anew_is_read_again() {
    let app = TestApp::start().await;
    let draft = ebook(&app, &[("newsletter", "given")], &[ADA, ("given_name", "Ada")]).await;
    let ada = Somebody::proved(&app, &draft).await;
    let (store, values) = (app.app.store.as_ref(), &app.app.values);
    let before = store.submission(ada.chain).await.expect("read").expect("a lead");
    let random = candor_collector::clock::SystemRandomness;
    let rotated = candor_collector::values::renew(store, values, &random).await;
    let (number, _) = rotated.expect("renewed");
    assert!(before.lead.values.key < number);
    let read = PersonSubmission::read(&app.app, before).await.expect("opens");
    assert_eq!(read.stored.lead.values.key, number);
    assert_eq!(read.values.address.as_deref(), Some(ADA.1));

    // Missed in earnest: later, and as a page, whatever the program that asks says of itself.
    values.retire(number).expect("removed");
    for accept in ["*/*", "text/html"] {
        let answer = app.get_with(&ada.link, &[("accept", accept)]).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.header("retry-after"), "5");
        assert!(answer.header("content-type").starts_with("text/html"), "{accept}");
    }
    let data = app.get(&format!("{}/data.json", ada.link)).await;
    assert_eq!(data.problem(), "unavailable");
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

//! What others type, and what else happens to a person: neither moves a result.

use uuid::Uuid;

use super::*;

#[tokio::test]
async fn nobody_moves_the_score_of_another() {
    let app = start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    let mut rules = rules();
    rules["rules"][3] =
        json!({"id": "again", "event": "submission", "atLeast": 2, "class": "comes back", "weight": 10});
    let score = async || {
        let answer = admin.post("/v1/qualifications/run", &rules).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        listed(&admin, "waiting").await[0]["score"].clone()
    };
    send(&app, "ada", "CTO", YES).await;
    assert_eq!(score().await, 25);
    // Whoever types her address has not proved that it is theirs.
    for _ in 0..3 {
        send(&app, "ada", "CTO", YES).await;
    }
    assert_eq!(score().await, 25);
}

#[tokio::test]
async fn what_is_in_doubt_and_stands_stays() {
    let app = start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    let link = send(&app, "ada", "CTO", YES).await;
    run(&admin).await;
    let before = listed(&admin, "waiting").await;
    let page = app.post_form(&link, &[("object", "offers")]).await;
    assert!(page.status.is_redirection(), "{}", page.text());
    assert_eq!(app.count("records").await, 2, "an objection to something else");
    let in_doubt = async || {
        let rows = app.app.store.qualifications_in_doubt(app.clock.now(), Uuid::nil(), 9);
        rows.await.expect("answered").len()
    };
    assert_eq!(in_doubt().await, 1);
    sweep(&app.app, Mode::Act).await.expect("swept");
    assert_eq!(listed(&admin, "waiting").await, before);
    assert_eq!(in_doubt().await, 0, "and is not looked at by every sweep that follows");
}

//! A reminder's link renews what its page offers, once, and says so where it does not.

use super::*;

#[tokio::test]
async fn renewing_twice_by_one_link_is_one_act() {
    let app = TestApp::start().await;
    let draft = ebook(&app, &[("newsletter", "given")], &[ADA]).await;
    let ada = Somebody::proved(&app, &draft).await;
    let renew = link(&app, LinkKind::Renew, ada.id).await;
    let members = [("renew", "ticked"), ("renewal", "newsletter")];
    app.clock.advance(SignedDuration::from_secs(1));
    for _ in 0..3 {
        let answer = app.post_form(&renew, &members).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        assert!(answer.header("location").ends_with("?done"));
    }
    app.post_form(&ada.link, &members).await;
    assert_eq!(app.count("records WHERE event = 'renewal'").await, 1);
}

/// Ada, who consents to both, with the link of a reminder that was mailed later.
async fn reminded(app: &TestApp) -> (Somebody, String) {
    let consents = [("newsletter", "given"), ("call", "given")];
    let mut ada = Somebody::proved(app, &ebook(app, &consents, &[ADA, PHONE]).await).await;
    app.clock.advance(SignedDuration::from_hours(24));
    let renew = link(app, LinkKind::Renew, ada.id).await;
    ada.link = link(app, LinkKind::Person, ada.id).await;
    (ada, renew)
}

async fn renewals(app: &TestApp) -> i64 {
    app.count("records WHERE event = 'renewal'").await
}

#[tokio::test]
async fn what_is_not_renewed_is_said_with_its_reason() {
    let app = TestApp::start().await;
    let (ada, renew) = reminded(&app).await;
    ada.press(&app, &[("withdraw", "newsletter")]).await;
    let post = async |address: &str, purposes: &[&str]| {
        let mut members = vec![("renew", "ticked")];
        members.extend(purposes.iter().map(|purpose| ("renewal", *purpose)));
        app.post_form(address, &members).await
    };
    for (purpose, words) in [
        ("newsletter", "il n’est plus en vigueur"),
        ("nope", "ce n’est pas un accord que nous tenons de vous"),
        ("ebook", "ce n’est pas un accord que nous tenons de vous"),
    ] {
        for address in [&renew, &ada.link] {
            let answer = post(address, &[purpose]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{purpose}");
            let page = answer.text();
            assert!(
                page.contains(words) && !page.contains("role=\"status\""),
                "{purpose}: {page}"
            );
        }
    }
    assert_eq!(renewals(&app).await, 0);

    // Of two the one that lives is renewed, and of the other it is said that it is not.
    let answer = post(&renew, &["newsletter", "call"]).await;
    assert_eq!(answer.status, StatusCode::OK);
    let page = answer.text();
    assert!(page.contains("il n’est plus en vigueur"), "{page}");
    assert_eq!(receipts(&app, &page).await[0]["processes"][0]["purpose"], "call");
    assert_eq!(renewals(&app).await, 1);
}

#[tokio::test]
async fn an_old_link_renews_nothing_that_was_given_since() {
    let app = TestApp::start().await;
    let (ada, renew) = reminded(&app).await;
    ada.press(&app, &[("withdraw", "newsletter")]).await;
    ada.press(&app, &[("give", "newsletter"), ("agree", "newsletter")])
        .await;
    assert_eq!(ada.state(&app, "newsletter").await, "given");
    let members = [("renew", "ticked"), ("renewal", "newsletter")];
    let answer = app.post_form(&renew, &members).await;
    let page = answer.text();
    assert!(page.contains("vous l’avez redonné après l’envoi de ce lien"), "{page}");
    assert_eq!(renewals(&app).await, 0);

    app.clock.advance(SignedDuration::from_secs(1));
    let later = link(&app, LinkKind::Renew, ada.id).await;
    let answer = app.post_form(&later, &members).await;
    assert!(answer.header("location").ends_with("?done"), "{}", answer.text());
    assert_eq!(renewals(&app).await, 1);
}

//! `/m`: see, withdraw, object, ask for the link; `/r`: the receipt for whoever holds its token.

use candor_collector::links::LinkKind;
use http::StatusCode;

use crate::support::{ADA, Draft, TestApp, ebook, link_in};

#[tokio::test]
async fn a_withdrawal_is_one_post_and_a_signed_record() {
    let app = TestApp::start().await;
    let answer = app
        .submit(&ebook(&app, &[("newsletter", "given")], &[ADA]).await.sign())
        .await
        .json();
    let manage = answer["manage"].as_str().expect("a link");
    let page = app.get(manage).await.text();
    assert!(page.contains("Retirer mon accord"), "{page}");
    for _ in 0..2 {
        let done = app.post_form(manage, &[("withdraw", "newsletter")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert!(
            app.get(done.header("location"))
                .await
                .text()
                .contains("<em>Retiré</em>")
        );
    }
    assert_eq!(app.count("records WHERE event = 'withdrawal'").await, 1);
    let mails = app.mails().await;
    assert_eq!(mails.len(), 1);
    assert!(!mails[0].contains("/c/"), "nothing is left to confirm: {}", mails[0]);
    assert_eq!(
        app.get(&link_in(&mails[0], "d")).await.status,
        StatusCode::OK,
        "the service is never the price"
    );
    for wrong in ["ebook", "call", "nothing"] {
        app.post_form(manage, &[("withdraw", wrong)]).await;
        app.post_form(manage, &[("object", wrong)]).await;
    }
    assert_eq!(app.count("records").await, 2);
}

#[tokio::test]
async fn an_objection_is_one_post_too_and_one_click_ends_the_mails() {
    for (name, value) in [("object", "offers"), ("List-Unsubscribe", "One-Click")] {
        let app = TestApp::start().await;
        let compiled = app.compiled("webinar-b2b", "en").await;
        let draft = Draft::new(&compiled, app.app.clock.now(), &[], &[("name", "Ada"), ADA]);
        let answer = app.submit(&draft.sign()).await;
        let manage = answer.json()["manage"].as_str().expect("a link").to_owned();
        assert!(app.get(&manage).await.text().contains(">Object</button>"));
        let done = app.post_form(&manage, &[(name, value)]).await;
        assert!(
            done.status.is_success() || done.status.is_redirection(),
            "{name}: {}",
            done.text()
        );
        assert!(app.get(&manage).await.text().contains("You objected"), "{name}");
        assert_eq!(app.count("records WHERE event = 'objection'").await, 1, "{name}");
    }
}

#[tokio::test]
async fn a_submission_is_shown_alone_whatever_else_is_on_record() {
    let app = TestApp::start().await;
    let confirmed = app.submit_form("ebook-rgpd", "fr", &[("newsletter", "given")]).await;
    app.post_form(&link_in(&app.mails().await[0], "c"), &[]).await;
    let silent = app.submit_form("ebook-rgpd", "fr", &[]).await;
    let page = async |answer: &serde_json::Value| app.get(answer["manage"].as_str().expect("a link")).await.text();
    assert!(page(&confirmed).await.contains("<em>Accepté</em>"));
    let other = page(&silent).await;
    assert!(
        !other.contains("<em>Accepté</em>") && !other.contains("Retirer mon accord"),
        "{other}"
    );
    app.post_form(
        confirmed["manage"].as_str().expect("a link"),
        &[("withdraw", "newsletter")],
    )
    .await;
    assert!(page(&confirmed).await.contains("<em>Retiré</em>"));
    assert_eq!(page(&silent).await, other, "nothing of the other one shows here");
}

#[tokio::test]
async fn known_and_unknown_addresses_get_the_same_answer() {
    let app = TestApp::start().await;
    app.submit(&ebook(&app, &[], &[ADA]).await.sign()).await;
    assert_eq!(app.mails().await.len(), 1);
    let known = app.post_form("/m", &[("email", "ADA@Example.org")]).await;
    let unknown = app.post_form("/m", &[("email", "eve@example.org")]).await;
    assert_eq!((known.status, known.text()), (unknown.status, unknown.text()));
    let mistyped = app.post_form("/m", &[("email", "ada\"@example")]).await;
    assert_eq!(mistyped.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in ["<title>Error: ", "aria-invalid=\"true\"", "value=\"ada&#34;@example\""] {
        assert!(mistyped.text().contains(part), "{part}: {}", mistyped.text());
    }
    while app.count("outbox").await < 2 {
        tokio::task::yield_now().await;
    }
    let mails = app.mails().await;
    assert_eq!(mails.len(), 2);
    let token = link_in(&mails[1], "m").rsplit('/').next().expect("a token").to_owned();
    let target = app.app.keys.current().links.read(LinkKind::Person, &token);
    assert!(target.is_some(), "it opens everything of the person: {}", mails[1]);
}

#[tokio::test]
async fn the_receipt_is_for_whoever_holds_its_token() {
    let app = TestApp::start_with(|config| config.mailbox = true).await;
    let draft = ebook(&app, &[("newsletter", "given")], &[ADA]).await;
    let answer = app.submit(&draft.sign()).await.json();
    let link = app
        .get(&format!("/mailbox/recorded/{}", draft.id()))
        .await
        .header("location")
        .to_owned();
    let json = app.get(&link).await;
    assert_eq!(
        (json.header("content-type"), json.json()),
        ("application/candor-record+json", answer["receipt"].clone())
    );
    assert_eq!(json.header("cache-control"), "no-store");
    let page = app.get_with(&link, &[("accept", "text/html")]).await.text();
    for words in [
        "Ce qui a été enregistré",
        "Toutes les vérifications sont bonnes",
        "ada@example.org",
        "En attente de votre confirmation",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(page.matches("class=\"good\"").count(), 10, "{page}");
    let path = link.split('?').next().expect("a path");
    for wrong in [
        path.to_owned(),
        format!("{path}?token=x"),
        link.replace(&draft.id(), "00000000-0000-4000-8000-000000000000"),
    ] {
        assert_eq!(app.get(&wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
        assert_eq!(
            app.get_with(&wrong, &[("accept", "text/html")]).await.status,
            StatusCode::GONE,
            "{wrong}"
        );
    }
    app.mails().await;
    let mailbox = app.get("/mailbox").await.text();
    assert!(
        mailbox.contains("Acme Conseil SAS") && mailbox.contains(&format!("/mailbox/recorded/{}", draft.id())),
        "{mailbox}"
    );
}

#[tokio::test]
async fn the_mailbox_is_for_demonstrations_only() {
    let app = TestApp::start().await;
    for path in ["/mailbox", "/mailbox/recorded/00000000-0000-4000-8000-000000000000"] {
        assert_eq!(app.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

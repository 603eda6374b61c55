//! A person's data on their page: corrected, read, taken along; and what no link and no tampered form can do.

use candor_collector::{links::LinkKind, person::Person};
use http::StatusCode;
use jiff::SignedDuration;

use crate::{
    person::{PHONE, Somebody, link, receipts, target},
    support::{ADA, PUBLIC_URL, TestApp, ebook},
};

#[tokio::test]
async fn a_correction_has_digests_of_its_own() {
    let app = TestApp::start().await;
    let draft = ebook(
        &app,
        &[("newsletter", "given"), ("call", "given")],
        &[ADA, PHONE, ("given_name", "Ada")],
    )
    .await;
    let ada = Somebody::proved(&app, &draft).await;
    let chain = ada.chain.to_string();
    let before = app
        .app
        .store
        .submission(ada.chain)
        .await
        .expect("the store")
        .expect("a lead")
        .lead;
    let flawed = app
        .post_form(
            &ada.link,
            &[
                ("correct", &chain),
                ("value.phone", "call me"),
                ("value.given_name", "Augusta <i>"),
            ],
        )
        .await;
    assert_eq!(flawed.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = flawed.text();
    assert!(
        text.contains("value=\"call me\"") && text.contains("value=\"Augusta &#60;i&#62;\""),
        "{text}"
    );
    assert_eq!(text.matches("aria-invalid=\"true\"").count(), 1, "{text}");
    let page = ada
        .press(
            &app,
            &[
                ("correct", &chain),
                ("value.phone", "+33 1 99 00 99 99"),
                ("value.given_name", "Augusta"),
                ("value.email", "eve@example.org"),
                ("value.nothing", "x"),
            ],
        )
        .await;
    let record = receipts(&app, &page).await.remove(0);
    assert_eq!(record["event"], "rectification");
    let person = Person::open(&app.app, ada.id).await.expect("opens").expect("is there");
    let lead = &person.submissions[0];
    assert_eq!(
        lead.values.address.as_deref(),
        Some("ada@example.org"),
        "another address is another person"
    );
    assert_eq!(lead.values.phones["phone"], "+33199009999");
    assert_eq!(record["subject"]["_sd"].as_array().map(Vec::len), Some(3));
    let kept = lead
        .values
        .disclosures
        .iter()
        .filter(|text| draft.disclosures.contains(text))
        .count();
    assert_eq!(kept, 1, "what stayed as it was still opens the first record");
    assert_ne!(lead.stored.lead.fingerprint, before.fingerprint);
    let found = |number: &str| app.app.index.phone(number);
    let of = async |number: &str| {
        app.app
            .store
            .people_by_phone(&found(number))
            .await
            .expect("the store")
            .len()
    };
    assert_eq!((of("+33199001234").await, of("+33199009999").await), (0, 1));
    ada.press(&app, &[("correct", &chain), ("value.given_name", "Augusta")])
        .await;
    assert_eq!(
        app.count("records WHERE event = 'rectification'").await,
        1,
        "nothing differed"
    );
    // The first receipt still verifies, with what of the values still belongs to it.
    let first = app
        .get_with(
            &app.app.link(target(LinkKind::Receipt, ada.chain)),
            &[("accept", "text/html")],
        )
        .await;
    assert!(
        first.text().contains("Toutes les vérifications sont bonnes"),
        "{}",
        first.text()
    );
}

#[tokio::test]
async fn everything_is_readable_and_portable() {
    let app = TestApp::start().await;
    let ada = Somebody::proved(
        &app,
        &ebook(&app, &[("newsletter", "given")], &[ADA, ("given_name", "Ada")]).await,
    )
    .await;
    ada.press(&app, &[("withdraw", "newsletter")]).await;
    app.mails().await;
    let answer = app.get(&format!("{}/data.json", ada.link)).await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.header("content-disposition").starts_with("attachment"));
    let data = answer.json();
    assert_eq!(data["submissions"][0]["values"]["email"], "ada@example.org");
    assert_eq!(data["submissions"][0]["evidenceUntil"], "2031-11-21T10:00:01.000Z");
    let events: Vec<_> = data["records"]
        .as_array()
        .expect("records")
        .iter()
        .map(|row| &row["event"])
        .collect();
    assert_eq!(events, ["submission", "confirmation", "withdrawal"]);
    for row in data["records"].as_array().expect("records") {
        assert!(
            row["receipt"]["signatures"]
                .as_array()
                .is_some_and(|list| !list.is_empty()),
            "{row}"
        );
    }
    let purpose = |id: &str| {
        let rows = data["purposes"].as_array().expect("purposes").iter();
        rows.clone()
            .find(|row| row["purpose"] == id)
            .expect("a purpose")
            .clone()
    };
    assert_eq!(purpose("newsletter")["state"], "withdrawn");
    assert_eq!(purpose("ebook")["keptUntil"], "2026-12-21T10:00:00.000Z");
    assert_eq!(data["mails"][0]["kind"], "submission");
    assert_eq!(data["requests"][0]["kind"], "portability");
    assert_eq!(data["accesses"], serde_json::json!([]));
    let page = app.get(&format!("{}/data", ada.link)).await.text();
    for words in [
        "ada@example.org",
        "Retrait",
        "Après un envoi",
        "Contrat",
        "Emporter mes données",
        "20 novembre 2031",
        "21 novembre 2031",
    ] {
        assert!(page.contains(words) || words.starts_with("20 "), "{words}: {page}");
    }
    app.get(&format!("{}/data", ada.link)).await;
    assert_eq!(app.count("requests").await, 2, "a reload is the same request");
    assert!(!page.contains("href=\"{{"), "{page}");
}

#[tokio::test]
async fn a_link_does_what_it_is_for_and_nothing_else() {
    let app = TestApp::start().await;
    let draft = ebook(&app, &[("newsletter", "given"), ("call", "given")], &[ADA, PHONE]).await;
    let ada = Somebody::proved(&app, &draft).await;
    let chain = ada.chain.to_string();
    let renew = link(&app, LinkKind::Renew, ada.id).await;
    let foreign = format!("{PUBLIC_URL}/m/{}", "A".repeat(48));
    let records = app.count("records").await;
    let acts: [&[(&str, &str)]; 6] = [
        &[("renew", "ticked"), ("renewal", "call")],
        &[("give", "partners"), ("agree", "partners")],
        &[("correct", &chain), ("value.given_name", "Eve")],
        &[("confirm", &chain)],
        &[("lift", "newsletter")],
        &[("withdraw", "newsletter")],
    ];
    for (kind, token, allowed) in [
        ("own", &ada.manage, Some(5)),
        ("renewal", &renew, Some(0)),
        ("foreign", &foreign, None),
    ] {
        for (number, press) in acts.iter().enumerate() {
            if allowed != Some(number) {
                app.post_form(token, press).await;
                assert_eq!(app.count("records").await, records, "{kind}: {press:?}");
            }
        }
        for path in ["data", "data.json", "erase"] {
            assert_eq!(
                app.get(&format!("{token}/{path}")).await.status,
                StatusCode::GONE,
                "{kind}: {path}"
            );
        }
        assert_eq!(
            app.post_form(&format!("{token}/erase"), &[("erase", "everything")])
                .await
                .status,
            StatusCode::GONE,
            "{kind}"
        );
    }
    ada.press(&app, &[("withdraw", "newsletter")]).await;
    let page = app.get(&format!("{renew}?done")).await.text();
    assert!(!page.contains("/r/"), "no receipt of what it did not do: {page}");
    let page = app.get(&renew).await.text();
    assert!(
        !page.contains("ada@example.org") && !page.contains("withdraw"),
        "{page}"
    );
    for action in ["c", "d", "t"] {
        let wrong = ada.link.replace("/m/", &format!("/{action}/"));
        assert_eq!(app.get(&wrong).await.status, StatusCode::GONE, "{action}");
    }
    app.clock.advance(SignedDuration::from_hours(2));
    assert_eq!(app.get(&ada.link).await.status, StatusCode::GONE, "short-lived");
    assert_eq!(app.get(&ada.manage).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_tampered_form_changes_nothing() {
    let app = TestApp::start().await;
    let ada = Somebody::proved(&app, &ebook(&app, &[("newsletter", "given")], &[ADA]).await).await;
    let eve = Somebody::proved(&app, &ebook(&app, &[], &[("email", "eve@example.org")]).await).await;
    let foreign = eve.chain.to_string();
    let own = ada.chain.to_string();
    let records = app.count("records").await;
    let check = async |press: &[(&str, &str)], expected: StatusCode| {
        let answer = app.post_form(&ada.link, press).await;
        assert_eq!(answer.status, expected, "{press:?}: {}", answer.text());
        assert_eq!(app.count("records").await, records, "{press:?}");
    };
    let (moved, flawed) = (StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY);
    for name in ["withdraw", "object", "lift"] {
        for purpose in ["ebook", "call", "nothing", "", "../..", "newsletter.details"] {
            check(&[(name, purpose)], moved).await;
        }
    }
    check(&[("give", "newsletter"), ("agree", "newsletter")], moved).await;
    check(&[("give", "partners")], flawed).await;
    check(&[("give", "partners"), ("agree", "call")], flawed).await;
    check(&[("give", "call"), ("agree", "call")], moved).await;
    check(&[("give", "ebook"), ("agree", "ebook")], moved).await;
    check(&[("renew", "ticked")], flawed).await;
    check(
        &[
            ("renew", "ticked"),
            ("renewal", "partners"),
            ("renewal", "ebook"),
            ("renewal", "nothing"),
        ],
        flawed,
    )
    .await;
    check(&[("confirm", &own)], moved).await;
    check(&[("confirm", &foreign), ("held", "newsletter")], moved).await;
    check(&[("confirm", "nothing")], moved).await;
    check(
        &[("correct", &foreign), ("value.email", "x@example.org")],
        StatusCode::NOT_FOUND,
    )
    .await;
    check(&[("correct", &own), ("value.phone", "+33199001234")], moved).await;
    check(&[("erase", "everything")], moved).await;
    check(&[], moved).await;
}

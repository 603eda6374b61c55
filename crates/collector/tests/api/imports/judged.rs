//! Line by line: the time of the act, the words that were shown, the bases that know an objection.

use super::*;

#[tokio::test]
async fn lines_are_judged_by_their_time_and_their_words() {
    let app = TestApp::start().await;
    let full = mapping(&app, "checklist").await;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut mapping = full.clone();
        change(&mut mapping);
        mapping
    };
    let check = async |mapping: &Value, row: &str, expected: &str| {
        let file = format!("{HEAD}{row}\n");
        let given = Given {
            dry_run: true,
            ..Given::list("checklist", mapping, &file)
        };
        assert_eq!(all_told(&given.run(&app).await), [expected], "{row} by {mapping}");
    };
    check(&full, "ada@example.org,2026-03-01,yes", "taken retention").await;
    check(&full, "ada@example.org,2026-11-20,yes", "taken").await;
    check(&full, "ada@example.org,,yes", "refused time").await;
    check(&full, "ada@example.org,yesterday,yes", "refused time").await;
    check(&full, "ada@example.org,2027-03-01,yes", "refused time").await;
    check(&full, "ada@example.org,2026-03-01", "refused shape").await;
    check(&full, "ada@,2026-11-20,yes", "refused field").await;
    check(&full, ",2026-11-20,yes", "refused field").await;
    // The words stood there in 2026 alone; the service's data would have gone after 30 days.
    check(
        &full,
        "ada@example.org,2025-12-31,yes",
        "refused no-purpose,no-words,no-words",
    )
    .await;
    // Whoever asked only for the checklist did so too long ago.
    check(&full, "ada@example.org,2026-03-01,no", "refused no-purpose,retention").await;
    let old = with(&|mapping| mapping["shown"][0]["from"] = json!("2020-01-01"));
    check(
        &old,
        "ada@example.org,2025-05-20,yes",
        "refused no-purpose,retention,expired",
    )
    .await;
    for reference in ["purpose.letter", "controller", "policy", "withdrawal"] {
        let other = with(&|mapping| mapping["shown"][0]["texts"][reference] = json!("other words"));
        check(&other, "ada@example.org,2026-11-20,yes", "refused no-purpose,no-words").await;
        check(
            &other,
            "ada@example.org,2026-03-01,yes",
            "refused no-purpose,retention,no-words",
        )
        .await;
    }
    let elsewhere = with(&|mapping| mapping["shown"][0]["policyUrl"] = json!("https://other.example/privacy"));
    check(
        &elsewhere,
        "ada@example.org,2026-11-20,yes",
        "refused no-purpose,no-words",
    )
    .await;
    let spaced = with(&|mapping| {
        let words = mapping["shown"][0]["texts"]["purpose.letter"]
            .as_str()
            .expect("words")
            .replace(' ', " \n ");
        mapping["shown"][0]["texts"]["purpose.letter"] = json!(words);
    });
    check(&spaced, "ada@example.org,2026-11-20,yes", "taken").await;
    assert_eq!(app.count("records").await, 0, "a rehearsal writes nothing");
    assert_eq!(app.count("imports").await, 0);
}

#[tokio::test]
async fn a_legitimate_interest_needs_statement_and_objection() {
    let app = TestApp::start().await;
    let full = mapping(&app, "webinar-b2b").await;
    let file = "name,email,when,offers\nAda,ada@example.org,2026-11-01,no\nBob,bob@example.org,2026-11-01,yes\n";
    let lines = Given::list("webinar-b2b", &full, file).run(&app).await;
    assert_eq!(all_told(&lines), ["taken", "taken"]);
    assert_eq!(
        permission(&app, "ada@example.org", "offers").await["reason"],
        "informed"
    );
    assert_eq!(
        permission(&app, "bob@example.org", "offers").await["reason"],
        "objected"
    );
    let mut silent = full.clone();
    silent["shown"][0]["texts"]
        .as_object_mut()
        .expect("texts")
        .remove("purpose.offers.objection");
    let file = "name,email,when,offers\nCy,cy@example.org,2026-11-01,no\nDi,di@example.org,2026-11-01,yes\n";
    let lines = Given::list("webinar-b2b", &silent, file).run(&app).await;
    assert_eq!(all_told(&lines), ["taken no-words", "taken"]);
    assert_eq!(
        permission(&app, "cy@example.org", "offers").await["reason"],
        "not-shown"
    );
    assert_eq!(
        permission(&app, "di@example.org", "offers").await["reason"],
        "objected",
        "a no needs no proof"
    );
}

#[tokio::test]
async fn what_may_be_an_objection_is_none_less() {
    let app = TestApp::start().await;
    let full = mapping(&app, "webinar-b2b").await;
    let check = async |change: &dyn Fn(&mut Value), cell: &str, expected: &str| {
        let mut mapping = full.clone();
        change(&mut mapping["purposes"]["offers"]);
        let file = format!("name,email,when,offers\nAda,ada@example.org,2026-11-01,{cell}\n");
        let given = Given {
            dry_run: true,
            ..Given::list("webinar-b2b", &mapping, &file)
        };
        assert_eq!(all_told(&given.run(&app).await), [expected], "{cell}");
    };
    check(&|_| {}, "", "taken").await;
    check(&|_| {}, "NON", "taken").await;
    // Said in words that nobody foresaw: whoever wrote that may have objected.
    check(&|_| {}, "objected", "taken unanswered").await;
    check(&|it| it["yes"] = json!(["objected"]), "subscribed", "taken unanswered").await;
    check(
        &|it| {
            it["yes"] = json!(["objected"]);
            it["no"] = json!(["subscribed"]);
        },
        "subscribed",
        "taken",
    )
    .await;
}

#[tokio::test]
async fn several_sources_prove_together_and_none_against_another() {
    let app = TestApp::start().await;
    let full = mapping(&app, "checklist").await;
    let check = async |change: &dyn Fn(&mut Vec<Value>), expected: &str| {
        let mut mapping = full.clone();
        change(mapping["shown"].as_array_mut().expect("a list"));
        let file = format!("{HEAD}ada@example.org,2026-11-20,yes\n");
        let given = Given {
            dry_run: true,
            ..Given::list("checklist", &mapping, &file)
        };
        assert_eq!(all_told(&given.run(&app).await), [expected], "{mapping}");
    };
    let take = |shown: &mut Value, reference: &str| {
        let texts = shown["texts"].as_object_mut().expect("texts");
        texts.remove(reference).expect("a text")
    };
    let and = |shown: &mut Vec<Value>, reference: &str, words: Value| {
        let mut other = shown[0].clone();
        other["source"] = json!("another archive");
        other["texts"] = json!({ reference: words });
        shown.push(other);
    };
    check(
        &|shown| {
            let words = take(&mut shown[0], "controller");
            and(shown, "controller", words);
        },
        "taken",
    )
    .await;
    // Half of the people saw other words: of nobody it is known which.
    check(
        &|shown| and(shown, "purpose.letter", json!("Sign me up")),
        "refused no-purpose,no-words",
    )
    .await;
    check(
        &|shown| {
            and(shown, "purpose.letter", json!("Sign me up"));
            shown[1]["until"] = json!("2026-11-19");
        },
        "taken",
    )
    .await;
    check(
        &|shown| {
            and(shown, "withdrawal", json!("x"));
            shown[1]["texts"] = json!({});
            shown[1]["policyUrl"] = json!("https://other.example/privacy");
        },
        "refused no-purpose,no-words",
    )
    .await;
}

//! A field goes with its last purpose, and never with a living one.

use super::*;

#[tokio::test]
async fn a_field_goes_with_its_last_purpose() {
    let app = TestApp::start().await;
    let typed = [ADA, ("given_name", "Ada"), ("phone", "+33 1 99 00 12 34")];
    let draft = ebook(&app, &[("newsletter", "given"), ("call", "given")], &typed).await;
    assert_eq!(app.submit(&draft.sign()).await.status, StatusCode::CREATED);
    let chain: Uuid = draft.id().parse().expect("an id");
    // While the confirmation can still be given the number waits, whatever became of the link.
    check(&at(&app, "2026-11-30T10:00:00Z").await, &json!({}));
    app.clock.set(time("2026-11-21T11:00:00Z"));
    let link = link_in(&app.mails().await[0], "c");
    assert_eq!(app.post_form(&link, &[]).await.status, StatusCode::OK);
    let ada = app.ada().await.row.id;
    // The service has ended, and its fields serve others.
    check(&at(&app, "2027-01-01T10:00:00Z").await, &json!({}));
    assert_eq!(app.count("phones").await, 1);

    act(&app, ada, "call", EventKind::Withdrawal, Status::Withdrawn).await;
    let one = json!({"fields": [{"form": "ebook-rgpd", "count": 1}]});
    let rehearsed = sweep(&app.app, Mode::Rehearse).await.expect("swept").to_json();
    check(&rehearsed, &one);
    assert_eq!(app.count("phones").await, 1, "a rehearsal changes nothing");
    let records = app.count("records").await;
    check(&at(&app, "2027-01-01T10:00:00Z").await, &one);
    let left = person(&app, ada).await.expect("a person");
    let lead = left.submission(chain).expect("a lead");
    let texts: Vec<_> = candor_collector::ingest::values::disclosed(&lead.values.disclosures);
    let names: Vec<&str> = texts.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(names, ["email", "given_name"]);
    assert!(lead.values.phones.is_empty() && lead.values.address.is_some());
    assert_eq!(app.count("phones").await, 0);
    assert_eq!(
        app.count("suppressions WHERE kind = 'phone' AND channel = 'phone'")
            .await,
        1
    );
    assert_eq!(state(&app, ada, "newsletter").await, Some(State::Given));
    assert_eq!(app.count("records").await, records, "no event: the withdrawal says it");
    let (from, to) = (time("2026-01-01T00:00:00Z"), time("2034-01-01T00:00:00Z"));
    let report = app.app.store.deletions(from, to).await.expect("read");
    let lines: Vec<_> = report
        .iter()
        .map(|line| (line.reason.as_str(), line.leads, line.records))
        .collect();
    assert_eq!(lines, [("field", 1, 0)]);

    // Looked at anew, nothing is left to do.
    let again = PersonChange::of(ada, app.app.clock.now());
    app.app.store.commit(&again).await.expect("written");
    check(&at(&app, "2027-01-02T10:00:00Z").await, &json!({}));
    let person_page = app
        .app
        .store
        .renew_link(LinkKind::Person, ada, app.app.clock.now(), None)
        .await;
    let page = app.get(&app.app.link(person_page.expect("a link").target)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains("99 00 12 34"), "{}", page.text());
}

/// Neither before the sweep takes it nor after: the person corrects the rest, and so does an operator, who reads what is
/// wrong in their own language.
#[tokio::test]
async fn what_has_gone_with_its_purpose_bars_no_correction() {
    let app = TestApp::start().await;
    let typed = [ADA, ("given_name", "Ada"), ("phone", "+33 1 99 00 12 34")];
    let draft = ebook(&app, &[("newsletter", "given"), ("call", "given")], &typed).await;
    assert_eq!(app.submit(&draft.sign()).await.status, StatusCode::CREATED);
    let confirm = link_in(&app.mails().await[0], "c");
    assert_eq!(app.post_form(&confirm, &[]).await.status, StatusCode::OK);
    let ada = app.ada().await.row.id;
    let required = app.get(&link(&app, LinkKind::Person, ada).await).await.text();
    let phone = required
        .split("name=\"value.phone\"")
        .nth(1)
        .expect("a field for the number");
    assert!(phone.split('>').next().is_some_and(|tag| tag.ends_with(" required")));

    app.clock.set(time("2027-01-01T10:00:00Z"));
    act(&app, ada, "call", EventKind::Withdrawal, Status::Withdrawn).await;
    let chain = draft.id();
    let corrects = async |name: &str, numbers: i64| {
        let address = link(&app, LinkKind::Person, ada).await;
        let page = app.get(&address).await.text();
        assert!(
            page.contains("value.given_name") && !page.contains("value.phone"),
            "{page}"
        );
        let members = [("correct", chain.as_str()), ("value.given_name", name)];
        let answer = app.post_form(&address, &members).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let now = app.ada().await;
        let lead = &now.submissions[0];
        assert!(lead.values.phones.len() as i64 == numbers && app.count("phones").await == numbers);
        let typed = candor_collector::ingest::values::disclosed(&lead.values.disclosures);
        assert!(typed.contains(&("given_name".to_owned(), name.to_owned())));
    };
    corrects("Augusta", 1).await;
    let swept = at(&app, "2027-01-01T10:00:00Z").await;
    check(&swept, &json!({"fields": [{"form": "ebook-rgpd", "count": 1}]}));
    assert_eq!(app.count("suppressions WHERE kind = 'phone'").await, 1);
    corrects("Augusta Ada", 0).await;

    let dpo = Staff::hire(&app, Role::Dpo).await;
    let path = format!("/v1/people/{ada}/rectify");
    let rectify = async |language: &str, field: &str, value: &str| {
        let values = json!({"reason": "a letter", "values": {field: value}});
        dpo.post_in(language, &path, &values).await
    };
    let done = rectify("", "given_name", "Ada").await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    assert_eq!(
        rectify("", "phone", "01 99 00 12 34").await.json()["errors"][0]["code"],
        "unknown"
    );
    for (language, part) in [
        ("", "300 characters"),
        ("en-GB,fr;q=0.5", "300 characters"),
        ("fr", "300 caractères"),
    ] {
        let refused = rectify(language, "given_name", &"n".repeat(301)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let detail = refused.json()["errors"][0]["detail"]
            .as_str()
            .expect("words")
            .to_owned();
        assert!(detail.contains(part), "{language}: {detail}");
    }
}

/// Half a year: longer than nothing, shorter than the newsletter.
#[tokio::test]
async fn a_field_kept_from_the_withdrawal_stays_until_then() {
    let app = TestApp::start_with(|config| {
        let path = config.forms.as_ref().expect("forms").join("ebook-rgpd.json");
        let mut form: Value = serde_json::from_slice(&fs::read(&path).expect("a form")).expect("JSON");
        for purpose in form["purposes"].as_array_mut().expect("purposes") {
            if purpose["id"] == "call" {
                purpose["validity"] = json!("P6M");
                purpose["storage"]["from"] = json!("withdrawal");
                purpose["storage"]["retention"] = json!("P6M");
            }
        }
        fs::write(path, form.to_string()).expect("written");
    })
    .await;
    let typed = [ADA, ("phone", "+33 1 99 00 12 34")];
    let draft = ebook(&app, &[("newsletter", "given"), ("call", "given")], &typed).await;
    assert_eq!(app.submit(&draft.sign()).await.status, StatusCode::CREATED);
    let link = link_in(&app.mails().await[0], "c");
    assert_eq!(app.post_form(&link, &[]).await.status, StatusCode::OK);
    let ada = app.ada().await.row.id;
    app.clock.set(time("2026-12-31T10:00:00Z"));
    act(&app, ada, "call", EventKind::Withdrawal, Status::Withdrawn).await;
    check(&at(&app, "2026-12-31T10:00:00Z").await, &json!({}));
    let due = app
        .app
        .store
        .people_due(time("2027-06-30T09:59:59Z"), 9)
        .await
        .expect("read");
    assert!(due.is_empty(), "nobody is looked at before");
    let one = json!({"fields": [{"form": "ebook-rgpd", "count": 1}]});
    check(&at(&app, "2027-06-30T10:00:00Z").await, &one);
    assert_eq!(app.count("phones").await, 0);
}

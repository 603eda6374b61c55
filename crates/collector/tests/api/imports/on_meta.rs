//! Leads of Meta: what its form showed and by which boxes, as the Graph API tells it.

use super::*;

/// A form at Meta in the words of ours, with one box.
async fn meta_form(app: &TestApp, required: Value, ticked: Value) -> Value {
    let texts = texts(app, "checklist").await;
    let compiled = app.compiled("checklist", "en").await;
    let line = |reference: &str| texts[reference].as_str().expect("a text").to_owned();
    let body = ["purpose.checklist", "controller", "withdrawal"].map(line).join("\n\n");
    let mut checkbox = json!({"id": "11", "key": "letter", "text": line("purpose.letter")});
    for (name, value) in [("is_required", required), ("is_checked_by_default", ticked)] {
        if !value.is_null() {
            checkbox[name] = value;
        }
    }
    json!({
        "id": "900000000000001",
        "locale": "en_GB",
        "legal_content": {
            "id": "5",
            "privacy_policy": {"url": compiled["record"]["policy"]["url"], "link_text": line("policy")},
            "custom_disclaimer": {
                "title": "Your choice",
                "body": {"text": body, "url_entities": []},
                "checkboxes": {"data": [checkbox]},
            },
        },
    })
}

fn lead(id: &str, email: &str, ticked: &str) -> Value {
    json!({
        "id": id,
        "created_time": "2026-11-20T16:16:51+0000",
        "form_id": "900000000000001",
        "platform": "ig",
        "field_data": [{"name": "email", "values": [email]}, {"name": "full_name", "values": ["Ada"]}],
        "custom_disclaimer_responses": [{"checkbox_key": "letter", "is_checked": ticked}],
    })
}

#[tokio::test]
async fn a_free_box_in_our_words_gives_a_consent() {
    let app = TestApp::start().await;
    let mapping = json!({"format": "candor-import/1", "language": "en", "purposes": {"checklist": {}}});
    let leads = json!({"data": [lead("1", "ada@example.org", "1"), lead("2", "bob@example.org", "")], "paging": {}})
        .to_string();
    let form = meta_form(&app, json!(false), json!(false)).await;
    let given = Given {
        format: Format::Meta,
        meta_form: Some(form),
        ..Given::list("checklist", &mapping, &leads)
    };
    assert_eq!(all_told(&given.run(&app).await), ["taken", "refused no-purpose"]);
    let record = first(&app, "ada@example.org").await;
    assert_eq!(record.capture.origin, "https://www.facebook.com");
    let statuses: Vec<&str> = record.processes.iter().map(|process| process.status.as_str()).collect();
    assert_eq!(statuses, ["informed", "given"]);
    let refs: Vec<&str> = record.shown.iter().map(|text| text.reference.as_str()).collect();
    let expected = [
        "purpose.checklist",
        "purpose.letter",
        "controller",
        "withdrawal",
        "policy",
    ];
    assert_eq!(refs, expected, "exactly what stood there");
    assert_eq!(
        all_told(&given.run(&app).await),
        ["unchanged before", "refused no-purpose"]
    );
}

#[tokio::test]
async fn whatever_the_lead_says_other_boxes_and_other_words_give_nothing() {
    let app = TestApp::start().await;
    let mapping = json!({"format": "candor-import/1", "language": "en", "purposes": {"checklist": {}}});
    let leads = lead("1", "ada@example.org", "1").to_string();
    let free = meta_form(&app, json!(false), json!(false)).await;
    let check = async |form: Option<Value>, expected: &str| {
        let given = Given {
            format: Format::Meta,
            meta_form: form.clone(),
            dry_run: true,
            ..Given::list("checklist", &mapping, &leads)
        };
        assert_eq!(all_told(&given.run(&app).await), [expected], "{form:?}");
    };
    check(Some(free.clone()), "taken").await;
    check(
        Some(meta_form(&app, json!(true), json!(false)).await),
        "refused no-purpose,box-required",
    )
    .await;
    check(
        Some(meta_form(&app, Value::Null, Value::Null).await),
        "refused no-purpose,box-required",
    )
    .await;
    check(
        Some(meta_form(&app, json!(false), json!(true)).await),
        "refused no-purpose,box-ticked",
    )
    .await;
    let with = |pointer: &str, words: &str| {
        let mut form = free.clone();
        *form.pointer_mut(pointer).expect("a place") = json!(words);
        Some(form)
    };
    check(
        with("/legal_content/custom_disclaimer/checkboxes/data/0/text", "Sign me up"),
        "refused no-purpose,no-words",
    )
    .await;
    check(
        with("/legal_content/privacy_policy/url", "https://other.example/"),
        "refused no-purpose,no-words",
    )
    .await;
    check(
        with("/legal_content/privacy_policy/link_text", "Read"),
        "refused no-purpose,no-words",
    )
    .await;
    check(
        with("/legal_content/custom_disclaimer/body/text", "Hello"),
        "refused no-purpose,no-words,no-words",
    )
    .await;
    check(with("/id", "900000000000002"), "refused no-purpose,no-words,no-words").await;
    check(None, "refused no-purpose,no-words,box-unknown").await;
    // A lead that names no form was made by whichever.
    let mut nameless = lead("1", "ada@example.org", "1");
    nameless.as_object_mut().expect("a lead").remove("form_id");
    let nameless = nameless.to_string();
    let given = Given {
        format: Format::Meta,
        meta_form: Some(free),
        ..Given::list("checklist", &mapping, &nameless)
    };
    assert_eq!(
        all_told(&given.run(&app).await),
        ["refused no-purpose,no-words,no-words"]
    );
    // What the Graph API answers instead of leads.
    let error =
        json!({"error": {"message": "Invalid OAuth access token.", "type": "OAuthException", "code": 190}}).to_string();
    let given = Given { file: &error, ..given };
    let told = given.try_run(&app).await.expect_err("no lead");
    assert!(told.contains("no lead as the Graph API answers it"), "{told}");
}

#[tokio::test]
async fn the_list_that_meta_lets_one_download() {
    let app = TestApp::start().await;
    let mapping = json!({
        "format": "candor-import/1", "language": "en",
        "purposes": {"checklist": {}, "letter": {"column": "letter"}},
    });
    let meta_form = meta_form(&app, json!(false), json!(false)).await;
    // Its columns, its tabs, and the encoding that it has; the other is what is left after a spreadsheet.
    for (name, encoding) in [("ada", Encoding::Utf16), ("bob", Encoding::Utf8)] {
        let list = format!(
            "id\tcreated_time\tad_id\tad_name\tadset_id\tadset_name\tcampaign_id\tcampaign_name\tform_id\tform_name\t\
             is_organic\tplatform\temail\tfull_name\tphone_number\tletter\tlead_status\n\
             l:1\t2026-11-20T16:16:51+05:30\tag:7\tA, \u{e9}t\u{e9}\tas:8\tB\tc:9\tC\tf:900000000000001\tForm\tfalse\tig\t\
             {name}@example.org\tAda\tp:+33199001234\ttrue\tCREATED\n"
        );
        let given = Given {
            format: Format::Meta,
            meta_form: Some(meta_form.clone()),
            encoding,
            ..Given::list("checklist", &mapping, &list)
        };
        assert_eq!(all_told(&given.run(&app).await), ["taken"]);
        let address = format!("{name}@example.org");
        assert_eq!(permission(&app, &address, "letter").await["reason"], "given");
        let acted = person(&app, &address).await.submissions[0].acted().expect("a time");
        assert_eq!(acted.to_string(), "2026-11-20T10:46:51Z");
    }
}

//! By which control a consent was given elsewhere decides whether it is one.

use super::*;

#[tokio::test]
async fn only_an_empty_box_gives() {
    let app = TestApp::start().await;
    let full = mapping(&app, "checklist").await;
    let check = async |control: Value, expected: &str| {
        let mut mapping = full.clone();
        mapping["purposes"]["letter"]["control"] = control.clone();
        let file = format!("{HEAD}ada@example.org,2026-03-01,yes\n");
        let given = Given {
            dry_run: true,
            ..Given::list("checklist", &mapping, &file)
        };
        assert_eq!(all_told(&given.run(&app).await), [expected], "{control}");
    };
    check(json!("unticked-box"), "taken retention").await;
    check(json!("ticked-box"), "refused no-purpose,retention,box-ticked").await;
    check(json!("required-box"), "refused no-purpose,retention,box-required").await;
    check(Value::Null, "refused no-purpose,retention,box-unknown").await;
}

#[tokio::test]
async fn mappings_fit_the_form() {
    let app = TestApp::start().await;
    let full = mapping(&app, "checklist").await;
    let check = async |change: &dyn Fn(&mut Value), expected: &str| {
        let mut mapping = full.clone();
        change(&mut mapping);
        let error = Given::list("checklist", &mapping, HEAD)
            .try_run(&app)
            .await
            .expect_err(expected);
        assert!(error.contains(expected), "{error}");
    };
    check(
        &|it| it["fields"] = json!({"age": "email"}),
        "mapping/fields/age: the form has no such field",
    )
    .await;
    check(
        &|it| it["purposes"]["other"] = json!({}),
        "mapping/purposes/other: the form has no such purpose",
    )
    .await;
    check(
        &|it| it["purposes"]["letter"]["control"] = json!("submit"),
        "a box of its own",
    )
    .await;
    check(
        &|it| it["purposes"]["letter"]["column"] = json!("Letter"),
        "no column `Letter`",
    )
    .await;
    check(
        &|it| it["shown"][0]["source"] = json!(" "),
        "mapping/shown/0/source: empty",
    )
    .await;
    check(&|it| it["shown"][0]["from"] = json!("spring"), "mapping/shown/0/from").await;
    check(
        &|it| it["shown"][0]["until"] = json!("2025-12-31"),
        "mapping/shown/0/until: not after `from`",
    )
    .await;
    // Else every line would be refused, each for itself.
    check(
        &|it| it["acted"]["timeZone"] = json!("Mars/Olympus"),
        "mapping/acted/timeZone: `Mars/Olympus` is no time zone",
    )
    .await;
    check(&|it| it["acted"]["format"] = json!("%d/%m/%"), "mapping/acted/format").await;
    check(
        &|it| it["shown"][0]["texts"]["purpose.none"] = json!("x"),
        "no text `purpose.none`",
    )
    .await;
    check(&|it| it["origin"] = json!("https://a.example/page"), "mapping/origin").await;
    check(&|it| it["colour"] = json!("red"), "unknown field `colour`").await;
}

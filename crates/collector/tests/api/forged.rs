//! Records that claim what was not so: refused with 422 (or 403), each by its own rule, without repeating a value.

use serde_json::{Value, json};

use crate::support::{ADA, TestApp, ebook};

#[tokio::test]
async fn forged_records_are_refused() {
    let app = TestApp::start().await;
    let draft = async || ebook(&app, &[("newsletter", "given")], &[ADA, ("given_name", "Ada")]).await;
    let check = async |name: &str, body: Value, status: u16, slug: &str| {
        let answer = app.submit(&body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem().as_str()),
            (status, slug),
            "{name}: {}",
            answer.text()
        );
        assert!(
            !answer.text().contains("ada@example.org"),
            "{name}: no value in an error"
        );
    };
    let process =
        |record: &mut Value, position: usize, member: &str, value: Value| record["processes"][position][member] = value;

    let mut body = draft().await.sign();
    body["record"]["signatures"][0]["signature"] = draft().await.sign()["record"]["signatures"][0]["signature"].clone();
    check("another signature", body, 422, "forged").await;
    check(
        "initially ticked",
        draft()
            .await
            .with(|r| r["processes"][1]["indication"]["initial"] = json!(true))
            .sign(),
        422,
        "forged",
    )
    .await;
    check(
        "a party renamed",
        draft()
            .await
            .with(|r| r["parties"][0]["name"] = json!("Eve SARL"))
            .sign(),
        422,
        "unacceptable",
    )
    .await;
    check(
        "retention stretched",
        draft()
            .await
            .with(|r| {
                process(
                    r,
                    1,
                    "storage",
                    json!({"locations": ["FR"], "retention": "P9Y", "from": "last-contact"}),
                )
            })
            .sign(),
        422,
        "unacceptable",
    )
    .await;
    check(
        "a purpose added",
        draft()
            .await
            .with(|r| {
                let mut p = r["processes"][1].clone();
                p["purpose"] = json!("other");
                p["status"] = json!("not-given");
                r["processes"].as_array_mut().expect("list").push(p);
            })
            .sign(),
        422,
        "unacceptable",
    )
    .await;
    let unshown = draft().await.with(|r| {
        r["shown"]
            .as_array_mut()
            .expect("list")
            .retain(|text| text["ref"] != "purpose.newsletter")
    });
    check("a statement not shown", unshown.sign(), 422, "forged").await;
    check(
        "an old time",
        draft()
            .await
            .with(|r| r["created"] = json!("2026-11-19T10:00:00.000Z"))
            .with(|r| r["shownAt"] = json!("2026-11-19T09:59:00.000Z"))
            .sign(),
        422,
        "clock",
    )
    .await;
    check(
        "a time to come",
        draft()
            .await
            .with(|r| r["created"] = json!("2026-11-21T10:06:00.000Z"))
            .sign(),
        422,
        "clock",
    )
    .await;
    check(
        "never published",
        draft()
            .await
            .with(|r| r["form"]["version"] = json!(format!("sha256-{}", "A".repeat(43))))
            .sign(),
        422,
        "unknown-definition",
    )
    .await;
    check(
        "texts never published",
        draft()
            .await
            .with(|r| r["form"]["texts"] = json!(format!("sha256-{}", "A".repeat(43))))
            .sign(),
        422,
        "unknown-definition",
    )
    .await;
    check(
        "another method",
        draft()
            .await
            .with(|r| {
                r["capture"]["method"] = json!("import");
                r["capture"]["observed"] = json!(false);
                r.as_object_mut().expect("an object").remove("shownAt");
                for process in r["processes"].as_array_mut().expect("list") {
                    process["indication"]
                        .as_object_mut()
                        .expect("an object")
                        .remove("trusted");
                }
            })
            .sign(),
        422,
        "unacceptable",
    )
    .await;
    check(
        "another origin",
        draft()
            .await
            .with(|r| r["capture"]["origin"] = json!("https://evil.example"))
            .sign(),
        403,
        "forbidden",
    )
    .await;
    let mut body = draft().await.sign();
    body["disclosures"] = json!([draft().await.disclosures[0]]);
    check("another disclosure", body, 422, "unacceptable").await;
    let receipt = app.submit(&draft().await.sign()).await.json()["receipt"].clone();
    check(
        "a receipt",
        json!({"record": receipt, "disclosures": []}),
        422,
        "unacceptable",
    )
    .await;
    assert_eq!(app.count("records").await, 1);
}

//! Counts by campaign from what is on record: small numbers withheld, and nothing that a person typed.

use candor_collector::{clock::Clock, operator::Role};
use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    qualification::start,
    staff::Staff,
    support::{Draft, TestApp},
};

/// So many people who came by that campaign.
async fn came(app: &TestApp, campaign: &str, people: usize, statuses: &[(&str, &str)]) {
    let compiled = app.compiled("qualify", "fr").await;
    for number in 0..people {
        let email = format!(
            "{}{number}@acme.example",
            campaign.replace(|letter: char| !letter.is_alphanumeric(), "")
        );
        let mut values = vec![("email", email.as_str())];
        if !campaign.is_empty() {
            values.push(("utm_campaign", campaign));
        }
        let answer = app
            .submit(&Draft::new(&compiled, app.clock.now(), statuses, &values).sign())
            .await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    }
}

async fn table(staff: &Staff<'_>, query: &str) -> Value {
    let answer = staff.get(&format!("/v1/stats/conversions?form=qualify&{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()["table"].clone()
}

#[tokio::test]
async fn campaigns_are_counted_and_nobody_is_told_apart() {
    let app = start().await;
    let viewer = Staff::hire(&app, Role::Viewer).await;
    came(&app, "audit-2026", 6, &[("qualify", "given")]).await;
    came(&app, "spring", 5, &[]).await;
    came(&app, "rare", 2, &[]).await;
    came(&app, "ada@example.org", 3, &[]).await;
    let table_of = table(&viewer, "by=utm_campaign").await;
    assert_eq!(table_of["submissions"], 16);
    let lines = table_of["lines"].as_array().expect("lines");
    let told: Vec<(&Value, &Value)> = lines
        .iter()
        .map(|line| (&line["group"], &line["submissions"]))
        .collect();
    assert_eq!(
        told,
        [
            (&json!({"value": "audit-2026"}), &json!(6)),
            (&json!({"value": "spring"}), &json!(5)),
            (&json!("other"), &json!(5))
        ]
    );
    assert_eq!(
        lines[0]["given"]["qualify"],
        json!({"count": 6, "share": 1.0, "interval": [0.6097, 1.0]})
    );
    assert_eq!(lines[1]["given"]["qualify"]["count"], 0);
    assert!(
        !table_of.to_string().contains("ada@") && !table_of.to_string().contains("rare"),
        "{table_of}"
    );
    assert_eq!(app.count("access_log").await, 0, "nobody was looked at");
}

#[tokio::test]
async fn only_declared_campaign_values_and_whole_days() {
    let app = start().await;
    let viewer = Staff::hire(&app, Role::Viewer).await;
    came(&app, "audit-2026", 5, &[]).await;
    let check = async |query: &str, status: u16| {
        let answer = viewer.get(&format!("/v1/stats/conversions?{query}")).await;
        assert_eq!(answer.status.as_u16(), status, "{query}: {}", answer.text());
    };
    check("form=qualify&by=role", 422).await;
    check("form=qualify&by=email", 422).await;
    check("form=qualify&by=gclid", 422).await;
    check("form=nothing&by=utm_campaign", 404).await;
    check("form=qualify", 400).await;
    check("form=qualify&by=utm_campaign&from=2026-11-22&to=2026-11-21", 422).await;
    check("form=qualify&by=utm_campaign&from=2026-11-21T10:00:00Z", 400).await;
    assert_eq!(
        table(&viewer, "by=utm_campaign&from=2026-11-21&to=2026-11-21").await["submissions"],
        5
    );
    assert_eq!(table(&viewer, "by=utm_campaign&to=2026-11-20").await["submissions"], 0);
    assert_eq!(
        table(&viewer, "by=utm_campaign&atLeast=6").await["submissions"],
        Value::Null
    );
    assert_eq!(
        table(&viewer, "by=utm_campaign&atLeast=1").await["atLeast"],
        5,
        "not less than five"
    );
}

#[tokio::test]
async fn whoever_is_restricted_is_counted_for_nothing() {
    let app = start().await;
    let viewer = Staff::hire(&app, Role::Viewer).await;
    let dpo = Staff::hire(&app, Role::Dpo).await;
    came(&app, "audit-2026", 6, &[("qualify", "given")]).await;
    let found = json!({"email": "audit20260@acme.example", "reason": "asked"});
    let found = dpo.post("/v1/people/find", &found).await.json();
    let person = found["id"].as_str().expect("an id");
    let act = async |word: &str| {
        let answer = dpo
            .post(&format!("/v1/people/{person}/{word}"), &json!({"reason": "contested"}))
            .await;
        assert!(answer.status.is_success(), "{word}: {}", answer.text());
        table(&viewer, "by=utm_campaign").await["submissions"].clone()
    };
    assert_eq!(act("restrict").await, 5);
    assert_eq!(act("unrestrict").await, 6);
}

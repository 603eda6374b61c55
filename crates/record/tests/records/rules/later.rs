//! What an event says that follows a submission: who may act, on what, and in which words.

use super::{REMOVED, WITHDRAWAL, check};
use crate::support::Signers;
use serde_json::{Value, json};

#[test]
fn later_events() {
    let signers = Signers::new();
    let event = |kind: &str, actor: &str, status: &str| {
        vec![
            ("/event", json!(kind)),
            ("/actor", json!(actor)),
            ("/processes/0/status", json!(status)),
        ]
    };
    let full = json!([
        {"ref": "purpose.newsletter", "text": "J’accepte."}, {"ref": "controller", "text": "Responsable : Acme"},
        {"ref": "withdrawal", "text": "Retirable"}, {"ref": "policy", "text": "Politique"},
    ]);
    let policy = json!({"url": "https://acme.example/p", "version": "1"});
    let giving = |kind: &str, actor: &str, status: &str, shown: &Value| {
        let mut changes = event(kind, actor, status);
        changes.extend([("/policy", policy.clone()), ("/shown", shown.clone())]);
        changes
    };
    let without = |reference: &str| {
        let items = full.as_array().expect("a list").iter();
        Value::Array(items.filter(|text| text["ref"] != reference).cloned().collect())
    };
    let rows = [
        (event("withdrawal", "subject", "withdrawn"), None),
        (event("withdrawal", "subject", "given"), Some(8)),
        (event("objection", "subject", "objected"), None),
        (event("expiry", "controller", "expired"), None),
        (event("expiry", "subject", "expired"), Some(8)),
        (event("erasure", "controller", "erased"), None),
        (event("erasure", "controller", "withdrawn"), Some(8)),
        (event("submission", "subject", "withdrawn"), Some(8)),
        (event("confirmation", "subject", "given"), Some(8)),
        (giving("confirmation", "subject", "given", &full), None),
        (giving("confirmation", "controller", "given", &full), Some(8)),
        (giving("confirmation", "subject", "renewed", &full), Some(8)),
        (
            giving("confirmation", "subject", "given", &without("purpose.newsletter")),
            Some(8),
        ),
        (
            giving("confirmation", "subject", "given", &without("controller")),
            Some(8),
        ),
        (giving("renewal", "subject", "renewed", &full), None),
        (giving("renewal", "subject", "renewed", &without("policy")), Some(8)),
        (giving("renewal", "subject", "renewed", &without("withdrawal")), Some(8)),
        (giving("objection-lifted", "subject", "informed", &full), None),
        (
            giving(
                "objection-lifted",
                "subject",
                "informed",
                &without("purpose.newsletter"),
            ),
            Some(8),
        ),
        (giving("withdrawal", "subject", "withdrawn", &full), Some(8)),
        (vec![("/chain", json!("e050717b-b16e-4e98-8a12-2b1b823faadf"))], Some(8)),
        (
            vec![("/replaces", json!("e050717b-b16e-4e98-8a12-2b1b823faadf"))],
            Some(8),
        ),
        (vec![("/replaces", json!(REMOVED))], Some(8)),
        (vec![("/processes", json!([]))], Some(8)),
        (
            vec![("/processes/-", json!({"purpose": "newsletter", "status": "withdrawn"}))],
            Some(8),
        ),
        (vec![("/capture/observed", json!(true))], Some(8)),
        (vec![("/shownAt", json!("2026-11-21T10:00:00.000Z"))], Some(8)),
        (vec![("/audience", json!("b2c"))], Some(8)),
        (vec![("/processes/0/basis", json!("consent"))], Some(8)),
    ];
    for (changes, expected) in rows {
        check(&signers, WITHDRAWAL, &changes, expected);
    }
}

//! The shared test vectors, made by an independent implementation (WebCrypto, jose, canonicalize).
//!
//! Valid ones verify; each invalid one fails FIRST at the check it names, with nothing reached after it.

use std::collections::HashSet;

use candor_record::{
    key::KeySet,
    verify::{Evidence, RingVerifier, Verdict, verify},
};
use serde_json::Value;

const VECTORS: &str = include_str!("../vectors/record/records.json");

fn run(vectors: &Value, vector: &Value, with_keys: bool) -> Verdict {
    let keys = KeySet::parse(vectors["jwks"].to_string().as_bytes()).expect("the published keys");
    let disclosures: Option<Vec<String>> = vector
        .get("disclosures")
        .map(|list| serde_json::from_value(list.clone()).expect("a list of texts"));
    let evidence = Evidence {
        keys: with_keys.then_some(&keys),
        disclosures: disclosures.as_deref(),
        ..Evidence::default()
    };
    verify(vector["envelope"].to_string().as_bytes(), &evidence, &RingVerifier)
}

#[test]
fn every_vector_fails_first_at_its_check() {
    let vectors: Value = serde_json::from_str(VECTORS).expect("the vectors");
    let mut steps = HashSet::new();
    for vector in vectors["vectors"].as_array().expect("a list") {
        let (name, expected) = (
            vector["name"].as_str().expect("a name"),
            vector["check"].as_u64().expect("a step"),
        );
        let verdict = run(&vectors, vector, true);
        let failed = verdict.failed_step().map_or(0, u64::from);
        assert_eq!(failed, expected, "{name}: {:?}", verdict.error);
        assert_eq!(verdict.is_good(), vector["valid"] == true, "{name}");
        assert_eq!(verdict.record.is_some(), vector["valid"] == true, "{name}");
        assert_eq!(
            verdict.checks.iter().map(|check| check.step).collect::<Vec<_>>(),
            (1..=11).collect::<Vec<_>>()
        );
        for check in verdict
            .checks
            .iter()
            .filter(|check| failed != 0 && u64::from(check.step) > failed)
        {
            assert_eq!((check.ok, check.detail.as_ref()), (None, "not reached"), "{name}");
        }
        steps.insert(failed);
    }
    assert!(steps.len() >= 10, "the vectors reach most steps, these: {steps:?}");
}

#[test]
fn a_scripted_tick_is_held() {
    let vectors: Value = serde_json::from_str(VECTORS).expect("the vectors");
    for vector in vectors["vectors"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|vector| vector["valid"] == true)
    {
        let scripted = vector["name"].as_str().expect("a name").contains("script: verifies");
        let expected: &[&str] = if scripted { &["newsletter"] } else { &[] };
        assert_eq!(run(&vectors, vector, true).held, expected, "{}", vector["name"]);
    }
}

#[test]
fn without_keys_the_controller_is_not_checked_and_nothing_counts_as_verified() {
    let vectors: Value = serde_json::from_str(VECTORS).expect("the vectors");
    for vector in vectors["vectors"].as_array().expect("a list") {
        let name = vector["name"].as_str().expect("a name");
        let verdict = run(&vectors, vector, false);
        assert!(verdict.record.is_none(), "{name}");
        if vector["valid"] == true {
            assert_eq!(verdict.checks[4].ok, None, "{name}");
            assert_eq!(verdict.failed_step(), None, "{name}");
        }
        if name.starts_with("device signature altered") {
            assert_eq!(verdict.failed_step(), Some(5), "{name}");
        }
    }
}

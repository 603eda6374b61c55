//! Submissions as the widget makes them: one tick, one disclosure, a key of their own.

use candor_record::base64url;
use candor_record::canonical::canonical_json;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub(crate) struct Submission {
    /// What is posted.
    pub(crate) body: Vec<u8>,
    /// `protected.payload`, the device's signature over it and the device's public point: what the bare run verifies.
    pub(crate) signed: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) point: Vec<u8>,
}

pub(crate) fn submission(compiled: &Value, number: usize) -> Submission {
    let disclosure = base64url::encode(
        json!([
            base64url::encode(uuid::Uuid::new_v4().as_bytes()),
            "email",
            format!("bench-{number}@example.org")
        ])
        .to_string()
        .as_bytes(),
    );
    let mut record = compiled["record"].clone();
    let id = uuid::Uuid::new_v4().to_string();
    let now = jiff::Timestamp::now();
    let members = record.as_object_mut().unwrap();
    for (name, value) in [
        ("id", json!(id)),
        ("chain", json!(id)),
        ("created", json!(format!("{now:.3}"))),
        (
            "shownAt",
            json!(format!("{:.3}", now - jiff::SignedDuration::from_secs(9))),
        ),
        (
            "subject",
            json!({ "id": uuid::Uuid::new_v4().to_string(), "_sd": [base64url::encode(&Sha256::digest(&disclosure))] }),
        ),
        ("signals", json!({ "gpc": false })),
        (
            "capture",
            json!({ "method": "widget", "observed": true, "origin": "https://www.acme.example", "widget": "1.0.0" }),
        ),
        ("shown", shown(compiled)),
    ] {
        members.insert(name.to_owned(), value);
    }
    for (process, control) in members["processes"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .zip(compiled["controls"].as_array().unwrap())
    {
        let status = match process["purpose"].as_str().unwrap() {
            "ebook" => "informed",
            "newsletter" => "given",
            _ => "not-given",
        };
        process["status"] = json!(status);
        process["indication"] = json!({ "control": control["control"], "initial": false, "trusted": true });
    }
    sign(&record, &disclosure)
}

fn shown(compiled: &Value) -> Value {
    let visible = |text: &&Value| text["when"].is_null() || text["when"]["purpose"] == "newsletter";
    let texts = compiled["texts"].as_array().unwrap().iter().filter(visible);
    texts
        .map(|text| json!({ "ref": text["ref"], "text": text["text"] }))
        .collect()
}

fn sign(record: &Value, disclosure: &str) -> Submission {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).unwrap();
    let point = key.public_key().as_ref().to_vec();
    let jwk = json!({ "crv": "P-256", "kty": "EC", "x": base64url::encode(&point[1..33]), "y": base64url::encode(&point[33..65]) });
    let kid = base64url::encode(&Sha256::digest(canonical_json(&jwk)));
    let header = json!({ "alg": "ES256", "jwk": jwk, "kid": kid, "typ": "candor-record+jws" });
    let protected = base64url::encode(&canonical_json(&header));
    let payload = base64url::encode(&canonical_json(record));
    let signed = format!("{protected}.{payload}").into_bytes();
    let signature = key.sign(&random, &signed).unwrap().as_ref().to_vec();
    let envelope = json!({ "payload": payload, "signatures": [{ "protected": protected, "signature": base64url::encode(&signature) }] });
    let body = serde_json::to_vec(&json!({ "record": envelope, "disclosures": [disclosure] })).unwrap();
    Submission {
        body,
        signed,
        signature,
        point,
    }
}

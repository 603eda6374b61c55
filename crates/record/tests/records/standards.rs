//! Vectors of the standards that a record rests on; each file names its source.

use candor_record::{
    base64url,
    canonical::canonicalize,
    json::{Limits, parse},
    key::Jwk,
    verify::{RingVerifier, SignatureVerifier},
};
use serde_json::Value;

#[test]
fn canonical_json_is_that_of_rfc_8785() {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/jcs/rfc8785.json")).expect("the vectors");
    let canonical = |text: &str| {
        let node = parse(text.as_bytes(), &Limits::CANONICAL).expect(text);
        String::from_utf8(canonicalize(&node)).expect("UTF-8")
    };
    for vector in vectors["texts"].as_array().expect("a list") {
        let (input, output) = (
            vector["input"].as_str().expect("a text"),
            vector["output"].as_str().expect("a text"),
        );
        assert_eq!(canonical(input), output, "section {}", vector["section"]);
    }
    for row in vectors["numbers"].as_array().expect("a list") {
        let bits = u64::from_str_radix(row[0].as_str().expect("bits"), 16).expect("bits");
        let double = f64::from_bits(bits);
        assert_eq!(
            canonical(&format!("{double:e}")),
            row[1].as_str().expect("a number"),
            "{double}"
        );
    }
}

#[test]
fn es256_is_that_of_rfc_7515() {
    let vector: Value = serde_json::from_str(include_str!("../vectors/jws/rfc7515-a3.json")).expect("the vector");
    let jwk = parse(vector["jwk"].to_string().as_bytes(), &Limits::RECORD).expect("JSON");
    let key = Jwk::from_node(&jwk).expect("a key");
    let (input, signature) = vector["jws"]
        .as_str()
        .and_then(|jws| jws.rsplit_once('.'))
        .expect("a JWS");
    let signature = base64url::decode(signature).expect("base64url");
    assert!(RingVerifier.is_good(&key, input.as_bytes(), &signature));
    assert!(!RingVerifier.is_good(&key, input.to_uppercase().as_bytes(), &signature));
    assert!(
        !RingVerifier.is_good(&Jwk::new([1; 32], [1; 32]), input.as_bytes(), &signature),
        "no point of the curve"
    );
}

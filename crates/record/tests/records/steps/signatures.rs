//! Steps 3 to 6: what a header says, whose key a signature is of, and what binds the two to each other.

use super::{SUBMISSION, check};
use crate::support::{RECEIVED, Signers, dsig, payload, signature, time};
use candor_record::{
    base64url,
    canonical::canonical_json,
    header::DeviceHeader,
    key::{KeySet, PublishedKey},
    sign::RecordSigner,
    verify::{Evidence, RingVerifier, verify},
};
use serde_json::{Value, json};

#[test]
fn steps_3_and_4_headers() {
    let signers = Signers::new();
    let body = base64url::encode(&canonical_json(&payload(SUBMISSION)));
    let device: Value = serde_json::from_slice(
        &DeviceHeader {
            jwk: signers.device.jwk().clone(),
        }
        .to_canonical(),
    )
    .expect("JSON");
    let controller =
        json!({"alg": "ES256", "kid": signers.controller.key_id(), "rcv": RECEIVED, "typ": "candor-receipt+jws"});
    let rows = [
        (&device, "/alg", json!("none"), 3),
        (&device, "/alg", json!("es256"), 3),
        (&device, "/alg", json!(["ES256"]), 3),
        (&device, "/kid", json!(signers.controller.key_id()), 3),
        (&device, "/crit", json!([]), 3),
        (&device, "/jku", json!("https://evil.example"), 3),
        (&device, "/rcv", json!(RECEIVED), 3),
        (&device, "/jwk/d", json!("AAAA"), 3),
        (&device, "/jwk/kid", json!("x"), 3),
        (&device, "/jwk/kty", json!("RSA"), 3),
        (&device, "/jwk/x", json!("AAAA"), 3),
        (&device, "/jwk", json!("x"), 3),
        (&controller, "/kid", json!("key-1"), 3),
        (&controller, "/rcv", json!("2026-11-21T10:00:09Z"), 3),
        (&controller, "/rcv", json!(1_795_255_209), 3),
        (&controller, "/dsig", json!(null), 3),
        (&controller, "/jwk", device["jwk"].clone(), 3),
        (&controller, "/b64", json!(false), 3),
    ];
    for (header, pointer, value, step) in rows {
        let mut header = header.clone();
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        header.pointer_mut(parent).expect(pointer)[name] = value.clone();
        let signer = if header["typ"] == "candor-receipt+jws" {
            &signers.controller
        } else {
            &signers.device
        };
        let envelope = json!({"payload": body, "signatures": [signature(signer, &canonical_json(&header), &body)]});
        check(&signers, &envelope, Some(step), &format!("{pointer} = {value}"));
    }
    for name in ["alg", "jwk", "kid"] {
        let mut header = device.clone();
        header.as_object_mut().expect("an object").remove(name);
        let envelope =
            json!({"payload": body, "signatures": [signature(&signers.device, &canonical_json(&header), &body)]});
        check(&signers, &envelope, Some(3), name);
    }
    let spaced = serde_json::to_vec_pretty(&device).expect("JSON");
    let envelope = json!({"payload": body, "signatures": [signature(&signers.device, &spaced, &body)]});
    check(&signers, &envelope, Some(4), "a header that is not canonical");
}

#[test]
fn step_5_each_signature_with_its_own_key() {
    let signers = Signers::new();
    let receipt = signers.receipt(&payload(SUBMISSION));
    for (index, text) in [(0, ""), (0, "AAAA"), (1, ""), (1, "MEUCIQ")] {
        let mut envelope = receipt.to_json();
        envelope["signatures"][index]["signature"] = json!(text);
        check(&signers, &envelope, Some(5), &format!("signature {index} is {text:?}"));
    }
    let mut swapped = receipt.to_json();
    swapped["signatures"][0]["signature"] = receipt.to_json()["signatures"][1]["signature"].clone();
    check(
        &signers,
        &swapped,
        Some(5),
        "the controller's signature in the place of the device's",
    );

    let received = time(RECEIVED).as_millisecond() / 1000;
    let published = signers.published();
    let rows = [
        (published.clone(), None),
        (
            PublishedKey {
                nbf: received,
                ..published.clone()
            },
            None,
        ),
        (
            PublishedKey {
                nbf: received + 1,
                ..published.clone()
            },
            Some(5),
        ),
        (
            PublishedKey {
                exp: Some(received),
                ..published.clone()
            },
            Some(5),
        ),
        (
            PublishedKey {
                exp: Some(received + 1),
                ..published.clone()
            },
            None,
        ),
        (
            PublishedKey {
                revoked: Some(received + 86_400),
                ..published.clone()
            },
            Some(5),
        ),
    ];
    let bytes = serde_json::to_vec(&receipt).expect("JSON");
    for (key, expected) in rows {
        let keys = KeySet { keys: vec![key] };
        let verdict = verify(
            &bytes,
            &Evidence {
                keys: Some(&keys),
                ..Evidence::default()
            },
            &RingVerifier,
        );
        assert_eq!(verdict.failed_step(), expected, "{keys:?}");
    }
    let verdict = verify(
        &bytes,
        &Evidence {
            keys: Some(&KeySet::default()),
            ..Evidence::default()
        },
        &RingVerifier,
    );
    assert_eq!(verdict.failed_step(), Some(5), "no key is published");
}

#[test]
fn step_6_one_signature_is_bound_to_the_other() {
    let signers = Signers::new();
    let unsigned = signers.device_signed(&payload(SUBMISSION));
    let other = Signers::new().device_signed(&payload(SUBMISSION));
    let rows = [
        (Some(dsig(&unsigned)), None),
        (None, Some(6)),
        (Some(dsig(&other)), Some(6)),
        (Some(format!("{}=", dsig(&unsigned))), Some(6)),
    ];
    for (dsig, expected) in rows {
        let envelope = signers.countersigned(unsigned.clone(), RECEIVED, dsig.clone());
        check(&signers, &envelope.to_json(), expected, &format!("{dsig:?}"));
    }
}

//! The other steps of `spec/record.md` §2, one table each; step 8 has its own file, `rules.rs`.

use crate::support::{RECEIVED, Signers, disclosures, dsig, payload, signature, time};
use candor_record::{
    base64url,
    canonical::canonical_json,
    disclosure::Disclosure,
    envelope::Envelope,
    header::DeviceHeader,
    key::{KeySet, PublishedKey},
    sign::{RecordSigner, SignError, countersign, seal},
    verify::{Evidence, RingVerifier, verify},
};
use serde_json::{Value, json};

const SUBMISSION: &str = "submission: two signatures";

#[track_caller]
fn check_bytes(signers: &Signers, text: &[u8], expected: Option<u8>, what: &str) {
    let keys = signers.keys();
    let verdict = verify(
        text,
        &Evidence {
            keys: Some(&keys),
            ..Evidence::default()
        },
        &RingVerifier,
    );
    assert_eq!(verdict.failed_step(), expected, "{what}: {:?}", verdict.error);
}

#[track_caller]
fn check(signers: &Signers, envelope: &Value, expected: Option<u8>, what: &str) {
    check_bytes(signers, envelope.to_string().as_bytes(), expected, what);
}

#[test]
fn step_1_json_everywhere() {
    let signers = Signers::new();
    let good = serde_json::to_string(&signers.receipt(&payload(SUBMISSION))).expect("JSON");
    check_bytes(&signers, good.as_bytes(), None, "the base");
    let rows: Vec<(Vec<u8>, &str)> = vec![
        (b"".to_vec(), "nothing"),
        (format!("\u{feff}{good}").into_bytes(), "a byte order mark"),
        (
            good.replacen('{', "{\"payload\":\"\",", 1).into_bytes(),
            "payload twice",
        ),
        (
            good.replacen('{', "{\"extra\":1.5,", 1).into_bytes(),
            "a fraction in a member that should not be there",
        ),
        (
            good.replacen('{', &format!("{{\"extra\":{}{},", "[".repeat(32), "]".repeat(32)), 1)
                .into_bytes(),
            "depth",
        ),
        (format!("{good}{}", " ".repeat(256 * 1024)).into_bytes(), "size"),
    ];
    for (text, what) in rows {
        check_bytes(&signers, &text, Some(1), what);
    }
    let with_header = |header: &[u8]| json!({"payload": "e30", "signatures": [{"protected": base64url::encode(header), "signature": ""}]});
    check(
        &signers,
        &with_header(b"{\"typ\":1,\"typ\":2}"),
        Some(1),
        "a member twice in a header",
    );
    check(
        &signers,
        &with_header(b"{\"typ\":0.1}"),
        Some(1),
        "a fraction in a header",
    );
    check(&signers, &with_header(b"\xff"), Some(1), "a header that is not UTF-8");
    check(&signers, &with_header(b""), Some(1), "an empty header");
    check(
        &signers,
        &json!({"payload": "eyJhIjoxLCJhIjoyfQ", "extra": 1}),
        Some(1),
        "the lowest step is named",
    );
}

#[test]
fn step_2_envelope() {
    let signers = Signers::new();
    let good = signers.receipt(&payload(SUBMISSION)).to_json();
    let altered = |change: fn(&mut Value)| {
        let mut envelope = good.clone();
        change(&mut envelope);
        envelope
    };
    let rows = [
        (altered(|e| *e = json!([])), "an array"),
        (altered(|e| *e = json!({"payload": "e30"})), "no signatures"),
        (
            altered(|e| *e = json!({"receipt": e.clone()})),
            "an answer of the collector",
        ),
        (altered(|e| e["signatures"] = json!({})), "signatures that are no array"),
        (altered(|e| e["signatures"] = json!([])), "an empty array"),
        (
            altered(|e| e["signatures"][0]["header"] = json!({})),
            "an unprotected header",
        ),
        (altered(|e| e["protected"] = json!("e30")), "a flattened JWS beside"),
        (altered(|e| e["payload"] = json!(7)), "a payload that is no text"),
        (
            altered(|e| e["signatures"][0] = e["signatures"][1].clone()),
            "two of one typ",
        ),
        (
            altered(|e| {
                let third = e["signatures"][0].clone();
                e["signatures"].as_array_mut().expect("a list").push(third)
            }),
            "three",
        ),
        (altered(|e| e["signatures"][0]["protected"] = json!("e30")), "no typ"),
        (
            altered(|e| e["signatures"][0]["protected"] = json!("W10")),
            "a header that is no object",
        ),
        (
            altered(|e| e["signatures"][0]["protected"] = json!(base64url::encode(br#"{"typ":"JWT"}"#))),
            "another typ",
        ),
        (altered(|e| e["signatures"][0]["signature"] = json!("AA==")), "padding"),
        (
            altered(|e| e["signatures"][0]["signature"] = json!("AB")),
            "trailing bits",
        ),
        (
            altered(|e| e["signatures"][0]["signature"] = json!("AA AA")),
            "white space",
        ),
        (
            altered(|e| e["signatures"][0]["signature"] = json!("+/AA")),
            "the other alphabet",
        ),
    ];
    for (envelope, what) in rows {
        check(&signers, &envelope, Some(2), what);
    }
    let swapped = altered(|e| e["signatures"].as_array_mut().expect("a list").reverse());
    check(&signers, &swapped, None, "the order of the signatures says nothing");
}

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

#[test]
fn step_7_times_in_their_order() {
    let signers = Signers::new();
    let rows = [
        ("2026-11-20T10:00:09.900Z", None),
        ("2026-11-20T10:00:09.899Z", Some(7)),
        ("2026-11-21T10:05:09.900Z", None),
        ("2026-11-21T10:05:09.901Z", Some(7)),
        // Neither legible as a time nor spelled as one: step 8 says so. Legible and too late: step 7.
        ("yesterday", Some(8)),
        ("2026-11-21T10:00:09Z", Some(8)),
        ("2026-11-22T10:00:09Z", Some(7)),
    ];
    for (created, expected) in rows {
        let mut record = payload(SUBMISSION);
        record["created"] = json!(created);
        record["shownAt"] = json!("2026-11-20T00:00:00.000Z");
        check(&signers, &signers.receipt(&record).to_json(), expected, created);
    }
    let mut record = payload(SUBMISSION);
    record["shownAt"] = record["created"].clone();
    check(
        &signers,
        &signers.receipt(&record).to_json(),
        None,
        "shown and sent in one millisecond",
    );

    let submitted = signers.device_signed(&payload(SUBMISSION));
    let verdict = signers.verify(
        &submitted,
        Evidence {
            received: Some(time(RECEIVED)),
            ..Evidence::default()
        },
    );
    assert!(
        verdict
            .record
            .as_ref()
            .is_some_and(|record| record.received() == Some(time(RECEIVED)) && !record.is_receipt())
    );
    assert_eq!((verdict.checks[5].ok, verdict.checks[6].ok), (None, Some(true)));
    let late = Evidence {
        received: Some(time("2026-11-23T10:00:09.900Z")),
        ..Evidence::default()
    };
    assert_eq!(signers.verify(&submitted, late).failed_step(), Some(7));
    let unknown = signers.verify(&submitted, Evidence::default());
    assert!(
        unknown.is_good() && unknown.record.is_none(),
        "without a time of receipt nothing counts as verified"
    );
}

#[test]
fn step_10_disclosures() {
    let signers = Signers::new();
    let made = |field: &str, value: &str| Disclosure::new([9; 16], field.parse().expect("a field"), value);
    let own = disclosures(SUBMISSION);
    let run = |record: &Value, disclosures: &[String]| {
        let evidence = Evidence {
            disclosures: Some(disclosures),
            ..Evidence::default()
        };
        signers.verify(&signers.receipt(record), evidence).failed_step()
    };
    let committed = |values: &[&Disclosure]| {
        let mut record = payload(SUBMISSION);
        let mut digests: Vec<_> = values.iter().map(|value| value.digest()).collect();
        digests.sort();
        record["subject"]["_sd"] = json!(digests);
        let texts: Vec<_> = values.iter().map(|value| value.as_str().to_owned()).collect();
        (record, texts)
    };
    assert_eq!(run(&payload(SUBMISSION), &own), None);
    assert_eq!(run(&payload(SUBMISSION), &[]), None, "nothing disclosed");
    assert_eq!(
        run(&payload(SUBMISSION), &[own[0].clone(), own[0].clone()]),
        Some(10),
        "one twice"
    );
    assert_eq!(
        run(
            &payload(SUBMISSION),
            &[made("email", "ada@example.org").as_str().to_owned()]
        ),
        Some(10),
        "other salt"
    );

    let rows: &[(&str, &str, &str, &str, Option<u8>)] = &[
        (
            "email",
            "ada@example.org",
            "/shown/1/text",
            "Bonjour ADA@Example.ORG !",
            Some(10),
        ),
        (
            "email",
            "contact@acme.example",
            "/shown/1/text",
            "contact@acme.example",
            None,
        ),
        (
            "phone",
            "+33 6 12 34 56 78",
            "/shown/1/text",
            "Tél. 06.12.34.56.78",
            Some(10),
        ),
        (
            "phone",
            "0612345678",
            "/shown/1/text",
            "+33\u{a0}6\u{a0}12\u{202f}34 56 78",
            Some(10),
        ),
        ("phone", "01 99 00 12 34", "/shown/1/text", "+33 1 99 00 12 34", None),
        ("phone", "06 12 34 56 78", "/shown/1/text", "06 12 34 56 79", None),
        ("given_name", "Acme", "/shown/1/text", "Acme", None),
        (
            "given_name",
            "ada@example.org",
            "/form/service",
            "pour ada@example.org",
            Some(10),
        ),
    ];
    for (field, value, pointer, text, expected) in rows {
        let (mut record, texts) = committed(&[&made(field, value)]);
        record["processes"][2]["status"] = json!("given");
        *record.pointer_mut(pointer).expect(pointer) = json!(text);
        assert_eq!(run(&record, &texts), *expected, "{field} = {value:?} in {text:?}");
    }
    let (record, texts) = committed(&[&made("phone", "0612345678")]);
    assert_eq!(run(&record, &texts), Some(10), "the call was not given");
    let (record, texts) = committed(&[&made("company", "Acme")]);
    assert_eq!(run(&record, &texts), Some(10), "no purpose has that field");
    let (record, texts) = committed(&[&made("email", "a@b.example"), &made("email", "c@d.example")]);
    assert_eq!(run(&record, &texts), Some(10), "one field with two values");
    let (record, texts) = committed(&[&made("given_name", "Ada"), &made("email", "a@b.example")]);
    assert_eq!(run(&record, &texts), None, "two fields");
}

#[test]
fn the_collector_seals_and_countersigns_once() {
    let signers = Signers::new();
    let submitted = signers.device_signed(&payload(SUBMISSION));
    let receipt = countersign(&submitted, time(RECEIVED), &signers.controller).expect("a receipt");
    let verdict = signers.verify(&receipt, Evidence::default());
    let verified = verdict.record.expect("a receipt verifies");
    assert!(verified.is_receipt() && verified.is_device_signed());
    assert_eq!(
        countersign(&receipt, time(RECEIVED), &signers.controller),
        Err(SignError::AlreadySigned)
    );

    let sealed = seal(verified.record(), time(RECEIVED), &signers.controller).expect("a receipt");
    let verdict = signers.verify(&sealed, Evidence::default());
    assert!(verdict.record.is_some_and(|record| !record.is_device_signed()));
    assert_eq!(Envelope::parse(&serde_json::to_vec(&sealed).expect("JSON")), Ok(sealed));
}

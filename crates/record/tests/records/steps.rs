//! The other steps of `spec/record.md` §2, one table each; step 8 has its own file, `rules.rs`.

use crate::support::{RECEIVED, Signers, payload, time};
use candor_record::{
    base64url,
    envelope::Envelope,
    sign::{SignError, countersign, seal},
    verify::{Evidence, RingVerifier, verify},
};
use serde_json::{Value, json};

mod disclosures;
mod signatures;

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

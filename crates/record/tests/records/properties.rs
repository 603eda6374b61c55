//! What holds for every text: canonical is idempotent, duplicates are refused, one flipped bit never verifies.

use std::sync::LazyLock;

use crate::support::{Signers, payload};
use candor_record::{
    base64url,
    canonical::{canonical_json, canonicalize},
    disclosure::Disclosure,
    json::{JsonErrorKind, Limits, parse},
    record::Record,
    time::Timestamp,
    verify::Evidence,
};
use proptest::prelude::*;
use serde_json::Value;

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
        any::<f64>()
            .prop_filter("finite", |number| number.is_finite())
            .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

static SIGNERS: LazyLock<Signers> = LazyLock::new(Signers::new);

proptest! {
    #[test]
    fn canonical_text_is_read_back_and_spelled_alike(value in any_json()) {
        let canonical = canonical_json(&value);
        let node = parse(&canonical, &Limits::CANONICAL).expect("canonical text is JSON");
        prop_assert_eq!(&canonicalize(&node), &canonical);
        let pretty = serde_json::to_vec_pretty(&value).expect("JSON");
        // serde_json writes large integers as floats do, so both spellings mean one double.
        if let Ok(node) = parse(&pretty, &Limits::CANONICAL) {
            prop_assert_eq!(canonicalize(&node), canonical);
        }
    }

    #[test]
    fn the_reader_never_panics_and_places_lie_inside(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        match parse(&bytes, &Limits::CANONICAL) {
            Ok(node) => prop_assert!(node.span.end() <= bytes.len()),
            Err(error) => prop_assert!(error.offset <= bytes.len() && error.line >= 1 && error.column >= 1),
        }
    }

    #[test]
    fn whatever_serde_json_refuses_is_refused(text in r#"[\[\]{}",:0-9eE+.truefalsn \\-]{0,24}"#) {
        let strict = parse(text.as_bytes(), &Limits::CANONICAL);
        if strict.is_ok() {
            prop_assert!(serde_json::from_str::<Value>(&text).is_ok(), "{}", text);
        }
    }

    #[test]
    fn duplicates_are_refused_at_any_depth(name in any::<String>(), depth in 0_usize..20, value in any_json()) {
        let name = serde_json::to_string(&name).expect("JSON");
        let object = format!("{{{name}:{value},{name}:null}}");
        let text = format!("{}{object}{}", "[".repeat(depth), "]".repeat(depth));
        let error = parse(text.as_bytes(), &Limits::CANONICAL).map(|_| ()).map_err(|error| error.kind);
        let earlier = parse(value.to_string().as_bytes(), &Limits::CANONICAL).is_err();
        prop_assert!(earlier || error == Err(JsonErrorKind::DuplicateMember), "{error:?}");
    }

    #[test]
    fn base64url_has_one_spelling(bytes in prop::collection::vec(any::<u8>(), 0..80), text in "[A-Za-z0-9_=-]{0,20}") {
        let decoded = base64url::decode(&base64url::encode(&bytes));
        prop_assert_eq!(decoded, Ok(bytes));
        if let Ok(decoded) = base64url::decode(&text) {
            prop_assert_eq!(base64url::encode(&decoded), text);
        }
    }

    #[test]
    fn timestamps_round_trip(millisecond in -62_135_596_800_000_i64..253_402_207_200_000) {
        let time = Timestamp::from_millisecond(millisecond).expect("a year of four digits");
        prop_assert_eq!(time.as_millisecond(), millisecond);
        prop_assert_eq!(time.to_string().parse::<Timestamp>(), Ok(time));
        prop_assert_eq!(time.to_string().len(), 24);
    }

    #[test]
    fn disclosures_round_trip(salt in any::<[u8; 16]>(), value in any::<String>()) {
        let made = Disclosure::new(salt, "email".parse().expect("a field"), &value);
        prop_assert_eq!(Disclosure::parse(made.as_str()), Ok(made));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn one_flipped_bit_never_verifies(position in any::<prop::sample::Index>(), bit in 0_u32..8) {
        let receipt = SIGNERS.receipt(&payload("submission: two signatures"));
        let mut parts = [
            receipt.payload.clone(), receipt.signatures[0].protected.clone(), receipt.signatures[0].signature.clone(),
            receipt.signatures[1].protected.clone(), receipt.signatures[1].signature.clone(),
        ].map(|text| base64url::decode(&text).expect("base64url"));
        let mut at = position.index(parts.iter().map(Vec::len).sum());
        for part in &mut parts {
            if at < part.len() {
                part[at] ^= 1 << bit;
                break;
            }
            at -= part.len();
        }
        let mut altered = receipt.clone();
        let [payload, device, device_signature, controller, controller_signature] = parts.map(|part| base64url::encode(&part));
        altered.payload = payload;
        altered.signatures[0].protected = device;
        altered.signatures[0].signature = device_signature;
        altered.signatures[1].protected = controller;
        altered.signatures[1].signature = controller_signature;
        prop_assert!(altered != receipt);
        let verdict = SIGNERS.verify(&altered, Evidence::default());
        prop_assert!(!verdict.is_good() && verdict.record.is_none());
    }
}

#[test]
fn records_round_trip() {
    for name in [
        "submission: two",
        "submission: nothing",
        "submission without",
        "withdrawal: follows",
    ] {
        let canonical = canonical_json(&payload(name));
        let record = Record::from_json_bytes(&canonical).expect(name);
        assert_eq!(record.to_canonical(), canonical, "{name}");
    }
}

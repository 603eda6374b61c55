//! Step 10: what was typed is what the record commits itself to, field by field.

use super::SUBMISSION;
use crate::support::{Signers, disclosures, payload};
use candor_record::{disclosure::Disclosure, verify::Evidence};
use serde_json::{Value, json};

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

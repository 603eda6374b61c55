//! Every sentence of `spec/record.md` §3 to §5 that a record can break: altered, signed again, refused at step 8.

use crate::support::{Signers, payload};
use candor_record::verify::Evidence;
use serde_json::{Value, json};

mod later;
mod required;

const SUBMISSION: &str = "submission: two signatures";
const WITHOUT_SCRIPT: &str = "submission without script";
const WITHDRAWAL: &str = "withdrawal: follows";
const REMOVED: &str = "\u{0}removed";

/// Sets the member at a pointer; [`REMOVED`] takes it away.
fn set(record: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    match record.pointer_mut(parent).expect(pointer) {
        Value::Object(members) if value == REMOVED => {
            members.remove(name).expect(pointer);
        }
        Value::Object(members) => {
            members.insert(name.to_owned(), value);
        }
        Value::Array(items) if value == REMOVED => {
            items.remove(name.parse().expect("an index"));
        }
        Value::Array(items) if name == "-" => items.push(value),
        Value::Array(items) => items[name.parse::<usize>().expect("an index")] = value,
        _ => panic!("{pointer} has no members"),
    }
}

#[track_caller]
fn check(signers: &Signers, base: &str, changes: &[(&str, Value)], expected: Option<u8>) {
    let mut record = payload(base);
    for (pointer, value) in changes {
        set(&mut record, pointer, value.clone());
    }
    let verdict = signers.verify(&signers.receipt(&record), Evidence::default());
    assert_eq!(
        verdict.failed_step(),
        expected,
        "{base} with {changes:?}: {:?}",
        verdict.error
    );
}

#[test]
fn the_bases_of_these_tests_hold() {
    let signers = Signers::new();
    for base in [SUBMISSION, WITHOUT_SCRIPT, WITHDRAWAL] {
        check(&signers, base, &[], None);
    }
}

#[test]
fn members_of_a_submission() {
    let signers = Signers::new();
    let rows: &[(&str, Value)] = &[
        ("/format", json!("candor-record/2")),
        ("/conformsTo", json!("https://w3id.org/dpv")),
        ("/_sd_alg", json!("sha-512")),
        ("/id", json!("C51BFADD-F9BD-4031-BC83-9122755E2A85")),
        ("/chain", json!("e050717b-b16e-4e98-8a12-2b1b823faadf")),
        ("/replaces", json!("e050717b-b16e-4e98-8a12-2b1b823faadf")),
        ("/event", json!("withdrawal")),
        ("/event", json!("created")),
        ("/actor", json!("controller")),
        ("/actor", json!("processor")),
        ("/created", json!("2026-11-21T10:00:09Z")),
        ("/created", json!("2026-11-21T11:00:09.250+01:00")),
        ("/created", json!("2026-02-30T10:00:09.250Z")),
        ("/language", json!("fr_FR")),
        ("/language", json!("")),
        ("/jurisdiction/country", json!("fr")),
        ("/jurisdiction/profile", json!("fr-b2b")),
        ("/jurisdiction/profile", json!("FR-b2c")),
        ("/audience", json!("b2g")),
        ("/form/id", json!("Ebook RGPD")),
        ("/form/version", json!("nXnQT4Tnju4WDQFI6LXt_5SNYFzRAHPh2SEdRanKcKk")),
        ("/form/texts", json!("sha256-short")),
        ("/form/service", json!(" ")),
        ("/subject/id", json!("0d7ed196-a2b9-16ac-83df-ecde837493f5")),
        ("/subject/_sd/0", json!("not a digest")),
        ("/subject/_sd/-", json!("000JiYSnvC3mvgUAHseMhZE6bt6e_0o7U-iqd_EgR88")),
        ("/subject/_sd/1", json!("576JiYSnvC3mvgUAHseMhZE6bt6e_0o7U-iqd_EgR88")),
        ("/parties/0/role", json!("owner")),
        ("/parties/1/id", json!("acme")),
        ("/parties/0/country", json!("France")),
        ("/parties/0/name", json!("")),
        ("/parties/0/email", json!("nobody")),
        ("/parties/0/url", json!("javascript:alert(1)")),
        ("/parties/0/agreement", json!("2026-01-01")),
        ("/policy/url", json!("//acme.example")),
        ("/policy/version", json!("")),
        ("/shownAt", json!(REMOVED)),
        ("/withdrawal", json!({})),
        ("/withdrawal/email", json!("nobody")),
        ("/rights/0", json!("A7.3")),
        ("/rights/0", json!(REMOVED)),
        ("/automatedDecisions", json!("")),
        ("/automatedDecisions", json!(false)),
        ("/signals/gpc", json!("false")),
        ("/capture/method", json!("pixel")),
        ("/capture/method", json!("html")),
        ("/capture/method", json!("import")),
        ("/capture/origin", json!("https://www.acme.example/landing?utm=1")),
        ("/capture/origin", json!("https://www.acme.example/")),
        ("/capture/origin", json!("https://WWW.acme.example")),
        ("/capture/origin", json!("null")),
        ("/capture/widget", json!("")),
        ("/capture/integrity", json!("none")),
        ("/capture/observed", json!(false)),
        ("/processes", json!([])),
        ("/processes", json!({})),
    ];
    for row in rows {
        check(&signers, SUBMISSION, std::slice::from_ref(row), Some(8));
    }
}

#[test]
fn members_of_a_process() {
    let signers = Signers::new();
    let rows: &[(&str, Value)] = &[
        ("/processes/1/purpose", json!("news letter")),
        ("/processes/1/category", json!("dpv:DirectMarketing")),
        ("/processes/1/category", json!("Spam")),
        ("/processes/1/kind", json!("optional")),
        ("/processes/1/basis", json!("implied-consent")),
        ("/processes/1/basis", json!("legitimate-interest")),
        ("/processes/1/basis", json!("soft-opt-in")),
        ("/processes/1/channel", json!("fax")),
        ("/processes/1/status", json!("pending")),
        ("/processes/1/status", json!("held")),
        ("/processes/1/status", json!("informed")),
        ("/processes/1/status", json!("objected")),
        ("/processes/1/status", json!("renewed")),
        ("/processes/1/status", json!("withdrawn")),
        ("/processes/1/status", json!("expired")),
        ("/processes/1/status", json!("erased")),
        ("/processes/0/status", json!("given")),
        ("/processes/0/status", json!("objected")),
        ("/processes/0/status", json!("not-given")),
        ("/processes/1/indication/control", json!("none")),
        ("/processes/1/indication/control", json!("submit")),
        ("/processes/1/indication/control", json!("objection-checkbox")),
        ("/processes/1/indication/control", json!("radio")),
        ("/processes/0/indication/control", json!("checkbox")),
        ("/processes/0/indication/initial", json!(true)),
        ("/processes/2/indication/initial", json!(true)),
        ("/processes/2/indication/trusted", json!(REMOVED)),
        ("/processes/1/data/0/field", json!("id")),
        ("/processes/1/data/0/type", json!("pd:EmailAddress")),
        ("/processes/1/data/0/type", json!("Email")),
        ("/processes/1/data/0/required", json!("yes")),
        ("/processes/1/data/1/field", json!("email")),
        ("/processes/1/operations/0", json!("collect")),
        ("/processes/1/recipients/0", json!("nobody")),
        (
            "/processes/1/transfers/-",
            json!({"country": "US", "mechanism": "A7-3"}),
        ),
        (
            "/processes/1/transfers/-",
            json!({"country": "USA", "mechanism": "A46-2-c"}),
        ),
        ("/processes/1/transfers/-", json!({"country": "US"})),
        ("/processes/1/storage/locations/0", json!("EU27")),
        ("/processes/1/storage/retention", json!("3 years")),
        ("/processes/1/storage/from", json!("end")),
        ("/processes/1/validity", json!("-P18M")),
        ("/processes/0/validity", json!("P18M")),
        ("/processes/1/interest", json!("growth")),
    ];
    for row in rows {
        check(&signers, SUBMISSION, std::slice::from_ref(row), Some(8));
    }
}

#[test]
fn what_was_shown() {
    let signers = Signers::new();
    let rows: &[(&str, Value)] = &[
        ("/shown/0/text", json!("two  spaces")),
        ("/shown/0/text", json!(" led by one")),
        ("/shown/0/text", json!("line\nbreak")),
        ("/shown/0/text", json!("e\u{301}")),
        ("/shown/0/text", json!("")),
        ("/shown/0/ref", json!("heading")),
        ("/shown/0/ref", json!("purpose.unknown")),
        ("/shown/0/ref", json!("purpose.newsletter.small")),
        ("/shown/0/ref", json!("field.unknown")),
        ("/shown/0/ref", json!("field.email.label")),
        ("/shown/1/ref", json!("title")),
        ("/shown/0/ref", json!("retention")),
    ];
    for row in rows {
        check(&signers, SUBMISSION, std::slice::from_ref(row), Some(8));
    }
    // A translated text is no error of the record: whether the consent is held is for step 9.
    check(
        &signers,
        SUBMISSION,
        &[("/shown/6/text", json!("Ich stimme zu."))],
        None,
    );
}

#[test]
fn what_may_differ() {
    let signers = Signers::new();
    check(
        &signers,
        SUBMISSION,
        &[("/processes/1/status", json!("not-given"))],
        None,
    );
    check(
        &signers,
        SUBMISSION,
        &[("/processes/1/status", json!("not-shown"))],
        None,
    );
    check(
        &signers,
        SUBMISSION,
        &[("/processes/1/basis", json!("explicit-consent"))],
        None,
    );
    check(&signers, SUBMISSION, &[("/withdrawal/url", json!(REMOVED))], None);
    check(&signers, SUBMISSION, &[("/capture/method", json!("api"))], None);
    check(
        &signers,
        SUBMISSION,
        &[("/capture/origin", json!("http://localhost:8080"))],
        None,
    );
    check(
        &signers,
        SUBMISSION,
        &[("/capture/integrity", json!("sha384-AAAA"))],
        None,
    );
    check(&signers, SUBMISSION, &[("/subject/_sd", json!([]))], None);
    check(&signers, WITHOUT_SCRIPT, &[("/rights/0", json!(REMOVED))], None);
    check(
        &signers,
        WITHOUT_SCRIPT,
        &[("/processes/1/status", json!("informed"))],
        None,
    );
    check(
        &signers,
        WITHOUT_SCRIPT,
        &[("/shownAt", json!("2026-11-21T10:00:00.000Z"))],
        Some(8),
    );
    check(
        &signers,
        WITHOUT_SCRIPT,
        &[("/processes/1/indication/trusted", json!(true))],
        Some(8),
    );
    // Taken over from elsewhere, by the controller.
    check(
        &signers,
        WITHOUT_SCRIPT,
        &[("/capture/method", json!("import")), ("/actor", json!("controller"))],
        None,
    );
}

#[test]
fn the_button_itself_gives_a_consent_only_where_that_is_the_one_purpose() {
    let signers = Signers::new();
    let mut record = payload(SUBMISSION);
    let newsletter = record["processes"][1].clone();
    record["processes"] = json!([newsletter]);
    record["processes"][0]["indication"]["control"] = json!("submit");
    let own = |text: &Value| {
        let reference = text["ref"].as_str().expect("a ref");
        !reference.starts_with("purpose.") || reference.starts_with("purpose.newsletter")
    };
    record["shown"].as_array_mut().expect("a list").retain(own);
    let verdict = signers.verify(&signers.receipt(&record), Evidence::default());
    assert_eq!(verdict.failed_step(), None, "{:?}", verdict.error);
}

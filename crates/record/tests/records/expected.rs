//! Step 9: the record against a compiled form, and which consents are held (`spec/record.md` §5).

use candor_record::{
    expected::{Expected, ExpectedError, texts_digest},
    verify::Evidence,
};
use serde_json::{Value, json};

use crate::support::{Signers, payload};

const SUBMISSION: &str = "submission: two signatures";
const WITHDRAWAL: &str = "withdrawal: follows";

/// The compiled form that the shared vectors were made from.
fn compiled() -> Value {
    let mut record = payload(SUBMISSION);
    let mut texts = record["shown"].as_array().expect("a list").clone();
    texts.insert(
        10,
        json!({"ref": "field.phone", "text": "Téléphone", "when": {"purpose": "call"}}),
    );
    for text in &mut texts {
        if text["ref"] == "field.given_name" {
            text["when"] = json!({"purpose": "newsletter"});
        }
    }
    for name in [
        "id", "chain", "created", "shownAt", "shown", "subject", "signals", "capture",
    ] {
        record.as_object_mut().expect("an object").remove(name);
    }
    for process in record["processes"].as_array_mut().expect("a list") {
        process
            .as_object_mut()
            .expect("an object")
            .retain(|name, _| name != "status" && name != "indication");
    }
    json!({"format": "candor-compiled/1", "record": record, "texts": texts})
}

#[track_caller]
fn check(base: &str, expected: &Expected, changes: &[(&str, Value)], outcome: Result<(&[&str], &[&str]), u8>) {
    let signers = Signers::new();
    let mut record = payload(base);
    for (pointer, value) in changes {
        *record.pointer_mut(pointer).expect(pointer) = value.clone();
    }
    let evidence = Evidence {
        expected: Some(expected),
        ..Evidence::default()
    };
    let verdict = signers.verify(&signers.receipt(&record), evidence);
    let differing: Vec<_> = verdict
        .differing
        .iter()
        .map(|text| format!("{} {}", text.reference, text.difference.as_str()))
        .collect();
    match (verdict.failed_step(), outcome) {
        (None, Ok((held, texts))) => assert_eq!((verdict.held, differing), (owned(held), owned(texts)), "{changes:?}"),
        (failed, outcome) => assert_eq!(failed, outcome.err(), "{changes:?}: {:?}", verdict.error),
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn the_digest_of_the_full_list_is_that_of_the_vectors() {
    let (compiled, record) = (compiled(), payload(SUBMISSION));
    let texts = compiled["texts"].as_array().expect("a list").iter();
    let pairs = texts.map(|text| {
        (
            text["ref"].as_str().expect("a ref"),
            text["text"].as_str().expect("a text"),
        )
    });
    assert_eq!(texts_digest(pairs).to_text(), record["form"]["texts"]);
}

#[test]
fn the_constant_part_is_the_definitions() {
    let whole = Expected::from_compiled(&compiled()).expect("a compiled form");
    let without_texts = whole.clone().without_texts();
    let other = json!("sha256-nXnQT4Tnju4WDQFI6LXt_5SNYFzRAHPh2SEdRanKcKk");
    let rows = [
        (
            "/form/version",
            json!("sha256-DB2aXQDDVpsJROCQ9bbc8PC5GwdKaf8XELLTUi2pUyo"),
            Err(9),
            Err(9),
        ),
        ("/form/service", json!("Guide"), Err(9), Err(9)),
        ("/form/texts", other, Err(9), Ok(())),
        ("/withdrawal/url", json!("https://elsewhere.example/m"), Err(9), Ok(())),
        ("/parties/0/name", json!("Acme"), Err(9), Err(9)),
        ("/policy/version", json!("2020-01-01"), Err(9), Err(9)),
        ("/language", json!("en"), Err(9), Err(9)),
        ("/rights", json!(["A7-3"]), Err(9), Err(9)),
        ("/automatedDecisions", json!("profiling"), Err(9), Err(9)),
        ("/processes/1/validity", json!("P10Y"), Err(9), Err(9)),
        ("/processes/1/operations", json!(["Share"]), Err(9), Err(9)),
        ("/processes/1/data/1/required", json!(true), Err(9), Err(9)),
        ("/processes/0/storage/retention", json!("P9Y"), Err(9), Err(9)),
        ("/signals/gpc", json!(true), Ok(()), Ok(())),
        ("/capture/widget", json!("9.9.9"), Ok(()), Ok(())),
        ("/processes/2/indication/trusted", json!(false), Ok(()), Ok(())),
    ];
    for (pointer, value, with_texts, without) in rows {
        let changes = [(pointer, value)];
        check(SUBMISSION, &whole, &changes, with_texts.map(|()| (&[][..], &[][..])));
        check(
            SUBMISSION,
            &without_texts,
            &changes,
            without.map(|()| (&[][..], &[][..])),
        );
    }
    let mut fewer = compiled();
    fewer["record"]["processes"].as_array_mut().expect("a list").pop();
    check(
        SUBMISSION,
        &Expected::from_compiled(&fewer).expect("a compiled form"),
        &[],
        Err(9),
    );
}

#[test]
fn altered_words_hold_the_consents_that_rest_on_them() {
    let whole = Expected::from_compiled(&compiled()).expect("a compiled form");
    let rows: &[(&str, &[&str], &[&str])] = &[
        ("/shown/0/text", &[], &["title altered"]),
        ("/shown/6/text", &["newsletter"], &["purpose.newsletter altered"]),
        ("/shown/7/text", &[], &["field.given_name altered"]),
        ("/shown/8/text", &[], &["purpose.call altered"]),
        ("/shown/11/text", &["newsletter"], &["controller altered"]),
        ("/shown/15/text", &["newsletter"], &["withdrawal altered"]),
        ("/shown/16/text", &["newsletter"], &["policy altered"]),
        ("/shown/17/text", &[], &["submit altered"]),
    ];
    for (pointer, held, differing) in rows {
        check(
            SUBMISSION,
            &whole,
            &[(pointer, json!("Other words"))],
            Ok((held, differing)),
        );
        check(
            SUBMISSION,
            &whole.clone().without_texts(),
            &[(pointer, json!("Other words"))],
            Ok((&[], &[])),
        );
    }
    let scripted = [("/processes/1/indication/trusted", json!(false))];
    check(SUBMISSION, &whole, &scripted, Ok((&["newsletter"], &[])));
}

#[test]
fn the_statuses_imply_which_texts_stand_there() {
    let whole = Expected::from_compiled(&compiled()).expect("a compiled form");
    let shown = |refs_left_out: &[&str]| {
        let record = payload(SUBMISSION);
        let items = record["shown"].as_array().expect("a list").iter();
        let kept = |text: &&Value| !refs_left_out.contains(&text["ref"].as_str().expect("a ref"));
        Value::Array(items.filter(kept).cloned().collect())
    };
    type Row<'a> = (Vec<(&'a str, Value)>, &'a [&'a str], &'a [&'a str]);
    let rows: Vec<Row<'_>> = vec![
        (vec![], &[], &[]),
        (
            vec![("/processes/1/status", json!("not-given"))],
            &[],
            &["field.given_name unexpected"],
        ),
        (
            vec![
                ("/processes/1/status", json!("not-given")),
                ("/shown", shown(&["field.given_name"])),
            ],
            &[],
            &[],
        ),
        (
            vec![("/processes/2/status", json!("given"))],
            &[],
            &["field.phone missing"],
        ),
        (
            vec![
                ("/processes/2/status", json!("given")),
                ("/shown", shown(&["purpose.call.details"])),
            ],
            &["call"],
            &["purpose.call.details missing", "field.phone missing"],
        ),
        (
            vec![
                ("/processes/2/status", json!("not-shown")),
                ("/shown", shown(&["purpose.call"])),
            ],
            &[],
            &[],
        ),
        (
            vec![("/shown", shown(&["rights", "field.email"]))],
            &[],
            &["field.email missing", "rights missing"],
        ),
        (
            vec![("/shown/0/ref", json!("purpose.newsletter.details"))],
            &["newsletter"],
            &["title missing", "purpose.newsletter.details unexpected"],
        ),
    ];
    for (changes, held, differing) in rows {
        check(SUBMISSION, &whole, &changes, Ok((held, differing)));
    }
}

#[test]
fn later_events_belong_to_the_same_form() {
    let whole = Expected::from_compiled(&compiled()).expect("a compiled form");
    let rows = [
        (vec![], Ok((&[][..], &[][..]))),
        (vec![("/processes/0/purpose", json!("unknown"))], Err(9)),
        (vec![("/form/id", json!("other"))], Err(9)),
        (vec![("/language", json!("en"))], Err(9)),
    ];
    for (changes, outcome) in rows {
        check(WITHDRAWAL, &whole, &changes, outcome);
    }
}

#[test]
fn a_compiled_form_does_not_contradict_itself() {
    assert_eq!(
        Expected::from_compiled(&json!({})),
        Err(ExpectedError::NotACompiledForm)
    );
    let mut altered = compiled();
    altered["texts"][0]["text"] = json!("Other words");
    assert_eq!(Expected::from_compiled(&altered), Err(ExpectedError::TextsDigest));
    let mut broken = compiled();
    broken["texts"][0]["when"] = json!("newsletter");
    assert_eq!(Expected::from_compiled(&broken), Err(ExpectedError::NotACompiledForm));
}

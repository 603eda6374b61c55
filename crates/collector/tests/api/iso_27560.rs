//! `docs/iso-27560.md`: where each of the 45 fields of ISO/IEC TS 27560:2023 stands, found in real records.
//!
//! The records are made by the collector itself from plain posts to two of the demo's forms, and from a confirmation. A
//! field that stands nowhere in them has to say why. The document is what this test writes: with `CANDOR_WRITE=1` it does,
//! otherwise it fails where the document says anything else.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use candor_collector::links::LinkKind;
use http::StatusCode;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    person::target,
    standards::{receipt, records},
    support::TestApp,
};

mod fields;
mod shape;

use fields::{FIELDS, Field, Place, SECTIONS};
use shape::shapes;

/// A record of the product, and the same in the words of DPV.
struct Made {
    record: Value,
    dpv: Value,
}

async fn made(app: &TestApp, record: Uuid) -> Made {
    let link = receipt(app, record);
    let envelope = app.get(&format!("{link}&format=json")).await.json();
    let payload = envelope["payload"].as_str().expect("a payload");
    let payload = candor_record::base64url::decode(payload).expect("base64url");
    Made {
        record: serde_json::from_slice(&payload).expect("a record"),
        dpv: app.get(&format!("{link}&format=dpv")).await.json(),
    }
}

/// Fills a hosted page without script, as a browser posts it; returns the record's id.
async fn post(app: &TestApp, form: &str, typed: &[(&str, &str)]) -> Uuid {
    let compiled = app.compiled(form, "fr").await;
    let text = |pointer: &str| {
        compiled
            .pointer(pointer)
            .and_then(Value::as_str)
            .expect("a text")
            .to_owned()
    };
    let (version, texts) = (text("/record/form/version"), text("/record/form/texts"));
    let hidden = [
        ("candor-version", version.as_str()),
        ("candor-texts", texts.as_str()),
        ("candor-language", "fr"),
    ];
    let answer = app
        .post_form(&format!("/f/{form}"), &[&hidden[..], typed].concat())
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let thanks = app.get(answer.header("location")).await.text();
    let id = thanks
        .split("/r/")
        .nth(1)
        .and_then(|rest| rest.get(..36))
        .expect("a receipt");
    Uuid::parse_str(id).expect("an id")
}

async fn product() -> Vec<Made> {
    let app = TestApp::start().await;
    let webinar = [("name", "Ada"), ("email", "ada@example.org")];
    let webinar = post(&app, "webinar-b2b", &webinar).await;
    let ebook = [
        ("email", "bea@example.org"),
        ("purpose.newsletter", "yes"),
        ("purpose.partners", "yes"),
    ];
    let ebook = post(&app, "ebook-rgpd", &ebook).await;
    app.mails().await;
    let confirm = app.app.link(target(LinkKind::Confirm, ebook));
    assert_eq!(app.post_form(&confirm, &[]).await.status, StatusCode::OK);
    let mut all = vec![made(&app, webinar).await];
    for record in records(&app, ebook).await {
        all.push(made(&app, record).await);
    }
    assert_eq!(all.len(), 3);
    all
}

/// Every value at a path: `/processes/*/purpose`, `/parties/*[role=authority]/name`.
fn find<'a>(value: &'a Value, path: &str) -> Vec<&'a Value> {
    let mut found = vec![value];
    for step in path.split('/').skip(1) {
        let (name, wanted) = step.split_once('[').map_or((step, None), |(name, rest)| {
            let condition = rest.trim_end_matches(']').split_once('=');
            (name, Some(condition.expect("a condition")))
        });
        let below = found.into_iter().flat_map(|value| match (name, value) {
            ("*", Value::Array(items)) => items.iter().collect::<Vec<_>>(),
            // One value stands for a list of one, as JSON-LD has it.
            ("*", value) => vec![value],
            (name, value) => value.get(name).into_iter().collect(),
        });
        found = below
            .filter(|value| wanted.is_none_or(|(member, text)| value[member] == text))
            .collect();
    }
    found
}

fn cell(all: &[Made], paths: &[&str], of: impl Fn(&Made) -> &Value) -> String {
    let cells = paths.iter().map(|path| {
        let values: Vec<&Value> = all.iter().flat_map(|made| find(of(made), path)).collect();
        assert!(!values.is_empty(), "{path} stands in none of the records");
        format!("`{path}`: {}", shapes(&values))
    });
    cells.collect::<Vec<_>>().join("<br>")
}

fn row(all: &[Made], field: &Field) -> String {
    let Field {
        number,
        name,
        clause,
        iso,
        gdpr,
        ..
    } = field;
    let start = format!("| {number} | {name} | {clause} | {iso} | {gdpr} |");
    match &field.place {
        Place::At { record, dpv } => {
            let (record, dpv) = (cell(all, record, |made| &made.record), cell(all, dpv, |made| &made.dpv));
            format!("{start} {record} | {dpv} |\n")
        }
        Place::Nowhere { absent, reason } => {
            for made in all {
                assert!(
                    !made.dpv.to_string().contains(absent),
                    "{name} is there after all: {absent}"
                );
            }
            format!("{start} not applicable: {reason} | no `{absent}` |\n")
        }
    }
}

const HEAD: &str = "\
# ISO/IEC TS 27560:2023, field by field

This page is written by a test (`crates/collector/tests/api/iso_27560.rs`) from records that the collector made: two forms \
of the demo, sent without script, and one confirmation. A field is shown with its place in the signed record, the shape of \
what stands there, and its place in the [DPV export](exports.md). Where a field has no place, the reason stands there. The \
test fails when a record no longer has what this page says; `CANDOR_WRITE=1 cargo test -p candor-collector --test api \
iso_27560` writes it anew.

M: mandatory, O: optional, in the specification itself (ISO) and for a record that meets the GDPR (DPV's Guide). Clauses in \
italics follow from their order. `*` stands for every member of a list.
";

const FOOT: &str = "
## What the specification leaves open

- **Receipt (6.4).** A receipt is the record with the controller's signature. It has the record's number, so that nobody has \
to find out which receipt belongs to which record.
- **Which state counts.** Each event is a record of its own, and names the one that it replaces. One rule says what follows \
from them: [state.md](state.md).
- **What was shown.** The record holds the words themselves, in their order, not only a link to a notice.
- **Values.** No field holds a value that the person typed: `subject._sd` commits to them, and whoever has the disclosures \
can show them ([SD-JWT](exports.md)).
";

fn document(all: &[Made]) -> String {
    let mut document = HEAD.to_owned();
    for (section, numbers) in SECTIONS {
        let _ = write!(
            document,
            "\n## {section}\n\n| # | Field | Clause | ISO | GDPR | In the record | In the DPV export |\n|---|---|---|---|---|---|---|\n"
        );
        for field in FIELDS.iter().filter(|field| numbers.contains(&field.number)) {
            document.push_str(&row(all, field));
        }
    }
    let count = |wanted: fn(&Place) -> bool| FIELDS.iter().filter(|field| wanted(&field.place)).count();
    let absent = count(|place| matches!(place, Place::Nowhere { .. }));
    let _ = write!(
        document,
        "\nOf the 45 fields {} are present and {absent} are not applicable; each one that the specification makes mandatory is present.\n",
        FIELDS.len() - absent
    );
    document.push_str(FOOT);
    document
}

#[tokio::test]
async fn the_coverage_table_is_what_real_records_show() {
    let numbers: BTreeSet<u8> = FIELDS.iter().map(|field| field.number).collect();
    assert_eq!(numbers, (1..=45).collect(), "each field once");
    assert_eq!(FIELDS.len(), 45);
    for field in FIELDS {
        let mandatory = field.iso == "M" || field.gdpr == "M";
        let is_there = matches!(field.place, Place::At { .. });
        // Art. 9 data are mandatory where there are any.
        assert!(
            is_there || !mandatory || field.name == "special_pii_category",
            "{}",
            field.name
        );
    }
    let document = document(&product().await);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/iso-27560.md");
    if std::env::var_os("CANDOR_WRITE").is_some() {
        fs::write(&path, &document).expect("written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let differing = document.lines().zip(committed.lines()).find(|(is, was)| is != was);
    assert!(
        document == committed,
        "docs/iso-27560.md is stale; CANDOR_WRITE=1 writes it anew. First difference: {differing:?}"
    );
}

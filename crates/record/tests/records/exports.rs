//! The records in the words of other standards, held to what those standards published: files of others, read where they
//! are (`shared/data` above the tree) and never part of it. Where they are missing a test says so.

mod dpv;
mod kantara;
mod properties;
mod sd_jwt;

use std::path::Path;

use candor_record::{
    export::{Chain, ChainError},
    record::Record,
};
use serde_json::{Value, json};

use crate::support::payload;

/// A file of the data of others; `None`, and a line that says so, where it is not there.
pub(crate) fn data_of_others(name: &str) -> Option<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = here.ancestors().map(|folder| folder.join("shared/data").join(name));
    let text = found.filter_map(|path| std::fs::read_to_string(path).ok()).next();
    if text.is_none() {
        eprintln!("skipped: shared/data/{name} is not above this tree");
    }
    text
}

pub(crate) fn record(payload: &Value) -> Record {
    let record = Record::from_json_bytes(payload.to_string().as_bytes()).expect("a record");
    record.check_invariants().expect("a record that holds");
    record
}

/// A submission that gives the newsletter, and what followed it.
pub(crate) fn submission() -> Record {
    record(&payload("submission: two signatures"))
}

/// An event of that chain, done on a page of the collector.
pub(crate) fn follow_up(first: &Record, replaces: &Record, id: u8, event: &str, status: &str) -> Record {
    let submission = first.as_submission().expect("a submission");
    let gives = matches!(event, "confirmation" | "renewal" | "objection-lifted");
    let mut made = json!({
        "format": submission.format, "conformsTo": submission.conforms_to, "_sd_alg": submission.sd_alg,
        "id": format!("00000000-0000-4000-8000-0000000000{id:02}"), "chain": first.id(), "replaces": replaces.id(),
        "event": event, "actor": if event == "expiry" { "controller" } else { "subject" },
        "created": format!("2026-12-{id:02}T08:00:00.000Z"), "language": first.language(), "form": first.form(),
        "subject": {"id": submission.subject.id, "_sd": []},
        "processes": [{"purpose": "newsletter", "status": status}],
        "capture": {"method": "manage", "observed": false, "origin": "https://forms.acme.example", "widget": "1.0.0"},
    });
    if gives {
        made["policy"] = json!({"url": "/en/privacy", "version": "2026-12-01"});
        made["shown"] = json!(submission.shown);
    }
    record(&made)
}

pub(crate) fn chain<'a>(first: &'a Record, later: &'a [Record]) -> Chain<'a> {
    let later = later.iter().map(|record| record.as_follow_up().expect("a later event"));
    Chain::new(first.as_submission().expect("a submission"), later).expect("a chain")
}

#[test]
fn a_chain_holds_together() {
    let first = submission();
    let confirmed = follow_up(&first, &first, 1, "confirmation", "given");
    let withdrawn = follow_up(&first, &confirmed, 2, "withdrawal", "withdrawn");
    let chain = |later: &[&Record]| {
        let later = later.iter().map(|record| record.as_follow_up().expect("a later event"));
        Chain::new(first.as_submission().expect("a submission"), later).map(|chain| chain.id().to_owned())
    };
    assert_eq!(chain(&[]).as_deref(), Ok(first.id().as_str()));
    assert_eq!(chain(&[&confirmed, &withdrawn]).as_deref(), Ok(withdrawn.id().as_str()));
    assert_eq!(chain(&[&withdrawn]), Err(ChainError::Gap));
    assert_eq!(chain(&[&withdrawn, &confirmed]), Err(ChainError::Gap));
    let mut other = confirmed.to_json();
    other["chain"] = json!("00000000-0000-4000-8000-000000000077");
    assert_eq!(chain(&[&record(&other)]), Err(ChainError::OtherChain));
}

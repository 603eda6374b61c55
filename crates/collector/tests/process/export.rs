//! `candor export leads`, `person`, `records`, `deletions`, `requests`: beside a running server, to stdout.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::fixture::{Fixture, MAILBOX};
use crate::operators::candor;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn fixture() -> Fixture {
    let fixture = Fixture::start();
    assert_eq!(fixture.submit(&fixture.draft().signed()).status, 201);
    fixture
}

#[test]
fn leads_go_by_purpose() {
    let fixture = fixture();
    let folder = fixture.folder.path();
    let leads = |arguments: &[&str], code| {
        candor(
            folder,
            &[&["export", "leads", "--data", "data"], arguments].concat(),
            code,
        )
    };
    let csv = leads(&["--purpose", "ebook"], 0);
    let mut lines = csv.split("\r\n");
    assert_eq!(lines.next(), Some("record,state,since,until,receipt,email"));
    assert!(lines.next().is_some_and(|line| line.ends_with(MAILBOX)), "{csv}");
    let list = json(&leads(&["--purpose", "ebook", "--format", "json"], 0));
    assert_eq!(list[0]["values"]["email"], MAILBOX);
    assert_eq!(
        json(&leads(&["--purpose", "newsletter", "--format", "json"], 0)),
        Value::Array(Vec::new())
    );
    assert_eq!(
        leads(&["--purpose", "newsletter"], 0).lines().count(),
        1,
        "the head alone"
    );
    assert_eq!(leads(&[], 2), "");
    assert_eq!(leads(&["--purpose", "nothing"], 2), "");
    assert_eq!(
        leads(&["--purpose", "ebook", "--reason", "about ada@example.org"], 2),
        ""
    );
    assert_eq!(leads(&["--purpose", "ebook", "--at", "tomorrow"], 2), "");
}

#[test]
fn a_person_is_exported_by_an_address_that_no_history_keeps() {
    let fixture = fixture();
    let folder = fixture.folder.path();
    let exported = |email: &str, stdin: &str, code: i32| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_candor"))
            .current_dir(folder)
            .args([
                "export", "person", "--data", "data", "--reason", "a letter", "--email", email,
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{err}");
        assert!(!err.contains("example.org"), "{err}");
        String::from_utf8(output.stdout).unwrap()
    };
    let by_stdin = json(&exported("-", &format!("{}\n", MAILBOX.to_uppercase()), 0));
    assert_eq!(by_stdin["submissions"][0]["values"]["email"], MAILBOX);
    assert_eq!(
        by_stdin["accesses"][0]["reason"], "a letter",
        "this reading stands in it"
    );
    assert_eq!(json(&exported(MAILBOX, "", 0))["accesses"].as_array().unwrap().len(), 2);
    assert_eq!(exported("nobody@example.org", "", 2), "");
    assert_eq!(exported("-", "", 2), "");
    let page = [
        "export", "person", "--data", "data", "--reason", "a letter", "--format", "html", "--email", MAILBOX,
    ];
    let page = candor(folder, &page, 0);
    assert!(page.starts_with("<!doctype html>") && page.contains(MAILBOX), "{page}");
    assert!(
        page.contains("href=\"data:text/css") && !page.contains("/m/"),
        "it stands alone: {page}"
    );
    candor(folder, &["export", "person", "--data", "data", "--email", MAILBOX], 2);
    candor(
        folder,
        &["export", "person", "--data", "data", "--reason", "a letter"],
        2,
    );
}

#[test]
fn records_and_reports() {
    let fixture = fixture();
    let folder = fixture.folder.path();
    let export =
        |arguments: &[&str], code| candor(folder, &[&["export"], arguments, &["--data", "data"]].concat(), code);
    let records = json(&export(&["records"], 0));
    assert_eq!(records[0]["event"], "submission");
    assert!(records[0]["receipt"]["payload"].is_string());
    let receipt = folder.join("receipt.json");
    std::fs::write(&receipt, records[0]["receipt"].to_string()).unwrap();
    candor(folder, &["verify", "receipt.json"], 0);
    assert_eq!(
        json(&export(&["records", "--form", "webinar-b2b"], 0)),
        Value::Array(Vec::new())
    );
    assert_eq!(
        json(&export(&["records", "--to", "2020-01-01"], 0)),
        Value::Array(Vec::new())
    );
    // A day is the whole of it, at both ends, as it is for a breach and for conversions.
    let received = records[0]["received"].as_str().unwrap();
    let day = &received[..10];
    let tomorrow = day
        .parse::<jiff::civil::Date>()
        .unwrap()
        .tomorrow()
        .unwrap()
        .to_string();
    for (period, found) in [
        (&["--from", day, "--to", day][..], true),
        (&["--from", received, "--to", received], true),
        (&["--from", &tomorrow], false),
        (&["--to", "2020-01-01"], false),
    ] {
        let listed = json(&export(&[&["records"], period].concat(), 0));
        let ids = listed.as_array().unwrap().iter().map(|record| &record["id"]);
        assert_eq!(ids.into_iter().any(|id| *id == records[0]["id"]), found, "{period:?}");
    }
    assert_eq!(export(&["records", "--sealed"], 2), "", "a token of role dpo is needed");
    let sealed = |role: &str, code: i32| {
        let token = candor(folder, &["token", "create", "--role", role, "--data", "data"], 0);
        let output = Command::new(env!("CARGO_BIN_EXE_candor"))
            .current_dir(folder)
            .args(["export", "records", "--sealed", "--data", "data"])
            .env("CANDOR_TOKEN", token.trim())
            .output()
            .unwrap();
        assert_eq!(
            output.status.code(),
            Some(code),
            "{role}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    };
    assert!(json(std::str::from_utf8(&sealed("dpo", 0)).unwrap()).is_array());
    assert!(sealed("admin", 2).is_empty());
    assert_eq!(json(&export(&["deletions"], 0)), Value::Array(Vec::new()));
    assert_eq!(json(&export(&["requests"], 0)), Value::Array(Vec::new()));
}

#[test]
fn records_in_the_words_of_other_standards() {
    let fixture = Fixture::start();
    for status in ["given", "not-given"] {
        let mut draft = fixture.draft();
        draft.record["processes"][1]["status"] = status.into();
        assert_eq!(fixture.submit(&draft.signed()).status, 201, "{status}");
    }
    let folder = fixture.folder.path();
    let export = |arguments: &[&str], code| {
        let all = [&["export", "records", "--data", "data"], arguments].concat();
        candor(folder, &all, code)
    };
    let records = json(&export(&[], 0));
    let first = records[0]["id"].as_str().unwrap();

    let dpv = json(&export(&["--format", "dpv"], 0));
    assert_eq!(dpv["@graph"].as_array().unwrap().len(), 2);
    assert_eq!(dpv["@graph"][0]["dct:identifier"], first);
    assert!(dpv["@context"]["dpv"].is_string() && dpv["@graph"][0].get("@context").is_none());
    let kantara = json(&export(&["--format", "kantara"], 0));
    assert_eq!(
        kantara.as_array().unwrap().len(),
        1,
        "only one of the two gives a consent"
    );
    assert_eq!(kantara[0]["consentReceiptID"], first);
    let sd_jwt = export(&["--format", "sd-jwt"], 0);
    assert_eq!(sd_jwt.lines().count(), 2);
    assert!(
        sd_jwt.lines().all(|line| line.matches('~').count() == 1),
        "no value leaves: {sd_jwt}"
    );

    assert_eq!(
        json(&export(&["--record", first], 0)),
        Value::Array(vec![records[0].clone()])
    );
    assert_eq!(
        json(&export(&["--record", first, "--format", "dpv"], 0))["@graph"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let page = export(&["--record", first, "--format", "html"], 0);
    assert!(page.starts_with("<!doctype html>") && page.contains(first), "{page}");
    assert!(
        page.contains("href=\"data:text/css") && !page.contains("token="),
        "it stands alone: {page}"
    );
    assert!(!page.contains(MAILBOX), "whoever prints it is not the person: {page}");

    let of_person = |format: &str| {
        let who = [
            "export", "person", "--data", "data", "--reason", "a letter", "--email", MAILBOX, "--format",
        ];
        let text = candor(folder, &[&who[..], &[format]].concat(), 0);
        assert!(!text.contains(MAILBOX), "records hold no values: {text}");
        json(&text)
    };
    assert_eq!(of_person("dpv")["@graph"].as_array().unwrap().len(), 2);
    assert_eq!(of_person("kantara").as_array().unwrap().len(), 1);

    assert_eq!(export(&["--format", "html"], 2), "", "a page shows one record");
    assert_eq!(export(&["--format", "pdf"], 2), "");
    assert_eq!(export(&["--record", "00000000-0000-4000-8000-000000000000"], 2), "");
    let nothing = ["--to", "2020-01-01", "--format"];
    assert_eq!(
        json(&export(&[&nothing[..], &["dpv"]].concat(), 0))["@graph"],
        Value::Array(Vec::new())
    );
    assert_eq!(
        json(&export(&[&nothing[..], &["kantara"]].concat(), 0)),
        Value::Array(Vec::new())
    );
    assert_eq!(export(&[&nothing[..], &["sd-jwt"]].concat(), 0), "");
}

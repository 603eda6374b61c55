//! `candor import` and `candor export breach` as commands beside a running server: exit codes, reports, `kill -9` in the middle.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::client;
use crate::database;
use crate::fixture::Fixture;

/// What a run printed, and how it ended.
struct Ran {
    out: String,
    err: String,
    code: Option<i32>,
}

fn candor(folder: &Path, arguments: &[&str]) -> Ran {
    let output = start(folder, arguments).wait_with_output().unwrap();
    Ran {
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

fn start(folder: &Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_candor"))
        .current_dir(folder)
        .args(arguments)
        .args(["--data", "data"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

const IMPORT: [&str; 7] = [
    "import",
    "--form",
    "webinar-b2b",
    "--format",
    "csv",
    "--mapping",
    "mapping.json",
];

/// A mapping that proves every word of the webinar's form, beside the server that publishes it.
fn lay_out(fixture: &Fixture, rows: &str) {
    let compiled = client::get(fixture.server.address(), "/v1/forms/webinar-b2b?lang=en");
    let compiled: Value = serde_json::from_slice(&compiled).unwrap();
    let texts = compiled["texts"].as_array().unwrap().iter();
    let texts: serde_json::Map<String, Value> = texts
        .map(|text| (text["ref"].as_str().unwrap().to_owned(), text["text"].clone()))
        .collect();
    let mapping = json!({
        "format": "candor-import/1", "language": "en", "acted": {"column": "when"}, "source": "last year's list",
        "purposes": {"webinar": {}, "offers": {"column": "objects"}},
        "shown": [{"source": "the page's archive", "from": "2000-01-01", "until": "2100-01-01",
            "policyUrl": compiled["record"]["policy"]["url"], "texts": texts}],
    });
    fs::write(fixture.folder.path().join("mapping.json"), mapping.to_string()).unwrap();
    fs::write(
        fixture.folder.path().join("leads.csv"),
        format!("name;email;when;objects\r\n{rows}"),
    )
    .unwrap();
}

fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}

fn rows(count: usize) -> String {
    let day = today();
    (0..count)
        .map(|number| format!("Person {number};person-{number}@example.org;{day};no\r\n"))
        .collect()
}

#[test]
fn a_list_becomes_records_that_verify() {
    let fixture = Fixture::start();
    let folder = fixture.folder.path();
    lay_out(&fixture, &format!("{}Nobody;;{};no\r\n", rows(3), today()));
    let run = |more: &[&str]| candor(folder, &[&IMPORT[..], more, &["leads.csv"]].concat());

    let rehearsed = run(&["--dry-run"]);
    assert_eq!(rehearsed.code, Some(1), "{}", rehearsed.err);
    assert!(
        rehearsed.out.ends_with("3 taken, 0 held, 1 refused, 0 unchanged\n"),
        "{}",
        rehearsed.out
    );
    assert_eq!(fixture.rows()[0], 0, "a rehearsal writes nothing");

    let report = run(&["--report", "json"]);
    assert_eq!(report.code, Some(1));
    assert!(report.err.contains("1 lines were refused"), "{}", report.err);
    let document: Value = serde_json::from_str(&report.out).unwrap();
    assert_eq!(
        document["counts"],
        json!({"taken": 3, "held": 0, "refused": 1, "unchanged": 0})
    );
    assert_eq!(document["lines"][3]["why"][0]["code"], "field");
    assert_eq!(document["lines"][3]["line"], 5);
    for text in [&report.out, &report.err, &fixture.log()] {
        assert!(
            !text.contains("example.org") && !text.contains("Person"),
            "no personal value: {text}"
        );
    }
    let again = run(&["--report", "csv"]);
    assert_eq!(again.out.matches(",unchanged,").count(), 3, "{}", again.out);

    let records = candor(folder, &["export", "records"]);
    let records: Value = serde_json::from_str(&records.out).unwrap();
    assert_eq!(records.as_array().unwrap().len(), 3);
    let compiled = client::get(fixture.server.address(), "/v1/forms/webinar-b2b?lang=en");
    fs::write(folder.join("compiled.json"), compiled).unwrap();
    let keys = client::get(fixture.server.address(), "/.well-known/jwks.json");
    fs::write(folder.join("jwks.json"), keys).unwrap();
    fs::write(folder.join("receipt.json"), records[0]["receipt"].to_string()).unwrap();
    let line = [
        "verify",
        "receipt.json",
        "--jwks",
        "jwks.json",
        "--definition",
        "compiled.json",
        "--format",
        "json",
    ];
    let output = Command::new(env!("CARGO_BIN_EXE_candor"))
        .current_dir(folder)
        .args(line)
        .output()
        .unwrap();
    let verdict: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{verdict}");
    assert!(verdict.to_string().contains("\"held\":[]"), "{verdict}");

    let day = today();
    let breach = candor(
        folder,
        &["export", "breach", "--from", &day, "--to", &day, "--purpose", "offers"],
    );
    let breach: Value = serde_json::from_str(&breach.out).unwrap_or_else(|error| panic!("{error}: {}", breach.err));
    let people = breach["people"].as_array().unwrap().iter();
    let people: BTreeSet<&str> = people.map(|it| it["email"].as_str().unwrap()).collect();
    let seeded = ["person-0@example.org", "person-1@example.org", "person-2@example.org"];
    assert_eq!(people, BTreeSet::from(seeded), "the list is the seeded set");
    let nobody = candor(
        folder,
        &["export", "breach", "--from", "2000-01-01", "--to", "2000-12-31"],
    );
    assert!(nobody.out.contains("\"people\": []"), "{}", nobody.out);
    for wrong in [
        &["export", "breach", "--from", "2026-01-02", "--to", "2026-01-01"][..],
        &[
            "export",
            "breach",
            "--from",
            "2026-01-01",
            "--to",
            "2026-01-02",
            "--purpose",
            "offer",
        ],
        &["export", "breach", "--to", "2026-01-02"],
    ] {
        assert_eq!(candor(folder, wrong).code, Some(2), "{wrong:?}");
    }
}

#[test]
fn what_cannot_be_used_says_why() {
    let fixture = Fixture::start();
    let folder = fixture.folder.path();
    lay_out(&fixture, &rows(1));
    let check = |arguments: &[&str], expected: &str| {
        let ran = candor(folder, arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.out);
        assert!(ran.err.contains(expected), "{arguments:?}: {}", ran.err);
    };
    check(
        &["import", "--form", "none", "--format", "csv", "leads.csv"],
        "no such form",
    );
    check(
        &["import", "--form", "webinar-b2b", "--format", "csv", "none.csv"],
        "none.csv",
    );
    check(
        &[
            "import",
            "--form",
            "webinar-b2b",
            "--format",
            "csv",
            "--mapping",
            "leads.csv",
            "leads.csv",
        ],
        "mapping",
    );
    for no_list in [&b"PK\x03\x04\xE9"[..], b"n\0a\0m\0e\0\n\0", b""] {
        fs::write(folder.join("none.xlsx"), no_list).unwrap();
        check(
            &["import", "--form", "webinar-b2b", "--format", "csv", "none.xlsx"],
            "save the list as CSV",
        );
    }
    let german = fs::read_to_string(folder.join("mapping.json"))
        .unwrap()
        .replace("\"language\":\"en\"", "\"language\":\"de\"");
    fs::write(folder.join("german.json"), german).unwrap();
    check(
        &[
            "import",
            "--form",
            "webinar-b2b",
            "--format",
            "csv",
            "--mapping",
            "german.json",
            "leads.csv",
        ],
        "not published in `de`",
    );
    assert_eq!(fixture.rows()[0], 0);
}

#[test]
fn kill_9_in_the_middle_and_again_is_once() {
    const LINES: usize = 600;
    let fixture = Fixture::start();
    let folder = fixture.folder.path();
    lay_out(&fixture, &rows(LINES));
    let whole = [&IMPORT[..], &["leads.csv"]].concat();
    let mut before = 0;
    for reported in [1, 90, 250] {
        let mut child = start(folder, &whole);
        let mut report = BufReader::new(child.stdout.take().unwrap()).lines();
        let head = report.next().unwrap().unwrap();
        assert!(head.starts_with("form webinar-b2b"), "{head}");
        for line in report.by_ref().take(reported) {
            line.unwrap();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let stored = database::count(&fixture.database(), "records");
        assert!(
            stored >= before.max(reported) && stored <= LINES,
            "{stored} after {reported}"
        );
        before = stored;
    }
    let last = candor(folder, &whole);
    assert_eq!(last.code, Some(0), "{}", last.err);
    let said = format!("{} taken, 0 held, 0 refused, {before} unchanged\n", LINES - before);
    assert!(last.out.ends_with(&said), "{said}: {}", last.out);
    for table in ["records", "leads", "people", "imported"] {
        assert_eq!(database::count(&fixture.database(), table), LINES, "{table}");
    }
    assert_eq!(database::count(&fixture.database(), "imports"), 1);
    assert_eq!(
        database::count(&fixture.database(), "outbox"),
        0,
        "nobody is written to"
    );
}

//! Receivers and `kill -9`: whatever is cut off, each message arrives, and never with another content under its id.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use candor_collector::clock::{SystemClock, SystemRandomness};
use candor_collector::config::Options;
use candor_collector::links::LinkKind;
use candor_collector::start;
use serde_json::Value;

use crate::client::Connection;
use crate::database::{column, count};
use crate::fixture::wait_until;
use crate::people;
use crate::receiver::{Manner, Received, Receiver};
use crate::server::{Server, demo};

const PEOPLE: usize = 24;
const NETWORK: [&str; 2] = ["--target-network", "127.0.0.0/8"];

/// A folder with people who subscribed yesterday.
pub(crate) fn folder_with_people(count: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let app = people::open(folder.path(), &demo("forms")).await;
        tokio::task::block_in_place(|| {
            people::make_people(&app, count, |_| {
                jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24)
            });
        });
        app.store.close().await;
    });
    folder
}

/// Runs `candor target …`; what it printed.
pub(crate) fn target(folder: &Path, arguments: &[&str], stdin: &str) -> (bool, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_candor"))
        .current_dir(folder)
        .arg("target")
        .args(arguments)
        .args(["--data", "data"])
        .args(NETWORK)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

fn add(folder: &Path, receiver: &Receiver, more: &[&str]) -> (String, String) {
    let url = receiver.url();
    let bound = ["add", "--url", &url, "--purpose", "newsletter", "--party", "mailer"];
    let (ok, printed, errors) = target(folder, &[&bound, more].concat(), "");
    assert!(ok, "{errors}");
    let mut lines = printed.lines().map(str::to_owned);
    (lines.next().unwrap(), lines.next().unwrap_or_default())
}

/// One content for each id; and who was told of, by their pairwise ids.
fn check(received: &[Received]) -> BTreeSet<String> {
    let mut contents: BTreeMap<String, &[u8]> = BTreeMap::new();
    let mut subjects = BTreeSet::new();
    for request in received {
        let content = contents.entry(request.id()).or_insert(&request.body);
        assert_eq!(
            *content,
            request.body.as_slice(),
            "{} came with another content",
            request.id()
        );
        subjects.insert(request.json()["data"]["subject"].to_string());
    }
    subjects
}

#[test]
fn kill_9_while_receivers_are_told_loses_nothing_and_changes_nothing() {
    let folder = folder_with_people(PEOPLE);
    let database = folder.path().join("data/candor.sqlite");
    let receiver = Receiver::start();
    add(folder.path(), &receiver, &[]);
    let mut seen = 0;
    // Requests that nobody answers, and requests of which some are answered.
    for round in 0..6 {
        let hangs = round % 2 == 0;
        receiver.behave(if hangs { Manner::Hang } else { Manner::status(200) });
        let server = Server::start(folder.path(), &NETWORK);
        let received = receiver.wait_for(seen + 1);
        server.kill();
        seen = received.len();
    }
    receiver.behave(Manner::status(200));
    let server = Server::start(folder.path(), &NETWORK);
    wait_until("everybody is told of", || {
        count(&database, "deliveries WHERE state = 'delivered'") == PEOPLE
    });
    drop(server);
    let received = receiver.received();
    assert_eq!(check(&received).len(), PEOPLE, "each person once, by one id");
    assert_eq!(count(&database, "deliveries"), PEOPLE, "nobody has two messages");
    assert!(received.len() > PEOPLE, "some came again: {}", received.len());
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(!log.contains("@example.org") && !log.contains("/hook"), "{log}");
}

/// `candor sweep`; what it reports.
fn sweep(folder: &Path, more: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_candor"))
        .current_dir(folder)
        .args(["sweep", "--data", "data", "--format", "json"])
        .args(NETWORK)
        .args(more)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The path of one person's page, as a letter would bring it.
fn page_of_one(folder: &Path) -> String {
    let person = &column(&folder.join("data/candor.sqlite"), "SELECT person FROM shared LIMIT 1")[0];
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let options = Options {
            data: Some(folder.join("data")),
            ..Options::default()
        };
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandomness));
        let opened = start::open(options.decide().unwrap(), String::new(), clock, random).await;
        let (app, _) = opened.unwrap();
        let now = jiff::Timestamp::now();
        let expires = Some(now + jiff::SignedDuration::from_hours(1));
        let issued = app
            .store
            .renew_link(LinkKind::Person, person.parse().unwrap(), now, expires)
            .await;
        let link = app.link(issued.unwrap().target);
        app.store.close().await;
        link
    })
}

#[test]
fn a_withdrawal_that_was_cut_off_is_told_by_the_sweep() {
    let folder = folder_with_people(PEOPLE);
    let database = folder.path().join("data/candor.sqlite");
    let receiver = Receiver::start();
    add(folder.path(), &receiver, &[]);
    let server = Server::start(folder.path(), &NETWORK);
    wait_until("everybody is told of", || {
        count(&database, "deliveries WHERE state = 'delivered'") == PEOPLE
    });
    // She withdraws while the receiver hangs, and the server dies before there is an answer.
    receiver.behave(Manner::Hang);
    let path = page_of_one(folder.path());
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let mut connection = Connection::open(server.address());
    let answer = connection
        .request("POST", &path, &form, b"withdraw=newsletter")
        .unwrap();
    assert_eq!(answer.status, 303, "{}", String::from_utf8_lossy(&answer.body));
    let cut_off = receiver.wait_for(PEOPLE + 1)[PEOPLE].clone();
    server.kill();
    assert_eq!(cut_off.json()["data"]["reason"], "withdrawn");
    receiver.behave(Manner::status(200));
    let report = sweep(folder.path(), &[]);
    assert_eq!(
        (&report["receiversTold"], &report["receiversWaiting"]),
        (&1.into(), &0.into()),
        "{report}"
    );
    let received = receiver.received();
    assert_eq!(received.len(), PEOPLE + 2);
    let again = &received[PEOPLE + 1];
    assert_eq!(
        (again.id(), &again.body),
        (cut_off.id(), &cut_off.body),
        "the same message"
    );
    assert_eq!(sweep(folder.path(), &[])["receiversTold"], 0, "nothing has changed");

    // Everything has ended by then.
    let report = sweep(folder.path(), &["--at", "2045-01-01"]);
    assert_eq!(
        (&report["receiversTold"], &report["receiversWaiting"]),
        (&PEOPLE.into(), &0.into()),
        "{report}"
    );
    let received = receiver.received();
    let (before, erased) = received.split_at(PEOPLE + 2);
    for ended in erased {
        let body = ended.json();
        assert_eq!(
            (&body["type"], &body["data"]["act"]),
            (&"lead.ended".into(), &"erase".into()),
            "{body}"
        );
    }
    assert_eq!(check(erased), check(before), "the same people");
}

#[test]
fn targets_are_kept_by_the_command_line_too() {
    let folder = folder_with_people(PEOPLE);
    let receiver = Receiver::start();
    let at = folder.path();
    let (ok, _, errors) = target(
        at,
        &["add", "--url", "https://hook.example", "--purpose", "newsletter"],
        "",
    );
    assert!(
        !ok && errors.contains("--party: a target belongs to a party"),
        "{errors}"
    );
    let (ok, _, errors) = target(
        at,
        &[
            "add",
            "--url",
            "https://10.0.0.1/",
            "--purpose",
            "newsletter",
            "--party",
            "mailer",
        ],
        "",
    );
    assert!(!ok && errors.contains("--url: this address is private"), "{errors}");

    let brevo = ["add", "--kind", "brevo", "--purpose", "newsletter", "--party", "mailer"];
    let options = ["--option", "lst=12", "--option", "fields={\"given_name\":\"small\"}"];
    let (ok, _, errors) = target(at, &[&brevo[..], &options].concat(), "");
    for told in [
        "--option list: missing",
        "--option reference: missing",
        "--option lst: unknown; there are",
        "--option fields/given_name: expected the name",
        "--secret key: missing: an API key",
    ] {
        assert!(!ok && errors.contains(told), "{told}: {errors}");
    }

    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let url = receiver.url();
    let adding = [
        "add",
        "--url",
        &url,
        "--purpose",
        "newsletter",
        "--party",
        "mailer",
        "--name",
        "the letter",
        "--contract",
        "2020-01-01",
        "--secret",
        "secret",
    ];
    let (ok, printed, errors) = target(at, &adding, &format!("{secret}\n"));
    assert!(ok, "{errors}");
    let id = printed.trim();
    let (_, listed, _) = target(at, &["list"], "");
    let listed: Value = serde_json::from_str(listed.trim()).unwrap();
    assert_eq!((&listed["id"], &listed["name"]), (&id.into(), &"the letter".into()));
    assert_eq!(listed["old"], serde_json::json!(["contract", "audit"]));
    assert!(!listed.to_string().contains(secret));

    let (ok, rotated, _) = target(at, &["rotate", id], "");
    assert!(ok && rotated.trim().starts_with("whsec_") && rotated.trim() != secret);
    let (ok, _, _) = target(
        at,
        &["date", id, "--contract", "2026-06-01", "--audited", "2026-07-01"],
        "",
    );
    assert!(ok);
    receiver.behave(Manner::status(410));
    let server = Server::start(at, &NETWORK);
    receiver.wait_for(1);
    let database = at.join("data/candor.sqlite");
    wait_until("it is disabled", || {
        count(&database, "targets WHERE disabled_ms IS NOT NULL") == 1
    });
    receiver.behave(Manner::status(200));
    let (ok, replayed, _) = target(at, &["replay", id], "");
    assert!(ok && replayed.ends_with(" messages go again\n"), "{replayed}");
    wait_until("everybody is told of", || {
        count(&database, "deliveries WHERE state = 'delivered'") == PEOPLE
    });
    let (_, deliveries, _) = target(at, &["deliveries", id, "--state", "delivered"], "");
    assert_eq!(deliveries.lines().count(), PEOPLE);
    let (ok, removed, _) = target(at, &["remove", id], "");
    assert!(
        ok && removed == format!("closed; it may hold the leads of {PEOPLE} people\n"),
        "{removed}"
    );
    drop(server);
}

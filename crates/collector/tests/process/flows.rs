//! Receivers and `kill -9`: whatever is cut off, each message arrives, and never with another content under its id.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::database::count;
use crate::fixture::wait_until;
use crate::people;
use crate::receiver::{Manner, Received, Receiver};
use crate::server::{Server, demo};

const PEOPLE: usize = 24;
const NETWORK: [&str; 2] = ["--target-network", "127.0.0.0/8"];

/// A folder with people who subscribed yesterday.
fn folder_with_people() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let app = people::open(folder.path(), &demo("forms")).await;
        tokio::task::block_in_place(|| {
            people::make_people(&app, PEOPLE, |_| {
                jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24)
            });
        });
        app.store.close().await;
    });
    folder
}

/// Runs `candor target …`; what it printed.
fn target(folder: &Path, arguments: &[&str], stdin: &str) -> (bool, String, String) {
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
    let folder = folder_with_people();
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

#[test]
fn a_withdrawal_that_was_cut_off_is_told_by_the_sweep() {
    let folder = folder_with_people();
    let database = folder.path().join("data/candor.sqlite");
    let receiver = Receiver::start();
    add(folder.path(), &receiver, &[]);
    let server = Server::start(folder.path(), &NETWORK);
    wait_until("everybody is told of", || {
        count(&database, "deliveries WHERE state = 'delivered'") == PEOPLE
    });
    receiver.behave(Manner::Hang);
    server.kill();
    // The command and a running server do the same; here it is the command alone.
    let sweep = |more: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_candor"))
            .current_dir(folder.path())
            .args(["sweep", "--data", "data", "--format", "json"])
            .args(NETWORK)
            .args(more)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    assert_eq!(sweep(&[])["receiversTold"], 0, "nothing has changed");
    receiver.behave(Manner::status(200));
    // Everything has ended by then.
    let before = receiver.received().len();
    let report = sweep(&["--at", "2045-01-01"]);
    assert_eq!(report["receiversTold"], PEOPLE, "{report}");
    assert_eq!(report["receiversWaiting"], 0, "{report}");
    let received = receiver.received();
    for ended in &received[before..] {
        let body = ended.json();
        assert_eq!(
            (&body["type"], &body["data"]["act"]),
            (&"lead.ended".into(), &"erase".into()),
            "{body}"
        );
    }
    assert_eq!(
        check(&received[before..]),
        check(&received[..before]),
        "the same people"
    );
}

#[test]
fn targets_are_kept_by_the_command_line_too() {
    let folder = folder_with_people();
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

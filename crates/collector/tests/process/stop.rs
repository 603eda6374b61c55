//! A signal to stop: what is under way is finished, nothing new is taken, the exit code is 0. And what stays on the disk.

use std::fs;
use std::io::Read;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::database;
use crate::fixture::{Fixture, wait_until};

#[test]
fn sigterm_finishes_what_is_under_way() {
    check_signal("TERM");
}

#[test]
fn sigint_finishes_what_is_under_way() {
    check_signal("INT");
}

fn check_signal(signal: &str) {
    let fixture = Fixture::start();
    let address = fixture.server.address().to_owned();
    let database = fixture.database();
    let body = fixture.draft().signed();
    let (first, rest) = body.split_at(body.len() / 2);

    let mut idle = fixture.connect();
    assert_eq!(idle.request("GET", "/healthz", &[], &[]).unwrap().status, 200);
    let mut under_way = fixture.connect();
    let head = format!(
        "POST /v1/submissions HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    under_way.send(head.as_bytes()).unwrap();
    // The handler waits for the body by now: that is what it asks for.
    assert_eq!(under_way.answer().unwrap().status, 100);
    under_way.send(first).unwrap();

    let Fixture { folder, server, .. } = fixture;
    let id = server.id().to_string();
    let sent = Command::new("kill").args(["-s", signal, &id]).status().unwrap();
    assert!(sent.success());
    wait_until("new connections are refused", || TcpStream::connect(&address).is_err());
    let mut nothing = Vec::new();
    let ended = idle.into_stream().read_to_end(&mut nothing);
    assert!(ended.is_err() || nothing.is_empty(), "an idle connection is closed");

    under_way.send(rest).unwrap();
    let answer = under_way.answer().unwrap();
    assert_eq!(answer.status, 201, "{}", answer.json());
    assert_eq!(server.wait().code(), Some(0));
    assert_eq!(database::count(&database, "records"), 1);
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(!log.contains("panicked") && !log.contains("hidden-person"), "{log}");
}

#[test]
fn what_is_secret_is_the_owners_alone() {
    let fixture = Fixture::start();
    assert_eq!(fixture.submit(&fixture.draft().signed()).status, 201);
    let data = fixture.folder.path().join("data");
    wait_until("the letter is written", || {
        fs::read_dir(data.join("outbox")).is_ok_and(|mut files| files.next().is_some())
    });
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&data.join("keys")), 0o700);
    assert_eq!(mode(&fixture.database()), 0o600);
    assert_eq!(mode(&data.join("keys/values")), 0o700);
    let mut keys = 0;
    for folder in ["keys", "keys/values"] {
        let entries = fs::read_dir(data.join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path());
        for path in entries.filter(|path| path.is_file()) {
            assert_eq!(mode(&path), 0o600, "{}", path.display());
            keys += 1;
        }
    }
    assert_eq!(keys, 5, "signing key, published list, links, index, values");
    for entry in fs::read_dir(data.join("outbox")).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path) & 0o077, 0, "a letter has a name in it: {}", path.display());
    }
}

//! `candor token` and `candor keys` beside a running server: what they change is true with the next request.

use std::fs;
use std::path::Path;
use std::process::Command;

use candor_collector::{
    clock::SystemRandomness,
    store::{People, Store, sqlite::SqliteStore},
    values::ValueKeys,
};
use serde_json::{Value, json};

use crate::client::{self, Answer, Connection};
use crate::database;
use crate::fixture::{Fixture, MAILBOX, slug};

/// Runs `candor` in this folder; returns what it printed.
pub(crate) fn candor(folder: &Path, arguments: &[&str], code: i32) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_candor"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    let (out, err) = (&output.stdout, String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {err}");
    assert!(!err.contains("panicked"), "{arguments:?}: {err}");
    assert_eq!(err.is_empty(), code == 0, "{arguments:?}: {err}");
    String::from_utf8(out.clone()).unwrap()
}

fn read(fixture: &Fixture, path: &str, token: &str) -> Answer {
    let authorization = format!("Bearer {token}");
    let headers = [("Authorization", authorization.as_str())];
    fixture.connect().request("GET", path, &headers, &[]).unwrap()
}

#[test]
fn tokens_are_made_listed_and_revoked_beside_the_server() {
    let fixture = Fixture::start();
    let folder = fixture.folder.path();
    let mut tokens = Vec::new();
    for (role, status) in [("viewer", 403), ("dpo", 200), ("admin", 200)] {
        let printed = candor(
            folder,
            &[
                "token",
                "create",
                "--role",
                role,
                "--name",
                "for a test",
                "--data",
                "data",
            ],
            0,
        );
        let token = printed.strip_suffix('\n').unwrap().to_owned();
        assert!(
            token.starts_with("candor_") && token.len() == 50,
            "the token alone, of length {}",
            token.len()
        );
        assert_eq!(read(&fixture, "/v1/requests", &token).status, status, "{role}");
        tokens.push(token);
    }
    let list = candor(folder, &["token", "list", "--data", "data"], 0);
    assert_eq!(list.lines().count(), 3, "{list}");
    assert!(
        list.lines()
            .nth(1)
            .is_some_and(|line| line.contains("  dpo  ") && line.ends_with("for a test")),
        "{list}"
    );

    let id = list.lines().nth(1).and_then(|line| line.split(' ').next()).unwrap();
    candor(folder, &["token", "revoke", id, "--data", "data"], 0);
    let refused = read(&fixture, "/v1/requests", &tokens[1]);
    assert_eq!(
        (refused.status, refused.header("www-authenticate")),
        (401, Some("Bearer"))
    );
    assert_eq!(slug(&refused), "unauthorized");
    assert_eq!(read(&fixture, "/v1/requests", &tokens[2]).status, 200);
    let after = candor(folder, &["token", "list", "--data", "data"], 0);
    assert!(after.lines().nth(1).unwrap().contains("  revoked "), "{after}");

    for (arguments, code) in [
        (
            &[
                "token",
                "revoke",
                "00000000-0000-4000-8000-000000000000",
                "--data",
                "data",
            ][..],
            1,
        ),
        (&["token", "revoke", "x", "--data", "data"], 2),
        (&["token", "list", "--data", "nowhere"], 1),
        (&["token", "create", "--role", "owner", "--data", "data"], 2),
        (
            &[
                "token",
                "create",
                "--role",
                "dpo",
                "--name",
                "two\nlines",
                "--data",
                "data",
            ],
            1,
        ),
    ] {
        candor(folder, arguments, code);
    }
    assert!(!folder.join("nowhere").exists(), "a command that reads makes no folder");

    // Neither the listing, nor the log, nor a file of the store holds a token.
    let mut places = vec![
        ("the list", after.into_bytes()),
        ("the log", fixture.log().into_bytes()),
    ];
    for file in ["candor.sqlite", "candor.sqlite-wal"] {
        places.push((file, fs::read(folder.join("data").join(file)).unwrap()));
    }
    for (place, bytes) in places {
        for token in &tokens {
            let secret = &token.as_bytes()["candor_".len()..];
            let found = bytes.windows(secret.len()).any(|window| window == secret);
            assert!(!found, "a token in {place}");
        }
    }
}

/// Submits once more, and keeps the receipt as a file.
fn receipt(fixture: &Fixture, name: &str) -> String {
    let answer = fixture.submit(&fixture.draft().signed());
    assert_eq!(answer.status, 201, "{}", answer.json());
    let receipt = answer.json()["receipt"].clone();
    fs::write(fixture.folder.path().join(name), receipt.to_string()).unwrap();
    let header = receipt["signatures"][1]["protected"].as_str().unwrap();
    let header = candor_record::base64url::decode(header).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

/// What `candor verify --jwks` says of each step, with the keys that the server publishes now.
fn verify(fixture: &Fixture, name: &str, code: i32) -> Value {
    let folder = fixture.folder.path();
    let published = client::get(fixture.server.address(), "/.well-known/jwks.json");
    fs::write(folder.join("published.json"), published).unwrap();
    let verdict = Command::new(env!("CARGO_BIN_EXE_candor"))
        .current_dir(folder)
        .args(["verify", name, "--jwks", "published.json", "--format", "json"])
        .output()
        .unwrap();
    assert_eq!(verdict.status.code(), Some(code), "{name}");
    let verdict: Value = serde_json::from_slice(&verdict.stdout).unwrap();
    verdict["checks"].clone()
}

#[test]
fn keys_are_rotated_and_revoked_beside_the_server() {
    let fixture = Fixture::start();
    let folder = fixture.folder.path();
    let published = || -> Vec<Value> {
        let set: Value =
            serde_json::from_slice(&client::get(fixture.server.address(), "/.well-known/jwks.json")).unwrap();
        set["keys"].as_array().unwrap().clone()
    };
    let private = || -> Vec<String> {
        let files = fs::read_dir(folder.join("data/keys")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        names
            .filter_map(|name| name.strip_suffix(".pkcs8").map(str::to_owned))
            .collect()
    };
    let first = receipt(&fixture, "first.json");
    let manage = |receipt: &str| {
        let answer = fixture.submit(&fixture.draft().signed()).json();
        let link = answer["manage"].as_str().unwrap().to_owned();
        assert!(!receipt.is_empty() && link.contains("/m/"), "{link}");
        link
    };
    let link = manage(&first);

    let second = candor(folder, &["keys", "rotate", "--data", "data"], 0)
        .trim()
        .to_owned();
    assert_ne!(first, second);
    assert_eq!(
        receipt(&fixture, "second.json"),
        second,
        "the next receipt is by the new key"
    );
    let keys = published();
    assert_eq!([&keys[0]["kid"], &keys[1]["kid"]], [&json!(first), &json!(second)]);
    assert!(keys[0]["exp"].is_i64() && keys[1].get("exp").is_none(), "{keys:?}");
    assert_eq!(private(), std::slice::from_ref(&second), "a retired key signs no more");
    verify(&fixture, "first.json", 0);
    verify(&fixture, "second.json", 0);
    let path = link.split_once("/m/").map(|(_, token)| format!("/m/{token}")).unwrap();
    assert_eq!(
        Connection::open(fixture.server.address())
            .request("GET", &path, &[], &[])
            .unwrap()
            .status,
        200
    );

    // The key in use is stolen: a new one takes its place.
    let revoke =
        |kid: &str, at: &str, code| candor(folder, &["keys", "revoke", kid, "--at", at, "--data", "data"], code);
    let third = revoke(&second, "2026-01-01T00:00:00Z", 0).trim().to_owned();
    assert_eq!(receipt(&fixture, "third.json"), third);
    let checks = verify(&fixture, "second.json", 1);
    assert_eq!(
        (&checks[4]["step"], &checks[4]["ok"]),
        (&json!(5), &json!(false)),
        "{checks}"
    );
    assert_eq!(checks[3]["ok"], true, "{checks}");
    verify(&fixture, "first.json", 0);
    verify(&fixture, "third.json", 0);
    assert_eq!(private(), std::slice::from_ref(&third));

    // A retired one too; nothing new is needed then.
    assert_eq!(revoke(&first, "2026-01-01T00:00:00Z", 0), "");
    assert_eq!(verify(&fixture, "first.json", 1)[4]["ok"], false);
    assert_eq!(receipt(&fixture, "fourth.json"), third);
    assert_eq!(published().len(), 3, "a published key is never removed");

    revoke(&first, "2026-02-01T00:00:00Z", 1);
    revoke(&first, "2025-12-01T00:00:00Z", 0);
    revoke(&third, "2999-01-01T00:00:00Z", 1);
    revoke("unknown", "2026-01-01T00:00:00Z", 1);
    revoke(&third, "yesterday", 2);
    let list = candor(folder, &["keys", "list", "--data", "data"], 0);
    assert_eq!(list.matches("revoked").count(), 2, "{list}");
    candor(folder, &["keys", "rotate", "--data", "nowhere"], 1);
    assert!(!fixture.log().contains("ERROR"), "{}", fixture.log());
}

/// Rotations while others submit: every receipt is by a key that was valid when it was signed.
#[test]
fn no_receipt_falls_between_two_keys() {
    let fixture = Fixture::start();
    let folder = fixture.folder.path();
    let compiled = &fixture.compiled;
    let receipts: Vec<Value> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut connection = fixture.connect();
                    let submit = |_| {
                        let body = crate::made::Draft::new(compiled, "ada@example.org").signed();
                        let answer = connection.post("/v1/submissions", &body).unwrap();
                        assert_eq!(answer.status, 201, "{}", answer.json());
                        answer.json()["receipt"].clone()
                    };
                    (0..60).map(submit).collect::<Vec<_>>()
                })
            })
            .collect();
        for _ in 0..6 {
            candor(folder, &["keys", "rotate", "--data", "data"], 0);
        }
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    for (number, receipt) in receipts.iter().enumerate() {
        fs::write(folder.join(format!("{number}.json")), receipt.to_string()).unwrap();
    }
    let published = client::get(fixture.server.address(), "/.well-known/jwks.json");
    fs::write(folder.join("published.json"), published).unwrap();
    let names: Vec<_> = (0..receipts.len()).map(|number| format!("{number}.json")).collect();
    let mut arguments = vec!["verify", "--jwks", "published.json"];
    arguments.extend(names.iter().map(String::as_str));
    candor(folder, &arguments, 0);
}

/// A new key for all values while others submit: afterwards it alone opens everything, and the old file is gone.
#[test]
fn values_are_sealed_anew_beside_the_server() {
    let fixture = Fixture::start();
    let folder = fixture.folder.path();
    let compiled = &fixture.compiled;
    let draft = fixture.draft().signed();
    let first = fixture.submit(&draft);
    assert_eq!(first.status, 201);
    let rotate = || candor(folder, &["keys", "rotate", "--values", "--data", "data"], 0);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut connection = fixture.connect();
            for _ in 0..150 {
                let body = crate::made::Draft::new(compiled, MAILBOX).signed();
                // What was under way with the old key is refused whole, and accepted when it is sent again.
                let mut answer = connection.post("/v1/submissions", &body).unwrap();
                if answer.status == 503 {
                    answer = connection.post("/v1/submissions", &body).unwrap();
                }
                assert_eq!(answer.status, 201, "{}", answer.json());
            }
        });
        for number in 2..6 {
            let printed = rotate();
            assert!(printed.starts_with(&format!("key {number:04} seals ")), "{printed}");
        }
        writer.join().unwrap();
    });
    let file = fixture.database();
    assert_eq!(database::count(&file, "leads"), 151);
    assert_eq!(database::count(&file, "leads WHERE values_key < 5"), 0);
    let files = fs::read_dir(folder.join("data/keys/values")).unwrap();
    let files: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["0005.key"]);
    let again = fixture.submit(&draft);
    assert_eq!((again.status, again.body), (200, first.body), "the server opens them");

    let keys = ValueKeys::open(&folder.join("data"), &SystemRandomness).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let rows = runtime.block_on(async {
        let store = SqliteStore::open(&file).await.unwrap();
        let rows = store.values_not_under(0, 1_000).await.unwrap();
        store.close().await;
        rows
    });
    assert_eq!(rows.len(), 151);
    for (record, sealed) in rows {
        let values = keys.unseal(record, &sealed);
        assert!(
            values.is_ok_and(|values| values.address.as_deref() == Some(MAILBOX)),
            "{record}"
        );
    }
}

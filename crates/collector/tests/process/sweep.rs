//! `candor sweep` as its operator runs it: a rehearsal that writes nothing, and sweeps that are cut off by `kill -9`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::database::{column, count};
use crate::fixture::wait_until;
use crate::people;
use crate::server::{Server, demo};
use crate::sink::Sink;

/// A folder with people who all subscribed in the morning of 21 November 2026.
fn folder_with(people: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let app = people::open(folder.path(), &demo("forms")).await;
        tokio::task::block_in_place(|| {
            people::make_people(&app, people, |_| "2026-11-21T06:00:00Z".parse().unwrap());
        });
        app.store.close().await;
    });
    folder
}

fn candor(folder: &Path, at: &str, more: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_candor"))
        .current_dir(folder)
        .args([
            "sweep",
            "--data",
            "data",
            "--public-url",
            "https://forms.acme.example",
            "--at",
            at,
        ])
        .args(more)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What it printed.
fn sweep(folder: &Path, at: &str, more: &[&str]) -> String {
    let output = candor(folder, at, more).wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{at} {more:?}: {errors}");
    let printed = String::from_utf8(output.stdout).unwrap();
    let acts = !more.contains(&"--dry-run");
    assert_eq!(errors.contains("events are signed with that time"), acts, "{errors}");
    for text in [&printed, &errors] {
        assert!(!text.contains("example.org"), "nothing personal: {text}");
    }
    printed
}

fn report(folder: &Path, at: &str, more: &[&str]) -> Value {
    serde_json::from_str(&sweep(folder, at, &[&["--format", "json"], more].concat())).unwrap()
}

/// Every file of the data folder, but what SQLite keeps while somebody reads.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.join("data")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.to_str().unwrap();
            if path.is_dir() {
                folders.push(path);
            } else if !name.ends_with("-shm") && (!name.ends_with("-wal") || path.metadata().unwrap().len() > 0) {
                found.insert(path.clone(), fs::read(path).unwrap());
            }
        }
    }
    found
}

#[test]
fn a_rehearsal_writes_nothing() {
    let folder = folder_with(12);
    let folder = folder.path();
    let before = files(folder);
    let dry = |at| report(folder, at, &["--dry-run"]);
    let line = |purpose: &str, days: i32| json!({"form": "ebook-rgpd", "purpose": purpose, "days": days, "count": 12});
    let notices = json!([line("newsletter", 30), line("partners", 30)]);
    let april = dry("2028-04-21");
    assert_eq!(april["notices"], notices);
    assert_eq!(
        (&april["lettersSent"], &april["errors"]),
        (&json!(12), &json!(0)),
        "{april}"
    );
    let june = dry("2028-06-01T00:00:00Z");
    assert_eq!(
        june["erasures"],
        json!([{"form": "ebook-rgpd", "reason": "expired", "count": 12}])
    );
    let text = sweep(folder, "2028-04-21", &["--dry-run"]);
    assert!(
        text.contains("notice, 30 days before  ebook-rgpd  newsletter  12"),
        "{text}"
    );
    assert_eq!(files(folder), before, "not one byte");

    // Beside a server, whose write-ahead log it reads.
    let server = Server::start(folder, &["--public-url", "https://forms.acme.example"]);
    let file = folder.join("data/candor.sqlite");
    wait_until("the server has swept", || count(&file, "people WHERE due_ms = 0") == 0);
    assert_eq!(dry("2028-04-21")["notices"], notices);
    assert_eq!(
        report(folder, "2028-04-21", &[])["notices"],
        notices,
        "and now it is done"
    );
    assert_eq!(report(folder, "2028-04-21", &[])["notices"], json!([]));
    server.kill();

    let refused = candor(folder, "yesterday", &[]).wait_with_output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let nowhere = tempfile::tempdir().unwrap();
    let refused = candor(nowhere.path(), "2028-04-21", &[]).wait_with_output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        fs::read_dir(nowhere.path()).unwrap().next().is_none(),
        "no folder by mistake"
    );
}

const PEOPLE: usize = 300;

/// Sweeps are cut off as often as this says, once so much is done; then one is let go through.
fn cut_off(folder: &Path, at: &str, done: &str, moments: &[usize]) {
    let file = folder.join("data/candor.sqlite");
    for moment in moments {
        let mut child = candor(folder, at, &[]);
        while count(&file, done) < *moment && child.try_wait().unwrap().is_none() {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(column(&file, "PRAGMA integrity_check"), ["ok"]);
    }
    sweep(folder, at, &[]);
}

/// Files in the outbox.
fn letters(folder: &Path) -> usize {
    let files = fs::read_dir(folder.join("data/outbox")).unwrap();
    let mails = files.filter(|entry| {
        entry
            .as_ref()
            .unwrap()
            .path()
            .extension()
            .is_some_and(|end| end == "eml")
    });
    mails.count()
}

#[test]
fn kill_9_loses_nothing_and_does_nothing_twice() {
    let folder = folder_with(PEOPLE);
    let folder = folder.path();
    let file = folder.join("data/candor.sqlite");
    let check = |rows: &str, expected: usize| assert_eq!(count(&file, rows), expected, "{rows}");
    for (days, at) in [(1, "2028-04-21"), (2, "2028-05-14"), (3, "2028-05-20")] {
        cut_off(
            folder,
            at,
            "outbox",
            &[(days - 1) * PEOPLE + 1, (days - 1) * PEOPLE + 130, days * PEOPLE],
        );
        check("outbox", days * PEOPLE);
        check("outbox WHERE due_ms IS NOT NULL OR sent_ms IS NULL", 0);
        assert_eq!(
            letters(folder),
            days * PEOPLE,
            "a letter that was written again is the same file"
        );
        check("(SELECT dedupe FROM outbox GROUP BY dedupe)", days * PEOPLE);
        check(
            &format!("(SELECT person FROM outbox GROUP BY person HAVING count(*) <> {days})"),
            0,
        );
        check(
            &format!("links WHERE kind = 'renew' AND counter = {}", days - 1),
            PEOPLE,
        );
    }
    cut_off(folder, "2028-05-22", "records WHERE event = 'expiry'", &[1, 100, 200]);
    for rows in [
        "records WHERE event = 'expiry'",
        "records WHERE event = 'erasure'",
        "sealed",
    ] {
        check(rows, PEOPLE);
    }
    for rows in ["people", "leads", "links", "outbox"] {
        check(rows, 0);
    }
    check("(SELECT chain FROM records GROUP BY chain HAVING count(*) <> 5)", 0);
    let reported = column(
        &file,
        "SELECT reason || ' ' || sum(leads) FROM deletions GROUP BY reason",
    );
    assert_eq!(reported, [format!("expired {PEOPLE}")]);
    assert_eq!(
        fs::read_dir(folder.join("data/outbox")).unwrap().count(),
        0,
        "letters go too"
    );
}

/// An erasure that was cut off left a letter there; that letters leave by a mail server since does not keep it.
#[test]
fn letters_left_in_the_folder_go_with_a_mail_server_too() {
    let folder = folder_with(1);
    let outbox = folder.path().join("data/outbox");
    fs::create_dir_all(&outbox).unwrap();
    let left = outbox.join("00000009-00000000-0000-4000-8000-000000000009.eml");
    fs::write(&left, "To: ada@example.org").unwrap();
    let sink = Sink::refusing(0);
    sweep(folder.path(), "2026-11-22", &["--smtp", sink.url()]);
    assert!(!left.exists());
}

/// By SMTP the one letter that is under way may come again, as the same message: nobody can know whether it arrived.
#[test]
fn kill_9_while_sending_loses_no_letter() {
    const ADDRESSED: usize = 60;
    let folder = folder_with(ADDRESSED);
    let folder = folder.path();
    let sink = Sink::refusing(0);
    let (at, mail) = ("2028-04-21", ["--smtp", sink.url()]);
    let mut kills = 0;
    for moment in [1, 15, 16, 40] {
        let mut child = candor(folder, at, &mail);
        while sink.delivered().len() < moment && child.try_wait().unwrap().is_none() {
            std::hint::spin_loop();
        }
        kills += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    sweep(folder, at, &mail);
    sweep(folder, at, &mail);
    let delivered = sink.delivered();
    let messages = delivered.iter().map(|mail| {
        let text = String::from_utf8_lossy(&mail.message).into_owned();
        let id = text
            .lines()
            .find(|line| line.to_ascii_lowercase().starts_with("message-id:"));
        (mail.recipients.clone(), id.unwrap().to_owned())
    });
    let messages: BTreeSet<_> = messages.collect();
    let recipients: BTreeSet<_> = messages.iter().map(|(recipients, _)| recipients).collect();
    assert_eq!(
        (messages.len(), recipients.len()),
        (ADDRESSED, ADDRESSED),
        "each once, to each one"
    );
    assert!(
        delivered.len() <= ADDRESSED + kills,
        "{} for {kills} kills",
        delivered.len()
    );
}

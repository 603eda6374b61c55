//! `kill -9` at any moment: no acknowledged submission is lost, no lead is without its record.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use candor_record::key::KeySet;
use candor_record::time::Timestamp;
use candor_record::verify::{Evidence, RingVerifier, verify};

use crate::client::{self, Connection};
use crate::database;
use crate::fixture::{compiled, wait_until};
use crate::made::Draft;
use crate::server::{Server, spawn};

const ROUNDS: usize = 8;
const WRITERS: usize = 8;

/// The address must not change with the port, or the second answer would differ from the first.
const OPTIONS: [&str; 2] = ["--public-url", "https://forms.acme.example"];

/// What the server said yes to.
struct Acknowledged {
    id: String,
    body: Vec<u8>,
    answer: Vec<u8>,
}

#[test]
fn kill_9_loses_no_acknowledged_submission() {
    let folder = tempfile::tempdir().unwrap();
    let sent = AtomicUsize::new(0);
    let mut random = Random(0x5eed);
    let mut all = Vec::new();
    for round in 0..ROUNDS {
        let server = Server::start(folder.path(), &OPTIONS);
        let acknowledged = killed_after(server, random.below(60) + 1, &sent);
        assert!(!acknowledged.is_empty(), "round {round}: the server was working");
        let server = Server::start(folder.path(), &OPTIONS);
        check_repeats(&server, &acknowledged);
        all.extend(acknowledged);
        check_whole(&folder, &server, all.len(), sent.load(Ordering::Relaxed));
    }

    let server = Server::start(folder.path(), &OPTIONS);
    check_repeats(&server, &all);
    let file = folder.path().join("data/candor.sqlite");
    wait_until("every letter is sent", || {
        database::count(&file, "outbox WHERE sent_ms IS NULL") == 0
    });
    let letters = std::fs::read_dir(folder.path().join("data/outbox")).unwrap();
    let letters = letters.filter(|file| {
        file.as_ref()
            .unwrap()
            .path()
            .extension()
            .is_some_and(|end| end == "eml")
    });
    assert!(letters.count() >= all.len(), "a letter for each");
}

/// Posts from many sides; ends the server at the given acknowledgement, with others under way.
fn killed_after(server: Server, acknowledgements: usize, sent: &AtomicUsize) -> Vec<Acknowledged> {
    let compiled = compiled(&server);
    let address = server.address().to_owned();
    let acknowledged = Mutex::new(Vec::new());
    let (tell, told) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            let tell = tell.clone();
            let (compiled, address, acknowledged) = (&compiled, &address, &acknowledged);
            scope.spawn(move || {
                let mut connection = Connection::open(address);
                loop {
                    let draft = Draft::new(compiled, "ada@example.org");
                    let body = draft.signed();
                    sent.fetch_add(1, Ordering::Relaxed);
                    let Ok(answer) = connection.post("/v1/submissions", &body) else {
                        return;
                    };
                    assert_eq!(answer.status, 201, "{}", answer.json());
                    let id = draft.id();
                    let answer = answer.body;
                    acknowledged.lock().unwrap().push(Acknowledged { id, body, answer });
                    if tell.send(()).is_err() {
                        return;
                    }
                }
            });
        }
        drop(tell);
        for _ in 0..acknowledgements {
            told.recv().unwrap();
        }
        server.kill();
    });
    acknowledged.into_inner().unwrap()
}

/// Each comes back with 200 and the very same answer.
fn check_repeats(server: &Server, acknowledged: &[Acknowledged]) {
    let mut connection = Connection::open(server.address());
    for Acknowledged { id, body, answer } in acknowledged {
        let again = connection.post("/v1/submissions", body).unwrap();
        assert_eq!(again.status, 200, "{id} was acknowledged: {}", again.json());
        assert_eq!(again.body, *answer, "{id}");
    }
}

/// Lead, record, receipt, links and letter: all of them or none.
fn check_whole(folder: &tempfile::TempDir, server: &Server, acknowledged: usize, sent: usize) {
    let file = folder.path().join("data/candor.sqlite");
    assert_eq!(database::column(&file, "PRAGMA integrity_check"), ["ok"]);
    for without in [
        "leads WHERE record NOT IN (SELECT id FROM records)",
        "leads WHERE record NOT IN (SELECT record FROM outbox)",
        "records WHERE id NOT IN (SELECT record FROM leads)",
        "outbox WHERE record NOT IN (SELECT record FROM leads)",
        "links WHERE subject NOT IN (SELECT record FROM leads)",
        "(SELECT leads.record FROM leads LEFT JOIN links ON links.subject = leads.record GROUP BY leads.record HAVING count(kind) <> 4)",
        "(SELECT record FROM outbox GROUP BY record HAVING count(*) <> 1)",
    ] {
        assert_eq!(database::count(&file, without), 0, "{without}");
    }
    let receipts = database::column(&file, "SELECT receipt FROM records");
    assert!(
        (acknowledged..=sent).contains(&receipts.len()),
        "{} records",
        receipts.len()
    );
    let keys = KeySet::parse(&client::get(server.address(), "/.well-known/jwks.json")).unwrap();
    assert_eq!(keys.keys.len(), 1, "a restart makes no new key");
    let evidence = Evidence {
        keys: Some(&keys),
        received: None::<Timestamp>,
        expected: None,
        disclosures: None,
    };
    for receipt in receipts {
        let verdict = verify(receipt.as_bytes(), &evidence, &RingVerifier);
        assert!(verdict.is_good(), "{verdict:?}");
    }
}

/// The folder is made in steps; whichever was the last one, the next start goes on from there.
#[test]
fn kill_9_while_starting_leaves_a_folder_that_starts() {
    for last in [
        "data",
        "data/keys",
        "data/keys/links.secret",
        "data/keys/jwks.json",
        "data/candor.sqlite",
        "data/candor.sqlite-wal",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut child = spawn(folder.path(), &OPTIONS);
        while !folder.path().join(last).exists() && child.try_wait().unwrap().is_none() {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let server = Server::start(folder.path(), &OPTIONS);
        let draft = Draft::new(&compiled(&server), "ada@example.org");
        let answer = Connection::open(server.address())
            .post("/v1/submissions", &draft.signed())
            .unwrap();
        assert_eq!(answer.status, 201, "killed once {last} was there");
    }
}

/// SplitMix64: moments that look random, and are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }
}

//! `candor backup` beside a running server, `candor restore` elsewhere: the same receipts, the same keys, the same links.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::client::{self, Connection};
use crate::database;
use crate::fixture::{Fixture, MAILBOX};
use crate::operators::candor;
use crate::server::Server;

/// The address must not change with the port, or the links would.
const OPTIONS: [&str; 2] = ["--public-url", "https://forms.acme.example"];

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn path_of(link: &str) -> &str {
    link.strip_prefix("https://forms.acme.example").unwrap()
}

#[test]
fn what_was_backed_up_serves_elsewhere() {
    let fixture = Fixture::start_with(&OPTIONS);
    let folder = fixture.folder.path();
    candor(folder, &["keys", "rotate", "--data", "data"], 0);
    let token = candor(folder, &["token", "create", "--role", "dpo", "--data", "data"], 0);
    let body = fixture.draft().signed();
    let first = fixture.submit(&body);
    assert_eq!(first.status, 201);
    let link = first.json()["manage"].as_str().unwrap().to_owned();
    let page = client::get(fixture.server.address(), path_of(&link));
    let jwks = client::get(fixture.server.address(), "/.well-known/jwks.json");

    candor(folder, &["backup", "--data", "data", "--to", "all.tar"], 0);
    assert_eq!(mode(&folder.join("all.tar")), 0o600);
    assert!(!folder.join("all.tar.part").exists(), "no copy stays behind");
    candor(folder, &["backup", "--data", "data", "--to", "all.tar"], 1);
    assert_eq!(
        fixture.submit(&fixture.draft().signed()).status,
        201,
        "later than the backup"
    );
    let Fixture {
        folder: old, server, ..
    } = fixture;
    server.kill();

    let new = tempfile::tempdir().unwrap();
    let backup = old.path().join("all.tar");
    let printed = candor(new.path(), &["restore", backup.to_str().unwrap(), "--data", "data"], 0);
    assert!(printed.starts_with("restored as of 20"), "{printed}");
    let data = new.path().join("data");
    assert_eq!([mode(&data), mode(&data.join("keys"))], [0o700, 0o700]);
    assert_eq!(mode(&data.join("candor.sqlite")), 0o600);
    let keys = [data.join("keys"), data.join("keys/values")];
    for entry in keys.iter().flat_map(|folder| fs::read_dir(folder).unwrap()) {
        let path = entry.unwrap().path();
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&path), expected, "{}", path.display());
    }
    assert_eq!(
        fs::read_dir(&data).unwrap().count(),
        2,
        "database and keys, nothing else"
    );
    assert_eq!(database::count(&data.join("candor.sqlite"), "records"), 1);

    let server = Server::start(new.path(), &OPTIONS);
    let again = Connection::open(server.address())
        .post("/v1/submissions", &body)
        .unwrap();
    assert_eq!((again.status, &again.body), (200, &first.body), "the same receipt");
    assert_eq!(client::get(server.address(), "/.well-known/jwks.json"), jwks);
    assert_eq!(client::get(server.address(), path_of(&link)), page);
    let authorization = format!("Bearer {}", token.trim());
    let headers = [("Authorization", authorization.as_str())];
    let answer = Connection::open(server.address()).request("GET", "/v1/requests", &headers, &[]);
    assert_eq!(answer.unwrap().status, 200);
}

#[test]
fn a_restore_refuses_what_is_not_whole_and_what_is_not_empty() {
    let fixture = Fixture::start();
    let folder = fixture.folder.path();
    assert_eq!(fixture.submit(&fixture.draft().signed()).status, 201);
    candor(folder, &["backup", "--data", "data", "--to", "all.tar"], 0);
    let whole = fs::read(folder.join("all.tar")).unwrap();
    candor(folder, &["restore", "all.tar", "--data", "data"], 1);

    let find = |text: &[u8]| whole.windows(text.len()).position(|window| window == text).unwrap();
    let altered = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    let database = find(b"SQLite format 3\0");
    let mut foreign = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(2);
    foreign.append_data(&mut header, "backup.json", &b"{}"[..]).unwrap();
    let mut link = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    link.append_link(&mut header, "backup.json", "/etc/passwd").unwrap();
    for (case, bytes) in [
        ("nothing", Vec::new()),
        ("no tar", b"SQLite format 3".to_vec()),
        ("cut short", whole[..database + 10_000].to_vec()),
        ("without its end", whole[..find(b"keys/links.secret") - 600].to_vec()),
        ("an altered database", altered(database + 5_000)),
        ("an altered key", altered(whole.len() - 2_048)),
        ("another manifest", foreign.into_inner().unwrap()),
        ("a link", link.into_inner().unwrap()),
        ("a name that leads out", {
            let mut bytes = whole.clone();
            let at = find(b"candor.sqlite\0");
            bytes[at..at + 13].copy_from_slice(b"../dor.sqlite");
            bytes
        }),
    ] {
        fs::write(folder.join("bad.tar"), bytes).unwrap();
        candor(folder, &["restore", "bad.tar", "--data", "fresh"], 1);
        assert!(
            !folder.join("fresh").exists(),
            "{case}: a refused backup leaves nothing"
        );
    }
    candor(folder, &["restore", "missing.tar", "--data", "fresh"], 1);
    candor(folder, &["restore", "all.tar", "--data", "fresh"], 0);
    candor(folder, &["restore", "all.tar", "--data", "fresh"], 1);
    candor(folder, &["backup", "--data", "nowhere", "--to", "b.tar"], 1);
    candor(folder, &["backup", "--data", "data", "--to", "no/such/folder.tar"], 1);
    assert!(!folder.join("nowhere").exists() && !folder.join("no").exists());
}

/// Copies under load: each is whole, and each submission is in it with all its parts or not at all.
#[test]
fn a_backup_is_one_moment() {
    let fixture = Fixture::start();
    let folder = fixture.folder.path();
    let compiled = &fixture.compiled;
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut connection = fixture.connect();
            for _ in 0..150 {
                let body = crate::made::Draft::new(compiled, MAILBOX).signed();
                assert_eq!(connection.post("/v1/submissions", &body).unwrap().status, 201);
            }
        });
        for number in 0..4 {
            candor(
                folder,
                &["backup", "--data", "data", "--to", &format!("{number}.tar")],
                0,
            );
        }
        writer.join().unwrap();
    });
    for number in 0..4 {
        let (backup, data) = (format!("{number}.tar"), format!("restored-{number}"));
        candor(folder, &["restore", &backup, "--data", &data], 0);
        let file = folder.join(data).join("candor.sqlite");
        let [records, leads, letters] = ["records", "leads", "outbox"].map(|table| database::count(&file, table));
        assert_eq!((records, records), (leads, letters), "{number}");
    }
}

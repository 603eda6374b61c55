//! `candor sweep --watch-links` and `candor export watch`: a real site by TLS whose page changes, dies and comes back, a rule
//! whose day comes, a contract that grows old. No date is waited for: `--at` moves it.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::{Arc, Mutex};

use candor_collector::clock::{SystemClock, SystemRandomness};
use candor_collector::config::Options;
use candor_collector::start;
use rustls::{ServerConnection, StreamOwned};
use serde_json::{Value, json};

use crate::command::check;
use crate::register::Archive;
use crate::secure::{FOLDER, config};
use crate::server::demo;

/// A site of one page. Ends with the process.
struct Site {
    port: u16,
    /// Status line, further header lines, body.
    page: Arc<Mutex<(String, String)>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let site = Self {
            port: listener.local_addr().unwrap().port(),
            page: Arc::new(Mutex::new(("200 OK".into(), "<p>Kept for 30 days.</p>".into()))),
            asked: Arc::default(),
        };
        let (page, asked, tls) = (Arc::clone(&site.page), Arc::clone(&site.asked), config());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let connection = ServerConnection::new(Arc::clone(&tls)).unwrap();
                let mut stream = BufReader::new(StreamOwned::new(connection, stream));
                let mut request = String::new();
                // A peer that goes away ends the conversation.
                while stream.read_line(&mut request).is_ok_and(|read| read > 2) {}
                asked.lock().unwrap().push(request);
                let (status, body) = page.lock().unwrap().clone();
                let length = body.len();
                let answer =
                    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
                let _ = stream.get_mut().write_all(answer.as_bytes());
                stream.get_mut().conn.send_close_notify();
                let _ = stream.get_mut().flush();
            }
        });
        site
    }

    fn url(&self) -> String {
        format!("https://localhost:{}/privacy", self.port)
    }

    fn says(&self, status: &str, body: &str) {
        *self.page.lock().unwrap() = (status.to_owned(), body.to_owned());
    }

    fn visits(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

/// The ebook's form, published on 2 March 2026, with all its notices on that site.
fn archive(site: &Site) -> Archive {
    archive_of(site, &["ebook-rgpd"])
}

fn archive_of(site: &Site, forms: &[&str]) -> Archive {
    let files: Vec<_> = forms.iter().map(|form| demo(&format!("forms/{form}.json"))).collect();
    let archive = Archive::of(&files);
    for form in forms {
        archive.edit(&format!("{form}.json"), |form| {
            form["policy"]["url"] = json!(site.url());
            for party in form["parties"].as_array_mut().unwrap() {
                if party.get("policy").is_some() {
                    // A place in the same page.
                    party["policy"] = json!(format!("{}#partners", site.url()));
                }
            }
            let purposes = form["purposes"].as_array_mut().unwrap().iter_mut();
            for transfer in purposes
                .flat_map(|it| it.get_mut("transfers"))
                .flat_map(|it| it.as_array_mut().unwrap())
            {
                transfer["copy"] = json!(format!("{}#clauses", site.url()));
            }
        });
    }
    archive.publish("2026-03-02T10:00:00Z");
    let options = Options {
        data: Some(archive.path().join("data")),
        ..Options::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandomness));
        let opened = start::open(
            options.decide().unwrap(),
            "https://forms.acme.example".into(),
            clock,
            random,
        );
        opened.await.unwrap().0.store.close().await;
    });
    archive
}

/// The new marks of the ebook's form, as kind and subject.
fn sweep(archive: &Archive, at: &str) -> Vec<(String, String)> {
    let output = Command::new(env!("CARGO_BIN_EXE_candor"))
        .current_dir(archive.path())
        .args(["sweep", "--data", "data", "--format", "json", "--watch-links"])
        .args([
            "--target-network",
            "127.0.0.0/8",
            "--target-network",
            "::1/128",
            "--at",
            at,
        ])
        .env("SSL_CERT_FILE", format!("{FOLDER}/authority.pem"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    of_ebook(&report["marks"])
}

fn of_ebook(marks: &Value) -> Vec<(String, String)> {
    let text = |mark: &Value, member: &str| mark[member].as_str().unwrap().to_owned();
    let marks = marks.as_array().unwrap().iter();
    let marks = marks.filter(|mark| mark["form"] == "ebook-rgpd");
    marks.map(|mark| (text(mark, "kind"), text(mark, "subject"))).collect()
}

#[test]
fn a_page_that_changes_dies_and_comes_back_marks_its_form() {
    let site = Site::open();
    let archive = archive(&site);
    let pages = |at: &str| -> Vec<String> {
        let marks = sweep(&archive, at).into_iter();
        let marks = marks.filter(|(kind, _)| kind.starts_with("page"));
        let (own, partner): (Vec<_>, Vec<_>) = marks.partition(|(_, subject)| *subject == site.url());
        let kinds = |marks: Vec<(String, String)>| marks.into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
        let own = kinds(own);
        assert_eq!(kinds(partner), own, "{at}: a place in a page is the page");
        own
    };
    assert_eq!(pages("2026-03-03T08:00:00Z"), Vec::<String>::new());
    let visited = site.visits();
    site.says("200 OK", "<p>Kept for <b>90</b> days.</p>");
    assert_eq!(
        pages("2026-03-03T20:00:00Z"),
        Vec::<String>::new(),
        "once a day is often enough"
    );
    assert_eq!(site.visits(), visited);
    assert_eq!(pages("2026-03-04T08:00:00Z"), ["page-changed"]);
    assert_eq!(pages("2026-03-05T08:00:00Z"), Vec::<String>::new(), "told once");
    site.says("503 Service Unavailable", "");
    assert_eq!(
        pages("2026-03-06T08:00:00Z"),
        Vec::<String>::new(),
        "a night is no death"
    );
    assert_eq!(pages("2026-03-07T08:00:00Z"), ["page-dead"]);
    site.says("200 OK", "<p class=\"new\">Kept for 30 days.</p>");
    assert_eq!(pages("2026-03-08T08:00:00Z"), Vec::<String>::new());
    site.says("404 Not Found", "");
    assert_eq!(pages("2026-03-09T08:00:00Z"), ["page-dead"], "it says so itself");
    // Nothing but a request for the page.
    for request in site.asked.lock().unwrap().iter() {
        assert!(request.starts_with("GET /privacy HTTP/1.1\r\n"), "{request}");
        let lower = request.to_lowercase();
        assert!(!lower.contains("cookie") && !lower.contains("referer"), "{request}");
    }
    // A form published anew was looked at: what its page says now is what it said.
    site.says("200 OK", "<p>Kept for 90 days.</p>");
    archive.edit("ebook-rgpd.json", |form| {
        form["policy"]["version"] = json!("2026-03-10")
    });
    archive.publish("2026-03-10T08:00:00Z");
    assert_eq!(pages("2026-03-10T09:00:00Z"), Vec::<String>::new());
}

#[test]
fn without_the_option_nobody_is_visited() {
    let site = Site::open();
    let archive = archive(&site);
    check(
        archive.path(),
        &[
            "sweep",
            "--data",
            "data",
            "--at",
            "2026-03-03",
            "--target-network",
            "127.0.0.0/8",
        ],
        b"",
        0,
    );
    assert_eq!(site.visits(), 0);
}

#[test]
fn moving_the_date_gives_the_list() {
    let site = Site::open();
    let archive = archive(&site);
    let marks = |at: &str| -> Value {
        let list = ["export", "watch", "--data", "data", "--format", "json", "--at", at];
        serde_json::from_str(&check(archive.path(), &list, b"", 0)).unwrap()
    };
    let kinds = |at: &str| of_ebook(&marks(at));
    assert_eq!(kinds("2026-03-03"), []);
    assert_eq!(kinds("2029-02-28"), []);
    assert_eq!(kinds("2029-03-01"), [("contract".to_owned(), "mailer".to_owned())]);
    let french = [
        "export",
        "watch",
        "--data",
        "data",
        "--lang",
        "fr",
        "--at",
        "2029-03-01",
    ];
    let french = check(archive.path(), &french, b"", 0);
    assert!(
        french.contains("le contrat avec Courrier Exemple SA est du 2026-03-01"),
        "{french}"
    );
    let csv = [
        "export",
        "watch",
        "--data",
        "data",
        "--format",
        "csv",
        "--at",
        "2029-03-01",
    ];
    let csv = check(archive.path(), &csv, b"", 0);
    assert!(
        csv.starts_with("form,version,kind,subject,pointer,since,severity,message,remedy,source\r\n"),
        "{csv}"
    );
    assert_eq!(csv.lines().count(), marks("2029-03-01").as_array().unwrap().len() + 1);
    // A rehearsal tells the same and writes nothing.
    let rehearsal = [
        "sweep",
        "--data",
        "data",
        "--format",
        "json",
        "--dry-run",
        "--at",
        "2029-03-01",
    ];
    let report: Value = serde_json::from_str(&check(archive.path(), &rehearsal, b"", 0)).unwrap();
    assert_eq!(
        of_ebook(&report["marks"]),
        [("contract".to_owned(), "mailer".to_owned())]
    );
}

#[test]
fn one_notice_of_many_forms_is_visited_once() {
    let site = Site::open();
    let archive = archive_of(&site, &["ebook-rgpd", "webinar-b2b"]);
    for (day, visits) in [
        ("2026-03-03T08:00:00Z", 1),
        ("2026-03-03T20:00:00Z", 1),
        ("2026-03-04T08:00:00Z", 2),
    ] {
        sweep(&archive, day);
        assert_eq!(site.visits(), visits, "{day}");
    }
}

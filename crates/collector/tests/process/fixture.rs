//! One server with a folder of its own, and what the tests ask of it.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::{self, Answer, Connection};
use crate::database;
use crate::made::{Draft, ORIGIN};
use crate::server::Server;

/// What every person in these tests is called: it must not stand in a log or an error.
pub(crate) const MAILBOX: &str = "hidden-person@example.org";

pub(crate) struct Fixture {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) server: Server,
    pub(crate) compiled: Value,
}

impl Fixture {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    pub(crate) fn start_with(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(folder.path(), &[&["--origin", ORIGIN], options].concat());
        let compiled = compiled(&server);
        Self {
            folder,
            server,
            compiled,
        }
    }

    pub(crate) fn draft(&self) -> Draft {
        Draft::new(&self.compiled, MAILBOX)
    }

    pub(crate) fn connect(&self) -> Connection {
        Connection::open(self.server.address())
    }

    /// Posts to `/v1/submissions` on a connection of its own.
    pub(crate) fn submit(&self, body: &[u8]) -> Answer {
        self.connect().post("/v1/submissions", body).unwrap()
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("data/candor.sqlite")
    }

    /// Rows of everything that a submission writes.
    pub(crate) fn rows(&self) -> [usize; 4] {
        ["records", "leads", "links", "outbox"].map(|table| database::count(&self.database(), table))
    }

    /// What the server has logged so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }
}

/// The demo's form in French, as served.
pub(crate) fn compiled(server: &Server) -> Value {
    serde_json::from_slice(&client::get(server.address(), "/v1/forms/ebook-rgpd?lang=fr")).unwrap()
}

/// A refusal: a problem document of this status, that repeats nothing personal.
pub(crate) fn check_problem(case: &str, answer: &Answer, status: u16) {
    let text = String::from_utf8_lossy(&answer.body);
    let problem = answer.json();
    assert_eq!(answer.status, status, "{case}: {text}");
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json"),
        "{case}"
    );
    assert_eq!(problem["status"], status, "{case}: {text}");
    for member in ["type", "title", "detail"] {
        assert!(
            problem[member].as_str().is_some_and(|text| !text.is_empty()),
            "{case}: {member} in {text}"
        );
    }
    assert!(!text.contains("hidden-person"), "{case}: {text}");
}

/// The slug at the end of a problem's `type`.
pub(crate) fn slug(answer: &Answer) -> String {
    let problem = answer.json();
    let uri = problem["type"].as_str().unwrap_or_default();
    uri.rsplit('/').next().unwrap_or_default().to_owned()
}

/// Waits for a condition; fails where it does not come true in time.
pub(crate) fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < Duration::from_secs(30), "waited in vain: {what}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

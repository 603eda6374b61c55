//! Submissions per second of the real `candor serve`, against the same work done bare in the same run.
//!
//! Bare is: verify the device's signature, sign once, one durable SQLite transaction with the same bytes. Run by
//! `cargo xtask bench`. Figures of one machine say little: the ratio is what counts.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints, and stops at the first surprise"
)]

#[path = "submissions/bare.rs"]
mod bare;
#[path = "submissions/client.rs"]
#[expect(dead_code, reason = "tests/process uses the rest")]
mod client;
#[path = "submissions/made.rs"]
#[expect(dead_code, reason = "tests/process uses the rest")]
mod made;
#[path = "submissions/server.rs"]
#[expect(dead_code, reason = "tests/process uses the rest")]
mod server;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const SUBMISSIONS: usize = 2_000;
const CONNECTIONS: usize = 16;

fn main() {
    // `cargo test --benches` also starts this file; it measures only when asked to.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = server::Server::start(folder.path(), &[]);
    let compiled: serde_json::Value =
        serde_json::from_slice(&client::get(server.address(), "/v1/forms/ebook-rgpd?lang=fr")).unwrap();
    let submissions: Vec<made::Submission> = (0..SUBMISSIONS)
        .map(|number| made::submission(&compiled, number))
        .collect();

    let bare = bare::run(&submissions);
    report("bare verify + sign + commit", &bare);
    let before = server.cpu_seconds();
    let collector = drive(server.address(), &submissions);
    let cpu_seconds = server.cpu_seconds() - before;
    report("candor serve, 16 connections", &collector);
    println!(
        "{:<30} {:.2}   (aim: at least 0.5)",
        "ratio",
        collector.per_second() / bare.per_second()
    );
    println!(
        "{:<30} {:.2} ms",
        "processor time for each",
        cpu_seconds * 1_000.0 / submissions.len() as f64
    );
    println!(
        "{:<30} {:.1} MiB",
        "resident memory of candor serve",
        server.resident_mebibytes()
    );
}

/// How long the whole took, and each part of it.
struct Measured {
    total: Duration,
    each: Vec<Duration>,
}

impl Measured {
    fn per_second(&self) -> f64 {
        self.each.len() as f64 / self.total.as_secs_f64()
    }

    fn quantile(&self, share: f64) -> f64 {
        let mut sorted = self.each.clone();
        sorted.sort();
        sorted[((sorted.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0
    }
}

fn report(name: &str, measured: &Measured) {
    println!(
        "{name:<30} {:>7.0} per second   p50 {:.2} ms   p99 {:.2} ms",
        measured.per_second(),
        measured.quantile(0.5),
        measured.quantile(0.99)
    );
}

fn drive(address: &str, submissions: &[made::Submission]) -> Measured {
    let next = AtomicUsize::new(0);
    let each = Mutex::new(Vec::with_capacity(submissions.len()));
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                let mut connection = client::Connection::open(address);
                let mut mine = Vec::new();
                while let Some(submission) = submissions.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let sent = Instant::now();
                    let answer = connection.post("/v1/submissions", &submission.body).unwrap();
                    assert_eq!(answer.status, 201, "every submission is new and good");
                    mine.push(sent.elapsed());
                }
                each.lock().unwrap().append(&mut mine);
            });
        }
    });
    Measured {
        total: began.elapsed(),
        each: each.into_inner().unwrap(),
    }
}

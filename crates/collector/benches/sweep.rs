//! The sweep of 100,000 leads with 300,000 events, against a bare pass of SQLite over the same rows in the same run.
//!
//! Run by `cargo xtask bench`; `CANDOR_BENCH_LEADS` makes it smaller. Figures of one machine say little: the ratio counts.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints, and stops at the first surprise"
)]

#[path = "sweep/people.rs"]
mod people;

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use candor_collector::mailbox::Mailbox;
use candor_collector::person::Person;
use jiff::{SignedDuration, Span, Timestamp, tz::TimeZone};
use serde_json::Value;
use sqlx::{ConnectOptions, Row, sqlite::SqliteConnectOptions};

const LEADS: usize = 100_000;
/// Leads came in evenly over that time; consents hold for 18 months, some 547 days.
const DAYS: i64 = 560;
const LOOKUPS: usize = 1_000;

fn main() {
    // `cargo test --benches` also starts this file; it measures only when asked to.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let leads = std::env::var("CANDOR_BENCH_LEADS").map_or(LEADS, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let today: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
    let file = folder.path().join("data/candor.sqlite");
    runtime.block_on(async {
        let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/forms");
        let app = people::open(folder.path(), &forms).await;
        let began = Instant::now();
        let received = |number: usize| {
            let share = DAYS * 86_400 * number as i64 / leads as i64;
            today - SignedDuration::from_secs(share) - SignedDuration::from_hours(3)
        };
        tokio::task::block_in_place(|| people::make_people(&app, leads, received));
        let size = std::fs::metadata(&file).unwrap().len() / 1_048_576;
        println!(
            "{leads} leads with {} events, {size} MiB, made in {:.0?}",
            3 * leads,
            began.elapsed()
        );
        app.store.close().await;
    });

    let bare = runtime.block_on(bare(&file));
    line("bare pass of SQLite", bare, None, "");
    let backlog = sweep(folder.path(), today);
    line("first sweep, everybody due", backlog.time, Some(bare), &backlog.said());
    let again = sweep(folder.path(), today);
    line("again, nobody due", again.time, None, &again.said());
    let tomorrow = today
        .to_zoned(TimeZone::UTC)
        .checked_add(Span::new().days(1))
        .unwrap()
        .timestamp();
    let day = sweep(folder.path(), tomorrow);
    line(
        "the next day (aim: < 30 s, < 200 MB)",
        day.time,
        Some(bare),
        &day.said(),
    );
    runtime.block_on(lookups(folder.path(), leads));
}

fn line(name: &str, time: Duration, bare: Option<Duration>, said: &str) {
    let ratio = bare.map_or(String::new(), |bare| {
        format!("ratio {:.2}", time.as_secs_f64() / bare.as_secs_f64())
    });
    println!("{name:<38} {:>8.2} s  {ratio:<12} {said}", time.as_secs_f64());
}

/// Every receipt and every sealed value, once.
async fn bare(file: &Path) -> Duration {
    let mut connection = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .connect()
        .await
        .unwrap();
    let began = Instant::now();
    for query in [
        "SELECT receipt FROM records",
        "SELECT values_sealed FROM leads",
        "SELECT id FROM people",
    ] {
        let mut rows = sqlx::query(query).fetch(&mut connection);
        while let Some(row) = std::future::poll_fn(|context| rows.as_mut().poll_next(context)).await {
            std::hint::black_box(row.unwrap().len());
        }
    }
    began.elapsed()
}

struct Swept {
    time: Duration,
    peak_mebibytes: f64,
    report: Value,
}

impl Swept {
    fn said(&self) -> String {
        let sum = |name: &str| {
            let list = self.report[name].as_array().unwrap().iter();
            list.filter_map(|line| line["count"].as_u64()).sum::<u64>()
        };
        format!(
            "peak {:.0} MiB; {} people, {} notices, {} expiries, {} erasures, {} letters, {} errors",
            self.peak_mebibytes,
            self.report["people"],
            sum("notices"),
            sum("expiries"),
            sum("erasures"),
            self.report["lettersQueued"],
            self.report["errors"]
        )
    }
}

/// `candor sweep` as an operator runs it.
fn sweep(folder: &Path, at: Timestamp) -> Swept {
    let began = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_candor"))
        .current_dir(folder)
        .args([
            "sweep",
            "--data",
            "data",
            "--public-url",
            "https://forms.acme.example",
            "--format",
            "json",
            "--at",
        ])
        .arg(at.to_string())
        .env("CANDOR_LOG", "error")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0_f64;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let high = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kibibytes = high.and_then(|text| text.trim().split(' ').next()?.parse::<f64>().ok());
        peak = peak.max(kibibytes.unwrap_or_default() / 1024.0);
        std::thread::park_timeout(Duration::from_millis(5));
    }
    let time = began.elapsed();
    let mut text = String::new();
    child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
    Swept {
        time,
        peak_mebibytes: peak,
        report: serde_json::from_str(&text).unwrap(),
    }
}

/// What a question about one person costs: found by the mailbox, opened, derived.
async fn lookups(folder: &Path, leads: usize) {
    let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/forms");
    let app = people::open(folder, &forms).await;
    let mut each = Vec::with_capacity(LOOKUPS);
    for number in 0..LOOKUPS {
        let mailbox = Mailbox::parse(&people::address(number * 7919 % leads)).unwrap();
        let began = Instant::now();
        std::hint::black_box(Person::by_mailbox(&app, &mailbox).await.unwrap());
        each.push(began.elapsed());
    }
    each.sort();
    println!(
        "a person by their mailbox              p50 {:.2} ms  p99 {:.2} ms   (aim: < 5 ms)",
        each[LOOKUPS / 2].as_secs_f64() * 1_000.0,
        each[LOOKUPS * 99 / 100].as_secs_f64() * 1_000.0
    );
    app.store.close().await;
}

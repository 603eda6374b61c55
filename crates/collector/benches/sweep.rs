//! The sweep of 100,000 leads with 300,000 events, against a bare pass of SQLite over the same rows in the same run.
//!
//! Run by `cargo xtask bench`; `CANDOR_BENCH_LEADS` makes it smaller. Figures of one machine say little: the ratio counts.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints, and stops at the first surprise"
)]

#[path = "sweep/measure.rs"]
mod measure;
#[path = "sweep/people.rs"]
mod people;

use std::path::Path;
use std::time::Instant;

use candor_collector::mailbox::Mailbox;
use candor_collector::person::Person;
use jiff::{SignedDuration, Span, Timestamp, tz::TimeZone};
use measure::{Ran, bare, candor, line};
use serde_json::Value;

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
    line("first sweep, everybody due", backlog.time, Some(bare), &said(&backlog));
    let again = sweep(folder.path(), today);
    line("again, nobody due", again.time, None, &said(&again));
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
        &said(&day),
    );
    runtime.block_on(lookups(folder.path(), leads));
}

/// What the sweep reports, and its peak.
fn said(swept: &Ran) -> String {
    let report: Value = serde_json::from_str(&swept.out).unwrap();
    let sum = |name: &str| {
        let list = report[name].as_array().unwrap().iter();
        list.filter_map(|line| line["count"].as_u64()).sum::<u64>()
    };
    format!(
        "{}; {} people, {} notices, {} expiries, {} erasures, {} letters, {} errors",
        swept.cost(),
        report["people"],
        sum("notices"),
        sum("expiries"),
        sum("erasures"),
        report["lettersQueued"],
        report["errors"]
    )
}

/// `candor sweep` as an operator runs it.
fn sweep(folder: &Path, at: Timestamp) -> Ran {
    let at = at.to_string();
    let url = "https://forms.acme.example";
    candor(folder, &["sweep", "--public-url", url, "--format", "json", "--at", &at])
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

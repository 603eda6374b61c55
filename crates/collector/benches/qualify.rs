//! The rules of an owner over 100,000 people who all allow it, and their submissions counted by campaign, against a bare
//! pass of SQLite over the same rows in the same run.
//!
//! Run by `cargo xtask bench`; `CANDOR_BENCH_LEADS` makes it smaller. Figures of one machine say little: the ratio counts.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints, and stops at the first surprise"
)]

#[path = "sweep/measure.rs"]
mod measure;
#[expect(dead_code, reason = "the people of the demo's form are measured by benches/sweep.rs")]
#[path = "sweep/people.rs"]
mod people;

use std::path::Path;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use measure::{Ran, bare, candor, line};
use people::Sort;
use serde_json::{Value, json};

const LEADS: usize = 100_000;
/// Leads came in evenly over that time; the consent holds for six months.
const DAYS: i64 = 100;

const QUALIFY: Sort = Sort {
    form: "qualify",
    address: people::address,
    consents: &["qualify"],
    values: |number| {
        vec![
            ("role", ["CTO", "CIO", "Assistant", "Teacher"][number % 4].to_owned()),
            ("size", ["1-9", "10-99", "100+"][number % 3].to_owned()),
            ("utm_campaign", format!("campaign-{}", number % 20)),
        ]
    },
};

/// Those of the tests, with which most people reach a threshold: that is the work.
fn rules() -> Value {
    let mut rules: Value = serde_json::from_str(include_str!("../tests/rules/b2b-leads.json")).unwrap();
    rules["rules"][2] = json!({"id": "size", "field": "size", "in": ["10-99", "100+"], "class": "team", "weight": 10});
    rules["thresholds"]["sql"] = 35.into();
    rules
}

fn main() {
    // `cargo test --benches` also starts this file; it measures only when asked to.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let leads = std::env::var("CANDOR_BENCH_LEADS").map_or(LEADS, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    // The commands have the clock of this machine.
    let now = Timestamp::now();
    let bare = runtime.block_on(async {
        let forms = folder.join("forms");
        std::fs::create_dir(&forms).unwrap();
        let form = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms/qualify.json");
        std::fs::copy(form, forms.join("qualify.json")).unwrap();
        let app = people::open(folder, &forms).await;
        let began = Instant::now();
        let received = |number: usize| {
            let share = DAYS * 86_400 * number as i64 / leads as i64;
            now - SignedDuration::from_secs(share) - SignedDuration::from_hours(3)
        };
        tokio::task::block_in_place(|| people::make_sort(&app, &QUALIFY, leads, received));
        app.store.close().await;
        println!("{leads} people who allow it, made in {:.0?}", began.elapsed());
        bare(&folder.join("data/candor.sqlite")).await
    });
    std::fs::write(folder.join("rules.json"), rules().to_string()).unwrap();

    line("bare pass of SQLite", bare, None, "");
    let said = |ran: &Ran| {
        let said: Value = serde_json::from_str(&ran.out).unwrap();
        let counts = ["people", "mql", "sql", "waiting", "unchanged"].map(|name| format!("{} {name}", said[name]));
        format!("{}; {}", ran.cost(), counts.join(", "))
    };
    let first = candor(folder, &["qualify", "run", "rules.json"]);
    line(
        "first run (aim: < 30 s, < 200 MB)",
        first.time,
        Some(bare),
        &said(&first),
    );
    let again = candor(folder, &["qualify", "run", "rules.json"]);
    line("again, nothing changed", again.time, Some(bare), &said(&again));
    let counted = candor(
        folder,
        &["export", "conversions", "--form", "qualify", "--by", "utm_campaign"],
    );
    let said = format!(
        "peak {:.0} MiB; {} lines",
        counted.peak_mebibytes,
        counted.out.lines().count() - 1
    );
    line("conversions by campaign", counted.time, Some(bare), &said);
    let sweep = || {
        candor(
            folder,
            &[
                "sweep",
                "--public-url",
                "https://forms.acme.example",
                "--format",
                "json",
            ],
        )
    };
    // Everybody is due once, as after any submission.
    sweep();
    let quiet = sweep();
    line(
        "sweep with so many results, none due",
        quiet.time,
        Some(bare),
        &quiet.cost(),
    );
}

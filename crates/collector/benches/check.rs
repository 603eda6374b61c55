//! `candor check` on a folder of 1,000 definitions, against reading the same files as JSON in the same run.
//!
//! Run by `cargo xtask bench`. Figures of one machine say little: the ratio counts.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints, and stops at the first surprise"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const DEFINITIONS: usize = 1_000;
const ROUNDS: usize = 5;

fn main() {
    // `cargo test --benches` also starts this file; it measures only when asked to.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    write_definitions(folder.path());
    let bare = median(|| {
        for entry in fs::read_dir(folder.path()).unwrap() {
            let text = fs::read(entry.unwrap().path()).unwrap();
            std::hint::black_box(serde_json::from_slice::<Value>(&text).unwrap());
        }
    });
    let check = median(|| {
        let status = Command::new(env!("CARGO_BIN_EXE_candor"))
            .args(["check", "--format", "json", "--at", "2026-11-22"])
            .arg(folder.path())
            .stdout(Stdio::null())
            .status();
        assert_eq!(status.unwrap().code(), Some(0), "the demo's forms are lawful");
    });
    println!("{DEFINITIONS} definitions read as JSON   {:>6.2} s", bare.as_secs_f64());
    println!(
        "{DEFINITIONS} definitions checked       {:>6.2} s   ratio {:.0}   (aim: < 2 s)",
        check.as_secs_f64(),
        check.as_secs_f64() / bare.as_secs_f64()
    );
}

/// The demo's forms in turn, each file a form of its own.
fn write_definitions(folder: &Path) {
    let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/forms");
    let mut sources: Vec<Value> = fs::read_dir(forms)
        .unwrap()
        .map(|entry| serde_json::from_slice(&fs::read(entry.unwrap().path()).unwrap()).unwrap())
        .collect();
    let kinds = sources.len();
    for number in 0..DEFINITIONS {
        let form = &mut sources[number % kinds];
        form["id"] = json!(format!("form-{number}"));
        fs::write(
            folder.join(format!("{number:04}.json")),
            serde_json::to_vec_pretty(form).unwrap(),
        )
        .unwrap();
    }
}

fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let began = Instant::now();
            run();
            began.elapsed()
        })
        .collect();
    times.sort();
    times[ROUNDS / 2]
}

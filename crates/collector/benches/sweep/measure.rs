//! A bare pass over the same rows, a command as an operator runs it with its time and its peak of memory, and a line for each.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{ConnectOptions, Row, sqlite::SqliteConnectOptions};

pub(crate) fn line(name: &str, time: Duration, bare: Option<Duration>, said: &str) {
    let ratio = bare.map_or(String::new(), |bare| {
        format!("ratio {:.2}", time.as_secs_f64() / bare.as_secs_f64())
    });
    println!("{name:<38} {:>8.2} s  {ratio:<12} {said}", time.as_secs_f64());
}

/// Every receipt and every sealed value, once.
pub(crate) async fn bare(file: &Path) -> Duration {
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

/// What a command printed, and what it took.
pub(crate) struct Ran {
    pub(crate) out: String,
    pub(crate) time: Duration,
    /// Of all its threads: on a machine with other work the figure that says something.
    pub(crate) processor: Duration,
    pub(crate) peak_mebibytes: f64,
}

impl Ran {
    pub(crate) fn cost(&self) -> String {
        let processor = self.processor.as_secs_f64();
        format!("processor {processor:.1} s, peak {:.0} MiB", self.peak_mebibytes)
    }
}

/// `utime` and `stime` of proc(5), in ticks of a hundredth of a second.
fn processor_time(stat: &str) -> Option<Duration> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (ticks()? + ticks()?)))
}

/// `candor` in that folder, on its `data`.
pub(crate) fn candor(folder: &Path, arguments: &[&str]) -> Ran {
    let began = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_candor"))
        .current_dir(folder)
        .args(arguments)
        .args(["--data", "data"])
        .env("CANDOR_LOG", "error")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (status, stat) = ["status", "stat"]
        .map(|name| format!("/proc/{}/{name}", child.id()))
        .into();
    let mut stdout = child.stdout.take().unwrap();
    let reading = std::thread::spawn(move || {
        let mut out = String::new();
        stdout.read_to_string(&mut out).unwrap();
        out
    });
    let (mut peak, mut processor) = (0.0_f64, Duration::ZERO);
    let ended = loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let high = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kibibytes = high.and_then(|text| text.trim().split(' ').next()?.parse::<f64>().ok());
        peak = peak.max(kibibytes.unwrap_or_default() / 1024.0);
        let spent = processor_time(&std::fs::read_to_string(&stat).unwrap_or_default());
        processor = processor.max(spent.unwrap_or_default());
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        std::thread::park_timeout(Duration::from_millis(5));
    };
    let time = began.elapsed();
    assert!(ended.success(), "{arguments:?}");
    Ran {
        out: reading.join().unwrap(),
        time,
        processor,
        peak_mebibytes: peak,
    }
}

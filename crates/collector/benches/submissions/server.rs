//! The binary itself, on a free port, on a folder of the caller's.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

pub(crate) struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Serves the demo's forms from `folder/data`; what it logs goes to `folder/log`.
    pub(crate) fn start(folder: &Path, options: &[&str]) -> Self {
        let mut child = spawn(folder, options);
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().strip_prefix("listening on http://").map(str::to_owned);
        let address = address.unwrap_or_else(|| {
            let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            panic!("the server did not start: {line:?}\n{log}")
        });
        Self { child, address }
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it without warning, as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits until it ends by itself.
    pub(crate) fn wait(mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    /// Processor time so far, of all its threads.
    pub(crate) fn cpu_seconds(&self) -> f64 {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        // proc(5): utime and stime are fields 14 and 15, in ticks of 10 ms; the name, field 2, ends with the last parenthesis.
        let ticks = text
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .skip(11)
            .take(2);
        ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
    }

    pub(crate) fn resident_mebibytes(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let kibibytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        kibibytes
            .and_then(|text| text.trim().split(' ').next()?.parse::<f64>().ok())
            .unwrap_or(f64::NAN)
            / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The process alone, before it says anything.
pub(crate) fn spawn(folder: &Path, options: &[&str]) -> Child {
    let log = File::options().create(true).append(true).open(folder.join("log"));
    Command::new(env!("CARGO_BIN_EXE_candor"))
        .current_dir(folder)
        .args(["serve", "--listen", "127.0.0.1:0", "--limit", "0", "--data", "data"])
        .arg("--forms")
        .arg(demo("forms"))
        .arg("--assets")
        .arg(demo("assets"))
        .args(options)
        .stdout(Stdio::piped())
        .stderr(log.unwrap())
        .spawn()
        .unwrap()
}

/// A folder of the demo.
pub(crate) fn demo(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www").join(name)
}

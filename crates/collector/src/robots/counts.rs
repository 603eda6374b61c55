//! How often each sign was seen and work was asked for: numbers since the start, for `/metrics`.
//! Refuses anything of a person, of an address, and of a single form: how busy it is concerns its owner.

use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use super::score::Signs;
use crate::http::limit::Whose;

/// Counters of one process; a restart begins anew.
#[derive(Debug, Default)]
pub struct Counts {
    trapped: AtomicU64,
    hasty: AtomicU64,
    issue_forged: AtomicU64,
    no_origin: AtomicU64,
    pub work_asked: Counter,
    pub work_done: Counter,
    pub work_refused: Counter,
    pub wait_asked: Counter,
    pub wait_early: Counter,
    pub wait_done: Counter,
    limited_address: Counter,
    limited_form: Counter,
}

#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    pub fn add(&self) {
        self.0.fetch_add(1, Relaxed);
    }

    fn read(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl Counts {
    pub(super) fn note_signs(&self, signs: &Signs) {
        let note = |counter: &AtomicU64, seen: bool| counter.fetch_add(u64::from(seen), Relaxed);
        note(&self.trapped, signs.trapped);
        note(&self.hasty, signs.is_hasty());
        note(&self.issue_forged, signs.issue_forged);
        note(&self.no_origin, signs.no_origin);
    }

    pub fn note_limit(&self, whose: Whose) {
        match whose {
            Whose::Address => self.limited_address.add(),
            Whose::Form => self.limited_form.add(),
        }
    }

    /// In the text format of Prometheus.
    pub fn to_text(&self) -> String {
        let signs = [
            ("trap", self.trapped.load(Relaxed)),
            ("haste", self.hasty.load(Relaxed)),
            ("issue", self.issue_forged.load(Relaxed)),
            ("origin", self.no_origin.load(Relaxed)),
        ];
        let work = [
            ("asked", self.work_asked.read()),
            ("done", self.work_done.read()),
            ("refused", self.work_refused.read()),
        ];
        let waits = [
            ("asked", self.wait_asked.read()),
            ("early", self.wait_early.read()),
            ("done", self.wait_done.read()),
        ];
        let limits = [
            ("address", self.limited_address.read()),
            ("form", self.limited_form.read()),
        ];
        let mut text = String::new();
        let mut family = |name: &str, help: &str, label: &str, values: &[(&str, u64)]| {
            let _ = writeln!(text, "# HELP candor_{name} {help}\n# TYPE candor_{name} counter");
            for (value, count) in values {
                let _ = writeln!(text, "candor_{name}{{{label}=\"{value}\"}} {count}");
            }
        };
        family(
            "robot_signs_total",
            "Submissions that showed a sign of a robot.",
            "sign",
            &signs,
        );
        family("work_total", "Proofs of work, by what came of them.", "step", &work);
        family("waits_total", "Waits of visitors without script.", "step", &waits);
        family("limited_total", "Requests over a limit.", "of", &limits);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_counter_is_told_by_its_name() {
        let counts = Counts::default();
        counts.note_signs(&Signs {
            trapped: true,
            ..Signs::default()
        });
        counts.work_asked.add();
        counts.wait_early.add();
        counts.note_limit(Whose::Form);
        let text = counts.to_text();
        for line in [
            "# TYPE candor_robot_signs_total counter",
            "candor_robot_signs_total{sign=\"trap\"} 1",
            "candor_robot_signs_total{sign=\"haste\"} 0",
            "candor_work_total{step=\"asked\"} 1",
            "candor_work_total{step=\"done\"} 0",
            "candor_waits_total{step=\"early\"} 1",
            "candor_limited_total{of=\"form\"} 1",
            "candor_limited_total{of=\"address\"} 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
    }
}

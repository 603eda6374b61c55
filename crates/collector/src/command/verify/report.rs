//! The verdict as text for people, and as JSON for programs.

use std::fmt::Write as _;

use candor_record::verify::{Check, Verdict};
use serde_json::Value;

use super::Examined;

/// One line per check; the name of the file above them where there are several.
pub(super) fn text(examined: &[Examined]) -> String {
    let mut text = String::new();
    for (index, Examined { file, verdict }) in examined.iter().enumerate() {
        if examined.len() > 1 {
            let gap = if index > 0 { "\n" } else { "" };
            let _ = writeln!(text, "{gap}{file}");
        }
        for check in &verdict.checks {
            let _ = writeln!(text, "{}", line(check));
        }
        let _ = writeln!(text, "{}", conclusion(verdict));
    }
    text
}

fn line(check: &Check) -> String {
    let outcome = match check.ok {
        Some(true) => "good",
        Some(false) => "FAILED",
        None => "open",
    };
    format!("{:>2} {:<12} {outcome:<6} {}", check.step, check.name, check.detail)
}

fn conclusion(verdict: &Verdict) -> String {
    let mut sentence = match verdict.failed_step() {
        Some(step) => format!("does not hold: check {step} failed"),
        None if verdict.record.is_some() => "holds".to_owned(),
        None => "nothing speaks against it, but not everything could be checked".to_owned(),
    };
    if !verdict.held.is_empty() {
        let _ = write!(sentence, "; held until confirmed: {}", verdict.held.join(", "));
    }
    sentence
}

/// One object for one file, an array for several.
pub(super) fn json(examined: &[Examined]) -> String {
    let one = |examined: &Examined| {
        let mut json = examined.verdict.to_json();
        json["file"] = examined.file.as_str().into();
        json
    };
    let json = match examined {
        [single] => one(single),
        several => Value::Array(several.iter().map(one).collect()),
    };
    format!("{json:#}\n")
}

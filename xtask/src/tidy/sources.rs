//! Source files: a head that says what the file is for, a size that fits a reader, nothing left undone, and layers that
//! look downwards only.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::Findings;
use crate::workspace::Workspace;

const MAX_LINES: usize = 400;

/// Files that may be longer, each with its reason.
const LONGER: [(&str, &str); 2] = [
    (
        "crates/record/tests/records/rules.rs",
        "one table: every sentence of the format that a record can break",
    ),
    (
        "crates/record/tests/records/steps.rs",
        "one table: every way in which a verification step can fail",
    ),
];

/// What is never committed. Written in two halves, or this file would find itself.
const UNDONE: [&str; 6] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
    concat!("dbg", "!("),
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
];

/// Under these paths these words are not spoken.
const LAYERS: [(&str, &[&str], &str); 9] = [
    ("crates/record/src/", OUTSIDE, "no I/O, no clock, no randomness"),
    ("crates/definition/src/", OUTSIDE, "no I/O, no clock, no randomness"),
    ("src/form/state.rs", BROWSER, "the state of the form is pure"),
    ("src/form/action.rs", BROWSER, "the reducer is pure"),
    ("src/form/field.rs", BROWSER, "checking a value is pure"),
    ("src/consent.rs", BROWSER, "what is recorded follows from values alone"),
    (
        "src/static_form.rs",
        BROWSER,
        "static forms are rendered where there is no browser",
    ),
    ("crates/collector/src/http/", &["sqlx"], "SQL stays in the store"),
    (
        "crates/collector/src/ingest/",
        &["sqlx", "axum"],
        "a use case knows neither HTTP nor SQL",
    ),
];

const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::process",
    "TcpStream",
    "UdpSocket",
    "ToSocketAddrs",
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "SystemRandom::new",
    "web_sys",
];

const BROWSER: &[&str] = &["web_sys", "js_sys", "wasm_bindgen", "gloo"];

const EXTENSIONS: [&str; 3] = ["rs", "js", "ts"];
const SKIPPED: [&str; 5] = ["target", "dist", "node_modules", "test-results", "playwright-report"];

pub(crate) fn check(workspace: &Workspace) -> Result<Findings> {
    let mut files = Vec::new();
    collect(&workspace.root, &mut files)?;
    files.sort();
    let mut findings = Findings::new();
    for file in files {
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let path = file.strip_prefix(&workspace.root)?.to_string_lossy().replace('\\', "/");
        findings.extend(examine(&path, &text));
    }
    Ok(findings)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !SKIPPED.contains(&name.as_str()) && !name.starts_with('.') {
                collect(&path, files)?;
            }
        } else if path
            .extension()
            .is_some_and(|extension| EXTENSIONS.iter().any(|known| extension == *known))
        {
            files.push(path);
        }
    }
    Ok(())
}

fn examine(path: &str, text: &str) -> Findings {
    let mut findings = Findings::new();
    let has_head = text.starts_with("//! ") || text.starts_with("#![doc = include_str!(\"../README.md\")]");
    if path.ends_with(".rs") && !has_head {
        findings.push(format!("{path}:1: begin with //! and say what the file is for"));
    }
    let lines = text.lines().count();
    if lines > MAX_LINES && !LONGER.iter().any(|(longer, _)| *longer == path) {
        findings.push(format!(
            "{path}: {lines} lines, more than {MAX_LINES}: is it two ideas?"
        ));
    }
    // A test may read the tree that it judges.
    let is_test = path.ends_with("/tests.rs");
    let layers: Vec<_> = LAYERS
        .iter()
        .filter(|(place, _, _)| !is_test && path.starts_with(place))
        .collect();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        for word in UNDONE.iter().filter(|word| line.contains(**word)) {
            findings.push(format!(
                "{path}:{number}: {word} is not committed: finish it or leave it out"
            ));
        }
        let code = line.split("//").next().unwrap_or_default();
        for (_, words, reason) in &layers {
            for word in words.iter().filter(|word| code.contains(**word)) {
                findings.push(format!("{path}:{number}: {word} has no place here: {reason}"));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{MAX_LINES, examine};

    fn check(path: &str, text: &str, expected: &[&str]) {
        assert_eq!(examine(path, text), expected, "{path}");
    }

    #[test]
    fn a_file_says_what_it_is_for() {
        check("src/a.rs", "//! For this.\n", &[]);
        check(
            "src/a.rs",
            "use std::fmt;\n",
            &["src/a.rs:1: begin with //! and say what the file is for"],
        );
        check("www/a.js", "export {};\n", &[]);
    }

    #[test]
    fn a_file_fits_a_reader() {
        let head = "//! For this.\n";
        check("src/a.rs", &(head.to_owned() + &"\n".repeat(MAX_LINES - 1)), &[]);
        let long = head.to_owned() + &"\n".repeat(MAX_LINES);
        check(
            "src/a.rs",
            &long,
            &["src/a.rs: 401 lines, more than 400: is it two ideas?"],
        );
    }

    #[test]
    fn nothing_is_left_undone() {
        let word = concat!("TO", "DO");
        let expected = format!("src/a.rs:2: {word} is not committed: finish it or leave it out");
        check("src/a.rs", &format!("//! For this.\n// {word} later\n"), &[&expected]);
    }

    #[test]
    fn layers_look_downwards() {
        let clock = "//! For this.\nlet now = SystemTime::now();\n";
        let finding = "crates/record/src/a.rs:2: SystemTime::now has no place here: no I/O, no clock, no randomness";
        check("crates/record/src/a.rs", clock, &[finding]);
        check("crates/collector/src/clock.rs", clock, &[]);
        check(
            "crates/record/src/a.rs",
            "//! For this.\n// not even SystemTime::now\n",
            &[],
        );
        check(
            "crates/collector/src/http/a.rs",
            "//! For this.\nuse sqlx::Row;\n",
            &["crates/collector/src/http/a.rs:2: sqlx has no place here: SQL stays in the store"],
        );
    }
}

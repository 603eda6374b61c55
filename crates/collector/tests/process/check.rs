//! `candor check` as a site owner runs it: a folder, a fix, a day; and `serve --allow`.

use std::fs;

use serde_json::Value;

use crate::command::{candor, check};
use crate::server::demo;

#[test]
fn a_fix_mends_what_is_safe_and_keeps_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let good = fs::read_to_string(demo("forms").join("ebook-rgpd.json")).unwrap();
    let bad = good.replacen("\"country\": \"FR\"", "\"country\": \"fr\"", 1);
    let file = folder.path().join("form.json");
    fs::write(&file, &bad).unwrap();
    check(folder.path(), &["check", "form.json"], b"", 1);
    assert_eq!(fs::read_to_string(&file).unwrap(), bad, "only --fix writes");
    let output = candor(folder.path(), &["check", "--fix", "form.json"], b"");
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("mended C-DEF-COUNTRY"));
    assert_eq!(fs::read_to_string(&file).unwrap(), good);
}

#[test]
fn a_folder_is_told_in_the_order_of_its_names() {
    let folder = tempfile::tempdir().unwrap();
    let good = fs::read(demo("forms").join("ebook-rgpd.json")).unwrap();
    for number in 0..40 {
        let text: &[u8] = if number % 2 == 0 { &good } else { b"{}" };
        fs::write(folder.path().join(format!("{number:02}.json")), text).unwrap();
    }
    let json = check(folder.path(), &["check", ".", "--format", "json"], b"", 1);
    let told: Vec<Value> = serde_json::from_str(&json).unwrap();
    let files: Vec<&str> = told
        .iter()
        .filter(|told| told["severity"] == "error")
        .map(|told| told["file"].as_str().unwrap())
        .collect();
    assert!(
        files.is_sorted() && files.contains(&"./01.json") && !files.contains(&"./02.json"),
        "{files:?}"
    );
}

#[test]
fn only_rules_of_law_can_be_allowed() {
    let folder = tempfile::tempdir().unwrap();
    for (rule, reason) in [
        ("C-XX-NOTHING", "no such rule"),
        ("C-DEF-CONSENT-TICKED", "cannot be allowed"),
    ] {
        let output = candor(folder.path(), &["serve", "--allow", rule], b"");
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains(reason));
    }
}

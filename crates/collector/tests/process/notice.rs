//! The commands about notices, policies and templates: what they print, and the exit codes that scripts rely on.

use std::fs;

use serde_json::Value;

use crate::command::{candor, check};
use crate::fixture::Fixture;
use crate::server::demo;

fn ebook() -> String {
    demo("forms/ebook-rgpd.json").display().to_string()
}

#[test]
fn a_notice_and_a_policy_are_printed_in_a_language_of_the_form() {
    let folder = tempfile::tempdir().unwrap();
    let page = check(folder.path(), &["notice", &ebook(), "--lang", "fr"], b"", 0);
    assert!(page.starts_with("<!doctype html>") && page.contains("lang=\"fr\""));
    assert!(!page.contains("<section id=\"own\"") || page.contains("Preuve de vos choix"));
    assert!(!page.contains("hreflang"), "a file has no other languages");
    let policy = check(folder.path(), &["policy", &ebook(), "--lang", "en"], b"", 0);
    assert!(
        policy.contains("TO COMPLETE") && policy.contains("Acme Conseil SAS"),
        "{policy}"
    );
    let html = check(
        folder.path(),
        &["policy", &ebook(), "--lang", "fr", "--format", "html"],
        b"",
        0,
    );
    assert!(html.contains("<mark>[À COMPLÉTER"), "{html}");
    for command in ["notice", "policy"] {
        check(folder.path(), &[command, &ebook(), "--lang", "de"], b"", 2);
        check(folder.path(), &[command, "absent.json"], b"", 2);
    }
}

#[test]
fn a_site_without_a_collector_names_its_own_page() {
    let folder = tempfile::tempdir().unwrap();
    let address = "https://acme.example/notice.html";
    let compiled = check(folder.path(), &["compile", &ebook(), "--notice", address], b"", 0);
    let compiled: Value = serde_json::from_str(&compiled).unwrap();
    assert_eq!(compiled["notice"], address);
    let snippet = check(folder.path(), &["render", &ebook(), "--notice", address], b"", 0);
    assert!(snippet.contains(&format!("href=\"{address}\"")), "{snippet}");
}

#[test]
fn a_template_passes_the_check_that_it_is_made_for() {
    let folder = tempfile::tempdir().unwrap();
    for kind in ["newsletter", "webinar", "contact", "callback", "ebook"] {
        let text = check(
            folder.path(),
            &["new", kind, "--jurisdiction", "DE", "--lang", "de,en"],
            b"",
            0,
        );
        fs::write(folder.path().join("form.json"), text).unwrap();
        check(folder.path(), &["check", "form.json"], b"", 0);
    }
    for arguments in [
        &["new", "contact", "--lang", "pl"][..],
        &["new", "contact", "--jurisdiction", "US"],
        &["new", "contact", "--jurisdiction", "XX"],
        &["new", "contact", "--email", "nobody"],
    ] {
        check(folder.path(), arguments, b"", 2);
    }
    let out = candor(folder.path(), &["new", "contact", "--email", "nobody"], b"");
    assert!(String::from_utf8_lossy(&out.stderr).contains("/parties/0/email"));
}

#[test]
fn whom_to_ask_again_is_a_list_of_a_published_form() {
    let fixture = Fixture::start();
    let draft = fixture.draft();
    assert_eq!(fixture.submit(&draft.signed()).status, 201);
    let data = fixture.folder.path().join("data");
    let data = data.to_str().unwrap();
    let export = |arguments: &[&str], code| {
        let all = [&["export", "reconsent", "--data", data], arguments].concat();
        check(fixture.folder.path(), &all, b"", code)
    };
    let json: Value = serde_json::from_str(&export(&["--form", "ebook-rgpd"], 0)).unwrap();
    assert_eq!(
        (&json["form"], &json["changes"]),
        (&"ebook-rgpd".into(), &Value::Array(Vec::new()))
    );
    assert_eq!(json["people"], Value::Array(Vec::new()), "nothing changed");
    let csv = export(&["--form", "ebook-rgpd", "--format", "csv"], 0);
    assert!(csv.starts_with("person,email,record,purpose"), "{csv}");
    export(&["--form", "nobody"], 2);
    export(&["--form", "ebook-rgpd", "--since", "sha256-unknown"], 2);
}

//! `candor qualify`, `contact`, `export qualified` and `export conversions` beside a running server.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::fixture::{Fixture, MAILBOX};
use crate::operators::candor;

fn rules(purpose: &str, field: &str) -> String {
    let rules = json!({
        "format": "candor-qualification/1", "id": "b2b", "purpose": purpose,
        "rules": [
            {"id": "one", "field": field, "present": true, "class": "one", "weight": 20},
            {"id": "two", "event": "click", "atLeast": 1, "class": "two", "weight": 20}
        ],
        "thresholds": {"mql": 30, "sql": 40}
    });
    serde_json::to_string_pretty(&rules).unwrap()
}

#[test]
fn rules_that_go_too_far_are_told_where_and_why() {
    let fixture = Fixture::start();
    let folder = fixture.folder.path();
    assert_eq!(fixture.submit(&fixture.draft().signed()).status, 201);
    let check = |text: &str, told: &[&str]| {
        fs::write(folder.join("rules.json"), text).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_candor"))
            .current_dir(folder)
            .args(["qualify", "run", "rules.json", "--data", "data"])
            .output()
            .unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{err}");
        for words in told {
            assert!(err.contains(words), "{words}: {err}");
        }
        assert!(!err.contains(MAILBOX) && !err.contains("panicked"), "{err}");
    };
    check(
        &rules("newsletter", "email"),
        &[
            "C-QUAL-PURPOSE",
            "rules.json:4:14",
            "does not say that people are profiled",
            "help:",
            "GDPR Art. 4(4)",
        ],
    );
    check(
        &rules("nothing", "email"),
        &["C-QUAL-PURPOSE", "no published form has the purpose"],
    );
    check("{\"format\": 1", &["C-QUAL-JSON", "rules.json:1:"]);
    assert_eq!(candor(folder, &["qualify", "list", "--data", "data"], 0).trim(), "[]");
    candor(
        folder,
        &[
            "qualify",
            "validate",
            "00000000-0000-4000-8000-000000000000",
            "--data",
            "data",
        ],
        1,
    );
    candor(
        folder,
        &["qualify", "list", "--reason", "about ada@example.org", "--data", "data"],
        1,
    );
    candor(folder, &["qualify", "list", "--data", "nowhere"], 1);
    let schema: Value = serde_json::from_str(&candor(folder, &["qualify", "schema"], 0)).unwrap();
    assert_eq!(schema["properties"]["format"]["const"], "candor-qualification/1");
    let csv = candor(
        folder,
        &["export", "qualified", "--purpose", "newsletter", "--data", "data"],
        0,
    );
    assert_eq!(csv.lines().count(), 1, "the head alone: {csv}");
    assert!(
        csv.ends_with("grade,score,reasons,rules,validated,validatedBy\r\n"),
        "{csv}"
    );
    candor(
        folder,
        &["export", "qualified", "--purpose", "unknown", "--data", "data"],
        2,
    );
}

#[test]
fn first_contacts_are_printed_for_what_was_published() {
    let fixture = Fixture::start();
    let folder = fixture.folder.path();
    let url = ["--public-url", "https://forms.acme.example", "--data", "data"];
    let contact = |arguments: &[&str], code| candor(folder, &[&["contact"], arguments, &url].concat(), code);
    let all: Value = serde_json::from_str(&contact(&["--format", "json"], 0)).unwrap();
    let of = |purpose: &str| {
        let found = all.as_array().unwrap().iter().filter(|it| it["purpose"] == purpose);
        found.count()
    };
    assert_eq!(
        (of("newsletter") % 2, of("call") % 2, of("ebook")),
        (0, 0, 0),
        "both languages, and no service"
    );
    let text = contact(&["call", "--lang", "en", "--recorded"], 0);
    assert!(
        text.contains("[Before recording]") && text.contains("https://forms.acme.example/m"),
        "{text}"
    );
    let page = contact(&["newsletter", "--format", "html"], 0);
    assert!(
        page.starts_with("<!doctype html>") && !page.contains("<script"),
        "{page}"
    );
    contact(&["ebook"], 2);
    contact(&["newsletter", "--lang", "mt"], 2);
    // What `candor.toml` says of the server holds here too; the line counts.
    fs::write(
        folder.join("candor.toml"),
        "public-url = \"https://toml.acme.example\"\n",
    )
    .unwrap();
    let of_file = candor(folder, &["contact", "call", "--lang", "en", "--data", "data"], 0);
    assert!(of_file.contains("https://toml.acme.example/m"), "{of_file}");
    let of_line = contact(&["call", "--lang", "en"], 0);
    assert!(
        !of_line.contains("toml.acme") && of_line.contains("https://forms.acme.example/m"),
        "{of_line}"
    );
    fs::remove_file(folder.join("candor.toml")).unwrap();
    let partner = contact(&["--partner", "partner", "--lang", "en"], 0);
    assert_eq!(partner.matches("# ").count(), 1, "{partner}");
    for needed in [
        "· email · Partenaire Exemple SA (partner)\n",
        "Controller: Partenaire Exemple SA, https://partenaire.example\n",
        "Source of your contact details: Acme Conseil SAS, ",
        "Date of your consent: {date}\n",
        "policy: https://partenaire.example/confidentialite\n",
    ] {
        assert!(partner.contains(needed), "{needed} in {partner}");
    }
    assert!(!partner.contains("! Missing"), "{partner}");
    for (arguments, said) in [
        (&["--partner", "mailer"][..], "name one of the partners: partner"),
        (&["call", "--partner", "partner"], "leave out --partner"),
    ] {
        let refused = crate::command::candor(folder, &[&["contact"], arguments, &url].concat(), b"");
        let told = String::from_utf8_lossy(&refused.stderr);
        assert!(refused.status.code() == Some(2) && told.contains(said), "{told}");
    }
}

#[test]
fn conversions_are_counted_by_declared_campaigns_alone() {
    let fixture = Fixture::start();
    let folder = fixture.folder.path();
    for by in ["email", "gclid", "nothing"] {
        candor(
            folder,
            &[
                "export",
                "conversions",
                "--form",
                "ebook-rgpd",
                "--by",
                by,
                "--data",
                "data",
            ],
            2,
        );
    }
    candor(
        folder,
        &[
            "export",
            "conversions",
            "--form",
            "nothing",
            "--by",
            "utm_campaign",
            "--data",
            "data",
        ],
        2,
    );
}

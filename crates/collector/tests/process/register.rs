//! `candor export register`: every purpose of every form in each format and language, two dates compared, and the
//! sentences for what cannot be used.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use candor_collector::forms::{Folder, LiveForms};
use candor_collector::store::{Store, sqlite::SqliteStore};
use serde_json::{Value, json};

use crate::command::{candor, check};
use crate::csv::strict_csv;
use crate::fixture::Fixture;
use crate::server::demo;

const FIRST: &str = "2026-03-01T10:00:00Z";
const SECOND: &str = "2026-09-01T10:00:00Z";
const BETWEEN: &str = "2026-06-30";
const AFTER: &str = "2026-12-31";

/// A data folder in which forms were published at times of the test's choice.
pub(crate) struct Archive {
    folder: tempfile::TempDir,
    forms: PathBuf,
}

impl Archive {
    /// The demo's forms and those of the tests, published on the first date.
    fn new() -> Self {
        let archive = Self::of(&sources());
        archive.publish(FIRST);
        archive
    }

    /// These forms, not yet published.
    pub(crate) fn of(sources: &[PathBuf]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let forms = folder.path().join("forms");
        fs::create_dir(&forms).unwrap();
        fs::create_dir(folder.path().join("data")).unwrap();
        for source in sources {
            fs::copy(source, forms.join(source.file_name().unwrap())).unwrap();
        }
        Self { folder, forms }
    }

    pub(crate) fn publish(&self, at: &str) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let store = SqliteStore::open(&self.path().join("data/candor.sqlite"))
                .await
                .unwrap();
            let loaded = LiveForms::load(
                Folder {
                    path: Some(&self.forms),
                    allow: &[],
                },
                "https://forms.acme.example",
                &store,
                at.parse().unwrap(),
            );
            loaded.await.unwrap();
            store.close().await;
        });
    }

    /// Changes a form's file.
    pub(crate) fn edit(&self, name: &str, change: impl FnOnce(&mut Value)) {
        let path = self.forms.join(name);
        let mut form = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        change(&mut form);
        fs::write(&path, form.to_string()).unwrap();
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    fn export(&self, format: &str, options: &[&str]) -> String {
        let arguments = ["export", "register", "--data", "data", "--format", format];
        check(self.path(), &[&arguments[..], options].concat(), b"", 0)
    }
}

/// Every definition of the demo and of the tests.
fn sources() -> Vec<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms");
    let files = [demo("forms"), own]
        .into_iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

/// Form, purpose and the purpose's words in a language, or in the form's own.
fn purposes(language: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for source in sources() {
        let form: Value = serde_json::from_slice(&fs::read(source).unwrap()).unwrap();
        let form_id = form["id"].as_str().unwrap();
        for purpose in form["purposes"].as_array().unwrap() {
            let statement = &purpose["statement"];
            let statement = statement.as_str().or(statement[language].as_str()).unwrap();
            found.push((
                form_id.to_owned(),
                purpose["id"].as_str().unwrap().to_owned(),
                statement.to_owned(),
            ));
        }
    }
    assert!(found.len() >= 8, "{found:?}");
    found
}

#[test]
fn every_purpose_is_in_every_format_and_language() {
    let archive = Archive::new();
    for language in ["fr", "en"] {
        let options = ["--lang", language, "--at", AFTER];
        let register: Value = serde_json::from_str(&archive.export("json", &options)).unwrap();
        let rows = register["activities"].as_array().unwrap();
        let csv = strict_csv(&archive.export("csv", &options));
        let page = archive.export("html", &options);
        assert!(
            page.starts_with("<!doctype html>") && page.contains(&format!("<html lang=\"{language}\" dir=\"ltr\">"))
        );
        for (form, purpose, statement) in purposes(language) {
            let id = format!("{form}/{purpose}");
            let row = rows.iter().find(|row| row["id"] == id.as_str()).unwrap();
            assert_eq!(row["statement"], statement.as_str(), "{language} {id}");
            assert_eq!(row["sources"][0]["published"], FIRST, "{id}");
            for member in ["controllers", "people", "retention", "measures", "operations"] {
                assert!(!row[member].as_array().unwrap().is_empty(), "{id} {member}");
            }
            let line = csv.iter().find(|line| line[0] == id).unwrap();
            assert_eq!(unspaced(&line[2]), statement, "{language} {id}");
            assert!(page.contains(&format!("<h3 id=\"{id}\">")), "{language} {id}");
            let quoted = format!(">{}</blockquote>", statement.replace('\'', "&#39;"));
            assert!(unspaced(&page).contains(&quoted), "{language} {id}: {quoted}");
        }
        for own in ["proof", "suppression", "access-log", "requests", "confirmation-mail"] {
            let id = format!("candor/{own}/acme-conseil-sas");
            assert!(rows.iter().any(|row| row["id"] == id.as_str()), "{id}");
            assert!(csv.iter().any(|line| line[0] == id), "{id}");
            assert!(page.contains(&format!("<h3 id=\"{id}\">")), "{id}");
        }
        assert_eq!(csv.len(), rows.len() + 1, "one line for each row, and the names");
    }
}

/// No-break spaces before marks are the page's, not the form's.
fn unspaced(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

#[test]
fn formulas_are_defused() {
    let archive = Archive::new();
    archive.edit("ebook-rgpd.json", |form| {
        form["purposes"][1]["statement"] =
            json!({ "fr": "=HYPERLINK(\"https://x.example\",\"a\")", "en": "+1, \"yes\"" });
    });
    archive.publish(SECOND);
    for (language, expected) in [
        ("fr", "'=HYPERLINK(\"https://x.example\",\"a\")"),
        ("en", "'+1, \"yes\""),
    ] {
        let csv = strict_csv(&archive.export("csv", &["--lang", language, "--at", AFTER]));
        let line = csv.iter().find(|line| line[0] == "ebook-rgpd/newsletter").unwrap();
        assert_eq!(line[2], expected);
        let changes = strict_csv(&archive.export("csv", &["--lang", language, "--at", AFTER, "--against", BETWEEN]));
        assert!(changes.iter().any(|line| line[4] == expected), "{changes:?}");
    }
}

#[test]
fn two_dates_are_compared() {
    let archive = Archive::new();
    archive.edit("ebook-rgpd.json", |form| {
        form["purposes"]
            .as_array_mut()
            .unwrap()
            .retain(|purpose| purpose["id"] != "call");
        let fields = form["fields"].as_array_mut().unwrap();
        fields.retain(|field| field["id"] != "phone");
        for field in fields {
            field["purposes"]
                .as_array_mut()
                .unwrap()
                .retain(|purpose| purpose != "call");
        }
        form["purposes"][1]["storage"]["retention"] = json!("P2Y");
    });
    archive.edit("screen.json", |form| form["id"] = json!("screen"));
    archive.publish(SECOND);

    // Before anything was published there is nothing; each date sees the newest version by then.
    let register = |at: &str| -> Value { serde_json::from_str(&archive.export("json", &["--at", at])).unwrap() };
    assert_eq!(register("2026-01-01")["activities"], json!([]));
    // English, unless the line or the environment says French; the line counts.
    for (tongue, options, said) in [
        (None, &[][..], "No form was published"),
        (Some("fr"), &[], "Aucun formulaire"),
        (Some("fr"), &["--lang", "en"], "No form was published"),
        (None, &["--lang", "fr"], "Aucun formulaire"),
    ] {
        let page = Command::new(env!("CARGO_BIN_EXE_candor"))
            .current_dir(archive.path())
            .args([
                "export",
                "register",
                "--data",
                "data",
                "--format",
                "html",
                "--at",
                "2026-01-01",
            ])
            .args(options)
            .envs(tongue.map(|tongue| ("CANDOR_LANG", tongue)))
            .output()
            .unwrap();
        let page = String::from_utf8_lossy(&page.stdout);
        assert!(page.contains(said), "{tongue:?} {options:?}: {page}");
    }
    assert_eq!(
        register("2026-03-01")["forms"].as_array().unwrap().len(),
        sources().len(),
        "a day means its end"
    );
    assert_eq!(register("2026-03-01T09:59:59Z")["forms"], json!([]));
    let versions = |at: &str| -> Vec<Value> {
        let register = register(at);
        register["forms"]
            .as_array()
            .unwrap()
            .iter()
            .map(|form| form["version"].clone())
            .collect()
    };
    assert_ne!(versions(BETWEEN), versions(AFTER));
    assert_eq!(
        register(AFTER)["activities"].to_string(),
        register("2027-12-31")["activities"].to_string()
    );

    let options = ["--at", AFTER, "--against", BETWEEN, "--lang", "en"];
    let found: Value = serde_json::from_str(&archive.export("json", &options)).unwrap();
    let ids = |name: &str| -> Vec<&str> {
        found[name]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["id"].as_str().unwrap())
            .collect()
    };
    assert_eq!(found["format"], "candor-register-diff/1");
    assert_eq!(ids("added"), ["screen/checklist", "screen/letter"]);
    assert_eq!(ids("removed"), ["ebook-rgpd/call"]);
    let newsletter = found["changed"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["id"] == "ebook-rgpd/newsletter");
    let members = newsletter.unwrap()["members"].as_array().unwrap();
    assert_eq!(members.len(), 1, "{members:?}");
    assert_eq!(
        (&members[0]["before"][0]["period"], &members[0]["after"][0]["period"]),
        (&json!("P3Y"), &json!("P2Y"))
    );

    let lines = strict_csv(&archive.export("csv", &options));
    let changed = lines.iter().find(|line| line[1] == "ebook-rgpd/newsletter").unwrap();
    assert_eq!(
        changed[2..],
        [
            "retention",
            "3 years after the last contact made by the person",
            "2 years after the last contact made by the person"
        ]
    );
    let page = archive.export("html", &options);
    for id in ["screen/letter", "ebook-rgpd/call", "ebook-rgpd/newsletter"] {
        assert!(page.contains(&format!("<h3 id=\"{id}\">")), "{id}");
    }
    assert!(page.contains("Before: 3 years after") && page.contains("After: 2 years after"));
}

#[test]
fn the_register_is_read_while_the_server_runs() {
    let fixture = Fixture::start();
    let folder = fixture.folder.path();
    let arguments = [
        "export", "register", "--data", "data", "--format", "json", "--lang", "fr",
    ];
    let register: Value = serde_json::from_str(&check(folder, &arguments, b"", 0)).unwrap();
    let published = fs::read_dir(demo("forms")).unwrap().count();
    assert_eq!(register["forms"].as_array().unwrap().len(), published);
    assert_eq!(
        fixture.submit(&fixture.draft().signed()).status,
        201,
        "the server was not disturbed"
    );
    let after: Value = serde_json::from_str(&check(folder, &arguments, b"", 0)).unwrap();
    assert_eq!(
        register["activities"], after["activities"],
        "nobody's submission is in the register"
    );
}

#[test]
fn what_cannot_be_used_is_named_with_a_remedy() {
    let archive = Archive::new();
    let refused = |options: &[&str], parts: &[&str]| {
        let arguments = [&["export", "register", "--format", "json"], options].concat();
        let output = candor(archive.path(), &arguments, b"");
        let sentence = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{options:?}: {sentence}");
        assert!(output.stdout.is_empty(), "{options:?}");
        for part in parts {
            assert!(sentence.contains(part), "{options:?}: {part} in {sentence}");
        }
    };
    fs::create_dir(archive.path().join("empty")).unwrap();
    fs::write(
        archive.path().join("text.sqlite"),
        "not a database, but long enough to be looked at",
    )
    .unwrap();
    refused(
        &["--data", "missing"],
        &["missing: there is no such folder", "candor serve --data"],
    );
    refused(
        &["--data", "empty"],
        &["empty/candor.sqlite: there is no such database", "candor serve --data"],
    );
    refused(
        &["--database", "sqlite:text.sqlite"],
        &["text.sqlite", "name a database of this release"],
    );
    refused(
        &["--database", "postgres://me:secret@host/db"],
        &["--database", "PostgreSQL"],
    );
    refused(&["--at", "yesterday"], &["--at", "2026-11-30"]);
    refused(
        &["--at", BETWEEN, "--against", AFTER],
        &["--against", "is not before", "name an earlier date"],
    );
    refused(&["--lang", "de"], &["--lang", "en, fr"]);
    refused(&["--format", "xml"], &["--format"]);
    assert!(!archive.path().join("missing").exists(), "nothing was made");
    assert!(!archive.path().join("empty/candor.sqlite").exists(), "nothing was made");
}

/// `docs/register.md` shows rows as the command prints them, and names every member.
#[test]
fn the_documentation_shows_what_is_printed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/register.md");
    let document = fs::read_to_string(&path).unwrap();
    let examples: Vec<&str> = document
        .split("\n```json\n")
        .skip(1)
        .map(|rest| rest.split("\n```\n").next().unwrap())
        .collect();
    let archive = Archive::new();
    let printed = archive.export("json", &["--lang", "en", "--at", AFTER]);
    let register: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(examples.len(), 1);
    // Two levels deep in what is printed: the example stands at the margin.
    let margined = |text: &str| text.lines().map(|line| format!("    {line}\n")).collect::<String>();
    assert!(
        printed.contains(margined(examples[0]).trim_end()),
        "not printed:\n{}",
        examples[0]
    );
    let named = |member: &String| document.contains(&format!("`{member}`"));
    let rows = register["activities"].as_array().unwrap();
    let measures = register["measures"].as_array().unwrap();
    let forms = register["forms"].as_array().unwrap();
    for object in std::iter::once(&register).chain(forms).chain(rows).chain(measures) {
        let unnamed: Vec<&String> = object
            .as_object()
            .unwrap()
            .keys()
            .filter(|member| !named(member))
            .collect();
        assert!(unnamed.is_empty(), "{} does not name {unnamed:?}", path.display());
    }
}

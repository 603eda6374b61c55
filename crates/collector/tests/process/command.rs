//! The other commands: what they print, and the exit codes that scripts rely on.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::client;
use crate::fixture::Fixture;
use crate::server::demo;

/// Runs `candor` with arguments and standard input.
pub(crate) fn candor(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_candor"))
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

pub(crate) fn check(folder: &Path, arguments: &[&str], input: &[u8], code: i32) -> String {
    let output = candor(folder, arguments, input);
    let (out, err) = (&output.stdout, String::from_utf8_lossy(&output.stderr));
    let out = String::from_utf8_lossy(out).into_owned();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{out}\n{err}");
    assert!(!err.contains("panicked"), "{arguments:?}: {err}");
    out
}

/// A receipt with everything that it can be verified against, as files.
struct Evidence {
    fixture: Fixture,
    receipt: String,
}

impl Evidence {
    fn collect() -> Self {
        let fixture = Fixture::start();
        let draft = fixture.draft();
        let answer = fixture.submit(&draft.signed());
        assert_eq!(answer.status, 201);
        let receipt = answer.json()["receipt"].to_string();
        let address = fixture.server.address();
        let folder = fixture.folder.path();
        for (name, bytes) in [
            ("receipt.json", receipt.clone().into_bytes()),
            ("jwks.json", client::get(address, "/.well-known/jwks.json")),
            ("compiled.json", client::get(address, "/v1/forms/ebook-rgpd?lang=fr")),
            (
                "definition.json",
                client::get(address, "/v1/forms/ebook-rgpd/definition"),
            ),
            ("disclosures.json", json!(draft.disclosures).to_string().into_bytes()),
        ] {
            fs::write(folder.join(name), bytes).unwrap();
        }
        Self { fixture, receipt }
    }

    fn folder(&self) -> &Path {
        self.fixture.folder.path()
    }

    fn verify(&self, file: &str, definition: &str, code: i32) -> Value {
        let arguments = [
            "verify",
            file,
            "--jwks",
            "jwks.json",
            "--definition",
            definition,
            "--disclosures",
            "disclosures.json",
            "--format",
            "json",
        ];
        serde_json::from_str(&check(self.folder(), &arguments, b"", code)).unwrap()
    }
}

#[test]
fn receipts_verify_and_altered_ones_do_not() {
    let evidence = Evidence::collect();
    for definition in ["compiled.json", "definition.json"] {
        let verdict = evidence.verify("receipt.json", definition, 0);
        assert_eq!(verdict["held"], json!([]));
        for check in verdict["checks"].as_array().unwrap() {
            let open = check["step"] == 11;
            assert_eq!(check["ok"], if open { json!(null) } else { json!(true) }, "{check}");
        }
    }
    let address = format!("http://{}/.well-known/jwks.json", evidence.fixture.server.address());
    check(
        evidence.folder(),
        &["verify", "receipt.json", "--jwks", &address],
        b"",
        0,
    );
    check(
        evidence.folder(),
        &["verify", "-", "--jwks", "jwks.json"],
        evidence.receipt.as_bytes(),
        0,
    );

    // One letter of each text in the receipt, and each of them is noticed.
    let receipt: Value = serde_json::from_str(&evidence.receipt).unwrap();
    for pointer in [
        "/payload",
        "/signatures/0/protected",
        "/signatures/0/signature",
        "/signatures/1/protected",
        "/signatures/1/signature",
    ] {
        let text = receipt.pointer(pointer).unwrap().as_str().unwrap();
        for at in [0, text.len() / 3, text.len() / 2, text.len() - 2] {
            let mut altered = receipt.clone();
            *altered.pointer_mut(pointer).unwrap() = json!(one_letter_altered(text, at));
            fs::write(evidence.folder().join("altered.json"), altered.to_string()).unwrap();
            evidence.verify("altered.json", "compiled.json", 1);
        }
    }
}

fn one_letter_altered(text: &str, at: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    String::from_utf8(bytes).unwrap()
}

#[test]
fn verify_tells_a_failed_check_from_an_unusable_input() {
    let evidence = Evidence::collect();
    let folder = evidence.folder();
    fs::write(
        folder.join("half.json"),
        &evidence.receipt[..evidence.receipt.len() / 2],
    )
    .unwrap();
    fs::write(folder.join("others.json"), "[\"x\"]").unwrap();
    fs::write(folder.join("no-keys.json"), "{\"keys\":[]}").unwrap();
    check(folder, &["verify", "half.json"], b"", 1);
    check(folder, &["verify", "receipt.json", "--jwks", "no-keys.json"], b"", 1);
    check(
        folder,
        &["verify", "receipt.json", "--disclosures", "others.json"],
        b"",
        1,
    );
    check(
        folder,
        &["verify", "receipt.json", "half.json", "--jwks", "jwks.json"],
        b"",
        1,
    );
    check(folder, &["verify", "missing.json"], b"", 2);
    check(folder, &["verify", "receipt.json", "--jwks", "missing.json"], b"", 2);
    check(folder, &["verify", "receipt.json", "--jwks", "half.json"], b"", 2);
    check(folder, &["verify", "receipt.json", "--definition", "jwks.json"], b"", 2);
    check(folder, &["verify"], b"", 2);
    let several = check(
        folder,
        &["verify", "receipt.json", "receipt.json", "--format", "json"],
        b"",
        0,
    );
    assert_eq!(serde_json::from_str::<Vec<Value>>(&several).unwrap().len(), 2);
}

#[test]
fn canon_prints_the_canonical_bytes_alone() {
    let folder = tempfile::tempdir().unwrap();
    let check = |input: &str, code: i32, output: &str| {
        assert_eq!(
            check(folder.path(), &["canon"], input.as_bytes(), code),
            output,
            "{input}"
        );
    };
    check(
        " { \"b\" : 1.0 , \"a\" : [ 1e2, \"\\u20ac\" ] } ",
        0,
        "{\"a\":[100,\"€\"],\"b\":1}",
    );
    check("0.1", 0, "0.1");
    check("{\"a\":1,\"a\":1}", 1, "");
    check("9007199254740993", 1, "");
    check("\"\\ud800\"", 1, "");
    check("", 1, "");
}

#[test]
fn definitions_are_checked_and_compiled() {
    let folder = tempfile::tempdir().unwrap();
    let good = demo("forms").join("ebook-rgpd.json");
    let text = fs::read_to_string(&good).unwrap();
    let written = |name: &str, text: &str| -> PathBuf {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let unlawful = written(
        "unlawful.json",
        &text.replacen("\"basis\": \"consent\"", "\"basis\": \"legitimate-interest\"", 1),
    );
    let broken = written("broken.json", &text[..text.len() / 2]);
    let (good, unlawful, broken) = (
        good.to_str().unwrap(),
        unlawful.to_str().unwrap(),
        broken.to_str().unwrap(),
    );

    check(folder.path(), &["check", good], b"", 0);
    check(folder.path(), &["check", "missing.json"], b"", 2);
    for refused in [unlawful, broken] {
        let output = check(folder.path(), &["check", refused, "--format", "json"], b"", 1);
        let problems: Vec<Value> = serde_json::from_str(&output).unwrap();
        let first = &problems[0];
        for member in ["file", "rule", "severity", "pointer", "message", "help"] {
            assert!(first[member].is_string(), "{member} in {first}");
        }
        assert!(first["line"].is_u64() && first["column"].is_u64(), "{first}");
        check(
            folder.path(),
            &["compile", refused, "--public-url", "https://forms.acme.example"],
            b"",
            1,
        );
    }

    let arguments = ["compile", good, "--public-url", "https://forms.acme.example", "--lang"];
    for (language, title) in [("fr", "Recevez le guide RGPD"), ("en", "Get the GDPR guide")] {
        let compiled = check(folder.path(), &[&arguments[..], &[language]].concat(), b"", 0);
        let compiled: Value = serde_json::from_str(&compiled).unwrap();
        assert_eq!(compiled["format"], "candor-compiled/1");
        assert_eq!(compiled["record"]["language"], language);
        assert_eq!(compiled["texts"][0], json!({ "ref": "title", "text": title }));
    }
    check(folder.path(), &["compile", "missing.json"], b"", 2);
    check(folder.path(), &["unknown"], b"", 2);
    check(folder.path(), &["serve", "--listen", "nowhere"], b"", 2);
    check(folder.path(), &["serve", "--forms", "missing"], b"", 1);
}

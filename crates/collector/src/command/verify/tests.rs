//! `candor verify` on files, with the shared vectors of candor-record.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::*;

const VECTORS: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../record/tests/vectors/record/records.json"
));

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a folder"))
    }

    fn write(&self, name: &str, content: &Value) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, content.to_string()).expect("a file");
        path
    }
}

fn arguments(files: Vec<PathBuf>) -> Arguments {
    Arguments {
        files,
        jwks: None,
        definition: None,
        disclosures: None,
        proof: None,
        format: Format::Json,
    }
}

fn vectors() -> Value {
    serde_json::from_str(VECTORS).expect("the vectors")
}

fn path_text(path: &Path) -> String {
    path.to_str().expect("a plain path").to_owned()
}

#[test]
fn one_file_gives_an_object_and_several_an_array() {
    let (folder, vectors) = (Folder::new(), vectors());
    let good = folder.write("good.json", &vectors["vectors"][0]["envelope"]);
    let bad = folder.write("bad.json", &vectors["vectors"][4]["envelope"]);
    let jwks = path_text(&folder.write("jwks.json", &vectors["jwks"]));
    let disclosures = folder.write("disclosures.json", &vectors["vectors"][0]["disclosures"]);

    let single = Arguments {
        jwks: Some(jwks.clone()),
        disclosures: Some(disclosures),
        ..arguments(vec![good.clone()])
    };
    let examined = examine(&single).expect("usable input");
    let json: Value = serde_json::from_str(&report::json(&examined)).expect("JSON");
    let outcomes: Vec<_> = json["checks"]
        .as_array()
        .expect("checks")
        .iter()
        .map(|check| check["ok"].clone())
        .collect();
    let expected = [true, true, true, true, true, true, true, true];
    assert_eq!(outcomes[..8], expected.map(Value::from));
    assert_eq!(outcomes[8..], [Value::Null, Value::Bool(true), Value::Null]);
    assert_eq!(json["held"], json!([]));

    let several = Arguments {
        jwks: Some(jwks),
        ..arguments(vec![good, bad])
    };
    let examined = examine(&several).expect("usable input");
    let json: Value = serde_json::from_str(&report::json(&examined)).expect("JSON");
    assert_eq!(json[1]["checks"][4]["ok"], false);
    assert_eq!(json[1]["checks"][5]["ok"], Value::Null);
    let text = report::text(&examined);
    assert!(text.contains("\n 5 signatures   FAILED the device signature"), "{text}");
    assert!(text.contains("does not hold: check 5 failed"), "{text}");
}

#[test]
fn without_keys_the_fifth_check_is_open() {
    let (folder, vectors) = (Folder::new(), vectors());
    let good = folder.write("good.json", &vectors["vectors"][0]["envelope"]);
    let examined = examine(&arguments(vec![good])).expect("usable input");
    assert_eq!(examined[0].verdict.checks[4].ok, None);
    assert!(report::text(&examined).contains("not everything could be checked"));
}

#[test]
fn what_cannot_be_used_says_so() {
    let (folder, vectors) = (Folder::new(), vectors());
    let good = folder.write("good.json", &vectors["vectors"][0]["envelope"]);
    let other = folder.write("other.json", &json!({"a": ["text", 1]}));
    let rows = [
        (arguments(vec![folder.0.path().join("absent.json")]), "cannot be read"),
        (
            Arguments {
                jwks: Some(path_text(&other)),
                ..arguments(vec![good.clone()])
            },
            "no key set",
        ),
        (
            Arguments {
                definition: Some(other.clone()),
                ..arguments(vec![good.clone()])
            },
            "candor check",
        ),
        (
            Arguments {
                disclosures: Some(other.clone()),
                ..arguments(vec![good.clone()])
            },
            "JSON array of texts",
        ),
        (
            Arguments {
                proof: Some(other),
                ..arguments(vec![good])
            },
            "cannot verify log proofs",
        ),
        (arguments(vec!["-".into(), "-".into()]), "more than once"),
    ];
    for (arguments, part) in rows {
        let error = examine(&arguments).expect_err(part).to_string();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_definition_or_a_compiled_form_can_be_at_hand() {
    let (folder, vectors) = (Folder::new(), vectors());
    let record = folder.write("record.json", &vectors["vectors"][0]["envelope"]);
    let jwks = Some(path_text(&folder.write("jwks.json", &vectors["jwks"])));
    let definition = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/forms/ebook-rgpd.json"));
    let definition_path = folder.0.path().join("ebook-rgpd.json");
    fs::write(&definition_path, definition).expect("a file");
    let parsed = candor_definition::parse(definition).expect("the demo's definition");
    let french = candor_definition::negotiate(&parsed, Some("fr"));
    let compiled = candor_definition::compile(&parsed, &french, Some("https://forms.acme.example"));
    let compiled = with_the_words_of_the_vectors(compiled.json().clone(), &vectors["vectors"][0]);
    let compiled_path = folder.write("compiled.json", &compiled);
    for path in [definition_path, compiled_path] {
        let arguments = Arguments {
            jwks: jwks.clone(),
            definition: Some(path),
            ..arguments(vec![record.clone()])
        };
        let examined = examine(&arguments).expect("usable input");
        assert_eq!(
            examined[0].verdict.checks[8].ok,
            Some(true),
            "{:?}",
            examined[0].verdict.checks[8]
        );
        assert_eq!(
            examined[0].verdict.differing,
            [],
            "the vectors show the published texts"
        );
    }
}

/// The vectors come from an earlier release of the texts; which words those were is theirs to say.
fn with_the_words_of_the_vectors(mut compiled: Value, vector: &Value) -> Value {
    let payload = vector["envelope"]["payload"].as_str().expect("a payload");
    let payload = candor_record::base64url::decode(payload).expect("base64url");
    let record: Value = serde_json::from_slice(&payload).expect("JSON");
    let mut texts = record["shown"].as_array().expect("a list").clone();
    let phone = compiled["texts"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|text| text["ref"] == "field.phone");
    texts.insert(10, phone.expect("the phone field").clone());
    compiled["texts"] = Value::Array(texts);
    compiled["record"]["form"]["texts"] = record["form"]["texts"].clone();
    compiled
}

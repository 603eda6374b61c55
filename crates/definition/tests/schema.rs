//! Schema and reader, held together both ways.
//!
//! The schema never refuses what the reader accepts: good definitions, and those that chance makes. It refuses what
//! the reader refuses, row by row of `refusals/rows.rs`, but for what JSON Schema cannot say. And each object of the
//! schema has the members that the reader knows, neither more nor fewer.

use candor_definition::{parse, schema};
use jsonschema::Validator;
use serde_json::Value;

#[path = "schema/inexpressible.rs"]
mod inexpressible;
#[path = "schema/members.rs"]
mod members;
#[path = "schema/properties.rs"]
mod properties;
#[path = "refusals/rows.rs"]
mod rows;

/// As `refusals.rs` has it: changes of the text, the rule, the pointer.
type Row = (&'static [(&'static str, &'static str)], &'static str, &'static str);

const BASE: &str = include_str!("refusals/base.json");
const PUBLISHED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/site/candor-form-1.schema.json");
/// Definitions that are served, shown or tested somewhere.
const GOOD: [(&str, &str); 8] = [
    ("refusals/base.json", BASE),
    ("examples/ebook-rgpd.json", include_str!("examples/ebook-rgpd.json")),
    ("examples/webinar-b2b.json", include_str!("examples/webinar-b2b.json")),
    (
        "tests/e2e/forms/all-fields.json",
        include_str!("../../../tests/e2e/forms/all-fields.json"),
    ),
    (
        "tests/e2e/forms/ebook-rgpd.json",
        include_str!("../../../tests/e2e/forms/ebook-rgpd.json"),
    ),
    (
        "tests/e2e/forms/newsletter.json",
        include_str!("../../../tests/e2e/forms/newsletter.json"),
    ),
    (
        "www/forms/ebook-rgpd.json",
        include_str!("../../../www/forms/ebook-rgpd.json"),
    ),
    (
        "www/forms/webinar-b2b.json",
        include_str!("../../../www/forms/webinar-b2b.json"),
    ),
];

fn validator() -> Validator {
    jsonschema::draft202012::new(&schema::schema()).expect("it is a schema")
}

/// What an editor would say of the text, by pointer; texts that are no JSON are not the schema's to judge.
fn refused(validator: &Validator, text: &str) -> Option<Vec<String>> {
    let json: Value = serde_json::from_str(text).ok()?;
    let tell = |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
    Some(validator.iter_errors(&json).map(tell).collect())
}

#[test]
fn the_published_schema_is_this_one() {
    assert!(
        std::fs::read_to_string(PUBLISHED).is_ok_and(|published| published == schema::text()),
        "www/site/candor-form-1.schema.json is stale: cargo run -p candor-collector -- schema > www/site/candor-form-1.schema.json"
    );
}

#[test]
fn it_is_a_schema_of_draft_2020_12() {
    let schema = schema::schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["$id"], schema::ID);
    jsonschema::draft202012::meta::validate(&schema).expect("the meta-schema accepts it");
}

#[test]
fn good_definitions_are_valid() {
    let validator = validator();
    for (name, text) in GOOD {
        parse(text.as_bytes()).unwrap_or_else(|problems| panic!("{name} is lawful: {problems:?}"));
        assert_eq!(refused(&validator, text), Some(vec![]), "{name}");
    }
}

#[test]
fn every_definition_of_the_folders_is_valid() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../");
    let validator = validator();
    for folder in ["www/forms", "tests/e2e/forms"] {
        for entry in std::fs::read_dir(format!("{root}{folder}")).expect("a folder") {
            let path = entry.expect("an entry").path();
            let text = std::fs::read_to_string(&path).expect("a definition");
            assert_eq!(refused(&validator, &text), Some(vec![]), "{}", path.display());
        }
    }
}

#[test]
fn what_the_reader_refuses_the_schema_refuses_where_it_can() {
    let validator = validator();
    let mut failures = Vec::new();
    let mut expressed = 0;
    for (changes, rule, pointer) in rows::ROWS {
        let mut text = BASE.to_owned();
        for (old, new) in *changes {
            text = text.replacen(old, &new.replace('⟦', ""), 1);
        }
        let Some(expected) = inexpressible::expects(rule, changes) else {
            continue;
        };
        let problems = refused(&validator, &text).unwrap_or_else(|| panic!("{changes:?} is JSON"));
        let is_refused = !problems.is_empty();
        expressed += usize::from(is_refused);
        if is_refused != expected {
            failures.push(format!(
                "{rule} at {pointer}: refused {is_refused}, expected {expected}: {changes:?}"
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(
        expressed * 100 > rows::ROWS.len() * 75,
        "{expressed} of {}",
        rows::ROWS.len()
    );
    assert_eq!(inexpressible::unused(rows::ROWS), [""; 0], "excuses that no row needs");
}

//! The examples of the rules: each is a good definition, a small change of it, and what the rule finds in the result.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use candor_definition::Severity;
use candor_lint::{Review, Words, review, rules};
use jiff::civil::{Date, date};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    /// The rule that it is about.
    rule: String,
    /// What happens in it, for the documentation.
    says: Words,
    /// A file of `examples/bases`.
    base: String,
    /// The day whose law counts.
    #[serde(default = "today")]
    at: Date,
    change: json_patch::Patch,
    /// Pointers of the breaches; none where the example passes.
    finds: Vec<String>,
}

fn today() -> Date {
    date(2026, 11, 22)
}

fn folder(name: &str) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    let files = fs::read_dir(folder).expect("the folder is there");
    let files = files.map(|file| file.expect("a file").path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let name = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .expect("a name")
                .to_owned();
            (name, fs::read_to_string(&path).expect("readable"))
        })
        .collect()
}

fn examples() -> Vec<Example> {
    let families = folder("");
    let read = |(family, text): (&String, &String)| -> Vec<Example> {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{family}: {error}"))
    };
    families.iter().flat_map(read).collect()
}

#[test]
fn bases_are_lawful() {
    for (name, text) in folder("bases") {
        let told = review(text.as_bytes(), &Review::on(today()));
        let bad: Vec<_> = told.iter().filter(|told| told.severity != Severity::Note).collect();
        assert!(bad.is_empty(), "{name}: {bad:#?}");
    }
}

#[test]
fn examples_are_told_as_they_say() {
    let bases = folder("bases");
    let mut faults = Vec::new();
    for Example {
        rule,
        says,
        base,
        at,
        change,
        finds,
    } in examples()
    {
        let mut definition: serde_json::Value = serde_json::from_str(&bases[&base]).expect("a base is JSON");
        json_patch::patch(&mut definition, &change).unwrap_or_else(|error| panic!("{rule}, {}: {error}", says.en));
        let text = serde_json::to_string_pretty(&definition).expect("JSON");
        let told = review(text.as_bytes(), &Review::on(at));
        // Sorted: whether JSON objects keep their order is a feature of a dependency that other crates may switch on.
        let mut found: Vec<&str> = told
            .iter()
            .filter(|told| told.rule == rule)
            .map(|told| told.pointer.as_str())
            .collect();
        let mut finds: Vec<&str> = finds.iter().map(String::as_str).collect();
        found.sort_unstable();
        finds.sort_unstable();
        if found != finds {
            faults.push(format!("{rule}: {} Found {found:?} instead of {finds:?}", says.en));
        }
        let errors = told.iter().filter(|told| told.severity == Severity::Error);
        for error in errors.filter(|_| finds.is_empty()) {
            let (told, pointer) = (&error.rule, &error.pointer);
            faults.push(format!(
                "{rule}: {} Lawful, but {told} at {pointer}: {}",
                says.en, error.message
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_rule_has_an_example_that_fails_and_one_that_passes() {
    let examples = examples();
    let ids: BTreeSet<&str> = rules().iter().map(|rule| rule.id.as_str()).collect();
    for example in &examples {
        assert!(ids.contains(example.rule.as_str()), "{}: no such rule", example.rule);
    }
    for id in ids {
        let of = |fails: bool| {
            examples
                .iter()
                .any(|example| example.rule == id && example.finds.is_empty() != fails)
        };
        assert!(of(true), "{id} has no example that fails");
        assert!(of(false), "{id} has no example that passes");
    }
}

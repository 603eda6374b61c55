//! What holds for every text: no panic, a reason for every refusal, and compiled forms that are complete.

use candor_definition::{compile, parse};
use proptest::prelude::*;
use serde_json::Value;

const EXAMPLES: [&str; 3] = [
    include_str!("examples/ebook-rgpd.json"),
    include_str!("examples/webinar-b2b.json"),
    include_str!("refusals/base.json"),
];

fn check(text: &[u8]) {
    match parse(text) {
        Err(problems) => {
            assert!(!problems.is_empty(), "a refusal has a reason");
            for problem in problems {
                assert!(problem.span.offset <= text.len() && problem.line > 0 && problem.column > 0);
            }
        }
        Ok(definition) => {
            for language in definition.languages() {
                let compiled = compile(&definition, language, None);
                let again = compile(&definition, language, None);
                assert_eq!(compiled, again, "compiling is pure");
                check_compiled(compiled.json());
            }
        }
    }
}

fn check_compiled(json: &Value) {
    let processes = json["record"]["processes"].as_array().expect("a record has processes");
    for process in processes {
        assert!(process.get("status").is_none() && process.get("indication").is_none());
    }
    let references: Vec<&str> = json["texts"]
        .as_array()
        .expect("a form has texts")
        .iter()
        .filter_map(|text| text["ref"].as_str())
        .collect();
    assert_eq!(references.first(), Some(&"title"));
    assert_eq!(references.last(), Some(&"submit"));
    let mut unique = references.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), references.len(), "a ref stands once");
}

/// Every place of a JSON value, as pointers.
fn pointers(value: &Value, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    match value {
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(name, member)| pointers(member, &format!("{pointer}/{name}"), found));
        }
        Value::Array(entries) => {
            entries
                .iter()
                .enumerate()
                .for_each(|(index, entry)| pointers(entry, &format!("{pointer}/{index}"), found));
        }
        _ => {}
    }
}

fn replacement() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-10i64..100_000).prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "consent",
            "legitimate-interest",
            "contract",
            "promotional",
            "email",
            "P1M",
            "/x",
            "US",
            "acme",
            "ebook"
        ])
        .prop_map(Value::from),
        Just(Value::from(Vec::<Value>::new())),
        Just(serde_json::json!({})),
        Just(serde_json::json!({ "fr": "a", "en": "b" })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn arbitrary_bytes_never_panic(text in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&text);
    }

    #[test]
    fn a_changed_byte_never_panics(example in 0..EXAMPLES.len(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut text = EXAMPLES[example].as_bytes().to_vec();
        let at = at.index(text.len());
        text[at] = byte;
        check(&text);
    }

    #[test]
    fn a_cut_or_doubled_piece_never_panics(
        example in 0..EXAMPLES.len(), from in any::<prop::sample::Index>(), length in 0usize..400, doubled in any::<bool>(),
    ) {
        let text = EXAMPLES[example].as_bytes();
        let from = from.index(text.len());
        let to = (from + length).min(text.len());
        let changed = if doubled { [&text[..to], &text[from..]].concat() } else { [&text[..from], &text[to..]].concat() };
        check(&changed);
    }

    #[test]
    fn a_changed_value_is_refused_with_a_reason_or_compiles(
        example in 0..EXAMPLES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), replacement()), 1..4),
    ) {
        let mut json: Value = serde_json::from_str(EXAMPLES[example]).expect("the example is JSON");
        for (at, value) in changes {
            let mut places = Vec::new();
            pointers(&json, "", &mut places);
            let place = &places[at.index(places.len())];
            *json.pointer_mut(place).expect("the pointer was just found") = value;
        }
        check(json.to_string().as_bytes());
    }
}

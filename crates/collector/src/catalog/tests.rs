//! What holds for every language of the pages: the same keys and placeholders, marks as the language sets them, and no
//! key that nobody says.

use std::{collections::BTreeSet, fs, path::Path};

use candor_record::{
    state::State,
    term::{Basis, Channel, EventKind, PartyRole},
};
use http::HeaderValue;

use super::*;
use crate::{
    qualification::Grade,
    requests::RequestKind,
    store::{MailKind, contacts::ContactKind, qualifications::Standing},
    typography::spaced,
};

/// The words of a language of the table, and of no other.
fn of(tag: &str) -> Words {
    let words = Words::of(tag);
    assert_eq!(words.language(), tag);
    words
}

#[test]
fn pages_speak_the_languages_of_forms() {
    assert_eq!(LANGUAGES, candor_definition::LANGUAGES);
    for (tag, source) in LANGUAGES
        .iter()
        .zip(SOURCES)
        .chain(REGISTER.iter().map(|(tag, source)| (tag, *source)))
    {
        // A key that stands twice is lost silently when it is read.
        let keys = source.lines().filter(|line| line.trim_start().starts_with('"')).count();
        assert_eq!(keys, read(source).len(), "{tag}");
    }
}

/// Pairs of a language's words and the English ones: of all pages, and of the register.
fn beside_english() -> Vec<(&'static str, &'static Entries, &'static Entries)> {
    let register = |tag| Words::of_register(tag).register;
    let pages = LANGUAGES.iter().map(|tag| (*tag, of(tag).entries, of("en").entries));
    let registers = REGISTER.iter().map(|(tag, _)| (*tag, register(tag), register("en")));
    pages.chain(registers).collect()
}

#[test]
fn every_language_has_the_same_keys() {
    for (tag, entries, english) in beside_english() {
        let keys = |entries: &Entries| entries.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(keys(entries), keys(english), "{tag}");
    }
}

#[test]
fn every_language_has_the_same_placeholders() {
    let names = |words: &str| {
        let opened = words.split('{').skip(1);
        opened
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name.to_owned())
            .collect::<BTreeSet<_>>()
    };
    for (tag, entries, english) in beside_english() {
        for (key, words) in entries {
            assert_eq!(names(words), names(&english[key]), "{tag} {key}");
        }
    }
}

/// Typewriter marks, spaces that a page would collapse, spaces at an end where English has none, and French marks that
/// could begin a line.
#[test]
fn words_are_set_as_print_is() {
    for (tag, entries, english) in beside_english() {
        for (key, words) in entries {
            let place = format!("{tag} {key}: {words}");
            let is_empty = english[key].is_empty();
            assert_eq!(words.trim().is_empty(), is_empty, "{place}");
            assert!(
                !words.contains("  ") && !words.contains(['"', '\'', '\t', '\n']) && !words.contains("..."),
                "{place}"
            );
            let ends = |text: &str| (text.starts_with(' '), text.ends_with(' '));
            assert_eq!(ends(words), ends(&english[key]), "{place}");
            // What is filled in begins with a letter: `»{name}«` is no French mark.
            let filled = words.replace(['{', '}'], "a");
            assert_eq!(filled, spaced(&filled), "{place}");
        }
    }
}

#[test]
fn the_most_wanted_language_is_taken() {
    let check = |accepted: &str, page: &str, register: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::ACCEPT_LANGUAGE,
            HeaderValue::from_str(accepted).expect("a header"),
        );
        assert_eq!(Words::accepted(&headers).language(), page, "{accepted}");
        assert_eq!(Words::register_accepted(&headers).language(), register, "{accepted}");
    };
    check("fr-FR,fr;q=0.9,en;q=0.8", "fr", "fr");
    check("en;q=0.3, fr;q=0.7", "fr", "fr");
    check("FR-be", "fr", "fr");
    check("sr, ja;q=0.9", "en", "en");
    check("sr, fr;q=0.1", "fr", "fr");
    check("fr;q=0", "en", "en");
    check("*", "en", "en");
    check("", "en", "en");
    assert_eq!(Words::accepted(&HeaderMap::new()).language(), "en");
}

/// Every source and template below these folders of the crates, without its tests.
fn sources(folders: &[&str]) -> String {
    let mut text = String::new();
    let mut folders: Vec<_> = folders
        .iter()
        .map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
        .collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let file = fs::read_to_string(&path).expect("UTF-8");
                text.push_str(file.split("\nmod tests {").next().expect("its beginning"));
            }
        }
    }
    text
}

/// Keys that are made of a term: `event_objection_lifted`.
fn made_of_terms() -> BTreeSet<String> {
    let keys = |family: &str, terms: Vec<&str>| {
        let key = |term: &str| format!("{family}_{}", term.replace('-', "_"));
        terms.into_iter().map(key).collect::<Vec<_>>()
    };
    let of = [
        keys("state", State::ALL.iter().map(|state| state.as_str()).collect()),
        keys("event", EventKind::ALL.iter().map(|kind| kind.as_str()).collect()),
        keys("basis", Basis::ALL.iter().map(|basis| basis.as_str()).collect()),
        keys("channel", Channel::ALL.iter().map(|channel| channel.as_str()).collect()),
        keys("role", PartyRole::ALL.iter().map(|role| role.as_str()).collect()),
        keys("letter", MailKind::ALL.iter().map(|kind| kind.as_str()).collect()),
        keys("contact", ContactKind::ALL.iter().map(|kind| kind.as_str()).collect()),
        keys("request", RequestKind::ALL.iter().map(|kind| kind.as_str()).collect()),
        (1..=10).map(|step| format!("check_{step}")).collect(),
        keys("qualification", Grade::ALL.iter().map(|grade| grade.as_str()).collect()),
        keys(
            "qualification",
            Standing::ALL.iter().map(|standing| standing.as_str()).collect(),
        ),
    ];
    of.into_iter().flatten().collect()
}

#[test]
fn every_key_is_used() {
    let own = sources(&["src", "templates"]);
    let all = sources(&["src", "../definition/src", "../record/src"]);
    let made = made_of_terms();
    let quoted = |text: &str, word: &str| text.contains(&format!("\"{word}\""));
    let is_problem = |key: &str| {
        let slug = key.strip_prefix("problem_").map(|slug| slug.replace('_', "-"));
        slug.is_some_and(|slug| quoted(&own, &slug))
    };
    // `register/say.rs` makes them of a vocabulary and a term, or of a unit and its number. Which categories and
    // operations there are is for definitions to say, in terms of DPV.
    let is_of_register = |key: &str| {
        let Some(rest) = key.strip_prefix("register_") else {
            return false;
        };
        rest.match_indices('_').any(|(at, _)| {
            let (vocabulary, term) = (&rest[..at], &rest[at + 1..]);
            let vocabulary = vocabulary.strip_prefix("own_").unwrap_or(vocabulary);
            let term = term.trim_end_matches("_one").trim_end_matches("_many");
            quoted(&own, vocabulary) && (matches!(vocabulary, "category" | "operation") || quoted(&all, term))
        })
    };
    let is_used = |key: &&String| quoted(&own, key) || made.contains(*key) || is_problem(key) || is_of_register(key);
    let register = Words::of_register("en").register;
    let unused: Vec<_> = of("en")
        .entries
        .keys()
        .chain(register.keys())
        .filter(|key| !is_used(key))
        .collect();
    assert!(unused.is_empty(), "used nowhere: {unused:?}");
}

#[test]
fn every_key_in_a_template_has_words() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    for file in fs::read_dir(folder).expect("templates") {
        let path = file.expect("entry").path();
        let text = fs::read_to_string(&path).expect("UTF-8");
        for start in ["words.get(\"", "words.fill(\""] {
            for (at, _) in text.match_indices(start) {
                let key = text[at + start.len()..].split('"').next().expect("closing quote");
                assert!(
                    Words::of_register("en").find(key).is_some(),
                    "{}: {key}",
                    path.display()
                );
            }
        }
    }
}

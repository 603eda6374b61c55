//! What holds for every catalog: the same keys, the same placeholders, each plural that the language has, and marks as
//! the language sets them. Refuses a key that no source says.

use std::collections::BTreeSet;

use super::{Catalog, LEGAL, MAILED, REVIEWED, SOURCES, TAGS, read};
use crate::plural;

fn of(tag: &str) -> &'static Catalog {
    Catalog::of(tag).expect("a language of the table")
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

/// A key with the category of its plural taken off; `legal.period.years.few` as `legal.period.years`.
fn stem(key: &str) -> &str {
    match key.strip_prefix("legal.period.") {
        Some(_) => key.rsplit_once('.').map_or(key, |(stem, _)| stem),
        None => key,
    }
}

/// A catalog with one key for all forms of a plural.
fn stems(catalog: &Catalog) -> BTreeSet<&str> {
    catalog.words.keys().map(|key| stem(key)).collect()
}

#[test]
fn languages_stand_by_name_and_once() {
    assert!(TAGS.is_sorted_by(|before, after| before < after));
    for (tag, source) in TAGS.iter().zip(&SOURCES) {
        // A key that stands twice is lost silently when it is read.
        let keys = |text: &str| text.lines().filter(|line| line.trim_start().starts_with('"')).count();
        assert_eq!(keys(source.words), read(source.words).len(), "{tag}");
        let codes: BTreeSet<_> = of(tag).countries().map(|(code, _)| code).collect();
        assert_eq!(
            of(tag).countries().count(),
            codes.len(),
            "{tag}: a country stands twice"
        );
    }
}

#[test]
fn every_language_is_reviewed_or_not() {
    assert!(REVIEWED.keys().eq(TAGS));
    assert!(of("fr").is_reviewed() && of("en").is_reviewed());
}

#[test]
fn every_catalog_says_the_same_things() {
    let english = of("en");
    for tag in TAGS {
        let catalog = of(tag);
        assert_eq!(stems(catalog), stems(english), "{tag}");
        for (key, text) in &catalog.words {
            let said = english
                .words
                .get(key)
                .or_else(|| english.words.get(&format!("{}.other", stem(key))));
            let said = said.expect("a form of a plural stands beside that of many");
            // One, two or no thing can be said without the number.
            let may_lack = ["one", "two", "zero"]
                .iter()
                .any(|form| key.ends_with(&format!(".{form}")));
            let (own, expected) = (placeholders(text), placeholders(said));
            assert!(
                own == expected || may_lack && own.is_empty() && stem(key) != key,
                "{tag} {key}: {text}"
            );
        }
    }
}

/// The second layer has a file of its own: the same keys and placeholders in each language, set as print is.
#[test]
fn every_notice_says_the_same_things() {
    let english = of("en").notice_words();
    assert!(english.contains_key("h.automated"));
    for (tag, source) in TAGS.iter().zip(&SOURCES) {
        let words = of(tag).notice_words();
        assert!(words.keys().eq(english.keys()), "{tag}");
        let lines = source.notice.lines().filter(|line| line.trim_start().starts_with('"'));
        assert_eq!(lines.count(), words.len(), "{tag}: a key stands twice");
        for (key, text) in words {
            let place = format!("{tag} {key}: {text}");
            assert_eq!(placeholders(text), placeholders(&english[key]), "{place}");
            assert!(
                text.trim() == text && !text.is_empty() && !text.contains("  "),
                "{place}"
            );
            assert!(!text.contains(['"', '\'', '\t']) && !text.contains("..."), "{place}");
        }
    }
}

/// A key that no source names is read by nobody.
#[test]
fn every_word_of_the_notice_is_said() {
    let sources = [
        include_str!("../notice.rs"),
        include_str!("../notice/sections.rs"),
        include_str!("../notice/purposes.rs"),
        include_str!("../notice/own.rs"),
    ]
    .concat();
    let bases = candor_record::term::Basis::ALL;
    for key in of("en").notice_words().keys() {
        let last = key.rsplit('.').next().unwrap_or(key);
        let is_said = [key.as_str(), last]
            .iter()
            .any(|name| sources.contains(&format!("\"{name}\"")));
        assert!(
            is_said || bases.iter().any(|basis| basis.as_str() == last),
            "{key} is never said"
        );
    }
}

#[test]
fn every_plural_has_the_forms_of_its_language() {
    for tag in TAGS {
        let catalog = of(tag);
        let stems: BTreeSet<&str> = catalog
            .words
            .keys()
            .map(|key| stem(key))
            .filter(|stem| stem.starts_with("legal.period."))
            .collect();
        assert_eq!(stems.len(), 7, "{tag}");
        for stem in stems {
            let forms = catalog
                .words
                .keys()
                .filter_map(|key| key.strip_prefix(stem)?.strip_prefix('.'));
            assert_eq!(
                forms.collect::<BTreeSet<_>>(),
                plural::tests::categories(tag),
                "{tag} {stem}"
            );
        }
    }
}

/// Typewriter marks, spaces that a page would collapse, and spaces at an end where English has none.
#[test]
fn texts_are_set_as_print_is() {
    let english = of("en");
    for tag in TAGS {
        for (key, text) in &of(tag).words {
            let place = format!("{tag} {key}: {text}");
            assert!(
                !text.trim().is_empty() && !text.contains("  ") && !text.contains(['"', '\'', '\t', '\n']),
                "{place}"
            );
            assert!(!text.contains("..."), "{place}");
            assert_eq!(
                crate::normalise(text),
                text.trim().replace(['\u{a0}', '\u{202f}'], " "),
                "{place}"
            );
            let ends = |text: &str| (text.starts_with(' '), text.ends_with(' '));
            let said = english.words.get(key).map_or("", String::as_str);
            assert_eq!(ends(text), ends(said), "{place}");
        }
    }
}

/// A key that no source names is a sentence that nobody ever says.
#[test]
fn every_legal_sentence_is_said() {
    let sources = [
        include_str!("../compile.rs"),
        include_str!("../compile/texts.rs"),
        include_str!("../compile/sentences.rs"),
        include_str!("../compile/recipients.rs"),
        include_str!("../compile/retention.rs"),
        include_str!("../mechanism.rs"),
        include_str!("../period.rs"),
    ]
    .concat();
    for key in stems(of("en")).into_iter().filter_map(|key| key.strip_prefix(LEGAL)) {
        let stem = key.trim_end_matches(".single").trim_end_matches(".several");
        // `subject.mail`, `period.years`, `mechanism.A45-3` are put together from a first word and a last one.
        let last = stem.rsplit('.').next().unwrap_or(stem);
        let is_said = [stem, last].iter().any(|name| sources.contains(&format!("\"{name}\"")));
        let is_retention_start = candor_record::term::RetentionStart::parse(last).is_some();
        assert!(
            is_said || is_retention_start || last == "address",
            "legal.{key} is never said"
        );
    }
}

/// A message that nobody reads is carried to every visitor.
#[test]
fn every_message_is_read() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let mut sources = String::new();
    let mut folders: Vec<_> = ["src", "www", "crates/collector/src"]
        .map(|folder| format!("{root}/{folder}").into())
        .to_vec();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir::<std::path::PathBuf>(folder).expect("a folder of the tree") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs" || it == "js") {
                sources.push_str(&std::fs::read_to_string(path).expect("a source is UTF-8"));
            }
        }
    }
    let keys = of("en").words.keys().filter(|key| !key.starts_with(LEGAL));
    let is_read = |key: &&String| {
        let key = key.trim_end_matches(MAILED);
        // What a check says is put together from its name and how it went (www/verify.js).
        let check = key.strip_suffix("_good").or_else(|| key.strip_suffix("_bad"));
        ["\"", "'", "messages.", "messages?."]
            .iter()
            .any(|before| sources.contains(&format!("{before}{key}")))
            || check.is_some_and(|check| sources.contains(&format!("{check}: ")))
    };
    let unread: Vec<_> = keys.filter(|key| !is_read(key)).collect();
    assert!(unread.is_empty(), "read nowhere: {unread:?}");
}

#[test]
fn a_language_is_found_by_its_first_subtag_in_its_own_script() {
    let tag = |tag: &str| Catalog::of(tag).map(|catalog| catalog.tag);
    for (asked, found) in [
        ("fr", Some("fr")),
        ("FR-be", Some("fr")),
        ("fr-Latn-CA", Some("fr")),
        ("en-x-plain", Some("en")),
        ("en-1996", Some("en")),
        ("fr-Arab", None),
        ("sr", None),
        ("ar", None),
        ("", None),
    ] {
        assert_eq!(tag(asked), found, "{asked}");
    }
}

#[test]
fn placeholders_are_filled_once() {
    let values = [("name", "{details}"), ("details", "x")];
    assert_eq!(of("en").legal("party", &values), "{details} (x)");
    assert_eq!(of("en").plural("period.years", 1), "1 year");
    assert_eq!(of("fr").plural("period.years", 3), "3 ans");
}

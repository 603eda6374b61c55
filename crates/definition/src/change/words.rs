//! When two texts say the same: the same letters and digits in the same order, whatever stands between them.
//!
//! Refuses to judge meaning: "twice a month" for "once a month" differs by one word, and so does a mended typing error.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Reason;

/// What became of a text, reason by reason, with the languages that each concerns (none: all).
pub(super) fn compare(
    old: &Value,
    new: &Value,
    languages: &BTreeSet<String>,
    material: Reason,
) -> Vec<(Reason, BTreeSet<String>)> {
    let mut found: BTreeMap<&'static str, (Reason, BTreeSet<String>)> = BTreeMap::new();
    for language in languages {
        let (old, new) = (in_language(old, language), in_language(new, language));
        let reason = match (old, new) {
            (old, new) if old == new => continue,
            (Some(old), Some(new)) if bare(old) == bare(new) => Reason::Spelling,
            // The language is no longer offered: who read it reads the words of another one from now on.
            (Some(_), None) | (None, Some(_)) | (Some(_), Some(_)) | (None, None) => material,
        };
        let entry = found
            .entry(reason.as_str())
            .or_insert_with(|| (reason, BTreeSet::new()));
        entry.1.insert(language.clone());
    }
    let mut found: Vec<_> = found.into_values().collect();
    for (_, concerned) in &mut found {
        if concerned == languages {
            concerned.clear();
        }
    }
    found
}

/// A text in a language; a plain string is the text of all.
fn in_language<'v>(text: &'v Value, language: &str) -> Option<&'v str> {
    text.as_str().or_else(|| text.get(language)?.as_str())
}

fn bare(text: &str) -> String {
    let letters = text.chars().filter(|character| character.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_words_count_and_only_for_who_read_them() {
        let languages: BTreeSet<String> = ["fr", "en"].map(str::to_owned).into();
        let check = |old: Value, new: Value, expected: &[(Reason, &[&str])]| {
            let expected: Vec<_> = expected
                .iter()
                .map(|(reason, languages)| (*reason, languages.iter().map(|it| (*it).to_owned()).collect()))
                .collect();
            assert_eq!(
                compare(&old, &new, &languages, Reason::Wording),
                expected,
                "{old} → {new}"
            );
        };
        check(json!("By mail."), json!("By mail."), &[]);
        check(json!("By mail"), json!("by mail!"), &[(Reason::Spelling, &[])]);
        check(json!("once a month"), json!("twice a month"), &[(Reason::Wording, &[])]);
        check(
            json!({"fr": "Oui", "en": "Yes"}),
            json!({"fr": "Oui", "en": "Yes, by phone"}),
            &[(Reason::Wording, &["en"])],
        );
        check(
            json!({"fr": "Oui", "en": "Yes"}),
            json!({"fr": "Oui.", "en": "No"}),
            &[(Reason::Spelling, &["fr"]), (Reason::Wording, &["en"])],
        );
        check(json!("Same"), json!({"fr": "Same", "en": "Same", "de": "Anders"}), &[]);
    }
}

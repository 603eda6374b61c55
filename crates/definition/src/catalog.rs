//! The words of the interface and of the notice, a file per language, embedded.
//!
//! Keys that begin with `legal.` are sentences that [`compile`](crate::compile) fills and puts among the texts of the
//! record; all others are the `messages` of the compiled form, `key.mailed` under `key` where a gate delivers by mail. The text inside braces is a placeholder.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The words in one language.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Catalog {
    pub(crate) is_french: bool,
    words: BTreeMap<String, String>,
}

static FRENCH: LazyLock<Catalog> = LazyLock::new(|| Catalog::parse(true, include_str!("../catalog/fr.json")));
static ENGLISH: LazyLock<Catalog> = LazyLock::new(|| Catalog::parse(false, include_str!("../catalog/en.json")));

const LEGAL: &str = "legal.";
const MAILED: &str = ".mailed";

impl Catalog {
    /// Primary languages that have a catalog.
    pub(crate) const TAGS: &[&str] = &["fr", "en"];

    /// The catalog of a language tag, by its primary subtag.
    pub(crate) fn of(tag: &str) -> Option<&'static Catalog> {
        let primary = tag.split('-').next().unwrap_or(tag);
        match primary {
            _ if primary.eq_ignore_ascii_case("fr") => Some(&FRENCH),
            _ if primary.eq_ignore_ascii_case("en") => Some(&ENGLISH),
            _ => None,
        }
    }

    /// A legal sentence, by its key without the prefix, with its placeholders filled.
    pub(crate) fn legal(&self, key: &str, values: &[(&str, &str)]) -> String {
        let template = self.words.get(&format!("{LEGAL}{key}"));
        debug_assert!(template.is_some(), "legal.{key} is in no catalog");
        let mut text = String::new();
        let mut rest = template.map_or("", String::as_str);
        // One pass: a brace inside a value is that value's own.
        while let Some((before, (name, after))) = rest
            .split_once('{')
            .and_then(|(before, inside)| Some((before, inside.split_once('}')?)))
        {
            text.push_str(before);
            text.push_str(
                values
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map_or("", |(_, value)| value),
            );
            rest = after;
        }
        text.push_str(rest);
        text
    }

    /// The words of the interface. Where a gate delivers by mail, `key.mailed` stands in the place of `key`.
    pub(crate) fn messages(&self, mailed: bool) -> impl Iterator<Item = (&str, &str)> {
        let of_interface = |key: &str| !key.starts_with(LEGAL) && !key.ends_with(MAILED);
        let words = self.words.iter().filter(move |(key, _)| of_interface(key));
        words.map(move |(key, text)| {
            let variant = mailed.then(|| self.words.get(&format!("{key}{MAILED}"))).flatten();
            (key.as_str(), variant.unwrap_or(text).as_str())
        })
    }

    fn parse(is_french: bool, text: &str) -> Self {
        let words = serde_json::from_str(text).expect("the embedded catalogs are flat JSON objects, held by a test");
        Catalog { is_french, words }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Catalog, ENGLISH, FRENCH, LEGAL};

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name)
            .collect()
    }

    #[test]
    fn both_catalogs_say_the_same_things() {
        let keys = |catalog: &Catalog| catalog.words.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&FRENCH), keys(&ENGLISH));
        for (key, french) in &FRENCH.words {
            let english = &ENGLISH.words[key];
            assert_eq!(placeholders(french), placeholders(english), "{key}");
            assert!(!french.trim().is_empty() && !english.trim().is_empty(), "{key}");
        }
    }

    /// A key that no source names is a sentence that nobody ever says.
    #[test]
    fn every_legal_sentence_is_said() {
        let sources = [
            include_str!("compile/texts.rs"),
            include_str!("compile/sentences.rs"),
            include_str!("compile/recipients.rs"),
            include_str!("compile/retention.rs"),
            include_str!("mechanism.rs"),
            include_str!("period.rs"),
        ]
        .concat();
        for key in FRENCH.words.keys().filter_map(|key| key.strip_prefix(LEGAL)) {
            let stem = key.trim_end_matches(".one").trim_end_matches(".many");
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

    #[test]
    fn placeholders_are_filled_once() {
        assert_eq!(
            ENGLISH.legal("party", &[("name", "{details}"), ("details", "x")]),
            "{details} (x)"
        );
    }
}

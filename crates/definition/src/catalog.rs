//! The words of the interface and of the notice, a file per language, embedded and read when first asked for.
//!
//! Keys that begin with `legal.` are sentences that [`compile`](crate::compile) fills and puts among the texts of the
//! record; all others are the `messages` of the compiled form, `key.mailed` under `key` where a gate delivers by mail.
//! The text inside braces is a placeholder. `docs/languages.md` says how a language is added. Refuses a language in a
//! script that its words are not written in.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use crate::plural;

type Entries = BTreeMap<String, String>;

/// The words in one language.
#[derive(Debug)]
pub(crate) struct Catalog {
    tag: &'static str,
    words: Entries,
    /// Read when a notice is first printed: no form needs them.
    notice: OnceLock<Entries>,
    /// Codes and names, in the order of the language.
    countries: Vec<(String, String)>,
}

/// Whether a speaker who knows the law has checked the legal sentences, by language.
static REVIEWED: LazyLock<BTreeMap<String, bool>> = LazyLock::new(|| {
    let text = include_str!("../catalog/reviewed.json");
    serde_json::from_str(text).expect("the embedded list names languages, held by a test")
});

/// What is embedded of one language.
struct Source {
    words: &'static str,
    notice: &'static str,
    countries: &'static str,
}

macro_rules! languages {
    ($($tag:literal)*) => {
        const TAGS: &[&str] = &[$($tag),*];
        const SOURCES: [Source; TAGS.len()] = [$(Source {
            words: include_str!(concat!("../catalog/", $tag, ".json")),
            notice: include_str!(concat!("../catalog/notice/", $tag, ".json")),
            countries: include_str!(concat!("../catalog/countries/", $tag, ".json")),
        }),*];
    };
}

languages!("bg" "cs" "da" "de" "el" "en" "es" "et" "fi" "fr" "ga" "hr" "hu" "it" "lt" "lv" "mt" "nl" "pl" "pt" "ro" "sk" "sl" "sv");

static CATALOGS: [OnceLock<Catalog>; TAGS.len()] = [const { OnceLock::new() }; TAGS.len()];

const LEGAL: &str = "legal.";
const MAILED: &str = ".mailed";

impl Catalog {
    /// Primary languages that have a catalog, by name.
    pub(crate) const TAGS: &[&str] = TAGS;

    /// The catalog of a language tag, by its primary subtag.
    pub(crate) fn of(tag: &str) -> Option<&'static Catalog> {
        let mut subtags = tag.split('-');
        let primary = subtags.next().unwrap_or(tag);
        let place = TAGS.iter().position(|known| known.eq_ignore_ascii_case(primary))?;
        let other_script = |subtag: &str| {
            subtag.len() == 4
                && subtag.bytes().all(|byte| byte.is_ascii_alphabetic())
                && !subtag.eq_ignore_ascii_case(script(TAGS[place]))
        };
        if subtags.next().is_some_and(other_script) {
            return None;
        }
        Some(CATALOGS[place].get_or_init(|| Catalog {
            tag: TAGS[place],
            words: read(SOURCES[place].words),
            notice: OnceLock::new(),
            countries: read_countries(SOURCES[place].countries),
        }))
    }

    /// Whether a speaker who knows the law has checked the legal sentences.
    pub(crate) fn is_reviewed(&self) -> bool {
        REVIEWED.get(self.tag).copied().unwrap_or_default()
    }

    /// The name of a country, by its code.
    pub(crate) fn country(&self, code: &'static str) -> &str {
        let known = self.countries().find(|(known, _)| *known == code);
        known.map_or(code, |(_, name)| name)
    }

    /// Codes and names of all countries, sorted as the language sorts.
    pub(crate) fn countries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.countries.iter().map(|(code, name)| (code.as_str(), name.as_str()))
    }

    /// A legal sentence, by its key without the prefix, with its placeholders filled.
    pub(crate) fn legal(&self, key: &str, values: &[(&str, &str)]) -> String {
        let template = self.words.get(&format!("{LEGAL}{key}"));
        debug_assert!(template.is_some(), "legal.{key} is in no catalog");
        fill(template.map_or("", String::as_str), values)
    }

    /// A sentence of the second layer of the notice, with its placeholders filled.
    pub(crate) fn notice(&self, key: &str, values: &[(&str, &str)]) -> String {
        let template = self.notice_words().get(key);
        debug_assert!(template.is_some(), "{key} is in no catalog of notices");
        fill(template.map_or("", String::as_str), values)
    }

    fn notice_words(&self) -> &Entries {
        let source = || TAGS.iter().zip(&SOURCES).find(|(tag, _)| **tag == self.tag);
        self.notice
            .get_or_init(|| source().map(|(_, source)| read(source.notice)).unwrap_or_default())
    }

    /// A legal sentence in the form that goes with a number; `{count}` is that number.
    pub(crate) fn plural(&self, key: &str, count: u64) -> String {
        let category = plural::category(self.tag, count);
        self.legal(&format!("{key}.{category}"), &[("count", &count.to_string())])
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
}

/// A template with its placeholders filled.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::new();
    let mut rest = template;
    // One pass: a brace inside a value is that value's own.
    while let Some((before, (name, after))) = rest
        .split_once('{')
        .and_then(|(before, inside)| Some((before, inside.split_once('}')?)))
    {
        text.push_str(before);
        let value = values.iter().find(|(known, _)| *known == name);
        text.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    text.push_str(rest);
    text
}

/// The script that the words of a language are written in (ISO 15924).
fn script(tag: &str) -> &'static str {
    match tag {
        "bg" => "Cyrl",
        "el" => "Grek",
        _ => "Latn",
    }
}

fn read(text: &str) -> Entries {
    serde_json::from_str(text).expect("the embedded catalogs are flat JSON objects, held by a test")
}

fn read_countries(text: &str) -> Vec<(String, String)> {
    serde_json::from_str(text).expect("the embedded countries are pairs of code and name, held by a test")
}

#[cfg(test)]
mod tests;

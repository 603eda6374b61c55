//! The words of pages and mails in French and English, embedded; the words of a form are its own.
//! Refuses a missing word at test time: both languages have the same keys, and templates use no other.

use std::{collections::BTreeMap, fmt, sync::LazyLock};

use http::{HeaderMap, header};

type Entries = BTreeMap<String, String>;

static FRENCH: LazyLock<Entries> = LazyLock::new(|| read(include_str!("../catalog/fr.json")));
static ENGLISH: LazyLock<Entries> = LazyLock::new(|| read(include_str!("../catalog/en.json")));

fn read(text: &str) -> Entries {
    serde_json::from_str(text).expect("the embedded catalog is JSON")
}

/// The words of one language.
#[derive(Clone, Copy)]
pub struct Words {
    language: &'static str,
    entries: &'static Entries,
}

impl fmt::Debug for Words {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Words({})", self.language)
    }
}

impl Words {
    /// The nearest language that there is; English where none is near.
    pub fn of(language: &str) -> Self {
        match language.split('-').next() {
            Some("fr") => Self {
                language: "fr",
                entries: &FRENCH,
            },
            _ => Self {
                language: "en",
                entries: &ENGLISH,
            },
        }
    }

    /// By `Accept-Language`, for pages that belong to no form.
    pub fn accepted(headers: &HeaderMap) -> Self {
        let accepted = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("en");
        let mut tags = accepted
            .split(',')
            .filter_map(|part| part.split(';').next())
            .map(str::trim);
        Self::of(
            tags.find(|tag| tag.starts_with("fr") || tag.starts_with("en"))
                .unwrap_or("en"),
        )
    }

    pub fn language(&self) -> &'static str {
        self.language
    }

    pub fn find(&self, key: &str) -> Option<&'static str> {
        self.entries.get(key).map(String::as_str)
    }

    /// The words of a key; the key itself where they are missing, which a test forbids.
    pub fn get<'a>(&self, key: &'a str) -> &'a str {
        self.find(key).unwrap_or(key)
    }

    /// The words of a key with `{name}` replaced.
    pub fn fill(&self, key: &str, name: &str, value: &str) -> String {
        self.get(key).replace(&format!("{{{name}}}"), value)
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use candor_record::{
        state::State,
        term::{Basis, Channel, EventKind},
    };

    use super::*;
    use crate::{
        requests::RequestKind,
        store::{MailKind, contacts::ContactKind},
    };

    #[test]
    fn both_languages_have_the_same_keys() {
        let keys = |entries: &Entries| entries.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(keys(&FRENCH), keys(&ENGLISH));
    }

    #[test]
    fn both_languages_have_the_same_placeholders() {
        let names = |words: &str| {
            let opened = words.split('{').skip(1);
            opened
                .filter_map(|rest| rest.split_once('}'))
                .map(|(name, _)| name.to_owned())
                .collect::<BTreeSet<_>>()
        };
        for (key, words) in FRENCH.iter() {
            assert_eq!(names(words), names(&ENGLISH[key]), "{key}");
        }
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
            keys("letter", MailKind::ALL.iter().map(|kind| kind.as_str()).collect()),
            keys("contact", ContactKind::ALL.iter().map(|kind| kind.as_str()).collect()),
            keys("request", RequestKind::ALL.iter().map(|kind| kind.as_str()).collect()),
            (1..=10).map(|step| format!("check_{step}")).collect(),
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
        let is_used =
            |key: &&String| quoted(&own, key) || made.contains(*key) || is_problem(key) || is_of_register(key);
        let unused: Vec<_> = FRENCH.keys().filter(|key| !is_used(key)).collect();
        assert!(unused.is_empty(), "used nowhere: {unused:?}");
    }

    #[test]
    fn french_marks_stay_with_their_words() {
        for (key, words) in FRENCH.iter() {
            assert_eq!(*words, crate::typography::spaced(words), "{key}");
        }
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
                    assert!(FRENCH.contains_key(key), "{}: {key}", path.display());
                }
            }
        }
    }
}

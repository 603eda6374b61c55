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

    use super::*;

    #[test]
    fn both_languages_have_the_same_keys() {
        let keys = |entries: &Entries| entries.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(keys(&FRENCH), keys(&ENGLISH));
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

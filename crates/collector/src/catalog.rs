//! The words of pages and mails in every language that a form can have, embedded; the words of a form are its own.
//! Refuses a missing word at test time: all languages have the same keys, and templates use no other. The register's
//! own words are in French and English alone: its readers are the operator and an authority.

use std::{collections::BTreeMap, fmt, sync::OnceLock};

use candor_definition::priorities;
use candor_form::direction;
use http::{HeaderMap, header};

type Entries = BTreeMap<String, String>;

macro_rules! languages {
    ($($tag:literal)*) => {
        /// Primary languages of the pages, by name: those of the forms, held by a test.
        pub const LANGUAGES: &[&str] = &[$($tag),*];
        const SOURCES: [&str; LANGUAGES.len()] = [$(include_str!(concat!("../catalog/", $tag, ".json"))),*];
    };
}

languages!("bg" "cs" "da" "de" "el" "en" "es" "et" "fi" "fr" "ga" "hr" "hu" "it" "lt" "lv" "mt" "nl" "pl" "pt" "ro" "sk" "sl" "sv");

static WORDS: [OnceLock<Entries>; LANGUAGES.len()] = [const { OnceLock::new() }; LANGUAGES.len()];
static NONE: Entries = Entries::new();

/// The languages of the register.
const REGISTER: [(&str, &str); 2] = [
    ("en", include_str!("../catalog/register/en.json")),
    ("fr", include_str!("../catalog/register/fr.json")),
];
static REGISTER_WORDS: [OnceLock<Entries>; REGISTER.len()] = [const { OnceLock::new() }; REGISTER.len()];

fn read(text: &str) -> Entries {
    serde_json::from_str(text).expect("the embedded catalog is JSON")
}

/// The words of one language.
#[derive(Clone, Copy)]
pub struct Words {
    language: &'static str,
    entries: &'static Entries,
    /// What the register says besides; nothing on other pages.
    register: &'static Entries,
}

impl fmt::Debug for Words {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Words({})", self.language)
    }
}

impl Words {
    /// The language itself or the one that it is a variant of; English where there is neither.
    pub fn of(language: &str) -> Self {
        Self::find_language(language)
            .unwrap_or_else(|| Self::at(place("en").expect("English is a language of the pages")))
    }

    /// By `Accept-Language`, for pages that belong to no form: the most wanted language that there is.
    pub fn accepted(headers: &HeaderMap) -> Self {
        let found = accepted(headers).into_iter().find_map(Self::find_language);
        found.unwrap_or_else(|| Self::of("en"))
    }

    /// By `Accept-Language`, for the register.
    pub fn register_accepted(headers: &HeaderMap) -> Self {
        let wanted = accepted(headers).into_iter().filter_map(Self::find_language);
        let found = wanted
            .map(|words| words.language)
            .find(|tag| REGISTER.iter().any(|(known, _)| known == tag));
        Self::of_register(found.unwrap_or("en"))
    }

    /// The words of the register: in French, or else in English.
    pub fn of_register(language: &str) -> Self {
        let is_wanted = |(tag, _): &(&str, &str)| *tag == Self::of(language).language;
        let at = REGISTER.iter().position(is_wanted).unwrap_or_default();
        let (tag, text) = REGISTER[at];
        Self {
            register: REGISTER_WORDS[at].get_or_init(|| read(text)),
            ..Self::of(tag)
        }
    }

    fn find_language(tag: &str) -> Option<Self> {
        place(tag.split('-').next()?).map(Self::at)
    }

    fn at(place: usize) -> Self {
        Self {
            language: LANGUAGES[place],
            entries: WORDS[place].get_or_init(|| read(SOURCES[place])),
            register: &NONE,
        }
    }

    pub fn language(&self) -> &'static str {
        self.language
    }

    /// How its lines run, for the page as a whole.
    pub fn direction(&self) -> &'static str {
        direction::of(self.language)
    }

    /// The side at which its lines begin: mail programs know no other word for it.
    pub fn start(&self) -> &'static str {
        match self.direction() {
            "rtl" => "right",
            _ => "left",
        }
    }

    /// Every key that has words.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.entries.keys().chain(self.register.keys()).map(String::as_str)
    }

    pub fn find(&self, key: &str) -> Option<&'static str> {
        self.entries
            .get(key)
            .or_else(|| self.register.get(key))
            .map(String::as_str)
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

/// The languages of `Accept-Language`, the most wanted first.
fn accepted(headers: &HeaderMap) -> Vec<&str> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    priorities(accepted.and_then(|value| value.to_str().ok()).unwrap_or_default())
}

/// Where a primary language stands in the table.
fn place(primary: &str) -> Option<usize> {
    LANGUAGES.iter().position(|known| known.eq_ignore_ascii_case(primary))
}

#[cfg(test)]
mod tests;

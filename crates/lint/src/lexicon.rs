//! The lexicons: words that mean something to a rule, by language, as data (`lexicon/words`: what sentences say;
//! `lexicon/data`: what fields ask for).
//!
//! A list that a language does not have is empty, so a rule stays silent there instead of guessing. A list that no
//! rule knows is refused when the crate is tested.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::LazyLock;

use crate::words::Phrases;

pub(crate) mod ids;
mod list;
pub(crate) mod plain;

pub(crate) use list::List;

/// The words of one language.
#[derive(Debug)]
pub(crate) struct Lexicon {
    lists: BTreeMap<List, Phrases>,
}

/// A list of one language as its file has it.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) language: &'static str,
    pub(crate) list: List,
    pub(crate) phrases: Vec<String>,
}

static NO_PHRASES: LazyLock<Phrases> = LazyLock::new(Phrases::default);

impl Lexicon {
    /// The lexicon of a language or of the language that it is a variant of.
    pub(crate) fn of(language: &str) -> Option<&'static Lexicon> {
        let primary = language.split('-').next()?.to_ascii_lowercase();
        LEXICONS.get(primary.as_str())
    }

    /// Every lexicon by its language.
    pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static Lexicon)> {
        LEXICONS.iter().map(|(tag, lexicon)| (*tag, lexicon))
    }

    /// What fields ask for, in every language.
    pub(crate) fn data() -> &'static [Written] {
        &WRITTEN
    }

    pub(crate) fn list(&self, list: List) -> &Phrases {
        self.lists.get(&list).unwrap_or(&NO_PHRASES)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let lists: BTreeMap<List, Vec<String>> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let lists = lists.into_iter().map(|(list, phrases)| {
            let phrases = Phrases::parse(phrases.iter().map(String::as_str));
            Ok((
                list,
                phrases.map_err(|phrase| format!("{list:?}: `{phrase}` has no word at an end"))?,
            ))
        });
        Ok(Lexicon {
            lists: lists.collect::<Result<_, String>>()?,
        })
    }
}

macro_rules! sources {
    ($name:ident $folder:literal $($tag:literal)+) => {
        const $name: &[(&str, &str)] = &[$(($tag, include_str!(concat!("../lexicon/", $folder, "/", $tag, ".json")))),+];
    };
}

// What sentences say, and what fields ask for.
sources! {
    WORDS "words"
    "en" "fr" "de" "es" "it" "nl"
    "bg" "cs" "da" "el" "et" "fi" "ga" "hr" "hu" "lt" "lv" "mt" "pl" "pt" "ro" "sk" "sl" "sv"
}
sources! {
    DATA "data"
    "en" "fr" "de" "es" "it" "nl"
    "bg" "cs" "da" "el" "et" "fi" "ga" "hr" "hu" "lt" "lv" "mt" "pl" "pt" "ro" "sk" "sl" "sv"
}

/// The lists of what fields ask for.
static WRITTEN: LazyLock<Vec<Written>> = LazyLock::new(|| {
    let read = |(language, text): &(&'static str, &str)| {
        let lists: BTreeMap<List, Vec<String>> = serde_json::from_str(text).expect("the lexicons are tested");
        let written = |(list, phrases)| Written {
            language,
            list,
            phrases,
        };
        lists.into_iter().map(written).collect::<Vec<_>>()
    };
    DATA.iter().flat_map(read).collect()
});

static LEXICONS: LazyLock<BTreeMap<&'static str, Lexicon>> = LazyLock::new(|| {
    let mut lexicons: BTreeMap<&str, Lexicon> = BTreeMap::new();
    for (tag, text) in WORDS.iter().chain(DATA) {
        let more = Lexicon::parse(text).expect("the lexicons are tested");
        match lexicons.entry(tag) {
            Entry::Vacant(entry) => _ = entry.insert(more),
            Entry::Occupied(mut entry) => entry.get_mut().lists.extend(more.lists),
        }
    }
    lexicons
});

#[cfg(test)]
mod tests {
    use super::{DATA, Lexicon, List, WORDS};

    #[test]
    fn lexicons_are_readable() {
        for (tag, text) in WORDS.iter().chain(DATA) {
            if let Err(error) = Lexicon::parse(text) {
                panic!("{tag}: {error}");
            }
        }
    }

    /// What a field must not ask for is known in every language in which a form can be written.
    #[test]
    fn every_language_knows_what_fields_ask_for() {
        for tag in candor_definition::LANGUAGES {
            let lexicon = Lexicon::of(tag).expect(tag);
            for list in [
                List::Special,
                List::SpecialAnswer,
                List::Criminal,
                List::NationalId,
                List::Financial,
                List::Secret,
                List::Nosy,
                List::BirthDate,
                List::Age,
                List::AgeGroup,
                List::AgeAlone,
                List::AgeYears,
                List::AgeThan,
                List::AgeBorn,
                List::AgePeople,
                List::AgeThing,
                List::AgeSpan,
                List::Salutation,
                List::Title,
                List::Neutral,
                List::Identifier,
                List::Harmless,
                List::Refraining,
                List::FieldEmail,
                List::FieldPhone,
                List::FieldPost,
                List::Risk,
            ] {
                assert!(!lexicon.list(list).is_empty(), "{tag}: {list:?}");
            }
        }
    }

    /// A list stands in one file, or the second would silence the first.
    #[test]
    fn a_list_stands_in_one_file() {
        for (tag, text) in WORDS {
            let words: serde_json::Value = serde_json::from_str(text).expect("JSON");
            let data = DATA.iter().find(|(other, _)| other == tag).map(|(_, text)| *text);
            let data: serde_json::Value = serde_json::from_str(data.unwrap_or("{}")).expect("JSON");
            for list in words.as_object().expect("an object").keys() {
                assert!(data.get(list).is_none(), "{tag}: {list} stands in words and in data");
            }
        }
    }

    /// French and English have every list: the two languages in which the rules themselves are written.
    #[test]
    fn reviewed_languages_are_complete() {
        for tag in ["fr", "en"] {
            let lexicon = Lexicon::of(tag).expect(tag);
            for list in List::ALL {
                assert!(!lexicon.list(*list).is_empty(), "{tag}: {list:?}");
            }
        }
    }
}

//! Words of a text, and phrases to look for among them.
//!
//! A phrase of a lexicon is written as people write it. `*` at the end of a word stands for any ending
//! (`partenaire*`), `…` as a word of its own for up to five words in between (`en cliquant … acceptez`). Case and
//! typographic apostrophes do not count, nor do hyphens: `E‑mail` is `email`, and `Avez-vous` is `avez vous` too.
//! Nothing here knows a language.

use std::collections::BTreeMap;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// A text as its words.
#[derive(Debug)]
pub(crate) struct Words {
    words: Vec<Word>,
}

#[derive(Debug)]
struct Word {
    /// In lower case, without its hyphens.
    text: String,
    /// In bytes.
    place: Range<usize>,
    /// It had a hyphen, and is what several words of a phrase may be.
    is_joined: bool,
}

impl Words {
    pub(crate) fn of(text: &str) -> Self {
        let mut words: Vec<Word> = Vec::new();
        let mut open = false;
        let mut after_a_joiner = false;
        for (at, character) in text.char_indices() {
            let end = at + character.len_utf8();
            match kind(character) {
                Kind::Letter => {
                    if !open {
                        words.push(Word {
                            text: String::new(),
                            place: at..end,
                            is_joined: false,
                        });
                        open = true;
                    } else if let (true, Some(word)) = (after_a_joiner, words.last_mut()) {
                        word.is_joined = true;
                    }
                    if let Some(word) = words.last_mut() {
                        word.text.extend(character.to_lowercase());
                        word.place.end = end;
                    }
                }
                Kind::Joiner => {}
                Kind::Other => open = false,
            }
            after_a_joiner = matches!(kind(character), Kind::Joiner);
        }
        for word in &mut words {
            // Capitals have one sigma for both.
            let letters = word.text.nfc().map(|letter| if letter == 'ς' { 'σ' } else { letter });
            word.text = letters.collect();
        }
        Words { words }
    }

    pub(crate) fn count(&self) -> usize {
        self.words.len()
    }

    /// The words in lower case.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| word.text.as_str())
    }

    fn bytes(&self, words: &Range<usize>) -> Range<usize> {
        self.words[words.start].place.start..self.words[words.end - 1].place.end
    }
}

enum Kind {
    Letter,
    Joiner,
    Other,
}

fn kind(character: char) -> Kind {
    match character {
        // Hyphen, soft hyphen, non-breaking hyphen: parts of a word.
        '-' | '\u{ad}' | '\u{2010}' | '\u{2011}' => Kind::Joiner,
        _ if character.is_alphanumeric() || is_mark(character) => Kind::Letter,
        _ => Kind::Other,
    }
}

/// Combining marks: letters of a text that is not in NFC.
fn is_mark(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
}

/// One word of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Word(String),
    Beginning(String),
    Gap,
}

/// Most words that a gap stands for.
const LONGEST_GAP: usize = 5;

/// A phrase to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Phrase(Vec<Part>);

impl Phrase {
    /// Nothing where the phrase has no word, or begins or ends with a gap.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        for piece in text.split_whitespace() {
            if piece == "…" {
                parts.push(Part::Gap);
                continue;
            }
            let (piece, open) = piece.strip_suffix('*').map_or((piece, false), |piece| (piece, true));
            let words = Words::of(piece);
            let last = words.count().checked_sub(1)?;
            for (index, word) in words.iter().enumerate() {
                parts.push(if open && index == last {
                    Part::Beginning(word.to_owned())
                } else {
                    Part::Word(word.to_owned())
                });
            }
        }
        let bare = matches!(parts.first(), None | Some(Part::Gap)) || matches!(parts.last(), Some(Part::Gap));
        (!bare).then_some(Phrase(parts))
    }

    /// Where the phrase ends that begins with that word.
    fn end(parts: &[Part], words: &Words, start: usize) -> Option<usize> {
        let Some((first, rest)) = parts.split_first() else {
            return Some(start);
        };
        if matches!(first, Part::Gap) {
            return (0..=LONGEST_GAP).find_map(|skipped| Phrase::end(rest, words, start + skipped));
        }
        let word = words.words.get(start)?;
        let is_met = match first {
            Part::Word(wanted) => word.text == *wanted,
            Part::Beginning(wanted) => word.text.starts_with(wanted.as_str()),
            Part::Gap => false,
        };
        let rest = if is_met { rest } else { Phrase::joined(parts, word)? };
        Phrase::end(rest, words, start + 1)
    }

    /// The parts that are left where a word with hyphens is several of them.
    fn joined<'p>(parts: &'p [Part], word: &Word) -> Option<&'p [Part]> {
        if !word.is_joined {
            return None;
        }
        let mut left = word.text.as_str();
        let mut parts = parts;
        while !left.is_empty() {
            let (first, rest) = parts.split_first()?;
            left = match first {
                Part::Word(wanted) => left.strip_prefix(wanted.as_str())?,
                Part::Beginning(wanted) => left.strip_prefix(wanted.as_str()).map(|_| "")?,
                Part::Gap => return None,
            };
            parts = rest;
        }
        Some(parts)
    }
}

/// Phrases that mean the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Phrases {
    // By first letter, which all spellings of a phrase share.
    by_letter: BTreeMap<char, Vec<Phrase>>,
}

impl Phrases {
    /// # Errors
    /// The phrase that has no word, or begins or ends with a gap.
    pub(crate) fn parse<'p>(phrases: impl IntoIterator<Item = &'p str>) -> Result<Self, &'p str> {
        let mut all = Phrases::default();
        for text in phrases {
            let phrase = Phrase::parse(text).ok_or(text)?;
            let (Part::Word(first) | Part::Beginning(first)) = &phrase.0[0] else {
                return Err(text);
            };
            let letter = first.chars().next().ok_or(text)?;
            all.by_letter.entry(letter).or_default().push(phrase);
        }
        Ok(all)
    }

    /// Every stretch of words that is one of the phrases, by position; the longest where several begin alike.
    pub(crate) fn find(&self, words: &Words) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut start = 0;
        while let Some(word) = words.words.get(start) {
            let candidates = word.text.chars().next().and_then(|letter| self.by_letter.get(&letter));
            let end = candidates
                .into_iter()
                .flatten()
                .filter_map(|phrase| Phrase::end(&phrase.0, words, start))
                .max();
            found.extend(end.map(|end| start..end));
            start = end.unwrap_or(start + 1);
        }
        found
    }

    /// Every place of the phrases in bytes, as long as it does not overlap one of those `except`.
    pub(crate) fn places(&self, words: &Words, except: &Phrases) -> Vec<Range<usize>> {
        let covered = except.find(words);
        let free = |found: &Range<usize>| {
            !covered
                .iter()
                .any(|other| other.start < found.end && found.start < other.end)
        };
        let found = self.find(words).into_iter().filter(free);
        found.map(|found| words.bytes(&found)).collect()
    }

    /// The first place of the phrases in bytes.
    pub(crate) fn first(&self, words: &Words) -> Option<Range<usize>> {
        self.find(words).first().map(|found| words.bytes(found))
    }

    /// Whether the words are made of the phrases and of nothing else.
    pub(crate) fn cover(&self, words: &Words) -> bool {
        let covered: usize = self.find(words).iter().map(ExactSizeIterator::len).sum();
        covered > 0 && covered == words.count()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_letter.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Phrases, Words};

    #[test]
    fn phrases_are_found_as_people_write_them() {
        for (phrase, text, found) in [
            ("par e-mail", "écrire par E\u{2011}mail, svp", Some("par E\u{2011}mail")),
            ("partenaire*", "nos partenaires", Some("partenaires")),
            ("partenaire*", "un partenariat", None),
            ("j'accepte", "J’accepte tout", Some("J’accepte")),
            ("accepte", "acceptez", None),
            (
                "en cliquant … acceptez",
                "En cliquant sur « OK », vous acceptez.",
                Some("En cliquant sur « OK », vous acceptez"),
            ),
            (
                "en cliquant … acceptez",
                "en cliquant un deux trois quatre cinq six acceptez",
                None,
            ),
            ("é", "e\u{301}", Some("e\u{301}")),
            ("έτος", "ΈΤΟΣ", Some("ΈΤΟΣ")),
            ("ne … pas", "ne pas", Some("ne pas")),
            (
                "avez vous des enfants",
                "Avez-vous des enfants ?",
                Some("Avez-vous des enfants"),
            ),
            ("avez vous des enfants", "Avezvous des enfants ?", None),
            ("date of birth*", "your date-of-birth-day", Some("date-of-birth-day")),
            ("date of birth", "date-of-births", None),
            ("date … birth", "date-birth", None),
            ("email", "e-mail-address", None),
            ("ends-with", "ends-", None),
        ] {
            let phrases = Phrases::parse([phrase]).expect(phrase);
            let place = phrases.first(&Words::of(text));
            assert_eq!(place.map(|place| &text[place]), found, "{phrase} in {text}");
        }
    }

    #[test]
    fn what_is_covered_is_not_found() {
        let wanted = Phrases::parse(["email", "téléphone"]).expect("phrases");
        let except = Phrases::parse(["adresse email"]).expect("phrases");
        let text = "mon adresse e-mail par téléphone";
        let found = wanted.places(&Words::of(text), &except);
        assert_eq!(
            found.iter().map(|place| &text[place.clone()]).collect::<Vec<_>>(),
            ["téléphone"]
        );
    }

    #[test]
    fn a_text_is_covered_or_says_more() {
        let phrases = Phrases::parse(["our", "legitimate interest*"]).expect("phrases");
        for (text, covered) in [
            ("Our legitimate interests.", true),
            ("our legitimate interest in sales", false),
            ("…", false),
        ] {
            assert_eq!(phrases.cover(&Words::of(text)), covered, "{text}");
        }
    }

    #[test]
    fn phrases_without_words_are_refused() {
        for phrase in ["", "…", "… a", "a …", "*", "-"] {
            assert!(Phrases::parse([phrase]).is_err(), "{phrase}");
        }
    }

    proptest! {
        #[test]
        fn places_are_pieces_of_the_text(text in "\\PC{0,60}", phrase in "[a-zé]{1,4}( …)?( [a-z]{1,3}\\*?)?") {
            if let Ok(phrases) = Phrases::parse([phrase.as_str()]) {
                for place in phrases.places(&Words::of(&text), &Phrases::default()) {
                    prop_assert!(text.get(place).is_some());
                }
            }
        }
    }
}

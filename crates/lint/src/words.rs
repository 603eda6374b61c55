//! Words of a text, and phrases to look for among them.
//!
//! A phrase of a lexicon is written as people write it. `*` at the end of a word stands for any ending
//! (`partenaire*`), `…` as a word of its own for up to five words in between (`en cliquant … acceptez`). Case,
//! typographic apostrophes and hyphens do not count: `E‑mail` is `email`. Nothing here knows a language.

use std::collections::BTreeMap;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// A text as its words, each with its place in bytes.
#[derive(Debug)]
pub(crate) struct Words {
    words: Vec<(String, Range<usize>)>,
}

impl Words {
    pub(crate) fn of(text: &str) -> Self {
        let mut words: Vec<(String, Range<usize>)> = Vec::new();
        let mut open = false;
        for (at, character) in text.char_indices() {
            let end = at + character.len_utf8();
            match kind(character) {
                Kind::Letter => {
                    if !open {
                        words.push((String::new(), at..end));
                        open = true;
                    }
                    if let Some((word, range)) = words.last_mut() {
                        word.extend(character.to_lowercase());
                        range.end = end;
                    }
                }
                Kind::Joiner => {}
                Kind::Other => open = false,
            }
        }
        for (word, _) in &mut words {
            // Capitals have one sigma for both.
            *word = word
                .nfc()
                .map(|letter| if letter == 'ς' { 'σ' } else { letter })
                .collect();
        }
        Words { words }
    }

    pub(crate) fn count(&self) -> usize {
        self.words.len()
    }

    /// The words in lower case.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|(word, _)| word.as_str())
    }

    fn bytes(&self, words: &Range<usize>) -> Range<usize> {
        self.words[words.start].1.start..self.words[words.end - 1].1.end
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
        let word = words.words.get(start).map(|(word, _)| word.as_str());
        match first {
            Part::Word(wanted) => (word? == wanted).then(|| Phrase::end(rest, words, start + 1))?,
            Part::Beginning(wanted) => word?.starts_with(wanted).then(|| Phrase::end(rest, words, start + 1))?,
            Part::Gap => (0..=LONGEST_GAP).find_map(|skipped| Phrase::end(rest, words, start + skipped)),
        }
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
        while let Some((word, _)) = words.words.get(start) {
            let candidates = word.chars().next().and_then(|letter| self.by_letter.get(&letter));
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

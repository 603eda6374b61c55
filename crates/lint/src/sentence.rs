//! Sentences of a text: where a denial reaches, and how long they are. It looks at punctuation alone.

use std::ops::Range;

/// The sentence around a place of a text.
pub(crate) fn around<'t>(text: &'t str, place: &Range<usize>) -> &'t str {
    text.get(place_around(text, place)).unwrap_or(text)
}

/// Where the sentence around a place stands.
pub(crate) fn place_around(text: &str, place: &Range<usize>) -> Range<usize> {
    let mut start = 0;
    for sentence in split(text) {
        let end = start + sentence.len();
        if place.start < end {
            return start..end;
        }
        start = end;
    }
    0..text.len()
}

/// The sentences of a text, each with what ends it: a stop before white space, and nothing is left out.
pub(crate) fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = first_end(rest)?;
        let (sentence, more) = rest.split_at(end);
        rest = more;
        Some(sentence)
    })
}

fn first_end(text: &str) -> Option<usize> {
    if text.is_empty() {
        return None;
    }
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let stops = matches!(character, '.' | '!' | '?' | ';' | ':' | '…' | '。' | '\n');
        let next = characters.peek();
        // A stop inside a word or a number ("3.5", "acme.example") ends nothing.
        if stops && next.is_none_or(|(_, next)| next.is_whitespace()) {
            return Some(at + character.len_utf8());
        }
    }
    Some(text.len())
}

#[cfg(test)]
mod tests {
    use super::{around, split};

    #[test]
    fn sentences_end_with_a_stop_before_white_space() {
        for (text, sentences) in [
            ("", vec![]),
            ("One", vec!["One"]),
            ("One. Two 3.5! Three", vec!["One.", " Two 3.5!", " Three"]),
            ("Vite ! Oui : non…", vec!["Vite !", " Oui :", " non…"]),
        ] {
            assert_eq!(split(text).collect::<Vec<_>>(), sentences, "{text}");
        }
    }

    #[test]
    fn a_place_lies_in_one_sentence() {
        let text = "We share nothing. You agree.";
        assert_eq!(around(text, &(3..8)), "We share nothing.");
        assert_eq!(around(text, &(18..21)), " You agree.");
    }
}

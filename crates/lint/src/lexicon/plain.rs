//! Words without accents: as ids are written, French capitals, and whatever is typed in a hurry.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{Lexicon, List};
use crate::words::Phrases;

/// A text in lower case, as people write it where only the letters of ASCII are allowed.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::new();
    for character in text
        .to_lowercase()
        .nfd()
        .filter(|character| !is_combining_mark(*character))
    {
        match character {
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'ø' => plain.push('o'),
            'đ' | 'ð' => plain.push('d'),
            'ł' => plain.push('l'),
            'ħ' => plain.push('h'),
            'ı' => plain.push('i'),
            _ => plain.push(character),
        }
    }
    plain
}

/// Whether no letter of a text has an accent: it may have lost some.
pub(crate) fn is_plain(text: &str) -> bool {
    let mut letters = text.chars().filter(|character| !character.is_ascii());
    letters.all(|letter| {
        let letter = String::from(letter);
        plain(&letter) == letter.to_lowercase()
    })
}

/// The phrases of a list as a text in that language has them that leaves out all accents.
pub(crate) fn list(language: &str, list: List) -> &'static Phrases {
    let primary = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let of_language = LISTS.get(primary.as_str());
    of_language.and_then(|lists| lists.get(&list)).unwrap_or(&NONE)
}

/// Fewest letters by which a word that lost its accents is still the same: `né` is no `ne`, `año` no `ano`.
pub(crate) const CLEAR_LETTERS: usize = 4;

/// Whether a phrase says the same without its accents, to whoever reads that language.
pub(crate) fn is_clear(phrase: &str) -> bool {
    phrase.split([' ', '\'']).all(|word| {
        let plain = plain(word);
        plain == word || plain.trim_end_matches('*').chars().count() >= CLEAR_LETTERS
    })
}

static NONE: LazyLock<Phrases> = LazyLock::new(Phrases::default);

static LISTS: LazyLock<BTreeMap<&'static str, BTreeMap<List, Phrases>>> = LazyLock::new(|| {
    let mut all: BTreeMap<&str, BTreeMap<List, Phrases>> = BTreeMap::new();
    for written in Lexicon::data().iter().filter(|written| !written.list.is_about_ages()) {
        // What is harmless may be unclear: it only takes back what another list found.
        let is_harmless = written.list == List::Harmless;
        let clear = written.phrases.iter().filter(|phrase| is_harmless || is_clear(phrase));
        let plain: Vec<String> = clear.map(|phrase| plain(phrase)).collect();
        let parsed = Phrases::parse(plain.iter().map(String::as_str)).expect("the same phrases");
        all.entry(written.language).or_default().insert(written.list, parsed);
    }
    all
});

#[cfg(test)]
mod tests {
    use super::{is_clear, is_plain, list, plain};
    use crate::lexicon::List;
    use crate::words::Words;

    #[test]
    fn accents_and_capitals_go() {
        for (text, expected) in [
            ("Schuhgröße", "schuhgrosse"),
            ("ØSTERSØEN", "ostersoen"),
            ("ŁÓDŹ", "lodz"),
            ("Cœur", "coeur"),
            ("e\u{301}tat", "etat"),
            ("ΓΈΝΝΗΣΗ", "γεννηση"),
            ("", ""),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }

    #[test]
    fn one_accent_tells_that_none_is_left_out() {
        for (text, is) in [
            ("NUMERO DE SECURITE SOCIALE", true),
            ("L’ÉTAT", false),
            ("L’ETAT – 1", true),
            ("Ηλικια", true),
            ("e\u{301}tat", false),
            ("", true),
        ] {
            assert_eq!(is_plain(text), is, "{text}");
        }
    }

    #[test]
    fn short_words_need_their_accents() {
        for (phrase, is) in [
            ("né le", false),
            ("año de nacimiento", false),
            ("état de santé", true),
            ("santé", true),
            ("date de naissance", true),
        ] {
            assert_eq!(is_clear(phrase), is, "{phrase}");
        }
    }

    #[test]
    fn capitals_without_accents_are_understood() {
        let says = |language: &str, of: List, text: &str| list(language, of).first(&Words::of(text)).is_some();
        assert!(says("fr", List::NationalId, "NUMERO DE SECURITE SOCIALE"));
        assert!(says("fr-CH", List::Special, "ETAT DE SANTE"));
        assert!(says("el", List::BirthDate, "ΗΜΕΡΟΜΗΝΙΑ ΓΕΝΝΗΣΗΣ"));
        assert!(!says("fr", List::BirthDate, "NE LE DITES PAS"));
        assert!(!says("xx", List::Special, "ETAT DE SANTE"));
    }
}

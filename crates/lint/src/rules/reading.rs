//! Texts that people can read: not too long, not too hard, finished, and not meant for children.

use candor_definition::{FieldType, Purpose};

use crate::findings::Findings;
use crate::lexicon::List;
use crate::rules::Check;
use crate::sentence;
use crate::subject::{Part, Said, Subject};
use crate::words::Words;

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("C-EU-READING-UNINTELLIGIBLE", unintelligible),
    ("C-EU-READING", reading),
    ("C-EU-LONG", long),
    ("C-EU-PLACEHOLDER", placeholder),
    ("C-EU-CHILDREN", children),
];

/// Reading ease: a constant, less so much for each word of a sentence and each syllable of a word.
struct Ease {
    language: &'static str,
    constant: f64,
    per_word: f64,
    per_syllable: f64,
}

/// Flesch's figure as adapted to each language: Flesch 1948, Kandel and Moles 1958, Amstad 1978, Szigriszt 1993,
/// Franchina and Vacca 1986, Douma 1960.
const EASES: [Ease; 6] = [
    ease("en", 206.835, 1.015, 84.6),
    ease("fr", 207.0, 1.015, 73.6),
    ease("de", 180.0, 1.0, 58.5),
    ease("es", 206.835, 1.0, 62.3),
    ease("it", 206.0, 1.0, 65.0),
    ease("nl", 206.84, 0.93, 77.0),
];

const fn ease(language: &'static str, constant: f64, per_word: f64, per_syllable: f64) -> Ease {
    Ease {
        language,
        constant,
        per_word,
        per_syllable,
    }
}

/// Below this even graduates read twice; it leaves room for the sentences that a law prescribes.
const LEAST_EASE: f64 = 10.0;
/// Words from which the figure says something.
const MEASURED_FROM: usize = 30;
/// The most words of a sentence, in any language.
const LONGEST_SENTENCE: usize = 45;

/// Words of a sentence that nobody reads to its end beside a box.
const ENDLESS_SENTENCE: usize = 60;

fn longest_sentence(said: &Said<'_>) -> usize {
    let lengths = sentence::split(said.text).map(|sentence| Words::of(sentence).count());
    lengths.max().unwrap_or(0)
}

/// What a person chooses by, in a sentence without an end.
fn unintelligible(subject: &Subject<'_>, findings: &mut Findings) {
    let chosen_by = |part| matches!(part, Part::Statement(_) | Part::Objection(_));
    for said in subject.parts(chosen_by) {
        let longest = longest_sentence(said);
        if longest > ENDLESS_SENTENCE {
            findings.tell(&said.pointer, [("words", &longest.to_string())]);
        }
    }
}

fn reading(subject: &Subject<'_>, findings: &mut Findings) {
    let is_read = |part| {
        matches!(
            part,
            Part::Intro | Part::Statement(_) | Part::Details(_) | Part::Interest(_) | Part::Success
        )
    };
    for said in subject.parts(is_read) {
        let longest = longest_sentence(said);
        if longest > LONGEST_SENTENCE || ease_of(said).is_some_and(|ease| ease < LEAST_EASE) {
            findings.tell(&said.pointer, [("words", &longest.to_string())]);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "texts have fewer than 2^52 words")]
fn ease_of(said: &Said<'_>) -> Option<f64> {
    let primary = said.language.as_str().split('-').next()?;
    let ease = EASES.iter().find(|ease| ease.language == primary)?;
    let words = said.words.count();
    if words < MEASURED_FROM {
        return None;
    }
    let sentences = sentence::split(said.text)
        .filter(|sentence| Words::of(sentence).count() > 0)
        .count();
    let syllables: usize = said.words.iter().map(|word| syllables(word, primary)).sum();
    let per_sentence = words as f64 / sentences.max(1) as f64;
    let per_word = syllables as f64 / words as f64;
    Some(ease.constant - ease.per_word * per_sentence - ease.per_syllable * per_word)
}

/// Groups of vowels; the silent endings of French and English do not count.
fn syllables(word: &str, language: &str) -> usize {
    const VOWELS: &str = "aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿœ";
    let silent: &[&str] = match language {
        "fr" => &["es", "ent", "e"],
        "en" => &["es", "ed", "e"],
        _ => &[],
    };
    let stem = silent
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .unwrap_or(word);
    let mut count = 0;
    let mut in_vowels = false;
    for character in stem.chars() {
        let is_vowel = VOWELS.contains(character);
        if is_vowel && !in_vowels {
            count += 1;
        }
        in_vowels = is_vowel;
    }
    count.max(1)
}

/// The most characters of a statement: what is read beside a box, at once.
const LONGEST_STATEMENT: usize = 320;

fn long(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, said) in subject.statements(|_| true) {
        let count = said.text.chars().count();
        if count > LONGEST_STATEMENT {
            findings.tell(&said.pointer, [("count", &count.to_string())]);
        }
    }
}

fn placeholder(subject: &Subject<'_>, findings: &mut Findings) {
    for said in subject.said() {
        let braces = || {
            let start = said.text.find("{{")?;
            let end = start + said.text[start..].find("}}")? + 2;
            said.text.get(start..end)
        };
        if let Some(found) = said.first(List::Placeholder).or_else(braces) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

/// A form that turns away whoever is too young to consent alone may address whom it likes.
fn children(subject: &Subject<'_>, findings: &mut Findings) {
    let asks = subject.definition.purposes().iter().any(Purpose::is_consent);
    let mut fields = subject.definition.fields().iter();
    if !asks || fields.any(|field| field.field_type() == FieldType::Age) {
        return;
    }
    let is_head = |part| {
        matches!(
            part,
            Part::Title | Part::Intro | Part::Service | Part::FieldLabel(_) | Part::FieldHint(_) | Part::Statement(_)
        )
    };
    for said in subject.parts(is_head) {
        if let Some(found) = said.affirmed(List::Children).filter(|_| !said.has(List::Adults)) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::syllables;

    #[test]
    fn syllables_are_groups_of_vowels() {
        for (word, language, count) in [
            ("recevoir", "fr", 3),
            ("offres", "fr", 1),
            ("je", "fr", 1),
            ("newsletter", "en", 3),
            ("the", "en", 1),
            ("einwilligung", "de", 4),
        ] {
            assert_eq!(syllables(word, language), count, "{word}");
        }
    }
}

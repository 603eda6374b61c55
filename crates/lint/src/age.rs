//! Whether words say how old people are: "over 60", "18-25 ans", "geboren 1964", in any of the languages.
//!
//! A number of years is an age, unless the words near it say of what else: "10 ans d'expérience", "company of 20 years". A
//! number alone is one where nothing else is said at all: "60+", not "60+ employees". The words are data
//! (`lexicon/data`, the lists `age` and `age.*`) of all languages at once, since the name of a class has no language.
//!
//! It refuses to guess at numbers below an age at which people leave their own data ([`AGES`]).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Range, RangeInclusive};
use std::sync::LazyLock;

use crate::lexicon::{Lexicon, List, plain};
use crate::words::{Phrases, Words};

/// By what words tell an age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Told {
    /// A word of age: "aged", "tranche d'âge".
    Word,
    /// People named by theirs: "teenagers".
    Group,
    /// A number of years, or a year of birth.
    Years,
    /// A number that says nothing else: "60+".
    Number,
}

/// Ages of people who fill in forms: from the lowest at which one may consent (GDPR Art. 8(1)).
const AGES: RangeInclusive<u32> = 13..=120;

/// The same for numbers that stand alone, most of which count something else.
const BARE_AGES: RangeInclusive<u32> = 13..=99;

/// Widest range of numbers alone: "25-49" is one of ages, "20-49" and "50-99" are sizes of companies.
const WIDEST_RANGE: u32 = 25;

/// Most words between years and the thing whose years they are: "20 ans et plus de belle expérience".
const NEAR: usize = 5;

/// Where a scale of ages begins, and no scale of durations: the age of majority.
const MAJORITY: RangeInclusive<u32> = 16..=18;

/// From which age law lets people do a thing: consent, buy, come in. Whether they reached it is no age.
const REACHED: RangeInclusive<u32> = 13..=21;

/// From here on years of a person, and of few other things.
const LATE: u32 = 55;

/// What words tell of an age; the plainest telling where there are several.
pub(crate) fn told(text: &str) -> Option<Told> {
    clauses(text).filter_map(|clause| Clause::of(clause).told()).min()
}

/// The first of the answers that tells an age, where the question and the answers speak of nothing else that has years.
///
/// Answers of a scale that begins lower are durations: "2-5 years". Numbers alone tell it in brackets that begin at the
/// age of majority, "18-24, 25-34": numbers of people, rooms or euros begin elsewhere, and hours overlap. One such age alone
/// is declared to be reached or not, and that asks for less than any age: "Yes, I am 18 or over".
pub(crate) fn answer<'t>(question: &str, answers: &[&'t str]) -> Option<&'t str> {
    if is_of_a_thing(question) || answers.iter().any(|answer| is_of_a_thing(answer)) {
        return None;
    }
    let numbers: Vec<Vec<u32>> = answers.iter().map(|answer| numbers(answer)).collect();
    let named: BTreeSet<u32> = numbers.iter().flatten().copied().collect();
    if named.len() == 1 && named.iter().all(|age| REACHED.contains(age)) {
        return None;
    }
    let told: Vec<Option<Told>> = answers.iter().map(|answer| told(answer)).collect();
    let first = |kind| told.iter().position(|told| *told == Some(kind)).map(|at| answers[at]);
    if let Some(answer) = first(Told::Word) {
        return Some(answer);
    }
    let begins = *named.first()?;
    if MAJORITY.contains(&begins) {
        return first(Told::Years).or_else(|| first(Told::Number).filter(|_| are_brackets(&numbers)));
    }
    let mut of_years = numbers
        .iter()
        .zip(&told)
        .filter(|(_, told)| **told == Some(Told::Years));
    let reaches_late = of_years.any(|(numbers, _)| numbers.iter().any(|number| *number >= LATE));
    first(Told::Years).filter(|_| AGES.contains(&begins) && reaches_late)
}

/// The numbers of all clauses.
fn numbers(text: &str) -> Vec<u32> {
    clauses(text)
        .flat_map(|clause| Clause::of(clause).numbers.into_iter().flatten())
        .collect()
}

/// Whether each range begins after the end of the one before it, as ages do and measures do not: 18-24, 25-34.
fn are_brackets(numbers: &[Vec<u32>]) -> bool {
    let ranges: Vec<_> = numbers
        .iter()
        .filter_map(|numbers| match numbers[..] {
            [from, to] => Some((from, to)),
            _ => None,
        })
        .collect();
    ranges.len() >= 2 && ranges.windows(2).all(|pair| pair[1].0 == pair[0].1 + 1)
}

/// Whether words name people by their ages: "60 ans et plus", "seniors 60 ans"; not "60 ans", which a shop can be.
pub(crate) fn names_people(text: &str) -> bool {
    let compares = || {
        let clause = Clause::of(text);
        let says = |list| clause.marks(list).contains(&true);
        numbers(text).len() > 1 || says(List::AgeThan) || says(List::AgeBorn) || says(List::AgePeople)
    };
    match told(text) {
        Some(Told::Word | Told::Group) => true,
        Some(Told::Years) => compares(),
        Some(Told::Number) | None => false,
    }
}

/// Whether words speak of something else that has years, or of the age of something: "Age of your roof".
pub(crate) fn is_of_a_thing(text: &str) -> bool {
    let clause = Clause::of(text);
    let says_age = clause.marks(List::AgeAlone).contains(&true);
    !clause.things().is_empty() || (says_age && told(text) != Some(Told::Word))
}

/// Pieces of a text that speak of one thing each.
fn clauses(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let mut start = 0;
    let mut ends: Vec<Range<usize>> = Vec::new();
    for (at, character) in text.char_indices() {
        let is_in_a_number = is_digit(at.checked_sub(1)) && is_digit(Some(at + 1));
        let ends_here = match character {
            ',' => !is_in_a_number,
            ';' | '/' | '|' | '•' | '·' | '\n' => true,
            '.' => text[at + 1..].starts_with(char::is_whitespace),
            _ => false,
        };
        if ends_here {
            ends.push(start..at);
            start = at + character.len_utf8();
        }
    }
    ends.push(start..text.len());
    ends.into_iter().map(|range| &text[range])
}

/// Words of one clause, its numbers apart from what is written onto them.
struct Clause {
    words: Words,
    /// The whole number that a word is.
    numbers: Vec<Option<u32>>,
    /// `60+`, `> 60`.
    has_sign: bool,
    /// Two numbers with a dash between them.
    has_range: bool,
    /// Letters, numbers and the signs of ranges: no per cent, no currency.
    is_plain: bool,
}

impl Clause {
    fn of(text: &str) -> Self {
        let words = Words::of(&spaced(text));
        let numbers = words.iter().map(whole).collect();
        Clause {
            words,
            numbers,
            has_sign: text.contains(['+', '<', '>', '≤', '≥']),
            has_range: has_range(text),
            is_plain: text.chars().all(is_plain),
        }
    }

    fn numbers(&self) -> impl Iterator<Item = u32> {
        self.numbers.iter().flatten().copied()
    }

    fn told(&self) -> Option<Told> {
        let runs = self.runs();
        let excused = self.excused(&runs);
        let told = runs.iter().enumerate().filter(|(index, _)| !excused.contains(index));
        told.filter_map(|(_, run)| run.told).min().or_else(|| self.told_alone())
    }

    /// Which words belong to a phrase of a list.
    fn marks(&self, list: List) -> Vec<bool> {
        let mut marks = vec![false; self.words.count()];
        for place in self.places(list) {
            marks[place].fill(true);
        }
        marks
    }

    fn places(&self, list: List) -> Vec<Range<usize>> {
        PHRASES
            .get(&list)
            .map(|phrases| phrases.find(&self.words))
            .unwrap_or_default()
    }

    /// Stretches of words that only count years or tell an age.
    fn runs(&self) -> Vec<Run> {
        let [age, group, years, than, born] =
            [List::Age, List::AgeGroup, List::AgeYears, List::AgeThan, List::AgeBorn].map(|list| self.marks(list));
        let counts =
            |at: usize| self.numbers[at].is_some() || age[at] || group[at] || years[at] || than[at] || born[at];
        let mut runs = Vec::new();
        let mut start = 0;
        while start < self.words.count() {
            let end = (start..self.words.count())
                .find(|at| !counts(*at))
                .unwrap_or(self.words.count());
            let run = start..end;
            start = end + 1;
            let any = |marks: &[bool]| marks[run.clone()].contains(&true);
            let numbers = &self.numbers[run.clone()];
            let has_number = numbers.iter().any(Option::is_some);
            let counts_years = run
                .clone()
                .any(|at| self.numbers[at].is_some() && years.get(at + 1) == Some(&true));
            let is_an_age = numbers.iter().flatten().max().is_some_and(|most| AGES.contains(most));
            let told = if any(&age) {
                Some(Told::Word)
            } else if any(&group) {
                Some(Told::Group)
            } else if (any(&born) && has_number) || (counts_years && is_an_age) {
                Some(Told::Years)
            } else {
                None
            };
            if told.is_some() || has_number {
                runs.push(Run { words: run, told });
            }
        }
        runs
    }

    /// What else has years. A word of it may be part of a name for people, "chef d'entreprise", or of a word of age.
    fn things(&self) -> Vec<Range<usize>> {
        let others: Vec<_> = [List::AgePeople, List::Age].map(|list| self.places(list)).concat();
        let is_part = |thing: &Range<usize>, other: &Range<usize>| other.start <= thing.start && thing.end <= other.end;
        let mut things = self.places(List::AgeThing);
        things.retain(|thing| !others.iter().any(|other| is_part(thing, other)));
        things
    }

    /// The runs, by index, that count the years of something else: each thing excuses the one that is nearest to it.
    fn excused(&self, runs: &[Run]) -> Vec<usize> {
        let by_things = self.things().into_iter().filter_map(|thing| {
            let near = runs.iter().enumerate().filter(|(_, run)| run.distance(&thing) <= NEAR);
            near.min_by_key(|(_, run)| run.distance(&thing)).map(|(index, _)| index)
        });
        let spans = self.places(List::AgeSpan);
        let by_spans = runs.iter().enumerate().filter(|(_, run)| {
            let leads = |span: &Range<usize>| span.start <= run.words.start && span.end >= run.words.start;
            spans.iter().any(leads)
        });
        by_things.chain(by_spans.map(|(index, _)| index)).collect()
    }

    /// What words tell that say nothing else: "age", "60+", "people under 30". What follows a number is counted: "60+ leads".
    fn told_alone(&self) -> Option<Told> {
        let [alone, than, people] = [List::AgeAlone, List::AgeThan, List::AgePeople].map(|list| self.marks(list));
        let last_number = self.numbers.iter().rposition(Option::is_some);
        let names_people = |at: usize| people[at] && last_number.is_none_or(|last| at < last);
        let says_else = |at: usize| !(self.numbers[at].is_some() || alone[at] || than[at] || names_people(at));
        if (0..self.words.count()).any(says_else) {
            return None;
        }
        if alone.contains(&true) {
            return Some(Told::Word);
        }
        let compares = self.has_sign || than.contains(&true);
        let is_an_age = match self.numbers().collect::<Vec<_>>()[..] {
            [age] => compares && BARE_AGES.contains(&age),
            [from, to] => {
                let is_narrow = from < to && to - from <= WIDEST_RANGE;
                (compares || self.has_range) && is_narrow && BARE_AGES.contains(&from) && BARE_AGES.contains(&to)
            }
            _ => false,
        };
        (self.is_plain && is_an_age).then_some(Told::Number)
    }
}

/// A stretch of words that only count years or tell an age.
struct Run {
    words: Range<usize>,
    told: Option<Told>,
}

impl Run {
    /// How many words stand between it and a phrase.
    fn distance(&self, phrase: &Range<usize>) -> usize {
        let before = self.words.start.saturating_sub(phrase.end);
        let after = phrase.start.saturating_sub(self.words.end);
        before.max(after)
    }
}

/// The text with numbers as words of their own: `60ans`, `18-25`, `25-year-olds`.
fn spaced(text: &str) -> String {
    let mut spaced = String::new();
    let mut characters = text.chars().peekable();
    let mut before = ' ';
    while let Some(character) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        let touches = before.is_ascii_digit() || next.is_ascii_digit();
        let within = before.is_ascii_digit() && next.is_ascii_digit();
        match character {
            '-' | '\u{2010}' | '\u{2011}' if touches => spaced.push(' '),
            // A fraction or thousands: no whole number that is an age.
            '.' | ',' if within => spaced.push('x'),
            _ => {
                let ends_a_word = (before.is_ascii_digit() && character.is_alphabetic())
                    || (before.is_alphabetic() && character.is_ascii_digit());
                if ends_a_word {
                    spaced.push(' ');
                }
                spaced.push(character);
            }
        }
        before = character;
    }
    spaced
}

fn whole(word: &str) -> Option<u32> {
    if word.starts_with('0') {
        return None;
    }
    word.parse().ok()
}

fn has_range(text: &str) -> bool {
    let is_dash = |character: char| matches!(character, '-' | '\u{2010}'..='\u{2014}' | '\u{2212}');
    let ends_with_digit = |text: &str| text.trim_end().ends_with(|end: char| end.is_ascii_digit());
    let begins_with_digit = |text: &str| text.trim_start().starts_with(|start: char| start.is_ascii_digit());
    text.split_once(is_dash)
        .is_some_and(|(from, to)| ends_with_digit(from) && begins_with_digit(to))
}

fn is_plain(character: char) -> bool {
    let is_a_word = character.is_alphanumeric() || character.is_whitespace();
    is_a_word
        || unicode_normalization::char::is_combining_mark(character)
        || matches!(
            character,
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '+' | '<' | '>' | '=' | '≤' | '≥'
        )
        || matches!(
            character,
            '(' | ')' | '"' | '\'' | '’' | '«' | '»' | '“' | '”' | ':' | '.' | '?'
        )
}

/// The lists about ages in every language at once, as they are written and without accents.
static PHRASES: LazyLock<BTreeMap<List, Phrases>> = LazyLock::new(|| {
    let mut all: BTreeMap<List, Vec<String>> = BTreeMap::new();
    for written in Lexicon::data().iter().filter(|written| written.list.is_about_ages()) {
        let spellings = written.phrases.iter().flat_map(|phrase| {
            let plain = plain::is_clear(phrase).then(|| plain::plain(phrase));
            [Some(phrase.clone()), plain]
        });
        all.entry(written.list).or_default().extend(spellings.flatten());
    }
    let parse =
        |phrases: &[String]| Phrases::parse(phrases.iter().map(String::as_str)).expect("the lexicons are tested");
    all.iter().map(|(list, phrases)| (*list, parse(phrases))).collect()
});

#[cfg(test)]
mod tests;

//! A text of the form in every declared language, as plain words.
//!
//! Markup is refused, not escaped: what is recorded must be what was read, and a tag is neither. White space is
//! collapsed and the text brought to NFC, because the widget compares it with `textContent` (spec/record.md §5).

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use crate::diagnostic::Report;
use crate::language::{Language, Languages};
use crate::read::{At, Object};
use crate::rule;

/// A text that exists in each language of its definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    // Invariant: holds the definition's default language; values are normalised and not blank.
    default: String,
    others: BTreeMap<Language, String>,
}

impl Text {
    /// The text in a language of the definition.
    pub fn in_language(&self, language: &Language) -> &str {
        self.others.get(language).unwrap_or(&self.default)
    }

    pub(crate) fn read(report: &mut Report<'_>, languages: &Languages, at: &At<'_>) -> Option<Self> {
        Text::read_each(report, languages, at, words)
    }

    /// Reads a text each of whose strings has to be more than words.
    pub(crate) fn read_each(
        report: &mut Report<'_>,
        languages: &Languages,
        at: &At<'_>,
        read: fn(&mut Report<'_>, &At<'_>) -> Option<String>,
    ) -> Option<Self> {
        if at.node.as_str().is_some() {
            return Some(Text {
                default: read(report, at)?,
                others: BTreeMap::new(),
            });
        }
        if !at.is_object() {
            at.refuse_type(
                report,
                "a text: a string, or an object with one string for each language",
            );
            return None;
        }
        let object = Object::open_any(report, at.clone())?;
        let mut complete = true;
        let mut texts = BTreeMap::new();
        for (name, place, value) in object.members() {
            let text = read(report, &value);
            match languages.declared(name) {
                Some(language) => {
                    complete &= text.is_some();
                    texts.extend(text.map(|text| (language.clone(), text)));
                }
                None => {
                    let message = format!("`{name}` is not a declared language");
                    let help = format!("declare `{name}` in `languages`, or take the text out");
                    report.refuse(rule::TEXT_UNDECLARED, &place, message, help);
                }
            }
        }
        for language in languages.iter().filter(|language| !object.has(language.as_str())) {
            let message = format!("{} has no text in `{language}`", at.name());
            let help = format!("add `\"{language}\": …`, or take `{language}` out of `languages`");
            report.refuse(rule::TEXT_LANGUAGE, &at.place(), message, help);
            complete = false;
        }
        let default = texts.get(languages.first()).cloned();
        default
            .filter(|_| complete)
            .map(|default| Text { default, others: texts })
    }
}

/// White space collapsed to single spaces, trimmed, NFC: the form in which texts are compared and hashed.
pub fn normalise(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect()
}

/// Nothing that a reader would see.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|character| character.is_whitespace() || is_invisible(character))
}

/// One string in plain words, normalised.
pub(crate) fn words(report: &mut Report<'_>, at: &At<'_>) -> Option<String> {
    let text = at.string(report)?;
    if let Some(found) = markup(text) {
        let message = format!("{} holds markup: `{found}`", at.name());
        let help = "write plain words; a `<` that is meant as such is followed by a space, an `&` stands for itself";
        report.refuse(rule::TEXT_MARKUP, &at.place(), message, help);
        return None;
    }
    if let Some(control) = text.chars().find(|character| is_control(*character)) {
        let message = format!("{} holds the control character U+{:04X}", at.name(), u32::from(control));
        report.refuse(rule::TEXT_CONTROL, &at.place(), message, "take it out");
        return None;
    }
    Some(normalise(text))
}

/// What a browser could read as a tag, a comment or a character reference.
fn markup(text: &str) -> Option<&str> {
    text.char_indices().find_map(|(index, character)| {
        let rest = &text[index + character.len_utf8()..];
        let length = match character {
            '<' => tag(rest)?,
            '&' => reference(rest)?,
            _ => return None,
        };
        Some(&text[index..index + 1 + length])
    })
}

fn tag(rest: &str) -> Option<usize> {
    let next = rest.chars().next()?;
    (next.is_alphabetic() || matches!(next, '/' | '!' | '?')).then_some(next.len_utf8())
}

/// Length of the character reference after an ampersand (HTML §13.5): numeric ones need no semicolon.
fn reference(rest: &str) -> Option<usize> {
    /// Names that browsers accept without a semicolon, as far as anybody writes them.
    const BARE: [&str; 7] = ["amp", "lt", "gt", "quot", "nbsp", "copy", "reg"];
    let run = |text: &str, accept: fn(char) -> bool| text.find(|c| !accept(c)).unwrap_or(text.len());
    if let Some(number) = rest.strip_prefix('#') {
        let decimal = run(number, |c| c.is_ascii_digit());
        let hexadecimal = number
            .strip_prefix(['x', 'X'])
            .map_or(0, |digits| run(digits, |c| c.is_ascii_hexdigit()));
        return match (decimal, hexadecimal) {
            (0, 0) => None,
            (0, digits) => Some(2 + digits),
            (digits, _) => Some(1 + digits),
        };
    }
    let name = run(rest, |c| c.is_ascii_alphanumeric());
    // No reference has a name of one letter: `R&D; sales` is no markup.
    let named = name > 1 && rest.starts_with(|c: char| c.is_ascii_alphabetic()) && rest[name..].starts_with(';');
    (named || BARE.contains(&rest[..name].to_ascii_lowercase().as_str())).then_some(name)
}

fn is_control(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r')
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::{is_blank, markup, normalise};

    #[test]
    fn markup_is_what_a_browser_would_read_as_such() {
        for (text, found) in [
            ("a <b>bold</b> word", Some("<b")),
            ("</p>", Some("</")),
            ("<!-- -->", Some("<!")),
            ("<?php", Some("<?")),
            ("<é>", Some("<é")),
            ("R&amp;D", Some("&amp")),
            ("R&ampD", None),
            ("R&amp D", Some("&amp")),
            ("&#38;", Some("&#38")),
            ("&#38", Some("&#38")),
            ("&#x26;", Some("&#x26")),
            ("&eacute;", Some("&eacute")),
            ("1 < 2", None),
            ("<3", None),
            ("a<", None),
            ("R&D", None),
            ("A & B; C", None),
            ("R&D; sales", None),
            ("&#;", None),
            ("&#x;", None),
        ] {
            assert_eq!(markup(text), found, "{text}");
        }
    }

    #[test]
    fn texts_are_compared_without_spelling_differences() {
        for (text, normal) in [
            ("  a\u{a0}\n b ", "a b"),
            ("e\u{301}", "é"),
            ("e\u{2011}mail", "e\u{2011}mail"),
        ] {
            assert_eq!(normalise(text), normal);
        }
        assert!(is_blank(" \u{200b}\u{feff}\t") && !is_blank("a"));
    }
}

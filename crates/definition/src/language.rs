//! Languages of a definition: BCP 47 tags for which Candor has the words of the notice.
//!
//! A [`Language`] is only made by a [`Definition`](crate::Definition), so a compiled form in a language that nobody
//! wrote cannot be asked for.

use std::fmt;

use crate::catalog::Catalog;
use crate::diagnostic::Report;
use crate::read::At;
use crate::rule;

/// One declared language, as the definition spells it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Language(String);

impl Language {
    /// The BCP 47 tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The declared languages; the first is the default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Languages {
    first: Language,
    rest: Vec<Language>,
}

impl Languages {
    pub(crate) fn first(&self) -> &Language {
        &self.first
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Language> {
        std::iter::once(&self.first).chain(&self.rest)
    }

    pub(crate) fn declared(&self, tag: &str) -> Option<&Language> {
        self.iter().find(|language| language.as_str() == tag)
    }

    /// RFC 4647 §3.4 lookup over a priority list; the default where nothing matches.
    pub(crate) fn lookup(&self, requested: &str) -> &Language {
        priorities(requested)
            .into_iter()
            .find_map(|range| self.truncated(range))
            .unwrap_or(&self.first)
    }

    /// The language of that range, or of the range with its last subtags taken off.
    fn truncated(&self, range: &str) -> Option<&Language> {
        let mut range = range;
        loop {
            if let Some(found) = self
                .iter()
                .find(|language| language.as_str().eq_ignore_ascii_case(range))
            {
                return Some(found);
            }
            range = range.rsplit_once('-')?.0;
            // A single letter introduces an extension; it never ends a range.
            if let Some((shorter, single)) = range.rsplit_once('-').filter(|(_, last)| last.len() == 1) {
                debug_assert_eq!(single.len(), 1);
                range = shorter;
            }
        }
    }

    pub(crate) fn read(report: &mut Report<'_>, at: &At<'_>) -> Option<Self> {
        let mut languages: Vec<Language> = Vec::new();
        let mut good = true;
        for entry in at.entries(report)? {
            let Some(tag) = entry.string(report) else {
                good = false;
                continue;
            };
            if !is_well_formed(tag) {
                let message = format!("`{tag}` is not a BCP 47 language tag");
                report.refuse(
                    rule::LANGUAGE,
                    &entry.place(),
                    message,
                    "write a tag such as `fr`, `en` or `fr-CA`",
                );
                good = false;
            } else if languages
                .iter()
                .any(|language| language.as_str().eq_ignore_ascii_case(tag))
            {
                let message = format!("`{tag}` is declared twice");
                report.refuse(rule::TWICE, &entry.place(), message, "keep one of the two");
                good = false;
            } else {
                let catalog = Catalog::of(tag);
                if catalog.is_none() {
                    let message = format!("there are no words for the notice in `{tag}`");
                    let help = format!(
                        "declare languages among {}, or variants of them",
                        crate::read::list(Catalog::TAGS)
                    );
                    report.refuse(rule::LANGUAGE_WORDS, &entry.place(), message, help);
                }
                if catalog.is_some_and(|catalog| !catalog.is_reviewed()) {
                    let message = format!("no speaker who knows the law has checked our legal sentences in `{tag}`");
                    let help = "read the notice of this language before you publish it";
                    report.note(rule::LANGUAGE_REVIEW, &entry.place(), message, help);
                }
                languages.push(Language(tag.to_owned()));
            }
        }
        let mut languages = languages.into_iter();
        let first = languages.next()?;
        good.then(|| Languages {
            first,
            rest: languages.collect(),
        })
    }
}

/// Ranges of `fr-CA, en;q=0.8`, the most wanted first; `*` asks for nothing in particular (RFC 9110 §12.5.4).
pub fn priorities(requested: &str) -> Vec<&str> {
    let mut ranges: Vec<(&str, u16)> = requested
        .split(',')
        .filter_map(|entry| {
            let (range, weight) = entry.split_once(';').unwrap_or((entry, "q=1"));
            let weight: f32 = weight.trim().strip_prefix("q=")?.trim().parse().ok()?;
            let thousandths = (weight.clamp(0.0, 1.0) * 1000.0) as u16;
            (thousandths > 0).then_some((range.trim(), thousandths))
        })
        .filter(|(range, _)| !range.is_empty() && *range != "*")
        .collect();
    ranges.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    ranges.into_iter().map(|(range, _)| range).collect()
}

/// RFC 5646 §2.1 without grandfathered tags and four- to eight-letter languages, of which none is registered.
fn is_well_formed(tag: &str) -> bool {
    let mut subtags = tag.split('-').peekable();
    let letters = |text: &str, lengths: &[usize]| {
        lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    let plain = |text: &str| (1..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !subtags.next().is_some_and(|language| letters(language, &[2, 3])) {
        return false;
    }
    subtags.next_if(|script| letters(script, &[4]));
    subtags.next_if(|region| {
        letters(region, &[2]) || (region.len() == 3 && region.bytes().all(|byte| byte.is_ascii_digit()))
    });
    while subtags
        .next_if(|variant| {
            plain(variant)
                && (variant.len() >= 5 || (variant.len() == 4 && variant.starts_with(|c: char| c.is_ascii_digit())))
        })
        .is_some()
    {}
    let rest: Vec<&str> = subtags.collect();
    let extended = rest.first().is_none_or(|singleton| singleton.len() == 1);
    let ended = rest
        .last()
        .is_none_or(|subtag| subtag.len() > 1 || rest.first() == Some(&"x") && rest.len() > 1);
    extended && ended && rest.iter().all(|subtag| plain(subtag))
}

#[cfg(test)]
mod tests {
    use super::{Language, Languages, is_well_formed};

    #[test]
    fn tags_are_well_formed_or_not() {
        for tag in [
            "fr",
            "en-GB",
            "fr-CA",
            "zh-Hant-TW",
            "es-419",
            "de-1996",
            "sl-rozaj",
            "en-x-plain",
            "en-u-ca-buddhist",
        ] {
            assert!(is_well_formed(tag), "{tag}");
        }
        for tag in [
            "", "f", "french", "fr_FR", "fr-", "-fr", "fr-F", "12", "fr--CA", "x", "fr-CA-FR", "é", "en-u",
        ] {
            assert!(!is_well_formed(tag), "{tag}");
        }
    }

    #[test]
    fn lookup_follows_rfc_4647() {
        let tag = |tag: &str| Language(tag.to_owned());
        let languages = Languages {
            first: tag("fr"),
            rest: vec![tag("en"), tag("fr-CA")],
        };
        for (requested, found) in [
            ("fr", "fr"),
            ("EN", "en"),
            ("en-GB", "en"),
            ("fr-CA-x-a", "fr-CA"),
            ("fr-BE", "fr"),
            ("de", "fr"),
            ("de, en;q=0.5", "en"),
            ("en;q=0.1,fr-CA;q=0.9", "fr-CA"),
            ("en;q=0", "fr"),
            ("*", "fr"),
            ("", "fr"),
            (";;,,-", "fr"),
        ] {
            assert_eq!(languages.lookup(requested).as_str(), found, "{requested}");
        }
    }
}

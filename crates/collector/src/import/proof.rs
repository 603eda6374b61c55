//! Which of the published texts are proved to have been shown, word by word, where the leads come from.
//! Refuses words that differ: a consent to other words is not a consent to these. White space and Unicode form are read as
//! record.md §5 reads a page; nothing else is forgiven.

use std::collections::BTreeSet;

use jiff::Timestamp;
use unicode_normalization::UnicodeNormalization;

use super::{
    mapping::{MappingError, Shown},
    meta,
};
use crate::published::PublishedForm;

/// What was shown in a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
    /// The form at Meta that showed it; leads of another one prove nothing by it.
    pub meta_form: Option<String>,
    /// Refs of published texts.
    pub refs: BTreeSet<String>,
}

impl Proof {
    /// What a mapping tells.
    pub(super) fn told(form: &PublishedForm, shown: &Shown) -> Result<Self, MappingError> {
        let (from, until) = shown
            .period()
            .map_err(|member| MappingError::new(format!("/shown/{member}"), "no time", "write a day"))?;
        let is_shown = |reference: &str, published: &str| {
            let told = shown
                .texts
                .get(reference)
                .is_some_and(|told| read_back(told) == published);
            told && (reference != "policy" || shown.policy_url.as_deref() == policy_url(form))
        };
        Ok(Self {
            from,
            until,
            meta_form: None,
            refs: refs(form, is_shown),
        })
    }

    /// What a form of Meta showed: its words stand in blocks, each of which may be one of the published texts. The words of
    /// a choice count only where they stand at its own box.
    pub(super) fn of_meta(form: &PublishedForm, source: &meta::Form, box_of: impl Fn(&str) -> String) -> Self {
        let blocks: BTreeSet<String> = source.blocks().iter().map(|block| read_back(block)).collect();
        let at_box = |purpose: &str, published: &str| {
            let found = source.checkbox(&box_of(purpose));
            found.is_some_and(|found| read_back(&found.text) == published)
        };
        let is_shown = |reference: &str, published: &str| {
            let rest = reference.strip_prefix("purpose.").unwrap_or_default();
            let (purpose, part) = rest.split_once('.').unwrap_or((rest, ""));
            match (form.control(purpose), part) {
                ("checkbox" | "submit", "") => at_box(purpose, published),
                ("objection-checkbox", "objection") => at_box(purpose, published),
                _ if reference == "policy" => blocks.contains(published) && source.policy_url() == policy_url(form),
                _ => blocks.contains(published),
            }
        };
        Self {
            from: Timestamp::MIN,
            until: Timestamp::MAX,
            meta_form: source.id.clone(),
            refs: refs(form, is_shown),
        }
    }

    /// Whether it holds for a lead of that time and of that form at Meta.
    pub fn covers(&self, acted: Timestamp, meta_form: Option<&str>) -> bool {
        let same_form = match (&self.meta_form, meta_form) {
            (Some(mine), Some(other)) => mine == other,
            _ => true,
        };
        self.from <= acted && acted < self.until && same_form
    }
}

fn refs(form: &PublishedForm, is_shown: impl Fn(&str, &str) -> bool) -> BTreeSet<String> {
    let texts = form.texts.iter();
    let shown = texts.filter(|text| is_shown(&text.reference, &text.text));
    shown.map(|text| text.reference.clone()).collect()
}

fn policy_url(form: &PublishedForm) -> Option<&str> {
    form.json["record"]["policy"]["url"].as_str()
}

/// As record.md §5 reads a text back: NFC, the white space of HTML collapsed to single spaces, trimmed.
fn read_back(text: &str) -> String {
    let words = text
        .split([' ', '\t', '\n', '\r', '\u{c}'])
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_as_a_page_is() {
        let check = |text: &str, expected: &str| assert_eq!(read_back(text), expected, "{text:?}");
        check("  a \n b\t", "a b");
        check("e\u{301}", "\u{e9}");
        check("l’\u{a0}a", "l’\u{a0}a");
        check("", "");
    }
}

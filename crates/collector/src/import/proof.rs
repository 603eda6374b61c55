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
    /// Refs of which it tells other words: what stood there in two ways is not proved by the one that fits.
    pub others: BTreeSet<String>,
}

/// What is proved of a lead of that time and of that form at Meta.
pub fn of_lead(proofs: &[Proof], acted: Timestamp, meta_form: Option<&str>) -> BTreeSet<String> {
    let covering = || proofs.iter().filter(|proof| proof.covers(acted, meta_form));
    let is_told_otherwise = |reference: &&String| covering().any(|proof| proof.others.contains(*reference));
    let refs = covering().flat_map(|proof| &proof.refs);
    refs.filter(|reference| !is_told_otherwise(reference))
        .cloned()
        .collect()
}

impl Proof {
    /// What a mapping tells.
    pub(super) fn told(form: &PublishedForm, shown: &Shown) -> Result<Self, MappingError> {
        let (from, until) = shown.period("/shown")?;
        let is_told = |reference: &str, published: &str| Some(read_back(shown.texts.get(reference)?) == published);
        let is_shown = |reference: &str, published: &str| {
            let fits = reference != "policy" || shown.policy_url.as_deref() == policy_url(form);
            is_told(reference, published) == Some(true) && fits
        };
        let is_other = |reference: &str, published: &str| {
            let leads_elsewhere = || shown.policy_url.is_some() && shown.policy_url.as_deref() != policy_url(form);
            is_told(reference, published) == Some(false) || reference == "policy" && leads_elsewhere()
        };
        Ok(Self {
            from,
            until,
            meta_form: None,
            refs: refs(form, is_shown),
            others: refs(form, is_other),
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
            meta_form: Some(source.id.clone()),
            refs: refs(form, is_shown),
            others: BTreeSet::new(),
        }
    }

    /// Whether it holds for a lead of that time and of that form at Meta.
    fn covers(&self, acted: Timestamp, meta_form: Option<&str>) -> bool {
        let is_of_form = self.meta_form.is_none() || self.meta_form.as_deref() == meta_form;
        self.from <= acted && acted < self.until && is_of_form
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

//! A rule as data: what it asks, whence it comes, when it holds, and its words in two languages.
//!
//! The data of a family of rules is one file, `rules/FAMILY.json`; the code that finds what is wrong stands in
//! `src/rules/FAMILY.rs` under the same ids. An id never changes its meaning.

use std::collections::BTreeMap;

use candor_definition::Severity;
use jiff::civil::Date;
use serde::Deserialize;

/// The languages in which diagnostics are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tongue {
    /// English.
    #[default]
    English,
    /// French.
    French,
}

/// A text of a rule in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// English.
    pub en: String,
    /// French.
    pub fr: String,
}

impl Words {
    /// The text in that language.
    pub fn in_tongue(&self, tongue: Tongue) -> &str {
        match tongue {
            Tongue::English => &self.en,
            Tongue::French => &self.fr,
        }
    }
}

/// One rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Rule {
    /// Stable identifier: `C-`, the profile, the subject.
    pub id: String,
    /// How bad a breach is.
    #[serde(deserialize_with = "severity")]
    pub severity: Severity,
    /// The profiles in which it holds; `eu` holds in all that extend it.
    pub profiles: Vec<String>,
    /// The first day on which it holds.
    pub from: Date,
    /// The last day on which it holds.
    #[serde(default)]
    pub until: Option<Date>,
    /// Articles of law and other sources, the most binding first.
    pub article: String,
    /// Where the text can be read.
    pub link: String,
    /// Whether somebody compared the rule with the official text.
    pub verified: bool,
    /// What the rule asks, in one clause.
    pub title: Words,
    /// The reason given to whoever breaks it; `{name}` stands for what was found.
    pub message: Words,
    /// What to write instead.
    pub help: Words,
    /// Why the law or the courts ask it, for the documentation.
    pub why: Words,
}

impl Rule {
    /// Whether the rule holds on that day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

fn severity<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Severity, D::Error> {
    let text = String::deserialize(deserializer)?;
    [Severity::Note, Severity::Warning, Severity::Error]
        .into_iter()
        .find(|severity| severity.as_str() == text)
        .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no severity")))
}

/// Puts what was found into the words of a rule.
pub(crate) fn fill(words: &str, found: &BTreeMap<&'static str, String>) -> String {
    let mut text = words.to_owned();
    for (name, value) in found {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    text
}

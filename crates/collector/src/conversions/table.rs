//! Counts by group in, a table that names nobody out. No store, no clock.
//! Refuses groups below the smallest size, what could be told by subtracting one number from another, and values that look like
//! anything but the name of a campaign.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::spreadsheet::line;

/// The smallest group that is told. A table of groups of five or more is what statistics offices publish of people.
pub const MIN_GROUP: u64 = 5;

/// Longest name of a campaign.
const MAX_CHARACTERS: usize = 64;
/// As many digits in a row are a number of somebody or something.
const MAX_DIGITS: usize = 8;

/// What was counted of a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    pub submissions: u64,
    pub confirmations: u64,
    /// By purpose.
    pub given: BTreeMap<String, u64>,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        self.submissions += other.submissions;
        self.confirmations += other.confirmations;
        for (purpose, count) in &other.given {
            *self.given.entry(purpose.clone()).or_default() += count;
        }
    }
}

/// A number out of the submissions of its line, with its share and the interval of that share.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cell {
    /// `None`: it, or what is left of the line, is more than nobody and fewer than the smallest group.
    pub count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Withheld>,
    pub share: Option<f64>,
    /// Wilson's interval, 95 %.
    pub interval: Option<[f64; 2]>,
}

/// Why a number is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Withheld {
    /// It is smaller than the smallest group.
    Few,
    /// Those of the line whom it does not count are fewer: nine of ten are one who did not.
    NearlyAll,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Which values the line holds.
    pub group: Group,
    pub submissions: u64,
    pub confirmations: Cell,
    pub given: BTreeMap<String, Cell>,
}

/// What a line is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Submissions with that value.
    Value(String),
    /// Submissions that came without one.
    None,
    /// Values that are too rare to be told, or that are no name of a campaign, together.
    Other,
}

/// What may be told.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Table {
    /// Fewer than that are not told.
    pub at_least: u64,
    /// `None`: fewer than that.
    pub submissions: Option<u64>,
    /// The largest first, what is put together last.
    pub lines: Vec<Line>,
}

impl Table {
    /// Puts small groups together until none is left, and takes one more where what is put together would still be small.
    pub fn new(groups: BTreeMap<Option<String>, Counts>, at_least: u64) -> Self {
        let at_least = at_least.max(MIN_GROUP);
        let purposes: BTreeSet<String> = groups
            .values()
            .flat_map(|counts| counts.given.keys().cloned())
            .collect();
        let mut told: BTreeMap<Group, Counts> = BTreeMap::new();
        for (value, counts) in &groups {
            let group = match value.as_deref().map(str::trim) {
                None | Some("") => Group::None,
                Some(value) if is_campaign(value) => Group::Value(value.to_owned()),
                Some(_) => Group::Other,
            };
            told.entry(group).or_default().add(counts);
        }
        let mut told: Vec<(Group, Counts)> = told.into_iter().collect();
        // The largest first; what is equally large by its name, so that the same data give the same table.
        told.sort_by(|(a, of_a), (b, of_b)| (of_b.submissions, a).cmp(&(of_a.submissions, b)));
        let mut other = Counts::default();
        let (small, mut shown): (Vec<_>, Vec<_>) = told
            .into_iter()
            .partition(|(group, counts)| *group == Group::Other || counts.submissions < at_least);
        for (_, counts) in &small {
            other.add(counts);
        }
        while other.submissions > 0
            && other.submissions < at_least
            && let Some((_, smallest)) = shown.pop()
        {
            other.add(&smallest);
        }
        let total: u64 = shown.iter().map(|(_, counts)| counts.submissions).sum::<u64>() + other.submissions;
        if other.submissions >= at_least {
            shown.push((Group::Other, other));
        }
        Self {
            at_least,
            submissions: (total >= at_least || total == 0).then_some(total),
            lines: shown
                .into_iter()
                .map(|(group, counts)| of_group(group, &counts, &purposes, at_least))
                .collect(),
        }
    }
}

fn of_group(group: Group, counts: &Counts, purposes: &BTreeSet<String>, at_least: u64) -> Line {
    let cell = |count| Cell::new(count, counts.submissions, at_least);
    let given = purposes.iter().map(|purpose| {
        let count = counts.given.get(purpose).copied().unwrap_or_default();
        (purpose.clone(), cell(count))
    });
    Line {
        group,
        submissions: counts.submissions,
        confirmations: cell(counts.confirmations),
        given: given.collect(),
    }
}

impl Cell {
    fn new(count: u64, of: u64, at_least: u64) -> Self {
        let is_small = |count: u64| count > 0 && count < at_least;
        let withheld = match () {
            () if is_small(count) => Some(Withheld::Few),
            () if is_small(of.saturating_sub(count)) => Some(Withheld::NearlyAll),
            () => None,
        };
        let is_told = withheld.is_none();
        Self {
            count: is_told.then_some(count),
            withheld,
            share: is_told.then(|| round(share(count, of))),
            interval: is_told.then(|| wilson(count, of).map(round)),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of submissions are far below 2^53")]
fn share(count: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { count as f64 / of as f64 }
}

/// The quantile of the normal distribution for 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// Wilson's score interval (E. B. Wilson, JASA 22, 1927, p. 209): it stays within 0 and 1, also for few and for none.
#[expect(clippy::cast_precision_loss, reason = "counts of submissions are far below 2^53")]
fn wilson(count: u64, of: u64) -> [f64; 2] {
    if of == 0 {
        return [0.0, 1.0];
    }
    let (n, p) = (of as f64, share(count, of));
    let (z2, spread) = (Z * Z, Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt());
    let (middle, width) = (p + z2 / (2.0 * n), 1.0 + z2 / n);
    [
        ((middle - spread) / width).max(0.0),
        ((middle + spread) / width).min(1.0),
    ]
}

/// Four digits: more would pretend.
fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

/// Whether a value reads like the name of a campaign: anybody can write anything into an address.
fn is_campaign(value: &str) -> bool {
    let is_letter = |character: char| character.is_alphanumeric() || " ._~+-/|:".contains(character);
    let longest_digits = value
        .split(|character: char| !character.is_ascii_digit())
        .map(str::len)
        .max();
    value.chars().count() <= MAX_CHARACTERS && value.chars().all(is_letter) && longest_digits < Some(MAX_DIGITS)
}

/// A number, or in words why there is none.
fn told(cell: &Cell, at_least: u64) -> String {
    match (cell.count, cell.withheld) {
        (Some(count), _) => count.to_string(),
        (None, Some(Withheld::NearlyAll)) => format!("all but fewer than {at_least}"),
        (None, _) => format!("fewer than {at_least}"),
    }
}

/// One line for a group and what was counted of it.
pub fn csv(table: &Table) -> String {
    let mut text = line([
        "group",
        "value",
        "counted",
        "submissions",
        "count",
        "share",
        "low",
        "high",
    ]);
    for row in &table.lines {
        let (group, value) = match &row.group {
            Group::Value(value) => ("value", value.as_str()),
            Group::None => ("none", ""),
            Group::Other => ("other", ""),
        };
        let given = row
            .given
            .iter()
            .map(|(purpose, cell)| (format!("given {purpose}"), cell));
        let counted = std::iter::once(("confirmations".to_owned(), &row.confirmations)).chain(given);
        for (name, cell) in counted {
            let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
            text.push_str(&line([
                group.to_owned(),
                value.to_owned(),
                name,
                row.submissions.to_string(),
                told(cell, table.at_least),
                number(cell.share),
                number(cell.interval.map(|interval| interval[0])),
                number(cell.interval.map(|interval| interval[1])),
            ]));
        }
    }
    text
}

#[cfg(test)]
mod tests;

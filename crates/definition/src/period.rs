//! ISO 8601 durations: compared by the calendar, and said in words.
//!
//! A month is no number of days, so two periods are compared by the dates they reach from 2026-01-31, the day that
//! spec/definition.md names (the end of a long month, where calendars disagree most).

use std::fmt;

use jiff::Span;
use jiff::civil::{DateTime, date};

use crate::diagnostic::Report;
use crate::read::At;
use crate::rule;

/// A duration greater than zero, such as `P18M`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    text: String,
    parts: [i64; UNITS.len()],
}

/// Units with the designator of each; `M` stands for months before the `T` and for minutes after it.
const UNITS: [(&str, char); 7] = [
    ("years", 'Y'),
    ("months", 'M'),
    ("weeks", 'W'),
    ("days", 'D'),
    ("hours", 'H'),
    ("minutes", 'M'),
    ("seconds", 'S'),
];
const FIRST_TIME_UNIT: usize = 4;

impl Period {
    /// The ISO 8601 text as the definition spells it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The parts that are not zero: name of the unit in the plural, and count.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, i64)> {
        UNITS
            .iter()
            .zip(self.parts)
            .filter(|(_, count)| *count > 0)
            .map(|((unit, _), count)| (*unit, count))
    }

    /// Whether this one ends before the other when both are counted by the calendar from 2026-01-31.
    pub fn is_shorter_than(&self, other: &Period) -> bool {
        end(self.parts) < end(other.parts)
    }

    /// A duration that every reader of a definition knows to be good.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (dates, times) = match text.strip_prefix('P')?.split_once('T') {
            Some((_, "")) => return None,
            Some((dates, times)) => (dates, times),
            None => (text.strip_prefix('P')?, ""),
        };
        let mut parts = [0; UNITS.len()];
        read_units(dates, 0..FIRST_TIME_UNIT, &mut parts)?;
        read_units(times, FIRST_TIME_UNIT..UNITS.len(), &mut parts)?;
        let positive = parts.iter().any(|count| *count > 0);
        (positive && end(parts).is_some()).then(|| Period {
            text: text.to_owned(),
            parts,
        })
    }

    pub(crate) fn read(report: &mut Report<'_>, at: &At<'_>) -> Option<Self> {
        let text = at.string(report)?;
        let period = Period::parse(text);
        if period.is_none() {
            let message = format!("`{text}` is not an ISO 8601 duration greater than zero");
            let help = "write whole years, months, weeks or days, for example `P3Y`, `P18M` or `P30D`";
            report.refuse(rule::PERIOD, &at.place(), message, help);
        }
        period
    }
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// Reads `3Y6M`: whole numbers, each unit at most once and in its order.
fn read_units(text: &str, units: std::ops::Range<usize>, parts: &mut [i64; UNITS.len()]) -> Option<()> {
    let mut rest = text;
    let mut next = units.start;
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .filter(|digits| (1..=6).contains(digits))?;
        let designator = rest[digits..].chars().next()?;
        let unit = (next..units.end).find(|unit| UNITS[*unit].1 == designator)?;
        parts[unit] = rest[..digits].parse().ok()?;
        next = unit + 1;
        rest = &rest[digits + designator.len_utf8()..];
    }
    Some(())
}

/// The date reached from 2026-01-31, unless it is beyond the calendar.
fn end(parts: [i64; UNITS.len()]) -> Option<DateTime> {
    let [years, months, weeks, days, hours, minutes, seconds] = parts;
    let span = Span::new()
        .try_years(years)
        .and_then(|span| span.try_months(months))
        .and_then(|span| span.try_weeks(weeks))
        .and_then(|span| span.try_days(days))
        .and_then(|span| span.try_hours(hours))
        .and_then(|span| span.try_minutes(minutes))
        .and_then(|span| span.try_seconds(seconds))
        .ok()?;
    date(2026, 1, 31).at(0, 0, 0, 0).checked_add(span).ok()
}

#[cfg(test)]
mod tests {
    use super::Period;

    #[test]
    fn periods_are_read_or_not() {
        for text in [
            "P1D",
            "P3Y",
            "P18M",
            "P2W",
            "PT48H",
            "P1Y6M",
            "P1Y2M3W4DT5H6M7S",
            "P0Y1D",
            "P5Y",
            "PT1M",
        ] {
            assert!(Period::parse(text).is_some(), "{text}");
        }
        for text in [
            "",
            "P",
            "PT",
            "P1DT",
            "P0D",
            "P0Y",
            "3Y",
            "p3y",
            "P3",
            "P-1D",
            "-P1D",
            "+P1D",
            "P1.5Y",
            "P1,5Y",
            "P1D1Y",
            "P1Y1Y",
            "1 year",
            "P1H",
            "PT1D",
            "P99999999Y",
            "P999999Y",
            "P 1D",
            "P1D ",
            "P１D",
            "P1é",
        ] {
            assert!(Period::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn periods_are_compared_by_the_calendar() {
        for (short, long) in [
            ("P1M", "P29D"),
            ("P17M", "P18M"),
            ("P545D", "P18M"),
            ("P1Y", "P366D"),
            ("P1D", "PT25H"),
        ] {
            let [short, long] = [short, long].map(|text| Period::parse(text).expect(text));
            assert!(
                short.is_shorter_than(&long) && !long.is_shorter_than(&short),
                "{short} {long}"
            );
        }
        for (one, other) in [("P1M", "P28D"), ("P18M", "P1Y6M"), ("P2W", "P14D"), ("P1D", "PT24H")] {
            let [one, other] = [one, other].map(|text| Period::parse(text).expect(text));
            assert!(
                !one.is_shorter_than(&other) && !other.is_shorter_than(&one),
                "{one} {other}"
            );
        }
    }
}

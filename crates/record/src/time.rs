//! Instants and periods as a record spells them. No clock is read here: the time of receipt arrives as a parameter.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An instant, spelled `YYYY-MM-DDTHH:MM:SS.mmmZ` and in no other way (`spec/record.md` §3, `created`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// The last instant that a record can spell: where arithmetic would lead beyond the calendar.
    pub const MAX: Timestamp = Timestamp(jiff::Timestamp::constant(253_402_207_200, 999_000_000));

    /// The instant so many milliseconds after 1970-01-01T00:00Z, where its year has four digits.
    pub fn from_millisecond(millisecond: i64) -> Option<Timestamp> {
        let timestamp = Timestamp(jiff::Timestamp::from_millisecond(millisecond).ok()?);
        // What cannot be read back is no timestamp of a record.
        timestamp.to_string().parse().ok()
    }

    /// Milliseconds since 1970-01-01T00:00Z.
    pub fn as_millisecond(self) -> i64 {
        self.0.as_millisecond()
    }

    /// The same instant for calendar arithmetic.
    pub fn as_jiff(self) -> jiff::Timestamp {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:.3}", self.0)
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Timestamp, TimeError> {
        let timestamp = text.parse().map(Timestamp).map_err(|_| TimeError::Timestamp)?;
        // jiff reads more spellings, and reads second 60 as 59: whatever is not spelled back alike is refused.
        if timestamp.to_string() == text {
            Ok(timestamp)
        } else {
            Err(TimeError::Timestamp)
        }
    }
}

/// A period by the calendar, ISO 8601: `P18M`, `P30D`, `PT48H` (`spec/record.md` §4, `retention` and `validity`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Period(String);

impl Period {
    /// The spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same period for calendar arithmetic.
    pub fn to_span(&self) -> jiff::Span {
        self.0.parse().expect("parsed once already")
    }
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for Period {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Period, TimeError> {
        // jiff also reads "3 years", signs, fractions and small letters: the record has one spelling.
        let plain = text.starts_with('P')
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        if !plain || text.parse::<jiff::Span>().is_err() {
            return Err(TimeError::Period);
        }
        Ok(Period(text.to_owned()))
    }
}

macro_rules! serde_by_text {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                String::deserialize(deserializer)?
                    .parse()
                    .map_err(de::Error::custom)
            }
        }
    };
}

serde_by_text!(Timestamp);
serde_by_text!(Period);

/// A text that is not spelled as a record spells times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeError {
    /// No UTC instant with milliseconds and `Z`, or a day that no calendar has.
    Timestamp,
    /// No ISO 8601 period.
    Period,
}

impl fmt::Display for TimeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            TimeError::Timestamp => "not a UTC time spelled YYYY-MM-DDTHH:MM:SS.mmmZ",
            TimeError::Period => "not an ISO 8601 period such as P18M",
        })
    }
}

impl std::error::Error for TimeError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_have_one_spelling() {
        for text in [
            "2026-11-21T10:00:09.250Z",
            "2024-02-29T00:00:00.000Z",
            "0001-01-01T00:00:00.000Z",
        ] {
            assert_eq!(text.parse::<Timestamp>().map(|t| t.to_string()).as_deref(), Ok(text));
        }
        for text in [
            "",
            "2026-11-21T10:00:09Z",
            "2026-11-21T10:00:09.25Z",
            "2026-11-21T10:00:09.2500Z",
            "2026-11-21T10:00:09.250+00:00",
            "2026-11-21 10:00:09.250Z",
            "2026-11-21t10:00:09.250z",
            "2026-02-29T00:00:00.000Z",
            "2026-13-01T00:00:00.000Z",
            "2026-11-21T24:00:00.000Z",
            "2026-11-21T10:00:60.000Z",
            "2026-11-21T10:00:09.250Z[UTC]",
            "+002026-11-21T10:00:09.250Z",
            "2026-11-21T10:00:09,250Z",
            "20261121T100009.250Z",
            " 2026-11-21T10:00:09.250Z",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(TimeError::Timestamp), "{text}");
        }
        assert_eq!(Timestamp::from_millisecond(i64::MAX), None);
    }

    #[test]
    fn periods_are_iso_8601() {
        for text in ["P30D", "P18M", "P3Y", "P1Y6M", "P2W", "PT48H", "P1DT12H30M", "P0D"] {
            text.parse::<Period>().expect(text);
        }
        for text in [
            "", "P", "PT", "3Y", "p3y", "P-3Y", "-P3Y", "P1.5Y", "P3", "3 years", "P3Y ", "PT3Y", "P3YT",
        ] {
            assert_eq!(text.parse::<Period>(), Err(TimeError::Period), "{text}");
        }
    }
}

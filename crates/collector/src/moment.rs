//! A time as somebody asks for it, on the command line and in an address: RFC 3339, or a day in UTC.
//! Refuses a time without an offset, and a day of another spelling than ISO 8601's.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Deserializer, de::Error};

/// Why it is none, and what to write; holds nothing of what was written.
pub const UNREADABLE: &str = "neither a day nor a time; write `2026-11-30` or `2026-11-30T12:00:00Z`";

/// A time, or a day, which means its end.
///
/// # Errors
/// It is neither: `UNREADABLE`.
pub fn until(text: &str) -> Result<Timestamp, String> {
    read(text, |day| day.at(23, 59, 59, 999_000_000))
}

/// A time, or a day, which means its beginning.
///
/// # Errors
/// It is neither: `UNREADABLE`.
pub fn from(text: &str) -> Result<Timestamp, String> {
    read(text, |day| day.at(0, 0, 0, 0))
}

fn read(text: &str, of_day: impl Fn(Date) -> jiff::civil::DateTime) -> Result<Timestamp, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let day = text.parse::<Date>().ok().filter(|day| day.to_string() == text);
    let at = day.and_then(|day| of_day(day).to_zoned(TimeZone::UTC).ok());
    at.map(|at| at.timestamp()).ok_or_else(|| UNREADABLE.to_owned())
}

/// The first time that is later: what is stored has milliseconds, and a period is searched up to an end that is not in it.
pub fn next(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond() + 1).unwrap_or(at)
}

/// Why a whole day is none, and what to write; holds nothing of what was written.
pub const NO_DAY: &str = "no day; write one such as `2026-03-31`";

/// A whole day for a member of an address; for an optional one with `serde(default)`.
///
/// # Errors
/// It is none: `NO_DAY`.
pub fn day_member<'de, D: Deserializer<'de>, T: From<Date>>(deserializer: D) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    let day = text.parse::<Date>().ok().filter(|day| day.to_string() == text);
    day.map(T::from).ok_or_else(|| D::Error::custom(NO_DAY))
}

/// `until` for a member of an address; for an optional one with `serde(default)`.
///
/// # Errors
/// It is neither: `UNREADABLE`.
pub fn until_member<'de, D: Deserializer<'de>, T: From<Timestamp>>(deserializer: D) -> Result<T, D::Error> {
    until(&String::deserialize(deserializer)?)
        .map(T::from)
        .map_err(D::Error::custom)
}

/// `from` for a member of an address; for an optional one with `serde(default)`.
///
/// # Errors
/// It is neither: `UNREADABLE`.
pub fn from_member<'de, D: Deserializer<'de>, T: From<Timestamp>>(deserializer: D) -> Result<T, D::Error> {
    from(&String::deserialize(deserializer)?)
        .map(T::from)
        .map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_and_end_and_times_stand() {
        let check = |text: &str, begins: Option<&str>, ends: Option<&str>| {
            let spelled = |read: Result<Timestamp, String>| read.ok().map(|at| at.to_string());
            assert_eq!(spelled(from(text)).as_deref(), begins, "{text}");
            assert_eq!(spelled(until(text)).as_deref(), ends, "{text}");
        };
        check(
            "2026-11-30",
            Some("2026-11-30T00:00:00Z"),
            Some("2026-11-30T23:59:59.999Z"),
        );
        for (time, same) in [
            ("2026-11-30T12:00:00Z", "2026-11-30T12:00:00Z"),
            ("2026-11-30T12:00:00+01:00", "2026-11-30T11:00:00Z"),
        ] {
            check(time, Some(same), Some(same));
        }
        for refused in [
            "2026-02-30",
            "30/11/2026",
            "20261130",
            "yesterday",
            "",
            "2026-11-30T12:00",
        ] {
            check(refused, None, None);
        }
    }
}

//! When a consumer may be called: days, hours, attempts and pauses, by the data files in `profiles/`.
//! Refuses to hold a rule of law in code: what a file does not say is not limited here. Times of day are local.

use std::sync::LazyLock;

use jiff::{
    Span, Timestamp, ToSpan,
    civil::{Date, Time},
    tz::TimeZone,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// Every profile that has limits of its own.
static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    let files = [include_str!("../../profiles/fr-b2c.json")];
    let read = |text: &&str| serde_json::from_str(text).expect("the file was read by the tests");
    files.iter().map(read).collect()
});

/// The limits of one jurisdiction and audience.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    profile: String,
    calls: Vec<Calls>,
}

impl Profile {
    /// The profile of that name, as records spell it (`fr-b2c`).
    pub fn find(name: &str) -> Option<&'static Self> {
        PROFILES.iter().find(|profile| profile.profile == name)
    }

    /// What holds for calls on the day of that time.
    pub fn calls(&self, at: Timestamp) -> Option<&Calls> {
        self.calls.iter().find(|calls| calls.holds_on(calls.date(at)))
    }

    /// The first time from then on at which a call is within the hours; `None` where there is none within a year.
    pub fn open(&self, from: Timestamp) -> Option<Timestamp> {
        let mut at = from;
        for _ in 0..=366 {
            let Some(calls) = self.calls(at) else {
                return Some(at);
            };
            if let Some(open) = calls.open_that_day(at) {
                return Some(open);
            }
            at = calls.midnight_after(at)?;
        }
        None
    }
}

/// The limits of calls between two dates.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Calls {
    from: Date,
    until: Option<Date>,
    pub source: String,
    /// Whether a lawyer has read it.
    pub verified: bool,
    #[serde(skip_serializing)]
    #[expect(dead_code, reason = "for whoever reads the file")]
    notes: Vec<String>,
    time_zone: Zone,
    /// 1 is Monday.
    days: Vec<i8>,
    hours: Vec<Hours>,
    holidays: Holidays,
    pub attempts: Attempts,
    pub pause_after_refusal: Span,
}

/// By its POSIX rule, so that no database of the machine decides; the name is for readers.
#[derive(Debug, Clone)]
struct Zone {
    name: String,
    rule: TimeZone,
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Spelled {
            name: String,
            posix: String,
        }
        let Spelled { name, posix } = Spelled::deserialize(deserializer)?;
        let rule = TimeZone::posix(&posix).map_err(D::Error::custom)?;
        Ok(Self { name, rule })
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

/// From the first minute to before the last one.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Hours {
    from: Time,
    until: Time,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Holidays {
    /// `MM-DD`.
    fixed: Vec<String>,
    /// Days after Easter Sunday.
    easter_days: Vec<i32>,
}

#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Attempts {
    pub count: usize,
    pub period: Span,
}

impl Calls {
    fn date(&self, at: Timestamp) -> Date {
        self.time_zone.rule.to_datetime(at).date()
    }

    fn holds_on(&self, date: Date) -> bool {
        self.from <= date && self.until.is_none_or(|until| date < until)
    }

    /// A span after a time, by the local calendar.
    pub fn after(&self, at: Timestamp, span: Span) -> Timestamp {
        let local = at.to_zoned(self.time_zone.rule.clone());
        local
            .checked_add(span)
            .map_or(Timestamp::MAX, |later| later.timestamp())
    }

    fn open_that_day(&self, at: Timestamp) -> Option<Timestamp> {
        let local = self.time_zone.rule.to_datetime(at);
        let (date, time) = (local.date(), local.time());
        if !self.days.contains(&date.weekday().to_monday_one_offset()) || self.is_holiday(date) {
            return None;
        }
        let hours = self.hours.iter().find(|hours| time < hours.until)?;
        if hours.from <= time {
            return Some(at);
        }
        let begins = date.to_datetime(hours.from).to_zoned(self.time_zone.rule.clone());
        begins.ok().map(|begins| begins.timestamp())
    }

    fn midnight_after(&self, at: Timestamp) -> Option<Timestamp> {
        let tomorrow = self.date(at).tomorrow().ok()?;
        Some(tomorrow.to_zoned(self.time_zone.rule.clone()).ok()?.timestamp())
    }

    fn is_holiday(&self, date: Date) -> bool {
        let fixed = format!("{:02}-{:02}", date.month(), date.day());
        let after_easter = |days: &i32| {
            easter(date.year())
                .checked_add(days.days())
                .is_ok_and(|day| day == date)
        };
        self.holidays.fixed.contains(&fixed) || self.holidays.easter_days.iter().any(after_easter)
    }
}

/// Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher; *Astronomical Algorithms*, chapter 8).
fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let (golden, century, of_century) = (year % 19, year / 100, year % 100);
    let epact = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let correction = (golden + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * correction + 114;
    let part = |number: i32| i8::try_from(number).expect("a month or a day");
    let year = i16::try_from(year).expect("the year came as one");
    Date::new(year, part(days / 31), part(days % 31 + 1)).expect("Easter lies between 22 March and 25 April")
}

#[cfg(test)]
mod tests {
    use jiff::civil::Weekday;

    use super::*;

    #[test]
    fn easter_by_the_almanac() {
        // https://www.census.gov/data/software/x13as/genhol/easter-dates.html
        for (year, expected) in [
            (1818, "1818-03-22"),
            (1943, "1943-04-25"),
            (2000, "2000-04-23"),
            (2008, "2008-03-23"),
            (2019, "2019-04-21"),
            (2025, "2025-04-20"),
            (2026, "2026-04-05"),
            (2027, "2027-03-28"),
            (2028, "2028-04-16"),
            (2038, "2038-04-25"),
        ] {
            assert_eq!(easter(year).to_string(), expected);
            assert_eq!(easter(year).weekday(), Weekday::Sunday, "{year}");
        }
    }

    /// `"2026-11-21T10:00"` in Paris.
    fn paris(text: &str) -> Timestamp {
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a rule");
        let local: jiff::civil::DateTime = text.parse().expect("a local time");
        local.to_zoned(zone).expect("exists").timestamp()
    }

    #[test]
    fn calls_have_their_hours() {
        let profile = Profile::find("fr-b2c").expect("a file");
        let check = |at: &str, expected: &str| {
            let expected = if expected == "open" { at } else { expected };
            assert_eq!(profile.open(paris(at)), Some(paris(expected)), "{at}");
        };
        check("2026-11-20T09:59:59", "2026-11-20T10:00");
        check("2026-11-20T10:00", "open");
        check("2026-11-20T12:59:59.999", "open");
        check("2026-11-20T13:00", "2026-11-20T14:00");
        check("2026-11-20T13:30", "2026-11-20T14:00");
        check("2026-11-20T14:00", "open");
        check("2026-11-20T19:59", "open");
        // A Friday evening, a Saturday, a Sunday.
        check("2026-11-20T20:00", "2026-11-23T10:00");
        check("2026-11-21T11:00", "2026-11-23T10:00");
        check("2026-11-22T23:59", "2026-11-23T10:00");
        // Public holidays: fixed ones, and those after Easter (5 April 2026).
        check("2026-11-11T11:00", "2026-11-12T10:00");
        check("2026-07-14T11:00", "2026-07-15T10:00");
        check("2026-04-06T11:00", "2026-04-07T10:00");
        check("2026-05-14T15:00", "2026-05-15T10:00");
        check("2026-05-25T10:00", "2026-05-26T10:00");
        check("2026-04-03T11:00", "open");
        // Labour day on a Friday, then a weekend.
        check("2026-05-01T00:00", "2026-05-04T10:00");
        // Christmas on a Friday; New Year's Day on a Friday.
        check("2026-12-24T20:00", "2026-12-28T10:00");
        check("2026-12-31T21:00", "2027-01-04T10:00");
    }

    #[test]
    fn the_hours_follow_summer_time() {
        let profile = Profile::find("fr-b2c").expect("a file");
        let check = |at: &str, expected: &str| {
            let time = |text: &str| text.parse::<Timestamp>().expect("a time");
            assert_eq!(profile.open(time(at)), Some(time(expected)), "{at}");
        };
        // Summer time: 29 March to 25 October 2026.
        check("2026-03-27T08:00:00Z", "2026-03-27T09:00:00Z");
        check("2026-03-28T12:00:00Z", "2026-03-30T08:00:00Z");
        check("2026-10-23T18:00:00Z", "2026-10-26T09:00:00Z");
        check("2026-10-23T17:59:00Z", "2026-10-23T17:59:00Z");
        check("2026-10-26T18:59:00Z", "2026-10-26T18:59:00Z");
    }

    #[test]
    fn before_the_rule_there_is_none() {
        let profile = Profile::find("fr-b2c").expect("a file");
        let sunday = paris("2022-11-20T23:00");
        assert_eq!(profile.open(sunday), Some(sunday));
        assert!(profile.calls(sunday).is_none());
        assert!(Profile::find("fr-b2b").is_none());
    }
}

//! Dates and times as people read them, in the language of the page: `21 novembre 2026 à 20:36 UTC`.
//! Refuses time zones: nothing is known of the reader's clock, so every time is in UTC and says so.

use icu_calendar::Gregorian;
use icu_datetime::{
    DateTimeFormatterPreferences, FixedCalendarDateTimeFormatter,
    fieldsets::YMD,
    input::{Date, DateTime, Time},
    preferences::HourCycle,
};
use icu_locale_core::Locale;
use jiff::{Timestamp, civil, tz::TimeZone};

use crate::catalog::Words;

/// A moment as a person reads it.
pub fn moment(words: Words, at: Timestamp) -> String {
    let at = at.to_zoned(TimeZone::UTC).datetime();
    let input = DateTime {
        date: gregorian(at.date()),
        time: Time::try_new(unsigned(at.hour()), unsigned(at.minute()), 0, 0)
            .expect("jiff's hours and minutes are those of a day"),
    };
    let formatter = FixedCalendarDateTimeFormatter::try_new(preferences(words), YMD::long().with_time_hm());
    let said = formatter
        .expect("the embedded data has every language")
        .format(&input)
        .to_string();
    format!("{} UTC", mended(words, said))
}

/// The day of a moment, in UTC.
pub fn date(words: Words, at: Timestamp) -> String {
    day(words, at.to_zoned(TimeZone::UTC).date())
}

/// A day as a person reads it.
pub fn day(words: Words, day: civil::Date) -> String {
    let formatter = FixedCalendarDateTimeFormatter::try_new(preferences(words), YMD::long());
    let said = formatter
        .expect("the embedded data has every language")
        .format(&gregorian(day))
        .to_string();
    mended(words, said)
}

fn gregorian(day: civil::Date) -> Date<Gregorian> {
    Date::try_new_gregorian(day.year().into(), unsigned(day.month()), unsigned(day.day()))
        .expect("jiff's dates are of the same calendar")
}

fn unsigned(number: i8) -> u8 {
    u8::try_from(number).expect("parts of a date are not negative")
}

/// English and Portuguese as Europe writes them, and hours up to 24 for everybody.
fn preferences(words: Words) -> DateTimeFormatterPreferences {
    let tag = match words.language() {
        "en" => "en-GB",
        "pt" => "pt-PT",
        other => other,
    };
    let locale = Locale::try_from_str(tag).expect("the languages of the pages are well formed");
    let mut preferences = DateTimeFormatterPreferences::from(&locale);
    preferences.hour_cycle = Some(HourCycle::H23);
    preferences
}

/// Where the library differs from CLDR's own long date: it makes that of Estonian, Irish and Maltese of a shorter pattern
/// (`icu_datetime` 2.4). The first of a month is an ordinal in French, which CLDR does not know either.
fn mended(words: Words, said: String) -> String {
    match words.language() {
        "et" => said.replacen(' ', ". ", 1),
        "fr" if said.starts_with("1 ") => said.replacen("1 ", "1er ", 1),
        "mt" => said.replacen(',', "", 1),
        "ga" => irish(&said).unwrap_or(said),
        _ => said,
    }
}

/// `Meán Fómhair 21, 2026` as `21 Meán Fómhair 2026`.
fn irish(said: &str) -> Option<String> {
    let (before, year) = said.split_once(", ")?;
    let (month, day) = before.rsplit_once(' ')?;
    Some(format!("{day} {month} {year}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_by_people() {
        let mut wrong = Vec::new();
        for (language, at, expected) in [
            ("fr-FR", "2026-02-01T00:05:00Z", "1er février 2026 à 00:05 UTC"),
            ("ga", "2026-09-01T00:05:00Z", "1 Meán Fómhair 2026 ag 00:05 UTC"),
            ("et", "2026-01-01T00:05:00Z", "1. jaanuar 2026, kell 00:05 UTC"),
            ("en-US", "2026-12-01T01:00:00Z", "1 December 2026 at 01:00 UTC"),
            ("bg", "2026-11-21T20:06:09Z", "21 ноември 2026\u{202f}г. в 20:06 ч. UTC"),
            ("cs", "2026-11-21T20:06:09Z", "21. listopadu 2026 v 20:06 UTC"),
            ("da", "2026-11-21T20:06:09Z", "21. november 2026 kl. 20.06 UTC"),
            ("de", "2026-11-21T20:06:09Z", "21. November 2026 um 20:06 UTC"),
            ("el", "2026-11-21T20:06:09Z", "21 Νοεμβρίου 2026 στις 20:06 UTC"),
            ("en", "2026-11-21T20:06:09Z", "21 November 2026 at 20:06 UTC"),
            ("es", "2026-11-21T20:06:09Z", "21 de noviembre de 2026 a las 20:06 UTC"),
            ("et", "2026-11-21T20:06:09Z", "21. november 2026, kell 20:06 UTC"),
            ("fi", "2026-11-21T20:06:09Z", "21. marraskuuta 2026 klo 20.06 UTC"),
            ("fr", "2026-11-21T20:06:09Z", "21 novembre 2026 à 20:06 UTC"),
            ("ga", "2026-11-21T20:06:09Z", "21 Samhain 2026 ag 20:06 UTC"),
            ("hr", "2026-11-21T20:06:09Z", "21. studenoga 2026. u 20:06 UTC"),
            ("hu", "2026-11-21T20:06:09Z", "2026. november 21. 20:06 UTC"),
            ("it", "2026-11-21T20:06:09Z", "21 novembre 2026 alle ore 20:06 UTC"),
            ("lt", "2026-11-21T20:06:09Z", "2026 m. lapkričio 21 d. 20:06 UTC"),
            ("lv", "2026-11-21T20:06:09Z", "2026. gada 21. novembris 20:06 UTC"),
            ("mt", "2026-11-21T20:06:09Z", "21 ta’ Novembru 2026 20:06 UTC"),
            ("nl", "2026-11-21T20:06:09Z", "21 november 2026 om 20:06 UTC"),
            ("pl", "2026-11-21T20:06:09Z", "21 listopada 2026 20:06 UTC"),
            ("pt", "2026-11-21T20:06:09Z", "21 de novembro de 2026 às 20:06 UTC"),
            ("ro", "2026-11-21T20:06:09Z", "21 noiembrie 2026 la 20:06 UTC"),
            ("sk", "2026-11-21T20:06:09Z", "21. novembra 2026 o 20:06 UTC"),
            ("sl", "2026-11-21T20:06:09Z", "21. november 2026 ob 20:06 UTC"),
            ("sv", "2026-11-21T20:06:09Z", "21 november 2026 kl. 20:06 UTC"),
        ] {
            let said = moment(Words::of(language), at.parse().expect("a time"));
            if said != expected {
                wrong.push((language, said, expected));
            }
        }
        assert_eq!(wrong, []);
    }

    #[test]
    fn days_are_read_by_people() {
        let first = civil::date(2026, 9, 1);
        for (language, expected) in [
            ("fr", "1er septembre 2026"),
            ("en", "1 September 2026"),
            ("et", "1. september 2026"),
            ("ga", "1 Meán Fómhair 2026"),
            ("mt", "1 ta’ Settembru 2026"),
            ("hu", "2026. szeptember 1."),
            ("lt", "2026 m. rugsėjo 1 d."),
            ("pt-BR", "1 de setembro de 2026"),
        ] {
            assert_eq!(day(Words::of(language), first), expected, "{language}");
        }
    }
}

//! Countries whose protection was found adequate: decisions by date, as data (`transfers/adequacy.json`).

use std::sync::LazyLock;

use candor_definition::Country;
use jiff::civil::Date;
use serde::Deserialize;

/// Who found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Finder {
    /// The Commission, GDPR Art. 45(3).
    Eu,
    /// The government of the United Kingdom, UK GDPR Art. 45.
    Uk,
}

/// One decision.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    by: Finder,
    country: String,
    from: Date,
    #[serde(default)]
    until: Option<Date>,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "link")]
    _link: String,
    #[serde(rename = "verified")]
    _verified: bool,
}

static DECISIONS: LazyLock<Vec<Decision>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../transfers/adequacy.json")).expect("the decisions are tested")
});

/// Whether a decision for that country holds on that day; a decision may cover certified organisations only.
pub(crate) fn holds(by: Finder, country: Country, day: Date) -> bool {
    DECISIONS.iter().any(|decision| {
        decision.by == by
            && decision.country == country.code()
            && decision.from <= day
            && decision.until.is_none_or(|until| day <= until)
    })
}

#[cfg(test)]
mod tests {
    use candor_definition::Country;
    use jiff::civil::date;

    use super::{DECISIONS, Finder, holds};

    #[test]
    fn decisions_hold_by_date() {
        for decision in DECISIONS.iter() {
            assert!(Country::parse(&decision.country).is_some(), "{decision:?}");
        }
        let country = |code| Country::parse(code).expect("a country");
        for (by, code, day, held) in [
            (Finder::Eu, "CH", date(2026, 11, 22), true),
            (Finder::Eu, "US", date(2020, 7, 16), true),
            (Finder::Eu, "US", date(2020, 7, 17), false),
            (Finder::Eu, "US", date(2023, 7, 10), true),
            (Finder::Eu, "GB", date(2026, 11, 22), true),
            (Finder::Eu, "GB", date(2031, 12, 28), false),
            (Finder::Eu, "BR", date(2025, 12, 31), false),
            (Finder::Eu, "IN", date(2026, 11, 22), false),
            (Finder::Uk, "US", date(2023, 10, 11), false),
            (Finder::Uk, "BR", date(2026, 11, 22), false),
        ] {
            assert_eq!(holds(by, country(code), day), held, "{by:?} {code} {day}");
        }
    }
}

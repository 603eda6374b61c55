//! Countries: ISO 3166-1 codes, their names, and which of them belong to the European Economic Area.

use crate::diagnostic::Report;
use crate::read::At;
use crate::rule;

mod table;

/// A country of ISO 3166-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Country(usize);

/// The 27 member states, Iceland, Liechtenstein and Norway (EEA Agreement, Art. 126).
const STATES: [&str; 30] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Parts of member states that have a code of their own and where Union law applies (TFEU Art. 355(1) and (4)).
const REGIONS: [&str; 7] = ["AX", "GF", "GP", "MF", "MQ", "RE", "YT"];

impl Country {
    /// The alpha-2 code.
    pub fn code(self) -> &'static str {
        table::COUNTRIES[self.0].0
    }

    /// Whether data that goes there leaves the European Economic Area.
    pub fn is_outside_eea(self) -> bool {
        !STATES.contains(&self.code()) && !REGIONS.contains(&self.code())
    }

    /// The name for a reader of that language: French, or else English.
    pub fn name_in(self, language: &str) -> &'static str {
        self.name(language.split('-').next() == Some("fr"))
    }

    /// The name, in French or else in English.
    pub(crate) fn name(self, in_french: bool) -> &'static str {
        let (_, french, english) = table::COUNTRIES[self.0];
        if in_french { french } else { english }
    }

    /// The country with that alpha-2 code, in capital letters.
    pub fn parse(code: &str) -> Option<Self> {
        table::COUNTRIES
            .binary_search_by_key(&code, |(code, _, _)| code)
            .ok()
            .map(Country)
    }

    pub(crate) fn read(report: &mut Report<'_>, at: &At<'_>) -> Option<Self> {
        let code = at.string(report)?;
        let country = Country::parse(code);
        if country.is_none() {
            let message = format!("`{code}` is not an ISO 3166-1 alpha-2 code");
            let help = match code {
                "UK" => "write `GB`".to_owned(),
                "EL" => "write `GR`".to_owned(),
                _ if Country::parse(&code.to_ascii_uppercase()).is_some() => {
                    format!("write `{}`", code.to_ascii_uppercase())
                }
                _ => "write the two capital letters of a country, for example `FR`".to_owned(),
            };
            report.refuse(rule::COUNTRY, &at.place(), message, help);
        }
        country
    }
}

#[cfg(test)]
mod tests {
    use super::{Country, REGIONS, STATES, table};

    #[test]
    fn the_table_is_sorted_and_holds_the_area() {
        assert!(table::COUNTRIES.is_sorted_by_key(|(code, _, _)| code));
        for code in STATES.iter().chain(&REGIONS) {
            assert!(!Country::parse(code).expect(code).is_outside_eea(), "{code}");
        }
        for code in ["GB", "CH", "US", "GL", "FO", "NC", "PF"] {
            assert!(Country::parse(code).expect(code).is_outside_eea(), "{code}");
        }
        for code in ["UK", "fr", "EU", "XX", "", "FRA"] {
            assert!(Country::parse(code).is_none(), "{code}");
        }
    }
}

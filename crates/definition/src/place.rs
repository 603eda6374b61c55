//! Countries: ISO 3166-1 codes, their names, and which of them belong to the European Economic Area.

use crate::catalog::Catalog;
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
        table::COUNTRIES[self.0]
    }

    /// Whether data that goes there leaves the European Economic Area.
    pub fn is_outside_eea(self) -> bool {
        !STATES.contains(&self.code()) && !REGIONS.contains(&self.code())
    }

    /// The name for a reader of that language; the code for a language that has no words.
    pub fn name_in(self, language: &str) -> &'static str {
        Catalog::of(language).map_or(self.code(), |catalog| catalog.country(self.code()))
    }

    /// The country with that alpha-2 code, in capital letters.
    pub fn parse(code: &str) -> Option<Self> {
        table::COUNTRIES.binary_search(&code).ok().map(Country)
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
    use super::{Catalog, Country, REGIONS, STATES, table};

    #[test]
    fn every_country_has_a_name_in_every_language() {
        for language in Catalog::TAGS {
            let catalog = Catalog::of(language).expect(language);
            for code in table::COUNTRIES {
                let name = catalog.country(code);
                assert!(
                    name != code && name.trim() == name && !name.contains('\''),
                    "{language} {code}"
                );
            }
            assert_eq!(catalog.countries().count(), table::COUNTRIES.len(), "{language}");
        }
        let greece = Country::parse("GR").expect("a country");
        assert_eq!([greece.name_in("fr-BE"), greece.name_in("ar")], ["Grèce", "GR"]);
    }

    #[test]
    fn the_table_is_sorted_and_holds_the_area() {
        assert!(table::COUNTRIES.is_sorted());
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

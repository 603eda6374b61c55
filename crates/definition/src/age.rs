//! From which age a person consents alone to a service of the information society: GDPR Art. 8(1), sixteen where a member
//! state set no other age, never below thirteen.
//!
//! Each row names the national provision; none was compared with its official text yet (`verified` says so), and the
//! owner of a form may write another age. Refuses a birth date: an age is declared, and only as above or below.

use crate::place::Country;

/// The age of a country, and where it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeOfConsent {
    /// In completed years.
    pub years: u8,
    /// Article of law.
    pub source: &'static str,
    /// Whether somebody compared the row with the official text.
    pub verified: bool,
}

/// What an owner may write: Art. 8(1) lets no state go below thirteen, and at eighteen nobody is a child.
pub(crate) const YEARS: std::ops::RangeInclusive<i64> = 13..=18;

const DEFAULT: AgeOfConsent = AgeOfConsent {
    years: 16,
    source: "GDPR Art. 8(1)",
    verified: true,
};

/// Countries with an age of their own. A state that set sixteen itself needs no row.
const TABLE: [(&str, u8, &str); 21] = [
    ("AT", 14, "DSG § 4(4)"),
    ("BE", 13, "Loi du 30 juillet 2018, art. 7"),
    ("BG", 14, "ЗЗЛД, чл. 25в"),
    ("CY", 14, "Ν. 125(I)/2018, άρθρο 8"),
    ("CZ", 15, "Zákon č. 110/2019 Sb., § 7"),
    ("DK", 15, "Databeskyttelsesloven § 6, stk. 2, from 2024"),
    ("EE", 13, "Isikuandmete kaitse seadus § 8"),
    ("ES", 14, "Ley Orgánica 3/2018, art. 7"),
    ("FI", 13, "Tietosuojalaki 1050/2018, 5 §"),
    ("FR", 15, "Loi n° 78-17 du 6 janvier 1978, art. 45"),
    ("GB", 13, "Data Protection Act 2018, s. 9"),
    ("GR", 15, "Ν. 4624/2019, άρθρο 21"),
    ("IS", 13, "Lög nr. 90/2018, 10. gr."),
    (
        "IT",
        14,
        "Codice in materia di protezione dei dati personali, art. 2-quinquies",
    ),
    ("LT", 14, "Asmens duomenų teisinės apsaugos įstatymas, 6 str."),
    ("LV", 13, "Fizisko personu datu apstrādes likums, 33. pants"),
    ("MT", 13, "S.L. 586.11"),
    ("NO", 13, "Personopplysningsloven § 5"),
    ("PT", 13, "Lei n.º 58/2019, art. 16.º"),
    ("SE", 13, "Lag (2018:218), 2 kap. 4 §"),
    ("SI", 15, "ZVOP-2, 8. člen"),
];

/// The age from which people of that country consent alone.
pub fn age_of_consent(country: Country) -> AgeOfConsent {
    let row = TABLE.iter().find(|(code, ..)| *code == country.code());
    row.map_or(DEFAULT, |&(_, years, source)| AgeOfConsent {
        years,
        source,
        verified: false,
    })
}

/// Every row of the table: the country's code with its age.
pub fn ages_of_consent() -> impl Iterator<Item = (&'static str, AgeOfConsent)> {
    let codes = TABLE.iter().filter_map(|(code, ..)| Country::parse(code));
    codes.map(|country| (country.code(), age_of_consent(country)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_those_that_the_regulation_allows() {
        assert!(TABLE.is_sorted_by(|before, after| before.0 < after.0));
        assert_eq!(ages_of_consent().count(), TABLE.len());
        for (code, age) in ages_of_consent() {
            assert!((13..=16).contains(&age.years), "{code}");
            assert!(!age.source.is_empty() && !age.verified, "{code}");
        }
        for (code, years) in [("FR", 15), ("DE", 16), ("GB", 13), ("US", 16)] {
            let country = Country::parse(code).expect(code);
            assert_eq!(age_of_consent(country).years, years, "{code}");
        }
    }
}

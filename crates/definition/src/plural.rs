//! Plurals: which form of a noun goes with a whole number, by the cardinal rules of Unicode CLDR.
//!
//! A table and not the library: its data for all of the world's languages would be a third of the compiler's module,
//! which a page loads that carries its definition inline. A test holds the table against that library, `icu_plurals`.
//! Refuses fractions and numbers from a million on, where Spanish, French, Italian and Portuguese have one form more; no period of a
//! definition has such a part.

/// The CLDR category of a number in a language of the catalogs, by its primary subtag.
pub(crate) fn category(language: &str, count: u64) -> &'static str {
    let (units, hundredth) = (count % 10, count % 100);
    let teens = (11..=19).contains(&hundredth);
    match language {
        "fr" | "pt" if count == 0 => "one",
        "cs" | "sk" if (2..=4).contains(&count) => "few",
        "ga" => match count {
            1 => "one",
            2 => "two",
            3..=6 => "few",
            7..=10 => "many",
            _ => "other",
        },
        "hr" if units == 1 && hundredth != 11 => "one",
        "hr" if (2..=4).contains(&units) && !(12..=14).contains(&hundredth) => "few",
        "lt" if !teens && units == 1 => "one",
        "lt" if !teens && units >= 2 => "few",
        "lv" if teens || units == 0 => "zero",
        "lv" if units == 1 => "one",
        "mt" if count == 2 => "two",
        "mt" if count == 0 || (3..=10).contains(&hundredth) => "few",
        "mt" if teens => "many",
        "pl" if count == 1 => "one",
        "pl" if (2..=4).contains(&units) && !(12..=14).contains(&hundredth) => "few",
        "pl" => "many",
        "ro" if count == 0 || count != 1 && (1..=19).contains(&hundredth) => "few",
        "sl" => match hundredth {
            1 => "one",
            2 => "two",
            3 | 4 => "few",
            _ => "other",
        },
        "hr" | "lt" | "lv" => "other",
        _ if count == 1 => "one",
        _ => "other",
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use icu_plurals::{PluralCategory, PluralRules};

    use super::category;
    use crate::catalog::Catalog;

    const MILLION: u64 = 1_000_000;

    fn name(category: PluralCategory) -> &'static str {
        match category {
            PluralCategory::Zero => "zero",
            PluralCategory::One => "one",
            PluralCategory::Two => "two",
            PluralCategory::Few => "few",
            PluralCategory::Many => "many",
            PluralCategory::Other => "other",
        }
    }

    /// Every category that a whole number below a million has.
    pub(crate) fn categories(language: &str) -> BTreeSet<&'static str> {
        (0..1_000).map(|count| category(language, count)).collect()
    }

    #[test]
    fn the_table_is_that_of_the_library() {
        for tag in Catalog::TAGS {
            let locale: icu_locale_core::Locale = tag.parse().expect("a language");
            let rules = PluralRules::try_new_cardinal(locale.into()).expect("the library knows the language");
            // Every rule looks at the last two digits, and at the whole number below a hundred.
            for count in (0..2_000).chain((2_000..MILLION).step_by(7)) {
                assert_eq!(category(tag, count), name(rules.category_for(count)), "{tag} {count}");
            }
        }
    }
}

//! Ids of fields against the words of every language: an id is no text of the form's language, and has no accents.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::plain::plain;
use super::{Lexicon, List, Written};
use crate::words::{Phrases, Words};

static PHRASES: LazyLock<BTreeMap<List, Phrases>> = LazyLock::new(|| {
    let mut all: BTreeMap<List, Vec<String>> = BTreeMap::new();
    // Of the words about ages, ids have those alone that ask for one.
    let of_ids = |written: &&Written| written.list == List::Age || !written.list.is_about_ages();
    for written in Lexicon::data().iter().filter(of_ids) {
        let spelled = written.phrases.iter().flat_map(|phrase| spellings(&plain(phrase)));
        let clear = spelled.filter(|phrase| is_clear(phrase, written.list, written.language));
        all.entry(written.list).or_default().extend(clear);
    }
    let parse = |phrases: &[String]| Phrases::parse(phrases.iter().map(String::as_str)).expect("the same phrases");
    all.iter().map(|(list, phrases)| (*list, parse(phrases))).collect()
});

/// Whether an id says something of a list, in whatever language, and nothing of another.
pub(crate) fn says(id: &str, list: List, except: List) -> bool {
    let Some(phrases) = PHRASES.get(&list) else {
        return false;
    };
    let none = Phrases::default();
    let except = PHRASES.get(&except).unwrap_or(&none);
    !phrases.places(&Words::of(id), except).is_empty()
}

/// Whether words with accents, in whatever language, say something of a list and nothing harmless.
pub(crate) fn says_plainly(words: &str, list: List) -> bool {
    says(&plain(words), list, List::Harmless)
}

/// Fewest letters by which one word of a language tells anything to the others: `liga` is an illness and a league.
const CLEAR_LETTERS: usize = 5;

/// Whether a phrase means the same to readers of other languages; names of numbers are short everywhere.
fn is_clear(phrase: &str, list: List, tag: &str) -> bool {
    let is_short = !phrase.contains(' ') && phrase.trim_end_matches('*').len() < CLEAR_LETTERS;
    let is_a_number = matches!(
        list,
        List::NationalId | List::Financial | List::Secret | List::Identifier
    );
    !is_short || is_a_number || matches!(tag, "en" | "fr")
}

/// Little words that ids leave out: `date_naissance`.
const LITTLE: [&str; 22] = [
    "a", "al", "d", "da", "das", "de", "dei", "del", "della", "der", "des", "di", "die", "do", "du", "het", "l", "la",
    "of", "the", "van", "von",
];

/// A phrase, the same without little words, and both in one word: `dateofbirth`.
fn spellings(phrase: &str) -> Vec<String> {
    let words: Vec<&str> = phrase.split([' ', '\'']).filter(|word| !word.is_empty()).collect();
    let short: Vec<&str> = words.iter().copied().filter(|word| !LITTLE.contains(word)).collect();
    let mut all = vec![phrase.to_owned()];
    if words.contains(&"…") {
        return all;
    }
    for words in [words, short] {
        // What one word is without its little words may mean anything.
        if words.len() > 1 {
            all.push(words.join(" "));
            let last = words.len() - 1;
            let stems = words[..last].iter().map(|word| word.trim_end_matches('*'));
            all.push(stems.chain([words[last]]).collect());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{List, says, says_plainly};

    #[test]
    fn ids_speak_every_language() {
        for (id, list) in [
            ("date_of_birth", List::BirthDate),
            ("date_naissance", List::BirthDate),
            ("dateofbirth", List::BirthDate),
            ("geburtsdatum", List::BirthDate),
            ("fecha_de_nacimiento", List::BirthDate),
            ("lieu_de_naissance", List::Nosy),
            ("schuhgrosse", List::Nosy),
            ("shoe_size", List::Nosy),
            ("etat_de_sante", List::Special),
            ("gclid", List::Identifier),
        ] {
            assert!(says(id, list, List::Harmless), "{id}");
        }
        // Letters that are no accented ones have capitals, too.
        assert!(says_plainly("FØDSELSDATO", List::BirthDate));
    }

    /// What lead forms ask for every day is not taken for anything else in any of the languages.
    #[test]
    fn ordinary_ids_are_not_suspicious() {
        let ids = "email e_mail mail name first_name last_name given_name family_name full_name prenom nom vorname \
            nachname firma company organization organisation societe job_title role position fonction phone telephone \
            tel mobile country pays land city ville stadt region postal_code zip website url message comment comments \
            question subject sujet topic topics interest interests budget project projet size team_size company_size \
            employees effectif industry sector secteur use_case date time slot creneau language langue product service \
            plan order quantity source utm_source utm_medium utm_campaign utm_term utm_content campaign referrer \
            landing_page newsletter event session attendance colour color note notes file reason motif department \
            street house_number vat_number siret siren account customer_number order_number contract_number title \
            preferred_time timezone experience level skills goal need needs demo trial version platform device_type \
            operating_system liga pass event_pass ms_teams lat lon vera hit hits gen_ai cap race how_did_you_hear referral coupon promo_code reference store shop model brand vehicle \
            surface rooms property_type apartment roof moving_date start_date end_date arrival departure guests";
        let lists = [
            List::Special,
            List::Criminal,
            List::NationalId,
            List::Financial,
            List::Secret,
            List::Nosy,
            List::BirthDate,
            List::Salutation,
            List::Identifier,
        ];
        for id in ids.split_whitespace() {
            for list in lists {
                assert!(!says(id, list, List::Harmless), "{id}: {list:?}");
            }
        }
    }
}

//! What nobody may be judged by: fields and words about what the law protects, for whoever writes rules that score people.
//! The same words as those of the rules about fields. Whoever asks looks at the types of fields, too: a declaration of age is
//! not told here again.

use candor_definition::{Definition, FieldType};
use candor_record::json::{self, Limits};
use jiff::civil::Date;

use super::asked::{answers, asks, asks_age};
use crate::age;
use crate::lexicon::{List, ids};
use crate::profile::Profile;
use crate::subject::Subject;

/// What a field or a word tells about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sensitive {
    /// A special category of data (GDPR Art. 9).
    Special,
    /// Convictions and offences (GDPR Art. 10).
    Criminal,
    /// Sex or title.
    Sex,
    /// Nationality, family, income and other things that are nobody's business.
    Private,
    /// Age or date of birth.
    Age,
    /// Numbers that a state or a bank gave.
    Number,
    /// An identifier that follows a person about.
    Identifier,
}

/// What each list tells; ages are more than a list.
const LISTS: [(List, Sensitive); 8] = [
    (List::Special, Sensitive::Special),
    (List::SpecialAnswer, Sensitive::Special),
    (List::Criminal, Sensitive::Criminal),
    (List::Salutation, Sensitive::Sex),
    (List::Nosy, Sensitive::Private),
    (List::NationalId, Sensitive::Number),
    (List::Financial, Sensitive::Number),
    (List::Identifier, Sensitive::Identifier),
];

/// Fields of a definition that ask for any of it, each with the word that tells so. `text` is the definition's file.
pub fn sensitive_fields(definition: &Definition, text: &[u8], day: Date) -> Vec<(String, Sensitive, String)> {
    let Ok(root) = json::parse(text, &Limits::DEFINITION) else {
        return Vec::new();
    };
    let subject = Subject::new(definition, &root, Profile::of(definition), day);
    let mut found = Vec::new();
    for (field, at) in subject.fields() {
        let asked = LISTS
            .iter()
            .find_map(|(list, about)| Some((*about, asks(&subject, field, &at, *list)?.1)));
        let answered = [(List::SpecialAnswer, Sensitive::Special), (List::Title, Sensitive::Sex)]
            .iter()
            .find_map(|(list, about)| Some((*about, answers(&subject, field, *list)?.1)));
        // The type of a declaration of age tells what it is.
        let aged = || (field.field_type() != FieldType::Age).then(|| asks_age(&subject, field, &at))?;
        found.extend(
            asked
                .or(answered)
                .or_else(|| Some((Sensitive::Age, aged()?.1)))
                .map(|(about, word)| (field.id.as_str().to_owned(), about, word)),
        );
    }
    found
}

/// What words in any language tell, where they stand alone: the name of a class.
///
/// Ages are known in words and in numbers: "over 60", "18-25 ans", "born in 1964", "60+".
pub fn sensitive_words(words: &str) -> Option<Sensitive> {
    let says = |list: List| ids::says_plainly(words, list);
    let is_an_age = || says(List::BirthDate) || age::told(words).is_some();
    let about = LISTS.iter().find(|(list, _)| says(*list)).map(|(_, about)| *about);
    about.or_else(|| is_an_age().then_some(Sensitive::Age))
}

/// Whether a value is an answer about a special category: "Catholic". Sectors such as "Health" are not.
pub fn is_special_answer(value: &str) -> bool {
    ids::says_plainly(value, List::SpecialAnswer)
}

/// Whether a value that a site declares, such as a campaign's, names people by their ages: `seniors-60-ans`.
pub fn is_age_value(value: &str) -> bool {
    age::names_people(&value.replace(['-', '_', '+', '.'], " "))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Sensitive, is_age_value, is_special_answer, sensitive_fields, sensitive_words};

    #[test]
    fn words_are_known_in_any_language() {
        for (words, about) in [
            ("decision maker", None),
            ("health sector", None),
            ("état de santé", Some(Sensitive::Special)),
            ("religion", Some(Sensitive::Special)),
            ("Staatsangehörigkeit", Some(Sensitive::Private)),
            ("nationality", Some(Sensitive::Private)),
            ("gender", Some(Sensitive::Sex)),
            ("gclid", Some(Sensitive::Identifier)),
            ("date of birth", Some(Sensitive::Age)),
            ("plus de 60 ans", Some(Sensitive::Age)),
            ("10 ans d’expérience", None),
            ("entreprise de plus de 50 ans", None),
            ("50-200 employees", None),
        ] {
            assert_eq!(sensitive_words(words), about, "{words}");
        }
        for (value, is) in [
            ("seniors-60-ans-et-plus", true),
            ("ages_18_25", true),
            ("20-ans-acme", false),
            ("spring-2026", false),
        ] {
            assert_eq!(is_age_value(value), is, "{value}");
        }
        assert!(is_special_answer("Katholisch") && !is_special_answer("Health") && !is_special_answer("CTO"));
    }

    #[test]
    fn fields_tell_by_label_and_by_answer() {
        let text = include_str!("../../../examples/bases/ebook-rgpd.json");
        let mut json: serde_json::Value = serde_json::from_str(text).expect("JSON");
        let label = |words: &str| serde_json::json!({"fr": words, "en": words});
        for (id, words, options) in [
            ("a", "Nationality", None),
            ("b", "Group", Some(["Catholic", "Other"])),
            ("c", "Industry", Some(["Health", "Other"])),
            ("d", "Age range", Some(["A", "B"])),
            ("e", "Group", Some(["18–24 ans", "25–34 ans"])),
            ("f", "Experience", Some(["18–24 ans", "25–34 ans"])),
            ("g", "Team size", Some(["20-49", "50-99"])),
        ] {
            let mut field =
                serde_json::json!({"id": id, "type": "text", "label": label(words), "purposes": ["newsletter"]});
            if let Some(options) = options {
                field["type"] = "select".into();
                field["options"] = options
                    .iter()
                    .map(|option| serde_json::json!({"value": option, "label": label(option)}))
                    .collect();
            }
            json["fields"].as_array_mut().expect("fields").push(field);
        }
        let text = json.to_string();
        let definition = candor_definition::parse(text.as_bytes()).expect("lawful to the grammar");
        let found = sensitive_fields(&definition, text.as_bytes(), date(2026, 11, 22));
        let found: Vec<_> = found.iter().map(|(field, about, _)| (field.as_str(), *about)).collect();
        let expected = [
            ("a", Sensitive::Private),
            ("b", Sensitive::Special),
            ("d", Sensitive::Age),
            ("e", Sensitive::Age),
        ];
        assert_eq!(found, expected);
    }
}

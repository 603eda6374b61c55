//! What a country's law asks of whoever makes the first contact, beside the words that are said: data with a source each.
//! What a definition does not say of a partner, and law asks of it, is a note too, and comes first.
//! Refuses to be advice: a note is a reminder of a text, and says where that stands.

use std::sync::LazyLock;

use candor_definition::{Definition, Language, Party, Purpose};
use candor_record::term::Audience;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::partner;

/// A reminder, in English and in French.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    pub kind: NoteKind,
    pub en: String,
    pub fr: String,
    pub source: String,
    pub link: String,
}

/// Whether a text can be used as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// Something that the text needs is not in the definition.
    Missing,
    Reminder,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// Only where a partner makes the contact.
    #[serde(default)]
    partner: bool,
    /// ISO 3166-1 alpha-2; none: everywhere.
    #[serde(default)]
    countries: Vec<String>,
    /// `b2c` or `b2b`; none: both.
    audience: Option<String>,
    channels: Vec<String>,
    /// Bases for which it counts; none: all.
    #[serde(default)]
    bases: Vec<String>,
    from: Option<Date>,
    /// The last day.
    until: Option<Date>,
    source: String,
    link: String,
    en: String,
    fr: String,
}

static ROWS: LazyLock<Vec<Row>> =
    LazyLock::new(|| serde_json::from_str(include_str!("notes.json")).expect("the notes are tested"));

/// Where people would object is no address that a message can carry.
pub(super) fn unreachable() -> Note {
    Note {
        kind: NoteKind::Missing,
        en: "This text does not say where people object: nobody told where the collector is reached, and no controller has an e-mail address. Name the collector with --public-url, or add “email” to the controller."
            .to_owned(),
        fr: "Ce texte ne dit pas où s’opposer : rien ne dit où joindre le collecteur, et aucun responsable n’a d’adresse e‑mail. Nommez le collecteur par --public-url, ou ajoutez « email » au responsable."
            .to_owned(),
        source: "GDPR Art. 21(4); ePrivacy Art. 13(4)".to_owned(),
        link: "https://eur-lex.europa.eu/eli/reg/2016/679/oj".to_owned(),
    }
}

/// The notes that count for a purpose on a day: what is missing, then what to remember.
pub(super) fn of(
    definition: &Definition,
    purpose: &Purpose,
    partner: Option<&Party>,
    language: &Language,
    day: Date,
) -> Vec<Note> {
    let country = definition.jurisdiction().code();
    let audience = match definition.audience() {
        Audience::B2c => "b2c",
        Audience::B2b => "b2b",
    };
    let counts = |row: &&Row| {
        let names = |list: &[String], wanted: &str| list.iter().any(|name| name == wanted);
        (row.countries.is_empty() || names(&row.countries, country))
            && row.audience.as_deref().is_none_or(|only| only == audience)
            && names(&row.channels, purpose.channel.as_str())
            && (row.bases.is_empty() || names(&row.bases, purpose.basis().as_str()))
            && (partner.is_some() || !row.partner)
            && row.from.is_none_or(|from| from <= day)
            && row.until.is_none_or(|until| day <= until)
    };
    let note = |row: &Row| Note {
        kind: NoteKind::Reminder,
        en: row.en.clone(),
        fr: row.fr.clone(),
        source: row.source.clone(),
        link: row.link.clone(),
    };
    let missing = partner.into_iter().flat_map(|party| partner::missing(party, language));
    missing.chain(ROWS.iter().filter(counts).map(note)).collect()
}

#[cfg(test)]
mod tests {
    use candor_definition::Country;
    use candor_record::term::{Basis, Channel};

    use super::ROWS;

    #[test]
    fn notes_name_what_there_is() {
        for row in ROWS.iter() {
            assert!(row.link.starts_with("https://") && !row.source.is_empty(), "{row:?}");
            assert!(row.en.ends_with('.') && row.fr.ends_with('.'), "{row:?}");
            assert!(
                row.countries.iter().all(|code| Country::parse(code).is_some()),
                "{row:?}"
            );
            assert!(!row.channels.is_empty(), "{row:?}");
            assert!(
                row.channels.iter().all(|word| Channel::parse(word).is_some()),
                "{row:?}"
            );
            let is_basis = |word: &String| Basis::ALL.iter().any(|basis| basis.as_str() == word);
            assert!(row.bases.iter().all(is_basis), "{row:?}");
            assert!(
                row.audience.as_deref().is_none_or(|word| matches!(word, "b2c" | "b2b")),
                "{row:?}"
            );
        }
    }
}

//! The answer as a page that prints, in French and in English: for the file of the breach (Art. 33(5)) and for whoever
//! writes the letters. Refuses to say whether a notification is due: who decides that has to weigh the risk.

use askama::Template;
use jiff::Timestamp;

use super::{Affected, Breach};
use crate::{catalog::Words, dates::moment, register::say, typography::spaced};

/// The page's own words: only operators read it.
#[derive(Debug)]
struct Said {
    title: &'static str,
    intro: &'static str,
    period: &'static str,
    generated: &'static str,
    people: &'static str,
    records: &'static str,
    erased: &'static str,
    evidence: &'static str,
    unreadable: &'static str,
    purposes: &'static str,
    data: &'static str,
    recipients: &'static str,
    received: &'static str,
    none: &'static str,
    protection: &'static str,
    sealed: &'static str,
    list: &'static str,
    phone: &'static str,
    language: &'static str,
    since: &'static str,
    nobody: &'static str,
    foot: &'static str,
}

const FR: Said = Said {
    title: "Personnes et données concernées par un incident",
    intro: "Nombres pour la notification à l’autorité (article 33, paragraphe 3 du RGPD) et liste pour l’information des personnes (article 34). Une personne figure ici dès lors que ses données étaient détenues pendant la période, même collectées avant.",
    period: "Période",
    generated: "Établi le",
    people: "Personnes",
    records: "Enregistrements",
    erased: "Effacés depuis le début de la période (au plus)",
    evidence: "Preuves scellées, sans valeurs",
    unreadable: "Personnes qui n’ont pas pu être lues (clé absente)",
    purposes: "Finalités",
    data: "Catégories de données",
    recipients: "Destinataires annoncés à ces personnes",
    received: "Destinataires auxquels elles avaient été transmises",
    none: "Aucun",
    protection: "Protection",
    sealed: "Les valeurs saisies sont chiffrées dans la base et dans ses copies (ChaCha20-Poly1305) ; les clés sont ailleurs. Si elles n’ont pas été prises, les données sont incompréhensibles pour qui détient la base (article 34, paragraphe 3, point a).",
    list: "Personnes concernées",
    phone: "Téléphone",
    language: "Langue",
    since: "Détenues depuis le",
    nobody: "Aucune donnée n’était détenue pour cela pendant cette période.",
    foot: "Ce document contient des données personnelles. Chaque lecture est inscrite au journal des accès, que les personnes peuvent consulter.",
};

const EN: Said = Said {
    title: "People and data affected by an incident",
    intro: "Numbers for the notification of the authority (Article 33(3) GDPR) and the list for informing the people (Article 34). A person is listed where their data were held in the period, even if they were collected before it.",
    period: "Period",
    generated: "Made on",
    people: "People",
    records: "Records",
    erased: "Erased since the period began (at most)",
    evidence: "Sealed evidence, without values",
    unreadable: "People who could not be read (a key is missing)",
    purposes: "Purposes",
    data: "Categories of data",
    recipients: "Recipients that these people were told of",
    received: "Recipients to whom they had been sent",
    none: "None",
    protection: "Protection",
    sealed: "The values that were typed are encrypted in the database and in its copies (ChaCha20-Poly1305); the keys are elsewhere. Unless they were taken too, the data are unintelligible to whoever has the database (Article 34(3)(a)).",
    list: "People affected",
    phone: "Phone",
    language: "Language",
    since: "Held since",
    nobody: "No data were held for this in that period.",
    foot: "This document holds personal data. Each reading is a line of the access log, which the people can read.",
};

#[derive(Debug, Template)]
#[template(path = "breach.html")]
struct Page<'a> {
    words: Words,
    said: &'static Said,
    stylesheet: &'a str,
    owner: String,
    intro: String,
    sealed: String,
    facts: Vec<(&'static str, String)>,
    /// Statement, its language, how many.
    purposes: Vec<(String, String, String)>,
    data: Vec<(String, String)>,
    recipients: Vec<String>,
    received: Vec<(String, String)>,
    rows: Vec<Row<'a>>,
}

#[derive(Debug)]
struct Row<'a> {
    affected: &'a Affected,
    received: String,
    purposes: String,
    data: String,
    since: String,
}

/// The page; `language` is `fr` or `en`, `stylesheet` the address of the pages' style sheet.
///
/// # Errors
/// A template that cannot be rendered, which a test forbids.
pub fn page(breach: &Breach, language: &str, stylesheet: &str) -> askama::Result<String> {
    let (words, said) = match language {
        "fr" => (Words::of_register("fr"), &FR),
        _ => (Words::of_register("en"), &EN),
    };
    let count = |people: u64, records: u64| {
        let colon = words.get("colon");
        format!("{}{colon} {people} · {}{colon} {records}", said.people, said.records)
    };
    let unreadable = breach.counts.unreadable;
    let unreadable = (unreadable > 0).then(|| (said.unreadable, unreadable.to_string()));
    Page {
        words,
        said,
        stylesheet,
        owner: breach.controllers.join(", "),
        intro: spaced(said.intro),
        sealed: spaced(said.sealed),
        facts: vec![
            (
                said.period,
                format!(
                    "{} – {}",
                    time(words, &breach.period.from),
                    time(words, &breach.period.to)
                ),
            ),
            (said.generated, time(words, &breach.generated)),
            (said.people, breach.counts.people.to_string()),
            (said.records, breach.counts.records.to_string()),
            (said.erased, breach.counts.erased_since.to_string()),
            (said.evidence, breach.counts.evidence.to_string()),
        ]
        .into_iter()
        .chain(unreadable)
        .collect(),
        purposes: breach
            .purposes
            .iter()
            .map(|it| {
                let own = it.statements.get_key_value(language);
                let (tag, statement) = own.unwrap_or((&it.language, &it.statement));
                let counted = format!("{} · {}", it.id, count(it.people, it.records));
                (spaced(statement), tag.clone(), counted)
            })
            .collect(),
        data: breach
            .data
            .iter()
            .map(|it| (category(language, &it.category), count(it.people, it.records)))
            .collect(),
        recipients: breach
            .recipients
            .iter()
            .map(|it| {
                let role = say::term(words, "role", &it.role);
                format!("{}, {role}, {}", it.name, say::country(words, &it.country))
            })
            .collect(),
        received: breach
            .received
            .iter()
            .map(|it| {
                let name = format!("{} ({})", it.party, it.name);
                (
                    name,
                    format!("{} · {}{} {}", it.purpose, said.people, words.get("colon"), it.people),
                )
            })
            .collect(),
        rows: breach
            .people
            .iter()
            .map(|affected| row(language, words, affected))
            .collect(),
    }
    .render()
}

fn row<'a>(language: &str, words: Words, affected: &'a Affected) -> Row<'a> {
    let data: Vec<String> = affected.data.iter().map(|it| category(language, it)).collect();
    Row {
        affected,
        received: affected.received.iter().cloned().collect::<Vec<_>>().join(", "),
        purposes: affected.purposes.iter().cloned().collect::<Vec<_>>().join(", "),
        data: data.join(", "),
        since: time(words, &affected.since),
    }
}

fn time(words: Words, text: &str) -> String {
    text.parse::<Timestamp>()
        .map_or_else(|_| text.to_owned(), |at| moment(words, at))
}

/// A category of DPV's personal data in words.
fn category(language: &str, term: &str) -> String {
    let (french, english) = match term {
        "EmailAddress" => ("adresse e-mail", "e-mail address"),
        "TelephoneNumber" => ("numéro de téléphone", "telephone number"),
        "Name" => ("nom", "name"),
        "Professional" => ("organisation", "organisation"),
        "Job" => ("fonction", "job title"),
        "Country" => ("pays", "country"),
        "PostalCode" => ("code postal", "postal code"),
        "AgeRange" => ("tranche d’âge", "age range"),
        "PersonalData" => ("autres données saisies", "other data typed"),
        other => (other, other),
    };
    if language == "fr" { french } else { english }.to_owned()
}

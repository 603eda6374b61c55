//! How a first contact is printed: as text, as HTML for a mail, and as a page to look at and to print.
//! Refuses script, and loads nothing.

use askama::Template;
use serde::Serialize;

use super::{FirstContact, Line, Note, NoteKind, Part, Step};
use crate::{catalog::Words, typography::spaced};

/// Paragraphs with an empty line between them; links stand behind their words.
pub fn text(parts: &[Part]) -> String {
    let part = |part: &Part| {
        let sentences = part.sentences.iter().map(|sentence| match &sentence.link {
            Some(link) => format!("{} {}", sentence.words, link.shown),
            None => sentence.words.clone(),
        });
        part.title
            .clone()
            .into_iter()
            .chain(sentences)
            .collect::<Vec<_>>()
            .join("\n")
    };
    let parts: Vec<String> = parts.iter().map(part).collect();
    parts.join("\n\n") + "\n"
}

#[derive(Debug, Template)]
#[template(path = "first_contact_footer.html")]
struct Fragment<'p> {
    language: &'p str,
    direction: &'static str,
    start: &'static str,
    parts: &'p [Part],
}

/// The footer as a mail carries it: styles stand at their elements, since mail programs know no others.
pub(super) fn fragment(words: &Words, language: &str, parts: &[Part]) -> Option<String> {
    let fragment = Fragment {
        language,
        direction: words.direction(),
        start: words.start(),
        parts,
    };
    fragment.render().ok()
}

/// What one line is for, to whoever calls.
#[derive(Debug, Clone, Copy, Serialize)]
struct Labels {
    en: &'static str,
    fr: &'static str,
    article: &'static str,
}

const fn labels(step: Step) -> Labels {
    let (en, fr, article) = match step {
        Step::AtOnce => (
            "At once",
            "D’emblée",
            "Code de la consommation L221-16; GDPR Art. 13-14",
        ),
        Step::Source => ("Source of the number", "Origine du numéro", "GDPR Art. 14(2)(f)"),
        Step::Consent => ("Consent", "Accord", "GDPR Art. 7(3)"),
        Step::Objection => ("Right to object", "Droit d’opposition", "GDPR Art. 21(4)"),
        Step::AtSource => (
            "Also at the source",
            "Aussi à la source",
            "GDPR Art. 7(3); GDPR Art. 19; GDPR Art. 21(3)",
        ),
        Step::Recording => ("Before recording", "Avant d’enregistrer", "GDPR Art. 6(1)(a)"),
        Step::Reach => ("How to reach you", "Pour vous joindre", "GDPR Art. 14(1)(a)"),
        Step::Where => ("Where to read more", "Où en savoir plus", "GDPR Art. 12(1), 14"),
        Step::IfNo => ("If the person says no", "Si la personne refuse", "GDPR Art. 21(3)"),
    };
    Labels { en, fr, article }
}

#[derive(Debug, Template)]
#[template(path = "first_contact.html")]
struct Page<'p> {
    /// Of the page's own words: French or English, for whoever makes the contact.
    french: bool,
    title: String,
    stylesheet: &'static str,
    contacts: Vec<Shown<'p>>,
}

#[derive(Debug)]
struct Shown<'p> {
    contact: &'p FirstContact,
    channel: String,
    direction: &'static str,
    /// Line, its label in the page's language, the article.
    script: Vec<(&'p Line, &'static str, String)>,
    /// What the text lacks.
    missing: Vec<Cited<'p>>,
    notes: Vec<Cited<'p>>,
}

/// A note: its words, where the source stands, and the source as it is cited.
type Cited<'p> = (String, &'p str, String);

/// A source as it is cited in the page's language.
fn cited(source: &str, french: bool) -> String {
    if !french {
        return source.to_owned();
    }
    [
        ("GDPR Art.", "RGPD, art."),
        ("ePrivacy Art.", "ePrivacy, art."),
        ("/EC Art.", "/CE, art."),
        ("; ", "\u{202f}; "),
    ]
    .into_iter()
    .fold(source.to_owned(), |source, (english, french)| {
        source.replace(english, french)
    })
}

impl<'p> Shown<'p> {
    fn of(contact: &'p FirstContact, french: bool) -> Self {
        let script = contact.script.iter().flatten().map(|line| {
            let labels = labels(line.step);
            let label = if french { labels.fr } else { labels.en };
            (line, label, cited(labels.article, french))
        });
        let in_words = |note: &'p Note| {
            let words = if french { spaced(&note.fr) } else { note.en.clone() };
            (words, note.link.as_str(), cited(&note.source, french))
        };
        let of_kind = |kind| contact.notes.iter().filter(move |note| note.kind == kind);
        let words = Words::of(if french { "fr" } else { "en" });
        let key = format!("channel_{}", contact.channel);
        let channel = Some(words.get(&key)).filter(|said| *said != key);
        Self {
            contact,
            channel: channel.unwrap_or(contact.channel).to_owned(),
            direction: Words::of(&contact.language).direction(),
            script: script.collect(),
            missing: of_kind(NoteKind::Missing).map(in_words).collect(),
            notes: of_kind(NoteKind::Reminder).map(in_words).collect(),
        }
    }
}

const STYLESHEET: &str = concat!(
    include_str!("../../templates/page.css"),
    include_str!("../../templates/first_contact.css")
);

/// A page with all of them, to be looked at and printed.
///
/// # Errors
/// The template failed, which would be a fault of Candor.
pub fn page(title: &str, contacts: &[FirstContact]) -> askama::Result<String> {
    let french = contacts.first().is_some_and(|first| first.language.starts_with("fr"));
    Page {
        french,
        title: title.to_owned(),
        stylesheet: STYLESHEET,
        contacts: contacts.iter().map(|contact| Shown::of(contact, french)).collect(),
    }
    .render()
}

/// All of them as text, with what each is for.
pub fn listing(contacts: &[FirstContact]) -> String {
    let mut text = String::new();
    for contact in contacts {
        text.push_str(&format!(
            "# {} · {} · {} · {}",
            contact.form, contact.purpose, contact.language, contact.channel
        ));
        if let Some(partner) = &contact.partner {
            text.push_str(&format!(" · {} ({})", partner.name, partner.id));
        }
        text.push_str("\n\n");
        if let Some(short) = &contact.footer.short {
            text.push_str(&format!("{short}\n\n"));
        }
        text.push_str(&contact.footer.text);
        for line in contact.script.iter().flatten() {
            let labels = labels(line.step);
            text.push_str(&format!("\n[{}] {}\n", labels.en, line.say));
        }
        for note in &contact.notes {
            let mark = match note.kind {
                NoteKind::Missing => "! Missing:",
                NoteKind::Reminder => "*",
            };
            text.push_str(&format!("\n{mark} {} ({}; {})\n", note.en, note.source, note.link));
        }
        text.push('\n');
    }
    text
}

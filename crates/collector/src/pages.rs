//! The pages: what each template receives, already in words. Templates hold no decision beyond "is there one".
//! Refuses raw HTML everywhere but in one place: the static form, which the widget's own views escaped.

use askama::Template;
use candor_record::{id::PurposeId, state};

use crate::{
    act::offer::{can_object_alone, can_withdraw_alone},
    app::App,
    catalog::Words,
    follow_up::Dossier,
    http::mailbox::{Block, Part},
    published::PublishedForm,
};

pub mod person;
mod quoted;
pub mod receipt;

pub use quoted::Quoted;
pub use receipt::Receipt;

use person::state_key;

#[derive(Debug, Template)]
#[template(path = "message.html")]
pub struct Message<'a> {
    pub words: Words,
    pub title: &'a str,
    pub lines: Vec<&'a str>,
    /// Addresses of the receipts of what was just recorded.
    pub receipts: Vec<String>,
    /// Address and words of a button.
    pub link: Option<(String, &'a str)>,
}

/// A link that opens nothing: unknown, expired and foreign ones get this same page.
#[derive(Debug, Template)]
#[template(path = "gone.html")]
pub struct Gone<'a> {
    pub words: Words,
    pub action: &'a str,
}

/// Between a plain post and its record, where a robot is to be kept busy.
#[derive(Debug, Template)]
#[template(path = "wait.html")]
pub struct Wait<'a> {
    pub words: Words,
    pub controller: &'a str,
    pub action: String,
    /// The ticket and the member that it travels in.
    pub name: &'a str,
    pub ticket: String,
    /// How long to wait.
    pub text: String,
    /// It was pressed too early.
    pub early: Option<String>,
    /// The page stands in a frame.
    pub embedded: bool,
}

#[derive(Debug, Template)]
#[template(path = "ask.html")]
pub struct Ask<'a> {
    pub words: Words,
    pub invalid: bool,
    /// What was typed, to be mended.
    pub typed: &'a str,
}

/// A purpose in its published words.
#[derive(Debug)]
pub struct PurposeWords {
    pub id: String,
    pub statement: String,
    pub notes: Vec<String>,
    /// The words of the box beside it, where one can object.
    pub objection: Option<String>,
}

impl PurposeWords {
    pub fn of(form: &PublishedForm, purpose: &str) -> Self {
        let text = |suffix: &str| form.displayed(&format!("purpose.{purpose}{suffix}"));
        Self {
            id: purpose.to_owned(),
            statement: text("").unwrap_or_else(|| purpose.to_owned()),
            notes: [".details", ".interest"].into_iter().filter_map(text).collect(),
            objection: text(".objection"),
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "confirm.html")]
pub struct Confirm<'a> {
    pub words: Words,
    pub controller: &'a str,
    pub action: &'a str,
    pub given: Vec<PurposeWords>,
    pub informed: Vec<PurposeWords>,
    pub objected: Vec<PurposeWords>,
    pub held: Vec<PurposeWords>,
    pub controller_line: String,
    pub withdrawal: String,
    pub policy: String,
    pub policy_url: &'a str,
    /// Nothing was ticked where something had to be.
    pub empty: bool,
}

/// A purpose, where it stands, and what can be done about it.
#[derive(Debug)]
pub struct Standing {
    pub id: String,
    pub statement: String,
    pub notes: Vec<String>,
    pub state_key: &'static str,
    pub can_withdraw: bool,
    pub can_object: bool,
}

impl Standing {
    fn of(app: &App, dossier: &Dossier, purpose: &PurposeId, standing: &state::Standing) -> Self {
        let PurposeWords {
            id, statement, notes, ..
        } = PurposeWords::of(&dossier.lead().form, purpose.as_str());
        Self {
            id,
            statement,
            notes,
            state_key: state_key(dossier.person(), standing, app.clock.now()),
            can_withdraw: can_withdraw_alone(standing),
            can_object: can_object_alone(standing),
        }
    }

    pub fn all(app: &App, dossier: &Dossier) -> Vec<Self> {
        dossier
            .standings()
            .map(|(purpose, standing)| Self::of(app, dossier, purpose, standing))
            .collect()
    }

    /// Those that were a choice: a service is no choice to be listed beside them.
    pub fn choices(app: &App, dossier: &Dossier) -> Vec<Self> {
        let is_choice = |standing: &state::Standing| {
            let objected = standing.state == state::State::Objected;
            standing.basis.is_consent() || objected || can_object_alone(standing)
        };
        dossier
            .standings()
            .filter(|(_, standing)| is_choice(standing))
            .map(|(purpose, standing)| Self::of(app, dossier, purpose, standing))
            .collect()
    }
}

#[derive(Debug, Template)]
#[template(path = "manage.html")]
pub struct Manage<'a> {
    pub words: Words,
    pub controller: &'a str,
    pub service: &'a str,
    pub date: &'a str,
    pub action: &'a str,
    pub standings: Vec<Standing>,
    pub receipt: String,
    pub done: bool,
    /// The receipt of what was just done.
    pub done_receipt: Option<String>,
    /// Whether there is an address for the link to everything else.
    pub mailable: bool,
}

#[derive(Debug, Template)]
#[template(path = "thanks.html")]
pub struct Thanks<'a> {
    pub words: Words,
    pub title: &'a str,
    pub controller: &'a str,
    pub lines: Vec<&'a str>,
    pub download: Option<String>,
    /// Where the request for a confirmation is sent once more.
    pub resend: Option<String>,
    pub standings: Vec<Standing>,
    pub receipt: String,
    pub manage: String,
    pub date: String,
    pub fingerprint: String,
    /// The page stands in a frame: its links lead out of it.
    pub embedded: bool,
}

/// One step of the verification, in a lay person's words.
#[derive(Debug)]
pub struct CheckLine {
    pub key: String,
    pub outcome_key: &'static str,
    pub class: &'static str,
}

#[derive(Debug, Template)]
#[template(path = "hosted.html")]
pub struct Hosted<'a> {
    pub words: Words,
    pub title: &'a str,
    pub controller: &'a str,
    pub language: &'a str,
    pub source: String,
    /// Rendered and escaped by the widget's own views.
    pub form: String,
    /// The theme's style sheet.
    pub theme: Option<String>,
    /// The form changed while the page was open.
    pub changed: bool,
    /// The page stands in a frame: no brand of its own, and the height is told.
    pub embedded: bool,
}

#[derive(Debug, Template)]
#[template(path = "mailbox.html")]
pub struct Mailbox {
    pub words: Words,
    pub letters: Vec<Letter>,
}

#[derive(Debug)]
pub struct Letter {
    pub subject: String,
    pub from: String,
    pub to: String,
    pub date: String,
    pub blocks: Vec<Block>,
    pub recorded: Option<String>,
}

/// A section of a mail: what it is about, and one button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailPart {
    pub title: String,
    pub lead: String,
    /// Published words of purposes.
    pub items: Vec<Quoted>,
    /// What follows from them.
    pub then: Vec<String>,
    pub button: &'static str,
    pub address: String,
    pub note: String,
}

#[derive(Debug, Template)]
#[template(path = "mail.txt")]
pub struct MailText<'a> {
    pub words: Words,
    pub parts: &'a [MailPart],
    pub reason: &'a Quoted,
    pub controller_line: &'a Quoted,
    pub manage: Option<&'a str>,
}

#[derive(Debug, Template)]
#[template(path = "mail.html")]
pub struct MailHtml<'a> {
    pub words: Words,
    pub subject: &'a str,
    pub controller: &'a str,
    pub parts: &'a [MailPart],
    pub reason: &'a Quoted,
    pub controller_line: &'a Quoted,
    pub manage: Option<&'a str>,
}

/// The first bytes of a digest in groups that can be read aloud: `4F2A 91C7 0E5D`.
pub fn fingerprint(digest: &[u8]) -> String {
    let group = |pair: &[u8]| pair.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
    digest
        .iter()
        .copied()
        .take(6)
        .collect::<Vec<_>>()
        .chunks(2)
        .map(group)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_read_aloud() {
        assert_eq!(
            fingerprint(&[0x4f, 0x2a, 0x91, 0xc7, 0x0e, 0x5d, 1, 2]),
            "4F2A 91C7 0E5D"
        );
    }
}

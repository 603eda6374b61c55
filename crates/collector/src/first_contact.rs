//! The first contact for a promotional purpose: the foot of the first message, and the words of the first call, with what law asks to
//! say then (GDPR Art. 14 and 21(4); ePrivacy Art. 13(4); national rules as notes). Made from a definition, in each of its languages.
//! Refuses a purpose that promotes nothing or contacts nobody. Read next: `first_contact/notes.rs`; docs/first-contact.md.

use candor_definition::{Definition, Ground, Language, Party, Purpose, compile};
use candor_record::term::{Channel, Kind, PartyRole};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use crate::{catalog::Words, typography::spaced};

mod notes;
pub mod page;

pub use notes::Note;

/// How the contact is made.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'c> {
    /// Where the collector is reached; without it the definition's own ways to object.
    pub public_url: Option<&'c str>,
    /// Where the data come from, where it is not the form: then Art. 14 asks for more.
    pub source: Option<&'c str>,
    /// Whether calls are recorded.
    pub recorded: bool,
    /// The day whose law counts.
    pub day: Date,
}

/// What to say at the first contact for one purpose in one language.
#[derive(Debug, Clone, Serialize)]
pub struct FirstContact {
    pub form: String,
    pub purpose: String,
    pub language: String,
    pub channel: &'static str,
    /// Of a message; calls have one for the message that confirms them.
    pub footer: Footer,
    /// Of a call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub script: Option<Vec<Line>>,
    /// For whoever makes the contact: what their country's law asks besides.
    pub notes: Vec<Note>,
}

/// The foot of a message.
#[derive(Debug, Clone, Serialize)]
pub struct Footer {
    /// Paragraphs with an empty line between them.
    pub text: String,
    /// The same for a message in HTML.
    pub html: String,
    /// One line, where a message is counted by its characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short: Option<String>,
    #[serde(skip)]
    pub parts: Vec<Part>,
}

/// One paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Art. 21(4): clearly, and apart from all else.
    pub apart: bool,
    pub title: Option<String>,
    pub sentences: Vec<Sentence>,
}

/// Words, and the address that they end with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    pub words: String,
    pub link: Option<Link>,
}

/// An address as it is read, and as it is followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub shown: String,
    pub target: String,
}

/// A line of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    pub step: Step,
    pub say: String,
}

/// When a line is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Before anything else.
    AtOnce,
    Source,
    /// Where the call rests on a consent, which can be taken back here and now.
    Consent,
    Objection,
    /// Before the recording begins.
    Recording,
    Where,
    /// When the person says no; then it is recorded, and nobody calls again.
    IfNo,
}

/// Every promotional purpose that contacts people.
pub fn promotional(definition: &Definition) -> impl Iterator<Item = &Purpose> {
    let contacts = |purpose: &&Purpose| purpose.kind() == Kind::Promotional && purpose.channel != Channel::None;
    definition.purposes().iter().filter(contacts)
}

/// What to say at the first contact; `None` for a purpose that promotes nothing or contacts nobody.
pub fn first_contact(
    definition: &Definition,
    purpose: &Purpose,
    language: &Language,
    circumstances: &Circumstances<'_>,
) -> Option<FirstContact> {
    promotional(definition).find(|known| known.id == purpose.id)?;
    let said = Said::new(definition, purpose, language, circumstances);
    let parts = said.footer(circumstances);
    let is_short = matches!(purpose.channel, Channel::Sms | Channel::Messaging);
    Some(FirstContact {
        form: definition.id().to_owned(),
        purpose: purpose.id.to_string(),
        language: language.as_str().to_owned(),
        channel: purpose.channel.as_str(),
        footer: Footer {
            text: page::text(&parts),
            html: page::fragment(&said.words, language.as_str(), &parts)?,
            short: is_short.then(|| said.short()),
            parts,
        },
        script: (purpose.channel == Channel::Phone).then(|| said.script(circumstances)),
        notes: notes::of(definition, purpose, circumstances.day),
    })
}

/// What a definition says in one language, with the words around it.
struct Said<'d> {
    words: Words,
    definition: &'d Definition,
    purpose: &'d Purpose,
    language: &'d Language,
    compiled: Value,
}

impl<'d> Said<'d> {
    fn new(
        definition: &'d Definition,
        purpose: &'d Purpose,
        language: &'d Language,
        circumstances: &Circumstances<'_>,
    ) -> Self {
        Self {
            words: Words::of(language.as_str()),
            definition,
            purpose,
            language,
            compiled: compile(definition, language, circumstances.public_url).json().clone(),
        }
    }

    /// A text of the form.
    fn text(&self, reference: &str) -> Option<String> {
        let texts = self.compiled["texts"].as_array()?;
        let found = texts.iter().find(|text| text["ref"] == reference)?;
        found["text"].as_str().map(spaced)
    }

    fn plain(&self, reference: &str) -> Option<Sentence> {
        self.text(reference).map(|words| Sentence { words, link: None })
    }

    /// Words of the catalog with one thing filled in.
    fn fill(&self, key: &str, name: &str, value: &str) -> Sentence {
        Sentence {
            words: self.words.fill(key, name, value),
            link: None,
        }
    }

    /// Words of the catalog that end with an address.
    fn link(&self, key: &str, link: Link) -> Sentence {
        let words = self.words.get(key).replace("{link}", "");
        Sentence {
            words: words.trim_end().to_owned(),
            link: Some(link),
        }
    }

    /// Parties of the purpose, by name.
    fn names(&self, wanted: impl Fn(&Party) -> bool) -> String {
        let parties = self
            .purpose
            .recipients
            .iter()
            .filter_map(|id| self.definition.party(id));
        let names = parties.filter(|party| wanted(party));
        let names = names.map(|party| party.name.in_language(self.language));
        names.collect::<Vec<_>>().join(", ")
    }

    /// Who makes the contact: of what is shared those who get it, or else the controllers.
    fn sender(&self) -> String {
        match self.purpose.shares() {
            true => self.names(|party| party.role == PartyRole::Recipient),
            false => self.names(Party::is_controller),
        }
    }

    /// Where the data come from, where it is not the sender's own form: a partner has them from the controller.
    fn source(&self, circumstances: &Circumstances<'_>) -> Option<String> {
        let shared = || format!("{} – {}", self.names(Party::is_controller), self.form());
        let stated = circumstances.source.map(str::to_owned);
        stated.or_else(|| self.purpose.shares().then(shared))
    }

    /// Where people object and withdraw: the collector's page, which mails a link to whoever asks, or what the definition says.
    fn manage(&self) -> Link {
        let way = &self.compiled["record"]["withdrawal"];
        match (way["url"].as_str(), way["email"].as_str()) {
            (Some(url), _) => Link {
                shown: url.to_owned(),
                target: url.to_owned(),
            },
            (None, email) => {
                let email = email.unwrap_or_default();
                Link {
                    shown: email.to_owned(),
                    target: format!("mailto:{email}"),
                }
            }
        }
    }

    fn policy(&self) -> Link {
        let url = self.definition.policy().url.in_language(self.language).to_owned();
        Link {
            shown: url.clone(),
            target: url,
        }
    }

    fn form(&self) -> String {
        spaced(self.definition.title().in_language(self.language))
    }

    /// Labels of the fields that serve the purpose.
    fn fields(&self) -> String {
        let fields = self.definition.fields_of(&self.purpose.id);
        let labels = fields.filter(|field| !field.is_hidden());
        let labels: Vec<&str> = labels.map(|field| field.label.in_language(self.language)).collect();
        labels.join(", ")
    }

    fn footer(&self, circumstances: &Circumstances<'_>) -> Vec<Part> {
        let plain = |sentences: Vec<Option<Sentence>>| Part {
            apart: false,
            title: None,
            sentences: sentences.into_iter().flatten().collect(),
        };
        let reference = format!("purpose.{}", self.purpose.id);
        let is_consent = matches!(self.purpose.ground, Ground::Consent(_));
        let source = self.source(circumstances);
        let opening = match &source {
            None => vec![
                Some(self.fill("first_commercial", "name", &self.sender())),
                Some(self.fill("first_source", "form", &self.form())),
            ],
            Some(source) => vec![
                Some(self.fill("first_commercial", "name", &self.sender())),
                Some(self.fill("first_source_elsewhere", "source", source)),
                Some(self.fill("first_data", "fields", &self.fields())),
                self.plain(&reference),
                self.plain(&format!("{reference}.interest")),
            ],
        };
        let mut rights = vec![self.link("first_object", self.manage())];
        if is_consent {
            rights.push(self.link("first_withdraw", self.manage()));
        }
        let elsewhere = |reference: &str| source.as_ref().and_then(|_| self.plain(reference));
        let policy = self.text("policy").map(|words| Sentence {
            words: format!("{words}{}", self.words.get("colon")),
            link: Some(self.policy()),
        });
        vec![
            plain(opening),
            Part {
                apart: true,
                title: Some(self.words.get("first_object_title").to_owned()),
                sentences: rights,
            },
            plain(vec![
                self.plain("controller"),
                elsewhere("recipients"),
                elsewhere("retention"),
                self.plain("rights"),
                self.plain("complaint"),
                policy,
            ]),
        ]
    }

    fn short(&self) -> String {
        let words = self.words.fill("first_sms", "name", &self.sender());
        words.replace("{link}", &self.manage().shown)
    }

    fn script(&self, circumstances: &Circumstances<'_>) -> Vec<Line> {
        let line = |step, say: String| Line { step, say };
        let mut lines = vec![
            // The caller puts their own name there.
            line(Step::AtOnce, self.words.fill("call_hello", "name", &self.sender())),
            match &self.source(circumstances) {
                None => line(Step::Source, self.words.fill("call_source", "form", &self.form())),
                Some(source) => line(Step::Source, self.words.fill("call_source_elsewhere", "source", source)),
            },
        ];
        if matches!(self.purpose.ground, Ground::Consent(_)) {
            lines.push(line(Step::Consent, self.words.get("call_agreed").to_owned()));
        }
        lines.push(line(Step::Objection, self.words.get("call_object").to_owned()));
        if circumstances.recorded {
            lines.push(line(Step::Recording, self.words.get("call_recorded").to_owned()));
        }
        lines.push(line(
            Step::Where,
            self.words.fill("call_where", "link", &self.policy().shown),
        ));
        lines.push(line(Step::IfNo, self.words.get("call_no").to_owned()));
        lines
    }
}

#[cfg(test)]
mod tests;

//! The first contact for a promotional purpose: the foot of the first message, and the words of the first call, with what law asks to
//! say then (GDPR Art. 14 and 21(4); ePrivacy Art. 13(4); national rules as notes). Made from a definition, in each of its languages.
//! A partner that gets the data says it in its own name. Refuses a purpose that promotes nothing or contacts nobody.
//! Read next: `first_contact/partner.rs`; `first_contact/notes.rs`; docs/first-contact.md.

use candor_definition::{Definition, Ground, Language, Party, Purpose, compile};
use candor_record::term::{Channel, Kind};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use crate::{catalog::Words, typography::spaced};

mod notes;
pub mod page;
mod partner;

pub use notes::{Note, NoteKind};
pub use partner::Partner;

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
    /// Who writes or calls, where it is not the controller of the form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<Partner>,
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
    /// Where else it ends: with whoever passed the number on.
    AtSource,
    /// Before the recording begins.
    Recording,
    /// How a partner is reached.
    Reach,
    Where,
    /// When the person says no; then it is recorded, and nobody calls again.
    IfNo,
}

/// Every promotional purpose that contacts people.
pub fn promotional(definition: &Definition) -> impl Iterator<Item = &Purpose> {
    let contacts = |purpose: &&Purpose| purpose.kind() == Kind::Promotional && purpose.channel != Channel::None;
    definition.purposes().iter().filter(contacts)
}

/// What to say at the first contact: one text, or one for each partner that gets the data. Nothing for a purpose that promotes nothing or
/// contacts nobody.
pub fn first_contact(
    definition: &Definition,
    purpose: &Purpose,
    language: &Language,
    circumstances: &Circumstances<'_>,
) -> Vec<FirstContact> {
    if !promotional(definition).any(|known| known.id == purpose.id) {
        return Vec::new();
    }
    let partners: Vec<&Party> = partner::all(definition, purpose).collect();
    // What is shared has a purpose of its own, under which the controller does not write; where a partner gets data and no operation
    // says so, both may.
    let own = (partners.is_empty() || !purpose.shares()).then_some(None);
    let senders = own.into_iter().chain(partners.into_iter().map(Some));
    let said = |partner| Said::new(definition, purpose, language, circumstances, partner);
    senders
        .filter_map(|partner| said(partner).contact(circumstances))
        .collect()
}

/// What a definition says in one language, with the words around it.
struct Said<'d> {
    words: Words,
    definition: &'d Definition,
    purpose: &'d Purpose,
    language: &'d Language,
    compiled: Value,
    /// Who speaks, where it is not the controller of the form.
    partner: Option<&'d Party>,
}

impl<'d> Said<'d> {
    fn new(
        definition: &'d Definition,
        purpose: &'d Purpose,
        language: &'d Language,
        circumstances: &Circumstances<'_>,
        partner: Option<&'d Party>,
    ) -> Self {
        Self {
            words: Words::of(language.as_str()),
            definition,
            purpose,
            language,
            compiled: compile(definition, language, circumstances.public_url).json().clone(),
            partner,
        }
    }

    fn contact(&self, circumstances: &Circumstances<'_>) -> Option<FirstContact> {
        let parts = match self.partner {
            None => self.footer(circumstances),
            Some(partner) => self.partner_footer(partner, circumstances),
        };
        let short = || match self.partner {
            None => self.short(),
            Some(partner) => self.partner_short(partner),
        };
        let script = || match self.partner {
            None => self.script(circumstances),
            Some(partner) => self.partner_script(partner, circumstances),
        };
        let channel = self.purpose.channel;
        Some(FirstContact {
            form: self.definition.id().to_owned(),
            purpose: self.purpose.id.to_string(),
            language: self.language.as_str().to_owned(),
            channel: channel.as_str(),
            partner: self.partner.map(|party| Partner::of(party, self.language)),
            footer: Footer {
                text: page::text(&parts),
                html: page::fragment(&self.words, self.language.as_str(), &parts)?,
                short: matches!(channel, Channel::Sms | Channel::Messaging).then(short),
                parts,
            },
            script: (channel == Channel::Phone).then(script),
            notes: self.notes(circumstances.day),
        })
    }

    fn notes(&self, day: Date) -> Vec<Note> {
        let address = &self.manage().target;
        let is_whole = address.contains("://") || address.len() > "mailto:".len() && address.starts_with("mailto:");
        let unreachable = (!is_whole).then(notes::unreachable);
        let known = notes::of(self.definition, self.purpose, self.partner, self.language, day);
        unreachable.into_iter().chain(known).collect()
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

    /// Controllers of the form that the purpose names.
    fn controllers(&self) -> impl Iterator<Item = &'d Party> {
        let definition = self.definition;
        let parties = self.purpose.recipients.iter().filter_map(|id| definition.party(id));
        parties.filter(|party| party.is_controller())
    }

    /// Who makes the contact.
    fn sender(&self) -> String {
        match self.partner {
            Some(partner) => partner.name.in_language(self.language).to_owned(),
            None => self.controller_names(),
        }
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

    /// The policy of whoever speaks, where a message can carry its address.
    fn policy(&self) -> Option<Link> {
        let address = match self.partner {
            Some(partner) => partner::policy(partner)?,
            None => {
                let site = self.controllers().find_map(|party| party.url.as_deref());
                whole(self.definition.policy().url.in_language(self.language), site)?
            }
        };
        Some(Link {
            shown: address.clone(),
            target: address,
        })
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
        let source = circumstances.source;
        let opening = match source {
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
        let elsewhere = |reference: &str| source.and_then(|_| self.plain(reference));
        vec![
            plain(opening),
            self.apart(rights),
            plain(vec![
                self.plain("controller"),
                elsewhere("recipients"),
                elsewhere("retention"),
                self.plain("rights"),
                self.plain("complaint"),
                self.policy_sentence(),
            ]),
        ]
    }

    /// The right to object stands by itself: Art. 21(4).
    fn apart(&self, rights: Vec<Sentence>) -> Part {
        Part {
            apart: true,
            title: Some(self.words.get("first_object_title").to_owned()),
            sentences: rights,
        }
    }

    fn policy_sentence(&self) -> Option<Sentence> {
        Some(Sentence {
            words: format!("{}{}", self.text("policy")?, self.words.get("colon")),
            link: Some(self.policy()?),
        })
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
            match circumstances.source {
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
        if let Some(policy) = self.policy() {
            lines.push(line(Step::Where, self.words.fill("call_where", "link", &policy.shown)));
        }
        lines.push(line(Step::IfNo, self.words.get("call_no").to_owned()));
        lines
    }
}

/// An address that can be followed from a message: a path of a site says nothing there without the site.
fn whole(address: &str, site: Option<&str>) -> Option<String> {
    if !address.starts_with('/') {
        return Some(address.to_owned());
    }
    let (scheme, rest) = site?.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    Some(format!("{scheme}://{host}{address}"))
}

#[cfg(test)]
mod tests;

//! The first contact that a partner makes: who got the data from somebody else says in its own name who it is, whence the data come, on
//! which consent, and how to end it, with itself and at the source (GDPR Art. 14(1)-(2) and 21(4); CNIL on data passed to partners).
//! Refuses to speak of what no definition knows of a partner: that is a note to whoever prints the text, never a guess.

use candor_definition::{Definition, Ground, Language, Party, Purpose, partner_words};
use candor_record::term::PartyRole;
use serde::Serialize;

use super::{Circumstances, Line, Link, Note, NoteKind, Part, Said, Sentence, Step, whole};
use crate::typography::spaced;

/// A partner that makes the contact in its own name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Partner {
    /// Of the party, in the definition.
    pub id: String,
    pub name: String,
}

impl Partner {
    pub(super) fn of(party: &Party, language: &Language) -> Self {
        Self {
            id: party.id.to_string(),
            name: party.name.in_language(language).to_owned(),
        }
    }
}

/// Who gets the data of a purpose for ends of their own.
pub(super) fn all<'d>(definition: &'d Definition, purpose: &'d Purpose) -> impl Iterator<Item = &'d Party> {
    let parties = purpose.recipients.iter().filter_map(move |id| definition.party(id));
    parties.filter(|party| party.role == PartyRole::Recipient)
}

/// The address of its policy, where a message can carry it.
pub(super) fn policy(party: &Party) -> Option<String> {
    whole(party.policy.as_deref()?, party.url.as_deref())
}

const GDPR: &str = "https://eur-lex.europa.eu/eli/reg/2016/679/oj";

/// What the text of a partner lacks, because the definition does not say it.
pub(super) fn missing(party: &Party, language: &Language) -> Vec<Note> {
    let (id, name) = (&party.id, party.name.in_language(language));
    let note = |en: String, fr: String, source: &str| Note {
        kind: NoteKind::Missing,
        en,
        fr: spaced(&fr),
        source: source.to_owned(),
        link: GDPR.to_owned(),
    };
    let mut notes = Vec::new();
    let is_reached = party.email.is_some() || party.phone.is_some() || party.address.is_some() || party.url.is_some();
    if !is_reached {
        notes.push(note(
            format!(
                "The party “{id}” ({name}) has no e-mail, telephone, postal address or site in the definition, so this text does not say how to reach it. Whoever has data from somebody else gives its own contact details. Add “email” or “address” to that party, and publish the form again."
            ),
            format!(
                "La partie « {id} » ({name}) n’a ni e‑mail, ni téléphone, ni adresse postale, ni site dans la définition : ce texte ne dit donc pas comment la joindre. Qui tient des données d’un autre donne ses propres coordonnées. Ajoutez « email » ou « address » à cette partie, puis publiez de nouveau le formulaire."
            ),
            "GDPR Art. 14(1)(a)",
        ));
    }
    if policy(party).is_none() {
        let (en, fr) = match &party.policy {
            None => (
                format!("The party “{id}” ({name}) has no “policy” in the definition"),
                format!("La partie « {id} » ({name}) n’a pas de « policy » dans la définition"),
            ),
            Some(path) => (
                format!(
                    "The “policy” of the party “{id}” ({name}) is “{path}”, a path that leads nowhere from a message"
                ),
                format!(
                    "La « policy » de la partie « {id} » ({name}) est « {path} », un chemin qui ne mène nulle part depuis un message"
                ),
            ),
        };
        notes.push(note(
            format!(
                "{en}, so this text does not say where its recipients, its retention and the rest of its notice stand. Write the whole address of its own privacy policy, https://…, as “policy” of that party, and publish the form again."
            ),
            format!(
                "{fr} : ce texte ne dit donc pas où lire ses destinataires, ses durées et le reste de sa notice. Écrivez l’adresse entière de sa propre politique de confidentialité, https://…, comme « policy » de cette partie, puis publiez de nouveau le formulaire."
            ),
            "GDPR Art. 14(1); GDPR Art. 14(2)",
        ));
    }
    notes
}

impl Said<'_> {
    pub(super) fn partner_footer(&self, partner: &Party, circumstances: &Circumstances<'_>) -> Vec<Part> {
        let plain = |sentences: Vec<Option<Sentence>>| Part {
            apart: false,
            title: None,
            sentences: sentences.into_iter().flatten().collect(),
        };
        let said = |words: String| Sentence {
            words: spaced(&words),
            link: None,
        };
        let own = partner_words(self.definition, self.language, self.purpose, partner);
        let mut opening = vec![
            Some(self.fill("first_commercial", "name", &self.sender())),
            Some(said(own.controller)),
            Some(self.fill("first_source_elsewhere", "source", &self.origin(circumstances, true))),
        ];
        if circumstances.source.is_none() {
            opening.push(Some(self.fill("first_source", "form", &self.form())));
        }
        opening.push(Some(self.fill("first_data", "fields", &self.fields())));
        opening.extend(self.grounds().into_iter().map(Some));
        let at_source = match self.purpose.ground {
            Ground::Consent(_) => "first_withdraw",
            _ => "first_object_source",
        };
        let mut rights = vec![self.reach("first_object", partner)];
        // Without a way to the partner both would be the same address.
        if way(partner, self.language).is_some() || at_source == "first_withdraw" {
            rights.push(self.link(at_source, self.manage()));
        }
        vec![
            plain(opening),
            self.apart(rights),
            plain(vec![
                own.abroad.map(said),
                own.rights.map(said),
                self.plain("complaint"),
                self.policy().map(|policy| self.link("first_more", policy)),
            ]),
        ]
    }

    pub(super) fn partner_short(&self, partner: &Party) -> String {
        let contact = way(partner, self.language).map_or_else(|| self.manage().shown, |way| way.shown);
        let words = self.words.fill("first_sms_partner", "name", &self.sender());
        let words = words.replace("{source}", &self.controller_names());
        let words = words.replace("{link}", &contact);
        match self.policy_sentence() {
            Some(Sentence {
                words: policy,
                link: Some(link),
            }) => format!("{words} – {policy} {}", link.shown),
            _ => words,
        }
    }

    pub(super) fn partner_script(&self, partner: &Party, circumstances: &Circumstances<'_>) -> Vec<Line> {
        let origin = self
            .words
            .fill("call_source_elsewhere", "source", &self.origin(circumstances, false));
        let source = match circumstances.source {
            Some(_) => origin,
            None => one_after_the_other(&origin, &self.words.fill("call_source", "form", &self.form())),
        };
        let mut lines = vec![
            // The caller puts their own name there.
            (Step::AtOnce, self.words.fill("call_hello", "name", &self.sender())),
            (Step::Source, source),
        ];
        if matches!(self.purpose.ground, Ground::Consent(_)) {
            let date = self.words.get("first_consent_date");
            lines.push((Step::Consent, one_after_the_other(date, self.words.get("call_agreed"))));
        }
        lines.push((Step::Objection, self.words.get("call_object").to_owned()));
        lines.push((
            Step::AtSource,
            self.words.fill("first_object_source", "link", &self.manage().shown),
        ));
        if circumstances.recorded {
            lines.push((Step::Recording, self.words.get("call_recorded").to_owned()));
        }
        if let Some(way) = way(partner, self.language) {
            lines.push((Step::Reach, self.words.fill("call_reach", "contact", &way.shown)));
        }
        if let Some(policy) = self.policy() {
            lines.push((Step::Where, self.words.fill("call_where", "link", &policy.shown)));
        }
        lines.push((Step::IfNo, self.words.get("call_no").to_owned()));
        lines.into_iter().map(|(step, say)| Line { step, say }).collect()
    }

    /// On what the contact rests: the consent in its words and its day, or the interest. Whoever sends puts the day there.
    fn grounds(&self) -> Vec<Sentence> {
        let reference = format!("purpose.{}", self.purpose.id);
        let statement = self.text(&reference).unwrap_or_default();
        let words = |key: &str| Sentence {
            words: self.words.get(key).to_owned(),
            link: None,
        };
        match self.purpose.ground {
            Ground::Consent(_) => vec![
                self.fill("first_consent", "statement", &statement),
                words("first_consent_date"),
            ],
            _ => [self.plain(&reference), self.plain(&format!("{reference}.interest"))]
                .into_iter()
                .flatten()
                .chain([words("first_collected_date")])
                .collect(),
        }
    }

    /// Words of the catalog that end with the way to a partner; without one the page of the source, which passes an end on.
    fn reach(&self, key: &str, partner: &Party) -> Sentence {
        match way(partner, self.language) {
            Some(Way {
                shown,
                target: Some(target),
            }) => self.link(key, Link { shown, target }),
            Some(Way { shown, target: None }) => self.fill(key, "link", &shown),
            None => self.link(key, self.manage()),
        }
    }

    /// Whence the partner has the data: the controllers of the form, and what they themselves have them from.
    fn origin(&self, circumstances: &Circumstances<'_>, in_full: bool) -> String {
        let names = match in_full {
            true => self.sources().join(" · "),
            false => self.controller_names(),
        };
        match circumstances.source {
            Some(source) => format!("{names} – {source}"),
            None => names,
        }
    }

    pub(super) fn controller_names(&self) -> String {
        let names = self.controllers().map(|party| party.name.in_language(self.language));
        names.collect::<Vec<_>>().join(", ")
    }

    /// Each with its addresses: people object there too.
    fn sources(&self) -> Vec<String> {
        let in_full = |party: &Party| {
            let address = party.address.as_ref().map(|address| address.in_language(self.language));
            let parts = [
                Some(party.name.in_language(self.language)),
                address,
                party.email.as_deref(),
            ];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        };
        self.controllers().map(in_full).collect()
    }
}

/// A way to reach somebody: as it is read, and as it is followed, where it can be.
struct Way {
    shown: String,
    target: Option<String>,
}

/// The way that costs a person least.
fn way(party: &Party, language: &Language) -> Option<Way> {
    let to = |shown: &str, target: String| Way {
        shown: shown.to_owned(),
        target: Some(target),
    };
    let digits = |phone: &str| {
        let kept = phone
            .chars()
            .filter(|character| character.is_ascii_digit() || *character == '+');
        kept.collect::<String>()
    };
    let email = party.email.as_deref().map(|email| to(email, format!("mailto:{email}")));
    let url = || party.url.as_deref().map(|url| to(url, url.to_owned()));
    let phone = || {
        party
            .phone
            .as_deref()
            .map(|phone| to(phone, format!("tel:{}", digits(phone))))
    };
    let address = || {
        party.address.as_ref().map(|address| Way {
            shown: address.in_language(language).to_owned(),
            target: None,
        })
    };
    email.or_else(url).or_else(phone).or_else(address)
}

/// Two sentences; what ends with a name has no full stop of its own, unless the name brought one.
fn one_after_the_other(first: &str, second: &str) -> String {
    let stop = if first.ends_with(['.', '!', '?', '»', '”', '“']) {
        ""
    } else {
        "."
    };
    format!("{first}{stop} {second}")
}

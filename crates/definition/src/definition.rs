//! A form definition: what a site owner wrote, once nothing unlawful was found in it.
//!
//! The only way to make one is [`parse`](crate::parse). Read `definition/check.rs` for the rules between parts.

use candor_record::digest::Sha256Digest;
use candor_record::id::{FormId, PartyId, PurposeId};
use candor_record::term::{Audience, Control};

use crate::act::{Confirmation, Gate, OnSilence, Submit, Withdrawal};
use crate::field::Field;
use crate::language::{Language, Languages};
use crate::party::Party;
use crate::period::Period;
use crate::place::Country;
use crate::purpose::{Ground, Purpose};
use crate::text::Text;
use crate::theme::Theme;

mod check;
mod read;

pub(crate) use read::read;

/// The format id of a definition.
pub const FORMAT: &str = "candor-form/1";

/// A lawful form definition.
#[derive(Debug, Clone)]
pub struct Definition {
    id: FormId,
    languages: Languages,
    jurisdiction: Country,
    audience: Audience,
    title: Text,
    intro: Option<Text>,
    service: Text,
    parties: Vec<Party>,
    policy: Policy,
    fields: Vec<Field>,
    purposes: Vec<Purpose>,
    submit: Submit,
    gate: Option<Gate>,
    confirmation: Confirmation,
    renewal: OnSilence,
    proof_retention: Period,
    withdrawal: Option<Withdrawal>,
    automated_decisions: AutomatedDecisions,
    theme: Option<Theme>,
    json: serde_json::Value,
    digest: Sha256Digest,
}

/// The linked privacy notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Where it is: https, or a path of the same site.
    pub url: Text,
    /// Which version was linked.
    pub version: String,
    /// Digest of that version.
    pub digest: Option<Sha256Digest>,
}

/// Whether a machine decides about the person (GDPR Art. 22).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AutomatedDecisions {
    /// No.
    None,
    /// Yes, and how.
    Described(Text),
}

impl Definition {
    /// The id of the form.
    pub fn id(&self) -> &str {
        self.id.as_str()
    }

    /// The declared languages, the default first.
    pub fn languages(&self) -> impl Iterator<Item = &Language> {
        self.languages.iter()
    }

    /// The declared language with that tag.
    pub fn language(&self, tag: &str) -> Option<&Language> {
        self.languages
            .iter()
            .find(|language| language.as_str().eq_ignore_ascii_case(tag))
    }

    pub(crate) fn lookup(&self, requested: Option<&str>) -> &Language {
        requested.map_or(self.languages.first(), |requested| self.languages.lookup(requested))
    }

    /// The country of the people addressed.
    pub fn jurisdiction(&self) -> Country {
        self.jurisdiction
    }

    /// Consumers, or people in their profession.
    pub fn audience(&self) -> Audience {
        self.audience
    }

    /// The title of the form.
    pub fn title(&self) -> &Text {
        &self.title
    }

    /// A sentence under the title.
    pub fn intro(&self) -> Option<&Text> {
        self.intro.as_ref()
    }

    /// What the visitor gets.
    pub fn service(&self) -> &Text {
        &self.service
    }

    /// Everybody who has to do with the data.
    pub fn parties(&self) -> &[Party] {
        &self.parties
    }

    /// The party with that id.
    pub fn party(&self, id: &PartyId) -> Option<&Party> {
        self.parties.iter().find(|party| party.id == *id)
    }

    /// The linked privacy notice.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What the visitor types.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// What data is used for.
    pub fn purposes(&self) -> &[Purpose] {
        &self.purposes
    }

    /// The purpose with that id.
    pub fn purpose(&self, id: &str) -> Option<&Purpose> {
        self.purposes.iter().find(|purpose| purpose.id.as_str() == id)
    }

    /// The fields whose values serve a purpose.
    pub fn fields_of<'d>(&'d self, purpose: &'d PurposeId) -> impl Iterator<Item = &'d Field> {
        self.fields.iter().filter(move |field| field.purposes.contains(purpose))
    }

    /// The control of a purpose: it follows from the ground, and from whether there is anything else to choose.
    pub fn control(&self, purpose: &Purpose) -> Control {
        match purpose.ground {
            Ground::Consent(_) if self.purposes.len() == 1 => Control::Submit,
            Ground::Consent(_) => Control::Checkbox,
            Ground::Interest(_) => Control::ObjectionCheckbox,
            Ground::Service(_) => Control::None,
        }
    }

    /// The button, and what comes after it.
    pub fn submit(&self) -> &Submit {
        &self.submit
    }

    /// The file that the form opens.
    pub fn gate(&self) -> Option<&Gate> {
        self.gate.as_ref()
    }

    /// Whether a consent waits until the mailbox was proved.
    pub fn confirmation(&self) -> &Confirmation {
        &self.confirmation
    }

    /// What happens when a consent ran out and nobody answered.
    pub fn renewal(&self) -> OnSilence {
        self.renewal
    }

    /// How long sealed evidence is kept after the last purpose ended.
    pub fn proof_retention(&self) -> &Period {
        &self.proof_retention
    }

    /// Where a consent is taken back when no collector does it.
    pub fn withdrawal(&self) -> Option<&Withdrawal> {
        self.withdrawal.as_ref()
    }

    /// Whether a machine decides about the person.
    pub fn automated_decisions(&self) -> &AutomatedDecisions {
        &self.automated_decisions
    }

    /// The looks.
    pub fn theme(&self) -> Option<&Theme> {
        self.theme.as_ref()
    }

    /// The file as parsed JSON, `$schema` included.
    pub fn json(&self) -> &serde_json::Value {
        &self.json
    }

    /// The canonical digest: of the JSON without `$schema`.
    pub fn digest(&self) -> Sha256Digest {
        self.digest
    }
}

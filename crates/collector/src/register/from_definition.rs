//! From a published definition to its rows: a pure function, one row for each purpose.
//! Refuses a definition that cannot be read; a purpose is never left out.

use candor_definition::FieldType;
use jiff::civil::Date;

use super::{
    RegisterError, definition,
    definition::{Definition, Text},
    own, receivers, say,
    types::{Activity, Datum, Form, LegalBasis, Party, Policy, Retention, Source, Transfer},
};
use crate::{
    catalog::Words,
    store::{ExceptionRow, flows::CountedTarget, registry::PublishedDefinition},
};

/// A definition, read for readers of a language.
#[derive(Debug)]
pub(super) struct Reading {
    words: Words,
    pub(super) definition: Definition,
    /// The language of the definition's own words.
    language: String,
    pub(super) source: Source,
    exceptions: Vec<ExceptionRow>,
}

impl Reading {
    pub(super) fn of(words: Words, published: &PublishedDefinition) -> Result<Self, RegisterError> {
        let PublishedDefinition { form, version, .. } = published;
        let refused = |reason: String| RegisterError::Unreadable {
            form: form.clone(),
            version: version.clone(),
            reason,
        };
        let definition: Definition =
            serde_json::from_str(&published.definition).map_err(|error| refused(error.to_string()))?;
        let speaks = |tag: &&String| tag.split('-').next() == Some(words.language());
        let language = definition
            .languages
            .iter()
            .find(speaks)
            .or(definition.languages.first())
            .cloned()
            .ok_or_else(|| refused("it declares no language".into()))?;
        Ok(Self {
            words,
            definition,
            language,
            source: Source {
                form: form.clone(),
                version: version.clone(),
                published: published.published,
            },
            exceptions: published.exceptions.clone(),
        })
    }

    pub(super) fn form(&self) -> Form {
        let definition = &self.definition;
        Form {
            id: self.source.form.clone(),
            version: self.source.version.clone(),
            published: self.source.published,
            title: self.text(&definition.title),
            service: self.text(&definition.service),
            language: self.language.clone(),
            jurisdiction: definition.jurisdiction.clone(),
            audience: definition.audience.clone(),
            policy: Policy {
                url: self.text(&definition.policy.url),
                version: definition.policy.version.clone(),
            },
            exceptions: self.exceptions.clone(),
            controllers: self.parties(is_controller),
            representatives: self.parties(|party| party.role == "representative"),
            dpos: self.parties(|party| party.role == "dpo"),
        }
    }

    /// A row for each purpose, with what of its receivers had grown old by that day.
    pub(super) fn activities(&self, targets: &[CountedTarget], day: Date) -> Vec<Activity> {
        let row = |purpose: &definition::Purpose| Activity {
            receivers: receivers::of(self, &purpose.id, targets, day),
            ..self.activity(purpose)
        };
        self.definition.purposes.iter().map(row).collect()
    }

    /// Parties of that kind, in the definition's order.
    pub(super) fn parties(&self, wanted: impl Fn(&definition::Party) -> bool) -> Vec<Party> {
        let parties = self.definition.parties.iter();
        parties.filter(|party| wanted(party)).map(|it| self.party(it)).collect()
    }

    /// What the people are to the controller.
    pub(super) fn audience(&self) -> String {
        say::term(self.words, "audience", &self.definition.audience)
    }

    pub(super) fn visitors(&self) -> String {
        let title = self.text(&self.definition.title);
        self.words.fill("register_visitors", "form", &title)
    }

    pub(super) fn text(&self, text: &Text) -> String {
        text.in_language(&self.language)
    }

    fn party(&self, party: &definition::Party) -> Party {
        Party {
            role: party.role.clone(),
            name: self.text(&party.name),
            country: party.country.clone(),
            address: party.address.as_ref().map(|text| self.text(text)),
            email: party.email.clone(),
            phone: party.phone.clone(),
            url: party.url.clone(),
            sector: party.sector.as_ref().map(|text| self.text(text)),
            policy: party.policy.clone(),
            agreement: party.agreement.clone(),
        }
    }

    fn activity(&self, purpose: &definition::Purpose) -> Activity {
        let words = self.words;
        let receives = |party: &definition::Party| purpose.recipients.contains(&party.id);
        Activity {
            id: format!("{}/{}", self.source.form, purpose.id),
            purpose: purpose.id.clone(),
            statement: self.text(&purpose.statement),
            details: purpose.details.as_ref().map(|text| self.text(text)),
            category: purpose.category.clone(),
            kind: Some(purpose.kind.clone()),
            channel: purpose.channel.clone(),
            frequency: purpose.frequency.as_ref().map(|period| say::frequency(words, period)),
            basis: LegalBasis {
                interest: purpose.interest.as_ref().map(|text| self.text(text)),
                assessment: purpose.assessment.clone(),
                ..say::basis(words, &purpose.basis)
            },
            controllers: self.parties(|party| is_controller(party) && receives(party)),
            representatives: self.parties(|party| party.role == "representative"),
            dpos: self.parties(|party| party.role == "dpo"),
            people: vec![self.visitors(), self.audience()],
            data: self.data(&purpose.id),
            operations: purpose.operations.clone(),
            recipients: self.parties(|party| !is_controller(party) && receives(party)),
            receivers: Vec::new(),
            transfers: purpose
                .transfers
                .iter()
                .map(|transfer| self.transfer(transfer))
                .collect(),
            locations: purpose.storage.locations.clone(),
            retention: vec![self.retention(&purpose.storage)],
            validity: purpose
                .validity
                .as_ref()
                .map(|period| say::said_period(words, period, "register_validity_words")),
            measures: own::MEASURES.to_vec(),
            notes: Vec::new(),
            sources: vec![self.source.clone()],
        }
    }

    fn data(&self, purpose: &str) -> Vec<Datum> {
        let serves = |field: &&definition::Field| field.purposes.iter().any(|known| known == purpose);
        let fields = self.definition.fields.iter().filter(serves);
        fields
            .map(|field| Datum {
                field: Some(field.id.clone()),
                label: self.text(&field.label),
                term: data_type(&field.kind).to_owned(),
                required: Some(field.required),
            })
            .collect()
    }

    fn transfer(&self, transfer: &definition::Transfer) -> Transfer {
        Transfer {
            country: transfer.country.clone(),
            mechanism: transfer.mechanism.clone(),
            words: say::mechanism(self.words, &transfer.mechanism),
            copy: transfer.copy.clone(),
        }
    }

    fn retention(&self, storage: &definition::Storage) -> Retention {
        say::retention(self.words, Some(&storage.retention), &storage.from)
    }
}

pub(super) fn is_controller(party: &definition::Party) -> bool {
    matches!(party.role.as_str(), "controller" | "joint-controller")
}

fn data_type(kind: &str) -> &'static str {
    let known = FieldType::ALL.iter().find(|field| field.as_str() == kind);
    known.map_or("PersonalData", |field| field.data_type())
}

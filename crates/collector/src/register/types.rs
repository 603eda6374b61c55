//! The shape of the register, documented in `docs/register.md`: what is printed as JSON, and what CSV and page draw from.
//! Refuses nothing: whoever builds it has read published definitions.

use jiff::Timestamp;
use serde::Serialize;

use super::receivers::Receiver;
use crate::{catalog::Words, store::ExceptionRow};

/// The format id of a register.
pub const FORMAT: &str = "candor-register/1";

#[derive(Debug, Clone, Serialize)]
pub struct Register {
    pub format: &'static str,
    /// Of the register's own words; a form that does not speak it keeps its own.
    pub language: &'static str,
    pub at: Timestamp,
    pub forms: Vec<Form>,
    pub activities: Vec<Activity>,
    pub measures: Vec<Measure>,
    #[serde(skip)]
    pub words: Words,
}

impl Register {
    /// The security measure with that id.
    pub fn measure(&self, id: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.id == id)
    }
}

/// A published form, and who answers for it.
#[derive(Debug, Clone, Serialize)]
pub struct Form {
    pub id: String,
    pub version: String,
    pub published: Timestamp,
    pub title: String,
    pub service: String,
    /// The language of the words that come from the definition.
    pub language: String,
    pub jurisdiction: String,
    pub audience: String,
    pub policy: Policy,
    /// The rules of law that it was published against, by decision of whoever runs the server (`--allow RULE`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<ExceptionRow>,
    pub controllers: Vec<Party>,
    pub representatives: Vec<Party>,
    pub dpos: Vec<Party>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Policy {
    pub url: String,
    pub version: String,
}

/// One row of the register: a purpose of a form, or something that Candor does by itself.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Activity {
    /// `FORM/PURPOSE`, or `candor/WHAT/CONTROLLER`.
    pub id: String,
    pub purpose: String,
    pub statement: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    /// A purpose of DPV 2.3, without prefix.
    pub category: String,
    /// `mandatory`, `informational`, `promotional`; Candor's own rows have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    pub channel: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Said>,
    pub basis: LegalBasis,
    pub controllers: Vec<Party>,
    pub representatives: Vec<Party>,
    pub dpos: Vec<Party>,
    pub people: Vec<String>,
    pub data: Vec<Datum>,
    /// DPV 2.3 terms.
    pub operations: Vec<String>,
    pub recipients: Vec<Party>,
    /// Systems to which leads flow by themselves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub receivers: Vec<Receiver>,
    pub transfers: Vec<Transfer>,
    /// Countries of storage.
    pub locations: Vec<String>,
    pub retention: Vec<Retention>,
    /// How long a consent holds before the person is asked again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validity: Option<Said>,
    /// Ids of `Register::measures`.
    pub measures: Vec<&'static str>,
    /// What the reader has to know or to add.
    pub notes: Vec<String>,
    pub sources: Vec<Source>,
}

/// A term or a period, and the same in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    pub value: String,
    pub words: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct LegalBasis {
    /// As records spell it.
    pub term: String,
    /// `GDPR 6(1)(a)`, `ePrivacy 13(2)`.
    pub articles: Vec<String>,
    pub words: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interest: Option<String>,
    /// Reference of the balancing test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assessment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Party {
    pub role: String,
    pub name: String,
    pub country: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// Date of the processing contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<String>,
}

impl Party {
    /// Whether the other is this one, with nothing to add: the same party as another form names it.
    fn covers(&self, other: &Party) -> bool {
        let same = |mine: &Option<String>, theirs: &Option<String>| theirs.is_none() || mine == theirs;
        (&self.role, &self.name, &self.country) == (&other.role, &other.name, &other.country)
            && same(&self.address, &other.address)
            && same(&self.email, &other.email)
            && same(&self.phone, &other.phone)
            && same(&self.url, &other.url)
            && same(&self.sector, &other.sector)
            && same(&self.policy, &other.policy)
            && same(&self.agreement, &other.agreement)
    }

    /// Each party once, in the fullest words that there are.
    pub(super) fn distinct(parties: impl IntoIterator<Item = Party>) -> Vec<Party> {
        let mut distinct: Vec<Party> = Vec::new();
        for party in parties {
            if distinct.iter().any(|known| known.covers(&party)) {
                continue;
            }
            match distinct.iter_mut().find(|known| party.covers(known)) {
                Some(known) => *known = party,
                None => distinct.push(party),
            }
        }
        distinct
    }
}

/// A category of data; those that a form asks for name their field.
#[derive(Debug, Clone, Serialize)]
pub struct Datum {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    pub label: String,
    /// A DPV 2.3 term, without prefix.
    #[serde(rename = "type")]
    pub term: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Transfer {
    pub country: String,
    /// `A46-2-c`: GDPR Art. 46(2)(c).
    pub mechanism: String,
    pub words: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy: Option<String>,
}

/// How long, and from when; without a period it lasts until what `from` names.
#[derive(Debug, Clone, Serialize)]
pub struct Retention {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    pub from: String,
    pub words: String,
    /// The forms that it holds for, where it is not the same for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<String>,
}

/// What is done for the security of processing (Art. 32).
#[derive(Debug, Clone, Serialize)]
pub struct Measure {
    pub id: &'static str,
    pub name: String,
    pub words: String,
}

/// The definition that a row was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    pub form: String,
    pub version: String,
    pub published: Timestamp,
}

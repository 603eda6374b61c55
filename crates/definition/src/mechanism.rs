//! By which means of Chapter V of the GDPR data may leave the European Economic Area.

use crate::diagnostic::Report;
use crate::place::Country;
use crate::read::{At, Object};
use crate::{rule, web};

/// A mechanism, by its article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mechanism(&'static str);

/// GDPR Art. 45 to 49, spelled as in the DPV extension for EU law.
pub(crate) const MECHANISMS: [Mechanism; 17] = [
    Mechanism("A45-3"),
    Mechanism("A46-2-a"),
    Mechanism("A46-2-b"),
    Mechanism("A46-2-c"),
    Mechanism("A46-2-d"),
    Mechanism("A46-2-e"),
    Mechanism("A46-2-f"),
    Mechanism("A46-3-a"),
    Mechanism("A46-3-b"),
    Mechanism("A49-1-a"),
    Mechanism("A49-1-b"),
    Mechanism("A49-1-c"),
    Mechanism("A49-1-d"),
    Mechanism("A49-1-e"),
    Mechanism("A49-1-f"),
    Mechanism("A49-1-g"),
    Mechanism("A49-2"),
];

impl Mechanism {
    /// The article, for example `A46-2-c`.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

/// Data that goes to a country outside the European Economic Area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Where to.
    pub country: Country,
    /// By which means.
    pub mechanism: Mechanism,
    /// Where a copy of the safeguards can be had.
    pub copy: Option<String>,
}

/// A transfer as far as it could be read.
#[derive(Debug)]
pub(crate) struct TransferDraft {
    pub(crate) country: Option<Country>,
    pub(crate) transfer: Option<Transfer>,
}

impl TransferDraft {
    pub(crate) fn read(report: &mut Report<'_>, at: At<'_>) -> Option<Self> {
        let object = Object::open(report, at, &["country", "mechanism", "copy"])?;
        let country = object
            .required(report, "country")
            .and_then(|at| Country::read(report, &at));
        let help = "name the article that permits it, for example `A46-2-c` for standard contractual clauses";
        let mechanism = object
            .required_by(report, "mechanism", rule::TRANSFER_MECHANISM, help)
            .and_then(|at| read_mechanism(report, &at));
        let copy = object.optional("copy").and_then(|at| web::link(report, &at));
        let transfer = country.zip(mechanism).map(|(country, mechanism)| Transfer {
            country,
            mechanism,
            copy,
        });
        Some(TransferDraft { country, transfer })
    }
}

fn read_mechanism(report: &mut Report<'_>, at: &At<'_>) -> Option<Mechanism> {
    let text = at.string(report)?;
    let mechanism = MECHANISMS.into_iter().find(|mechanism| mechanism.0 == text);
    if mechanism.is_none() {
        let known: Vec<&str> = MECHANISMS.iter().map(|mechanism| mechanism.0).collect();
        let message = format!("`{text}` is not a mechanism of Chapter V");
        let help = format!("write one of {}", crate::read::list(&known));
        report.refuse(rule::TRANSFER_MECHANISM, &at.place(), message, help);
    }
    mechanism
}

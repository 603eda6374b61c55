//! Erasure as the person reads it, before and after: what goes at once, what stays sealed, and both dates.
//! Refuses to soften it: what stays is said beside what goes.

use askama::Template;

use super::{controller, service};
use crate::{
    app::App,
    catalog::Words,
    dates::date,
    erase::holds_consent,
    person::{Person, PersonSubmission},
};

/// A form, and until when its evidence stays.
#[derive(Debug)]
pub struct Ending {
    pub service: String,
    /// Of the service.
    pub language: String,
    pub date: String,
    /// `None`: nothing of it stays.
    pub sealed_until: Option<String>,
}

/// Before and after an erasure: both dates.
#[derive(Debug, Template)]
#[template(path = "erase.html")]
pub struct ErasePage {
    pub words: Words,
    pub controller: String,
    pub action: String,
    pub back: String,
    pub endings: Vec<Ending>,
    /// When it was done; `None`: not yet.
    pub done: Option<String>,
}

impl ErasePage {
    pub fn new(app: &App, person: &Person, token: &str, done: bool) -> Self {
        let words = Words::of(person.language());
        let now = app.clock.now();
        let ending = |lead: &PersonSubmission| {
            let chain = lead.stored.record.id;
            Ending {
                service: service(person, chain),
                language: lead.form.row.language.clone(),
                date: date(words, lead.stored.record.received),
                sealed_until: holds_consent(person, chain).then(|| date(words, lead.form.proof_until(now))),
            }
        };
        Self {
            words,
            controller: controller(person),
            action: format!("/m/{token}/erase"),
            back: format!("/m/{token}"),
            endings: person.submissions.iter().map(ending).collect(),
            done: done.then(|| date(words, now)),
        }
    }
}

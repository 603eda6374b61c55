//! The pages of one person, behind links that were mailed to them: choices, values, data, erasure, renewal.
//! Refuses to decide: what is offered comes from `act/offer.rs`. Read next: `http/manage.rs`, which answers with them.

use std::sync::Arc;

use askama::Template;
use candor_record::{
    id::PurposeId,
    state::{Standing, State, Waiting},
    term::{EventKind, Status},
};
use jiff::Timestamp;
use uuid::Uuid;

use super::PurposeWords;
use crate::{
    access::{ended, is_service, person_keeps_until},
    act::offer::{self, Offer},
    app::App,
    catalog::Words,
    dates::{date, moment},
    links::{LinkKind, LinkTarget},
    person::{Person, PersonEvent, chain_uuid},
    published::PublishedForm,
    typography::spaced,
};

mod data;
mod ending;
mod receipt;
mod renewal;
mod typed;
mod unsubscribe;

pub use data::DataPage;
pub use ending::ErasePage;
pub use receipt::ActReceipt;
pub use renewal::{RenewPage, Renewable};
pub use typed::{Again, Input, InputKind, Typed};
pub use unsubscribe::UnsubscribePage;

use renewal::renewable;

/// What a page says above everything else.
#[derive(Debug, Default)]
pub struct Notice {
    /// The receipts of what was just done; `None`: nothing was.
    pub done: Option<Vec<String>>,
    /// The key of what is missing.
    pub problem: Option<&'static str>,
}

/// What stands under a consent: who, how to take it back, the policy.
#[derive(Debug, PartialEq, Eq)]
pub struct Foot {
    pub language: String,
    pub controller: String,
    pub withdrawal: String,
    pub policy: String,
    pub policy_url: String,
}

impl Foot {
    fn of(form: &PublishedForm) -> Self {
        let text = |reference: &str| form.displayed(reference).unwrap_or_default();
        Self {
            language: form.row.language.clone(),
            controller: text("controller"),
            withdrawal: text("withdrawal"),
            policy: text("policy"),
            policy_url: form.json["record"]["policy"]["url"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        }
    }
}

/// One for each notice that differs.
fn feet<'a>(forms: impl Iterator<Item = &'a PublishedForm>) -> Vec<Foot> {
    let mut feet: Vec<Foot> = Vec::new();
    for foot in forms.map(Foot::of) {
        if !feet.contains(&foot) {
            feet.push(foot);
        }
    }
    feet
}

/// A purpose, where it stands, since and until when, and its one act.
#[derive(Debug)]
pub struct Line {
    pub words: PurposeWords,
    pub language: String,
    pub state_key: &'static str,
    pub dates: Vec<String>,
    pub offer: Option<Offer>,
}

impl Line {
    /// Whether the words of the objection stand there too: beside the button that lifts it, or that makes it.
    pub fn says_objection(&self) -> bool {
        matches!(self.offer, Some(Offer::Lift | Offer::Object))
    }
}

/// A submission that waits for its confirmation.
#[derive(Debug)]
pub struct WaitingChain {
    pub chain: Uuid,
    pub service: String,
    pub date: String,
    pub language: String,
    pub given: Vec<PurposeWords>,
    pub informed: Vec<PurposeWords>,
    pub objected: Vec<PurposeWords>,
    pub held: Vec<PurposeWords>,
}

#[derive(Debug, Template)]
#[template(path = "person.html")]
pub struct PersonPage {
    pub words: Words,
    pub controller: String,
    pub action: String,
    pub until: String,
    pub notice: Notice,
    pub waiting: Vec<WaitingChain>,
    pub lines: Vec<Line>,
    pub renewable: Vec<Renewable>,
    pub typed: Vec<Typed>,
    pub feet: Vec<Foot>,
}

/// The controller of the person's newest submission.
pub fn controller(person: &Person) -> String {
    let own = person.own();
    own.and_then(|lead| lead.form.controller("name"))
        .unwrap_or_default()
        .to_owned()
}

impl PersonPage {
    pub fn new(
        app: &App,
        person: &Person,
        action: String,
        until: Option<Timestamp>,
        notice: Notice,
        again: &Again,
    ) -> Self {
        let words = Words::of(person.language());
        let lines = lines(app, person, words);
        let waiting = waiting(person, words);
        let renewable = renewable(app, person, words);
        let typed = person.submissions.iter().enumerate().rev();
        Self {
            words,
            controller: controller(person),
            action,
            until: until.map(|at| moment(words, at)).unwrap_or_default(),
            notice,
            waiting,
            renewable,
            typed: typed
                .map(|(number, lead)| Typed::new(app, person, words, number, lead, again))
                .collect(),
            feet: feet(forms_shown(person, &lines).iter().map(Arc::as_ref)),
            lines,
        }
    }
}

/// The forms whose notices stand under the page.
fn forms_shown(person: &Person, lines: &[Line]) -> Vec<Arc<PublishedForm>> {
    let given = lines.iter().filter_map(|line| match &line.offer {
        Some(Offer::Give(offer)) => Some(Arc::clone(&offer.form)),
        _ => None,
    });
    let own = person.submissions.iter().map(|lead| Arc::clone(&lead.form));
    given.chain(own).collect()
}

/// Purposes in the order of the newest form that names them.
pub fn ordered(person: &Person) -> Vec<(&PurposeId, &Standing)> {
    let mut ordered: Vec<(&PurposeId, &Standing)> = Vec::new();
    let newest_first = person.submissions.iter().rev();
    let named = newest_first
        .filter_map(|lead| person.first(lead.stored.record.id))
        .flat_map(|first| &first.processes);
    for process in named {
        let known = ordered.iter().any(|(purpose, _)| **purpose == process.purpose);
        let found = person
            .state
            .purposes()
            .find(|(purpose, _)| **purpose == process.purpose);
        // What was never shown is nothing to the person.
        if let Some(entry) = found.filter(|(_, standing)| !known && standing.state != State::NotShown) {
            ordered.push(entry);
        }
    }
    ordered
}

fn lines(app: &App, person: &Person, words: Words) -> Vec<Line> {
    let line = |(purpose, standing): (&PurposeId, &Standing)| {
        let offer = offer::offer(app, person, purpose);
        let lead = chain_uuid(&standing.chain).and_then(|chain| person.submission(chain))?;
        // What is given anew is given in the words of today.
        let form = match &offer {
            Some(Offer::Give(offer)) => &offer.form,
            _ => person.form_of(lead, purpose),
        };
        Some(Line {
            words: PurposeWords::of(form, purpose.as_str()),
            language: form.row.language.clone(),
            state_key: state_key(person, standing, app.clock.now()),
            dates: dates(person, words, purpose, standing, app.clock.now()),
            offer,
        })
    };
    ordered(person).into_iter().filter_map(line).collect()
}

/// The words for a state.
pub fn state_key(person: &Person, standing: &Standing, now: Timestamp) -> &'static str {
    let is_bar = |event: &&PersonEvent| standing.barred_by.as_ref() == Some(event.record.id());
    let bar = person.events.iter().find(is_bar).map(|event| event.record.event());
    let over = standing.valid_until.is_some_and(|end| end.as_jiff() <= now);
    match standing.state {
        State::Given | State::Renewed if over => "state_paused",
        State::NotShown => "state_not_shown",
        State::NotGiven => "state_not_given",
        State::Pending => "state_pending",
        State::Held => "state_held",
        State::Informed => "state_informed",
        State::Given => "state_given",
        State::Renewed => "state_renewed",
        // Who took a consent back did not object in so many words.
        State::Objected if bar == Some(&EventKind::Withdrawal) => "state_barred",
        State::Objected => "state_objected",
        State::Withdrawn => "state_withdrawn",
        State::Expired => "state_expired",
        State::Erased => "state_erased",
    }
}

/// Since when, and until when.
pub(super) fn dates(
    person: &Person,
    words: Words,
    purpose: &PurposeId,
    standing: &Standing,
    now: Timestamp,
) -> Vec<String> {
    let since = ended(standing).unwrap_or(standing.since.as_jiff());
    let mut dates = vec![words.fill("person_since", "date", &date(words, since))];
    if let Some(end) = standing.valid_until {
        dates.push(until(words, "person_valid_until", end.as_jiff(), now));
    }
    if is_service(standing.basis)
        && let Some(end) = person_keeps_until(person, purpose, standing)
    {
        dates.push(until(words, "person_kept_until", end, now));
    }
    dates
}

/// The words of an end; what is over does not last.
fn until(words: Words, key: &str, end: Timestamp, now: Timestamp) -> String {
    let key = if end > now { key } else { "person_ended" };
    words.fill(key, "date", &date(words, end))
}

fn waiting(person: &Person, words: Words) -> Vec<WaitingChain> {
    let mut seen: Vec<&PurposeId> = Vec::new();
    let mut chains = Vec::new();
    // The newest submission asks; an older one only for what that does not name.
    for lead in person.submissions.iter().rev() {
        let chain = lead.stored.record.id;
        let own = || person.waiting_in(chain).iter();
        if own().all(|waiting| seen.contains(&&waiting.purpose)) {
            continue;
        }
        let words_of = |wanted: &dyn Fn(&Waiting) -> bool| {
            let wanted = own().filter(|waiting| wanted(waiting));
            wanted
                .map(|waiting| PurposeWords::of(&lead.form, waiting.purpose.as_str()))
                .collect()
        };
        let plain = |status: Status| words_of(&|waiting| !waiting.held && waiting.status == status);
        chains.push(WaitingChain {
            chain,
            service: service(person, chain),
            date: date(words, lead.stored.record.received),
            language: lead.form.row.language.clone(),
            given: plain(Status::Given),
            informed: plain(Status::Informed),
            objected: plain(Status::Objected),
            held: words_of(&|waiting| waiting.held),
        });
        seen.extend(own().map(|waiting| &waiting.purpose));
    }
    chains
}

fn service(person: &Person, chain: Uuid) -> String {
    person
        .first(chain)
        .map_or_else(String::new, |first| spaced(&first.form.service))
}

/// The address of a record's receipt.
pub fn receipt(app: &App, record: Uuid) -> String {
    app.link(LinkTarget {
        kind: LinkKind::Receipt,
        subject: record,
        counter: 0,
    })
}

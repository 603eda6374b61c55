//! The pages of one person, behind links that were mailed to them: choices, values, data, erasure, renewal.
//! Refuses to decide: what is offered comes from `act/offer.rs`. Read next: `http/manage.rs`, which answers with them.

use std::sync::Arc;

use askama::Template;
use candor_record::{
    id::PurposeId,
    state::{Standing, State, Waiting},
    term::Status,
};
use jiff::{Timestamp, tz::TimeZone};
use uuid::Uuid;

use super::{PurposeWords, day, moment};
use crate::{
    access::{Access, kept_until},
    act::{
        correct,
        offer::{self, Offer},
    },
    app::App,
    catalog::Words,
    erase::holds_consent,
    http::bundle::page_stylesheet_path,
    links::{LinkKind, LinkTarget},
    person::{Person, PersonSubmission, chain_uuid},
    published::{Field, PublishedForm},
    register::html::portable_stylesheet,
    typography::spaced,
};

/// A day as a person reads it, in UTC.
pub fn date(words: Words, at: Timestamp) -> String {
    day(words, at.to_zoned(TimeZone::UTC).date())
}

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

/// A consent that can be renewed.
#[derive(Debug)]
pub struct Renewable {
    pub words: PurposeWords,
    pub language: String,
    pub until: String,
}

/// What was typed into one form.
#[derive(Debug)]
pub struct Typed {
    pub chain: Uuid,
    pub service: String,
    pub date: String,
    pub language: String,
    pub receipt: String,
    /// Labels and values that cannot be corrected here.
    pub fixed: Vec<(String, String)>,
    pub inputs: Vec<Input>,
}

#[derive(Debug)]
pub struct Input {
    pub dom_id: String,
    pub name: String,
    pub label: String,
    pub kind: InputKind,
    pub value: String,
    pub required: bool,
    pub error: Option<String>,
}

#[derive(Debug)]
pub enum InputKind {
    Line(&'static str),
    Area,
    /// Values with their labels.
    Select(Vec<(String, String)>),
}

/// What came back with flaws.
#[derive(Debug, Default)]
pub struct Again {
    pub chain: Option<Uuid>,
    pub values: Vec<(String, String)>,
    pub errors: Vec<(String, String)>,
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

/// The controller of the newest submission.
pub fn controller(person: &Person) -> String {
    let last = person.submissions.last();
    last.and_then(|lead| lead.form.controller("name"))
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
        let mut feet: Vec<Foot> = Vec::new();
        for form in forms_shown(person, &lines) {
            let foot = Foot::of(&form);
            if !feet.contains(&foot) {
                feet.push(foot);
            }
        }
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
            feet,
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
            _ => &lead.form,
        };
        Some(Line {
            words: PurposeWords::of(form, purpose.as_str()),
            language: form.row.language.clone(),
            state_key: state_key(standing, app.clock.now()),
            dates: dates(person, words, standing),
            offer,
        })
    };
    ordered(person).into_iter().filter_map(line).collect()
}

/// The words for a state.
pub fn state_key(standing: &Standing, now: Timestamp) -> &'static str {
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
        State::Objected => "state_objected",
        State::Withdrawn => "state_withdrawn",
        State::Expired => "state_expired",
        State::Erased => "state_ended",
    }
}

/// Since when, and until when.
fn dates(person: &Person, words: Words, standing: &Standing) -> Vec<String> {
    let since = standing.ended.unwrap_or(standing.since);
    let mut dates = vec![words.fill("person_since", "date", &date(words, since.as_jiff()))];
    if let Some(end) = standing.valid_until {
        dates.push(words.fill("person_valid_until", "date", &date(words, end.as_jiff())));
    }
    let needs_no_choice = !standing.basis.is_consent() && !standing.basis.has_objection();
    if needs_no_choice && let Some(end) = kept_until(standing, person.row.contact) {
        dates.push(words.fill("person_kept_until", "date", &date(words, end)));
    }
    dates
}

fn waiting(person: &Person, words: Words) -> Vec<WaitingChain> {
    let mut seen: Vec<&PurposeId> = Vec::new();
    let mut chains = Vec::new();
    // The newest submission asks; an older one only for what that does not name.
    for lead in person.submissions.iter().rev() {
        let chain = lead.stored.record.id;
        let own = || {
            person
                .state
                .waiting()
                .filter(|waiting| chain_uuid(&waiting.chain) == Some(chain))
        };
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

fn renewable(app: &App, person: &Person, words: Words) -> Vec<Renewable> {
    let now = app.clock.now();
    let renewable = ordered(person).into_iter().filter_map(|(purpose, standing)| {
        let lead = person.submission(offer::renewable(person, purpose)?)?;
        let end = standing.valid_until.or(standing.ended).map(|end| end.as_jiff());
        let key = match end {
            Some(end) if end > now => "person_valid_until",
            _ => "person_ended",
        };
        Some(Renewable {
            words: PurposeWords::of(&lead.form, purpose.as_str()),
            language: lead.form.row.language.clone(),
            until: end.map_or_else(String::new, |end| words.fill(key, "date", &date(words, end))),
        })
    });
    renewable.collect()
}

fn service(person: &Person, chain: Uuid) -> String {
    person
        .first(chain)
        .map_or_else(String::new, |first| spaced(&first.form.service))
}

impl Typed {
    fn new(app: &App, person: &Person, words: Words, number: usize, lead: &PersonSubmission, again: &Again) -> Self {
        let chain = lead.stored.record.id;
        let comes_back = again.chain == Some(chain);
        let label = |field: &Field| {
            lead.form
                .displayed(&format!("field.{}", field.id))
                .unwrap_or_else(|| field.id.clone())
        };
        let now = |field: &Field| correct::value(lead, &field.id).unwrap_or_default();
        let (open, fixed): (Vec<&Field>, Vec<&Field>) = correct::asked(person, lead)
            .into_iter()
            .partition(|field| correct::is_open(field));
        let input = |field: &Field| {
            let find = |list: &[(String, String)]| {
                let found = list.iter().find(|(id, _)| comes_back && *id == field.id);
                found.map(|(_, text)| text.clone())
            };
            Input {
                dom_id: format!("v{number}-{}", field.id),
                name: format!("value.{}", field.id),
                label: label(field),
                kind: InputKind::of(&lead.form, field),
                value: find(&again.values).unwrap_or_else(|| now(field)),
                required: field.required,
                error: find(&again.errors),
            }
        };
        Self {
            chain,
            service: service(person, chain),
            date: date(words, lead.stored.record.received),
            language: lead.form.row.language.clone(),
            receipt: receipt(app, chain),
            inputs: open.into_iter().map(input).collect(),
            fixed: fixed
                .into_iter()
                .map(|field| (label(field), now(field)))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        }
    }
}

impl InputKind {
    fn of(form: &PublishedForm, field: &Field) -> Self {
        match field.kind.as_str() {
            "long-text" => Self::Area,
            "phone" => Self::Line("tel"),
            "url" => Self::Line("url"),
            "select" | "radio" => {
                let fields = form.json["fields"].as_array();
                let own = fields.into_iter().flatten().find(|own| own["id"] == field.id.as_str());
                let options = own.and_then(|own| own["options"].as_array()).into_iter().flatten();
                let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
                let option = |option: &serde_json::Value| {
                    let value = text(&option["value"])?;
                    Some((value.clone(), text(&option["label"]).unwrap_or(value)))
                };
                Self::Select(options.filter_map(option).collect())
            }
            _ => Self::Line("text"),
        }
    }
}

/// The address of a record's receipt.
pub fn receipt(app: &App, record: Uuid) -> String {
    app.link(LinkTarget {
        kind: LinkKind::Receipt,
        subject: record,
        counter: 0,
    })
}

/// The choices of a renewal, and nothing else of the person.
#[derive(Debug, Template)]
#[template(path = "renew.html")]
pub struct RenewPage {
    pub words: Words,
    pub controller: String,
    pub action: String,
    pub notice: Notice,
    pub kept: bool,
    pub renewable: Vec<Renewable>,
    /// The day on which data would go that wait for a contact.
    pub keep_until: Option<String>,
    pub feet: Vec<Foot>,
}

impl RenewPage {
    pub fn new(app: &App, person: &Person, action: String, notice: Notice, kept: bool) -> Self {
        let words = Words::of(person.language());
        let of_contact = person.state.purposes().filter(|(_, standing)| {
            standing.storage.from == candor_record::term::RetentionStart::LastContact && !standing.state.is_ended()
        });
        let end = of_contact
            .filter_map(|(_, standing)| kept_until(standing, person.row.contact))
            .min();
        let mut feet: Vec<Foot> = Vec::new();
        for lead in &person.submissions {
            let foot = Foot::of(&lead.form);
            if !feet.contains(&foot) {
                feet.push(foot);
            }
        }
        Self {
            words,
            controller: controller(person),
            action,
            notice,
            kept,
            renewable: renewable(app, person, words),
            keep_until: end.map(|end| date(words, end)),
            feet,
        }
    }
}

/// A form, and until when its evidence stays.
#[derive(Debug)]
pub struct Ending {
    pub service: String,
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

/// Everything that is kept of a person, to be read.
#[derive(Debug, Template)]
#[template(path = "data.html")]
pub struct DataPage {
    pub words: Words,
    pub controller: String,
    /// The way back and the JSON, on the person's own page.
    pub links: Option<(String, String)>,
    pub stylesheet: String,
    pub facts: Vec<(&'static str, String)>,
    pub submissions: Vec<DataSubmission>,
    pub purposes: Vec<DataPurpose>,
    /// The key of an event, and when.
    pub records: Vec<(String, String)>,
    pub mails: Vec<(String, String)>,
    pub accesses: Vec<(String, String)>,
    pub contacts: Vec<(String, String)>,
    pub suppressions: Vec<(String, String)>,
    pub requests: Vec<(String, String)>,
}

#[derive(Debug)]
pub struct DataSubmission {
    pub service: String,
    pub date: String,
    pub language: String,
    pub values: Vec<(String, String)>,
    pub receipt: String,
    pub sealed_until: Option<String>,
}

#[derive(Debug)]
pub struct DataPurpose {
    pub statement: String,
    pub language: String,
    pub state_key: &'static str,
    pub basis_key: String,
    pub dates: Vec<String>,
}

impl DataPage {
    /// `token`: of the person's own page; without one the page stands alone.
    pub fn new(app: &App, person: &Person, token: Option<&str>, access: &Access) -> Self {
        let words = Words::of(person.language());
        let at = |time: candor_record::time::Timestamp| moment(words, time.as_jiff());
        let key = |prefix: &str, text: &str| format!("{prefix}_{}", text.replace('-', "_"));
        let submission = |lead: &PersonSubmission| {
            let chain = lead.stored.record.id;
            let values = crate::ingest::values::disclosed(&lead.values.disclosures).into_iter();
            let label = |field: &str| {
                lead.form
                    .displayed(&format!("field.{field}"))
                    .unwrap_or_else(|| field.to_owned())
            };
            DataSubmission {
                service: service(person, chain),
                date: moment(words, lead.stored.record.received),
                language: lead.form.row.language.clone(),
                values: values.map(|(field, value)| (label(&field), value)).collect(),
                receipt: receipt(app, chain),
                sealed_until: holds_consent(person, chain).then(|| date(words, lead.form.proof_until(app.clock.now()))),
            }
        };
        let purpose = |(purpose, standing): (&PurposeId, &Standing)| {
            let lead = chain_uuid(&standing.chain).and_then(|chain| person.submission(chain))?;
            let mut all = dates(person, words, standing);
            let choice = standing.basis.is_consent() || standing.basis.has_objection();
            if choice && let Some(end) = kept_until(standing, person.row.contact) {
                all.push(words.fill("person_kept_until", "date", &date(words, end)));
            }
            Some(DataPurpose {
                statement: PurposeWords::of(&lead.form, purpose.as_str()).statement,
                language: lead.form.row.language.clone(),
                state_key: state_key(standing, app.clock.now()),
                basis_key: key("basis", standing.basis.as_str()),
                dates: all,
            })
        };
        Self {
            words,
            controller: controller(person),
            links: token.map(|token| (format!("/m/{token}"), format!("/m/{token}/data.json"))),
            stylesheet: match token {
                Some(_) => page_stylesheet_path().to_owned(),
                None => portable_stylesheet(),
            },
            facts: vec![
                ("data_since", at(access.person.since)),
                ("data_contact", at(access.person.last_contact)),
            ],
            submissions: person.submissions.iter().rev().map(submission).collect(),
            purposes: ordered(person).into_iter().filter_map(purpose).collect(),
            records: access
                .records
                .iter()
                .map(|row| (key("event", &row.event), at(row.received)))
                .collect(),
            mails: access
                .mails
                .iter()
                .filter_map(|row| Some((key("letter", row.kind), at(row.sent?))))
                .collect(),
            accesses: access
                .accesses
                .iter()
                .map(|row| (format!("{}: {}", row.action, row.reason), at(row.at)))
                .collect(),
            contacts: access
                .contacts
                .iter()
                .map(|row| (key("contact", row.kind), at(row.at)))
                .collect(),
            suppressions: access
                .suppressions
                .iter()
                .map(|row| (key("channel", &row.channel), at(row.since)))
                .collect(),
            requests: access
                .requests
                .iter()
                .map(|row| (key("request", row.kind), at(row.received)))
                .collect(),
        }
    }
}

/// The receipt of one event after the submission.
#[derive(Debug, Template)]
#[template(path = "act.html")]
pub struct ActReceipt {
    pub words: Words,
    pub controller: String,
    pub good: bool,
    pub service: String,
    pub event_key: String,
    pub received: String,
    pub by_key: &'static str,
    /// Statements with the key of what they became.
    pub changes: Vec<(String, String)>,
    pub language: String,
    pub shown: Vec<String>,
    pub checks: Vec<super::CheckLine>,
    pub signatures: Vec<(&'static str, String)>,
    pub digest: String,
    pub raw: String,
    pub first: String,
}

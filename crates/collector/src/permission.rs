//! "May I contact?" (record.md §6): one purpose, one channel, one address, one time; the answer says why.
//! Refuses whatever the derived state does not give. An address or a purpose that nobody knows is a plain no.
//! Read next: `permission/decide.rs`, the pure part; for people: docs/permissions.md.

use std::collections::BTreeSet;

use candor_record::{
    id::PurposeId,
    record::{FollowUp, Submission},
    state::{Class, PersonState, Standing, State},
    term::{Channel, EventKind, Kind},
};
use jiff::{Span, Timestamp, ToSpan, tz::TimeZone};
use uuid::Uuid;

use crate::{
    access::kept_until,
    app::App,
    http::error::ApiError,
    index::{AddressKey, AddressKind},
    ingest::values::e164,
    mailbox::Mailbox,
    person::{Person, PersonSubmission, chain_uuid},
    published::PublishedForm,
    store::{
        Suppression,
        contacts::{Contact, ContactKind},
    },
};

pub mod calls;
mod decide;
mod reason;

pub use self::{
    decide::{Answer, Case, Limits, decide},
    reason::Reason,
};

/// Whom the question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    Mailbox(Mailbox),
    Phone(Number),
}

/// A telephone number in E.164.
#[derive(Clone, PartialEq, Eq)]
pub struct Number(String);

impl std::fmt::Debug for Number {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Number(personal)")
    }
}

impl Number {
    /// Reads a number as the forms with this purpose would, or where there are none, as any form here would.
    pub fn parse(app: &App, purpose: Option<&PurposeId>, text: &str) -> Option<Self> {
        let forms: Vec<_> = app.forms.iter().map(|(_, live)| live.in_language(None)).collect();
        let asks = |form: &PublishedForm| purpose.is_some_and(|id| form.process(id.as_str()).is_some());
        let is_known = forms.iter().any(|form| asks(form));
        let countries = forms.iter().filter(|form| asks(form) || !is_known);
        let countries: BTreeSet<&str> = countries.map(|form| form.country()).collect();
        let read = |country| e164(country, text).map(Self);
        countries.into_iter().find_map(read).or_else(|| read(""))
    }
}

impl Address {
    pub fn key(&self, app: &App) -> (AddressKey, AddressKind) {
        match self {
            Self::Mailbox(mailbox) => (app.index.mailbox(mailbox), AddressKind::Email),
            Self::Phone(Number(number)) => (app.index.phone(number), AddressKind::Phone),
        }
    }

    /// Everybody who has this address, each once; a mailbox has one.
    pub async fn people(&self, app: &App) -> Result<Vec<Uuid>, ApiError> {
        let (key, kind) = self.key(app);
        Ok(match kind {
            AddressKind::Email => app
                .store
                .person_by_mailbox(&key)
                .await?
                .map(|row| row.id)
                .into_iter()
                .collect(),
            AddressKind::Phone => {
                let leads = app.store.people_by_phone(&key).await?;
                let people: BTreeSet<Uuid> = leads.into_iter().map(|(person, _)| person).collect();
                people.into_iter().collect()
            }
        })
    }
}

#[derive(Debug, Clone)]
pub struct Question {
    pub address: Address,
    /// `None`: a word that cannot be one.
    pub purpose: Option<PurposeId>,
    pub channel: Channel,
    pub at: Timestamp,
}

/// Answers the question. Every look-up is by a key: it takes as long with a hundred thousand leads as with ten.
pub async fn ask(app: &App, question: &Question) -> Result<Answer, ApiError> {
    let (key, kind) = question.address.key(app);
    let suppressed = is_suppressed(app, &[(key, kind)], question.channel, question.at).await?;
    let people = question.address.people(app).await?;
    let Some(purpose) = &question.purpose else {
        return Ok(Answer::unknown(suppressed));
    };
    let asked = Asked {
        purpose,
        channel: question.channel,
        at: question.at,
        frequency: true,
    };
    let mut answers = Vec::new();
    for id in people {
        let Some(person) = Person::open(app, id).await? else {
            continue;
        };
        let number = match &question.address {
            Address::Mailbox(_) => None,
            Address::Phone(number) => Some(number),
        };
        let answer = of_person(app, &person, &asked, number, suppressed).await?;
        answers.push((answer, class_of(&person, &asked)));
    }
    Ok(together(answers).unwrap_or_else(|| Answer::unknown(suppressed)))
}

/// What is asked about a person who is known.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub purpose: &'a PurposeId,
    pub channel: Channel,
    pub at: Timestamp,
    /// Whether what was sent and called so far counts, and the hours: an export takes who may be contacted at all.
    pub frequency: bool,
}

/// The answer for one person.
pub async fn of_person(
    app: &App,
    person: &Person,
    asked: &Asked<'_>,
    number: Option<&Number>,
    suppressed: bool,
) -> Result<Answer, ApiError> {
    let state = person.state_at(asked.at);
    let Some(standing) = state.of(asked.purpose) else {
        return Ok(Answer::unknown(suppressed));
    };
    let lead = chain_uuid(&standing.chain).and_then(|chain| person.submission(chain));
    let suppressed = suppressed || is_suppressed(app, &keys_of(app, lead), asked.channel, asked.at).await?;
    let first = lead.and_then(|lead| person.first(lead.stored.record.id));
    let calls = first
        .filter(|_| is_call(standing))
        .and_then(|first| calls::Profile::find(&profile_of(first)));
    let frequency = lead.and_then(|lead| lead.form.frequency(asked.purpose.as_str()));
    let since = window(asked.at, frequency, calls);
    let contacts = match since.filter(|_| asked.frequency) {
        Some(since) => app.store.contacts_of(person.row.id, since).await?,
        None => Vec::new(),
    };
    let case = Case {
        standing,
        purpose: asked.purpose,
        channel: asked.channel,
        at: asked.at,
        contact: last_contact(app, person, asked.at).await?,
        on_silence: lead.map(|lead| lead.form.on_silence()).unwrap_or_default(),
        suppressed,
        holds_number: number.is_none_or(|number| lead.is_some_and(|lead| holds(lead, asked.purpose, number))),
        frequency: frequency.filter(|_| asked.frequency),
        calls: calls.filter(|_| asked.frequency),
        sent: last_sent(&contacts, asked),
        attempts: attempts(&contacts, &state, standing, asked.at),
        refused: refused(person, &state, standing, asked.at),
    };
    Ok(decide(&case))
}

fn is_call(standing: &Standing) -> bool {
    standing.channel == Channel::Phone && standing.kind == Kind::Promotional
}

fn profile_of(first: &Submission) -> String {
    first.jurisdiction.profile.clone()
}

/// Of several people who share a number the one who permits most, unless another one has refused this class.
fn together(answers: Vec<(Answer, Barring)>) -> Option<Answer> {
    let rank = |answer: &Answer| (answer.allowed, answer.reason.defers(), answer.reason != Reason::Unknown);
    let chosen = (0..answers.len()).max_by_key(|position| rank(&answers[*position].0))?;
    let (answer, Barring { class, .. }) = &answers[chosen];
    let refuses = |(position, (_, barring)): (usize, &(Answer, Barring))| {
        position != chosen && class.as_ref().is_some_and(|class| barring.bars.contains(class))
    };
    if (answer.allowed || answer.reason.defers()) && answers.iter().enumerate().any(refuses) {
        return Some(Answer::no(State::Objected.as_str(), None, Reason::Shared));
    }
    Some(answer.clone())
}

/// Whether the data of that purpose may still be kept at that time.
pub async fn is_kept(app: &App, person: &Person, standing: &Standing, at: Timestamp) -> Result<bool, ApiError> {
    let contact = last_contact(app, person, at).await?;
    Ok(kept_until(standing, contact).is_none_or(|end| at < end))
}

/// What a person refused, beside the class of the purpose that is asked about.
struct Barring {
    class: Option<Class>,
    bars: BTreeSet<Class>,
}

fn class_of(person: &Person, asked: &Asked<'_>) -> Barring {
    let state = person.state_at(asked.at);
    Barring {
        class: state.of(asked.purpose).map(Standing::class),
        bars: state.bars().map(|(class, _)| class.clone()).collect(),
    }
}

/// Whether one of these must not be contacted on that channel.
async fn is_suppressed(
    app: &App,
    keys: &[(AddressKey, AddressKind)],
    channel: Channel,
    at: Timestamp,
) -> Result<bool, ApiError> {
    for (key, kind) in keys {
        let found = app.store.suppressions(key, *kind).await?;
        let bars = |entry: &Suppression| entry.key.channel == channel.as_str() && entry.since <= at;
        if found.iter().any(bars) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The mailbox and the numbers of a lead, whichever of them was asked about.
fn keys_of(app: &App, lead: Option<&PersonSubmission>) -> Vec<(AddressKey, AddressKind)> {
    let Some(lead) = lead else { return Vec::new() };
    let mailbox = lead
        .values
        .address
        .as_deref()
        .and_then(|text| Mailbox::parse(text).ok());
    let numbers = lead.values.phones.values();
    let numbers = numbers.map(|number| (app.index.phone(number), AddressKind::Phone));
    mailbox
        .map(|mailbox| (app.index.mailbox(&mailbox), AddressKind::Email))
        .into_iter()
        .chain(numbers)
        .collect()
}

/// Whether the lead says this number in a field that serves the purpose.
fn holds(lead: &PersonSubmission, purpose: &PurposeId, number: &Number) -> bool {
    let serves = |id: &str| {
        let field = lead.form.fields.iter().find(|field| field.id == id);
        field.is_some_and(|field| field.purposes.iter().any(|name| name == purpose.as_str()))
    };
    lead.values
        .phones
        .iter()
        .any(|(id, said)| *said == number.0 && serves(id))
}

/// Since when contacts matter: the longer of the two periods, and some days for months of different length.
fn window(at: Timestamp, frequency: Option<Span>, calls: Option<&calls::Profile>) -> Option<Timestamp> {
    let attempts = calls
        .and_then(|profile| profile.calls(at))
        .map(|calls| calls.attempts.period);
    let before = |span: Span| {
        let local = at.to_zoned(TimeZone::UTC);
        let start = local.checked_sub(span).and_then(|start| start.checked_sub(5.days()));
        start.map_or(Timestamp::MIN, |start| start.timestamp())
    };
    [frequency, attempts].into_iter().flatten().map(before).min()
}

/// The last contact that the person made by then.
async fn last_contact(app: &App, person: &Person, at: Timestamp) -> Result<Timestamp, ApiError> {
    if person.row.contact <= at {
        return Ok(person.row.contact);
    }
    let acts = person
        .events
        .iter()
        .filter(|event| event.is_by_person())
        .map(|event| event.stored.received);
    let reported = app.store.contacts_of(person.row.id, Timestamp::MIN).await?;
    let reported = reported
        .iter()
        .filter(|contact| contact.kind.is_by_person())
        .map(|contact| contact.at);
    Ok(acts
        .chain(reported)
        .filter(|then| *then <= at)
        .max()
        .unwrap_or(person.row.created))
}

fn last_sent(contacts: &[Contact], asked: &Asked<'_>) -> Option<Timestamp> {
    let mine = contacts.iter().filter(|contact| {
        !contact.kind.is_by_person()
            && contact.purpose.as_deref() == Some(asked.purpose.as_str())
            && contact.at <= asked.at
    });
    mine.map(|contact| contact.at).max()
}

/// Calls of the same controller, for whatever purpose, oldest first.
fn attempts(contacts: &[Contact], state: &PersonState, standing: &Standing, at: Timestamp) -> Vec<Timestamp> {
    let same_controller = |purpose: &str| {
        let known = purpose.parse().ok().and_then(|id: PurposeId| state.of(&id).cloned());
        known.is_none_or(|known| known.controller == standing.controller)
    };
    let calls = contacts.iter().filter(|contact| {
        contact.kind == ContactKind::Call && contact.at <= at && contact.purpose.as_deref().is_some_and(same_controller)
    });
    calls.map(|call| call.at).collect()
}

/// When the person last refused calls of the same controller, after what is in effect.
fn refused(person: &Person, state: &PersonState, standing: &Standing, at: Timestamp) -> Option<Timestamp> {
    let is_refusal = |event: &FollowUp| {
        matches!(event.event, EventKind::Withdrawal | EventKind::Objection)
            && event.processes.iter().any(|change| {
                let known = state.of(&change.purpose);
                known.is_some_and(|known| known.channel == Channel::Phone && known.controller == standing.controller)
            })
    };
    let refusals = person
        .events
        .iter()
        .filter(|event| event.record.as_follow_up().is_some_and(is_refusal));
    let times = refusals.map(|event| event.stored.received);
    times
        .filter(|then| *then <= at && *then > standing.since.as_jiff())
        .max()
}

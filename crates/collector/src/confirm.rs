//! What a submission still asks its mailbox to confirm, and the confirmation: by its own link, or on the person's page.
//! Whoever opens either has the mailbox, so what counts is the state of the person (record.md §6), not of the one submission.
//! Refuses to take along what is held and was not ticked, and to record what changes nothing. Read next: `http/confirm.rs`.

use candor_record::{
    id::PurposeId,
    state::{State, Waiting},
    term::{Actor, Channel, EventKind, Status},
};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::{
    act,
    app::App,
    event::{EventDraft, make},
    http::error::ApiError,
    index::AddressKind,
    ingest::made::digests,
    person::{Person, chain_uuid},
    store::{Appended, Cap, MailKind, NewLetter, PersonChange, SuppressionKey},
};

/// What a submission asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// In the order of its purposes.
    pub asked: Vec<Waiting>,
}

impl Question {
    /// What that submission of that person asks for now.
    pub async fn of(app: &App, person: &Person, record: Uuid) -> Result<Self, ApiError> {
        let mut question = Self::waiting(person, record);
        question.add_suppressed(app, person, record).await?;
        Ok(question)
    }

    /// What waits there for a confirmation.
    pub fn waiting(person: &Person, record: Uuid) -> Self {
        Self {
            asked: person.waiting_in(record).to_vec(),
        }
    }

    /// What a submission asks for whatever else is on record of its mailbox, for one that somebody has filled: what it
    /// gives or refuses, unless that is confirmed. The page behind the link knows the rest, and what is settled there.
    pub async fn alone(app: &App, record: Uuid) -> Result<Self, ApiError> {
        let Some(person) = Person::of_submission(app, record).await? else {
            return Ok(Self::default());
        };
        let mut question = Self::of(app, &person, record).await?;
        let is_confirmed = person
            .chain(record)
            .any(|event| event.record.event() == &EventKind::Confirmation);
        for (purpose, standing) in person.state.purposes().filter(|_| !is_confirmed) {
            let status = match standing.state {
                State::Given => Status::Given,
                State::Objected => Status::Objected,
                _ => continue,
            };
            let by_itself = standing.record.as_str() == record.to_string();
            if by_itself && !question.asked.iter().any(|asked| asked.purpose == *purpose) {
                question.asked.push(Waiting {
                    chain: standing.chain.clone(),
                    purpose: purpose.clone(),
                    status,
                    held: false,
                });
            }
        }
        Ok(question)
    }

    /// A consent counts already where nothing was on record, but a suppression yields only to a proved sign-up.
    async fn add_suppressed(&mut self, app: &App, person: &Person, record: Uuid) -> Result<(), ApiError> {
        let Some(mailbox) = &person.row.mailbox_key else {
            return Ok(());
        };
        let suppressed = app.store.suppressions(mailbox, AddressKind::Email).await?;
        let is_suppressed = |channel: Channel| suppressed.iter().any(|entry| entry.key.channel == channel.as_str());
        for (purpose, standing) in person.state.purposes() {
            let given_here = standing.state == State::Given && chain_uuid(&standing.chain) == Some(record);
            let listed = self.asked.iter().any(|asked| asked.purpose == *purpose);
            if given_here && !listed && is_suppressed(standing.channel) {
                self.asked.push(Waiting {
                    chain: standing.chain.clone(),
                    purpose: purpose.clone(),
                    status: Status::Given,
                    held: false,
                });
            }
        }
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.asked.is_empty()
    }

    /// What is confirmed together, with that status.
    pub fn plain(&self, status: Status) -> impl Iterator<Item = &PurposeId> {
        let plain = self
            .asked
            .iter()
            .filter(move |asked| !asked.held && asked.status == status);
        plain.map(|asked| &asked.purpose)
    }

    /// What has to be ticked, each on its own.
    pub fn held(&self) -> impl Iterator<Item = &PurposeId> {
        self.asked.iter().filter(|asked| asked.held).map(|asked| &asked.purpose)
    }

    /// The statuses that a press of the button records.
    pub(crate) fn answered(&self, answer: &Answer) -> Vec<(PurposeId, Status)> {
        let confirmed = self
            .asked
            .iter()
            .filter(|asked| !asked.held || answer.ticks(&asked.purpose));
        let status = |asked: &Waiting| match asked.status {
            Status::Informed if answer.objects(&asked.purpose) => Status::Objected,
            status => status,
        };
        confirmed.map(|asked| (asked.purpose.clone(), status(asked))).collect()
    }
}

/// What was chosen on the page before its button was pressed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// Held purposes that were ticked.
    pub held: Vec<String>,
    /// Purposes without consent that were objected to right there.
    pub objected: Vec<String>,
}

impl Answer {
    fn ticks(&self, purpose: &PurposeId) -> bool {
        self.held.iter().any(|id| id == purpose.as_str())
    }

    fn objects(&self, purpose: &PurposeId) -> bool {
        self.objected.iter().any(|id| id == purpose.as_str())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// By this record.
    Recorded(Uuid),
    /// Everything that waits has to be ticked, and nothing was.
    Unticked,
    /// Nothing waits, or not any more: pressing twice is pressing once.
    Settled,
}

/// A chain grows between reading and writing only where somebody presses twice at once.
const ATTEMPTS: usize = 5;

/// Records the confirmation of a submission; `None` where its lead has gone.
pub async fn confirm(app: &App, record: Uuid, answer: &Answer) -> Result<Option<Outcome>, ApiError> {
    for _ in 0..ATTEMPTS {
        let Some(person) = person_of(app, record).await? else {
            return Ok(None);
        };
        let question = Question::of(app, &person, record).await?;
        if question.is_empty() {
            return Ok(Some(Outcome::Settled));
        }
        let Some(change) = change(app, &person, record, &question, answer)? else {
            return Ok(Some(Outcome::Unticked));
        };
        let id = change.events[0].id;
        if act::record(app, change).await? == Appended::New {
            return Ok(Some(Outcome::Recorded(id)));
        }
    }
    Err(ApiError::Unavailable)
}

/// The one event with which a submission of that person is confirmed, where the answer says anything.
pub(crate) fn change(
    app: &App,
    person: &Person,
    record: Uuid,
    question: &Question,
    answer: &Answer,
) -> Result<Option<PersonChange>, ApiError> {
    let changes = question.answered(answer);
    if changes.is_empty() {
        return Ok(None);
    }
    let submission = person.submission(record).ok_or(ApiError::Internal)?;
    let lift = lifted(person, record, &changes);
    let event = make(
        app,
        &EventDraft {
            first: person.first(record).ok_or(ApiError::Internal)?,
            form: &submission.form,
            replaces: person.chain(record).next_back().ok_or(ApiError::Internal)?.stored.id,
            kind: EventKind::Confirmation,
            actor: Actor::Subject,
            changes,
            // Those that hold since the last correction.
            digests: Some(digests(&submission.values.disclosures)),
        },
    )?;
    Ok(Some(PersonChange {
        events: vec![event],
        contact: true,
        lift,
        ..PersonChange::of(person.row.id, app.clock.now())
    }))
}

/// The person whose submission that is.
pub async fn person_of(app: &App, record: Uuid) -> Result<Option<Person>, ApiError> {
    match app.store.submission(record).await? {
        Some(submission) => Person::open(app, submission.lead.person).await,
        None => Ok(None),
    }
}

/// The suppressions that end with a proved sign-up: of this mailbox, for the channels of what was given.
/// A mailbox proves no telephone number: suppressed numbers stay so.
fn lifted(person: &Person, record: Uuid, changes: &[(PurposeId, Status)]) -> Vec<SuppressionKey> {
    let (Some(mailbox), Some(first)) = (&person.row.mailbox_key, person.first(record)) else {
        return Vec::new();
    };
    let given = first
        .processes
        .iter()
        .filter(|process| changes.contains(&(process.purpose.clone(), Status::Given)));
    given
        .map(|process| SuppressionKey {
            key: mailbox.clone(),
            kind: AddressKind::Email,
            channel: process.channel.as_str().to_owned(),
        })
        .collect()
}

/// A button is pressed again where a letter takes its time: one letter in that time, for each submission.
const RESEND_PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// Queues the request once more. Whether it may leave is decided when it is written (`mail/request.rs`): here nothing
/// depends on what is on record of the mailbox.
pub async fn ask_again(app: &App, record: Uuid) -> Result<(), ApiError> {
    let Some(submission) = app.store.submission(record).await? else {
        return Ok(());
    };
    let now = app.clock.now();
    let letter = NewLetter {
        kind: MailKind::Confirmation,
        person: submission.lead.person,
        record: Some(record),
        purposes: Vec::new(),
        dedupe: None,
    };
    let cap = Cap {
        count: 1,
        since: now - RESEND_PAUSE,
    };
    if app.store.queue(&letter, now, Some(cap)).await? {
        app.outbox.notify_one();
    }
    Ok(())
}

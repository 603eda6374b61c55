//! What comes after a submission by its own link: withdrawal, objection. Each is a signed record of the same chain.
//! The confirmation needs the mailbox: `confirm.rs`.
//! Refuses to record what changes nothing, so that pressing twice is pressing once.

use std::sync::Arc;

use candor_record::{
    id::PurposeId,
    record::{Record, Submission},
    term::{Actor, Basis, Channel, EventKind, Status},
};
use uuid::Uuid;

use crate::{
    app::App,
    event::{EventDraft, make},
    http::error::ApiError,
    links::LinkKind,
    person::{Person, PersonEvent},
    published::PublishedForm,
    state::{PurposeStanding, standings},
    store::{Appended, PersonChange, StoredRecord, StoredSubmission},
    values::Values,
};

/// A submission with all that followed, as it stands now.
#[derive(Debug, Clone)]
pub struct Dossier {
    pub submission: StoredSubmission,
    pub values: Values,
    pub form: Arc<PublishedForm>,
    pub stored: Vec<StoredRecord>,
    pub records: Vec<Record>,
    pub standings: Vec<PurposeStanding>,
}

impl Dossier {
    pub async fn open(app: &App, id: Uuid) -> Result<Option<Self>, ApiError> {
        let Some(submission) = app.store.submission(id).await? else {
            return Ok(None);
        };
        let form = app
            .publications
            .by_digest(&submission.lead.compiled)
            .await?
            .ok_or(ApiError::Internal)?;
        let values = app.values.unseal(submission.record.id, &submission.lead.values)?;
        let stored = app.store.chain(submission.record.chain).await?;
        let records = stored
            .iter()
            .map(|stored| Some(PersonEvent::read(stored.clone())?.record))
            .collect::<Option<Vec<_>>>()
            .ok_or(ApiError::Internal)?;
        let standings = standings(&form, &submission.lead.held, &records);
        Ok(Some(Self {
            submission,
            values,
            form,
            stored,
            records,
            standings,
        }))
    }

    /// The first record of the chain.
    pub fn first(&self) -> Option<&Submission> {
        self.records.first().and_then(Record::as_submission)
    }
}

/// What the person did on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Withdraw {
        purpose: String,
    },
    Object {
        purpose: String,
    },
    /// RFC 8058: out of everything that this form mails.
    UnsubscribeAll,
}

/// A chain grows between reading and writing only where somebody presses twice at once.
const ATTEMPTS: usize = 5;

/// Records the act; `false` where it changes nothing.
pub async fn act(app: &App, id: Uuid, act: &Act) -> Result<bool, ApiError> {
    let mut changed = false;
    for _ in 0..ATTEMPTS {
        let dossier = Dossier::open(app, id).await?.ok_or(ApiError::NotFound)?;
        let Some((event, changes)) = changes(&dossier, act) else {
            return Ok(changed);
        };
        let last = dossier.stored.last().ok_or(ApiError::Internal)?.id;
        let new = make(
            app,
            &EventDraft {
                first: dossier.first().ok_or(ApiError::Internal)?,
                form: &dossier.form,
                replaces: last,
                kind: event,
                actor: Actor::Subject,
                changes,
                digests: None,
            },
        )?;
        let person = dossier.submission.lead.person;
        let change = PersonChange {
            events: vec![new.clone()],
            links: vec![(LinkKind::Receipt, new.id, None)],
            contact: event == EventKind::Confirmation || is_proved(app, person, id).await?,
            ..PersonChange::of(person, app.clock.now())
        };
        if app.store.commit(&change).await? == Appended::New {
            tracing::info!(record = %new.id, chain = %new.chain, %event, "event recorded");
            changed = true;
        }
        if changed && *act != Act::UnsubscribeAll {
            return Ok(true);
        }
    }
    if changed { Ok(true) } else { Err(ApiError::Unavailable) }
}

/// Whether the chain has taken effect for some purpose. Until then whoever typed the address may be somebody else, and
/// what they press is no contact of the person.
async fn is_proved(app: &App, person: Uuid, chain: Uuid) -> Result<bool, ApiError> {
    let Some(person) = Person::open(app, person).await? else {
        return Ok(false);
    };
    let first = person.first(chain).ok_or(ApiError::Internal)?;
    let mut purposes = first.processes.iter().map(|process| &process.purpose);
    Ok(purposes.any(|purpose| person.state.in_effect(&first.chain, purpose)))
}

/// The event that an act makes of the present standing, with what it changes.
fn changes(dossier: &Dossier, act: &Act) -> Option<(EventKind, Vec<(PurposeId, Status)>)> {
    let of = |wanted: &dyn Fn(&PurposeStanding) -> bool, status: Status| {
        let found = dossier.standings.iter().filter(|standing| wanted(standing));
        found
            .filter_map(|standing| Some((standing.purpose.parse().ok()?, status)))
            .collect::<Vec<_>>()
    };
    let mailed = |standing: &PurposeStanding| dossier.channel(&standing.purpose) == Some(Channel::Email);
    let (event, changes) = match act {
        Act::Withdraw { purpose } => (
            EventKind::Withdrawal,
            of(
                &|standing| standing.purpose == *purpose && standing.can_withdraw(),
                Status::Withdrawn,
            ),
        ),
        Act::Object { purpose } => (
            EventKind::Objection,
            of(
                &|standing| standing.purpose == *purpose && standing.can_object(),
                Status::Objected,
            ),
        ),
        Act::UnsubscribeAll => match of(
            &|standing| mailed(standing) && standing.can_withdraw(),
            Status::Withdrawn,
        ) {
            withdrawn if !withdrawn.is_empty() => (EventKind::Withdrawal, withdrawn),
            _ => (
                EventKind::Objection,
                of(&|standing| mailed(standing) && standing.can_object(), Status::Objected),
            ),
        },
    };
    (!changes.is_empty()).then_some((event, changes))
}

impl Dossier {
    fn channel(&self, purpose: &str) -> Option<Channel> {
        let process = self
            .first()?
            .processes
            .iter()
            .find(|process| process.purpose.as_str() == purpose)?;
        Some(process.channel)
    }

    /// The basis of a purpose.
    pub fn basis(&self, purpose: &str) -> Option<Basis> {
        self.standings
            .iter()
            .find(|standing| standing.purpose == purpose)
            .map(|standing| standing.basis)
    }
}

//! A person: everything that is on record of one mailbox, with the state that follows from it (record.md §6).
//! Refuses to keep a state: it is derived anew each time, by `candor_record::state`. Read next: `event.rs`, how it changes.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use candor_record::{
    id::{ChainId, PurposeId},
    record::{FollowUp, Record, Submission},
    state::{Event, PersonState, Standing, Waiting, derive},
    term::Actor,
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    app::App,
    http::error::ApiError,
    ingest::record_time,
    mailbox::Mailbox,
    published::PublishedForm,
    store::{ATTEMPTS, Seen, StoredPerson, StoredRecord, StoredSubmission},
    values::Values,
};

/// A person as they stand now.
#[derive(Debug, Clone)]
pub struct Person {
    pub row: StoredPerson,
    /// In the order of their receipt.
    pub submissions: Vec<PersonSubmission>,
    /// Every record of every chain, in the order of receipt.
    pub events: Vec<PersonEvent>,
    pub state: PersonState,
    places: Places,
}

/// Where in the lists above something stands: anybody can fill a mailbox, so nothing is looked for one by one.
#[derive(Debug, Clone, Default)]
struct Places {
    submissions: HashMap<Uuid, usize>,
    /// The events of each chain.
    events: HashMap<Uuid, Vec<usize>>,
}

impl Places {
    fn of(submissions: &[PersonSubmission], events: &[PersonEvent]) -> Self {
        let ids = submissions.iter().map(|submission| submission.stored.record.id);
        let mut places = Self {
            submissions: ids.zip(0..).collect(),
            events: HashMap::new(),
        };
        for (event, place) in events.iter().zip(0..) {
            places.events.entry(event.stored.chain).or_default().push(place);
        }
        places
    }
}

/// A submission with its form and what was typed.
#[derive(Debug, Clone)]
pub struct PersonSubmission {
    pub stored: StoredSubmission,
    pub form: Arc<PublishedForm>,
    pub values: Values,
    pub held: Vec<PurposeId>,
}

/// A stored record, read.
#[derive(Debug, Clone)]
pub struct PersonEvent {
    pub stored: StoredRecord,
    pub record: Record,
}

impl Person {
    pub async fn open(app: &App, id: Uuid) -> Result<Option<Self>, ApiError> {
        match app.store.person(id).await? {
            Some(row) => Self::whole(app, row).await.map(Some),
            None => Ok(None),
        }
    }

    pub async fn by_mailbox(app: &App, mailbox: &Mailbox) -> Result<Option<Self>, ApiError> {
        match app.store.person_by_mailbox(&app.index.mailbox(mailbox)).await? {
            Some(row) => Self::whole(app, row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Those of these people who are there, in the order of their ids.
    pub async fn several(app: &App, ids: &[Uuid]) -> Result<Vec<Self>, ApiError> {
        let mut people = Vec::with_capacity(ids.len());
        for whole in app.store.several(ids).await? {
            people.push(Self::read(app, whole.row, whole.submissions, whole.records).await?);
        }
        Ok(people)
    }

    /// One submission alone, as if nothing else were on record of its mailbox.
    pub async fn of_submission(app: &App, id: Uuid) -> Result<Option<Self>, ApiError> {
        let Some(stored) = app.store.submission(id).await? else {
            return Ok(None);
        };
        let Some(row) = app.store.person(stored.lead.person).await? else {
            return Ok(None);
        };
        let records = app.store.chain(id).await?;
        Self::read(app, row, vec![stored], records).await.map(Some)
    }

    async fn whole(app: &App, row: StoredPerson) -> Result<Self, ApiError> {
        let submissions = app.store.submissions_of(row.id).await?;
        let records = app.store.records_of(row.id).await?;
        Self::read(app, row, submissions, records).await
    }

    async fn read(
        app: &App,
        row: StoredPerson,
        stored: Vec<StoredSubmission>,
        records: Vec<StoredRecord>,
    ) -> Result<Self, ApiError> {
        let mut submissions = Vec::new();
        for stored in stored {
            submissions.push(PersonSubmission::read(app, stored).await?);
        }
        let events = records.into_iter().map(PersonEvent::read);
        let events = events.collect::<Option<Vec<_>>>().ok_or(ApiError::Internal)?;
        let state = derive(of_state(&submissions, events.iter()));
        Ok(Self {
            row,
            places: Places::of(&submissions, &events),
            submissions,
            events,
            state,
        })
    }

    /// What a decision about the person rests on: a change that names it is refused where anything has happened since.
    pub fn seen(&self) -> Seen {
        Seen {
            sequence: self.events.last().map_or(0, |event| event.stored.sequence),
            contact: self.row.contact,
            due: self.row.due,
        }
    }

    /// The person as they will be once these events are stored.
    pub fn followed_by(mut self, events: impl IntoIterator<Item = PersonEvent>) -> Self {
        self.events.extend(events);
        self.places = Places::of(&self.submissions, &self.events);
        self.state = derive(of_state(&self.submissions, self.events.iter()));
        self
    }

    /// How the person would stand after one more event, of whatever chain.
    pub fn state_after(&self, event: Event<'_>) -> PersonState {
        derive(of_state(&self.submissions, self.events.iter()).chain([event]))
    }

    /// How the person stood at that time, by what had been received by then.
    pub fn state_at(&self, at: Timestamp) -> Cow<'_, PersonState> {
        let by_then = |event: &&PersonEvent| event.stored.received <= at;
        if self.events.iter().all(|event| by_then(&event)) {
            return Cow::Borrowed(&self.state);
        }
        Cow::Owned(derive(of_state(&self.submissions, self.events.iter().filter(by_then))))
    }

    pub fn submission(&self, chain: Uuid) -> Option<&PersonSubmission> {
        let place = self.places.submissions.get(&chain)?;
        self.submissions.get(*place)
    }

    /// Every chain of which the lead is there.
    pub fn chains(&self) -> Vec<Uuid> {
        let records = self.submissions.iter();
        records.map(|submission| submission.stored.record.id).collect()
    }

    /// The events of a chain, in the order of receipt.
    pub fn chain(&self, chain: Uuid) -> impl DoubleEndedIterator<Item = &PersonEvent> {
        let places = self.places.events.get(&chain).into_iter().flatten();
        places.map(|place| &self.events[*place])
    }

    /// What waits in a chain for a confirmation.
    pub fn waiting_in(&self, chain: Uuid) -> &[Waiting] {
        let first = self.first(chain);
        first.map_or(&[], |first| self.state.waiting_in(&first.chain))
    }

    /// The first record of a chain.
    pub fn first(&self, chain: Uuid) -> Option<&Submission> {
        self.chain(chain).next()?.record.as_submission()
    }

    /// The submission in effect for a purpose, with where it stands.
    pub fn in_effect(&self, purpose: &PurposeId) -> Option<(&PersonSubmission, &Standing)> {
        let standing = self.state.of(purpose)?;
        Some((self.submission(chain_uuid(&standing.chain)?)?, standing))
    }

    /// The submission that speaks for the person: their language, how they spell their address. Anybody can type an address
    /// into a form, and without a double opt-in that takes effect: the newest one that was confirmed from the mailbox comes
    /// before the newest that is in effect, and that before the newest of all.
    pub fn own(&self) -> Option<&PersonSubmission> {
        self.newest(|_| true)
    }

    /// The best known of those submissions, and of equals the newest.
    fn newest(&self, wanted: impl Fn(&PersonSubmission) -> bool) -> Option<&PersonSubmission> {
        let newest_first = || self.submissions.iter().rev().filter(|lead| wanted(lead));
        newest_first()
            .find(|lead| self.is_proved(lead))
            .or_else(|| newest_first().find(|lead| self.is_in_effect(lead)))
            .or_else(|| newest_first().next())
    }

    /// Whether a link to the mailbox was followed for it.
    pub fn is_proved(&self, lead: &PersonSubmission) -> bool {
        let proves = |event: &PersonEvent| matches!(event.stored.event.as_str(), "confirmation" | "renewal");
        self.chain(lead.stored.record.id).any(proves)
    }

    fn is_in_effect(&self, lead: &PersonSubmission) -> bool {
        self.first(lead.stored.record.id).is_some_and(|first| {
            let mut purposes = first.processes.iter().map(|process| &process.purpose);
            purposes.any(|purpose| self.state.in_effect(&first.chain, purpose))
        })
    }

    /// The form in whose words the person knows a purpose of this submission: of one that may be a stranger's, their own
    /// of the same form.
    pub fn form_of<'a>(&'a self, lead: &'a PersonSubmission, purpose: &PurposeId) -> &'a Arc<PublishedForm> {
        if self.is_proved(lead) {
            return &lead.form;
        }
        let form = &lead.form.row.form;
        let own = self.newest(|own| own.form.row.form == *form && own.form.process(purpose.as_str()).is_some());
        // Of two that nobody confirmed, the one that counts.
        let own = own.filter(|own| self.is_proved(own) || !self.is_in_effect(lead));
        &own.unwrap_or(lead).form
    }

    /// The language that the person read last.
    pub fn language(&self) -> &str {
        self.own()
            .map_or("en", |submission| submission.stored.lead.language.as_str())
    }

    /// The address for mails, as the person typed it last.
    pub fn address(&self) -> Option<&str> {
        let mut newest_first = self.submissions.iter().rev();
        let own = self.own().and_then(|own| own.values.address.as_deref());
        own.or_else(|| newest_first.find_map(|submission| submission.values.address.as_deref()))
    }
}

impl PersonSubmission {
    /// When the person acted, of what was taken over from elsewhere.
    pub fn acted(&self) -> Option<Timestamp> {
        self.stored.lead.imported.map(|imported| imported.acted)
    }

    /// From when the time is counted for which the data may be kept.
    pub fn collected(&self) -> Timestamp {
        self.acted().unwrap_or(self.stored.record.received)
    }

    pub async fn read(app: &App, stored: StoredSubmission) -> Result<Self, ApiError> {
        let (stored, values) = Self::unseal(app, stored).await?;
        let form = app.publications.by_digest(&stored.lead.compiled).await?;
        let held = stored.lead.held.iter().filter_map(|id| id.parse().ok()).collect();
        Ok(Self {
            values,
            form: form.ok_or(ApiError::Internal)?,
            held,
            stored,
        })
    }

    /// A rotation may have sealed the values anew, and deleted the key that sealed them when they were read: then they are
    /// read again. A key that the row still names is missed in earnest.
    async fn unseal(app: &App, mut stored: StoredSubmission) -> Result<(StoredSubmission, Values), ApiError> {
        let id = stored.record.id;
        for _ in 0..ATTEMPTS {
            let error = match app.values.unseal(id, &stored.lead.values) {
                Ok(values) => return Ok((stored, values)),
                Err(error) => error,
            };
            let before = stored.lead.values.key;
            let again = app.store.submission(id).await?.ok_or(ApiError::Unavailable)?;
            if again.lead.values.key == before {
                return Err(error.into());
            }
            stored = again;
        }
        Err(ApiError::Unavailable)
    }
}

/// The events as the derivation of the state reads them.
fn of_state<'a>(
    submissions: &'a [PersonSubmission],
    events: impl Iterator<Item = &'a PersonEvent>,
) -> impl Iterator<Item = Event<'a>> {
    let of_record = submissions
        .iter()
        .map(|submission| (submission.stored.record.id, submission));
    let of_record: HashMap<Uuid, &PersonSubmission> = of_record.collect();
    events.map(move |event| {
        let submission = of_record.get(&event.stored.id).copied();
        Event {
            record: &event.record,
            received: record_time(event.stored.received),
            index: event.stored.sequence.unsigned_abs(),
            double_opt_in: submission.is_some_and(|submission| submission.form.double_opt_in()),
            held: submission.map_or(&[], |submission| &submission.held),
            acted: submission.and_then(PersonSubmission::acted).map(record_time),
        }
    })
}

impl PersonEvent {
    /// Whether the person did it, not the controller.
    pub fn is_by_person(&self) -> bool {
        let actor = match &self.record {
            Record::Submission(submission) => submission.actor,
            Record::FollowUp(follow_up) => follow_up.actor,
        };
        actor == Actor::Subject
    }

    /// Reads a receipt that was verified before it was stored: its shape is known.
    pub fn read(stored: StoredRecord) -> Option<Self> {
        #[derive(serde::Deserialize)]
        struct Envelope<'a> {
            payload: &'a str,
        }
        let envelope: Envelope<'_> = serde_json::from_str(&stored.receipt).ok()?;
        let payload = candor_record::base64url::decode(envelope.payload).ok()?;
        let record = match stored.event.as_str() {
            "submission" => Record::Submission(Box::new(serde_json::from_slice::<Submission>(&payload).ok()?)),
            _ => Record::FollowUp(Box::new(serde_json::from_slice::<FollowUp>(&payload).ok()?)),
        };
        Some(Self { stored, record })
    }
}

/// A chain's id as the store has it.
pub fn chain_uuid(chain: &ChainId) -> Option<Uuid> {
    Uuid::parse_str(chain.as_str()).ok()
}

//! A person on the desk: what is on record of them, changed in memory by what was decided so far.
//! Refuses to look for anything one by one: a mailbox that somebody filled has thousands of leads.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use candor_record::{id::PurposeId, record::Submission, state::Event};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    http::error::ApiError,
    ingest::record_time,
    lifecycle::{Lead, Life},
    person::PersonEvent,
    published::PublishedForm,
    store::{DueLead, DuePerson, PastLetter},
    values::Sealed,
};

/// A person on the desk.
pub(super) struct Open {
    reachable: bool,
    contact: Timestamp,
    pub(super) leads: Vec<OpenLead>,
    /// Where each of them stands: a mailbox that somebody filled has thousands.
    places: HashMap<Uuid, usize>,
    pub(super) events: Vec<PersonEvent>,
    pub(super) letters: Vec<PastLetter>,
}

pub(super) struct OpenLead {
    pub(super) chain: Uuid,
    pub(super) form: Arc<PublishedForm>,
    held: Vec<PurposeId>,
    received: Timestamp,
    acted: Option<Timestamp>,
    confirm_until: Timestamp,
    pub(super) values: Sealed,
}

impl OpenLead {
    fn living<'a>(&'a self, first: &'a Submission) -> Lead<'a> {
        Lead {
            chain: self.chain,
            first,
            received: self.acted.unwrap_or(self.received),
            confirm_until: self.confirm_until,
            on_silence: self.form.on_silence(),
            fields: &self.form.fields,
        }
    }
}

impl Open {
    pub(super) fn read(forms: &HashMap<String, Arc<PublishedForm>>, person: DuePerson) -> Option<Self> {
        let lead = |lead: DueLead| {
            let form = Arc::clone(forms.get(&lead.compiled)?);
            Some(OpenLead {
                chain: lead.record,
                held: lead.held.iter().filter_map(|id| id.parse().ok()).collect(),
                received: lead.received,
                acted: lead.acted,
                confirm_until: form
                    .confirmation_expiry(lead.received)
                    .max(lead.confirm_until.unwrap_or(Timestamp::MIN)),
                form,
                values: lead.values,
            })
        };
        let leads = person.leads.into_iter().map(lead).collect::<Option<Vec<_>>>()?;
        Some(Self {
            reachable: person.reachable,
            contact: person.seen.contact,
            places: places(&leads),
            leads,
            events: person
                .records
                .into_iter()
                .map(PersonEvent::read)
                .collect::<Option<_>>()?,
            letters: person.letters,
        })
    }

    pub(super) fn life(&self) -> Life<'_> {
        let firsts = self.firsts();
        let leads = self.leads.iter();
        Life {
            reachable: self.reachable,
            contact: self.contact,
            events: self.events.iter().map(|event| self.event(event)).collect(),
            leads: leads
                .filter_map(|lead| Some(lead.living(firsts.get(&lead.chain).copied()?)))
                .collect(),
            letters: &self.letters,
        }
    }

    /// The submission of each chain.
    pub(super) fn firsts(&self) -> HashMap<Uuid, &Submission> {
        let firsts = self.events.iter();
        firsts
            .filter_map(|event| Some((event.stored.id, event.record.as_submission()?)))
            .collect()
    }

    fn event<'a>(&'a self, event: &'a PersonEvent) -> Event<'a> {
        let lead = self.lead(event.stored.id);
        Event {
            record: &event.record,
            received: record_time(event.stored.received),
            index: event.stored.sequence.unsigned_abs(),
            double_opt_in: lead.is_some_and(|lead| lead.form.double_opt_in()),
            held: lead.map_or(&[], |lead| &lead.held),
            acted: lead.and_then(|lead| lead.acted).map(record_time),
        }
    }

    pub(super) fn lead(&self, chain: Uuid) -> Option<&OpenLead> {
        self.leads.get(*self.places.get(&chain)?)
    }

    pub(super) fn form(&self, chain: Uuid) -> Result<&Arc<PublishedForm>, ApiError> {
        self.lead(chain).map(|lead| &lead.form).ok_or(ApiError::Internal)
    }

    pub(super) fn first(&self, chain: Uuid) -> Option<&Submission> {
        let event = self.events.iter().find(|event| event.stored.id == chain)?;
        event.record.as_submission()
    }

    pub(super) fn next_sequence(&self) -> i64 {
        self.events.last().map_or(1, |event| event.stored.sequence + 1)
    }

    /// As if these leads had never been: so they will be read from now on.
    pub(super) fn forget(&mut self, chains: &HashSet<Uuid>) {
        self.leads.retain(|lead| !chains.contains(&lead.chain));
        self.events.retain(|event| !chains.contains(&event.stored.chain));
        self.places = places(&self.leads);
    }
}

fn places(leads: &[OpenLead]) -> HashMap<Uuid, usize> {
    leads.iter().map(|lead| lead.chain).zip(0..).collect()
}

//! What one chain says of one purpose, and whether that has taken effect yet.
//! Refuses to know of other chains: what they decide together stands in `ledger.rs`.

use super::{Class, Event, Standing, State};
use crate::{
    id::{ChainId, PurposeId, RecordId},
    record::{Process, Submission},
    term::{Basis, PartyRole, Status},
    time::{Period, Timestamp},
};

/// The event that is being applied: which, and when it was received; of what was taken over, when the person acted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamp<'a> {
    pub(super) received: Timestamp,
    pub(super) record: &'a RecordId,
}

impl<'a> Stamp<'a> {
    pub(super) fn of(event: &Event<'a>) -> Stamp<'a> {
        // A source cannot prolong anything by a time to come.
        let acted = event.acted.filter(|acted| *acted < event.received);
        Stamp {
            received: acted.unwrap_or(event.received),
            record: event.record.id(),
        }
    }
}

/// A purpose as one submission describes it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meaning<'a> {
    pub(super) process: &'a Process,
    pub(super) controller: &'a str,
    pub(super) chain: &'a ChainId,
    pub(super) submission: Stamp<'a>,
}

impl<'a> Meaning<'a> {
    pub(super) fn purpose(&self) -> &'a PurposeId {
        &self.process.purpose
    }

    pub(super) fn has_objection(&self) -> bool {
        self.process.basis.has_objection()
    }

    /// What the purpose is once the person said no: `None` where it needs no consent and knows no objection.
    pub(super) fn refused(&self) -> Option<State> {
        match self.process.basis {
            Basis::Consent | Basis::ExplicitConsent => Some(State::Withdrawn),
            Basis::SoftOptIn | Basis::LegitimateInterest => Some(State::Objected),
            Basis::PreContract | Basis::Contract | Basis::LegalObligation => None,
        }
    }

    pub(super) fn class(&self) -> Class {
        Class {
            controller: self.controller.to_owned(),
            kind: self.process.kind,
            channel: self.process.channel,
        }
    }

    /// The purpose in that state from that event on.
    pub(super) fn standing(&self, state: State, stamp: Stamp<'_>) -> Standing {
        let process = self.process;
        let holds = matches!(state, State::Given | State::Renewed);
        let validity = process.validity.as_ref();
        Standing {
            state,
            basis: process.basis,
            kind: process.kind,
            channel: process.channel,
            controller: self.controller.to_owned(),
            since: stamp.received,
            record: stamp.record.clone(),
            chain: self.chain.clone(),
            validity: validity.cloned(),
            valid_until: validity.filter(|_| holds).map(|validity| end(stamp.received, validity)),
            collected: self.submission.received,
            storage: process.storage.clone(),
            ended: state.is_ended().then_some(stamp.received),
            barred_by: None,
        }
    }
}

/// When a period ends, by the calendar: half a year after 31 August is the last day of February.
fn end(since: Timestamp, validity: &Period) -> Timestamp {
    let since = since.as_jiff().to_zoned(jiff::tz::TimeZone::UTC);
    let end = since.checked_add(validity.to_span()).ok();
    end.and_then(|end| Timestamp::from_millisecond(end.timestamp().as_millisecond()))
        .unwrap_or(Timestamp::MAX)
}

/// How far what a chain says of a purpose has come.
#[derive(Debug, Clone, Copy)]
pub(super) enum Phase<'a> {
    /// Nothing happened to it yet.
    Waiting,
    /// It took effect; whatever came later.
    InEffect,
    /// It was confirmed, and there was nothing that it could change.
    Spent,
    /// It was taken back before it took effect.
    Cancelled(Stamp<'a>),
    /// It was erased, before or after.
    Erased(Stamp<'a>),
}

/// What a chain says of one purpose.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) meaning: Meaning<'a>,
    pub(super) status: Status,
    pub(super) held: bool,
    pub(super) phase: Phase<'a>,
}

impl<'a> Entry<'a> {
    /// Would it give something to the controller: a consent, or leave to write without one?
    pub(super) fn gives(&self) -> bool {
        match self.status {
            Status::Given => true,
            Status::Informed => self.meaning.has_objection(),
            _ => false,
        }
    }

    /// How it shows while no state is on record: only what would give something is pending.
    pub(super) fn shows(&self) -> (State, Stamp<'a>) {
        let submission = self.meaning.submission;
        match self.phase {
            Phase::Erased(stamp) => (State::Erased, stamp),
            Phase::Cancelled(stamp) => (self.meaning.refused().unwrap_or(State::NotGiven), stamp),
            Phase::Waiting | Phase::InEffect | Phase::Spent => {
                let state = match self.status {
                    _ if self.gives() && self.held => State::Held,
                    _ if self.gives() => State::Pending,
                    Status::Informed => State::Informed,
                    Status::Objected => State::Objected,
                    Status::NotShown => State::NotShown,
                    _ => State::NotGiven,
                };
                (state, submission)
            }
        }
    }
}

/// A submission, and how far each of its purposes has come.
#[derive(Debug)]
pub(super) struct Chain<'a> {
    pub(super) confirmed: bool,
    /// In the record's order.
    pub(super) entries: Vec<Entry<'a>>,
}

impl<'a> Chain<'a> {
    pub(super) fn new(event: &Event<'a>, submission: &'a Submission) -> Chain<'a> {
        let entries = meanings(event, submission).map(|meaning| {
            let mut entry = Entry {
                meaning,
                status: meaning.process.status,
                held: false,
                phase: Phase::Waiting,
            };
            // Only what gives something can be held: nobody has to confirm that they said nothing.
            entry.held = entry.gives() && event.held.contains(meaning.purpose());
            entry
        });
        Chain {
            confirmed: false,
            entries: entries.collect(),
        }
    }
}

/// Every purpose of a submission, as it describes them.
pub(super) fn meanings<'a>(event: &Event<'a>, submission: &'a Submission) -> impl Iterator<Item = Meaning<'a>> {
    let stamp = Stamp::of(event);
    // The name, not the id: each definition chooses its ids, and a company is the same in all of them. Of joint
    // controllers the first one counts.
    let mut controllers = submission
        .parties
        .iter()
        .filter(|party| party.role == PartyRole::Controller);
    let controller = controllers.next().map_or("", |party| party.name.as_str());
    submission.processes.iter().map(move |process| Meaning {
        process,
        controller,
        chain: &submission.chain,
        submission: stamp,
    })
}

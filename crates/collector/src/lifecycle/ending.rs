//! When a purpose of a lead ends, with it the fields that it alone needed, and with the last one the lead itself.
//! Refuses to let a purpose outlive its retention, and to end one whose data are kept from its withdrawal on before that.

use candor_record::{
    id::PurposeId,
    record::{Process, Storage},
    state::{PersonState, Standing, State},
    term::{RetentionStart, Status},
};
use jiff::Timestamp;

use super::{Lead, after, is_contactable};
use crate::published::Field;

/// Why a lead went: the word of the deletion report. In the order in which one of several is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Its consents never took effect, and it had no other purpose.
    Unconfirmed,
    /// A later submission of the person took its place.
    Superseded,
    Expired,
    Withdrawn,
    Retention,
}

impl Reason {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unconfirmed => "unconfirmed",
            Self::Superseded => "superseded",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Retention => "retention",
        }
    }
}

/// The end of a lead's last purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LeadEnd {
    pub(super) at: Timestamp,
    pub(super) reason: Reason,
    /// Purposes for which the person is contacted until then, and which a contact would prolong.
    pub(super) kept_for: Vec<PurposeId>,
}

impl LeadEnd {
    /// `None` where no end is in sight.
    pub(super) fn of(lead: &Lead<'_>, contact: Timestamp, state: &PersonState, now: Timestamp) -> Option<Self> {
        let mut whole = Self {
            at: lead.received,
            reason: Reason::Unconfirmed,
            kept_for: Vec::new(),
        };
        for process in &lead.first.processes {
            let view = View {
                lead,
                contact,
                state,
                now,
            };
            let (at, reason) = view.end(process)?;
            if (at, reason) > (whole.at, whole.reason) {
                if at > whole.at {
                    whole.kept_for.clear();
                }
                (whole.at, whole.reason) = (at, reason);
            }
            if at == whole.at && view.is_prolonged_by_contact(process) {
                whole.kept_for.push(process.purpose.clone());
            }
        }
        Some(whole)
    }
}

/// The ends of single fields while the lead goes on (GDPR Art. 5(1)(e)).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct FieldEnds {
    /// Fields whose purposes are all over.
    pub(super) over: Vec<String>,
    /// When the next field ends.
    pub(super) next: Option<Timestamp>,
}

impl FieldEnds {
    pub(super) fn of(lead: &Lead<'_>, contact: Timestamp, state: &PersonState, now: Timestamp) -> Self {
        let view = View {
            lead,
            contact,
            state,
            now,
        };
        let mut ends = Self::default();
        for field in lead.fields {
            // The address names the person, and goes with the lead.
            if field.kind == "email" || field.purposes.is_empty() {
                continue;
            }
            match view.end_of(field) {
                Some(at) if at <= now => ends.over.push(field.id.clone()),
                Some(at) => ends.next = Some(ends.next.map_or(at, |next| next.min(at))),
                None => {}
            }
        }
        ends
    }
}

struct View<'a> {
    lead: &'a Lead<'a>,
    /// The last one that the person made.
    contact: Timestamp,
    state: &'a PersonState,
    now: Timestamp,
}

impl View<'_> {
    /// When the last purpose of a field ends; `None` where one lives, or can still be confirmed.
    fn end_of(&self, field: &Field) -> Option<Timestamp> {
        let mut last = self.lead.received;
        for purpose in &field.purposes {
            let mut processes = self.lead.first.processes.iter();
            let process = processes.find(|process| process.purpose.as_str() == purpose)?;
            if self.waits(process) {
                return None;
            }
            last = last.max(self.end(process)?.0);
        }
        Some(last)
    }

    fn end(&self, process: &Process) -> Option<(Timestamp, Reason)> {
        let received = self.lead.received;
        if !process.basis.is_consent() && !process.basis.has_objection() {
            // A service goes by its own submission, whatever the person sent later.
            return match process.status {
                Status::Informed => Some((self.retained(&process.storage, received)?, Reason::Retention)),
                _ => Some((received, Reason::Unconfirmed)),
            };
        }
        let settled = match self.in_effect(process) {
            Some(standing) => self.settled(standing)?,
            None if self.state.in_effect(&self.lead.first.chain, &process.purpose) => (received, Reason::Superseded),
            // The link that would confirm it lives until then, whether it was mailed or not.
            None => match process.status {
                Status::Given | Status::Informed | Status::Objected => (self.lead.confirm_until, Reason::Unconfirmed),
                _ => (received, Reason::Unconfirmed),
            },
        };
        // An objection that took effect by itself, and would reach further once it is confirmed.
        Some(match self.waits(process) {
            true => settled.max((self.lead.confirm_until, Reason::Unconfirmed)),
            false => settled,
        })
    }

    fn waits(&self, process: &Process) -> bool {
        let mut waiting = self.state.waiting_in(&self.lead.first.chain).iter();
        waiting.any(|waiting| waiting.purpose == process.purpose)
    }

    /// Where the purpose stands, if this lead's submission decides it.
    fn in_effect(&self, process: &Process) -> Option<&Standing> {
        let chain = &self.lead.first.chain;
        let standing = self.state.of(&process.purpose)?;
        (standing.chain == *chain && self.state.in_effect(chain, &process.purpose)).then_some(standing)
    }

    fn settled(&self, standing: &Standing) -> Option<(Timestamp, Reason)> {
        let received = standing.collected.as_jiff();
        let ended = standing.ended.map_or(received, |ended| ended.as_jiff());
        let storage = &standing.storage;
        let over = |since, reason| {
            let at = match storage.from {
                RetentionStart::Withdrawal => after(since, storage.retention.to_span())?,
                RetentionStart::Collection | RetentionStart::LastContact => since,
            };
            Some((at, reason))
        };
        match standing.state {
            State::Given | State::Renewed | State::Informed => {
                Some((self.retained(storage, received)?, Reason::Retention))
            }
            State::Withdrawn | State::Objected => over(ended, Reason::Withdrawn),
            // A sweep that came late does not prolong anything.
            State::Expired => {
                let validity = standing.validity.as_ref();
                let until = validity.and_then(|validity| after(standing.since.as_jiff(), validity.to_span()));
                over(until.map_or(ended, |until| until.min(ended)), Reason::Expired)
            }
            State::NotShown | State::NotGiven | State::Pending | State::Held | State::Erased => {
                Some((received, Reason::Unconfirmed))
            }
        }
    }

    /// The end of the retention of what still stands; `None` where it begins with a withdrawal only.
    fn retained(&self, storage: &Storage, received: Timestamp) -> Option<Timestamp> {
        let from = match storage.from {
            RetentionStart::Collection => received,
            RetentionStart::LastContact => self.contact.max(received),
            RetentionStart::Withdrawal => return None,
        };
        after(from, storage.retention.to_span())
    }

    fn is_prolonged_by_contact(&self, process: &Process) -> bool {
        self.in_effect(process).is_some_and(|standing| {
            let valid = standing.valid_until.is_none_or(|until| until.as_jiff() > self.now);
            standing.storage.from == RetentionStart::LastContact
                && valid
                && is_contactable(standing.state, standing.basis.has_objection())
        })
    }
}

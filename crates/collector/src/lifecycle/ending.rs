//! When a purpose of a lead ends, and with the last one the lead itself.
//! Refuses to let a purpose outlive its retention, and to end one whose data are kept from its withdrawal on before that.

use candor_record::{
    id::PurposeId,
    record::{Process, Storage},
    state::{PersonState, Standing, State},
    term::{RetentionStart, Status},
};
use jiff::Timestamp;

use super::{Lead, Life, after, is_contactable};

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
    pub(super) fn of(lead: &Lead<'_>, life: &Life<'_>, state: &PersonState, now: Timestamp) -> Option<Self> {
        let mut whole = Self {
            at: lead.received,
            reason: Reason::Unconfirmed,
            kept_for: Vec::new(),
        };
        for process in &lead.first.processes {
            let view = View { lead, life, state, now };
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

struct View<'a> {
    lead: &'a Lead<'a>,
    life: &'a Life<'a>,
    state: &'a PersonState,
    now: Timestamp,
}

impl View<'_> {
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
        let waits = self
            .state
            .waiting()
            .any(|waiting| waiting.chain == self.lead.first.chain && waiting.purpose == process.purpose);
        Some(match waits {
            true => settled.max((self.lead.confirm_until, Reason::Unconfirmed)),
            false => settled,
        })
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
            RetentionStart::LastContact => self.life.contact.max(received),
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

//! What time does to a person: notices, the end of a consent in silence, the end of data. Pure: a life and a time in,
//! what is due out. Refuses to remember: what was done already follows from the events and from the letters, so that a
//! sweep that comes late, twice or not at all for a month decides the same. Who carries it out: `sweep.rs`.
//!
//! Every date is a date of the calendar in UTC. A notice is due from the beginning of its day, so that consents that
//! end on one day share one letter; the consent itself ends at its own time of that day.

use std::collections::HashSet;

use candor_record::{
    id::PurposeId,
    record::Submission,
    state::{Event, PersonState, State, derive},
};
use jiff::{Span, Timestamp, tz::TimeZone};
use uuid::Uuid;

use crate::{
    published::{Field, OnSilence},
    store::{MailKind, PastLetter},
};

mod ending;
#[cfg(test)]
mod tests;

pub use ending::Reason;
use ending::{FieldEnds, LeadEnd};

/// So many days before a consent ends the person is asked; law.md L31.
pub const NOTICES: [i32; 3] = [30, 7, 1];

/// So many days before a lead would go the person is asked; law.md L28.
const ASKED_BEFORE: i32 = 30;

/// A person as time sees them.
#[derive(Debug, Clone)]
pub struct Life<'a> {
    /// Is there a mailbox to write to?
    pub reachable: bool,
    /// The last contact that the person made.
    pub contact: Timestamp,
    /// Every event of every lead.
    pub events: Vec<Event<'a>>,
    /// In the order of their receipt.
    pub leads: Vec<Lead<'a>>,
    /// What was written on account of time.
    pub letters: &'a [PastLetter],
}

/// A submission of that person.
#[derive(Debug, Clone, Copy)]
pub struct Lead<'a> {
    pub chain: Uuid,
    pub first: &'a Submission,
    pub received: Timestamp,
    /// Until when it can be confirmed.
    pub confirm_until: Timestamp,
    pub on_silence: OnSilence,
    /// Of its form.
    pub fields: &'a [Field],
}

/// What is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// One letter: do these consents go on?
    Remind(Vec<Notice>),
    /// One letter: do the data stay?
    Ask {
        chain: Uuid,
        purposes: Vec<PurposeId>,
        deletion: Timestamp,
    },
    /// Nobody answered.
    Expire { chain: Uuid, purposes: Vec<PurposeId> },
    /// No purpose is left.
    Erase { chain: Uuid, reason: Reason },
}

/// A consent that ends soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub chain: Uuid,
    pub purpose: PurposeId,
    pub days: i32,
    pub until: Timestamp,
    pub on_silence: OnSilence,
}

/// What is due now, and when something will be. After an expiry or an erasure the caller asks again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub actions: Vec<Action>,
    /// `None`: never, unless something happens.
    pub next: Option<Timestamp>,
    /// Fields of leads that go on, whose own purposes are all over: what was typed there goes. They are named whether a
    /// value is still there or not: no value is read here.
    pub idle: Vec<(Uuid, Vec<String>)>,
}

/// What is due for that person.
pub fn plan(life: &Life<'_>, now: Timestamp) -> Plan {
    let state = derive(life.events.iter().copied());
    let mut planned = Planned {
        life,
        state: &state,
        now,
        actions: Vec::new(),
        next: None,
        idle: Vec::new(),
    };
    planned.consents();
    // What expires now decides which leads end: the caller asks again once it is recorded.
    if planned
        .actions
        .iter()
        .any(|action| matches!(action, Action::Expire { .. }))
    {
        planned.next = Some(now);
    } else {
        planned.leads();
    }
    Plan {
        actions: planned.actions,
        next: planned.next,
        idle: planned.idle,
    }
}

/// The fields of a lead whose own purposes are all over: the sweep takes what was typed there, or has taken it.
pub fn fields_over(lead: &Lead<'_>, contact: Timestamp, state: &PersonState, now: Timestamp) -> Vec<String> {
    FieldEnds::of(lead, contact, state, now).over
}

/// Is the person contacted for a purpose that stands so? Whatever validity, retention and suppression say.
fn is_contactable(state: State, has_objection: bool) -> bool {
    match state {
        State::Given | State::Renewed => true,
        State::Informed => has_objection,
        _ => false,
    }
}

/// A calendar span after a time, in UTC; beyond the calendar is never.
fn after(from: Timestamp, span: Span) -> Option<Timestamp> {
    let end = from.to_zoned(TimeZone::UTC).checked_add(span).ok()?;
    Some(end.timestamp())
}

/// The beginning of the day so many days before.
fn day_before(until: Timestamp, days: i32) -> Timestamp {
    let day = until.to_zoned(TimeZone::UTC).checked_sub(Span::new().days(days));
    let start = day.and_then(|day| day.start_of_day());
    start.map_or(Timestamp::MIN, |start| start.timestamp())
}

struct Planned<'a> {
    life: &'a Life<'a>,
    state: &'a PersonState,
    now: Timestamp,
    actions: Vec<Action>,
    next: Option<Timestamp>,
    idle: Vec<(Uuid, Vec<String>)>,
}

impl Planned<'_> {
    /// Something will be due then.
    fn look(&mut self, at: Timestamp) {
        if at > self.now {
            self.next = Some(self.next.map_or(at, |next| next.min(at)));
        }
    }

    fn lead_of(&self, chain: &str) -> Option<Lead<'_>> {
        let chain = Uuid::parse_str(chain).ok()?;
        self.life.leads.iter().find(|lead| lead.chain == chain).copied()
    }

    /// Was the person written to since then?
    fn was_told(&self, kind: MailKind, purpose: Option<&PurposeId>, since: Timestamp) -> bool {
        self.life.letters.iter().any(|letter| {
            letter.kind == kind
                && letter.at >= since
                && purpose.is_none_or(|purpose| letter.purposes.iter().any(|told| told == purpose.as_str()))
        })
    }

    fn consents(&mut self) {
        let (mut notices, mut expired): (Vec<Notice>, Vec<(Uuid, Vec<PurposeId>)>) = Default::default();
        for (purpose, standing) in self.state.purposes() {
            let (Some(until), Some(lead)) = (standing.valid_until, self.lead_of(standing.chain.as_str())) else {
                continue;
            };
            let (until, on_silence, chain) = (until.as_jiff(), lead.on_silence, lead.chain);
            if until <= self.now {
                if on_silence == OnSilence::Expire {
                    match expired.iter_mut().find(|(of, _)| *of == chain) {
                        Some((_, purposes)) => purposes.push(purpose.clone()),
                        None => expired.push((chain, vec![purpose.clone()])),
                    }
                }
                continue;
            }
            if on_silence == OnSilence::Expire {
                self.look(until);
            }
            if let Some(days) = self.notice_due(purpose, standing.since.as_jiff(), until) {
                notices.push(Notice {
                    chain,
                    purpose: purpose.clone(),
                    days,
                    until,
                    on_silence,
                });
            }
        }
        if !notices.is_empty() {
            self.actions.push(Action::Remind(notices));
        }
        let expired = expired.into_iter();
        self.actions
            .extend(expired.map(|(chain, purposes)| Action::Expire { chain, purposes }));
    }

    /// The nearest notice that is due and was not given; earlier ones that were missed are not made up for.
    fn notice_due(&mut self, purpose: &PurposeId, since: Timestamp, until: Timestamp) -> Option<i32> {
        if !self.life.reachable {
            return None;
        }
        let mut current = None;
        for days in NOTICES {
            let start = day_before(until, days);
            // A short consent has no notice from before it was given.
            if start < since {
                continue;
            }
            self.look(start);
            if start <= self.now {
                current = Some((days, start));
            }
        }
        let (days, start) = current?;
        (!self.was_told(MailKind::Renewal, Some(purpose), start)).then_some(days)
    }

    fn leads(&mut self) {
        let mut ended = Vec::new();
        let mut asked = false;
        for lead in &self.life.leads {
            let Some(end) = LeadEnd::of(lead, self.life.contact, self.state, self.now) else {
                continue;
            };
            if end.at <= self.now {
                ended.push((lead.chain, end.reason));
                continue;
            }
            self.look(end.at);
            if end.kept_for.is_empty() || !self.life.reachable {
                continue;
            }
            let start = day_before(end.at, ASKED_BEFORE);
            // Data that are kept for less than that go without a question.
            if start < self.life.contact.max(lead.received) {
                continue;
            }
            self.look(start);
            if start <= self.now && !asked && !self.was_told(MailKind::Retention, None, start) {
                // Leads that go on nearly the same day share the letter: the answer keeps them all.
                asked = true;
                self.actions.push(Action::Ask {
                    chain: lead.chain,
                    purposes: end.kept_for,
                    deletion: end.at,
                });
            }
        }
        for lead in &self.life.leads {
            let ends = FieldEnds::of(lead, self.life.contact, self.state, self.now);
            if !ends.over.is_empty() {
                self.idle.push((lead.chain, ends.over));
            }
            if let Some(at) = ends.next {
                self.look(at);
            }
        }
        let erasable = self.erasable(ended);
        let erased = erasable.into_iter();
        self.actions
            .extend(erased.map(|(chain, reason)| Action::Erase { chain, reason }));
    }

    /// A lead whose refusal still holds down what another lead brought stays as long as that one: without its events the
    /// other consent would seem to live.
    fn erasable(&self, ended: Vec<(Uuid, Reason)>) -> Vec<(Uuid, Reason)> {
        let chains: Vec<Uuid> = ended.iter().map(|(chain, _)| *chain).collect();
        let mut erased = HashSet::new();
        self.erase_of(&chains, &mut erased);
        ended.into_iter().filter(|(chain, _)| erased.contains(chain)).collect()
    }

    /// All of these, where that revives nothing, or else of each half as many as can go: of a mailbox that somebody filled a
    /// few stay among thousands, and the state is not derived for each of them.
    fn erase_of(&self, chains: &[Uuid], erased: &mut HashSet<Uuid>) {
        erased.extend(chains);
        if chains.is_empty() || !self.would_revive(erased) {
            return;
        }
        for chain in chains {
            erased.remove(chain);
        }
        if chains.len() > 1 {
            let (first, second) = chains.split_at(chains.len() / 2);
            self.erase_of(first, erased);
            self.erase_of(second, erased);
        }
    }

    fn would_revive(&self, chains: &HashSet<Uuid>) -> bool {
        let remains = |event: &&Event<'_>| {
            let chain = Uuid::parse_str(event.record.chain().as_str());
            chain.is_ok_and(|chain| !chains.contains(&chain))
        };
        let without = derive(self.life.events.iter().filter(remains).copied());
        without.purposes().any(|(purpose, standing)| {
            let contactable = |state: State| is_contactable(state, standing.basis.has_objection());
            contactable(standing.state) && !self.state.of(purpose).is_some_and(|before| contactable(before.state))
        })
    }
}

//! What a receiver has to be told: what is true now, what it was told, and what is on its way. Pure; asked when a person has
//! changed and again before each attempt, so that nothing leaves that is not true any more.
//! Refuses to remember events: a message follows from a difference, and a difference that has gone needs none.

use candor_record::digest::Sha256Digest;

use super::adapter::{Act, EndReason, Event};
use crate::store::flows::LastTold;

/// What is true of one person for one receiver, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum True {
    /// It may use a lead, which says this.
    Lead(Sha256Digest),
    /// It must not, for this reason.
    Ended(EndReason),
    /// It is none of its business: the form that the person saw does not name the party.
    Nothing,
}

/// What the receiver knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// The last thing that it took.
    pub told: Option<LastTold>,
    /// Of that lead; `None` once an end began to leave.
    pub digest: Option<Sha256Digest>,
    /// Nothing has left since that may have arrived.
    pub certain: bool,
    /// It may have a lead.
    pub holds: bool,
}

/// A message that was made and not taken: it waits, or was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    pub event: Event,
    pub facts: Sha256Digest,
    /// Of an end.
    pub reason: Option<EndReason>,
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It knows what is true.
    Nothing,
    /// The pending message says it.
    Keep,
    /// The pending message is not true, and nothing is to be told in its place.
    Drop,
    /// A new message, in the place of the pending one where there is one.
    Tell(Event, Option<EndReason>),
}

/// The step for a receiver; one that is closed takes no more leads.
pub fn decide(closed: bool, now: True, known: &Known, pending: Option<&Pending>) -> Step {
    let Some((event, reason)) = needed(closed, now, known) else {
        return match pending {
            Some(_) => Step::Drop,
            None => Step::Nothing,
        };
    };
    let says_it = |pending: &&Pending| match now {
        True::Lead(facts) => pending.event == event && pending.facts == facts,
        _ => pending.reason.map(EndReason::act) >= reason.map(EndReason::act) && pending.event == event,
    };
    match pending.filter(says_it) {
        Some(_) => Step::Keep,
        None => Step::Tell(event, reason),
    }
}

/// What the receiver does not know, or may not know.
fn needed(closed: bool, now: True, known: &Known) -> Option<(Event, Option<EndReason>)> {
    match now {
        True::Lead(_) if closed => None,
        True::Lead(facts) => match (known.told, known.digest) {
            (Some(LastTold::Lead), Some(digest)) if known.certain && digest == facts => None,
            (Some(LastTold::Lead), Some(_)) => Some((Event::Changed, None)),
            // Where an end may have arrived there is nothing that could be changed.
            _ => Some((Event::Allowed, None)),
        },
        True::Ended(reason) => ended(reason, known),
        // It was named when it got the lead: what replaced that consent names others.
        True::Nothing => ended(EndReason::Expired, known),
    }
}

fn ended(reason: EndReason, known: &Known) -> Option<(Event, Option<EndReason>)> {
    let knows = match (known.told, reason.act()) {
        (Some(LastTold::Erase), _) | (Some(LastTold::Stop), Act::Stop) => known.certain,
        _ => false,
    };
    (known.holds && !knows).then_some((Event::Ended, Some(reason)))
}

#[cfg(test)]
mod tests;

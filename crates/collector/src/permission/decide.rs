//! The pure part of the permission: a case in, an answer out. No store, no clock.
//! Refuses in this order: suppressed, restricted, another channel or number, the state, its end, then what only defers.

use candor_record::{
    id::{PurposeId, RecordId},
    state::{Standing, State},
    term::Channel,
};
use jiff::{Span, Timestamp};

use super::{
    Reason,
    calls::{Calls, Profile},
};
use crate::{
    access::kept_until,
    published::{OnSilence, after},
};

/// Everything that the answer depends on, as it stood at that time.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    pub standing: &'a Standing,
    pub purpose: &'a PurposeId,
    pub channel: Channel,
    pub at: Timestamp,
    /// The last contact that the person made.
    pub contact: Timestamp,
    pub on_silence: OnSilence,
    pub suppressed: bool,
    /// The data are to be kept and nothing else (Art. 18 GDPR).
    pub restricted: bool,
    /// Where a number was asked about: whether the lead in effect says it for this purpose.
    pub holds_number: bool,
    pub frequency: Option<Span>,
    pub calls: Option<&'static Profile>,
    /// When the person was last contacted for this purpose.
    pub sent: Option<Timestamp>,
    /// Calls of the same controller, oldest first.
    pub attempts: Vec<Timestamp>,
    /// When the person last refused its calls, after what is in effect.
    pub refused: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub allowed: bool,
    /// The state's word, or `paused`, `restricted`, `suppressed`, `unknown`.
    pub status: &'static str,
    /// The event that made the state.
    pub record: Option<RecordId>,
    /// Where it is allowed: until when, if nothing else happens.
    pub until: Option<Timestamp>,
    /// Where it is deferred: until when.
    pub not_before: Option<Timestamp>,
    pub reason: Reason,
    pub limits: Option<Limits>,
}

/// What limits the contacts that are permitted.
#[derive(Debug, Clone)]
pub struct Limits {
    pub frequency: Option<Span>,
    pub calls: Option<(&'static Calls, usize)>,
}

impl Answer {
    pub(super) fn no(status: &'static str, record: Option<RecordId>, reason: Reason) -> Self {
        Self {
            allowed: false,
            status,
            record,
            until: None,
            not_before: None,
            reason,
            limits: None,
        }
    }

    /// Nobody is known by that address, or not for that purpose.
    pub fn unknown(suppressed: bool) -> Self {
        let reason = if suppressed {
            Reason::Suppressed
        } else {
            Reason::Unknown
        };
        Self::no(reason.as_str(), None, reason)
    }
}

/// The decision.
pub fn decide(case: &Case<'_>) -> Answer {
    let standing = case.standing;
    if case.suppressed {
        return Answer::unknown(true);
    }
    let no = |status, reason| Answer::no(status, Some(standing.record.clone()), reason);
    if case.restricted {
        return no(Reason::Restricted.as_str(), Reason::Restricted);
    }
    let word = standing.state.as_str();
    let permitted = match permits(standing) {
        Ok(reason) => reason,
        Err(reason) => return no(word, reason),
    };
    let valid_until = standing.valid_until.map(|until| until.as_jiff());
    if valid_until.is_some_and(|until| until <= case.at) {
        return match case.on_silence {
            OnSilence::Expire => no(State::Expired.as_str(), Reason::Expired),
            OnSilence::Pause => no(Reason::Paused.as_str(), Reason::Paused),
            OnSilence::Keep => no(word, Reason::Lapsed),
        };
    }
    let retention = kept_until(standing, case.contact);
    if retention.is_some_and(|end| end <= case.at) {
        return no(word, Reason::Retention);
    }
    if standing.channel != case.channel {
        return no(word, Reason::Channel);
    }
    if !case.holds_number {
        return no(word, Reason::Number);
    }
    let until = [valid_until, retention].into_iter().flatten().min();
    let limits = limits(case);
    match deferred(case) {
        None => Answer {
            allowed: true,
            status: word,
            record: Some(standing.record.clone()),
            until,
            not_before: None,
            reason: permitted,
            limits,
        },
        Some((reason, open)) => Answer {
            // A time after the end would promise what will not be.
            not_before: open.filter(|open| until.is_none_or(|until| *open < until)),
            limits,
            ..no(word, reason)
        },
    }
}

/// Whether the state gives leave to contact.
fn permits(standing: &Standing) -> Result<Reason, Reason> {
    match standing.state {
        State::Given => Ok(Reason::Given),
        State::Renewed => Ok(Reason::Renewed),
        State::Informed if standing.basis.has_objection() => Ok(Reason::Informed),
        State::Informed => Err(Reason::Service),
        State::NotShown => Err(Reason::NotShown),
        State::NotGiven => Err(Reason::NotGiven),
        State::Pending => Err(Reason::Pending),
        State::Held => Err(Reason::Held),
        State::Objected => Err(Reason::Objected),
        State::Withdrawn => Err(Reason::Withdrawn),
        State::Expired => Err(Reason::Expired),
        State::Erased => Err(Reason::Erased),
    }
}

fn limits(case: &Case<'_>) -> Option<Limits> {
    let calls = case.calls.and_then(|profile| profile.calls(case.at));
    let limits = Limits {
        frequency: case.frequency,
        calls: calls.map(|calls| (calls, recent(case, calls).len())),
    };
    (limits.frequency.is_some() || limits.calls.is_some()).then_some(limits)
}

/// The attempts that count now.
fn recent<'a>(case: &'a Case<'_>, calls: &Calls) -> &'a [Timestamp] {
    let counts = |at: &&Timestamp| calls.after(**at, calls.attempts.period) > case.at;
    let count = case.attempts.iter().rev().take_while(counts).count();
    &case.attempts[case.attempts.len() - count..]
}

/// What defers a contact that is permitted, and until when; of several the one that lasts longest.
fn deferred(case: &Case<'_>) -> Option<(Reason, Option<Timestamp>)> {
    let mut waits = Vec::new();
    if let (Some(sent), Some(frequency)) = (case.sent, case.frequency) {
        waits.push((Reason::Frequency, after(sent, frequency)));
    }
    if let Some(calls) = case.calls.and_then(|profile| profile.calls(case.at)) {
        let recent = recent(case, calls);
        if let Some(position) = recent.len().checked_sub(calls.attempts.count) {
            waits.push((Reason::Attempts, calls.after(recent[position], calls.attempts.period)));
        }
        if let Some(refused) = case.refused {
            waits.push((Reason::Refusal, calls.after(refused, calls.pause_after_refusal)));
        }
    }
    let longest = waits
        .into_iter()
        .filter(|(_, end)| *end > case.at)
        .max_by_key(|(_, end)| *end);
    let from = longest.map_or(case.at, |(_, end)| end);
    let open = match case.calls {
        Some(profile) => profile.open(from),
        None => Some(from),
    };
    match longest {
        Some((reason, _)) => Some((reason, open)),
        None if open != Some(case.at) => Some((Reason::Hours, open)),
        None => None,
    }
}

#[cfg(test)]
mod tests;

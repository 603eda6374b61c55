//! What a person can do about a purpose as it stands: one act each, and beside it the renewal of a consent.
//! Refuses to offer what would change nothing; the same functions decide when the button is pressed.

use std::collections::BTreeMap;

use candor_record::{
    id::PurposeId,
    record::Record,
    state::{Standing, State},
    term::{EventKind, Status},
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::give;
use crate::{
    app::App,
    ingest::{fields, values::disclosed},
    person::{Person, PersonSubmission},
};

/// The one act that a purpose has.
#[derive(Debug)]
pub enum Offer {
    Withdraw,
    Object,
    Lift,
    /// In the words of today, with an unticked box.
    Give(Box<give::GiveOffer>),
    /// Asked for in the part of what waits.
    Confirm,
}

/// What the person can do about that purpose.
pub fn offer(app: &App, person: &Person, purpose: &PurposeId) -> Option<Offer> {
    if withdrawable(person, purpose).is_some() {
        return Some(Offer::Withdraw);
    }
    if objectable(person, purpose).is_some() {
        return Some(Offer::Object);
    }
    if liftable(person, purpose).is_some() {
        return Some(Offer::Lift);
    }
    if person.state.waiting().any(|waiting| waiting.purpose == *purpose) {
        return Some(Offer::Confirm);
    }
    give::offer(app, person, purpose).map(|offer| Offer::Give(Box::new(offer)))
}

/// The chain whose consent can be taken back.
pub fn withdrawable(person: &Person, purpose: &PurposeId) -> Option<Uuid> {
    let (lead, standing) = person.in_effect(purpose)?;
    holds(standing).then_some(lead.stored.record.id)
}

/// The chain whose information can be objected to.
pub fn objectable(person: &Person, purpose: &PurposeId) -> Option<Uuid> {
    let (lead, standing) = person.in_effect(purpose)?;
    is_informed(standing).then_some(lead.stored.record.id)
}

fn holds(standing: &Standing) -> bool {
    standing.basis.is_consent() && matches!(standing.state, State::Given | State::Renewed)
}

fn is_informed(standing: &Standing) -> bool {
    standing.basis.has_objection() && standing.state == State::Informed
}

fn waits(standing: &Standing) -> bool {
    matches!(standing.state, State::Pending | State::Held)
}

/// Whether a submission's own link takes that consent back: also while it waits, since that link confirms nothing.
pub fn can_withdraw_alone(standing: &Standing) -> bool {
    holds(standing) || (standing.basis.is_consent() && waits(standing))
}

/// Whether a submission's own link objects to that.
pub fn can_object_alone(standing: &Standing) -> bool {
    is_informed(standing) || (standing.basis.has_objection() && waits(standing))
}

/// Where an objection is lifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifting {
    pub chain: Uuid,
    /// Otherwise a confirmation comes first: the link proved the mailbox, and a bar kept the chain from being asked about.
    pub proved: bool,
}

/// The chain in which an objection can be lifted: the newest proved one that names the purpose, or else one in which
/// nothing waits that a confirmation would bring into effect unread.
pub fn liftable(person: &Person, purpose: &PurposeId) -> Option<Lifting> {
    let standing = person.state.of(purpose)?;
    if !standing.basis.has_objection() || standing.state != State::Objected {
        return None;
    }
    let names = |chain: &Uuid| {
        let first = person.first(*chain);
        first.is_some_and(|first| first.processes.iter().any(|process| process.purpose == *purpose))
    };
    let chains: Vec<Uuid> = person.chains().into_iter().rev().filter(names).collect();
    let proved = chains.iter().copied().find(|chain| is_proved(person, *chain, purpose));
    let quiet = |chain: &Uuid| person.waiting_in(*chain).is_empty() && was_informed(person, *chain, purpose);
    match proved {
        Some(chain) => Some(Lifting { chain, proved: true }),
        None => {
            let chain = chains.into_iter().find(quiet)?;
            Some(Lifting { chain, proved: false })
        }
    }
}

fn is_proved(person: &Person, chain: Uuid, purpose: &PurposeId) -> bool {
    let confirmed = |record: &Record| {
        let follow_up = record.as_follow_up();
        follow_up.is_some_and(|event| event.event == EventKind::Confirmation)
    };
    person
        .first(chain)
        .is_some_and(|first| person.state.in_effect(&first.chain, purpose))
        || person.chain(chain).any(|event| confirmed(&event.record))
}

/// Whether the submission told of the purpose, and nobody objected in it.
fn was_informed(person: &Person, chain: Uuid, purpose: &PurposeId) -> bool {
    let processes = person.first(chain).into_iter().flat_map(|first| &first.processes);
    let told = |status: Status| status == Status::Informed;
    let refused = person
        .chain(chain)
        .skip(1)
        .flat_map(|event| event.record.statuses())
        .any(|(changed, _)| changed == purpose);
    let mut own = processes.filter(|process| process.purpose == *purpose);
    own.any(|process| told(process.status)) && !refused
}

/// The chain whose consent can be renewed, before or after its validity ended.
pub fn renewable(person: &Person, purpose: &PurposeId) -> Option<Uuid> {
    let (lead, standing) = person.in_effect(purpose)?;
    let chain = lead.stored.record.id;
    let first = person.first(chain)?;
    let given = first
        .processes
        .iter()
        .any(|process| process.purpose == *purpose && process.status == Status::Given);
    let renewable = is_renewable(standing) && given && person.state.in_effect(&first.chain, purpose);
    (renewable && (standing.state != State::Expired || is_complete(lead, purpose))).then_some(chain)
}

/// Whether the fields that a consent needs are still there: those of an ended one go before their lead does.
fn is_complete(lead: &PersonSubmission, purpose: &PurposeId) -> bool {
    let statuses: fields::Statuses<'_> = BTreeMap::from([(purpose.as_str(), "given")]);
    fields::flaws(&lead.form, &statuses, &disclosed(&lead.values.disclosures))
        .iter()
        .all(|(_, flaw)| *flaw != fields::Flaw::Missing)
}

/// A renewal that is pressed again moves nothing worth a record.
const SAME_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// Whether the consent was renewed just now, or by this reminder's link, or by another act after it was mailed: also given
/// anew, which the link's page does not offer.
pub fn is_renewed(person: &Person, purpose: &PurposeId, now: Timestamp, issued: Option<Timestamp>) -> bool {
    person.state.of(purpose).is_some_and(|standing| {
        let since = standing.since.as_jiff();
        let by_link = issued.is_some_and(|issued| issued <= since);
        standing.state == State::Renewed && (now.duration_since(since) < SAME_WITHIN || by_link)
            || is_given_since(standing, issued)
    })
}

fn is_given_since(standing: &Standing, issued: Option<Timestamp>) -> bool {
    standing.state == State::Given && issued.is_some_and(|issued| issued < standing.since.as_jiff())
}

/// The words for why a consent that was ticked for renewal is not renewed; `None` where it is.
pub fn why_not_renewed(person: &Person, purpose: &PurposeId, issued: Option<Timestamp>) -> Option<&'static str> {
    let standing = person.state.of(purpose).filter(|standing| standing.basis.is_consent());
    let Some(standing) = standing else {
        return Some("renew_unknown");
    };
    if renewable(person, purpose).is_none() {
        return Some("renew_ended");
    }
    is_given_since(standing, issued).then_some("renew_anew")
}

fn is_renewable(standing: &Standing) -> bool {
    standing.basis.is_consent()
        && standing.validity.is_some()
        && matches!(standing.state, State::Given | State::Renewed | State::Expired)
}

//! What a person can do about a purpose as it stands: one act each, and beside it the renewal of a consent.
//! Refuses to offer what would change nothing; the same functions decide when the button is pressed.

use candor_record::{
    id::PurposeId,
    record::Record,
    state::{Standing, State},
    term::{EventKind, Status},
};
use uuid::Uuid;

use super::give;
use crate::{
    app::App,
    person::{Person, chain_uuid},
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
    let holds = standing.basis.is_consent() && matches!(standing.state, State::Given | State::Renewed);
    holds.then_some(lead.stored.record.id)
}

/// The chain whose information can be objected to.
pub fn objectable(person: &Person, purpose: &PurposeId) -> Option<Uuid> {
    let (lead, standing) = person.in_effect(purpose)?;
    let informed = standing.basis.has_objection() && standing.state == State::Informed;
    informed.then_some(lead.stored.record.id)
}

/// The chain in which an objection can be lifted: one that names the purpose and was proved.
pub fn liftable(person: &Person, purpose: &PurposeId) -> Option<Uuid> {
    let standing = person.state.of(purpose)?;
    if !standing.basis.has_objection() || standing.state != State::Objected {
        return None;
    }
    let proved = |chain: Uuid| {
        let Some(first) = person.first(chain) else { return false };
        let confirmed = |record: &Record| {
            record
                .as_follow_up()
                .is_some_and(|event| event.event == EventKind::Confirmation)
        };
        first.processes.iter().any(|process| process.purpose == *purpose)
            && (person.state.in_effect(&first.chain, purpose)
                || person.chain(chain).any(|event| confirmed(&event.record)))
    };
    let own = chain_uuid(&standing.chain).filter(|chain| proved(*chain));
    own.or_else(|| person.chains().into_iter().rev().find(|chain| proved(*chain)))
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
    (is_renewable(standing) && given && person.state.in_effect(&first.chain, purpose)).then_some(chain)
}

fn is_renewable(standing: &Standing) -> bool {
    standing.basis.is_consent()
        && standing.validity.is_some()
        && matches!(standing.state, State::Given | State::Renewed | State::Expired)
}

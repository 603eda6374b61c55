//! Receivers in the register: to which system leads of a purpose flow by themselves, under which contract, what of it has grown
//! old. Refuses numbers of the past: how many leads a receiver may hold is known for now alone.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use super::{say, types::Activity};
use crate::{
    catalog::Words,
    clock, dates,
    flow::age::{Old, old},
    store::flows::CountedTarget,
};

/// A target of that purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receiver {
    /// The party's name.
    pub party: String,
    /// `webhook`, or the name of a CRM.
    pub kind: String,
    pub contract: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audited: Option<Date>,
    /// What somebody should look at.
    pub old: Vec<Old>,
    /// Of how many people it may hold a lead.
    pub people: u64,
}

/// Puts the receivers of that time beside the purposes that they serve.
pub(super) fn add(activities: &mut [Activity], targets: &[CountedTarget], at: Timestamp) {
    let day = clock::day(at);
    for counted in targets {
        let target = &counted.target;
        let was_there = target.created <= at && target.removed.is_none_or(|removed| removed > at);
        let serves = |row: &&mut Activity| row.kind.is_some() && row.purpose == target.purpose;
        for row in activities.iter_mut().filter(serves).filter(|_| was_there) {
            row.receivers.push(Receiver {
                party: target.party_names.first().unwrap_or(&target.party).clone(),
                kind: target.kind.clone(),
                contract: target.contract,
                audited: target.audited,
                old: old(target.contract, target.audited, day),
                people: counted.holds,
            });
        }
    }
}

/// `Courrier Exemple SA (webhook), contract of 1 March 2026, audit of 2 June 2026, people: 12`
pub(super) fn said(words: Words, receiver: &Receiver) -> String {
    let date = |date: Date| dates::day(words, date);
    let mut parts = vec![
        format!("{} ({})", receiver.party, receiver.kind),
        words.fill("register_agreement", "value", &date(receiver.contract)),
    ];
    parts.extend(
        receiver
            .audited
            .map(|audited| words.fill("register_audit", "value", &date(audited))),
    );
    parts.push(words.fill("register_people_held", "value", &receiver.people.to_string()));
    let marks = receiver.old.iter().map(|old| say::term(words, "old", old.as_str()));
    parts.extend(marks);
    parts.join(", ")
}

//! Receivers in the register: to which system leads of a purpose flow by themselves, under which contract, what of it has grown
//! old. Refuses numbers of the past: how many leads a receiver may hold is known for now alone. Refuses a receiver beside a
//! purpose of a form that does not name it: nothing of that form flows there.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use super::{from_definition::Reading, say};
use crate::{
    catalog::Words,
    dates,
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

/// Those that were there at that time: also one that was closed, as long as it may hold leads.
pub(super) fn then(targets: Vec<CountedTarget>, at: Timestamp) -> Vec<CountedTarget> {
    let was_there = |CountedTarget { target, .. }: &CountedTarget| {
        target.created <= at && target.removed.is_none_or(|removed| removed > at)
    };
    targets.into_iter().filter(was_there).collect()
}

/// To which of them leads of that purpose flow, as the definition names them.
pub(super) fn of(reading: &Reading, purpose: &str, targets: &[CountedTarget], day: Date) -> Vec<Receiver> {
    let definition = &reading.definition;
    let receiver = |CountedTarget { target, holds, .. }: &CountedTarget| {
        let place = definition.receiving(target)?;
        Some(Receiver {
            party: reading.text(&definition.parties[place].name),
            kind: target.kind.clone(),
            contract: target.contract,
            audited: target.audited,
            old: old(target.contract, target.audited, day),
            people: *holds,
        })
    };
    let serving = targets.iter().filter(|counted| counted.target.purpose == purpose);
    serving.filter_map(receiver).collect()
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

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::{
        register::{
            from_definitions,
            tests::{FORMS, at, published},
        },
        store::flows::TargetRow,
        values::Sealed,
    };

    /// A target of a party under that name.
    pub(crate) fn target((party, name): (&str, &str), purpose: &str, kind: &str, contract: &str) -> TargetRow {
        TargetRow {
            id: uuid::Uuid::nil(),
            kind: kind.into(),
            name: kind.into(),
            purpose: purpose.into(),
            party: party.into(),
            party_names: vec![name.into()],
            contract: contract.parse().expect("a day"),
            audited: None,
            settings: Sealed {
                key: 1,
                bytes: Vec::new(),
            },
            created: at("2026-01-01T00:00:00Z"),
            disabled: None,
            closed: None,
            removed: None,
        }
    }

    /// Ids are a form's own: another controller's `mailer` is another company, and nothing of that form flows to this one.
    #[test]
    fn receivers_stand_where_a_form_names_them() {
        let receiving = |name: &str| {
            let target = target(("mailer", name), "newsletter", "webhook", "2026-03-01");
            let counted = CountedTarget {
                target,
                holds: 3,
                waiting: 0,
                delivered: 3,
                dead: 0,
            };
            let definitions: Vec<_> = FORMS.iter().map(|text| published(text)).collect();
            let register = from_definitions(&definitions, &[], &[counted], at("2026-11-22T00:00:00Z"), "en");
            let rows = register.expect("readable").activities.into_iter();
            let rows = rows.filter(|row| !row.receivers.is_empty());
            rows.map(|row| (row.id, row.receivers[0].people)).collect::<Vec<_>>()
        };
        assert_eq!(
            receiving("Courrier Exemple SA"),
            [("ebook-rgpd/newsletter".to_owned(), 3)]
        );
        assert_eq!(receiving("Autre Routeur SARL"), []);
    }
}

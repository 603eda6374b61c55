//! Who had been sent data of these people: receivers of leads (`flow.rs`), by what left for them until the end of the period.
//! Refuses to count only what was acknowledged: what began to leave may have arrived.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use uuid::Uuid;

use super::Asked;
use crate::{
    app::App,
    flow::adapter::Event,
    http::error::ApiError,
    store::flows::{DeliveryRow, TargetRow},
};

/// A receiver, and of how many of these people it got data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receiver {
    pub target: Uuid,
    /// What operators call it, or its kind.
    pub name: String,
    /// As the form named it to these people.
    pub party: String,
    pub purpose: String,
    pub people: u64,
}

/// Every target that ever was, with the people counted so far.
#[derive(Debug, Default)]
pub(super) struct Receivers(BTreeMap<Uuid, (TargetRow, u64)>);

impl Receivers {
    pub(super) async fn open(app: &App) -> Result<Self, ApiError> {
        let counted = app.store.targets_counted().await?.into_iter();
        let rows = counted.map(|counted| (counted.target.id, (counted.target, 0)));
        Ok(Self(rows.collect()))
    }

    /// The names of those that were sent this person's data for a purpose in question.
    pub(super) async fn of(&mut self, app: &App, asked: &Asked, person: Uuid) -> Result<BTreeSet<String>, ApiError> {
        let mut names = BTreeSet::new();
        if self.0.is_empty() {
            return Ok(names);
        }
        let deliveries = app.store.deliveries_of_person(person).await?;
        let sent: BTreeSet<Uuid> = deliveries
            .iter()
            .filter(|it| is_sent(it, asked))
            .map(|it| it.target)
            .collect();
        for target in sent {
            let Some((row, people)) = self.0.get_mut(&target) else {
                continue;
            };
            let is_asked = |id: &str| asked.purposes.iter().any(|purpose| purpose.as_str() == id);
            if asked.purposes.is_empty() || is_asked(&row.purpose) {
                *people += 1;
                names.insert(format!("{} ({})", party(row), called(row)));
            }
        }
        Ok(names)
    }

    /// Those that got anything, by name.
    pub(super) fn into_list(self) -> Vec<Receiver> {
        let receiver = |(target, (row, people)): (Uuid, (TargetRow, u64))| Receiver {
            target,
            name: called(&row).to_owned(),
            party: party(&row).to_owned(),
            purpose: row.purpose,
            people,
        };
        let mut list: Vec<Receiver> = self.0.into_iter().map(receiver).filter(|it| it.people > 0).collect();
        list.sort_by(|one, other| (&one.name, one.target).cmp(&(&other.name, other.target)));
        list
    }
}

fn called(row: &TargetRow) -> &str {
    if row.name.is_empty() { &row.kind } else { &row.name }
}

fn party(row: &TargetRow) -> &str {
    row.party_names.first().unwrap_or(&row.party)
}

/// Whether a lead may have left by the end of the period: its message was made by then, and began to leave. The time of the first
/// attempt is not kept, so some that left a little later are in it. An end tells nothing that the receiver did not have.
fn is_sent(delivery: &DeliveryRow, asked: &Asked) -> bool {
    delivery.event != Event::Ended && delivery.sending.is_some() && delivery.created <= asked.to
}

//! To whom what of a person was passed, when and under which contract (GDPR Art. 15(1)(c) and 19), and when their data were kept
//! and nothing else (Art. 18). Refuses what has not begun to leave: nobody received it.

use std::collections::{HashMap, hash_map::Entry};

use candor_record::{id::PurposeId, time::Timestamp as RecordTime};
use jiff::civil::Date;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    app::App,
    flow::{adapter::EndReason, derive},
    http::error::ApiError,
    ingest::record_time,
    person::{Person, PersonSubmission},
    store::flows::{DeliveryState, Restriction, TargetRow},
};

/// A message about the person to somebody else (Art. 15(1)(c) and 19 GDPR).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReceiverRow {
    /// The party's name.
    pub party: String,
    pub purpose: String,
    /// The submission that it received, of an end none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Uuid>,
    /// `lead.allowed`, `lead.changed`, `lead.ended`
    pub event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// `stop` or `erase`, of an end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<&'static str>,
    /// The fields whose values it received, where the submission is there still.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// The date of the contract with the party.
    pub contract: Date,
    pub attempted: RecordTime,
    /// Absent where no answer says that it arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered: Option<RecordTime>,
    pub attempts: u32,
    pub message: String,
    /// SHA-256 of the message.
    pub digest: String,
}

#[derive(Debug, Serialize)]
pub struct RestrictionRow {
    pub since: RecordTime,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifted: Option<RecordTime>,
}

/// What left, or may have left. Of targets that were removed too.
pub(super) async fn receivers(app: &App, person: &Person) -> Result<Vec<ReceiverRow>, ApiError> {
    let (mut rows, mut targets) = (Vec::new(), HashMap::new());
    for delivery in app.store.deliveries_of_person(person.row.id).await? {
        let Some(attempted) = delivery.sending else { continue };
        let target: &TargetRow = match targets.entry(delivery.target) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(app.store.target(delivery.target).await?.ok_or(ApiError::Internal)?),
        };
        let lead = delivery.record.and_then(|record| person.submission(record));
        let purpose: PurposeId = target.purpose.parse().map_err(|_| ApiError::Internal)?;
        let values = lead.map(|lead| derive::values(lead, &purpose)).unwrap_or_default();
        let known = target.party_names.first().unwrap_or(&target.party).clone();
        let is_delivered = delivery.state == DeliveryState::Delivered;
        rows.push(ReceiverRow {
            party: lead.and_then(|lead| named(person, lead, target)).unwrap_or(known),
            purpose: target.purpose.clone(),
            record: delivery.record,
            event: delivery.event.as_str(),
            reason: delivery.reason.map(EndReason::as_str),
            act: delivery.reason.map(|reason| reason.act().as_str()),
            fields: values.into_iter().map(|value| value.field).collect(),
            contract: delivery.contract,
            attempted: record_time(attempted),
            delivered: delivery.ended.filter(|_| is_delivered).map(record_time),
            attempts: delivery.attempts,
            message: delivery.id.clone(),
            digest: delivery.digest.to_text(),
        });
    }
    Ok(rows)
}

/// The party as the submission named it to the person.
fn named(person: &Person, lead: &PersonSubmission, target: &TargetRow) -> Option<String> {
    let first = person.first(lead.stored.record.id)?;
    let mut parties = first.parties.iter();
    let party = parties.find(|party| party.id.as_str() == target.party)?;
    Some(party.name.clone())
}

pub(super) async fn restrictions(app: &App, person: &Person) -> Result<Vec<RestrictionRow>, ApiError> {
    let found = app.store.restrictions_of(person.row.id).await?.into_iter();
    let row = |restriction: Restriction| RestrictionRow {
        since: record_time(restriction.since),
        lifted: restriction.lifted.map(record_time),
    };
    Ok(found.map(row).collect())
}

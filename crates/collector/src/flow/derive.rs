//! What is true of one person for one target, read from what is on record at this moment, and the message that says it.
//! Refuses fields of other purposes, and a party that the form which the person saw does not name for this purpose.

use candor_record::{digest::Sha256Digest, id::PurposeId};
use jiff::{Span, Timestamp, ToSpan};
use serde_json::Value;
use uuid::Uuid;

use super::{
    adapter::{Desired, EndReason, Ended, Event, FieldValue, Lead, Message},
    decide::True,
};
use crate::{
    app::App,
    http::error::ApiError,
    ingest::values::disclosed,
    permission::{Asked, Reason, of_person},
    person::{Person, PersonSubmission, chain_uuid},
    store::flows::TargetRow,
};

/// What is true, with what a message about it needs.
#[derive(Debug, Clone)]
pub struct Derived {
    /// `None`: none of the receiver's business.
    pub desired: Option<Desired>,
    /// How long what was told stays on record after an erasure.
    pub proof: Span,
}

impl Derived {
    fn ended(reason: EndReason, proof: Span) -> Self {
        let act = reason.act();
        Self {
            desired: Some(Desired::Ended(Ended { reason, act })),
            proof,
        }
    }

    /// When it will be different, if nothing happens.
    pub fn until(&self) -> Option<Timestamp> {
        match &self.desired {
            Some(Desired::Lead(lead)) => lead.until,
            _ => None,
        }
    }

    /// The submission that it rests on.
    pub fn record(&self) -> Option<Uuid> {
        match &self.desired {
            Some(Desired::Lead(lead)) => Some(lead.record),
            _ => None,
        }
    }

    /// As far as it matters for the decision.
    pub fn truth(&self, target: &TargetRow, subject: Uuid) -> Result<True, ApiError> {
        Ok(match &self.desired {
            None => True::Nothing,
            Some(Desired::Ended(ended)) => True::Ended(ended.reason),
            Some(desired) => True::Lead(facts(target, subject, desired)?),
        })
    }
}

/// Where nothing of the person is there that says how long evidence is kept: art. 2224 of the French civil code.
fn default_proof() -> Span {
    5.years()
}

/// Derives it. `gone`: why leads of the person went, where that is known.
pub async fn derive(
    app: &App,
    person: Option<&Person>,
    target: &TargetRow,
    gone: Option<EndReason>,
) -> Result<Derived, ApiError> {
    let erased = || Derived::ended(gone.unwrap_or(EndReason::Erased), default_proof());
    let Some(person) = person else {
        return Ok(erased());
    };
    let now = as_of(app, person).await?;
    let purpose: PurposeId = target.purpose.parse().map_err(|_| ApiError::Internal)?;
    let state = person.state_at(now);
    let Some(standing) = state.of(&purpose) else {
        return Ok(erased());
    };
    let asked = Asked {
        purpose: &purpose,
        channel: standing.channel,
        at: now,
        frequency: false,
    };
    let answer = of_person(app, person, &asked, None, false).await?;
    let submission = chain_uuid(&standing.chain).and_then(|chain| person.submission(chain));
    let proof = submission.map_or_else(default_proof, |lead| lead.form.proof_retention());
    if !answer.allowed {
        return Ok(match end_reason(answer.reason) {
            Some(reason) => Derived::ended(reason, proof),
            None => erased(),
        });
    }
    let submission = submission.ok_or(ApiError::Internal)?;
    if !names(person, submission, &purpose, target) {
        return Ok(Derived { desired: None, proof });
    }
    let chain = submission.stored.record.id;
    let made = Uuid::parse_str(standing.record.as_str()).map_err(|_| ApiError::Internal)?;
    let shows = |id: Uuid| person.events.iter().find(|event| event.stored.id == id);
    let shown = [Some(chain), (made != chain).then_some(made)];
    let receipts = shown.into_iter().flatten().filter_map(shows);
    let receipts: Result<Vec<Value>, _> = receipts
        .map(|event| serde_json::from_str(&event.stored.receipt))
        .collect();
    Ok(Derived {
        desired: Some(Desired::Lead(Box::new(Lead {
            state: standing.state,
            basis: standing.basis,
            channel: standing.channel,
            since: standing.since.as_jiff(),
            until: answer.until,
            language: submission.stored.lead.language.clone(),
            statement: statement(submission, &purpose),
            record: chain,
            values: values(submission, &purpose),
            receipts: receipts.map_err(|_| ApiError::Internal)?,
        }))),
        proof,
    })
}

/// Now; what is on record has happened, also where the clock was set back since.
async fn as_of(app: &App, person: &Person) -> Result<Timestamp, ApiError> {
    let restrictions = app.store.restrictions_of(person.row.id).await?;
    let restricted = restrictions.iter().map(|it| it.lifted.unwrap_or(it.since));
    let received = person.events.iter().map(|event| event.stored.received);
    Ok(received.chain(restricted).fold(app.clock.now(), Timestamp::max))
}

fn statement(submission: &PersonSubmission, purpose: &PurposeId) -> String {
    let text = submission.form.text(&format!("purpose.{purpose}"));
    text.unwrap_or_default().to_owned()
}

/// Why a lead ended; `None`: it is not there any more.
fn end_reason(reason: Reason) -> Option<EndReason> {
    Some(match reason {
        Reason::Withdrawn => EndReason::Withdrawn,
        Reason::Objected | Reason::Shared => EndReason::Objected,
        Reason::Expired | Reason::Lapsed => EndReason::Expired,
        Reason::Paused => EndReason::Paused,
        Reason::Restricted => EndReason::Restricted,
        Reason::Retention => EndReason::Retention,
        Reason::Suppressed => EndReason::Suppressed,
        _ => return None,
    })
}

/// Whether the form that the person saw names this party, under a name of the target's, as a recipient for this purpose.
fn names(person: &Person, submission: &PersonSubmission, purpose: &PurposeId, target: &TargetRow) -> bool {
    let Some(first) = person.first(submission.stored.record.id) else {
        return false;
    };
    let mut processes = first.processes.iter().filter(|process| process.purpose == *purpose);
    let is_recipient = processes.any(|process| process.recipients.iter().any(|id| id.as_str() == target.party));
    let mut parties = first.parties.iter().filter(|party| party.id.as_str() == target.party);
    is_recipient && parties.any(|party| target.party_names.contains(&party.name))
}

/// What was typed into the fields that served this purpose when it was typed; numbers in E.164; in the form's order.
pub fn values(submission: &PersonSubmission, purpose: &PurposeId) -> Vec<FieldValue> {
    let values = &submission.values;
    let typed = disclosed(&values.disclosures);
    let fields = submission.form.fields.iter();
    let serving = fields.filter(|field| field.serves(purpose.as_str()));
    let value = |id: &str| {
        let (_, typed) = typed.iter().find(|(field, _)| field == id)?;
        Some(values.phones.get(id).unwrap_or(typed).clone())
    };
    serving
        .filter_map(|field| {
            Some(FieldValue {
                field: field.id.clone(),
                kind: field.kind.clone(),
                value: value(&field.id)?,
            })
        })
        .collect()
}

/// The message that says it.
pub fn message(
    target: &TargetRow,
    (id, event, at): (&str, Event, Timestamp),
    subject: Uuid,
    desired: &Desired,
) -> Result<Message, ApiError> {
    Ok(Message {
        id: id.to_owned(),
        event,
        at,
        subject,
        purpose: target.purpose.parse().map_err(|_| ApiError::Internal)?,
        party: target.party.clone(),
        desired: desired.clone(),
    })
}

/// SHA-256 of what is told, whenever and under whichever id.
pub fn facts(target: &TargetRow, subject: Uuid, desired: &Desired) -> Result<Sha256Digest, ApiError> {
    let message = message(target, ("", Event::Changed, Timestamp::UNIX_EPOCH), subject, desired)?;
    Ok(Sha256Digest::of_json(&message.document()["data"]))
}

//! What a person does about themselves, behind a link that was mailed to them: each act is one transaction of signed
//! events, with a receipt of its own. Refuses what the derived state does not offer, so that pressing twice is pressing once.
//! Read next: `act/offer.rs` (what is offered), `act/give.rs` (a consent anew), `act/correct.rs`; `erase.rs` for the end.

use std::collections::BTreeSet;

use candor_record::{
    id::PurposeId,
    record::Record,
    term::{Actor, Channel, EventKind, Status},
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    app::App,
    confirm::{self, Answer, Question},
    event::{EventDraft, make},
    http::error::ApiError,
    index::AddressKind,
    ingest::made::digests,
    links::LinkKind,
    person::{Person, PersonSubmission},
    requests::{DONE_BY_THE_PERSON, RequestKind},
    store::{ATTEMPTS, Appended, NewRecord, PersonChange, SuppressionKey},
};

pub mod correct;
pub mod give;
pub mod offer;

/// What the person did on a page.
#[derive(Clone, PartialEq, Eq)]
pub enum PersonAct {
    Withdraw {
        purpose: PurposeId,
    },
    Object {
        purpose: PurposeId,
    },
    /// Takes an objection back.
    Lift {
        purpose: PurposeId,
    },
    /// Confirms what waits in a chain (`confirm.rs`).
    Confirm {
        chain: Uuid,
        answer: Answer,
    },
    /// A consent anew, in the words of today.
    Give {
        purpose: PurposeId,
        gpc: bool,
    },
    Renew {
        purposes: Vec<PurposeId>,
        /// When a reminder's link was issued: it renews once.
        issued: Option<Timestamp>,
    },
    /// Withdraws or objects, for each of them what it knows.
    End {
        purposes: Vec<PurposeId>,
    },
    /// Values by field; a field that is not named stays as it is.
    Correct {
        chain: Uuid,
        values: Vec<(String, String)>,
    },
    /// "Keep my data": nothing but a contact.
    Keep,
}

impl std::fmt::Debug for PersonAct {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PersonAct(…)")
    }
}

impl PersonAct {
    /// The right that it uses.
    fn request(&self) -> Option<RequestKind> {
        match self {
            Self::Correct { .. } => Some(RequestKind::Rectification),
            Self::Object { .. } => Some(RequestKind::Objection),
            _ => None,
        }
    }
}

/// Records the act, and answers the last record of it; `None` where it changes nothing on record.
pub async fn act(app: &App, id: Uuid, act: &PersonAct) -> Result<Option<Uuid>, ApiError> {
    for _ in 0..ATTEMPTS {
        let person = Person::open(app, id).await?.ok_or(ApiError::NotFound)?;
        let Some(mut change) = decide(app, &person, act)? else {
            return Ok(None);
        };
        // In the same transaction: what was asked for by right was done, or neither is on record.
        let answered = |kind| app.answered_request(id, kind, DONE_BY_THE_PERSON);
        change.request = act.request().map(answered);
        let last = change.events.last().map(|event| event.id);
        if record(app, change).await? == Appended::New {
            return Ok(last);
        }
    }
    Err(ApiError::Unavailable)
}

/// Commits what an act made, with the receipt of each event for whoever holds its link.
pub(crate) async fn record(app: &App, mut change: PersonChange) -> Result<Appended, ApiError> {
    let receipt = |event: &NewRecord| (LinkKind::Receipt, event.id, None);
    change.links = change.events.iter().map(receipt).collect();
    let outcome = app.commit(&change).await?;
    if outcome == Appended::New {
        for event in &change.events {
            tracing::info!(record = %event.id, chain = %event.chain, event = event.event, "event recorded");
        }
    }
    Ok(outcome)
}

/// The change that an act makes of the present state.
fn decide(app: &App, person: &Person, act: &PersonAct) -> Result<Option<PersonChange>, ApiError> {
    let mut change = PersonChange {
        contact: true,
        ..PersonChange::of(person.row.id, app.clock.now())
    };
    match act {
        PersonAct::Keep => return Ok(Some(change)),
        PersonAct::Give { purpose, gpc } => {
            let Some(offer) = give::offer(app, person, purpose) else {
                return Ok(None);
            };
            give::give(app, person, purpose, &offer, *gpc, &mut change)?;
        }
        PersonAct::Correct { chain, values } => {
            if !correct::correct(app, person, *chain, values, Actor::Subject, &mut change)? {
                return Ok(None);
            }
        }
        PersonAct::Withdraw { purpose } => {
            let chain = offer::withdrawable(person, purpose);
            let changes = vec![(purpose.clone(), Status::Withdrawn)];
            append(app, person, chain, EventKind::Withdrawal, changes, &mut change)?;
        }
        PersonAct::Object { purpose } => {
            let chain = offer::objectable(person, purpose);
            let changes = vec![(purpose.clone(), Status::Objected)];
            append(app, person, chain, EventKind::Objection, changes, &mut change)?;
        }
        PersonAct::Lift { purpose } => {
            let Some(lifting) = offer::liftable(person, purpose) else {
                return Ok(None);
            };
            let (chain, informed) = (Some(lifting.chain), vec![(purpose.clone(), Status::Informed)]);
            if !lifting.proved {
                append(
                    app,
                    person,
                    chain,
                    EventKind::Confirmation,
                    informed.clone(),
                    &mut change,
                )?;
            }
            append(app, person, chain, EventKind::ObjectionLifted, informed, &mut change)?;
        }
        PersonAct::Confirm { chain, answer } => {
            return confirm::change(app, person, *chain, &Question::waiting(person, *chain), answer);
        }
        PersonAct::Renew { purposes, issued } => {
            let renewed = purposes
                .iter()
                .filter(|purpose| !offer::is_renewed(person, purpose, change.at, *issued))
                .filter_map(|purpose| Some((offer::renewable(person, purpose)?, purpose)));
            let renewed: Vec<(Uuid, &PurposeId)> = renewed.collect();
            for chain in person.chains() {
                let of_chain = renewed.iter().filter(|(of, _)| *of == chain);
                let mut changes: Vec<_> = of_chain
                    .map(|(_, purpose)| ((*purpose).clone(), Status::Renewed))
                    .collect();
                changes.sort();
                changes.dedup();
                append(app, person, Some(chain), EventKind::Renewal, changes, &mut change)?;
            }
        }
        PersonAct::End { purposes } => {
            for chain in person.chains() {
                let of_chain = |ends: fn(&Person, &PurposeId) -> Option<Uuid>, status| {
                    let mut ended = purposes.clone();
                    ended.retain(|purpose| ends(person, purpose) == Some(chain));
                    ended.sort();
                    ended.dedup();
                    ended.into_iter().map(move |purpose| (purpose, status)).collect()
                };
                let withdrawn = of_chain(offer::withdrawable, Status::Withdrawn);
                append(app, person, Some(chain), EventKind::Withdrawal, withdrawn, &mut change)?;
                let objected = of_chain(offer::objectable, Status::Objected);
                append(app, person, Some(chain), EventKind::Objection, objected, &mut change)?;
            }
        }
    }
    Ok((!change.events.is_empty()).then_some(change))
}

/// Adds an event to a chain of the person; nothing where there is no such chain or nothing changes.
pub(crate) fn append(
    app: &App,
    person: &Person,
    chain: Option<Uuid>,
    kind: EventKind,
    changes: Vec<(PurposeId, Status)>,
    change: &mut PersonChange,
) -> Result<(), ApiError> {
    let Some(lead) = chain
        .and_then(|chain| person.submission(chain))
        .filter(|_| !changes.is_empty())
    else {
        return Ok(());
    };
    if kind.gives() {
        let given = changes.iter().filter(|(_, status)| *status != Status::Objected);
        let channels: BTreeSet<Channel> = given
            .filter_map(|(purpose, _)| channel_of(person, lead, purpose))
            .collect();
        change
            .lift
            .extend(channels.into_iter().filter_map(|channel| lifted(person, channel)));
    }
    let draft = event(app, person, lead, (kind, Actor::Subject), changes, None, &change.events)?;
    change.events.push(draft);
    Ok(())
}

/// The next event of the chain of that lead, after those of the same act, with the digests that hold there.
fn event(
    app: &App,
    person: &Person,
    lead: &PersonSubmission,
    (kind, actor): (EventKind, Actor),
    changes: Vec<(PurposeId, Status)>,
    disclosures: Option<&[String]>,
    before: &[NewRecord],
) -> Result<NewRecord, ApiError> {
    let chain = lead.stored.record.id;
    let stored = person.chain(chain).next_back().map(|event| event.stored.id);
    let last = before
        .iter()
        .rev()
        .find(|event| event.chain == chain)
        .map(|event| event.id);
    make(
        app,
        &EventDraft {
            first: person.first(chain).ok_or(ApiError::Internal)?,
            form: &lead.form,
            replaces: last.or(stored).ok_or(ApiError::Internal)?,
            kind,
            actor,
            changes,
            digests: Some(digests(disclosures.unwrap_or(&lead.values.disclosures))),
        },
    )
}

fn channel_of(person: &Person, lead: &PersonSubmission, purpose: &PurposeId) -> Option<Channel> {
    let processes = &person.first(lead.stored.record.id)?.processes;
    let process = processes.iter().find(|process| process.purpose == *purpose)?;
    Some(process.channel)
}

/// What an earlier erasure suppressed, and the person opens again by an act of their own. The link proves a mailbox and
/// no telephone number: a suppressed number stays so for everybody else (`erase.rs`).
fn lifted(person: &Person, channel: Channel) -> Option<SuppressionKey> {
    let mailbox = person.row.mailbox_key.clone().filter(|_| channel == Channel::Email)?;
    Some(SuppressionKey {
        key: mailbox,
        kind: AddressKind::Email,
        channel: channel.as_str().to_owned(),
    })
}

/// The newest records that the person made by one act: of one moment. Of one kind, where a link is for no other.
pub fn latest(person: &Person, only: Option<EventKind>) -> Vec<Uuid> {
    let own = |record: &Record| {
        record
            .as_follow_up()
            .is_some_and(|event| event.actor == Actor::Subject && only.is_none_or(|kind| event.event == kind))
    };
    let made = || person.events.iter().filter(|event| own(&event.record));
    let Some(last) = made().next_back() else {
        return Vec::new();
    };
    made()
        .filter(|event| event.stored.received == last.stored.received)
        .map(|event| event.stored.id)
        .collect()
}

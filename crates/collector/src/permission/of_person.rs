//! What the decision needs to know of one person, as it stood at the time that is asked about.
//! Refuses to decide: `decide.rs` does.

use candor_record::{
    id::PurposeId,
    record::{FollowUp, Submission},
    state::{PersonState, Standing, State},
    term::{Actor, Channel, EventKind, Kind, Status},
};
use jiff::{Span, Timestamp, ToSpan, tz::TimeZone};

use super::{Answer, Case, Number, address::is_suppressed, calls::Profile, decide};
use crate::{
    app::App,
    erase::{keys_of, reaches_number},
    http::error::ApiError,
    person::{Person, PersonEvent, PersonSubmission, chain_uuid},
    store::{
        SuppressionKey,
        contacts::{Contact, ContactKind},
        flows::Restriction,
    },
};

/// What is asked about a person who is known.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub purpose: &'a PurposeId,
    pub channel: Channel,
    pub at: Timestamp,
    /// Whether what was sent and called so far counts, and the hours: an export takes who may be contacted at all.
    pub frequency: bool,
}

/// The answer for one person.
pub async fn of_person(
    app: &App,
    person: &Person,
    asked: &Asked<'_>,
    number: Option<&Number>,
    suppressed: bool,
) -> Result<Answer, ApiError> {
    let state = person.state_at(asked.at);
    let Some(standing) = state.of(asked.purpose) else {
        return Ok(Answer::unknown(suppressed));
    };
    let lead = chain_uuid(&standing.chain).and_then(|chain| person.submission(chain));
    // A suppressed number is nobody's proof: whoever had it erased may have typed another person's.
    let own_number = reaches_number(asked.channel) && is_confirmed(person, standing, asked);
    let suppressed = !own_number && (suppressed || is_lead_suppressed(app, lead, asked).await?);
    let first = lead.and_then(|lead| person.first(lead.stored.record.id));
    let calls = first
        .filter(|_| is_call(standing))
        .and_then(|first| Profile::find(&profile_of(first)));
    let frequency = lead.and_then(|lead| lead.form.frequency(asked.purpose.as_str()));
    let since = window(asked.at, frequency, calls);
    let contacts = match since.filter(|_| asked.frequency) {
        Some(since) => app.store.contacts_of(person.row.id, since).await?,
        None => Vec::new(),
    };
    let case = Case {
        standing,
        purpose: asked.purpose,
        channel: asked.channel,
        at: asked.at,
        contact: last_contact(app, person, asked.at).await?,
        on_silence: lead.map(|lead| lead.form.on_silence()).unwrap_or_default(),
        suppressed,
        restricted: is_restricted(app, person, asked.at).await?,
        holds_number: number.is_none_or(|number| lead.is_some_and(|lead| holds(lead, asked.purpose, number))),
        frequency: frequency.filter(|_| asked.frequency),
        calls: calls.filter(|_| asked.frequency),
        sent: last_sent(&contacts, asked),
        attempts: attempts(&contacts, &state, standing, asked.at),
        refused: refused(person, &state, standing, asked.at),
    };
    Ok(decide(&case))
}

/// Whether the data were to be kept and nothing else at that time.
pub async fn is_restricted(app: &App, person: &Person, at: Timestamp) -> Result<bool, ApiError> {
    let restrictions = app.store.restrictions_of(person.row.id).await?;
    let holds =
        |restriction: &Restriction| restriction.since <= at && restriction.lifted.is_none_or(|lifted| lifted > at);
    Ok(restrictions.iter().any(holds))
}

fn is_call(standing: &Standing) -> bool {
    standing.channel == Channel::Phone && standing.kind == Kind::Promotional
}

fn profile_of(first: &Submission) -> String {
    first.jurisdiction.profile.clone()
}

/// Whether the lead says this number in a field that serves the purpose.
fn holds(lead: &PersonSubmission, purpose: &PurposeId, number: &Number) -> bool {
    let serves = |id: &str| {
        let field = lead.form.fields.iter().find(|field| field.id == id);
        field.is_some_and(|field| field.serves(purpose.as_str()))
    };
    lead.values
        .phones
        .iter()
        .any(|(id, said)| said == number.as_str() && serves(id))
}

/// Since when contacts matter: the longer of the two periods, and some days for months of different length.
fn window(at: Timestamp, frequency: Option<Span>, calls: Option<&Profile>) -> Option<Timestamp> {
    let attempts = calls
        .and_then(|profile| profile.calls(at))
        .map(|calls| calls.attempts.period);
    let before = |span: Span| {
        let local = at.to_zoned(TimeZone::UTC);
        let start = local.checked_sub(span).and_then(|start| start.checked_sub(5.days()));
        start.map_or(Timestamp::MIN, |start| start.timestamp())
    };
    [frequency, attempts].into_iter().flatten().map(before).min()
}

/// The last contact that the person made by then.
pub async fn last_contact(app: &App, person: &Person, at: Timestamp) -> Result<Timestamp, ApiError> {
    if person.row.contact <= at {
        return Ok(person.row.contact);
    }
    let acts = person
        .events
        .iter()
        .filter(|event| event.is_by_person())
        .map(|event| event.stored.received);
    let reported = app.store.contacts_of(person.row.id, Timestamp::MIN).await?;
    let reported = reported
        .iter()
        .filter(|contact| contact.kind.is_by_person())
        .map(|contact| contact.at);
    Ok(acts
        .chain(reported)
        .filter(|then| *then <= at)
        .max()
        .unwrap_or(person.row.created))
}

fn last_sent(contacts: &[Contact], asked: &Asked<'_>) -> Option<Timestamp> {
    let mine = contacts.iter().filter(|contact| {
        !contact.kind.is_by_person()
            && contact.purpose.as_deref() == Some(asked.purpose.as_str())
            && contact.at <= asked.at
    });
    mine.map(|contact| contact.at).max()
}

/// Calls of the same controller, for whatever purpose, oldest first.
fn attempts(contacts: &[Contact], state: &PersonState, standing: &Standing, at: Timestamp) -> Vec<Timestamp> {
    let same_controller = |purpose: &str| {
        let known = purpose.parse().ok().and_then(|id: PurposeId| state.of(&id).cloned());
        known.is_none_or(|known| known.controller == standing.controller)
    };
    let calls = contacts.iter().filter(|contact| {
        contact.kind == ContactKind::Call && contact.at <= at && contact.purpose.as_deref().is_some_and(same_controller)
    });
    calls.map(|call| call.at).collect()
}

/// When the person last refused calls of the same controller, after what is in effect. Whoever typed a number holds the
/// link of what they sent: a refusal in a chain that had not taken effect says nothing of the person.
fn refused(person: &Person, state: &PersonState, standing: &Standing, at: Timestamp) -> Option<Timestamp> {
    let is_call = |purpose: &PurposeId| {
        let known = state.of(purpose);
        known.is_some_and(|known| known.channel == Channel::Phone && known.controller == standing.controller)
    };
    let is_refusal = |refusal: &FollowUp, then: Timestamp| {
        let mut calls = refusal.processes.iter().filter(|change| is_call(&change.purpose));
        matches!(refusal.event, EventKind::Withdrawal | EventKind::Objection)
            // What never took effect had not then either: only of the few others the past is derived.
            && calls.any(|change| {
                let counts = |state: &PersonState| state.in_effect(&refusal.chain, &change.purpose);
                counts(state) && counts(&person.state_at(then))
            })
    };
    let counts = |event: &&PersonEvent| {
        let then = event.stored.received;
        let refusal = event.record.as_follow_up();
        then <= at && then > standing.since.as_jiff() && refusal.is_some_and(|refusal| is_refusal(refusal, then))
    };
    let refusals = person.events.iter().filter(counts);
    refusals.map(|event| event.stored.received).max()
}

/// Whether the consent in effect was confirmed from the person's own mailbox. Before or after the suppression makes no
/// difference: before, another one's erasure must not end it; after, it is a decision of its own. Nothing is asked for
/// and nothing is lifted on account of a suppressed number, which would tell whoever typed it.
fn is_confirmed(person: &Person, standing: &Standing, asked: &Asked<'_>) -> bool {
    let gives = |event: &FollowUp| {
        event.actor == Actor::Subject
            && matches!(event.event, EventKind::Confirmation | EventKind::Renewal)
            && event.processes.iter().any(|change| {
                change.purpose == *asked.purpose && matches!(change.status, Status::Given | Status::Renewed)
            })
    };
    matches!(standing.state, State::Given | State::Renewed)
        && chain_uuid(&standing.chain).is_some_and(|chain| {
            let events = person.chain(chain).filter(|event| event.stored.received <= asked.at);
            events.filter_map(|event| event.record.as_follow_up()).any(gives)
        })
}

/// Whether what the lead is reached by on that channel must not be contacted, whichever address was asked about.
async fn is_lead_suppressed(app: &App, lead: Option<&PersonSubmission>, asked: &Asked<'_>) -> Result<bool, ApiError> {
    let keys = lead.map(|lead| keys_of(app, lead, asked.channel)).unwrap_or_default();
    for SuppressionKey { key, kind, .. } in &keys {
        if is_suppressed(app, key, *kind, asked.channel, asked.at).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

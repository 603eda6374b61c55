//! Rectification: other values, with digests of their own, in the same chain (GDPR Art. 16).
//! Refuses another e-mail address, which would be another person: for that the form is sent again. What stays as it was
//! keeps its salt, so that it still opens the first record.

use std::collections::BTreeMap;

use candor_record::{
    disclosure::Disclosure,
    record::Process,
    term::{Actor, EventKind},
};
use jiff::Timestamp;
use uuid::Uuid;

use super::event;
use crate::{
    app::App,
    http::error::ApiError,
    index::of_disclosures,
    ingest::{
        fields::{self, Flaw},
        made::disclose,
        values,
    },
    lifecycle::{Lead, fields_over},
    person::{Person, PersonSubmission},
    published::Field,
    store::{PersonChange, Resealed},
};

/// The fields of a submission that were asked for, e-mail addresses included. One whose purposes are over is asked for no
/// more: what was typed there goes, and nothing takes its place.
pub fn asked<'a>(person: &'a Person, lead: &'a PersonSubmission, now: Timestamp) -> Vec<&'a Field> {
    let statuses = statuses(person, lead);
    let over = over(person, lead, now);
    let stays = |field: &&Field| {
        let holds = || value(lead, &field.id).is_some() || serves_a_living_purpose(person, lead, field);
        fields::is_wanted(field, &statuses) && !over.contains(&field.id) && holds()
    };
    lead.form.fields.iter().filter(stays).collect()
}

/// Whether it may not be left empty: a purpose that goes on needs it.
pub fn is_required(person: &Person, lead: &PersonSubmission, field: &Field) -> bool {
    field.required && serves_a_living_purpose(person, lead, field)
}

fn over(person: &Person, lead: &PersonSubmission, now: Timestamp) -> Vec<String> {
    let chain = lead.stored.record.id;
    let Some(first) = person.first(chain) else {
        return Vec::new();
    };
    let received = lead.stored.record.received;
    let lead = Lead {
        chain,
        first,
        received,
        confirm_until: lead.form.confirmation_expiry(received),
        on_silence: lead.form.on_silence(),
        fields: &lead.form.fields,
    };
    fields_over(&lead, person.row.contact, &person.state, now)
}

fn serves_a_living_purpose(person: &Person, lead: &PersonSubmission, field: &Field) -> bool {
    let Some(first) = person.first(lead.stored.record.id) else {
        return false;
    };
    let waiting = person.state.waiting_in(&first.chain);
    let lives = |process: &Process| {
        let waits = waiting.iter().any(|waiting| waiting.purpose == process.purpose);
        let standing = person.state.of(&process.purpose);
        let stands = standing.is_some_and(|standing| {
            // A service goes by its own submission, whatever the person sent later.
            let own =
                standing.chain == first.chain || (!standing.basis.is_consent() && !standing.basis.has_objection());
            own && !standing.state.is_ended()
        });
        waits || stands
    };
    let mut own = first
        .processes
        .iter()
        .filter(|process| field.serves(process.purpose.as_str()));
    own.any(lives)
}

/// What stands in a field now.
pub fn value(lead: &PersonSubmission, field: &str) -> Option<String> {
    let typed = values::disclosed(&lead.values.disclosures);
    typed.into_iter().find(|(id, _)| id == field).map(|(_, value)| value)
}

/// Whether a field can be corrected here.
pub fn is_open(field: &Field) -> bool {
    field.kind != "email"
}

/// The flaws of what was typed; `ingest/plain.rs` has the words for them.
pub fn flaws<'a>(
    person: &Person,
    lead: &'a PersonSubmission,
    typed: &[(String, String)],
    now: Timestamp,
) -> Vec<(&'a Field, Flaw)> {
    let asked = asked(person, lead, now);
    let typed = merged(person, lead, typed, now);
    let mut flaws = fields::flaws(&lead.form, &statuses(person, lead), &typed);
    flaws.retain(|(field, flaw)| {
        // An address that was accepted once is not judged again.
        is_open(field)
            && asked.iter().any(|asked| asked.id == field.id)
            && (*flaw != Flaw::Missing || is_required(person, lead, field))
    });
    flaws
}

/// Adds the correction to the change; `false` where nothing differs.
pub fn correct(
    app: &App,
    person: &Person,
    chain: Uuid,
    typed: &[(String, String)],
    by: Actor,
    change: &mut PersonChange,
) -> Result<bool, ApiError> {
    let lead = person.submission(chain).ok_or(ApiError::NotFound)?;
    if !flaws(person, lead, typed, change.at).is_empty() {
        return Err(ApiError::Unacceptable(Vec::new()));
    }
    let disclosures = disclosures(app, lead, merged(person, lead, typed, change.at));
    if disclosures == lead.values.disclosures {
        return Ok(false);
    }
    change.events.push(event(
        app,
        person,
        lead,
        (EventKind::Rectification, by),
        Vec::new(),
        Some(&disclosures),
        &[],
    )?);
    let values = values::of(&lead.form, disclosures);
    change.values.push(Resealed {
        record: chain,
        before: lead.stored.lead.values.clone(),
        after: app.values.seal(app.random.as_ref(), chain, &values)?,
        fingerprint: Some(of_disclosures(&app.index, &values.disclosures)),
        phone_keys: Some(values.phones.values().map(|number| app.index.phone(number)).collect()),
        ended: false,
    });
    Ok(true)
}

/// As the submission has them: what was asked for then can be corrected now.
fn statuses<'a>(person: &'a Person, lead: &PersonSubmission) -> fields::Statuses<'a> {
    let first = person.first(lead.stored.record.id);
    let processes = first.into_iter().flat_map(|first| &first.processes);
    processes
        .map(|process| (process.purpose.as_str(), process.status.as_str()))
        .collect()
}

/// The values after the correction, in the order of the form; empty ones are gone. What the sweep has still to take stays
/// for it: it looks after numbers that were refused.
fn merged(
    person: &Person,
    lead: &PersonSubmission,
    typed: &[(String, String)],
    now: Timestamp,
) -> Vec<(String, String)> {
    let after = |field: &Field| {
        let new = typed.iter().find(|(id, _)| *id == field.id && is_open(field));
        new.map(|(_, value)| fields::bare(field, value))
            .or_else(|| value(lead, &field.id))
    };
    let asked: Vec<&str> = asked(person, lead, now).iter().map(|field| field.id.as_str()).collect();
    let stands = |field: &Field| match asked.contains(&field.id.as_str()) {
        true => after(field),
        false => value(lead, &field.id),
    };
    let values = lead.form.fields.iter();
    values
        .filter_map(|field| Some((field.id.clone(), stands(field)?)))
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

/// Values that are the same keep their disclosure, others get a new salt.
fn disclosures(app: &App, lead: &PersonSubmission, values: Vec<(String, String)>) -> Vec<String> {
    let present = lead.values.disclosures.iter().filter_map(|text| {
        let disclosure = Disclosure::parse(text).ok()?;
        let typed = (disclosure.field().as_str().to_owned(), disclosure.value().to_owned());
        Some((typed, text.clone()))
    });
    let present: BTreeMap<(String, String), String> = present.collect();
    let (kept, new): (Vec<_>, Vec<_>) = values.into_iter().partition(|value| present.contains_key(value));
    let kept = lead
        .values
        .disclosures
        .iter()
        .filter(|text| kept.iter().any(|value| present.get(value) == Some(*text)))
        .cloned();
    kept.chain(disclose(app.random.as_ref(), &new)).collect()
}

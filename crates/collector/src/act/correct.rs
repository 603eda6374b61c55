//! Rectification: other values, with digests of their own, in the same chain (GDPR Art. 16).
//! Refuses another e-mail address, which would be another person: for that the form is sent again. What stays as it was
//! keeps its salt, so that it still opens the first record.

use std::collections::BTreeMap;

use candor_record::{disclosure::Disclosure, term::EventKind};
use uuid::Uuid;

use super::event;
use crate::{
    app::App,
    http::error::ApiError,
    index::of_disclosures,
    ingest::{fields, made::disclose, plain::message, values},
    person::{Person, PersonSubmission},
    published::Field,
    store::{PersonChange, Resealed},
};

/// The fields of a submission that were asked for, e-mail addresses included.
pub fn asked<'a>(person: &'a Person, lead: &'a PersonSubmission) -> Vec<&'a Field> {
    let statuses = statuses(person, lead);
    let fields = lead.form.fields.iter();
    fields.filter(|field| fields::is_wanted(field, &statuses)).collect()
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

/// The flaws of what was typed, in the form's own words.
pub fn flaws(person: &Person, lead: &PersonSubmission, typed: &[(String, String)]) -> Vec<(String, String)> {
    let flaws = fields::flaws(&lead.form, &statuses(person, lead), &merged(person, lead, typed))
        .into_iter()
        // An address that was accepted once is not judged again.
        .filter(|(field, _)| is_open(field));
    flaws
        .map(|(field, flaw)| (field.id.clone(), message(&lead.form, field, flaw)))
        .collect()
}

/// Adds the correction to the change; `false` where nothing differs.
pub fn correct(
    app: &App,
    person: &Person,
    chain: Uuid,
    typed: &[(String, String)],
    change: &mut PersonChange,
) -> Result<bool, ApiError> {
    let lead = person.submission(chain).ok_or(ApiError::NotFound)?;
    if !flaws(person, lead, typed).is_empty() {
        return Err(ApiError::Unacceptable(Vec::new()));
    }
    let disclosures = disclosures(app, lead, merged(person, lead, typed));
    if disclosures == lead.values.disclosures {
        return Ok(false);
    }
    change.events.push(event(
        app,
        person,
        lead,
        EventKind::Rectification,
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

/// The values after the correction, in the order of the form; empty ones are gone.
fn merged(person: &Person, lead: &PersonSubmission, typed: &[(String, String)]) -> Vec<(String, String)> {
    let after = |field: &Field| {
        let new = typed.iter().find(|(id, _)| *id == field.id && is_open(field));
        new.map(|(_, value)| value.trim().replace("\r\n", "\n"))
            .or_else(|| value(lead, &field.id))
    };
    asked(person, lead)
        .into_iter()
        .filter_map(|field| Some((field.id.clone(), after(field)?)))
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

//! What an operator does for a person who asked by letter or by phone: erasure and rectification, with their requests.
//! Refuses to pass it off as the person's own act: the events say that the controller did it. What is wrong is said in the
//! operator's language, not in the person's. Read next: `act.rs`.

use candor_record::term::Actor;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    act::correct,
    app::App,
    erase::{ASKED, erase_person, holds_consent},
    http::error::{ApiError, Fault},
    ingest::{
        fields::{Flaw, describe},
        plain::message,
    },
    person::{Person, PersonSubmission},
    published::Field,
    requests::RequestKind,
    store::{ATTEMPTS, Appended, PersonChange},
};

/// Erases everything of a person; answers until when evidence stays sealed.
pub async fn erase(app: &App, person: &Person) -> Result<Option<Timestamp>, ApiError> {
    let now = app.clock.now();
    let leads = person.submissions.iter();
    let kept = leads.filter(|lead| holds_consent(person, lead.stored.record.id));
    let until = kept.map(|lead| lead.form.proof_until(now)).max();
    if !erase_person(app, person.row.id, Actor::Controller, ASKED).await? {
        return Err(ApiError::NotFound);
    }
    Ok(until)
}

/// Corrects these fields in every submission that has them; answers the records of it, none where nothing differs.
/// What is wrong with one is said in that language.
pub async fn rectify(
    app: &App,
    mut person: Person,
    values: &[(String, String)],
    language: &str,
) -> Result<Vec<Uuid>, ApiError> {
    let id = person.row.id;
    for _ in 0..ATTEMPTS {
        let mut change = correction(app, &person, values, language)?;
        if change.events.is_empty() {
            return Ok(Vec::new());
        }
        change.request = Some(app.answered_request(id, RequestKind::Rectification, "corrected by an operator"));
        if app.commit(&change).await? == Appended::New {
            return Ok(change.events.iter().map(|event| event.id).collect());
        }
        person = Person::open(app, id).await?.ok_or(ApiError::NotFound)?;
    }
    Err(ApiError::Unavailable)
}

fn correction(
    app: &App,
    person: &Person,
    values: &[(String, String)],
    language: &str,
) -> Result<PersonChange, ApiError> {
    let mut change = PersonChange::of(person.row.id, app.clock.now());
    let mut faults = Vec::new();
    for (field, _) in values {
        let has = |lead: &PersonSubmission| named(person, lead, field, change.at).is_some();
        if !person.submissions.iter().any(has) {
            let detail = "no submission of this person has that field, or what it was for is over, or it is the address: another one is another person";
            faults.push(Fault::new(format!("/values/{field}"), "unknown", detail));
        }
    }
    for lead in &person.submissions {
        let typed: Vec<_> = values
            .iter()
            .filter(|(field, _)| named(person, lead, field, change.at).is_some())
            .cloned()
            .collect();
        let flaws = correct::flaws(person, lead, &typed, change.at).into_iter();
        faults.extend(flaws.map(|(field, flaw)| {
            let words = words(app, lead, field, flaw, language);
            Fault::new(format!("/values/{}", field.id), "value", words)
        }));
        if !typed.is_empty() && faults.is_empty() {
            let chain = lead.stored.record.id;
            correct::correct(app, person, chain, &typed, Actor::Controller, &mut change)?;
        }
    }
    if faults.is_empty() {
        Ok(change)
    } else {
        Err(ApiError::Unacceptable(faults))
    }
}

/// The form's words in that language, as it is published now; where it has none, those of the interface.
fn words(app: &App, lead: &PersonSubmission, field: &Field, flaw: Flaw, language: &str) -> String {
    let live = app.forms.find(&lead.form.row.form);
    let form = live.map(|live| live.in_language(Some(language)));
    match form.filter(|form| form.row.language == language && form.fields.iter().any(|known| known.id == field.id)) {
        Some(form) => message(form, field, flaw),
        None => describe(flaw),
    }
}

/// The field of a submission by that name, where it can be corrected.
fn named<'a>(person: &'a Person, lead: &'a PersonSubmission, field: &str, now: Timestamp) -> Option<&'a Field> {
    let asked = correct::asked(person, lead, now).into_iter();
    asked
        .filter(|known| correct::is_open(known))
        .find(|known| known.id == field)
}

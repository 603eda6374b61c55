//! Giving again: never an undo, but a new submission in the words of today, with its confirmation, since the link proved
//! the mailbox. Refuses where a field that the purpose needs is not on record: then the form itself has to be sent.

use std::{collections::BTreeMap, sync::Arc};

use candor_record::{
    id::PurposeId,
    state::State,
    term::{Actor, EventKind, Status},
};

use super::{lifted, offer::renewable};
use crate::{
    app::App,
    event::{EventDraft, make},
    http::error::ApiError,
    ingest::{
        OnceOnly, assemble, fields,
        made::{Draft, digests},
        values::disclosed,
    },
    links::LinkKind,
    person::Person,
    published::{PublishedForm, Text},
    store::PersonChange,
};

/// A consent that can be given here, with what it needs.
#[derive(Debug)]
pub struct GiveOffer {
    /// As it is published now.
    pub form: Arc<PublishedForm>,
    values: Typed,
}

/// Values by field.
struct Typed(Vec<(String, String)>);

impl std::fmt::Debug for Typed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Typed(personal)")
    }
}

/// A consent that is not there, and that the person could give on their page.
pub fn offer(app: &App, person: &Person, purpose: &PurposeId) -> Option<GiveOffer> {
    let standing = person.state.of(purpose)?;
    let ended = match standing.state {
        State::Withdrawn | State::NotGiven => true,
        State::Expired => renewable(person, purpose).is_none(),
        _ => false,
    };
    if !standing.basis.is_consent() || !ended {
        return None;
    }
    let lead = person.submission(crate::person::chain_uuid(&standing.chain)?)?;
    let form = app
        .forms
        .find(&lead.form.row.form)?
        .in_language(Some(person.language()));
    form.process(purpose.as_str())?;
    let statuses: fields::Statuses<'_> = BTreeMap::from([(purpose.as_str(), "given")]);
    let wanted = form.fields.iter().filter(|field| fields::is_wanted(field, &statuses));
    let known = wanted.filter_map(|field| Some((field.id.clone(), newest(person, &field.id, &field.kind)?)));
    let values: Vec<(String, String)> = known.collect();
    fields::flaws(form, &statuses, &values).is_empty().then(|| GiveOffer {
        form: Arc::clone(form),
        values: Typed(values),
    })
}

/// What the person typed last into a field of that name and type.
fn newest(person: &Person, id: &str, kind: &str) -> Option<String> {
    person.submissions.iter().rev().find_map(|lead| {
        lead.form
            .fields
            .iter()
            .find(|field| field.id == id && field.kind == kind)?;
        let typed = disclosed(&lead.values.disclosures);
        typed.into_iter().find(|(field, _)| field == id).map(|(_, value)| value)
    })
}

/// The texts that stand beside the box, and so in the record.
pub fn shown<'a>(form: &'a PublishedForm, purpose: &'a PurposeId) -> impl Iterator<Item = &'a Text> {
    let own = move |reference: &str| {
        let rest = reference
            .strip_prefix("purpose.")
            .and_then(|rest| rest.strip_prefix(purpose.as_str()));
        rest.is_some_and(|rest| matches!(rest, "" | ".details"))
    };
    form.texts.iter().filter(move |text| {
        matches!(text.reference.as_str(), "controller" | "withdrawal" | "policy") || own(&text.reference)
    })
}

/// The new submission, and its confirmation.
pub fn give(
    app: &App,
    person: &Person,
    purpose: &PurposeId,
    offer: &GiveOffer,
    gpc: bool,
    change: &mut PersonChange,
) -> Result<(), ApiError> {
    let statuses = BTreeMap::from([(purpose.to_string(), "given")]);
    let draft = Draft {
        form: &offer.form,
        method: "manage",
        id: None,
        // On this page a consent is a box, even where a form of one purpose has none.
        given_by: Some("checkbox"),
        origin: app.own_origin(),
        gpc,
        statuses: &statuses,
        shown: shown(&offer.form, purpose).collect(),
        values: &offer.values.0,
    };
    let made = draft.make(app)?;
    let first = made
        .verified
        .record()
        .as_submission()
        .ok_or(ApiError::Internal)?
        .clone();
    let channel = first.processes.iter().find(|process| process.purpose == *purpose);
    change
        .lift
        .extend(channel.and_then(|process| lifted(person, process.channel)));
    let digests = digests(&made.disclosures);
    let (mut new, _) = assemble(
        app,
        &offer.form,
        &made.verified,
        made.receipt,
        made.disclosures,
        OnceOnly::default(),
    )?;
    // Nothing is delivered and nothing asked for: the person stands before the page.
    new.mail = None;
    new.links
        .retain(|link| matches!(link.kind, LinkKind::Manage | LinkKind::Receipt));
    new.lead.mailbox_key = person.row.mailbox_key.clone();
    change.events.push(make(
        app,
        &EventDraft {
            first: &first,
            form: &offer.form,
            replaces: new.record.id,
            kind: EventKind::Confirmation,
            actor: Actor::Subject,
            changes: vec![(purpose.clone(), Status::Given)],
            digests: Some(digests),
        },
    )?);
    change.submissions.push(new);
    Ok(())
}

//! What became of a purpose (27560, section *Events*): one status for each event that names it, in order.
//!
//! DPV has no word for "did not say yes": `not-given` becomes `dpv:ConsentRefused`, the nearest (`spec/record.md` §8).

use serde_json::{Value, json};

use super::{Node, process::duration, term};
use crate::{
    record::{Indication, Process},
    term::{Actor, Basis, Control, EventKind, Method, PartyRole, Status},
    time::Timestamp,
};

/// One event as far as it concerns one purpose.
struct Event<'a> {
    record: &'a str,
    kind: EventKind,
    actor: Actor,
    at: Timestamp,
    status: Status,
    /// How the person did it.
    method: String,
    /// Whether its record says what was read.
    has_notice: bool,
}

/// Statuses of consent. The Guide asks one of every process; where another basis bears it, nothing is known of a consent.
pub(super) fn of_consent(node: &Node<'_, '_>, process: &Process) -> Vec<Value> {
    if process.basis.is_consent() {
        return events(node, process)
            .iter()
            .map(|event| consent(node, process, event))
            .collect();
    }
    let submission = node.0.submission;
    vec![json!({
        "@type": "dpv:ConsentUnknown",
        "dpv:isIndicatedAtTime": submission.created,
        "dct:description": "this process does not rest on consent: dpv:hasLegalBasis and dpv:hasStatus say what it rests on",
    })]
}

/// Statuses of the other bases.
pub(super) fn of_others(node: &Node<'_, '_>, process: &Process) -> Vec<Value> {
    if process.basis.is_consent() {
        return Vec::new();
    }
    let events = events(node, process);
    events
        .iter()
        .map(|event| said(node, event, other_types(process.basis, event.status)))
        .collect()
}

fn consent(node: &Node<'_, '_>, process: &Process, event: &Event<'_>) -> Value {
    let mut types = vec![consent_type(event)];
    let gives = matches!(event.status, Status::Given | Status::Renewed);
    if gives {
        types.push(term::bases(process.basis)[1]);
    }
    let mut status = said(node, event, types);
    let validity = process.validity.as_ref().filter(|_| gives);
    status["dpv:hasDuration"] = json!(validity.map(|validity| duration(validity.as_str())));
    status
}

fn consent_type(event: &Event<'_>) -> &'static str {
    match (event.status, event.actor) {
        (Status::Given, _) => "dpv:ConsentGiven",
        (Status::Renewed, _) => "dpv:RenewedConsentGiven",
        (Status::NotGiven | Status::Objected, _) => "dpv:ConsentRefused",
        (Status::Withdrawn, _) | (Status::Erased, Actor::Subject) => "dpv:ConsentWithdrawn",
        (Status::Erased, Actor::Controller) => "dpv:ConsentRevoked",
        (Status::Expired, _) => "dpv:ConsentExpired",
        (Status::NotShown | Status::Informed, _) => "dpv:ConsentUnknown",
    }
}

fn other_types(basis: Basis, status: Status) -> Vec<&'static str> {
    match (basis.has_objection(), status) {
        (_, Status::Erased | Status::Expired | Status::Withdrawn) => vec!["dpv:ActivityHalted"],
        (true, Status::Objected) => vec!["dpv:LegitimateInterestObjected"],
        (true, Status::NotShown) => vec!["dpv:LegitimateInterestUninformed"],
        (true, _) => vec!["dpv:LegitimateInterestInformed", "dpv:LegitimateInterestNotObjected"],
        (false, Status::NotShown) => vec!["dpv:EntityUninformed"],
        (false, _) => vec!["dpv:EntityInformed"],
    }
}

fn said(node: &Node<'_, '_>, event: &Event<'_>, types: Vec<&'static str>) -> Value {
    let by = match event.actor {
        Actor::Subject => vec![node.subject()],
        Actor::Controller => node.parties(&[PartyRole::Controller]),
    };
    json!({
        "@type": types,
        "dct:title": event.kind,
        "dpv:isIndicatedAtTime": event.at,
        "dpv:isIndicatedBy": by,
        "dpv:hasIndicationMethod": event.method,
        "dpv:hasNotice": event.has_notice.then(|| super::notice_id(node, event.record)),
        "dct:source": format!("urn:uuid:{}", event.record),
    })
}

fn events<'a>(node: &Node<'_, 'a>, process: &Process) -> Vec<Event<'a>> {
    let first = node.0.submission;
    let submission = Event {
        record: first.id.as_str(),
        kind: first.event,
        actor: first.actor,
        at: first.created,
        status: process.status,
        method: indicated(&process.indication, process.status),
        has_notice: true,
    };
    let later = node.0.later.iter().filter_map(|event| {
        let change = event
            .processes
            .iter()
            .find(|change| change.purpose == process.purpose)?;
        Some(Event {
            record: event.id.as_str(),
            kind: event.event,
            actor: event.actor,
            at: event.created,
            status: change.status,
            method: acted(event.event, event.actor, event.capture.method).to_owned(),
            has_notice: event.shown.is_some(),
        })
    });
    [submission].into_iter().chain(later).collect()
}

/// How a choice was made in the form, in words.
fn indicated(indication: &Indication, status: Status) -> String {
    let act = match (indication.control, status) {
        (_, Status::NotShown) => "not shown",
        (Control::Checkbox, Status::Given) => "checkbox, unticked at first, ticked; then submit",
        (Control::Checkbox, _) => "checkbox, unticked at first, left unticked; then submit",
        (Control::ObjectionCheckbox, Status::Objected) => "checkbox to object, unticked at first, ticked; then submit",
        (Control::ObjectionCheckbox, _) => "checkbox to object, unticked at first, left unticked; then submit",
        (Control::Submit, _) => "the button that names the act",
        (Control::None, _) => "informed above the button; then submit",
    };
    match indication.trusted {
        Some(true) => format!("{act} (by a trusted click)"),
        Some(false) => format!("{act} (not by a trusted click)"),
        None => format!("{act} (not observed)"),
    }
}

/// How it was done after the form was sent.
fn acted(kind: EventKind, actor: Actor, method: Method) -> &'static str {
    match (kind, actor, method) {
        (EventKind::Expiry, ..) => "the validity ended",
        (_, Actor::Controller, _) => "by the controller",
        (EventKind::Confirmation, ..) => "a button on the page behind the link that was mailed to confirm",
        (_, Actor::Subject, Method::Manage) => "a button on the page where choices are managed",
        (_, Actor::Subject, _) => "by a message of the person",
    }
}

//! `POST /v1/contacts`: what was sent to a person, and what the person did. Promised frequencies and retention rest on it.
//! Refuses an opened mail as a contact, and tells nobody whether the address is known.

use axum::extract::{Request, State};
use candor_record::id::PurposeId;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::{
    error::{ApiError, Fault},
    extract::read_json,
    permissions::address,
};
use crate::{
    app::App,
    clock::whole_milliseconds,
    operator::{Operator, Permission},
    store::contacts::{Contact, ContactKind},
};

/// The other system's clock may be ahead that far.
const MAX_AHEAD: SignedDuration = SignedDuration::from_mins(5);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    email: Option<String>,
    phone: Option<String>,
    purpose: Option<String>,
    kind: String,
    at: Option<Timestamp>,
}

pub async fn post(State(app): State<App>, operator: Operator, request: Request) -> Result<StatusCode, ApiError> {
    operator.require(Permission::ReportContacts)?;
    let expected = "expected an object with email or phone, kind, and perhaps purpose and at";
    let report: Report = read_json(&app, request, expected).await?;
    let kind = kind(&report.kind)?;
    let purpose = purpose(report.purpose.as_deref(), kind)?;
    let at = time(app.clock.now(), report.at)?;
    let address = address(&app, report.email.as_deref(), report.phone.as_deref(), purpose.as_ref())?;
    let contact = |person| Contact {
        person,
        purpose: purpose.as_ref().map(ToString::to_string),
        kind,
        at,
    };
    let contacts: Vec<Contact> = address.people(&app).await?.into_iter().map(contact).collect();
    app.store.report(&contacts).await?;
    Ok(StatusCode::ACCEPTED)
}

fn fault(pointer: &str, code: &str, detail: &str) -> ApiError {
    ApiError::Unacceptable(vec![Fault::new(pointer, code, detail)])
}

fn kind(word: &str) -> Result<ContactKind, ApiError> {
    if word == "open" {
        return Err(fault(
            "/kind",
            "open",
            "an open never counts: programs load pictures, so it does not show that the person did anything",
        ));
    }
    ContactKind::parse(word).ok_or_else(|| {
        let words = ContactKind::ALL.map(ContactKind::as_str).join(", ");
        fault("/kind", "term", &format!("a kind is one of {words}"))
    })
}

fn purpose(word: Option<&str>, kind: ContactKind) -> Result<Option<PurposeId>, ApiError> {
    match word {
        Some(word) => word
            .parse()
            .map(Some)
            .map_err(|_| fault("/purpose", "format", "not the id of a purpose")),
        None if kind.is_by_person() => Ok(None),
        None => Err(fault(
            "/purpose",
            "required",
            "a frequency is promised for each purpose: say which one the contact served",
        )),
    }
}

fn time(now: Timestamp, at: Option<Timestamp>) -> Result<Timestamp, ApiError> {
    match at.map(whole_milliseconds) {
        None => Ok(now),
        Some(at) if at <= now + MAX_AHEAD => Ok(at.min(now)),
        Some(_) => Err(fault("/at", "future", "a contact that was made lies in the past")),
    }
}

//! `/v1/people`: finding one person, looking at them, and what the person has a right to: export, erasure, rectification.
//! Refuses to list people, and to read or change one without a reason: each is a line of the access log, written first.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, Query, Request, State},
    response::Response,
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    error::{ApiError, Fault},
    extract::read_json,
    operator::{stated, uncached},
    permissions::address,
};
use crate::{
    access::access,
    app::App,
    catalog::Words,
    on_behalf,
    operator::{Operator, Permission},
    person::Person,
    requests::RequestKind,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stated {
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sought {
    email: String,
    reason: Option<String>,
}

/// A POST, because an address does not belong in a URL.
pub async fn find(State(app): State<App>, operator: Operator, request: Request) -> Result<Response, ApiError> {
    operator.require(Permission::SeePerson)?;
    let sought: Sought = read_json(&app, request, "expected an object with email and reason").await?;
    let reason = stated("/reason", sought.reason.as_deref())?;
    let address = address(&app, Some(&sought.email), None, None)?;
    let found = address.people(&app).await?.first().copied();
    app.log_access(&operator, "find", found, reason).await?;
    let id = found.ok_or(ApiError::NotFound)?;
    Ok(uncached(json!({"id": id})))
}

/// What a question on the phone needs: who it is, what they typed, where their purposes stand.
pub async fn see(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<String>,
    Query(query): Query<Stated>,
) -> Result<Response, ApiError> {
    operator.require(Permission::SeePerson)?;
    let reason = stated("/reason", query.reason.as_deref())?;
    let person = open(&app, &operator, &id, "see", reason).await?;
    let all = access(&app, &person).await?;
    let submissions = all.submissions.iter().map(|submission| {
        json!({
            "record": submission.record,
            "form": submission.form,
            "service": submission.service,
            "language": submission.language,
            "received": submission.received,
            "values": submission.values,
        })
    });
    Ok(uncached(json!({
        "person": all.person,
        "submissions": submissions.collect::<Vec<_>>(),
        "purposes": all.purposes,
    })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    reason: Option<String>,
    /// The right that the person used, where they asked for it: then it is a request, answered now.
    request: Option<String>,
}

pub async fn export(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    operator.require(Permission::ExportPerson)?;
    let wanted: Wanted = read_json(&app, request, "expected an object with reason, and perhaps request").await?;
    let reason = stated("/reason", wanted.reason.as_deref())?;
    let kind = wanted.request.as_deref().map(right).transpose()?;
    let person = open(&app, &operator, &id, "export", reason).await?;
    if let Some(kind) = kind {
        app.open_request(person.row.id, kind, Some("exported by an operator"))
            .await?;
    }
    let all = access(&app, &person).await?;
    Ok(uncached(all))
}

fn right(word: &str) -> Result<RequestKind, ApiError> {
    let kinds = [RequestKind::Access, RequestKind::Portability];
    let found = kinds.into_iter().find(|kind| kind.as_str() == word);
    found.ok_or_else(|| {
        ApiError::Unacceptable(vec![Fault::new(
            "/request",
            "term",
            "an export answers access or portability",
        )])
    })
}

pub async fn erase(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    operator.require(Permission::ChangePerson)?;
    let stating: Stated = read_json(&app, request, "expected an object with reason").await?;
    let reason = stated("/reason", stating.reason.as_deref())?;
    let person = open(&app, &operator, &id, "erase", reason).await?;
    let sealed_until = on_behalf::erase(&app, &person).await?;
    Ok(uncached(
        json!({"erased": true, "sealedUntil": sealed_until.map(|until| format!("{until:.3}"))}),
    ))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Corrected {
    reason: Option<String>,
    /// By field; in every submission that has it.
    values: BTreeMap<String, String>,
}

pub async fn rectify(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    operator.require(Permission::ChangePerson)?;
    let words = Words::accepted(request.headers());
    let corrected: Corrected = read_json(&app, request, "expected an object with reason and values").await?;
    let reason = stated("/reason", corrected.reason.as_deref())?;
    let person = open(&app, &operator, &id, "rectify", reason).await?;
    let values: Vec<_> = corrected.values.into_iter().collect();
    let records = on_behalf::rectify(&app, person, &values, words.language()).await?;
    Ok(uncached(json!({"records": records})))
}

/// The person, once it is written down that they are read.
pub(super) async fn open(
    app: &App,
    operator: &Operator,
    id: &str,
    action: &'static str,
    reason: &str,
) -> Result<Person, ApiError> {
    let id = Uuid::parse_str(id).map_err(|_| ApiError::NotFound)?;
    if app.store.person(id).await?.is_none() {
        return Err(ApiError::NotFound);
    }
    app.log_access(operator, action, Some(id), reason).await?;
    Person::open(app, id).await?.ok_or(ApiError::NotFound)
}

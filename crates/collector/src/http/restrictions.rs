//! `POST /v1/people/{id}/restrict` and `/unrestrict`: restriction of processing (Art. 18 GDPR).
//! Refuses to begin or to end one without a reason, which is a line of the access log that the person can read.

use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use serde::Deserialize;
use serde_json::json;

use super::{
    error::ApiError,
    extract::read_json,
    operator::{stated, uncached},
    people::open,
};
use crate::{
    app::App,
    flow::restrict,
    operator::{Operator, Permission},
    store::Restrict,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stated {
    reason: Option<String>,
}

pub async fn begin(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    change(&app, &operator, &id, request, (Restrict::Begin, "restrict")).await
}

pub async fn lift(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    change(&app, &operator, &id, request, (Restrict::Lift, "unrestrict")).await
}

async fn change(
    app: &App,
    operator: &Operator,
    id: &str,
    request: Request,
    (what, action): (Restrict, &'static str),
) -> Result<Response, ApiError> {
    operator.require(Permission::ChangePerson)?;
    let stating: Stated = read_json(app, request, "expected an object with reason").await?;
    let reason = stated("/reason", stating.reason.as_deref())?;
    let person = open(app, operator, id, action, reason).await?;
    restrict::restrict(app, person.row.id, what).await?;
    Ok(uncached(json!({"restricted": what == Restrict::Begin})))
}

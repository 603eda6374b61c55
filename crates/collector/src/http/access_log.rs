//! `GET /v1/access-log`: who read or changed what about whom, newest first; of one person with `?person=`.
//! Refuses to be read in secret: reading it is a line of it.

use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    error::ApiError,
    operator::{cursor, page_size, place, uncached},
};
use crate::{
    app::App,
    operator::{Operator, Permission},
    store::operators::LoggedAccess,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    person: Option<Uuid>,
    cursor: Option<String>,
    limit: Option<u32>,
}

#[derive(Debug, Serialize)]
struct Listing {
    accesses: Vec<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Debug, Serialize)]
struct Line {
    at: String,
    actor: String,
    role: &'static str,
    action: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<Uuid>,
    reason: String,
}

pub async fn list(State(app): State<App>, operator: Operator, Query(page): Query<Page>) -> Result<Response, ApiError> {
    operator.require(Permission::AccessLog)?;
    let limit = page_size(page.limit)?;
    let before = place(page.cursor.as_deref(), |text| text.parse().ok())?;
    app.log_access(&operator, "read-access-log", page.person, "GET /v1/access-log")
        .await?;
    let accesses = app.store.accesses(page.person, before, limit).await?;
    let full = u32::try_from(accesses.len()) == Ok(limit);
    let next = accesses.last().filter(|_| full);
    let next = next.map(|last| cursor(&last.number.to_string()));
    let line = |LoggedAccess { access, .. }| Line {
        at: format!("{:.3}", access.at),
        actor: access.actor,
        role: access.role.as_str(),
        action: access.action,
        person: access.person,
        reason: access.reason,
    };
    let listing = Listing {
        accesses: accesses.into_iter().map(line).collect(),
        next,
    };
    Ok(uncached(listing))
}

//! `/v1/webhooks`: receivers of every kind, each bound to a purpose and a party; what they were told, and the proof of it.
//! Refuses everybody but the role admin, and to show a secret twice: what is made here is in the answer that makes it.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{FromRequestParts, Path, Query, Request},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header, request::Parts};
use jiff::{Timestamp, civil::Date};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    error::{ApiError, Fault},
    extract::read_json,
    operator::{cursor, page_size, place, uncached},
    problem::NO_STORE,
};
use crate::{
    app::App,
    flow::{
        self, show,
        target::{self, Made, New},
    },
    operator::{Operator, Permission},
    store::flows::DeliveryState,
};

/// An operator who may have to do with receivers.
#[derive(Debug)]
pub struct Admin(App);

impl FromRequestParts<App> for Admin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let operator = Operator::from_request_parts(parts, app).await?;
        operator.require(Permission::Webhooks)?;
        Ok(Self(app.clone()))
    }
}

/// The same, and the receiver that the path names.
#[derive(Debug)]
pub struct Named(App, Uuid);

impl FromRequestParts<App> for Named {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let Admin(app) = Admin::from_request_parts(parts, app).await?;
        let path = Path::<Uuid>::from_request_parts(parts, &app).await;
        let Path(id) = path.map_err(|_| ApiError::NotFound)?;
        Ok(Self(app, id))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(default = "webhook")]
    kind: String,
    #[serde(default)]
    name: String,
    purpose: String,
    party: Option<String>,
    contract: Option<Date>,
    audited: Option<Date>,
    url: Option<String>,
    #[serde(default)]
    options: Map<String, Value>,
    #[serde(default)]
    secrets: BTreeMap<String, String>,
}

fn webhook() -> String {
    "webhook".to_owned()
}

pub async fn add(Admin(app): Admin, request: Request) -> Result<Response, ApiError> {
    let expected =
        "expected an object with purpose, party, url, and perhaps kind, name, contract, audited, options, secrets";
    let wanted: Wanted = read_json(&app, request, expected).await?;
    let made = target::add(
        &app,
        New {
            kind: wanted.kind,
            name: wanted.name,
            purpose: wanted.purpose,
            party: wanted.party,
            contract: wanted.contract,
            audited: wanted.audited,
            url: wanted.url,
            options: wanted.options,
            secrets: wanted.secrets,
        },
    )
    .await?;
    let headers = [(header::CACHE_CONTROL, NO_STORE)];
    Ok((StatusCode::CREATED, headers, Json(shown(&app, &made)?)).into_response())
}

/// With the secret that was made, this once.
fn shown(app: &App, made: &Made) -> Result<Value, ApiError> {
    let mut shown = show::target(app, &made.row)?;
    if let Some(secret) = &made.secret {
        shown["made"] = json!({ secret.name.as_str(): secret.value });
    }
    Ok(shown)
}

pub async fn list(Admin(app): Admin) -> Result<Response, ApiError> {
    let counted = app.store.targets_counted().await?;
    let targets: Result<Vec<Value>, ApiError> = counted.iter().map(|target| show::counted(&app, target)).collect();
    Ok(uncached(json!({"webhooks": targets?})))
}

pub async fn see(Named(app, id): Named) -> Result<Response, ApiError> {
    let counted = app.store.targets_counted().await?;
    let found = counted.iter().find(|counted| counted.target.id == id);
    Ok(uncached(show::counted(&app, found.ok_or(ApiError::NotFound)?)?))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// Not even endings go to it any more.
    #[serde(default)]
    abandon: bool,
}

pub async fn close(Named(app, id): Named, Query(closing): Query<Closing>) -> Result<Response, ApiError> {
    let holds = target::close(&app, id, closing.abandon).await?;
    Ok(uncached(
        json!({"closed": true, "abandoned": closing.abandon, "holds": holds}),
    ))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rotation {
    #[serde(default)]
    secrets: BTreeMap<String, String>,
}

pub async fn rotate(Named(app, id): Named, request: Request) -> Result<Response, ApiError> {
    let rotation: Rotation = read_json(&app, request, "expected an object, perhaps with secrets").await?;
    let made = target::rotate(&app, id, &rotation.secrets).await?;
    Ok(uncached(shown(&app, &made)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dates {
    contract: Option<Date>,
    audited: Option<Date>,
}

/// A contract that was renewed, an audit that was made.
pub async fn dates(Named(app, id): Named, request: Request) -> Result<Response, ApiError> {
    let dates: Dates = read_json(&app, request, "expected an object with contract or audited").await?;
    let row = target::set_dates(&app, id, dates.contract, dates.audited).await?;
    Ok(uncached(show::target(&app, &row)?))
}

pub async fn test(Named(app, id): Named) -> Result<Response, ApiError> {
    let row = target::living(&app, id).await?;
    let tested = flow::test(&app, &row).await?;
    Ok(uncached(
        json!({"id": tested.id, "ok": tested.why.is_none(), "status": tested.status, "why": tested.why}),
    ))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Replaying {
    /// One dead letter; all of them where it is missing.
    delivery: Option<String>,
}

pub async fn replay(Named(app, id): Named, request: Request) -> Result<Response, ApiError> {
    let replaying: Replaying = read_json(&app, request, "expected an object, perhaps with delivery").await?;
    let replayed = target::replay(&app, id, replaying.delivery.as_deref()).await?;
    Ok(uncached(json!({"replayed": replayed})))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    state: Option<String>,
    cursor: Option<String>,
    limit: Option<u32>,
}

pub async fn deliveries(Named(app, id): Named, Query(asked): Query<Asked>) -> Result<Response, ApiError> {
    if app.store.target(id).await?.is_none() {
        return Err(ApiError::NotFound);
    }
    let state = asked.state.as_deref().map(state).transpose()?;
    let limit = page_size(asked.limit)?;
    let before = place(asked.cursor.as_deref(), |text| {
        let (at, id) = text.split_once(' ')?;
        Some((at.parse::<Timestamp>().ok()?, id.to_owned()))
    })?;
    let rows = app.store.deliveries_of_target(id, state, before, limit).await?;
    let is_full = u32::try_from(rows.len()) == Ok(limit);
    let next = rows.last().filter(|_| is_full);
    let next = next.map(|row| cursor(&format!("{} {}", row.created, row.id)));
    let mut body = json!({"deliveries": rows.iter().map(show::delivery).collect::<Vec<_>>()});
    if let Some(next) = next {
        body["next"] = next.into();
    }
    Ok(uncached(body))
}

fn state(word: &str) -> Result<DeliveryState, ApiError> {
    DeliveryState::parse(word).ok_or_else(|| {
        let words = DeliveryState::ALL.map(DeliveryState::as_str).join(", ");
        ApiError::Unacceptable(vec![Fault::new("/state", "term", format!("a state is one of {words}"))])
    })
}

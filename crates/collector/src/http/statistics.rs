//! `GET /v1/stats/purposes`: how many people stand where, by purpose. `GET /v1/register`: the register (Art. 30).
//! Refuses everything that is about one person.

use std::collections::HashMap;

use axum::{
    extract::{Query, State},
    response::Response,
};
use http::HeaderMap;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::{error::ApiError, operator::uncached};
use crate::{
    app::App,
    catalog::Words,
    moment,
    operator::{Operator, Permission},
    register::register,
    statistics,
};

pub async fn purposes(State(app): State<App>, operator: Operator) -> Result<Response, ApiError> {
    operator.require(Permission::Statistics)?;
    let counted = statistics::purposes(&app).await?;
    let purposes: HashMap<&str, _> = counted
        .purposes
        .iter()
        .map(|(id, states)| (id.as_str(), states))
        .collect();
    let body = json!({"at": format!("{:.3}", counted.at), "people": counted.people, "purposes": purposes});
    Ok(uncached(body))
}

/// As of which time, in French or in English.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsOf {
    /// A time, or a day, which means its end.
    #[serde(default, deserialize_with = "moment::until_member")]
    pub(super) at: Option<Timestamp>,
    pub(super) lang: Option<String>,
}

/// The language that was asked for; where none was, the better one of `Accept-Language`.
pub(super) fn language(asked: Option<String>, headers: &HeaderMap) -> String {
    asked.unwrap_or_else(|| Words::register_accepted(headers).language().to_owned())
}

pub async fn art30(
    State(app): State<App>,
    operator: Operator,
    Query(asked): Query<AsOf>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    operator.require(Permission::Register)?;
    let language = language(asked.lang, &headers);
    let at = asked.at.unwrap_or_else(|| app.clock.now());
    let register = register(app.store.as_ref(), at, &language).await.map_err(|error| {
        tracing::error!(%error, "register");
        ApiError::Internal
    })?;
    Ok(uncached(register))
}

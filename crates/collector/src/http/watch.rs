//! `GET /v1/watch`: what stands marked about published forms, as of any time. Refuses everything that is about one person.

use axum::{
    extract::{Query, State},
    response::Response,
};
use candor_lint::Tongue;
use http::HeaderMap;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::{error::ApiError, operator::uncached};
use crate::{
    app::App,
    catalog::Words,
    operator::{Operator, Permission},
    watch::marks,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    at: Option<Timestamp>,
    lang: Option<String>,
}

pub async fn list(
    State(app): State<App>,
    operator: Operator,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    operator.require(Permission::Register)?;
    let language = asked
        .lang
        .unwrap_or_else(|| Words::register_accepted(&headers).language().to_owned());
    let tongue = match language.as_str() {
        "fr" => Tongue::French,
        _ => Tongue::English,
    };
    let at = asked.at.unwrap_or_else(|| app.clock.now());
    let marks = marks(&app, at, tongue).await?;
    Ok(uncached(json!({ "at": format!("{at:.3}"), "marks": marks })))
}

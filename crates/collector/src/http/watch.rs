//! `GET /v1/watch`: what stands marked about published forms, as of any time. Refuses everything that is about one person.

use axum::{
    extract::{Query, State},
    response::Response,
};
use candor_lint::Tongue;
use http::HeaderMap;
use serde_json::json;

use super::{
    error::ApiError,
    operator::uncached,
    statistics::{AsOf, language},
};
use crate::{
    app::App,
    operator::{Operator, Permission},
    watch::marks,
};

pub async fn list(
    State(app): State<App>,
    operator: Operator,
    Query(asked): Query<AsOf>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    operator.require(Permission::Register)?;
    let tongue = match language(asked.lang, &headers).as_str() {
        "fr" => Tongue::French,
        _ => Tongue::English,
    };
    let at = asked.at.unwrap_or_else(|| app.clock.now());
    let marks = marks(&app, at, tongue).await?;
    Ok(uncached(json!({ "at": format!("{at:.3}"), "marks": marks })))
}

//! `GET /v1/map`: where data goes, for operators: JSON, or by `format` the picture, the page or the table.
//! Refuses everything that is about one person.

use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;
use serde::Deserialize;

use super::{
    error::ApiError,
    operator::{table, uncached},
    problem::NO_STORE,
    statistics::language,
};
use crate::{
    app::App,
    moment,
    operator::{Operator, Permission},
    register::map::{csv, html, map, svg},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// A time, or a day, which means its end.
    #[serde(default, deserialize_with = "moment::until_member")]
    at: Option<Timestamp>,
    lang: Option<String>,
    #[serde(default)]
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Json,
    Csv,
    Svg,
    Html,
}

pub async fn get(
    State(app): State<App>,
    operator: Operator,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    operator.require(Permission::Register)?;
    let language = language(asked.lang, &headers);
    let at = asked.at.unwrap_or_else(|| app.clock.now());
    let failed = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "map");
        ApiError::Internal
    };
    let found = map(app.store.as_ref(), at, &language).await;
    let found = found.map_err(|error| failed(&error))?;
    let drawn = |rendered: askama::Result<String>| rendered.map_err(|error| failed(&error));
    Ok(match asked.format {
        Format::Json => uncached(found),
        Format::Csv => table("attachment; filename=\"map.csv\"", csv::map(&found)),
        Format::Svg => picture("image/svg+xml", drawn(svg::map(&found))?, svg::style_source()),
        Format::Html => picture("text/html; charset=utf-8", drawn(html::map(&found))?, "data:".into()),
    })
}

/// A file that brings its own style sheet, which the policy of the other pages refuses; `style` is its source expression.
fn picture(kind: &'static str, body: String, style: String) -> Response {
    let policy = format!("default-src 'none'; style-src {style}; img-src data:; frame-ancestors 'none'");
    let kind = HeaderValue::from_static(kind);
    let mut response = ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, NO_STORE)], body).into_response();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

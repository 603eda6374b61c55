//! `GET /v1/map`: where data goes, for operators: JSON, or by `format` the picture, the page or the table.
//! Refuses everything that is about one person.

use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;
use serde::Deserialize;

use super::{error::ApiError, operator::uncached, problem::NO_STORE, statistics::language};
use crate::{
    app::App,
    operator::{Operator, Permission},
    register::map::{csv, html, map, svg},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
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
    // Both files bring their own style sheet, which the policy of the other pages refuses.
    let style =
        |source: String| format!("default-src 'none'; style-src {source}; img-src data:; frame-ancestors 'none'");
    Ok(match asked.format {
        Format::Json => uncached(found),
        Format::Csv => text("text/csv; charset=utf-8", csv::map(&found), None),
        Format::Svg => text(
            "image/svg+xml",
            drawn(svg::map(&found))?,
            Some(style(svg::style_source())),
        ),
        Format::Html => text(
            "text/html; charset=utf-8",
            drawn(html::map(&found))?,
            Some(style("data:".into())),
        ),
    })
}

fn text(kind: &'static str, body: String, policy: Option<String>) -> Response {
    let kind = HeaderValue::from_static(kind);
    let mut response = ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, NO_STORE)], body).into_response();
    if let Some(policy) = policy.and_then(|policy| HeaderValue::from_str(&policy).ok()) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

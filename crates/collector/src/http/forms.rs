//! `GET /v1/forms/…`: the compiled form, its published versions, the definition, the prerendered snippet. Open to every site.
//! Refuses nothing but what was never published (404).

use std::collections::HashMap;

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use candor_record::digest::Sha256Digest;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::error::ApiError;
use crate::{
    app::App,
    forms::LiveForm,
    http::bundle::Encoded,
    snippet::{self, Root, Snippet, Style},
};

pub(super) const SHORT: HeaderValue = HeaderValue::from_static("public, max-age=60");
pub(super) const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const CSS: HeaderValue = HeaderValue::from_static("text/css; charset=utf-8");

type Parameters = Query<HashMap<String, String>>;

fn live<'a>(app: &'a App, id: &str) -> Result<&'a LiveForm, ApiError> {
    app.forms.find(id).ok_or(ApiError::NotFound)
}

/// The current compiled form.
pub async fn current(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Parameters,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let form = live(&app, &id)?.in_language(query.get("lang").map(String::as_str));
    let mut response = open(&headers, &form.row.digest, SHORT, JSON, form.encoded());
    let path = format!("</v1/forms/{id}/compiled/{}.json>; rel=\"canonical\"", form.row.digest);
    if let Ok(value) = HeaderValue::from_str(&path) {
        response.headers_mut().insert(header::LINK, value);
    }
    if let Ok(value) = HeaderValue::from_str(&form.row.language) {
        response.headers_mut().insert(header::CONTENT_LANGUAGE, value);
    }
    Ok(response)
}

/// Any compiled form that was ever published, by digest.
pub async fn compiled(
    State(app): State<App>,
    Path((id, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let digest = file.strip_suffix(".json").unwrap_or(&file);
    let form = app
        .publications
        .by_digest(digest)
        .await?
        .filter(|form| form.row.form == id)
        .ok_or(ApiError::NotFound)?;
    Ok(open(&headers, digest, IMMUTABLE, JSON, form.encoded()))
}

/// The current definition.
pub async fn definition(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let form = live(&app, &id)?;
    Ok(open(
        &headers,
        &form.version,
        SHORT,
        JSON,
        &Encoded::plain(form.definition_json.clone().into_bytes()),
    ))
}

/// The prerendered form, to be put into a page by a site's own build: `lang`, `render=light`, `stylesheet=link`,
/// `heading-level`.
pub async fn html(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Parameters,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let parameter = |name| query.get(name).map(String::as_str);
    let form = live(&app, &id)?.in_language(parameter("lang"));
    let snippet = Snippet {
        base: &app.public_url,
        form: &id,
        compiled: &form.json,
        root: if parameter("render") == Some("light") {
            Root::Light
        } else {
            Root::Shadow
        },
        style: if parameter("stylesheet") == Some("link") {
            Style::Link
        } else {
            Style::Inline
        },
        heading_level: parameter("heading-level")
            .and_then(|level| level.parse().ok())
            .filter(|level| (1..=6).contains(level))
            .unwrap_or(2),
    };
    let html = snippet.print().await.map_err(|_| ApiError::Internal)?.html.into_bytes();
    let version = Sha256Digest::of(&html).to_b64u();
    Ok(open(&headers, &version, SHORT, HTML, &Encoded::plain(html)))
}

/// The theme of the definition, for printed forms with a linked style sheet.
pub async fn theme(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    let form = live(&app, &id)?.in_language(None);
    let sheet = snippet::theme(&id, &form.json).ok_or(ApiError::NotFound)?.into_bytes();
    let version = Sha256Digest::of(&sheet).to_b64u();
    Ok(open(&headers, &version, SHORT, CSS, &Encoded::plain(sheet)))
}

/// An answer for any site, with validator and cache.
pub(super) fn open(
    headers: &HeaderMap,
    version: &str,
    cache: HeaderValue,
    media_type: HeaderValue,
    body: &Encoded,
) -> Response {
    let etag = format!("\"{version}\"");
    let unchanged = super::site::matches_etag(headers, &etag);
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        body.choose(headers).into_response()
    };
    let answered = response.headers_mut();
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        answered.insert(header::ETAG, etag);
    }
    answered.insert(header::CONTENT_TYPE, media_type);
    answered.insert(header::CACHE_CONTROL, cache);
    answered.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    answered.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    answered.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    response
}

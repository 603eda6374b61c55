//! `POST /v1/submissions`: what the widget sends. CORS and `Origin` by the sites that `--origin` names.
//! Refuses other sites with 403; a request without `Origin` is no browser's and is accepted. The use case: `ingest.rs`.

use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    error::ApiError,
    extract::{ClientAddress, Origin, read_body},
    limit::Quotas,
    problem::NO_STORE,
};
use crate::{
    app::App,
    ingest::{self, Visit},
};

#[derive(Debug, Serialize)]
struct Answer<'a> {
    receipt: &'a RawValue,
    state: &'static str,
    held: Vec<String>,
    manage: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    download: Option<DownloadAnswer>,
}

#[derive(Debug, Serialize)]
struct DownloadAnswer {
    url: String,
    expires: String,
}

pub async fn post(State(app): State<App>, origin: Origin, client: ClientAddress, request: Request) -> Response {
    let mut visit = Visit {
        origin: origin.0.as_deref(),
        address: client.0,
        quotas: Quotas::default(),
    };
    let mut response = match take(&app, &mut visit, request).await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    };
    visit.quotas.write(response.headers_mut());
    share(&app, &origin, response.headers_mut());
    response
}

async fn take(app: &App, visit: &mut Visit<'_>, request: Request) -> Result<Response, ApiError> {
    if let Some(origin) = visit.origin
        && !app.admits(origin)
    {
        return Err(ApiError::Forbidden("this origin may not submit here"));
    }
    let body = read_body(app, request, "application/json").await?;
    let accepted = ingest::submit(app, &body, visit).await?;
    let answer = Answer {
        receipt: serde_json::from_str(&accepted.receipt).map_err(|_| ApiError::Internal)?,
        state: if accepted.pending { "pending" } else { "recorded" },
        held: accepted.held,
        manage: accepted.manage,
        download: accepted.download.map(|link| DownloadAnswer {
            url: link.url,
            expires: format!("{:.3}", link.expires),
        }),
    };
    let status = if accepted.fresh {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let body = serde_json::to_string(&answer).map_err(|_| ApiError::Internal)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, NO_STORE),
    ];
    Ok((status, headers, body).into_response())
}

/// The preflight of a browser on another site.
pub async fn preflight(State(app): State<App>, origin: Origin) -> Response {
    if !origin.0.as_deref().is_some_and(|origin| app.admits(origin)) {
        return ApiError::Forbidden("this origin may not submit here").into_response();
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    share(&app, &origin, headers);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static("content-type"),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    response
}

/// Lets a page of an admitted site read the answer, failures included.
fn share(app: &App, origin: &Origin, headers: &mut HeaderMap) {
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    let admitted = origin.0.as_deref().filter(|origin| app.admits(origin));
    let Some(value) = admitted.and_then(|origin| HeaderValue::from_str(origin).ok()) else {
        return;
    };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, value);
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("RateLimit, RateLimit-Policy, Retry-After"),
    );
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
}

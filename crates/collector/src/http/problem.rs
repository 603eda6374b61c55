//! The document of a failure: RFC 9457 for programs, a plain page for people. One layer writes both.
//! Refuses to leave a bare status: what a router or extractor answered without a body gets its document too.

use axum::{
    extract::{Path, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};

use super::{
    error::{ApiError, Problem},
    page,
};
use crate::{app::App, catalog::Words, pages};

mod query;

/// Outermost layer: gives each failure its document.
pub async fn documents(State(app): State<App>, request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let path = request.uri().path();
    let (api, own) = (path.starts_with("/v1/"), is_page_of_a_person(path));
    let mut response = next.run(request).await;
    let status = response.status();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if is_bare_failure(&response) => said_by_the_framework(status, &mut response).await.problem(),
        None => return response,
    };
    let document = if !api && (prefers_html(&headers) || own && !prefers_json(&headers)) {
        html(&headers, status)
    } else {
        json_document(&app, status, problem)
    };
    let (parts, body) = document.into_parts();
    *response.body_mut() = body;
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response.headers_mut().extend(parts.headers);
    response
}

/// What the framework's own refusal is about: of an address that cannot be read it names the member.
async fn said_by_the_framework(status: StatusCode, response: &mut Response) -> ApiError {
    let body = std::mem::take(response.body_mut());
    if status != StatusCode::BAD_REQUEST {
        return ApiError::of_status(status);
    }
    let text = axum::body::to_bytes(body, MAX_REFUSAL_BYTES).await.unwrap_or_default();
    let fault = std::str::from_utf8(&text).ok().and_then(query::fault);
    fault.map_or_else(|| ApiError::of_status(status), |fault| ApiError::Malformed(vec![fault]))
}

/// A sentence of the framework's is shorter.
const MAX_REFUSAL_BYTES: usize = 4 * 1024;

fn is_bare_failure(response: &Response) -> bool {
    let status = response.status();
    let failure = (status.is_client_error() || status.is_server_error()) && status != StatusCode::RANGE_NOT_SATISFIABLE;
    // The framework's own refusals (a path that is not UTF-8) speak plain text.
    let plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|value| value.as_bytes().starts_with(b"text/plain"));
    failure && plain
}

fn json_document(app: &App, status: StatusCode, problem: Problem) -> Response {
    let mut document = Map::new();
    document.insert(
        "type".into(),
        json!(format!("{}/problems/{}", app.public_url, problem.slug)),
    );
    document.insert("title".into(), json!(problem.title));
    document.insert("status".into(), json!(status.as_u16()));
    document.insert("detail".into(), json!(problem.detail));
    if !problem.errors.is_empty() {
        document.insert("errors".into(), json!(problem.errors));
    }
    document.extend(problem.extra.into_iter().map(|(name, value)| (name.to_owned(), value)));
    let headers = [
        (header::CONTENT_TYPE, "application/problem+json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Value::Object(document).to_string()).into_response()
}

fn html(headers: &HeaderMap, status: StatusCode) -> Response {
    let words = Words::accepted(headers);
    let key = match status {
        StatusCode::NOT_FOUND => "error_not_found",
        StatusCode::FORBIDDEN => "error_forbidden",
        StatusCode::TOO_MANY_REQUESTS => "error_too_many",
        status if status.is_server_error() => "error_server",
        _ => "error_request",
    };
    page::answer(
        status,
        &pages::Message {
            words,
            title: words.get("error_title"),
            lines: vec![words.get(key)],
            receipts: Vec::new(),
            link: None,
        },
    )
}

/// Whether a person's browser asks: it names HTML, programs do not.
pub fn prefers_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

fn prefers_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("json"))
}

/// Behind a link in a letter: whoever follows it reads a page, whatever their program says of itself.
fn is_page_of_a_person(path: &str) -> bool {
    let is_own = path == "/m" || ["/m/", "/c/", "/t/"].iter().any(|kind| path.starts_with(kind));
    is_own && !path.ends_with(".json")
}

/// A handler that panicked: logged by the panic hook, told without internals.
pub fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    ApiError::Internal.into_response()
}

/// `GET /problems/{slug}`: the page behind a problem's `type`.
pub async fn explain(headers: HeaderMap, Path(slug): Path<String>) -> Result<Response, ApiError> {
    let words = Words::accepted(&headers);
    let line = words
        .find(&format!("problem_{}", slug.replace('-', "_")))
        .ok_or(ApiError::NotFound)?;
    Ok(page::answer(
        StatusCode::OK,
        &pages::Message {
            words,
            title: &slug,
            lines: vec![line],
            receipts: Vec::new(),
            link: None,
        },
    ))
}

/// `Cache-Control` for what belongs to one person.
pub const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

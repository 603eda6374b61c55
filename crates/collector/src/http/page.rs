//! Pages as answers: rendered by askama, escaped, with the headers that keep a page to itself.
//! Refuses to be cached or framed unless the handler says otherwise. The headers of every answer: `security.rs`.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::{StatusCode, header};

use super::{error::ApiError, problem::NO_STORE};

/// A page of one person, or of one moment: never stored.
pub fn answer(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, [(header::CACHE_CONTROL, NO_STORE)], Html(text)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page cannot be rendered");
            ApiError::Internal.into_response()
        }
    }
}

//! `/healthz`: the process answers. `/readyz`: the store takes a transaction. `/metrics`: counters, nothing of a person.

use axum::{extract::State, response::IntoResponse};
use http::{HeaderName, StatusCode, header};

use super::error::ApiError;
use crate::app::App;

type Answer = (StatusCode, [(HeaderName, &'static str); 2], &'static str);

fn answer(text: &'static str) -> Answer {
    (
        StatusCode::OK,
        [
            (header::CONTENT_TYPE, "text/plain"),
            (header::CACHE_CONTROL, "no-store"),
        ],
        text,
    )
}

pub async fn alive() -> Answer {
    answer("ok\n")
}

pub async fn ready(State(app): State<App>) -> Result<Answer, ApiError> {
    app.store.ready().await?;
    Ok(answer("ready\n"))
}

/// In the text format of Prometheus.
pub async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, app.robots.counts.to_text())
}

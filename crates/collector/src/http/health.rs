//! `/healthz`: the process answers. `/readyz`: the store takes a transaction.

use axum::extract::State;
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

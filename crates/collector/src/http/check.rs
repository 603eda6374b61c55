//! `POST /v1/check`: what `candor check` tells of a definition, for editors and build servers. Open to every site.
//! Refuses bodies over the size of a definition; stores nothing, and repeats nothing of it in a log.
//!
//! `?at=DATE` asks for the law of another day, `?lang=fr` for French reasons; `Accept: application/sarif+json` for SARIF.

use axum::{
    extract::{Query, Request, State},
    response::{IntoResponse, Response},
};
use candor_definition::Context;
use candor_lint::{Review, Tongue};
use candor_record::json::Limits;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::civil::Date;
use serde::Deserialize;

use super::{
    error::{ApiError, Fault},
    extract::{ClientAddress, read_body_up_to},
};
use crate::{
    app::App,
    check::{Located, pretty, sarif},
    clock::day,
};

const SARIF: &str = "application/sarif+json";

/// The name under which the definition stands in the answer.
const FILE: &str = "definition.json";

#[derive(Debug, Deserialize)]
pub struct Parameters {
    at: Option<String>,
    lang: Option<String>,
}

/// A browser asks first, because definitions are JSON.
pub async fn preflight() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, EVERYBODY);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    let asked = HeaderValue::from_static("content-type");
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, asked);
    response
}

const EVERYBODY: HeaderValue = HeaderValue::from_static("*");

pub async fn post(
    State(app): State<App>,
    client: ClientAddress,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let mut response = match check(&app, client, &parameters, &headers, request).await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    };
    response
        .headers_mut()
        .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, EVERYBODY);
    response
}

async fn check(
    app: &App,
    client: ClientAddress,
    parameters: &Parameters,
    headers: &HeaderMap,
    request: Request,
) -> Result<Response, ApiError> {
    app.check_limiter.admit(app.clock.now(), client.0)?;
    let review = review(app, parameters)?;
    let text = read_body_up_to(app, request, "application/json", Limits::DEFINITION.max_bytes).await?;
    let problems = tokio::task::spawn_blocking(move || candor_lint::review(&text, &review))
        .await
        .map_err(|_| ApiError::Internal)?;
    let located = problems.iter().map(|problem| Located { file: FILE, problem });
    let wants_sarif = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains(SARIF));
    let (media_type, body) = if wants_sarif {
        (SARIF, pretty(&sarif::log(located)))
    } else {
        ("application/json", pretty(&located.collect::<Vec<_>>()))
    };
    let headers = [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, body).into_response())
}

fn review(app: &App, parameters: &Parameters) -> Result<Review, ApiError> {
    let fault = |name: &str, detail| ApiError::Unacceptable(vec![Fault::new(format!("?{name}"), "format", detail)]);
    let day = match &parameters.at {
        None => day(app.clock.now()),
        Some(text) => text
            .parse::<Date>()
            .map_err(|_| fault("at", "`at` is no day; write one such as `2026-03-31`"))?,
    };
    let tongue = match parameters.lang.as_deref() {
        None | Some("en") => Tongue::English,
        Some("fr") => Tongue::French,
        Some(_) => {
            return Err(fault(
                "lang",
                "`lang` is none of the languages of reasons; write `en` or `fr`",
            ));
        }
    };
    Ok(Review {
        day,
        tongue,
        context: Context { has_collector: true },
    })
}

//! `/m/{token}/data` and `/m/{token}/data.json`: everything that is kept of the person, to read and to take along.
//! Refuses any link but the person's. The JSON is described in `docs/access.md`.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::SignedDuration;

use super::{nothing, open_person};
use crate::{
    access::access,
    app::App,
    http::{error::ApiError, page, problem::NO_STORE},
    pages::person::DataPage,
    person::Person,
    requests::{DONE_BY_THE_PERSON, RequestKind},
};

pub async fn get(State(app): State<App>, Path(token): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    let Some((person, _)) = open_person(&app, &token).await? else {
        return Ok(nothing(&app, &headers));
    };
    log(&app, &person, RequestKind::Access).await?;
    let access = access(&app, &person).await?;
    Ok(page::answer(
        StatusCode::OK,
        &DataPage::new(&app, &person, Some(&token), &access),
    ))
}

pub async fn json(State(app): State<App>, Path(token): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    let Some((person, _)) = open_person(&app, &token).await? else {
        return Ok(nothing(&app, &headers));
    };
    log(&app, &person, RequestKind::Portability).await?;
    let access = access(&app, &person).await?;
    let body = serde_json::to_string_pretty(&access).map_err(|_| ApiError::Internal)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, NO_STORE),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"data.json\""),
        ),
    ];
    Ok((headers, body).into_response())
}

/// A page that is loaded again within a day is the same request.
const SAME_WITHIN: SignedDuration = SignedDuration::from_hours(24);

async fn log(app: &App, person: &Person, kind: RequestKind) -> Result<(), ApiError> {
    let since = app.clock.now() - SAME_WITHIN;
    let earlier = app.store.requests_of(person.row.id).await?;
    if !earlier
        .iter()
        .any(|request| request.kind == kind && request.received > since)
    {
        app.open_request(person.row.id, kind, Some(DONE_BY_THE_PERSON)).await?;
    }
    Ok(())
}

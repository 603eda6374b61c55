//! `/m/{token}/erase`: what goes at once, what is kept sealed and until when; then the button, then both dates again.
//! Refuses any link but the person's. Nothing is mailed about it: a letter would keep the address.

use axum::{
    extract::{Path, State},
    response::Response,
};
use candor_record::term::Actor;
use http::{HeaderMap, StatusCode};

use super::{nothing, open_person, person::ANSWER};
use crate::{
    app::App,
    erase::{ASKED, erase_person},
    http::{error::ApiError, page},
    pages::person::ErasePage,
    requests::RequestKind,
};

pub async fn get(State(app): State<App>, Path(token): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    let Some((person, _)) = open_person(&app, &token).await? else {
        return Ok(nothing(&app, &headers));
    };
    Ok(page::answer(
        StatusCode::OK,
        &ErasePage::new(&app, &person, &token, false),
    ))
}

pub async fn post(State(app): State<App>, Path(token): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    let Some((person, _)) = open_person(&app, &token).await? else {
        return Ok(nothing(&app, &headers));
    };
    // Written beforehand: should this end here, the request stays open and its month runs.
    let request = app.open_request(person.row.id, RequestKind::Erasure, None).await?;
    erase_person(&app, person.row.id, Actor::Subject, ASKED).await?;
    app.store.answer_request(request.id, ANSWER, app.clock.now()).await?;
    Ok(page::answer(
        StatusCode::OK,
        &ErasePage::new(&app, &person, &token, true),
    ))
}

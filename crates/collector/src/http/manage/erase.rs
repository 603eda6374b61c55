//! `/m/{token}/erase`: what goes at once, what is kept sealed and until when; then the button, then both dates again.
//! Refuses any link but the person's. Nothing is mailed about it: a letter would keep the address.

use axum::{
    extract::{Path, State},
    response::Response,
};
use candor_record::term::Actor;
use http::{HeaderMap, StatusCode};

use super::{nothing, open_person};
use crate::{
    app::App,
    erase::{ASKED, erase_person},
    http::{error::ApiError, page},
    pages::person::ErasePage,
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
    erase_person(&app, person.row.id, Actor::Subject, ASKED).await?;
    Ok(page::answer(
        StatusCode::OK,
        &ErasePage::new(&app, &person, &token, true),
    ))
}

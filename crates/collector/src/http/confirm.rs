//! `/c/{token}`: the page of a double opt-in or of a held consent, and the act. A GET shows, a POST confirms.
//! Refuses to take a held consent along: each is a box of its own, unticked, in the published words.

use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};

use super::{
    download::{gone, living},
    error::ApiError,
    extract::{form_members, read_body},
    page,
};
use crate::{
    app::App,
    catalog::Words,
    follow_up::{Act, Dossier, act},
    links::LinkKind,
    pages::{Confirm, Message, PurposeWords},
    state::PurposeState,
};

pub async fn get(State(app): State<App>, Path(token): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    let Some(dossier) = open(&app, &token).await? else {
        return Ok(gone(&headers, &format!("{}/m", app.public_url)));
    };
    Ok(question(&app, &token, &dossier, false))
}

pub async fn post(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, ApiError> {
    let Some(dossier) = open(&app, &token).await? else {
        return Ok(gone(&headers, &format!("{}/m", app.public_url)));
    };
    // A client that posts the bare act sends no body and so no type.
    let members = if request.headers().contains_key(http::header::CONTENT_TYPE) {
        form_members(&read_body(&app, request, "application/x-www-form-urlencoded").await?)?
    } else {
        Vec::new()
    };
    let held: Vec<String> = members
        .into_iter()
        .filter(|(name, _)| name == "held")
        .map(|(_, purpose)| purpose)
        .collect();
    let waiting_unticked =
        dossier.waiting(PurposeState::Pending).is_empty() && !dossier.waiting(PurposeState::Held).is_empty();
    if !act(&app, dossier.submission.record.id, &Act::Confirm { held: held.clone() }).await?
        && waiting_unticked
        && held.is_empty()
    {
        return Ok(question(&app, &token, &dossier, true));
    }
    let words = Words::of(&dossier.submission.lead.language);
    Ok(told(
        &app,
        &dossier,
        words,
        words.get("confirmed_title"),
        words.get("confirmed_text"),
    ))
}

async fn open(app: &App, token: &str) -> Result<Option<Dossier>, ApiError> {
    match living(app, LinkKind::Confirm, token).await? {
        Some(link) => Dossier::open(app, link.target.subject).await,
        None => Ok(None),
    }
}

fn question(app: &App, token: &str, dossier: &Dossier, empty: bool) -> Response {
    let form = &dossier.form;
    let words = Words::of(&dossier.submission.lead.language);
    let purposes = |state| {
        dossier
            .waiting(state)
            .into_iter()
            .map(|standing| PurposeWords::of(form, &standing.purpose))
            .collect::<Vec<_>>()
    };
    let (pending, held) = (purposes(PurposeState::Pending), purposes(PurposeState::Held));
    if pending.is_empty() && held.is_empty() {
        return told(
            app,
            dossier,
            words,
            words.get("settled_title"),
            words.get("settled_text"),
        );
    }
    let text = |reference: &str| form.displayed(reference).unwrap_or_default();
    let status = if empty {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = Confirm {
        words,
        controller: form.controller("name").unwrap_or_default(),
        action: &format!("/c/{token}"),
        pending,
        held,
        controller_line: text("controller"),
        withdrawal: text("withdrawal"),
        policy: text("policy"),
        policy_url: dossier.first().map_or("", |first| &first.policy.url),
        empty,
    };
    page::answer(status, &page)
}

fn told(app: &App, dossier: &Dossier, words: Words, title: &str, line: &str) -> Response {
    let manage = crate::links::LinkTarget {
        kind: LinkKind::Manage,
        subject: dossier.submission.record.id,
        counter: 0,
    };
    let link = Some((app.link(manage), words.get("manage_link")));
    page::answer(
        StatusCode::OK,
        &Message {
            words,
            title,
            lines: vec![line],
            link,
        },
    )
}

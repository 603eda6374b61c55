//! `/m/{token}`: see, withdraw and object, for one submission; without login. `/m`: asks for an address and mails the links.
//! Refuses to tell a known address from an unknown one: same words, and the work is done after the answer.

use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::SignedDuration;

use super::{
    download::{gone, living},
    error::ApiError,
    extract::{ClientAddress, form_members, read_body},
    page,
};
use crate::{
    app::App,
    catalog::Words,
    follow_up::{Act, Dossier, act},
    links::{LinkKind, LinkTarget},
    mailbox::Mailbox,
    pages::{Ask, Manage, Message, Standing, moment},
    store::{Cap, MailKind, NewLetter},
    typography::spaced,
};

const FORM: &str = "application/x-www-form-urlencoded";

pub async fn get(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, ApiError> {
    let Some(dossier) = open(&app, &token).await? else {
        return Ok(gone(&headers, &format!("{}/m", app.public_url)));
    };
    let done = request.uri().query() == Some("done");
    Ok(show(&app, &token, &dossier, done))
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
    let members = form_members(&read_body(&app, request, FORM).await?)?;
    let value = |name: &str| {
        members
            .iter()
            .find(|(member, _)| member == name)
            .map(|(_, value)| value.clone())
    };
    let id = dossier.submission.record.id;
    if value("List-Unsubscribe").as_deref() == Some("One-Click") {
        act(&app, id, &Act::UnsubscribeAll).await?;
        return Ok((StatusCode::OK, [(header::CONTENT_TYPE, "text/plain")], "ok").into_response());
    }
    if let Some(purpose) = value("withdraw") {
        act(&app, id, &Act::Withdraw { purpose }).await?;
    } else if let Some(purpose) = value("object") {
        act(&app, id, &Act::Object { purpose }).await?;
    }
    let location = HeaderValue::from_str(&format!("/m/{token}?done")).map_err(|_| ApiError::NotFound)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

async fn open(app: &App, token: &str) -> Result<Option<Dossier>, ApiError> {
    match living(app, LinkKind::Manage, token).await? {
        Some(link) => Dossier::open(app, link.target.subject).await,
        None => Ok(None),
    }
}

fn show(app: &App, token: &str, dossier: &Dossier, done: bool) -> Response {
    let words = Words::of(&dossier.submission.lead.language);
    let receipt = LinkTarget {
        kind: LinkKind::Receipt,
        subject: dossier.submission.record.id,
        counter: 0,
    };
    let page = Manage {
        words,
        controller: dossier.form.controller("name").unwrap_or_default(),
        service: &dossier
            .first()
            .map_or_else(String::new, |first| spaced(&first.form.service)),
        date: &moment(words, dossier.submission.record.received),
        action: &format!("/m/{token}"),
        standings: Standing::all(dossier),
        receipt: app.link(receipt),
        done,
    };
    page::answer(StatusCode::OK, &page)
}

/// `GET /m`
pub async fn ask(headers: HeaderMap) -> Response {
    page::answer(
        StatusCode::OK,
        &Ask {
            words: Words::accepted(&headers),
            invalid: false,
        },
    )
}

/// `POST /m`
pub async fn send(
    State(app): State<App>,
    client: ClientAddress,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, ApiError> {
    app.limiter.admit(app.clock.now(), client.0)?;
    let words = Words::accepted(&headers);
    if !request.headers().contains_key(header::CONTENT_TYPE) {
        return Ok(page::answer(StatusCode::OK, &Ask { words, invalid: false }));
    }
    let members = form_members(&read_body(&app, request, FORM).await?)?;
    let typed = members
        .iter()
        .find(|(name, _)| name == "email")
        .map_or("", |(_, value)| value.as_str());
    // The button of a dead link leads here without an address: it is asked for.
    if typed.is_empty() && members.iter().any(|(name, _)| name == "fresh") {
        return Ok(page::answer(StatusCode::OK, &Ask { words, invalid: false }));
    }
    let Ok(mailbox) = Mailbox::parse(typed) else {
        return Ok(page::answer(
            StatusCode::UNPROCESSABLE_ENTITY,
            &Ask { words, invalid: true },
        ));
    };
    // After the answer, so that a known address takes no longer than an unknown one.
    tokio::spawn(queue_letter(app, mailbox));
    Ok(page::answer(
        StatusCode::OK,
        &Message {
            words,
            title: words.get("sent_title"),
            lines: vec![words.get("ask_sent")],
            link: None,
        },
    ))
}

/// Letters with that link in a day, to whomever it is.
const LETTERS_A_DAY: u32 = 5;

async fn queue_letter(app: App, mailbox: Mailbox) {
    let key = app.index.mailbox(&mailbox);
    let Ok(Some(person)) = app.store.person_by_mailbox(&key).await else {
        return;
    };
    let now = app.clock.now();
    let letter = NewLetter {
        kind: MailKind::Person,
        person: person.id,
        record: None,
        purposes: Vec::new(),
        dedupe: None,
    };
    let cap = Cap {
        count: LETTERS_A_DAY,
        since: now - SignedDuration::from_hours(24),
    };
    if app.store.queue(&letter, now, Some(cap)).await.is_ok() {
        app.outbox.notify_one();
    }
}

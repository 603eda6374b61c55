//! `/m`: asks for an address and mails the link that opens everything about the person behind it.
//! Refuses to tell a known address from an unknown one: same words, and the work is done after the answer.

use axum::{
    extract::{Request, State},
    response::Response,
};
use http::{HeaderMap, StatusCode, header};
use jiff::SignedDuration;
use uuid::Uuid;

use super::FORM;
use crate::{
    app::App,
    catalog::Words,
    http::{
        error::ApiError,
        extract::{ClientAddress, form_members, read_body},
        page,
    },
    mailbox::Mailbox,
    pages::{Ask, Message},
    store::{Cap, MailKind, NewLetter},
};

/// `GET /m`
pub async fn ask(headers: HeaderMap) -> Response {
    page::answer(
        StatusCode::OK,
        &Ask {
            words: Words::accepted(&headers),
            invalid: false,
            typed: "",
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
    let empty = Ask {
        words,
        invalid: false,
        typed: "",
    };
    if !request.headers().contains_key(header::CONTENT_TYPE) {
        return Ok(page::answer(StatusCode::OK, &empty));
    }
    let members = form_members(&read_body(&app, request, FORM).await?)?;
    let typed = members
        .iter()
        .find(|(name, _)| name == "email")
        .map_or("", |(_, value)| value.as_str());
    // The button of a dead link leads here without an address: it is asked for.
    if typed.is_empty() && members.iter().any(|(name, _)| name == "fresh") {
        return Ok(page::answer(StatusCode::OK, &empty));
    }
    let Ok(mailbox) = Mailbox::parse(typed) else {
        let again = Ask {
            words,
            invalid: true,
            typed,
        };
        return Ok(page::answer(StatusCode::UNPROCESSABLE_ENTITY, &again));
    };
    // After the answer, so that a known address takes no longer than an unknown one.
    tokio::spawn(look_up(app, mailbox));
    Ok(sent(words, "ask_sent"))
}

/// "Open your mailbox", whoever asked.
pub(super) fn sent(words: Words, line: &str) -> Response {
    page::answer(
        StatusCode::OK,
        &Message {
            words,
            title: words.get("sent_title"),
            lines: vec![words.get(line)],
            receipts: Vec::new(),
            link: None,
        },
    )
}

/// Letters with that link in a day, to whomever it is.
const LETTERS_A_DAY: u32 = 5;

async fn look_up(app: App, mailbox: Mailbox) {
    let key = app.index.mailbox(&mailbox);
    let Ok(Some(person)) = app.store.person_by_mailbox(&key).await else {
        return;
    };
    queue_letter(&app, person.id).await;
}

/// Queues the letter with the link that opens everything about a person.
pub(super) async fn queue_letter(app: &App, person: Uuid) {
    let now = app.clock.now();
    let letter = NewLetter {
        kind: MailKind::Person,
        person,
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

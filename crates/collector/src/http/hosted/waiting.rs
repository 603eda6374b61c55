//! The page between a plain post and its record, where work is asked for: wait, then press one button. Everything typed
//! travels in a sealed ticket (`robots/ticket.rs`), in the page and never in an address.
//! Refuses to lose anything: pressed too early, the same page says how long; too late, it asks once more.

use axum::{extract::Request, response::Response};
use http::{StatusCode, header};

use crate::{
    app::App,
    catalog::Words,
    http::{
        error::ApiError,
        extract::{MAX_POST_BYTES, form_members, read_body_up_to},
        page,
        security::framed_by_origins,
    },
    pages::Wait,
    published::PublishedForm,
    robots::{
        Spent,
        score::Signs,
        ticket::{self, Held, Presented, Ticket},
        work,
    },
};

/// A ticket holds a whole post, sealed and in base64.
const MAX_TICKET_BYTES: usize = 2 * MAX_POST_BYTES;

/// The body of a post, or of one that waited.
pub(super) async fn read(app: &App, request: Request) -> Result<String, ApiError> {
    let media_type = "application/x-www-form-urlencoded";
    let body = read_body_up_to(app, request, media_type, MAX_TICKET_BYTES).await?;
    let is_ticket = body.starts_with(ticket::NAME.as_bytes());
    if body.len() > MAX_POST_BYTES && !is_ticket {
        return Err(ApiError::TooLarge { limit: MAX_POST_BYTES });
    }
    String::from_utf8(body.into()).map_err(|_| ApiError::malformed("the body is not UTF-8"))
}

/// The ticket in a body, where there is one.
pub(super) fn presented(app: &App, form: &str, body: &str) -> Result<Option<Presented>, ApiError> {
    let members = form_members(body.as_bytes())?;
    let Some((_, text)) = members.iter().find(|(name, _)| name == ticket::NAME) else {
        return Ok(None);
    };
    let presented = ticket::open(&app.keys.current().links, form, text);
    presented
        .map(Some)
        .ok_or_else(|| ApiError::malformed("this ticket is not of this form"))
}

/// Whether a plain post is recorded now.
pub(super) enum Admitted<'a> {
    Now(Option<Spent>),
    Early(&'a Presented),
    Later,
}

pub(super) fn admit<'a>(app: &App, form: &str, presented: Option<&'a Presented>, signs: &Signs) -> Admitted<'a> {
    let now = app.clock.now();
    let counts = &app.robots.counts;
    if let Some(presented) = presented {
        if presented.ticket.waits_secs(now) > 0 {
            counts.wait_early.add();
            return Admitted::Early(presented);
        }
        if let Some(spent) = presented.spend(now) {
            counts.wait_done.add();
            return Admitted::Now(Some(spent));
        }
    }
    match app.robots.reason(now, form, signs) {
        None => Admitted::Now(None),
        Some(reason) => {
            work::note(form, signs, reason);
            Admitted::Later
        }
    }
}

/// Where the page is shown.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) app: &'a App,
    pub(super) form: &'a PublishedForm,
    /// In somebody's iframe.
    pub(super) embedded: bool,
}

/// The page, with a fresh ticket.
pub(super) fn ask(place: Place<'_>, held: &Held) -> Response {
    let app = place.app;
    app.robots.counts.wait_asked.add();
    let wait_secs = app.robots.policy.wait_secs;
    let ticket = Ticket::new(held.clone(), app.clock.now(), wait_secs);
    let text = ticket.seal(&app.keys.current().links, app.random.as_ref(), &place.form.row.form);
    answer(place, text, wait_secs, false)
}

/// The page again, with the same ticket.
pub(super) fn too_early(place: Place<'_>, presented: &Presented) -> Response {
    let waits_secs = presented.ticket.waits_secs(place.app.clock.now());
    answer(place, presented.text.clone(), waits_secs, true)
}

fn answer(place: Place<'_>, ticket: String, seconds: u32, is_early: bool) -> Response {
    let Place { app, form, embedded } = place;
    let words = Words::of(&form.row.language);
    let seconds_text = seconds.to_string();
    let page = Wait {
        words,
        controller: form.controller("name").unwrap_or_default(),
        action: format!("/f/{}", form.row.form),
        name: ticket::NAME,
        ticket,
        early: is_early.then(|| words.fill("wait_early", "seconds", &seconds_text)),
        text: words.fill("wait_text", "seconds", &seconds_text),
        embedded,
    };
    let mut response = page::answer(StatusCode::UNPROCESSABLE_ENTITY, &page);
    response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    response.extensions_mut().insert(framed_by_origins(app));
    response
}

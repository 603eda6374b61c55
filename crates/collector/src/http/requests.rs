//! `/v1/requests`: what people asked for, open ones first, and the answer of each. Listing and answering are logged.
//! Refuses a second answer, and a mail address in one: an answer says what was done, not to whom.

use axum::{
    extract::{Path, Query, Request, State},
    response::Response,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    error::{ApiError, Fault},
    extract::read_json,
    operator::{cursor, page_size, place, uncached},
};
use crate::{
    app::App,
    operator::{Operator, Permission},
    store::operators::{Answered, RequestPlace, StoredRequest},
};

/// An answer is a sentence or two.
const MAX_ANSWER_CHARACTERS: usize = 2_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    cursor: Option<String>,
    limit: Option<u32>,
}

#[derive(Debug, Serialize)]
struct Listing {
    requests: Vec<RequestAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Debug, Serialize)]
struct RequestAnswer {
    id: Uuid,
    person: Uuid,
    kind: &'static str,
    received: String,
    due: String,
    overdue: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

impl RequestAnswer {
    fn new(request: StoredRequest, now: Timestamp) -> Self {
        let overdue = request.is_overdue(now);
        Self {
            id: request.id,
            person: request.person,
            kind: request.kind.as_str(),
            received: format!("{:.3}", request.received),
            due: format!("{:.3}", request.due),
            overdue,
            answered: request.answered.map(|at| format!("{at:.3}")),
            answer: request.answer,
        }
    }
}

pub async fn list(State(app): State<App>, operator: Operator, Query(page): Query<Page>) -> Result<Response, ApiError> {
    operator.require(Permission::Requests)?;
    let limit = page_size(page.limit)?;
    let after = place(page.cursor.as_deref(), read_place)?;
    app.log_access(&operator, "list-requests", None, "GET /v1/requests")
        .await?;
    let requests = app.store.requests(after, limit).await?;
    let full = u32::try_from(requests.len()) == Ok(limit);
    let next = requests
        .last()
        .filter(|_| full)
        .map(|last| cursor(&write_place(last.place())));
    let now = app.clock.now();
    let requests = requests.into_iter().map(|request| RequestAnswer::new(request, now));
    let listing = Listing {
        requests: requests.collect(),
        next,
    };
    Ok(uncached(listing))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerBody {
    answer: String,
}

pub async fn answer(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    operator.require(Permission::Requests)?;
    let id = Uuid::parse_str(&id).map_err(|_| ApiError::NotFound)?;
    let body: AnswerBody = read_json(&app, request, "expected an object with the text answer").await?;
    let text = checked(&body.answer)?;
    let stored = app.store.request(id).await?.ok_or(ApiError::NotFound)?;
    app.log_access(&operator, "answer-request", Some(stored.person), stored.kind.as_str())
        .await?;
    let now = app.clock.now();
    match app.store.answer_request(id, text, now).await? {
        Answered::Done(request) => Ok(uncached(RequestAnswer::new(request, now))),
        Answered::Otherwise => Err(ApiError::Conflict),
        Answered::Unknown => Err(ApiError::NotFound),
    }
}

fn checked(answer: &str) -> Result<&str, ApiError> {
    let fault = |code, detail| Err(ApiError::Unacceptable(vec![Fault::new("/answer", code, detail)]));
    let answer = answer.trim();
    if answer.is_empty() {
        return fault("required", "the answer says what was done");
    }
    if answer.chars().count() > MAX_ANSWER_CHARACTERS {
        return fault("too-long", "the answer is too long");
    }
    if answer.contains('@') {
        return fault(
            "personal",
            "the answer outlives the person's data: no mail address in it",
        );
    }
    Ok(answer)
}

fn write_place(place: RequestPlace) -> String {
    let RequestPlace { answered, due, id } = place;
    format!("{}.{}.{id}", u8::from(answered), due.as_millisecond())
}

fn read_place(text: &str) -> Option<RequestPlace> {
    let mut parts = text.splitn(3, '.');
    Some(RequestPlace {
        answered: parts.next()? == "1",
        due: Timestamp::from_millisecond(parts.next()?.parse().ok()?).ok()?,
        id: Uuid::parse_str(parts.next()?).ok()?,
    })
}

//! `/c/{token}`: the page of a double opt-in or of a held consent, and the act. A GET shows, a POST confirms; once the
//! link has ended, a POST mails a fresh one.
//! Refuses to take a held consent along: each is a box of its own, unticked, in the published words.

use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use candor_record::term::Status;
use http::{HeaderMap, StatusCode, header};
use uuid::Uuid;

use super::{
    download::{gone, living, own_characters},
    error::ApiError,
    extract::{form_members, read_body},
    page,
    security::framed_by_origins,
};
use crate::{
    app::App,
    catalog::Words,
    confirm::{Answer, Outcome, Question, ask_again, confirm, person_of},
    links::{LinkKind, LinkTarget},
    pages::{Confirm, Message, PurposeWords, person::receipt},
    person::{Person, PersonSubmission},
};

pub async fn get(State(app): State<App>, Path(token): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    let Some(asked) = Asked::open(&app, &token).await? else {
        return Ok(ended(&app, &token, &headers));
    };
    asked.show(&app, &token, false)
}

pub async fn post(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, ApiError> {
    // A client that posts the bare act sends no body and so no type.
    let members = if request.headers().contains_key(header::CONTENT_TYPE) {
        form_members(&read_body(&app, request, "application/x-www-form-urlencoded").await?)?
    } else {
        Vec::new()
    };
    if members.iter().any(|(name, _)| name == "fresh") {
        return fresh(&app, LinkKind::Confirm, &token, &headers).await;
    }
    let Some(asked) = Asked::open(&app, &token).await? else {
        return Ok(ended(&app, &token, &headers));
    };
    let values = |wanted: &str| {
        let of_name = members.iter().filter(|(name, _)| name == wanted);
        of_name.map(|(_, value)| value.clone()).collect()
    };
    let answer = Answer {
        held: values("held"),
        objected: values("object"),
    };
    match confirm(&app, asked.record, &answer).await? {
        Some(Outcome::Recorded(event)) => Ok(asked.told(&app, "confirmed_title", "confirmed_text", Some(event))),
        Some(Outcome::Settled) => Ok(asked.told(&app, "settled_title", "settled_text", None)),
        Some(Outcome::Unticked) => asked.show(&app, &token, true),
        None => Ok(ended(&app, &token, &headers)),
    }
}

/// `POST /t/{token}`: the same button on the page after a submission.
pub async fn again(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let mut response = fresh(&app, LinkKind::Manage, &token, &headers).await?;
    response.extensions_mut().insert(framed_by_origins(&app));
    Ok(response)
}

/// The button of a page whose link has ended, or of the page after a submission: the request is mailed once more, where
/// the link was ours. The answer is the same anyway.
async fn fresh(app: &App, kind: LinkKind, token: &str, headers: &HeaderMap) -> Result<Response, ApiError> {
    if let Some(target) = app.keys.current().links.read(kind, token)
        && app.store.link(target).await?.is_some()
    {
        ask_again(app, target.subject).await?;
    }
    let words = Words::accepted(headers);
    let page = Message {
        words,
        title: words.get("sent_title"),
        lines: vec![words.get("sent_text")],
        receipts: Vec::new(),
        link: None,
    };
    Ok(page::answer(StatusCode::OK, &page))
}

fn ended(app: &App, token: &str, headers: &HeaderMap) -> Response {
    gone(headers, &format!("{}/c/{}", app.public_url, own_characters(token)))
}

/// A living link, with what its submission asks for.
struct Asked {
    person: Person,
    record: Uuid,
    question: Question,
}

impl Asked {
    async fn open(app: &App, token: &str) -> Result<Option<Self>, ApiError> {
        let Some(link) = living(app, LinkKind::Confirm, token).await? else {
            return Ok(None);
        };
        let record = link.target.subject;
        let Some(person) = person_of(app, record).await? else {
            return Ok(None);
        };
        let question = Question::of(app, &person, record).await?;
        Ok(Some(Self {
            person,
            record,
            question,
        }))
    }

    fn submission(&self) -> Result<&PersonSubmission, ApiError> {
        self.person.submission(self.record).ok_or(ApiError::Internal)
    }

    fn words(&self) -> Words {
        let submission = self.person.submission(self.record);
        Words::of(submission.map_or("en", |submission| &submission.stored.lead.language))
    }

    fn show(&self, app: &App, token: &str, empty: bool) -> Result<Response, ApiError> {
        if self.question.is_empty() {
            return Ok(self.told(app, "settled_title", "settled_text", None));
        }
        let form = &self.submission()?.form;
        let plain = |status| {
            let purposes = self.question.plain(status);
            purposes
                .map(|purpose| PurposeWords::of(form, purpose.as_str()))
                .collect()
        };
        let held = self.question.held();
        let text = |reference: &str| form.displayed(reference).unwrap_or_default();
        let page = Confirm {
            words: self.words(),
            controller: form.controller("name").unwrap_or_default(),
            action: &format!("/c/{token}"),
            given: plain(Status::Given),
            informed: plain(Status::Informed),
            objected: plain(Status::Objected),
            held: held.map(|purpose| PurposeWords::of(form, purpose.as_str())).collect(),
            controller_line: text("controller"),
            withdrawal: text("withdrawal"),
            policy: text("policy"),
            policy_url: self.person.first(self.record).map_or("", |first| &first.policy.url),
            empty,
        };
        let status = if empty {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        };
        Ok(page::answer(status, &page))
    }

    /// What has become of it, with the receipt of what was just recorded and the way to what can be done about it.
    fn told(&self, app: &App, title: &'static str, line: &'static str, event: Option<Uuid>) -> Response {
        let words = self.words();
        let manage = LinkTarget {
            kind: LinkKind::Manage,
            subject: self.record,
            counter: 0,
        };
        let page = Message {
            words,
            title: words.get(title),
            lines: vec![words.get(line)],
            receipts: event.into_iter().map(|event| receipt(app, event)).collect(),
            link: Some((app.link(manage), words.get("manage_link"))),
        };
        page::answer(StatusCode::OK, &page)
    }
}

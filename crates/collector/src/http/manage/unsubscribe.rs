//! The link of a letter's `List-Unsubscribe` (RFC 8058): one POST ends the purposes that the letter named, in whichever
//! submission each is in effect. Refuses to end anything by a GET, and anything that the letter did not name.

use axum::response::{IntoResponse, Response};
use candor_record::id::PurposeId;
use http::{StatusCode, header};

use super::{Members, see};
use crate::{
    act::{PersonAct, act, latest, offer},
    app::App,
    catalog::Words,
    http::{error::ApiError, page},
    pages::{
        PurposeWords,
        person::{UnsubscribePage, receipt},
    },
    person::{Person, PersonEvent},
    store::Letter,
};

pub(super) fn show(app: &App, token: &str, person: &Person, letter: &Letter, query: Option<&str>) -> Response {
    let receipts = || {
        let newest = latest(person, None);
        let ends = |event: &&PersonEvent| {
            newest.contains(&event.stored.id) && matches!(event.stored.event.as_str(), "withdrawal" | "objection")
        };
        let ended = person.events.iter().filter(ends);
        ended.map(|event| receipt(app, event.stored.id)).collect()
    };
    let statement = |purpose: &PurposeId| {
        let (lead, _) = person.in_effect(purpose)?;
        let words = PurposeWords::of(&lead.form, purpose.as_str());
        Some((lead.form.row.language.clone(), words.statement))
    };
    let page = UnsubscribePage {
        words: Words::of(person.language()),
        action: format!("/m/{token}"),
        ending: endable(person, letter).iter().filter_map(statement).collect(),
        receipts: (query == Some("done")).then(receipts),
    };
    page::answer(StatusCode::OK, &page)
}

pub(super) async fn post(
    app: &App,
    token: &str,
    person: &Person,
    letter: &Letter,
    members: &Members,
) -> Result<Response, ApiError> {
    let one_click = members.find("List-Unsubscribe") == Some("One-Click");
    if !one_click && members.find("end").is_none() {
        return see(&format!("/m/{token}"));
    }
    let purposes = endable(person, letter);
    let ended = act(app, person.row.id, &PersonAct::End { purposes }).await?;
    if one_click {
        return Ok((StatusCode::OK, [(header::CONTENT_TYPE, "text/plain")], "ok").into_response());
    }
    match ended {
        Some(_) => see(&format!("/m/{token}?done")),
        None => see(&format!("/m/{token}")),
    }
}

/// What the letter named and has not ended yet.
fn endable(person: &Person, letter: &Letter) -> Vec<PurposeId> {
    let named = letter.purposes.iter().filter_map(|id| id.parse::<PurposeId>().ok());
    named
        .filter(|purpose| {
            offer::withdrawable(person, purpose).is_some() || offer::objectable(person, purpose).is_some()
        })
        .collect()
}

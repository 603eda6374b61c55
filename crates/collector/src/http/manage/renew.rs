//! A renewal's link, which stands in reminders: one unticked box per consent, and "keep my data".
//! Refuses everything else: a reminder lies in a mailbox for a long time.

use axum::response::Response;
use candor_record::{id::PurposeId, term::EventKind};
use http::StatusCode;

use super::{Members, person::chosen, see};
use crate::{
    act::{PersonAct, act, latest, offer},
    app::App,
    http::{error::ApiError, page},
    pages::person::{Notice, RenewPage, receipt},
    person::Person,
    store::StoredLink,
};

pub(super) fn show(app: &App, token: &str, person: &Person, query: Option<&str>) -> Response {
    let notice = Notice {
        done: (query == Some("done")).then(|| receipts(app, person)),
        problem: None,
    };
    answer(app, token, person, notice, query == Some("kept"))
}

fn receipts(app: &App, person: &Person) -> Vec<String> {
    let renewed = latest(person, Some(EventKind::Renewal));
    renewed.into_iter().map(|record| receipt(app, record)).collect()
}

fn answer(app: &App, token: &str, person: &Person, notice: Notice, kept: bool) -> Response {
    let status = match notice {
        Notice {
            problem: Some(_),
            done: None,
        } => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    page::answer(
        status,
        &RenewPage::new(app, person, format!("/m/{token}"), notice, kept),
    )
}

pub(super) async fn post(
    app: &App,
    token: &str,
    person: &Person,
    link: &StoredLink,
    members: &Members,
) -> Result<Response, ApiError> {
    if members.find("keep").is_some() {
        act(app, person.row.id, &PersonAct::Keep).await?;
        return see(&format!("/m/{token}?kept"));
    }
    if members.find("renew").is_none() {
        return see(&format!("/m/{token}"));
    }
    let purposes = chosen(members);
    if purposes.is_empty() {
        let notice = Notice {
            problem: Some("renew_unticked"),
            done: None,
        };
        return Ok(answer(app, token, person, notice, false));
    }
    let issued = Some(link.issued);
    let renewal = PersonAct::Renew {
        purposes: purposes.clone(),
        issued,
    };
    let recorded = act(app, person.row.id, &renewal).await?;
    let person = Person::open(app, person.row.id).await?.ok_or(ApiError::NotFound)?;
    let why_not = |purpose: &PurposeId| offer::why_not_renewed(&person, purpose, issued);
    match purposes.iter().find_map(why_not) {
        // Pressed again, it is recorded already: the page says so, with the receipts of the first time.
        None => see(&format!("/m/{token}?done")),
        problem => {
            let done = recorded.map(|_| receipts(app, &person));
            Ok(answer(app, token, &person, Notice { done, problem }, false))
        }
    }
}

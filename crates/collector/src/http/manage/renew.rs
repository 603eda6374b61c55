//! A renewal's link, which stands in reminders: one unticked box per consent, and "keep my data".
//! Refuses everything else: a reminder lies in a mailbox for a long time.

use axum::response::Response;
use candor_record::term::EventKind;
use http::StatusCode;

use super::{Members, person::chosen, see};
use crate::{
    act::{PersonAct, act, latest},
    app::App,
    http::{error::ApiError, page},
    pages::person::{Notice, RenewPage, receipt},
    person::Person,
    store::StoredLink,
};

pub(super) fn show(app: &App, token: &str, person: &Person, query: Option<&str>) -> Response {
    let receipts = || {
        let renewed = latest(person, Some(EventKind::Renewal));
        renewed.into_iter().map(|record| receipt(app, record)).collect()
    };
    let notice = Notice {
        done: (query == Some("done")).then(receipts),
        problem: None,
    };
    answer(app, token, person, notice, query == Some("kept"))
}

fn answer(app: &App, token: &str, person: &Person, notice: Notice, kept: bool) -> Response {
    let status = match notice.problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
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
    let renewal = PersonAct::Renew {
        purposes,
        issued: Some(link.issued),
    };
    // Pressed again, it is recorded already: the page says so, with the receipts of the first time.
    let is_recorded = act(app, person.row.id, &renewal).await?.is_some()
        || Person::open(app, person.row.id)
            .await?
            .is_some_and(|person| !latest(&person, Some(EventKind::Renewal)).is_empty());
    see(&if is_recorded {
        format!("/m/{token}?done")
    } else {
        format!("/m/{token}")
    })
}

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

pub(super) async fn post(app: &App, token: &str, person: &Person, members: &Members) -> Result<Response, ApiError> {
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
    match act(app, person.row.id, &PersonAct::Renew { purposes }).await? {
        Some(_) => see(&format!("/m/{token}?done")),
        None => see(&format!("/m/{token}")),
    }
}

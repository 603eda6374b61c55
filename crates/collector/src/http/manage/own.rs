//! A submission's own link: whoever typed an address gets it on the screen, and has not proved that it is theirs.
//! So it shows that submission, withdraws and objects in it, and asks for the link to everything else; nothing more.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use super::{
    Members,
    ask::{queue_letter, sent},
    see,
};
use crate::{
    app::App,
    catalog::Words,
    follow_up::{Act, Dossier, act},
    http::{error::ApiError, page},
    pages::{Manage, Standing, moment, person::receipt},
    typography::spaced,
};

pub(super) fn show(app: &App, token: &str, dossier: &Dossier, done: bool) -> Response {
    let words = Words::of(&dossier.submission.lead.language);
    // What this link can do, and nothing that the person did elsewhere.
    let own = |event: &str| matches!(event, "withdrawal" | "objection");
    let last = dossier.stored.last().filter(|last| done && own(&last.event));
    let page = Manage {
        words,
        controller: dossier.form.controller("name").unwrap_or_default(),
        service: &dossier
            .first()
            .map_or_else(String::new, |first| spaced(&first.form.service)),
        date: &moment(words, dossier.submission.record.received),
        action: &format!("/m/{token}"),
        standings: Standing::all(dossier),
        receipt: receipt(app, dossier.submission.record.id),
        done,
        done_receipt: last.map(|last| receipt(app, last.id)),
        mailable: dossier.values.address.is_some(),
    };
    page::answer(StatusCode::OK, &page)
}

pub(super) async fn post(app: &App, token: &str, dossier: &Dossier, members: &Members) -> Result<Response, ApiError> {
    let id = dossier.submission.record.id;
    if members.find("List-Unsubscribe") == Some("One-Click") {
        act(app, id, &Act::UnsubscribeAll).await?;
        return Ok((StatusCode::OK, [(header::CONTENT_TYPE, "text/plain")], "ok").into_response());
    }
    if members.find("send") == Some("link") {
        if dossier.values.address.is_some() {
            queue_letter(app, dossier.submission.lead.person).await;
        }
        return Ok(sent(Words::of(&dossier.submission.lead.language), "manage_sent"));
    }
    let purpose = |name: &str| members.find(name).map(str::to_owned);
    if let Some(purpose) = purpose("withdraw") {
        act(app, id, &Act::Withdraw { purpose }).await?;
    } else if let Some(purpose) = purpose("object") {
        act(app, id, &Act::Object { purpose }).await?;
    } else {
        return see(&format!("/m/{token}"));
    }
    see(&format!("/m/{token}?done"))
}

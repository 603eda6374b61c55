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
    dates::moment,
    follow_up::{Act, Dossier, act},
    http::{error::ApiError, page},
    pages::{Manage, Standing, person::receipt},
    typography::spaced,
};

pub(super) fn show(app: &App, token: &str, dossier: &Dossier, done: bool) -> Response {
    let lead = dossier.lead();
    let words = Words::of(&lead.stored.lead.language);
    // What this link can do, and nothing that the person did elsewhere.
    let own = |event: &str| matches!(event, "withdrawal" | "objection");
    let last = dossier.person().events.last().map(|event| &event.stored);
    let page = Manage {
        words,
        controller: lead.form.controller("name").unwrap_or_default(),
        service: &spaced(&dossier.first().form.service),
        date: &moment(words, lead.stored.record.received),
        action: &format!("/m/{token}"),
        standings: Standing::all(app, dossier),
        receipt: receipt(app, dossier.id()),
        done,
        done_receipt: last
            .filter(|last| done && own(&last.event))
            .map(|last| receipt(app, last.id)),
        mailable: lead.values.address.is_some(),
    };
    page::answer(StatusCode::OK, &page)
}

pub(super) async fn post(app: &App, token: &str, dossier: &Dossier, members: &Members) -> Result<Response, ApiError> {
    let (id, lead) = (dossier.id(), dossier.lead());
    if members.find("List-Unsubscribe") == Some("One-Click") {
        act(app, id, &Act::UnsubscribeAll).await?;
        return Ok((StatusCode::OK, [(header::CONTENT_TYPE, "text/plain")], "ok").into_response());
    }
    if members.find("send") == Some("link") {
        if lead.values.address.is_some() {
            queue_letter(app, lead.stored.lead.person).await;
        }
        return Ok(sent(Words::of(&lead.stored.lead.language), "manage_sent"));
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

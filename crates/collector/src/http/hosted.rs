//! `/f/{id}`: the hosted page. The same views as the widget, printed; with script the element takes over, without it a plain POST does.
//! Refuses other sites' posts, and a box that comes back ticked: whoever ticks, ticks again.

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{Path, Query, Request, State},
    response::{IntoResponse, Response},
};
use candor_form::static_form::{self, StaticForm};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use self::waiting::{Admitted, Place};
use super::{
    error::ApiError,
    extract::{ClientAddress, Origin, form_members},
    limit::Quotas,
    page,
    security::{framed_by_origins, is_embedded},
};
use crate::{
    app::App,
    catalog::Words,
    forms::LiveForm,
    ingest::{
        Stored, Visit,
        plain::{Circumstances, Reading, read, submit},
    },
    pages::Hosted,
    published::PublishedForm,
    robots::{
        issued::{self, Issued},
        score::Signs,
        ticket::Held,
    },
    snippet,
};

mod waiting;

pub async fn get(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let live = app.forms.find(&id).ok_or(ApiError::NotFound)?;
    let form = live.in_language(query.get("lang").map(String::as_str));
    let first = Again {
        embedded: is_embedded(&headers),
        gpc: asks_not_to_share(&headers),
        ..Again::default()
    };
    show(&app, &id, form, StatusCode::OK, &first).await
}

/// A form that comes back.
#[derive(Default)]
struct Again {
    values: Vec<(String, String)>,
    errors: Vec<(String, String)>,
    changed: bool,
    /// The page stands in somebody's iframe.
    embedded: bool,
    /// The time at which the page was served first.
    issued: Option<String>,
    /// What shares data is not offered.
    gpc: bool,
}

/// `Sec-GPC: 1`, Global Privacy Control.
fn asks_not_to_share(headers: &HeaderMap) -> bool {
    headers.get("sec-gpc").is_some_and(|value| value == "1")
}

pub async fn post(
    State(app): State<App>,
    Path(id): Path<String>,
    origin: Origin,
    client: ClientAddress,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let mut visit = Visit {
        // A page of `Referrer-Policy: no-referrer` or `same-origin` posts its forms as from nowhere: that says as little as no header.
        origin: origin.0.as_deref().filter(|origin| *origin != "null"),
        address: client.0,
        quotas: Quotas::default(),
    };
    let mut response = match take(&app, &id, &mut visit, &headers, request).await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    };
    visit.quotas.write(response.headers_mut());
    response
}

async fn take(
    app: &App,
    id: &str,
    visit: &mut Visit<'_>,
    headers: &HeaderMap,
    request: Request,
) -> Result<Response, ApiError> {
    let live = app.forms.find(id).ok_or(ApiError::NotFound)?;
    if visit.origin.is_some_and(|origin| !app.admits(origin)) {
        return Err(ApiError::Forbidden("this origin may not submit here"));
    }
    let body = waiting::read(app, request).await?;
    visit.admit_address(app)?;
    let presented = waiting::presented(app, id, &body)?;
    let own = Held {
        origin: visit.origin.unwrap_or(app.own_origin()).to_owned(),
        gpc: asks_not_to_share(headers),
        body,
    };
    let held = presented.as_ref().map_or(&own, |presented| &presented.ticket.held);
    let members = form_members(held.body.as_bytes())?;
    let Some(form) = shown_form(app, id, live, &members).await? else {
        let current = live.in_language(member(&members, "candor-language"));
        let again = Again {
            values: members,
            changed: true,
            embedded: is_embedded(headers),
            gpc: held.gpc,
            ..Again::default()
        };
        return show(app, id, current, StatusCode::UNPROCESSABLE_ENTITY, &again).await;
    };
    let links = &app.keys.current().links;
    let issued_text = member(&members, issued::NAME);
    let issued = issued::read(links, id, &form.row.version, issued_text);
    let post = match read(&form, &members, held.gpc) {
        Reading::Complete(post) => post,
        Reading::Flawed { values, errors } => {
            let again = Again {
                values,
                errors,
                changed: false,
                embedded: is_embedded(headers),
                gpc: held.gpc,
                issued: issued_text
                    .filter(|_| matches!(issued, Issued::At(_)))
                    .map(str::to_owned),
            };
            return show(app, id, &form, StatusCode::UNPROCESSABLE_ENTITY, &again).await;
        }
    };
    let signs = Signs {
        trapped: member(&members, "candor-website").is_some_and(|text| !text.is_empty()),
        took: issued.took(app.clock.now()),
        issue_forged: issued == Issued::Forged,
        no_origin: visit.origin.is_none(),
    };
    let place = Place {
        app,
        form: &form,
        embedded: is_embedded(headers),
    };
    let spent = match waiting::admit(app, id, presented.as_ref(), &signs) {
        Admitted::Now(spent) => spent,
        Admitted::Early(presented) => return Ok(waiting::too_early(place, presented)),
        Admitted::Later => return Ok(waiting::ask(place, held)),
    };
    visit.admit_form(app, id)?;
    let circumstances = Circumstances {
        origin: &held.origin,
        gpc: held.gpc,
        body: held.body.as_bytes(),
        spent,
    };
    match submit(app, &post, circumstances).await? {
        Stored::Accepted(accepted) => {
            let token = accepted.manage.rsplit('/').next().unwrap_or_default();
            let location = HeaderValue::from_str(&format!("/t/{token}")).map_err(|_| ApiError::Internal)?;
            Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
        }
        // The ticket was used before, and not a moment ago: what comes again waits again.
        Stored::Spent => Ok(waiting::ask(place, held)),
    }
}

fn member<'a>(members: &'a [(String, String)], name: &str) -> Option<&'a str> {
    members
        .iter()
        .find(|(member, _)| member == name)
        .map(|(_, value)| value.as_str())
}

/// The published form that the page showed, by its hidden members; the current one where a program sent none.
async fn shown_form(
    app: &App,
    id: &str,
    live: &LiveForm,
    members: &[(String, String)],
) -> Result<Option<Arc<PublishedForm>>, ApiError> {
    let (version, texts) = (member(members, "candor-version"), member(members, "candor-texts"));
    let language = member(members, "candor-language");
    let (Some(version), Some(texts)) = (version, texts) else {
        return Ok(None);
    };
    let current = live.in_language(language);
    if current.row.version == version && current.texts_digest() == texts {
        return Ok(Some(Arc::clone(current)));
    }
    let versions = app
        .publications
        .of(id, version, language.unwrap_or(&current.row.language))
        .await?;
    Ok(versions.iter().find(|form| form.texts_digest() == texts).cloned())
}

async fn show(
    app: &App,
    id: &str,
    form: &PublishedForm,
    status: StatusCode,
    again: &Again,
) -> Result<Response, ApiError> {
    let language = form.row.language.as_str();
    let action = format!("/f/{id}");
    let now = || issued::write(&app.keys.current().links, id, &form.row.version, app.clock.now());
    let issued = again.issued.clone().unwrap_or_else(now);
    let printed = StaticForm {
        values: &again.values,
        errors: &again.errors,
        heading_level: 1,
        issued: Some(&issued),
        gpc: again.gpc,
        ..StaticForm::new(&form.json, &action)
    };
    let printed = static_form::render(printed).await.map_err(|error| {
        tracing::error!(%error, form = id, "a form cannot be printed");
        ApiError::Internal
    })?;
    let hosted = Hosted {
        words: Words::of(language),
        title: form.text("title").unwrap_or(id),
        controller: form.controller("name").unwrap_or_default(),
        language,
        source: format!("/v1/forms/{id}?lang={language}"),
        form: printed,
        theme: snippet::theme(id, &form.json).map(|_| format!("/v1/forms/{id}/theme.css")),
        changed: again.changed,
        embedded: again.embedded,
    };
    let mut response = page::answer(status, &hosted);
    response.extensions_mut().insert(framed_by_origins(app));
    // What is offered depends on it.
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Sec-GPC"));
    Ok(response)
}

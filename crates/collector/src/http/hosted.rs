//! `/f/{id}`: the hosted page. The same views as the widget, printed; with script the element takes over, without it a plain POST does.
//! Refuses other sites' posts, and a box that comes back ticked: whoever ticks, ticks again.

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{Path, Query, Request, State},
    response::{IntoResponse, Response},
};
use candor_form::static_form::{self, StaticForm};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{
    error::ApiError,
    extract::{ClientAddress, Origin, form_members, read_body},
    page,
    security::{framed_by_origins, is_embedded},
};
use crate::{
    app::App,
    catalog::Words,
    forms::LiveForm,
    ingest::plain::{Circumstances, Reading, read, submit},
    pages::Hosted,
    published::PublishedForm,
    snippet,
};

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
}

pub async fn post(
    State(app): State<App>,
    Path(id): Path<String>,
    origin: Origin,
    client: ClientAddress,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, ApiError> {
    let live = app.forms.find(&id).ok_or(ApiError::NotFound)?;
    if origin.0.as_deref().is_some_and(|origin| !app.admits(origin)) {
        return Err(ApiError::Forbidden("this origin may not submit here"));
    }
    let body = read_body(&app, request, "application/x-www-form-urlencoded").await?;
    let members = form_members(&body)?;
    app.limiter.admit(app.clock.now(), client.0)?;
    let Some(form) = shown_form(&app, &id, live, &members).await? else {
        let current = live.in_language(member(&members, "candor-language"));
        let again = Again {
            values: members,
            changed: true,
            embedded: is_embedded(&headers),
            ..Again::default()
        };
        return show(&app, &id, current, StatusCode::UNPROCESSABLE_ENTITY, &again).await;
    };
    let post = match read(&form, &members) {
        Reading::Complete(post) => post,
        Reading::Flawed { values, errors } => {
            let again = Again {
                values,
                errors,
                changed: false,
                embedded: is_embedded(&headers),
            };
            return show(&app, &id, &form, StatusCode::UNPROCESSABLE_ENTITY, &again).await;
        }
    };
    let origin = origin.0.as_deref().unwrap_or(app.own_origin());
    let gpc = headers.get("sec-gpc").is_some_and(|value| value == "1");
    let accepted = submit(
        &app,
        &post,
        Circumstances {
            origin,
            gpc,
            body: &body,
        },
    )
    .await?;
    let token = accepted.manage.rsplit('/').next().unwrap_or_default();
    let location = HeaderValue::from_str(&format!("/t/{token}")).map_err(|_| ApiError::Internal)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
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
    let printed = StaticForm {
        values: &again.values,
        errors: &again.errors,
        heading_level: 1,
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
    Ok(response)
}

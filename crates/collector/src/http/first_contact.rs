//! `GET /v1/forms/{id}/first-contact?purpose=&lang=&partner=`: what to say at the first contact, as JSON, or as a page to look at and print
//! (`Accept: text/html`). It holds nothing personal, and is as open as the form itself.
//! Refuses a purpose that promotes nothing, a language that the form does not have, and a partner that gets nothing (404).

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;
use serde_json::json;

use super::{error::ApiError, forms::SHORT};
use crate::{
    app::App,
    bundle::content_hash,
    clock::day,
    first_contact::{Circumstances, FirstContact, first_contact, page, promotional},
    notice::stylesheet_of,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    purpose: Option<String>,
    lang: Option<String>,
    /// The party that gets the data: what it says, and nobody else.
    partner: Option<String>,
    /// Where the data come from, where it is not the form.
    source: Option<String>,
    #[serde(default)]
    recorded: bool,
}

/// Longest source: a line.
const MAX_SOURCE_CHARACTERS: usize = 200;

pub async fn get(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let live = app.forms.find(&id).ok_or(ApiError::NotFound)?;
    let definition = &live.definition;
    let fits = |source: &&str| source.chars().count() <= MAX_SOURCE_CHARACTERS && !source.contains(char::is_control);
    if asked.source.as_deref().is_some_and(|source| !fits(&source)) {
        return Err(ApiError::malformed(format!(
            "`source` is no single line, or too long; write one of at most {MAX_SOURCE_CHARACTERS} characters"
        )));
    }
    let circumstances = Circumstances {
        public_url: Some(&app.public_url),
        source: asked.source.as_deref(),
        recorded: asked.recorded,
        day: day(app.clock.now()),
    };
    let languages = match asked.lang.as_deref() {
        Some(tag) => vec![definition.language(tag).cloned().ok_or(ApiError::NotFound)?],
        None => definition.languages().cloned().collect(),
    };
    let wanted = |id: &str| asked.purpose.as_deref().is_none_or(|only| only == id);
    let mut contacts: Vec<FirstContact> = Vec::new();
    for purpose in promotional(definition).filter(|purpose| wanted(purpose.id.as_str())) {
        for language in &languages {
            contacts.extend(first_contact(definition, purpose, language, &circumstances));
        }
    }
    if let Some(wanted) = &asked.partner {
        contacts.retain(|contact| contact.partner.as_ref().is_some_and(|partner| partner.id == *wanted));
    }
    if contacts.is_empty() {
        return Err(ApiError::NotFound);
    }
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let mut response = match accepted.unwrap_or_default().contains("text/html") {
        true => as_page(definition.title().in_language(&languages[0]), &contacts)?,
        false => axum::Json(json!({"form": id, "contacts": contacts})).into_response(),
    };
    let answered = response.headers_mut();
    answered.insert(header::CACHE_CONTROL, SHORT);
    answered.insert(header::VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}

fn as_page(title: &str, contacts: &[FirstContact]) -> Result<Response, ApiError> {
    let html = page::page(title, contacts).map_err(|error| {
        tracing::error!(%error, "first contact");
        ApiError::Internal
    })?;
    let style = stylesheet_of(&html).map(content_hash).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src '{style}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let mut response = ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

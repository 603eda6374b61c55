//! `/f/{id}/notice`: the second layer of the notice. Without a digest the current one, by the digest of a definition that
//! version's, by the digest of a rendering exactly those bytes, for good.
//! Refuses what was never published (404). No script, no cookie, nothing loaded: `notice.rs`.

use std::collections::HashMap;

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use candor_definition::priorities;
use http::{HeaderMap, HeaderValue, header};

use super::{
    bundle::Encoded,
    error::ApiError,
    forms::{IMMUTABLE, SHORT, open},
};
use crate::{app::App, bundle::content_hash, notice::stylesheet_of, store::notices::NoticeRow};

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

type Parameters = Query<HashMap<String, String>>;

/// The notice of the form in force.
pub async fn current(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Parameters,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let live = app.forms.find(&id).ok_or(ApiError::NotFound)?;
    of_version(&app, &id, &live.version, &query, &headers).await
}

/// That of a published version, or one rendering of it.
pub async fn published(
    State(app): State<App>,
    Path((id, digest)): Path<(String, String)>,
    Query(query): Parameters,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let rendering = app.store.notice(&digest).await?.filter(|row| row.form == id);
    match rendering {
        Some(row) => Ok(page(&headers, &row, IMMUTABLE)),
        None => of_version(&app, &id, &digest, &query, &headers).await,
    }
}

async fn of_version(
    app: &App,
    id: &str,
    version: &str,
    query: &HashMap<String, String>,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let rows = app.store.notices_of(id, version).await?;
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let wanted = query.get("lang").map(String::as_str).or(accepted).unwrap_or_default();
    let default = app
        .forms
        .find(id)
        .map_or("", |live| live.in_language(None).row.language.as_str());
    let row = choose(&rows, wanted, default).ok_or(ApiError::NotFound)?;
    let mut response = page(headers, row, SHORT);
    let answered = response.headers_mut();
    let address = format!("</f/{id}/notice/{}>; rel=\"canonical\"", row.digest);
    if let Ok(value) = HeaderValue::from_str(&address) {
        answered.insert(header::LINK, value);
    }
    answered.insert(
        header::VARY,
        HeaderValue::from_static("Accept-Encoding, Accept-Language"),
    );
    Ok(response)
}

/// By RFC 4647 lookup: each wanted language, ever shorter, before the next one; then the form's own first.
fn choose<'r>(rows: &'r [NoticeRow], wanted: &str, default: &str) -> Option<&'r NoticeRow> {
    let named = |tag: &str| rows.iter().find(|row| row.language.eq_ignore_ascii_case(tag));
    let shorter = |tag: &str| tag.rsplit_once('-').map(|(rest, _)| rest.to_owned());
    let lookup = |tag: &str| std::iter::successors(Some(tag.to_owned()), |tag| shorter(tag)).find_map(|it| named(&it));
    priorities(wanted)
        .into_iter()
        .find_map(lookup)
        .or_else(|| named(default))
        .or(rows.first())
}

/// The kept bytes. The policy lets in the one style sheet that stands inside, and nothing else.
fn page(headers: &HeaderMap, row: &NoticeRow, cache: HeaderValue) -> Response {
    let body = Encoded::plain(row.html.clone().into_bytes());
    let mut response = open(headers, &row.digest, cache, HTML, &body);
    let answered = response.headers_mut();
    let style = stylesheet_of(&row.html).map(content_hash).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src '{style}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        answered.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Ok(language) = HeaderValue::from_str(&row.language) {
        answered.insert(header::CONTENT_LANGUAGE, language);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_language_is_chosen() {
        let row = |language: &str| NoticeRow {
            digest: String::new(),
            form: String::new(),
            version: String::new(),
            language: language.to_owned(),
            html: String::new(),
        };
        let rows = [row("de"), row("en"), row("fr")];
        for (wanted, found) in [
            ("fr", "fr"),
            ("FR-ca", "fr"),
            ("es, de;q=0.5", "de"),
            ("", "en"),
            ("pt", "en"),
        ] {
            assert_eq!(
                choose(&rows, wanted, "en").map(|row| row.language.as_str()),
                Some(found),
                "{wanted}"
            );
        }
        assert_eq!(choose(&rows, "pt", "gone").map(|row| row.language.as_str()), Some("de"));
        assert_eq!(choose(&[], "fr", "fr"), None);
    }
}

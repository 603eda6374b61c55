//! Who calls an operator route: the bearer token becomes an `Operator`, whose role the handler asks.
//! Refuses unknown, revoked and malformed tokens alike; wrong ones are counted per address, and none is ever logged.

use axum::{
    Json,
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use candor_record::base64url::{decode, encode};
use http::{HeaderMap, HeaderValue, header, request::Parts};
use serde::Serialize;

use super::{
    error::{ApiError, Fault},
    extract::ClientAddress,
    problem::NO_STORE,
};
use crate::{
    app::App,
    operator::{Operator, OperatorId, Permission, Token, may, reason},
};

/// Tokens that open nothing, per address and minute. Nobody guesses 256 bits: this keeps noise from the store.
/// A good token works all the same, or whoever shares an address with noise would be locked out.
pub const REFUSED_TOKENS_PER_MINUTE: u32 = 10;

/// Rows of a page where nothing is said, and at most.
const DEFAULT_PAGE: u32 = 100;
const MAX_PAGE: u32 = 500;

impl Operator {
    /// Refuses what this role may not do.
    pub fn require(&self, permission: Permission) -> Result<(), ApiError> {
        if may(self.role, permission) {
            return Ok(());
        }
        Err(ApiError::Role {
            role: self.role.as_str(),
            action: permission.words(),
        })
    }
}

impl FromRequestParts<App> for Operator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        if !parts.headers.contains_key(header::AUTHORIZATION) {
            return Err(ApiError::Unauthorized);
        }
        if let Some(operator) = find(app, &parts.headers).await? {
            return Ok(operator);
        }
        let Ok(client) = ClientAddress::from_request_parts(parts, app).await;
        app.refused_tokens.admit(app.clock.now(), client.0)?;
        Err(ApiError::Unauthorized)
    }
}

async fn find(app: &App, headers: &HeaderMap) -> Result<Option<Operator>, ApiError> {
    let Some(token) = bearer(headers) else {
        return Ok(None);
    };
    let found = app.store.token_by_hash(&token.hash()).await?;
    let living = found.filter(|token| token.revoked.is_none());
    Ok(living.map(|token| Operator {
        id: OperatorId::Token(token.id),
        role: token.role,
    }))
}

/// The one token of the request; two of them are none.
fn bearer(headers: &HeaderMap) -> Option<Token> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    // RFC 9110 §11.1: the scheme's case does not matter.
    scheme.eq_ignore_ascii_case("bearer").then(|| Token::parse(token))?
}

/// An answer that no cache keeps.
pub fn uncached(body: impl Serialize) -> Response {
    ([(header::CACHE_CONTROL, NO_STORE)], Json(body)).into_response()
}

/// A table as CSV, to be kept in a file; `disposition` names it. No cache keeps it.
pub fn table(disposition: &'static str, csv: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
    ([(header::CACHE_CONTROL, NO_STORE)], headers, csv).into_response()
}

/// How many rows a page has.
pub fn page_size(limit: Option<u32>) -> Result<u32, ApiError> {
    match limit.unwrap_or(DEFAULT_PAGE) {
        size @ 1..=MAX_PAGE => Ok(size),
        _ => Err(ApiError::malformed(format!(
            "`limit` is no number of rows of a page; write one from 1 to {MAX_PAGE}"
        ))),
    }
}

/// The reason that a request states, in the query or in the body.
pub fn stated<'a>(pointer: &str, text: Option<&'a str>) -> Result<&'a str, ApiError> {
    let fault = |code, detail: String| ApiError::Unacceptable(vec![Fault::new(pointer, code, detail)]);
    let text = text.ok_or_else(|| fault("required", "say why: the access log keeps it".into()))?;
    reason(text).map_err(|unfit| fault("format", unfit.to_string()))
}

/// Where the next page begins, opaque to the client.
pub fn cursor(place: &str) -> String {
    encode(place.as_bytes())
}

/// Reads back a cursor of `cursor`.
pub fn place<T>(cursor: Option<&str>, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, ApiError> {
    let Some(cursor) = cursor else {
        return Ok(None);
    };
    let text = decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    match text.as_deref().and_then(read) {
        Some(place) => Ok(Some(place)),
        None => Err(ApiError::malformed(
            "`cursor` is none that was given out here; take `next` of an answer, or leave it out to begin",
        )),
    }
}

//! What a handler takes from a request: the body within limit and deadline, the origin, the client's address.
//! Refuses bodies that are too large or too slow; the rest of such a body is read away for a while, so that the answer arrives.

use std::net::{IpAddr, Ipv4Addr};

use axum::{
    body::Body,
    extract::{FromRequestParts, Request},
};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header, request::Parts};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;

use super::error::ApiError;
use crate::{app::App, server::Peer};

/// Public posts: spec/http.md.
pub const MAX_POST_BYTES: usize = 64 * 1024;

/// What is read away of a body that is too large, before the answer.
const MAX_DISCARDED_BYTES: usize = 4 * 1024 * 1024;

/// The whole body, checked for its media type.
pub async fn read_body(app: &App, request: Request, media_type: &'static str) -> Result<Bytes, ApiError> {
    read_body_up_to(app, request, media_type, MAX_POST_BYTES).await
}

/// The same with a limit of its own.
pub async fn read_body_up_to(
    app: &App,
    request: Request,
    media_type: &'static str,
    limit: usize,
) -> Result<Bytes, ApiError> {
    let right_type = has_media_type(request.headers(), media_type);
    let body = tokio::time::timeout(app.config.deadlines.body, collect(request.into_body(), limit));
    let body = body.await.map_err(|_| ApiError::Timeout)??;
    if !right_type {
        return Err(ApiError::UnsupportedMediaType { expected: media_type });
    }
    Ok(body)
}

/// A body of JSON; where it is none of that shape, `expected` says what is.
pub async fn read_json<T: DeserializeOwned>(
    app: &App,
    request: Request,
    expected: &'static str,
) -> Result<T, ApiError> {
    let body = read_body(app, request, "application/json").await?;
    // The parser's own words would quote what was sent.
    serde_json::from_slice(&body).map_err(|_| ApiError::malformed(expected))
}

async fn collect(mut body: Body, limit: usize) -> Result<Bytes, ApiError> {
    let mut collected = BytesMut::new();
    let mut size = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| ApiError::malformed("the body ends early"))?;
        let Ok(data) = frame.into_data() else { continue };
        size += data.len();
        if size <= limit {
            collected.extend_from_slice(&data);
        } else if size > MAX_DISCARDED_BYTES {
            break;
        }
    }
    if size > limit {
        return Err(ApiError::TooLarge { limit });
    }
    Ok(collected.freeze())
}

fn has_media_type(headers: &HeaderMap, expected: &str) -> bool {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    value
        .split(';')
        .next()
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case(expected))
}

/// The members of a urlencoded body, in their order.
pub fn form_members(body: &[u8]) -> Result<Vec<(String, String)>, ApiError> {
    if std::str::from_utf8(body).is_err() {
        return Err(ApiError::malformed("the body is not UTF-8"));
    }
    Ok(form_urlencoded::parse(body).into_owned().collect())
}

/// The members of a form: urlencoded, or in the parts in which RFC 8058 lets mail programs send one click.
pub async fn read_members(app: &App, request: Request) -> Result<Vec<(String, String)>, ApiError> {
    match boundary(request.headers()) {
        Some(boundary) => Ok(part_members(
            &read_body(app, request, "multipart/form-data").await?,
            &boundary,
        )),
        None => form_members(&read_body(app, request, "application/x-www-form-urlencoded").await?),
    }
}

/// The boundary of a multipart form (RFC 7578 §4.1).
fn boundary(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let (essence, parameters) = value.split_once(';')?;
    let boundary = parameters
        .split(';')
        .find_map(|parameter| parameter.trim().strip_prefix("boundary="))?;
    let boundary = boundary.trim_matches('"');
    (essence.trim().eq_ignore_ascii_case("multipart/form-data") && !boundary.is_empty()).then(|| boundary.to_owned())
}

/// Short texts alone: a part that is no text, or has no name, is left out.
fn part_members(body: &[u8], boundary: &str) -> Vec<(String, String)> {
    let body = String::from_utf8_lossy(body);
    let delimiter = format!("--{boundary}");
    let member = |part: &str| {
        let (head, value) = part.split_once("\r\n\r\n")?;
        let (_, name) = head.split_once("name=\"")?;
        let (name, _) = name.split_once('"')?;
        Some((name.to_owned(), value.strip_suffix("\r\n")?.to_owned()))
    };
    body.split(&delimiter).filter_map(member).collect()
}

/// The `Origin` header, where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(pub Option<String>);

impl Origin {
    pub fn of(headers: &HeaderMap) -> Self {
        Self(
            headers
                .get(header::ORIGIN)
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
        )
    }
}

impl<S: Sync> FromRequestParts<S> for Origin {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers))
    }
}

/// The client's address, for the limit alone; it is never logged nor stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<App> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let peer = parts
            .extensions
            .get::<Peer>()
            .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
        Ok(Self(app.config.proxies.client(peer, &parts.headers)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_click_comes_in_parts_too() {
        let check = |body: &str, expected: &[(&str, &str)]| {
            let members = part_members(body.as_bytes(), "b1");
            let members: Vec<_> = members
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            assert_eq!(members, expected, "{body:?}");
        };
        let part = "--b1\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n";
        check(&format!("{part}--b1--\r\n"), &[("List-Unsubscribe", "One-Click")]);
        check(&format!("{part}{part}--b1--"), &[("List-Unsubscribe", "One-Click"); 2]);
        check("--b1\r\n\r\nOne-Click\r\n--b1--", &[]);
        check("--b1\r\nContent-Disposition: form-data; name=\"a", &[]);
        check("", &[]);
    }
}

//! What can go wrong, once: each failure has a status, a stable code and words that hold nothing internal.
//! Refuses to write the document itself, because its `type` needs the public URL: `http/problem.rs` does.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, StatusCode, header};
use jiff::Timestamp;

use super::limit::Whose;
use crate::{clock::Clock, store::StoreError, values::ValueError};

/// A failure as the outside may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiError {
    Malformed(Vec<Fault>),
    /// No token, or none that opens anything.
    Unauthorized,
    Forbidden(&'static str),
    /// A good token of a role that may not do this.
    Role {
        role: &'static str,
        action: &'static str,
    },
    NotFound,
    MethodNotAllowed,
    Timeout,
    Conflict,
    Gone,
    TooLarge {
        limit: usize,
    },
    UnsupportedMediaType {
        expected: &'static str,
    },
    /// Verified as far as possible, and not acceptable.
    Unacceptable(Vec<Fault>),
    /// A signature, a time or an invariant that does not hold.
    Forged(Vec<Fault>),
    Clock {
        now: Timestamp,
    },
    UnknownDefinition,
    TooMany {
        whose: Whose,
        retry_after_secs: u64,
    },
    /// Good as far as it goes; it has to be sent again with this challenge solved.
    ProofOfWork(Box<serde_json::Value>),
    Unavailable,
    Internal,
}

/// One reason, at one place; never with the value that stood there.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    pub pointer: String,
    pub code: String,
    pub detail: String,
}

impl Fault {
    pub fn new(pointer: impl Into<String>, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            code: code.into(),
            detail: detail.into(),
        }
    }
}

/// The members of a problem document, on their way to the layer that writes it.
#[derive(Debug, Clone)]
pub struct Problem {
    pub slug: &'static str,
    pub title: &'static str,
    pub detail: String,
    pub errors: Vec<Fault>,
    /// Extra members: `now` of `clock`.
    pub extra: Vec<(&'static str, serde_json::Value)>,
}

impl ApiError {
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::Malformed(vec![Fault::new("", "malformed", detail)])
    }

    pub fn clock(clock: &dyn Clock) -> Self {
        Self::Clock { now: clock.now() }
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) | Self::Role { .. } => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Gone => StatusCode::GONE,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unacceptable(_)
            | Self::Forged(_)
            | Self::Clock { .. }
            | Self::UnknownDefinition
            | Self::ProofOfWork(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The failure that a bare status stands for (a route that does not exist, a method that it lacks).
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::BAD_REQUEST => Self::malformed("the request cannot be read"),
            StatusCode::UNAUTHORIZED => Self::Unauthorized,
            StatusCode::FORBIDDEN => Self::Forbidden("not allowed"),
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::REQUEST_TIMEOUT => Self::Timeout,
            StatusCode::GONE => Self::Gone,
            StatusCode::SERVICE_UNAVAILABLE => Self::Unavailable,
            _ => Self::Internal,
        }
    }

    pub fn problem(&self) -> Problem {
        let problem = |slug, title, detail: &str| Problem {
            slug,
            title,
            detail: detail.to_owned(),
            errors: Vec::new(),
            extra: Vec::new(),
        };
        let faulty = |slug, title, errors: &Vec<Fault>| Problem {
            errors: errors.clone(),
            ..problem(slug, title, errors.first().map_or(title, |fault| &fault.detail))
        };
        match self {
            Self::Malformed(errors) => faulty("malformed", "The request cannot be read", errors),
            Self::Forbidden(detail) => problem("forbidden", "Not allowed", detail),
            Self::Unauthorized => problem(
                "unauthorized",
                "A token is needed",
                "send a living operator token as Authorization: Bearer",
            ),
            Self::Role { role, action } => problem(
                "role",
                "Another role is needed",
                &format!("the role {role} may not do this: {action}"),
            ),
            Self::NotFound => problem(
                "not-found",
                "Nothing is here",
                "no such address, or its link has expired",
            ),
            Self::MethodNotAllowed => problem(
                "method-not-allowed",
                "This address does not answer that method",
                "another method is expected here; the header Allow names it",
            ),
            Self::Timeout => problem(
                "timeout",
                "The request did not arrive in time",
                "the body was still incomplete at the deadline; nothing was recorded",
            ),
            Self::Conflict => problem(
                "conflict",
                "Already recorded with another content",
                "what was recorded first stays",
            ),
            Self::Gone => problem(
                "gone",
                "No longer here",
                "the link has expired; a fresh one can be asked for",
            ),
            Self::TooLarge { limit } => problem(
                "too-large",
                "Too large",
                &format!("at most {limit} bytes are read here"),
            ),
            Self::UnsupportedMediaType { expected } => problem(
                "unsupported-media-type",
                "Another media type is expected",
                &format!("expected {expected}"),
            ),
            Self::Unacceptable(errors) => faulty("unacceptable", "What was sent does not fit", errors),
            Self::Forged(errors) => faulty("forged", "The record does not verify", errors),
            Self::Clock { now } => Problem {
                extra: vec![("now", serde_json::Value::String(format!("{now:.3}")))],
                ..problem(
                    "clock",
                    "The record's time is not now",
                    "created is too far from the time of receipt",
                )
            },
            Self::UnknownDefinition => problem(
                "unknown-definition",
                "This form was never published here",
                "no published form has this id, version, language and texts",
            ),
            Self::ProofOfWork(challenge) => Problem {
                extra: vec![("challenge", challenge.as_ref().clone())],
                ..problem(
                    "proof-of-work",
                    "A proof of work is needed",
                    "solve the challenge and send the same again with proofOfWork; nothing was recorded",
                )
            },
            Self::TooMany {
                whose,
                retry_after_secs,
            } => problem(
                "too-many",
                match whose {
                    Whose::Address => "Too many requests from this address",
                    Whose::Form => "Too many submissions of this form",
                },
                &format!("try again in {retry_after_secs} seconds; nothing was recorded"),
            ),
            Self::Unavailable => problem(
                "unavailable",
                "The store is away",
                "nothing was recorded; try again in a few seconds",
            ),
            Self::Internal => problem(
                "internal",
                "The server failed",
                "nothing was recorded; the server's log says why",
            ),
        }
    }

    fn retry_after_secs(&self) -> Option<u64> {
        match self {
            Self::TooMany { retry_after_secs, .. } => Some(*retry_after_secs),
            Self::Unavailable => Some(5),
            _ => None,
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(_: StoreError) -> Self {
        Self::Unavailable
    }
}

impl From<ValueError> for ApiError {
    /// A key that is missed may be back soon: a folder is being restored, or a limit on open files is reached.
    fn from(error: ValueError) -> Self {
        tracing::error!(%error, "values");
        match error {
            ValueError::KeyMissing(_) => Self::Unavailable,
            ValueError::Unreadable => Self::Internal,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Some(seconds) = self.retry_after_secs() {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if matches!(self, Self::MethodNotAllowed) {
            response
                .headers_mut()
                .insert(header::ALLOW, http::HeaderValue::from_static("GET,HEAD"));
        }
        if matches!(self, Self::Unauthorized) {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, http::HeaderValue::from_static("Bearer"));
        }
        if matches!(self, Self::Timeout | Self::TooLarge { .. }) {
            // The rest of the body is still on its way: the connection is of no more use.
            response.headers_mut().insert(
                HeaderName::from_static("connection"),
                http::HeaderValue::from_static("close"),
            );
        }
        response.extensions_mut().insert(self.problem());
        response
    }
}

//! Requests and answers as adapters see them, and how an attempt ends. Refuses to print what they hold: bodies are personal,
//! headers secret.

use std::{borrow::Cow, fmt, time::Duration};

use jiff::Timestamp;
use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A request below the target's address.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    pub method: Method,
    /// Empty: [`Settings::url`] as it stands. Otherwise appended to it, less its trailing slash: with a leading slash, perhaps
    /// with a query, and nothing personal in either. Or whole, below one of [`super::Adapter::other_urls`].
    pub path: String,
    /// Lower-case names. `content-length`, `host` and `user-agent` are the sender's.
    pub headers: Vec<(String, String)>,
    /// Empty: none.
    pub body: Vec<u8>,
}

impl Request {
    /// A request with that document, canonical (RFC 8785).
    pub fn json(method: Method, path: impl Into<String>, document: &Value) -> Self {
        Self {
            method,
            path: path.into(),
            headers: vec![("content-type".into(), "application/json".into())],
            body: candor_record::canonical::canonical_json(document),
        }
    }

    /// A request without a body.
    pub fn bare(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// What came back. A receiver that did not answer is the sender's affair, not the adapter's.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Lower-case names.
    pub headers: Vec<(String, String)>,
    /// The first [`MAX_ANSWER_BYTES`] of it.
    pub body: Vec<u8>,
}

/// More of an answer is not read. Salesforce describes a Lead in some hundred kilobytes, and in more where it has many fields.
pub const MAX_ANSWER_BYTES: usize = 4 * 1024 * 1024;

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// The body as JSON; `Null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// `Retry-After` (RFC 9110 §10.2.3), as seconds or as a date.
    pub fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        let text = self.header("retry-after")?.trim();
        if let Ok(seconds) = text.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let until = Timestamp::try_from(httpdate::parse_http_date(text).ok()?).ok()?;
        Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
    }

    /// The outcome that a status has by itself: what most adapters answer for what they do not know better.
    pub fn outcome(&self, now: Timestamp) -> Outcome {
        match self.status {
            200..300 => Outcome::Done { remote: None },
            410 => Outcome::Gone,
            // What passes: RFC 9110 §15.5.9, RFC 8470 §5.2, RFC 6585 §4, and every failure of a server.
            408 | 425 | 429 | 500.. => Outcome::Retry {
                after: self.retry_after(now),
            },
            // Standard Webhooks: every other answer is a failure that is tried again; somebody may mend the receiver.
            _ => Outcome::Retry { after: None },
        }
    }
}

/// How an attempt ended.
#[derive(Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The receiver took it.
    Done {
        /// By what it knows the person from now on; `None`: as before.
        remote: Option<String>,
    },
    /// Not now; at the earliest after that time, and by the schedule.
    Retry { after: Option<Duration> },
    /// It never will, as it stands; a short phrase says why, which is shown to operators: what the vendor calls the failure and
    /// the names of the fields that it refused, no value. It waits for a replay.
    Dead { why: Cow<'static, str> },
    /// The receiver wants nothing more: the target is disabled.
    Gone,
}

impl fmt::Debug for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done { .. } => formatter.write_str("Done"),
            Self::Retry { after } => write!(formatter, "Retry({after:?})"),
            Self::Dead { why } => write!(formatter, "Dead({why})"),
            Self::Gone => formatter.write_str("Gone"),
        }
    }
}

redacted_debug!(Request, Answer);

//! How one kind of receiver is spoken to. Pure: what is to be told and the answers so far in, the next request or the outcome
//! out. Refuses a socket, a clock and randomness, so that every request can be told from its input; the one sender
//! (`flow/send.rs`) carries requests out, keeps to the target's own address, and repeats all of them after a crash.
//! Read next: `flow/adapter/webhook.rs`, the first implementation.

use std::{collections::BTreeMap, fmt, time::Duration};

use candor_record::{
    digest::Sha256Digest,
    id::PurposeId,
    state::State,
    term::{Basis, Channel},
};
use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

mod webhook;

pub use self::webhook::{OVERLAP, SECRET, spell as spell_secret};

/// Every kind of receiver. A further kind is a file in `flow/adapter/` and one entry here.
static ADAPTERS: &[&dyn Adapter] = &[&webhook::Webhook];

/// The adapter of that kind, as targets spell it.
pub fn find(kind: &str) -> Option<&'static dyn Adapter> {
    ADAPTERS.iter().copied().find(|adapter| adapter.kind() == kind)
}

/// The words of all kinds.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    ADAPTERS.iter().map(|adapter| adapter.kind())
}

/// One kind of receiver.
///
/// Rules for implementations: `step` depends on its arguments alone; a request that is repeated changes nothing more (upsert,
/// not create); nothing personal stands in a path or in the words of an [`Outcome`]; without [`Told::remote`] and without
/// values there may still be a [`Desired::Ended`] to tell.
pub trait Adapter: fmt::Debug + Send + Sync {
    /// The word of this kind: `webhook`, `hubspot`, …
    fn kind(&self) -> &'static str;

    /// The address of this vendor's interface, where it has one for everybody. `None`: each target names its own.
    fn default_url(&self) -> Option<&'static str> {
        None
    }

    /// The secret that the collector makes itself where none is given; `None`: whoever adds the target brings them all.
    fn makes_secret(&self) -> Option<&'static str> {
        None
    }

    /// Whether a target of this kind can work with these settings.
    ///
    /// # Errors
    /// Each setting that is missing, unknown or malformed.
    fn check(&self, settings: &Settings) -> Result<(), Vec<SettingFault>>;

    /// What to do next, after these answers to the requests of this attempt.
    fn step(&self, job: &Job<'_>, answers: &[Answer]) -> Step;

    /// The same for a test that an operator asks for: it shows that address and credentials work, and names nobody.
    fn test(&self, test: &Test<'_>, answers: &[Answer]) -> Step;
}

/// What a target was set up with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `https://host[:port][/path]`, without user and fragment. Every request goes to it or below it. An adapter that appends
    /// paths refuses one with a query in `check`; a webhook's may have one.
    pub url: String,
    /// Settings that are no secret, as the adapter defines them: list ids, names of properties.
    pub options: Map<String, Value>,
    pub secrets: Secrets,
}

/// What only sender and receiver know: signing keys, tokens. Sealed at rest.
#[derive(Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Secrets(pub Vec<Secret>);

#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Secret {
    pub name: String,
    pub value: String,
    /// A secret that was replaced, and until when it is still used beside its successor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Secrets {
    /// The one that is in force.
    pub fn current(&self, name: &str) -> Option<&str> {
        let mut named = self.0.iter().filter(|secret| secret.name == name);
        named
            .find(|secret| secret.until.is_none())
            .map(|secret| secret.value.as_str())
    }

    /// The one in force, and after it those whose overlap is not over.
    pub fn all(&self, name: &str, now: Timestamp) -> Vec<&str> {
        let overlaps = |secret: &&Secret| secret.name == name && secret.until.is_some_and(|until| until > now);
        let older = self.0.iter().filter(overlaps).map(|secret| secret.value.as_str());
        self.current(name).into_iter().chain(older).collect()
    }

    /// The names of those in force.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let current = self.0.iter().filter(|secret| secret.until.is_none());
        current.map(|secret| secret.name.as_str())
    }
}

/// A setting that does not fit, for whoever adds the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingFault {
    /// `/url`, `/options/list` or `/secrets/token`.
    pub pointer: String,
    pub detail: String,
}

impl SettingFault {
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }
}

/// What the receiver should know now of one person.
#[derive(Debug, Clone, PartialEq)]
pub enum Desired {
    Lead(Box<Lead>),
    Ended(Ended),
}

/// A lead that the receiver may use, for the target's purpose.
#[derive(Clone, PartialEq)]
pub struct Lead {
    /// `given`, `renewed` or `informed`.
    pub state: State,
    pub basis: Basis,
    pub channel: Channel,
    /// When the state took effect.
    pub since: Timestamp,
    /// Until when it may be used, if nothing else happens.
    pub until: Option<Timestamp>,
    /// The language that the person read, BCP 47.
    pub language: String,
    /// The sentence that the person agreed to, or was told, in that language.
    pub statement: String,
    /// The submission in effect.
    pub record: Uuid,
    /// What was typed into the fields of this purpose, in the form's order. No other field is ever here.
    pub values: Vec<FieldValue>,
    /// The signed envelopes (`spec/record.md` §1) that show it, in the order of receipt: the submission, and where a later
    /// event made the state, that event. They hold no personal value.
    pub receipts: Vec<Value>,
}

/// One value of a lead.
#[derive(Clone, PartialEq, Eq)]
pub struct FieldValue {
    /// The field's id in the definition.
    pub field: String,
    /// The field's type in the definition: `email`, `name`, `given-name`, `family-name`, `phone`, `organization`,
    /// `job-title`, `country`, `postal-code`, `url`, `text`, …
    pub kind: String,
    /// As it was typed; telephone numbers in E.164.
    pub value: String,
}

impl Lead {
    /// The first value of that type.
    pub fn of_kind(&self, kind: &str) -> Option<&str> {
        let mut found = self.values.iter().filter(|value| value.kind == kind);
        found.next().map(|value| value.value.as_str())
    }

    /// The value of that field.
    pub fn of_field(&self, field: &str) -> Option<&str> {
        let mut found = self.values.iter().filter(|value| value.field == field);
        found.next().map(|value| value.value.as_str())
    }
}

/// The receiver must not use the lead any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    pub reason: EndReason,
    pub act: Act,
}

/// Why a lead ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    Withdrawn,
    Objected,
    Expired,
    Paused,
    Restricted,
    Erased,
    Retention,
    Suppressed,
}

/// What the receiver is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Not to use it for this purpose any more.
    Stop,
    /// To delete what it holds of it (Art. 17 and 19 GDPR).
    Erase,
}

impl EndReason {
    pub const ALL: [Self; 8] = [
        Self::Withdrawn,
        Self::Objected,
        Self::Expired,
        Self::Paused,
        Self::Restricted,
        Self::Erased,
        Self::Retention,
        Self::Suppressed,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Objected => "objected",
            Self::Expired => "expired",
            Self::Paused => "paused",
            Self::Restricted => "restricted",
            Self::Erased => "erased",
            Self::Retention => "retention",
            Self::Suppressed => "suppressed",
        }
    }

    /// What follows from it for the receiver.
    pub fn act(self) -> Act {
        match self {
            Self::Erased | Self::Retention => Act::Erase,
            _ => Act::Stop,
        }
    }
}

impl Act {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Erase => "erase",
        }
    }
}

/// What the receiver was told of this person so far, and took.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Whether the last thing that it took was a lead.
    pub holds: bool,
    /// By what it knows the person, as the adapter said in [`Outcome::Done`]. Sealed at rest, kept beyond an erasure until
    /// the receiver knows of it.
    pub remote: Option<String>,
}

/// What a message is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The receiver may use a lead that it does not hold.
    Allowed,
    /// It holds other values, or an older consent.
    Changed,
    Ended,
}

impl Event {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "lead.allowed",
            Self::Changed => "lead.changed",
            Self::Ended => "lead.ended",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let all = [Self::Allowed, Self::Changed, Self::Ended];
        all.into_iter().find(|event| event.as_str() == text)
    }
}

/// One message. The same id has the same content, however often it is sent.
#[derive(Debug, Clone)]
pub struct Message {
    /// `msg_…`
    pub id: String,
    pub event: Event,
    /// When the difference was found; part of the content.
    pub at: Timestamp,
    /// The person as this target alone knows them: random, another one for each target.
    pub subject: Uuid,
    pub purpose: PurposeId,
    /// Id of the party in the definition.
    pub party: String,
    pub desired: Desired,
}

/// One attempt to tell a receiver.
#[derive(Debug, Clone)]
pub struct Job<'a> {
    pub message: &'a Message,
    pub told: &'a Told,
    pub settings: &'a Settings,
    /// The time of the attempt, for signatures.
    pub now: Timestamp,
}

/// One test of a target.
#[derive(Debug, Clone)]
pub struct Test<'a> {
    pub id: &'a str,
    pub settings: &'a Settings,
    pub now: Timestamp,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    Send(Request),
    End(Outcome),
}

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
    /// with a query, and nothing personal in either.
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

/// More of an answer is not read.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024;

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
    /// It never will, as it stands; a short stable word says why, which is shown to operators. It waits for a replay.
    Dead { why: &'static str },
    /// The receiver wants nothing more: the target is disabled.
    Gone,
}

macro_rules! redacted_debug {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}
redacted_debug!(Secrets, Secret, Lead, FieldValue, Told, Request, Answer);

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

impl Message {
    /// The document of the message: the body of a webhook, and for every kind of receiver what the digest of its content is
    /// made of. Nothing in it depends on the attempt.
    pub fn document(&self) -> Value {
        let time = |at: Timestamp| Value::from(format!("{at:.3}"));
        let mut data: Map<String, Value> = BTreeMap::from([
            ("subject".to_owned(), Value::from(self.subject.to_string())),
            ("purpose".to_owned(), Value::from(self.purpose.as_str())),
            ("party".to_owned(), Value::from(self.party.as_str())),
        ])
        .into_iter()
        .collect();
        match &self.desired {
            Desired::Lead(lead) => {
                let values = lead.values.iter();
                let values: Map<String, Value> = values
                    .map(|value| (value.field.clone(), Value::from(value.value.as_str())))
                    .collect();
                for (name, value) in [
                    ("state", Value::from(lead.state.as_str())),
                    ("basis", Value::from(lead.basis.as_str())),
                    ("channel", Value::from(lead.channel.as_str())),
                    ("since", time(lead.since)),
                    ("until", lead.until.map_or(Value::Null, time)),
                    ("language", Value::from(lead.language.as_str())),
                    ("statement", Value::from(lead.statement.as_str())),
                    ("record", Value::from(lead.record.to_string())),
                    ("values", Value::from(values)),
                    ("receipts", Value::from(lead.receipts.clone())),
                ] {
                    data.insert(name.to_owned(), value);
                }
            }
            Desired::Ended(ended) => {
                data.insert("reason".to_owned(), Value::from(ended.reason.as_str()));
                data.insert("act".to_owned(), Value::from(ended.act.as_str()));
            }
        }
        serde_json::json!({"type": self.event.as_str(), "timestamp": time(self.at), "data": data})
    }
    /// SHA-256 of the document's canonical bytes: of the body of a webhook.
    pub fn digest(&self) -> Sha256Digest {
        Sha256Digest::of_json(&self.document())
    }
}

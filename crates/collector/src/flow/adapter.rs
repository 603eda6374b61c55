//! How one kind of receiver is spoken to. Pure: what is to be told and the answers so far in, the next request or the outcome
//! out. Refuses a socket, a clock and randomness, so that every request can be told from its input; the one sender
//! (`flow/send.rs`) carries requests out, keeps to the target's own address, and repeats all of them after a crash.
//! Read next: `flow/adapter/webhook.rs`, the first implementation.

use std::{collections::BTreeMap, fmt};

use candor_record::{
    digest::Sha256Digest,
    id::PurposeId,
    state::State,
    term::{Basis, Channel},
};
use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

macro_rules! redacted_debug {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

mod brevo;
mod crm;
mod hubspot;
mod mailchimp;
mod mautic;
mod salesforce;
mod settings;
mod webhook;
mod wire;

pub use self::{
    settings::{Secret, Secrets, SettingFault, Settings},
    webhook::{OVERLAP, SECRET, spell as spell_secret},
    wire::{Answer, MAX_ANSWER_BYTES, Method, Outcome, Request},
};

/// Every kind of receiver. A further kind is a file in `flow/adapter/` and one entry here.
static ADAPTERS: &[&dyn Adapter] = &[
    &webhook::Webhook,
    &hubspot::Hubspot,
    &brevo::Brevo,
    &mailchimp::Mailchimp,
    &salesforce::Salesforce,
    &mautic::Mautic,
];

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

    /// Further addresses that this vendor's interface has besides [`Settings::url`]: a [`Request::path`] may begin with one.
    fn other_urls(&self, _settings: &Settings) -> Vec<String> {
        Vec::new()
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

redacted_debug!(Lead, FieldValue, Told);

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

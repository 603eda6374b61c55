//! What a target is spoken to with: address, options, secrets. Refuses to print a secret.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};

/// What a target was set up with; sealed as a whole. The address can be a secret too.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
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

redacted_debug!(Settings, Secrets, Secret);

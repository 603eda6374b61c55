//! The envelope: a JWS in General JSON Serialization, without anything that is not signed (`spec/record.md` §1).
//!
//! Off-the-shelf libraries accept such a JWS if ANY signature is good, and read members that nobody signed. Here the
//! members are exactly those of §1, and [`crate::verify`] verifies each signature with its own key.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    base64url,
    header::Role,
    json::{self, JsonError, Limits, Node},
};

/// Payload and signatures, in base64url.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// The canonical record.
    pub payload: String,
    /// One or two.
    pub signatures: Vec<Signature>,
}

/// One signature with its header.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The canonical header.
    pub protected: String,
    /// `r ‖ s`.
    pub signature: String,
}

impl Signature {
    /// What is signed: `ASCII(protected . payload)` (RFC 7515 §5.1).
    pub fn signing_input(&self, payload: &str) -> Vec<u8> {
        format!("{}.{payload}", self.protected).into_bytes()
    }

    /// The role that the header claims, where it can be read.
    pub fn role(&self) -> Option<Role> {
        let header = json::parse(&base64url::decode(&self.protected).ok()?, &Limits::RECORD).ok()?;
        Role::parse(header.get("typ")?.as_str()?)
    }
}

impl Envelope {
    /// Reads an envelope (steps 1 and 2 without the headers; [`crate::verify`] reads those).
    ///
    /// # Errors
    /// A text that is no JSON or has other members.
    pub fn parse(bytes: &[u8]) -> Result<Envelope, ParseError> {
        let node = json::parse(bytes, &Limits::RECORD).map_err(ParseError::Json)?;
        Envelope::from_node(&node).map_err(ParseError::Envelope)
    }

    /// Reads an envelope from JSON that is read already.
    ///
    /// # Errors
    /// Other members than those of §1, or none or more than two signatures.
    pub fn from_node(node: &Node) -> Result<Envelope, EnvelopeError> {
        exactly(node, &["payload", "signatures"])?;
        let text = |node: &Node, name: &str| node.get(name).and_then(Node::as_str).map(str::to_owned);
        let payload = text(node, "payload").ok_or(EnvelopeError::Members)?;
        let items = node
            .get("signatures")
            .and_then(Node::as_array)
            .ok_or(EnvelopeError::Members)?;
        let signature = |item: &Node| -> Result<Signature, EnvelopeError> {
            exactly(item, &["protected", "signature"])?;
            let protected = text(item, "protected").ok_or(EnvelopeError::Members)?;
            let signature = text(item, "signature").ok_or(EnvelopeError::Members)?;
            Ok(Signature { protected, signature })
        };
        let signatures: Vec<_> = items.iter().map(signature).collect::<Result<_, _>>()?;
        if !(1..=2).contains(&signatures.len()) {
            return Err(EnvelopeError::SignatureCount);
        }
        Ok(Envelope { payload, signatures })
    }

    /// The signature of that role, where there is one.
    pub fn signature(&self, role: Role) -> Option<&Signature> {
        self.signatures.iter().find(|signature| signature.role() == Some(role))
    }

    /// The envelope as a JSON value.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("an envelope is made of strings")
    }
}

fn exactly(node: &Node, names: &[&str]) -> Result<(), EnvelopeError> {
    let members = node.as_object().ok_or(EnvelopeError::Members)?;
    let same = members.len() == names.len() && members.iter().all(|member| names.contains(&member.name.as_str()));
    if same { Ok(()) } else { Err(EnvelopeError::Members) }
}

/// An envelope that is not exactly as §1 says (step 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// Other members than `payload`, `signatures`, `protected` and `signature`, all of them strings.
    Members,
    /// Neither one nor two signatures.
    SignatureCount,
    /// Something is not strict base64url.
    Base64url,
    /// A `typ` that is not known.
    Type,
    /// Two signatures of one `typ`.
    SameType,
}

impl fmt::Display for EnvelopeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            EnvelopeError::Members => {
                "the envelope has other members than payload and signatures of protected and signature"
            }
            EnvelopeError::SignatureCount => "there is neither one signature nor two",
            EnvelopeError::Base64url => "payload, protected or signature is not strict base64url",
            EnvelopeError::Type => "a signature is of no known typ",
            EnvelopeError::SameType => "two signatures are of the same typ",
        })
    }
}

impl std::error::Error for EnvelopeError {}

/// A text that is no envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseError {
    /// No JSON.
    Json(JsonError),
    /// No envelope.
    Envelope(EnvelopeError),
}

impl fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseError::Json(error) => error.fmt(formatter),
            ParseError::Envelope(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for ParseError {}

//! Steps 1 to 4: what can be said of a record before any key is at hand.

use std::fmt;

use super::{Envelope, EnvelopeError, HeaderError, Node, Role};
use crate::{
    base64url,
    canonical::canonicalize,
    digest::Sha256Digest,
    envelope::Signature,
    header::{ControllerHeader, DeviceHeader, Header},
    json::{self, JsonError, Limits},
};

/// A record that is read, but in no way verified. What it says is a claim.
#[derive(Debug, Clone, PartialEq)]
pub struct UnverifiedRecord {
    envelope: Envelope,
    payload: DecodedJson,
    headers: Vec<(Header, DecodedJson)>,
}

/// Decoded base64url, and the JSON in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DecodedJson {
    bytes: Vec<u8>,
    node: Node,
}

/// Step 1, done: the JSON of every part that could be decoded.
pub(super) struct Texts {
    envelope: Node,
    payload: Option<DecodedJson>,
    headers: Vec<Option<DecodedJson>>,
}

/// Step 2, done.
pub(super) struct Parts {
    envelope: Envelope,
    payload: DecodedJson,
    headers: Vec<(Role, DecodedJson)>,
}

/// A part that is no strict JSON (step 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPartError {
    /// `envelope`, `payload` or `header`.
    pub part: &'static str,
    /// What is wrong with it, and where.
    pub error: JsonError,
}

impl fmt::Display for JsonPartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.part, self.error)
    }
}

impl std::error::Error for JsonPartError {}

/// A part whose bytes are not the canonical ones (step 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CanonicalError {
    /// The payload.
    Payload,
    /// A protected header.
    Header,
}

impl fmt::Display for CanonicalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            CanonicalError::Payload => "the payload is not in canonical form (RFC 8785)",
            CanonicalError::Header => "a header is not in canonical form (RFC 8785)",
        })
    }
}

impl std::error::Error for CanonicalError {}

/// Step 1. Base64url that cannot be decoded hides its JSON; that is step 2's to report.
pub(super) fn read_json(bytes: &[u8]) -> Result<Texts, JsonPartError> {
    let read = |part, bytes: &[u8]| json::parse(bytes, &Limits::RECORD).map_err(|error| JsonPartError { part, error });
    let decoded = |part, node: Option<&Node>| -> Result<Option<DecodedJson>, JsonPartError> {
        let Some(bytes) = node
            .and_then(Node::as_str)
            .and_then(|text| base64url::decode(text).ok())
        else {
            return Ok(None);
        };
        let node = read(part, &bytes)?;
        Ok(Some(DecodedJson { bytes, node }))
    };
    let envelope = read("envelope", bytes)?;
    let payload = decoded("payload", envelope.get("payload"))?;
    let signatures = envelope.get("signatures").and_then(Node::as_array).unwrap_or_default();
    let headers = signatures
        .iter()
        .map(|item| decoded("header", item.get("protected")))
        .collect::<Result<_, _>>()?;
    Ok(Texts {
        envelope,
        payload,
        headers,
    })
}

/// Step 2.
pub(super) fn read_envelope(texts: Texts) -> Result<Parts, EnvelopeError> {
    let envelope = Envelope::from_node(&texts.envelope)?;
    let payload = texts.payload.ok_or(EnvelopeError::Base64url)?;
    if envelope
        .signatures
        .iter()
        .any(|signature| base64url::decode(&signature.signature).is_err())
    {
        return Err(EnvelopeError::Base64url);
    }
    let mut headers: Vec<(Role, DecodedJson)> = Vec::new();
    for header in texts.headers {
        let header = header.ok_or(EnvelopeError::Base64url)?;
        let typ = header
            .node
            .get("typ")
            .and_then(Node::as_str)
            .ok_or(EnvelopeError::Type)?;
        let role = Role::parse(typ).ok_or(EnvelopeError::Type)?;
        if headers.iter().any(|(other, _)| *other == role) {
            return Err(EnvelopeError::SameType);
        }
        headers.push((role, header));
    }
    Ok(Parts {
        envelope,
        payload,
        headers,
    })
}

/// Who signed, in words.
fn signed_by(device: bool, controller: bool) -> &'static str {
    match (device, controller) {
        (true, true) => "signed by the device and by the controller",
        (true, false) => "signed by the device alone",
        _ => "signed by the controller alone",
    }
}

impl Parts {
    pub(super) fn summary(&self) -> &'static str {
        let has = |role| self.headers.iter().any(|(other, _)| *other == role);
        signed_by(has(Role::Device), has(Role::Controller))
    }

    /// Step 3.
    pub(super) fn read_headers(self) -> Result<UnverifiedRecord, HeaderError> {
        let headers = self
            .headers
            .into_iter()
            .map(|(role, json)| Ok((Header::from_node(role, &json.node)?, json)));
        let headers = headers.collect::<Result<_, HeaderError>>()?;
        Ok(UnverifiedRecord {
            envelope: self.envelope,
            payload: self.payload,
            headers,
        })
    }
}

impl UnverifiedRecord {
    /// Reads an envelope as far as step 3, to learn what it claims: which form, which id.
    ///
    /// # Errors
    /// The first of the steps 1 to 3 that fails.
    pub fn read(bytes: &[u8]) -> Result<UnverifiedRecord, super::VerifyError> {
        let texts = read_json(bytes).map_err(super::VerifyError::Json)?;
        let parts = read_envelope(texts).map_err(super::VerifyError::Envelope)?;
        parts.read_headers().map_err(super::VerifyError::Headers)
    }

    pub(super) fn summary(&self) -> &'static str {
        signed_by(self.device().is_some(), self.controller().is_some())
    }

    /// The envelope.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// What the payload says, unverified.
    pub fn payload(&self) -> &Node {
        &self.payload.node
    }

    /// SHA-256 of the payload bytes: the record's content, however its signatures are spelled (§1, *Identity*).
    pub fn payload_digest(&self) -> Sha256Digest {
        Sha256Digest::of(&self.payload.bytes)
    }

    /// A text of the payload by RFC 6901 pointer, unverified: `/form/texts`, `/id`.
    pub fn claim(&self, pointer: &str) -> Option<&str> {
        self.payload.node.at(pointer)?.as_str()
    }

    /// The device signature and its header, where there is one.
    pub fn device(&self) -> Option<(&Signature, &DeviceHeader)> {
        self.signed().find_map(|(signature, header)| match header {
            Header::Device(device) => Some((signature, device)),
            Header::Controller(_) => None,
        })
    }

    /// The controller signature and its header, where there is one.
    pub fn controller(&self) -> Option<(&Signature, &ControllerHeader)> {
        self.signed().find_map(|(signature, header)| match header {
            Header::Controller(controller) => Some((signature, controller)),
            Header::Device(_) => None,
        })
    }

    fn signed(&self) -> impl Iterator<Item = (&Signature, &Header)> {
        self.envelope
            .signatures
            .iter()
            .zip(self.headers.iter().map(|(header, _)| header))
    }

    /// Step 4.
    pub(super) fn check_canonical(&self) -> Result<(), CanonicalError> {
        let canonical = |json: &DecodedJson| canonicalize(&json.node) == json.bytes;
        if !canonical(&self.payload) {
            return Err(CanonicalError::Payload);
        }
        let headers = self.headers.iter().all(|(_, json)| canonical(json));
        if headers { Ok(()) } else { Err(CanonicalError::Header) }
    }
}

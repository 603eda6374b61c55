//! Signing: the collector's countersignature, behind a trait so that a KMS or a PKCS#11 token fits.
//!
//! The widget does not come here: it signs with WebCrypto, and forgets the key.

use std::fmt;

use crate::{
    base64url,
    envelope::{Envelope, Signature},
    header::{ControllerHeader, Role, device_signature_digest},
    record::Record,
    time::Timestamp,
};

#[cfg(feature = "ring")]
mod ring;

#[cfg(feature = "ring")]
pub use self::ring::RingSigner;

/// Whoever holds the controller's private key.
pub trait RecordSigner {
    /// Thumbprint of the public key.
    fn key_id(&self) -> &str;

    /// ES256 over the message: `r ‖ s` (RFC 7518 §3.4).
    ///
    /// # Errors
    /// The key cannot be used now.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError>;
}

/// Adds the controller's signature: the record becomes a receipt (`spec/record.md` §1).
///
/// # Errors
/// There is a controller signature already, or the key cannot be used.
pub fn countersign(envelope: &Envelope, rcv: Timestamp, signer: &dyn RecordSigner) -> Result<Envelope, SignError> {
    if envelope.signature(Role::Controller).is_some() {
        return Err(SignError::AlreadySigned);
    }
    let dsig = envelope
        .signature(Role::Device)
        .map(|device| device_signature_digest(&device.protected, &envelope.payload, &device.signature));
    let header = ControllerHeader {
        kid: signer.key_id().to_owned(),
        rcv,
        dsig,
    };
    let mut receipt = envelope.clone();
    let mut added = Signature {
        protected: base64url::encode(&header.to_canonical()),
        signature: String::new(),
    };
    added.signature = base64url::encode(&signer.sign(&added.signing_input(&receipt.payload))?);
    receipt.signatures.push(added);
    Ok(receipt)
}

/// Signs a record that no device signed: the plain form's, and every later event.
///
/// # Errors
/// The key cannot be used.
pub fn seal(record: &Record, rcv: Timestamp, signer: &dyn RecordSigner) -> Result<Envelope, SignError> {
    let unsigned = Envelope {
        payload: base64url::encode(&record.to_canonical()),
        signatures: Vec::new(),
    };
    countersign(&unsigned, rcv, signer)
}

/// Why nothing was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The envelope has a controller signature.
    AlreadySigned,
    /// The key is no PKCS#8 document of a P-256 key.
    Key,
    /// The signer could not sign now.
    Unavailable,
}

impl fmt::Display for SignError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            SignError::AlreadySigned => "the envelope has a controller signature already",
            SignError::Key => "the key is no PKCS#8 document of a P-256 key",
            SignError::Unavailable => "the signing key cannot be used now",
        })
    }
}

impl std::error::Error for SignError {}

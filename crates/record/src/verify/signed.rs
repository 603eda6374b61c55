//! Steps 5 and 6: each signature with its own key, and the one bound to the other.

use std::fmt;

use super::UnverifiedRecord;
use crate::{
    base64url,
    header::{ControllerHeader, device_signature_digest},
    key::{Jwk, KeySet, KeyTimeError},
};

/// Whoever can verify ES256: ring, WebCrypto, a hardware module.
pub trait SignatureVerifier {
    /// Is `r ‖ s` a signature of the message by this key (RFC 7518 §3.4)? A key that is no point of the curve: no.
    fn is_good(&self, key: &Jwk, message: &[u8], signature: &[u8]) -> bool;
}

/// Verifies by ring.
#[cfg(feature = "ring")]
#[derive(Debug, Clone, Copy, Default)]
pub struct RingVerifier;

#[cfg(feature = "ring")]
impl SignatureVerifier for RingVerifier {
    fn is_good(&self, key: &Jwk, message: &[u8], signature: &[u8]) -> bool {
        use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.to_uncompressed_point());
        key.verify(message, signature).is_ok()
    }
}

/// A signature that is not good (step 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureError {
    /// The device signature is not by the key in its header.
    Device,
    /// No key of that `kid` is published.
    UnknownKey,
    /// The published key could not sign at `rcv`.
    KeyNotValid(KeyTimeError),
    /// The controller signature is not by the published key.
    Controller,
}

impl fmt::Display for SignatureError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            SignatureError::Device => "the device signature does not verify with the key in its header",
            SignatureError::UnknownKey => "the controller's key is not among the published ones",
            SignatureError::KeyNotValid(KeyTimeError::NotYet) => "the controller's key was not valid yet at rcv",
            SignatureError::KeyNotValid(KeyTimeError::Retired) => "the controller's key was retired before rcv",
            SignatureError::KeyNotValid(KeyTimeError::Revoked) => {
                "the controller's key is revoked; only a log proof older than that could help"
            }
            SignatureError::Controller => "the controller signature does not verify with the published key",
        })
    }
}

impl std::error::Error for SignatureError {}

/// The controller signed over another device signature than the one that is there (step 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BindingError {
    /// `dsig` names another device signature.
    OtherSignature,
    /// `dsig` names a device signature, and there is none.
    SignatureGone,
    /// There is a device signature, and no `dsig`.
    SignatureAdded,
}

impl fmt::Display for BindingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            BindingError::OtherSignature => "dsig does not match the device signature that is here",
            BindingError::SignatureGone => "dsig stands for a device signature that is not here",
            BindingError::SignatureAdded => "there is a device signature that the controller did not sign over",
        })
    }
}

impl std::error::Error for BindingError {}

/// Step 5. `Ok(false)`: the controller's signature could not be checked, because no keys were supplied.
pub(super) fn check_signatures(
    record: &UnverifiedRecord,
    keys: Option<&KeySet>,
    verifier: &dyn SignatureVerifier,
) -> Result<bool, SignatureError> {
    let payload = &record.envelope().payload;
    if let Some((signature, header)) = record.device() {
        let bytes = base64url::decode(&signature.signature).unwrap_or_default();
        if !verifier.is_good(&header.jwk, &signature.signing_input(payload), &bytes) {
            return Err(SignatureError::Device);
        }
    }
    let Some((signature, header)) = record.controller() else {
        return Ok(true);
    };
    let Some(keys) = keys else { return Ok(false) };
    let key = published_key(keys, header)?;
    let bytes = base64url::decode(&signature.signature).unwrap_or_default();
    if verifier.is_good(key, &signature.signing_input(payload), &bytes) {
        Ok(true)
    } else {
        Err(SignatureError::Controller)
    }
}

/// The key of that `kid`. Where it is published twice, the stricter entry counts.
fn published_key<'a>(keys: &'a KeySet, header: &ControllerHeader) -> Result<&'a Jwk, SignatureError> {
    let mut found = Err(SignatureError::UnknownKey);
    for key in keys.keys.iter().filter(|key| key.kid() == header.kid) {
        key.check_valid_at(header.rcv).map_err(SignatureError::KeyNotValid)?;
        found = Ok(&key.jwk);
    }
    found
}

/// Step 6. `Ok(false)`: there is no controller signature that could be bound.
pub(super) fn check_binding(record: &UnverifiedRecord) -> Result<bool, BindingError> {
    let Some((_, controller)) = record.controller() else {
        return Ok(false);
    };
    match (record.device(), &controller.dsig) {
        (None, None) => Ok(true),
        (None, Some(_)) => Err(BindingError::SignatureGone),
        (Some(_), None) => Err(BindingError::SignatureAdded),
        (Some((device, _)), Some(dsig)) => {
            let payload = &record.envelope().payload;
            let actual = device_signature_digest(&device.protected, payload, &device.signature);
            if actual == *dsig {
                Ok(true)
            } else {
                Err(BindingError::OtherSignature)
            }
        }
    }
}

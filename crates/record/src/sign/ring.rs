//! A signer that holds its key in memory, by ring.

use std::fmt;

use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};

use super::{RecordSigner, SignError};
use crate::key::Jwk;

/// A P-256 key in memory.
pub struct RingSigner {
    pair: EcdsaKeyPair,
    /// ring mixes randomness into the nonce; the caller brings it, as everything here that is not a pure function.
    random: SystemRandom,
    jwk: Jwk,
    key_id: String,
}

impl RingSigner {
    /// Takes a key as PKCS#8 (RFC 5958) version 1, with its public half.
    ///
    /// # Errors
    /// [`SignError::Key`] if it is none.
    pub fn from_pkcs8(pkcs8: &[u8], random: SystemRandom) -> Result<RingSigner, SignError> {
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &random).map_err(|_| SignError::Key)?;
        let jwk = Jwk::from_uncompressed_point(pair.public_key().as_ref()).ok_or(SignError::Key)?;
        let key_id = jwk.thumbprint();
        Ok(RingSigner {
            pair,
            random,
            jwk,
            key_id,
        })
    }

    /// The public key.
    pub fn jwk(&self) -> &Jwk {
        &self.jwk
    }
}

impl RecordSigner for RingSigner {
    fn key_id(&self) -> &str {
        &self.key_id
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
        let signature = self
            .pair
            .sign(&self.random, message)
            .map_err(|_| SignError::Unavailable)?;
        signature.as_ref().try_into().map_err(|_| SignError::Unavailable)
    }
}

impl fmt::Debug for RingSigner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RingSigner")
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

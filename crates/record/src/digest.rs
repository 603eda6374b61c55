//! SHA-256 digests, and their two spellings: bare (`b64u`) and with the name in front (`sha256-…`).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

use crate::{base64url, canonical::canonical_json};

const PREFIX: &str = "sha256-";

/// A SHA-256 digest. Serde writes and reads it as `sha256-` and base64url.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sha256Digest([u8; 32]);

impl Sha256Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Sha256Digest {
        Sha256Digest(Sha256::digest(bytes).into())
    }

    /// The digest of a JSON value's canonical bytes (`form.version` and `form.texts`, `spec/record.md` §3).
    pub fn of_json(value: &serde_json::Value) -> Sha256Digest {
        Sha256Digest::of(&canonical_json(value))
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Bare base64url: thumbprints, `dsig`, members of `_sd`.
    pub fn to_b64u(self) -> String {
        base64url::encode(&self.0)
    }

    /// `sha256-` and base64url: versions and texts.
    pub fn to_text(self) -> String {
        format!("{PREFIX}{}", self.to_b64u())
    }

    /// Reads the bare spelling.
    ///
    /// # Errors
    /// Anything but strict base64url of 32 bytes.
    pub fn from_b64u(text: &str) -> Result<Sha256Digest, DigestError> {
        let bytes = base64url::decode(text).map_err(|_| DigestError)?;
        bytes.try_into().map(Sha256Digest).map_err(|_| DigestError)
    }
}

impl fmt::Display for Sha256Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_text())
    }
}

impl FromStr for Sha256Digest {
    type Err = DigestError;
    fn from_str(text: &str) -> Result<Sha256Digest, DigestError> {
        Sha256Digest::from_b64u(text.strip_prefix(PREFIX).ok_or(DigestError)?)
    }
}

impl Serialize for Sha256Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

impl<'de> Deserialize<'de> for Sha256Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Sha256Digest, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// A text that spells no SHA-256 digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DigestError;

impl fmt::Display for DigestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a SHA-256 digest in base64url")
    }
}

impl std::error::Error for DigestError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        // FIPS 180-4 example "abc": https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
        let digest = Sha256Digest::of(b"abc");
        assert_eq!(digest.to_text(), "sha256-ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
        assert_eq!(digest.to_text().parse(), Ok(digest));
        assert_eq!(Sha256Digest::from_b64u(&digest.to_b64u()), Ok(digest));
        for text in [
            "",
            "sha256-",
            "SHA256-ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0",
            "sha256-AAAA",
        ] {
            assert_eq!(text.parse::<Sha256Digest>(), Err(DigestError), "{text}");
        }
    }
}

//! Base64url without padding, strictly: one spelling per byte string (`b64u` of `spec/record.md`).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A text that is not the base64url spelling of anything: padding, white space, a foreign letter, or trailing bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Base64urlError;

impl fmt::Display for Base64urlError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not strict base64url: no padding, no white space, trailing bits zero")
    }
}

impl std::error::Error for Base64urlError {}

/// Spells bytes.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads the one spelling of some bytes.
///
/// # Errors
/// Anything but that spelling: RFC 4648 §3.5 lets decoders ignore trailing bits, which would give a signature several
/// texts (`spec/record.md` §2, step 2).
pub fn decode(text: &str) -> Result<Vec<u8>, Base64urlError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Base64urlError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_only() {
        for (text, bytes) in [("", &b""[..]), ("-_8", &[0xfb, 0xff]), ("Zg", b"f")] {
            assert_eq!(decode(text).as_deref(), Ok(bytes), "{text}");
            assert_eq!(encode(bytes), text);
        }
        for text in ["Zg==", "Zh", "Zg\n", " Zg", "+/8", "Z", "Zm9v.", "Zg=", "Zé"] {
            assert_eq!(decode(text), Err(Base64urlError), "{text}");
        }
    }
}

//! base64url without padding (RFC 4648 §5), for the browser: salts, digests, signatures.
//!
//! The crate `base64` does more and weighs more; what arrives from outside is judged by the collector's strict decoder,
//! and here by whether the signature verifies.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub fn encode(bytes: &[u8]) -> String {
    // Bytes and not characters: a visitor waits while a record of several thousand is spelled.
    let mut text = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at| u32::from(group.get(at).copied().unwrap_or_default());
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..=group.len() {
            let index = (word >> (18 - 6 * at)) & 63;
            text.push(ALPHABET[index as usize]);
        }
    }
    String::from_utf8(text).unwrap_or_default()
}

/// The bytes; `None` for a character or a length that base64url does not have.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for group in text.as_bytes().chunks(4) {
        let mut word = 0;
        for (at, letter) in group.iter().enumerate() {
            let index = ALPHABET.iter().position(|candidate| candidate == letter)?;
            word |= u32::try_from(index).ok()? << (18 - 6 * at);
        }
        let length = group.len().checked_sub(1).filter(|length| *length > 0)?;
        bytes.extend_from_slice(&word.to_be_bytes()[1..=length]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        // RFC 4648 §10, without padding and in the alphabet for URLs.
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg"),
            (b"fo", "Zm8"),
            (b"foo", "Zm9v"),
            (b"foobar", "Zm9vYmFy"),
            (b"\xfb\xff", "-_8"),
        ] {
            assert_eq!(encode(bytes), text);
            assert_eq!(decode(text).as_deref(), Some(bytes), "{text}");
        }
        for bad in ["A", "Zg==", "Zm 8", "Zm+v"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }
}

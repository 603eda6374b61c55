//! Hashes: subresource integrity for the page, and keys for the build cache.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha384};

/// The value of an `integrity` attribute.
pub(crate) fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

/// What `style-src` names to let an inline style with this content in.
pub(crate) fn content_hash(bytes: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(bytes)))
}

/// SHA-256 over several parts, each with its length before it, so that parts cannot run into each other.
pub(crate) fn hexadecimal(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{hexadecimal, integrity};

    #[test]
    fn integrity_is_what_browsers_compute() {
        // https://www.w3.org/TR/SRI/#integrity-metadata-description
        let expected = "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO";
        assert_eq!(integrity(b"alert('Hello, world.');"), expected);
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(hexadecimal(&[b"ab", b"c"]), hexadecimal(&[b"a", b"bc"]));
    }
}

//! What the single members of a record may look like, and how a JSON value becomes a typed one.

use serde::de::DeserializeOwned;
use serde_json::Value;
use unicode_normalization::is_nfc;

use super::SchemaError;

/// The format id of a payload (`spec/record.md` §3).
pub const FORMAT: &str = "candor-record/1";

/// The ISO/IEC TS 27560 profile that a record follows (§3, `conformsTo`).
pub const CONFORMS_TO: &str = "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr";

/// How the members of `_sd` are hashed (§3, `_sd_alg`).
pub const SD_ALGORITHM: &str = "sha-256";

/// Reads a typed value. Serde's own messages quote what was written, which may be personal: only the place is kept.
pub(super) fn typed<T: DeserializeOwned>(json: &Value) -> Result<T, SchemaError> {
    serde_path_to_error::deserialize(json).map_err(|error| {
        let place = match error.path().to_string() {
            root if root == "." => "the record".to_owned(),
            path => path,
        };
        let message = error.inner().to_string();
        if let Some(rest) = message.strip_prefix("missing field ") {
            return SchemaError::Missing(format!("{} in {place}", rest.replace('`', "")));
        }
        if message.starts_with("unknown field") {
            // The path ends with the unknown name itself, which is not ours to repeat.
            let parent = place.rsplit_once('.').map_or("the record", |(parent, _)| parent);
            return SchemaError::Unknown(parent.to_owned());
        }
        SchemaError::Invalid(place)
    })
}

/// Is this an origin (RFC 6454 §6.2): scheme, host and, unless it is the scheme's own, port?
pub fn is_origin(text: &str) -> bool {
    let Some((scheme, authority)) = text.split_once("://") else {
        return false;
    };
    let scheme_holds = scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.'));
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    scheme_holds && is_host(host) && port.is_none_or(|port| is_port(scheme, port))
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let label_holds = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
    };
    host.len() <= 253 && host.split('.').all(label_holds)
}

fn is_port(scheme: &str, port: &str) -> bool {
    let spelled_shortly = !port.starts_with('0') && port.bytes().all(|byte| byte.is_ascii_digit());
    let default = matches!((scheme, port), ("http", "80") | ("https", "443"));
    spelled_shortly && !default && port.parse::<u16>().is_ok()
}

/// Is this an absolute web address? Schemes are of either case (RFC 3986 §3.1).
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let is_web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    is_web && !rest.is_empty() && !rest.starts_with(['/', '?', '#']) && has_no_white_space(text)
}

/// Is this a web address, or a path of the same site (`spec/definition.md`, *refused*)?
pub(super) fn is_url_or_path(text: &str) -> bool {
    let is_path = text.starts_with('/') && !text.starts_with("//") && has_no_white_space(text);
    is_path || is_url(text)
}

/// Is this shaped like an e-mail address? Whether it exists is for others to say.
pub(super) fn is_email(text: &str) -> bool {
    let parts = text.rsplit_once('@');
    parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty()) && has_no_white_space(text)
}

fn has_no_white_space(text: &str) -> bool {
    !text
        .chars()
        .any(|character| character.is_whitespace() || character.is_control())
}

/// Is this a text with something in it?
pub(super) fn is_text(text: &str) -> bool {
    !text.trim().is_empty()
}

/// Is this shaped like an ISO 3166-1 alpha-2 code?
pub(super) fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Is this a well-formed BCP 47 tag: a language, then subtags of one to eight letters and digits?
pub(super) fn is_language(text: &str) -> bool {
    let mut subtags = text.split('-');
    let primary = subtags.next().unwrap_or_default();
    let primary_holds = (2..=8).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_alphabetic());
    primary_holds && subtags.all(|tag| (1..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Is this an article of the GDPR as DPV spells it: `A15`, `A7-3`, `A46-2-c`?
pub(super) fn is_article(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('A') else {
        return false;
    };
    let mut parts = rest.split('-');
    let number = |part: &str| {
        (1..=2).contains(&part.len()) && !part.starts_with('0') && part.bytes().all(|b| b.is_ascii_digit())
    };
    let letter = |part: &str| part.len() == 1 && part.bytes().all(|b| b.is_ascii_lowercase());
    parts.next().is_some_and(number) && parts.all(|part| number(part) || letter(part))
}

/// Is this a mechanism of chapter V: `A45-3`, `A46-2-c`, `A49-1-a`?
pub(super) fn is_transfer_mechanism(text: &str) -> bool {
    let article = text.split('-').next().unwrap_or_default();
    is_article(text) && matches!(article, "A45" | "A46" | "A47" | "A48" | "A49")
}

/// Is this subresource integrity metadata (W3C SRI §3.5)?
pub(super) fn is_integrity(text: &str) -> bool {
    let hash = |item: &str| {
        let value = ["sha256-", "sha384-", "sha512-"]
            .iter()
            .find_map(|prefix| item.strip_prefix(prefix));
        value.is_some_and(|value| {
            let digits = value.trim_end_matches('=');
            value.len() % 4 == 0
                && !digits.is_empty()
                && digits
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
        })
    };
    !text.is_empty() && text.split(' ').all(hash)
}

/// Is the text as §5 says it is read: NFC, trimmed, white space collapsed to single spaces?
///
/// White space is what HTML collapses. A no-break space is a character of the text: French needs it.
pub(super) fn is_read_back(text: &str) -> bool {
    let collapsed = !text.contains(['\t', '\n', '\r', '\u{c}']) && !text.contains("  ");
    !text.is_empty() && collapsed && !text.starts_with(' ') && !text.ends_with(' ') && is_nfc(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, holds: fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(holds(text), "{name} should accept {text:?}");
        }
        for text in bad {
            assert!(!holds(text), "{name} should refuse {text:?}");
        }
    }

    #[test]
    fn shapes() {
        check(
            "origin",
            is_origin,
            &[
                "https://www.acme.example",
                "http://localhost:8080",
                "http://127.0.0.1:1",
                "http://[::1]:8080",
                "https://xn--caf-dma.example",
            ],
            &[
                "",
                "null",
                "https://",
                "https://a.example/",
                "https://a.example/x",
                "https://A.example",
                "https://a.example:443",
                "http://a.example:80",
                "https://a.example:",
                "https://u@a.example",
                "https://a.example?x",
                "https://a.example#x",
                "a.example",
                "//a.example",
                "https://a.example:99999",
                "https://a.example:080",
                "https://a..example",
                "HTTPS://a.example",
                "https://a b.example",
                "https://a.example:80:80",
                "https://café.example",
            ],
        );
        check(
            "url",
            is_url,
            &[
                "https://acme.example",
                "HTTPS://acme.example",
                "http://127.0.0.1:8080/m?x#y",
            ],
            &["", "/m", "javascript:alert(1)", "https://", "https:///x", "https://a b"],
        );
        check(
            "policy",
            is_url_or_path,
            &["https://acme.example/p", "/p"],
            &["//evil.example", "p", ""],
        );
        check(
            "email",
            is_email,
            &["a@b", "\u{e9}@x.example"],
            &["", "a", "@b", "a@", "a @b"],
        );
        check("country", is_country, &["FR", "US"], &["", "fr", "FRA", "F1"]);
        check(
            "language",
            is_language,
            &["fr", "en-GB", "zh-Hant-TW"],
            &["", "f", "fr_FR", "fr-", "123", "français"],
        );
        check(
            "article",
            is_article,
            &["A7-3", "A15", "A77", "A46-2-c"],
            &["", "A", "7-3", "A7-", "A7.3", "A07", "a15", "A15-cd"],
        );
        check(
            "mechanism",
            is_transfer_mechanism,
            &["A45-3", "A46-2-c", "A49-1-a"],
            &["A7-3", "A4-6", "SCC", ""],
        );
        check(
            "integrity",
            is_integrity,
            &[
                "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
                "sha384-AAAA sha512-AAAA",
            ],
            &["", "md5-AAAA", "sha256-", "sha256-A"],
        );
        check(
            "read back",
            is_read_back,
            &["Prénom", "a b", "« a »"],
            &["", " a", "a ", "a  b", "a\nb", "e\u{301}"],
        );
    }
}

//! A mailbox as it is compared (record.md §6): NFC, local part in ASCII lower case, domain as A-label; dots and plus signs are kept.
//! Refuses what no mail could reach, such as an address without a domain; it does not ask whether the mailbox exists.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// The compared form of an e-mail address.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Mailbox(String);

impl fmt::Debug for Mailbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Mailbox(personal)")
    }
}

/// Not an address that mail can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a complete e-mail address")]
pub struct NotAMailbox;

/// RFC 5321 §4.5.3.1.3 leaves 254 characters for an address: a path has 256, with its angle brackets.
pub const MAX_LEN: usize = 254;
/// RFC 5321 §4.5.3.1.1.
const MAX_LOCAL_LEN: usize = 64;

impl Mailbox {
    pub fn parse(text: &str) -> Result<Self, NotAMailbox> {
        let text: String = text.trim().nfc().collect();
        let (local, domain) = text.rsplit_once('@').ok_or(NotAMailbox)?;
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| NotAMailbox)?;
        let mailbox = format!("{}@{domain}", local.to_ascii_lowercase());
        if mailbox.len() > MAX_LEN || !is_local_part(local) || !is_domain(&domain) {
            return Err(NotAMailbox);
        }
        Ok(Self(mailbox))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The dot-atom of RFC 5322 with the letters of RFC 6531; quoted local parts are refused, nobody has one.
fn is_local_part(local: &str) -> bool {
    let allowed = |character: char| {
        character.is_ascii_alphanumeric()
            || "!#$%&'*+-/=?^_`{|}~.".contains(character)
            || (!character.is_ascii() && character.is_alphanumeric())
    };
    !local.is_empty()
        && local.len() <= MAX_LOCAL_LEN
        && local.chars().all(allowed)
        && local.split('.').all(|atom| !atom.is_empty())
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(allowed)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let numeric_end = domain
        .rsplit('.')
        .next()
        .is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    domain.contains('.') && !numeric_end && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes_are_compared_by_the_rule() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(
                Mailbox::parse(text).ok().as_ref().map(Mailbox::as_str),
                expected,
                "{text:?}"
            )
        };
        check("ada@example.org", Some("ada@example.org"));
        check("  Ada.Love+news@Example.ORG ", Some("ada.love+news@example.org"));
        check("ada@bücher.example", Some("ada@xn--bcher-kva.example"));
        check("jose\u{301}@example.org", Some("jos\u{e9}@example.org"));
        check("ada@", None);
        check("@example.org", None);
        check("ada", None);
        check("ada@localhost", None);
        check("ada@192.0.2.1", None);
        check("ada lovelace@example.org", None);
        check("ada..l@example.org", None);
        check("ada@exa mple.org", None);
        check("ada@-example.org", None);
        check("ada\r\nBcc: eve@example.org", None);
        check("\"ada\"@example.org", None);
        check(&format!("{}@example.org", "a".repeat(65)), None);
        check(&format!("a@{}.org", "e".repeat(300)), None);
    }
}

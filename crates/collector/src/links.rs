//! Links in mails and answers: an HMAC by a server key over kind, subject and counter.
//! Refuses a token of another kind, so that a link that shows cannot confirm. Read next: `store.rs` (`links`: expiry, revocation).

use std::fmt;

use candor_record::base64url;
use ring::hmac;
use uuid::Uuid;

/// What a link is for; a token of one kind is worth nothing as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    Confirm,
    Manage,
    Download,
    Receipt,
    /// Everything about a person; short-lived, and only ever mailed.
    Person,
    /// The choices of a renewal, and nothing else of the person.
    Renew,
    /// Ends what one letter was about: its subject is the person, its counter the letter's row. It has no row of its
    /// own, and lives as long as the letter's.
    Unsubscribe,
}

impl LinkKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Manage => "manage",
            Self::Download => "download",
            Self::Receipt => "receipt",
            Self::Person => "person",
            Self::Renew => "renew",
            Self::Unsubscribe => "unsubscribe",
        }
    }
}

/// What a genuine token names; whether it still lives is the store's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkTarget {
    pub kind: LinkKind,
    /// A record; for `Person`, `Renew` and `Unsubscribe` a person.
    pub subject: Uuid,
    pub counter: u32,
}

/// The server's link key.
#[derive(Clone)]
pub struct LinkKey(hmac::Key);

impl fmt::Debug for LinkKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LinkKey(…)")
    }
}

/// 128 bits of the HMAC: nobody guesses that, and the link stays short enough for a mail.
const TAG_LEN: usize = 16;
const TOKEN_LEN: usize = 16 + 4 + TAG_LEN;

impl LinkKey {
    pub const LEN: usize = 32;

    pub fn new(secret: &[u8; Self::LEN]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    pub fn token(&self, target: LinkTarget) -> String {
        let mut bytes = Vec::with_capacity(TOKEN_LEN);
        bytes.extend_from_slice(target.subject.as_bytes());
        bytes.extend_from_slice(&target.counter.to_be_bytes());
        let tag = self.tag(target.kind, &bytes);
        bytes.extend_from_slice(&tag.as_ref()[..TAG_LEN]);
        base64url::encode(&bytes)
    }

    /// Reads a token of this kind; `None` for anything else, without saying what was wrong.
    pub fn read(&self, kind: LinkKind, token: &str) -> Option<LinkTarget> {
        if token.len() > 2 * TOKEN_LEN {
            return None;
        }
        let bytes = base64url::decode(token).ok()?;
        let (named, tag) = bytes.split_at_checked(TOKEN_LEN - TAG_LEN)?;
        let expected = self.tag(kind, named);
        // Compared as HMACs of themselves: equal time, whatever differs.
        let same = tag.len() == TAG_LEN
            && self.fingerprint(tag).as_ref() == self.fingerprint(&expected.as_ref()[..TAG_LEN]).as_ref();
        same.then(|| {
            let (subject, counter) = named.split_at(16);
            Some(LinkTarget {
                kind,
                subject: Uuid::from_slice(subject).ok()?,
                counter: u32::from_be_bytes(counter.try_into().ok()?),
            })
        })?
    }

    /// A keyed digest of anything: what must be recognised again but not be readable in the database.
    pub fn fingerprint(&self, bytes: &[u8]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(b"candor fingerprint\0");
        context.update(bytes);
        context.sign()
    }

    /// A key of its own for another use: what is signed for one is worth nothing for another.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(b"candor derived\0");
        context.update(purpose.as_bytes());
        context.sign().as_ref().try_into().expect("SHA-256 has 32 bytes")
    }

    fn tag(&self, kind: LinkKind, named: &[u8]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(b"candor link\0");
        context.update(kind.as_str().as_bytes());
        context.update(b"\0");
        context.update(named);
        context.sign()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: LinkTarget = LinkTarget {
        kind: LinkKind::Confirm,
        subject: Uuid::from_u128(7),
        counter: 1,
    };

    #[test]
    fn a_token_opens_what_it_was_made_for_and_nothing_else() {
        let key = LinkKey::new(&[1; 32]);
        let token = key.token(TARGET);
        assert_eq!(key.read(LinkKind::Confirm, &token), Some(TARGET));
        for kind in [
            LinkKind::Manage,
            LinkKind::Download,
            LinkKind::Receipt,
            LinkKind::Person,
            LinkKind::Renew,
            LinkKind::Unsubscribe,
        ] {
            assert_eq!(key.read(kind, &token), None, "{kind:?}");
        }
        assert_eq!(LinkKey::new(&[2; 32]).read(LinkKind::Confirm, &token), None);
        for wrong in [
            "",
            "a",
            "!!!!",
            &token[..47],
            &format!("{token}A"),
            &"A".repeat(48),
            &"A".repeat(100_000),
        ] {
            assert_eq!(
                key.read(LinkKind::Confirm, wrong),
                None,
                "{}",
                &wrong[..wrong.len().min(60)]
            );
        }
    }

    #[test]
    fn one_flipped_character_never_opens() {
        let key = LinkKey::new(&[1; 32]);
        let token = key.token(TARGET);
        for at in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let flipped = String::from_utf8(bytes).expect("ASCII");
            assert_eq!(key.read(LinkKind::Confirm, &flipped), None, "{flipped}");
        }
    }
}

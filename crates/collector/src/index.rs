//! Keyed hashes by which a mailbox or a telephone number is found again without standing in the database.
//! Refuses to be reversible: whoever has the file but not the key cannot try addresses. Read next: `store/people.rs`.

use std::{fmt, path::Path};

use ring::hmac;

use crate::{
    clock::Random,
    keys::{KeyError, secret},
    mailbox::Mailbox,
};

/// What a keyed hash stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AddressKind {
    Email,
    Phone,
}

impl AddressKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Email, Self::Phone]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// The keyed hash of a mailbox or of a number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AddressKey(pub Vec<u8>);

impl fmt::Debug for AddressKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AddressKey(…)")
    }
}

/// The key of the index: `DATA/keys/index.secret`.
#[derive(Clone)]
pub struct IndexKey(hmac::Key);

impl fmt::Debug for IndexKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("IndexKey(…)")
    }
}

impl IndexKey {
    const LEN: usize = 32;

    /// Reads the key, or makes it.
    pub fn open(data: &Path, random: &dyn Random) -> Result<Self, KeyError> {
        let secret: [u8; Self::LEN] = secret(&data.join("keys/index.secret"), random)?;
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &secret)))
    }

    pub fn mailbox(&self, mailbox: &Mailbox) -> AddressKey {
        self.hash(AddressKind::Email, mailbox.as_str())
    }

    /// A number in E.164: spaces, dots and brackets are the caller's to remove.
    pub fn phone(&self, e164: &str) -> AddressKey {
        self.hash(AddressKind::Phone, e164)
    }

    /// Of anything else that must be recognised but not read, such as a list of disclosures.
    pub fn fingerprint<'a>(&self, parts: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
        let mut context = self.context("fingerprint");
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part.as_bytes());
        }
        context.sign().as_ref().to_vec()
    }

    fn hash(&self, kind: AddressKind, text: &str) -> AddressKey {
        let mut context = self.context(kind.as_str());
        context.update(text.as_bytes());
        AddressKey(context.sign().as_ref().to_vec())
    }

    fn context(&self, domain: &str) -> hmac::Context {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(b"candor index\0");
        context.update(domain.as_bytes());
        context.update(b"\0");
        context
    }
}

/// The fingerprint of a submission's disclosures, in whatever order they came.
pub fn of_disclosures(index: &IndexKey, disclosures: &[String]) -> Vec<u8> {
    let mut sorted: Vec<&str> = disclosures.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    index.fingerprint(sorted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemRandomness;

    #[test]
    fn the_same_address_has_the_same_hash_under_the_same_key_only() {
        let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
        let open = |folder: &tempfile::TempDir| {
            std::fs::create_dir_all(folder.path().join("keys")).expect("made");
            IndexKey::open(folder.path(), &SystemRandomness).expect("opens")
        };
        let ada = Mailbox::parse("ada@example.org").expect("an address");
        let (one, again, other) = (open(&folders[0]), open(&folders[0]), open(&folders[1]));
        assert_eq!(one.mailbox(&ada), again.mailbox(&ada));
        assert_ne!(one.mailbox(&ada), other.mailbox(&ada));
        assert_ne!(one.mailbox(&ada), one.phone("ada@example.org"), "kinds are apart");
        assert_ne!(
            one.fingerprint(["ab", "c"]),
            one.fingerprint(["a", "bc"]),
            "parts are apart"
        );
    }
}

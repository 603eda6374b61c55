//! What people typed, sealed before it reaches the store: ChaCha20-Poly1305 (RFC 8439), each row with a nonce of its own.
//! Refuses to open what was sealed for another row, or by a key that is not in `DATA/keys/values`. The newest key seals;
//! older ones open until `candor keys rotate --values` has sealed everything anew.

use std::{
    collections::BTreeMap,
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::RwLock,
};

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    clock::Random,
    keys::{KeyError, private_folder, write_private},
};

mod renew;

pub use self::renew::{RenewError, renew};

/// What a submission says of its person.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// The address as it was typed, for mails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Its compared form (record.md §6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<String>,
    /// Telephone numbers in E.164, by field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub phones: BTreeMap<String, String>,
    pub disclosures: Vec<String>,
}

/// Sealed values as they are stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The number of the key.
    pub key: u32,
    /// Nonce, ciphertext, tag.
    pub bytes: Vec<u8>,
}

macro_rules! redacted_debug {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}
redacted_debug!(Values, Sealed, ValueKeys);

/// Why values cannot be read. It happens where keys and database do not belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    #[error("key {0:04} is not in DATA/keys/values; restore it from the backup")]
    KeyMissing(u32),
    #[error("sealed values do not open: keys and database do not belong together")]
    Unreadable,
}

/// The keys in `DATA/keys/values`, by number.
pub struct ValueKeys {
    folder: PathBuf,
    keys: RwLock<BTreeMap<u32, LessSafeKey>>,
}

const KEY_LEN: usize = 32;

impl ValueKeys {
    /// Reads the keys, or makes the first.
    pub fn open(data: &Path, random: &dyn Random) -> Result<Self, KeyError> {
        let folder = data.join("keys/values");
        private_folder(&folder)?;
        let mut keys = read_folder(&folder)?;
        if keys.is_empty() {
            make_key(&folder, 1, random)?;
            keys = read_folder(&folder)?;
        }
        Ok(Self {
            folder,
            keys: RwLock::new(keys),
        })
    }

    /// The number of the key that seals.
    pub fn current(&self) -> u32 {
        let keys = self.keys.read().expect("no panic while reading");
        keys.last_key_value().map_or(0, |(number, _)| *number)
    }

    /// Makes the next key; from now on it seals.
    pub fn rotate(&self, random: &dyn Random) -> Result<u32, KeyError> {
        self.reload()?;
        let next = self.current() + 1;
        make_key(&self.folder, next, random)?;
        self.reload()?;
        Ok(next)
    }

    /// Takes up what another process changed.
    pub fn reload(&self) -> Result<(), KeyError> {
        let keys = read_folder(&self.folder)?;
        *self.keys.write().expect("no panic while writing") = keys;
        Ok(())
    }

    /// Removes a key that seals nothing any more.
    pub fn retire(&self, number: u32) -> Result<(), KeyError> {
        let path = key_path(&self.folder, number);
        fs::remove_file(&path).map_err(|source| KeyError::Io { path, source })?;
        self.reload()
    }

    /// Every key's number, oldest first.
    pub fn numbers(&self) -> Vec<u32> {
        let keys = self.keys.read().expect("no panic while reading");
        keys.keys().copied().collect()
    }

    pub fn seal(&self, random: &dyn Random, record: Uuid, values: &Values) -> Result<Sealed, ValueError> {
        let plain = serde_json::to_vec(values).expect("texts are JSON");
        self.seal_bytes(random, Bound::Lead(record), plain)
    }

    /// The same for what is no lead's: bound to its row too.
    pub fn seal_bytes(&self, random: &dyn Random, bound: Bound, plain: Vec<u8>) -> Result<Sealed, ValueError> {
        self.follow();
        let keys = self.keys.read().expect("no panic while reading");
        let (number, key) = keys.last_key_value().ok_or(ValueError::KeyMissing(1))?;
        let mut nonce = [0; NONCE_LEN];
        random.fill(&mut nonce);
        let mut sealed = plain;
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), context(bound), &mut sealed)
            .map_err(|_| ValueError::Unreadable)?;
        Ok(Sealed {
            key: *number,
            bytes: [&nonce[..], &sealed].concat(),
        })
    }

    /// Takes up a key that another process made since the folder was read: two `stat` calls before each sealing.
    fn follow(&self) {
        let current = self.current();
        let is_newest = key_path(&self.folder, current).exists() && !key_path(&self.folder, current + 1).exists();
        if !is_newest && let Err(error) = self.reload() {
            // The store refuses what a replaced key has sealed: nothing is lost by going on.
            tracing::error!(%error, "the keys of the values have changed and cannot be read");
        }
    }

    pub fn unseal(&self, record: Uuid, sealed: &Sealed) -> Result<Values, ValueError> {
        let plain = self.unseal_bytes(Bound::Lead(record), sealed)?;
        serde_json::from_slice(&plain).map_err(|_| ValueError::Unreadable)
    }

    pub fn unseal_bytes(&self, bound: Bound, sealed: &Sealed) -> Result<Vec<u8>, ValueError> {
        match self.try_unseal(bound, sealed) {
            // Another process may have made a key since this one read the folder.
            Err(ValueError::KeyMissing(number)) => {
                self.reload().map_err(|_| ValueError::KeyMissing(number))?;
                self.try_unseal(bound, sealed)
            }
            outcome => outcome,
        }
    }

    fn try_unseal(&self, bound: Bound, sealed: &Sealed) -> Result<Vec<u8>, ValueError> {
        let keys = self.keys.read().expect("no panic while reading");
        let key = keys.get(&sealed.key).ok_or(ValueError::KeyMissing(sealed.key))?;
        let (nonce, rest) = sealed.bytes.split_at_checked(NONCE_LEN).ok_or(ValueError::Unreadable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| ValueError::Unreadable)?;
        let mut bytes = rest.to_vec();
        let plain = key
            .open_in_place(nonce, context(bound), &mut bytes)
            .map_err(|_| ValueError::Unreadable)?;
        Ok(plain.to_vec())
    }
}

/// To which row a sealed value belongs: moved to another one, it does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// What a submission says of its person.
    Lead(Uuid),
    /// Address, options and secrets of a receiver.
    Target(Uuid),
    /// By what a receiver knows a person.
    Remote(Uuid),
    /// What the owner's rules found of a lead.
    Qualification(Uuid),
}

fn context(bound: Bound) -> Aad<Vec<u8>> {
    let (domain, id) = match bound {
        Bound::Lead(id) => (b"candor lead\0".as_slice(), id),
        Bound::Target(id) => (b"candor target\0".as_slice(), id),
        Bound::Remote(id) => (b"candor remote\0".as_slice(), id),
        Bound::Qualification(id) => (b"candor qualification\0".as_slice(), id),
    };
    Aad::from([domain, id.as_bytes()].concat())
}

fn key_path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:04}.key"))
}

fn make_key(folder: &Path, number: u32, random: &dyn Random) -> Result<(), KeyError> {
    let mut secret = [0; KEY_LEN];
    random.fill(&mut secret);
    write_private(&key_path(folder, number), &secret)
}

fn read_folder(folder: &Path) -> Result<BTreeMap<u32, LessSafeKey>, KeyError> {
    let failed = |source| KeyError::Io {
        path: folder.to_owned(),
        source,
    };
    let mut keys = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
        let (Some(number), Some("key")) = (number, path.extension().and_then(|extension| extension.to_str())) else {
            continue;
        };
        let secret = match fs::read(&path) {
            // Retired by another process since the folder was listed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            secret => secret.map_err(failed)?,
        };
        let key = UnboundKey::new(&CHACHA20_POLY1305, &secret).map_err(|_| KeyError::Unreadable(path))?;
        keys.insert(number, LessSafeKey::new(key));
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemRandomness;

    fn ada() -> Values {
        Values {
            address: Some("Ada@example.org".into()),
            mailbox: Some("ada@example.org".into()),
            disclosures: vec!["a".into()],
            ..Values::default()
        }
    }

    #[test]
    fn values_open_in_their_row_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = ValueKeys::open(folder.path(), &SystemRandomness).expect("keys");
        let (row, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sealed = keys.seal(&SystemRandomness, row, &ada()).expect("sealed");
        let again = keys.seal(&SystemRandomness, row, &ada()).expect("sealed");
        assert!(sealed.bytes != again.bytes, "never the same twice");
        assert!(!String::from_utf8_lossy(&sealed.bytes).contains("example"));
        assert!(keys.unseal(row, &sealed) == Ok(ada()));
        assert!(keys.unseal(other, &sealed) == Err(ValueError::Unreadable));
        for at in 0..sealed.bytes.len() {
            let mut bent = sealed.clone();
            bent.bytes[at] ^= 1;
            assert!(keys.unseal(row, &bent) == Err(ValueError::Unreadable), "{at}");
        }
        for length in 0..NONCE_LEN + 16 {
            let cut = Sealed {
                key: sealed.key,
                bytes: sealed.bytes[..length].to_vec(),
            };
            assert!(keys.unseal(row, &cut) == Err(ValueError::Unreadable), "{length}");
        }
    }

    #[test]
    fn a_rotation_by_another_process_is_taken_up() {
        let folder = tempfile::tempdir().expect("a folder");
        let open = || ValueKeys::open(folder.path(), &SystemRandomness).expect("keys");
        let (server, command, row) = (open(), open(), Uuid::from_u128(1));
        let old = server.seal(&SystemRandomness, row, &ada()).expect("sealed");
        assert_eq!(command.rotate(&SystemRandomness).expect("made"), 2);
        let new = command.seal(&SystemRandomness, row, &ada()).expect("sealed");
        assert_eq!((old.key, new.key), (1, 2));
        assert!(
            server.unseal(row, &new) == Ok(ada()),
            "the server reads the folder again"
        );
        assert_eq!(server.current(), 2, "and seals with the new key from now on");
        assert_eq!(command.rotate(&SystemRandomness).expect("made"), 3);
        let newest = server.seal(&SystemRandomness, row, &ada()).expect("sealed");
        assert_eq!(newest.key, 3, "sealing looks for a newer key by itself");
        command.retire(1).expect("removed");
        assert!(command.unseal(row, &old) == Err(ValueError::KeyMissing(1)));
    }
}

//! The collector's keys: ES256 for receipts, an HMAC secret for links; made on first start, mode 600.
//! Refuses a folder whose keys do not fit together. The published half stands at `/.well-known/jwks.json`, for good.
//! Read next: `keys/live.rs` (changes are seen while running), `keys/change.rs` (rotation, revocation).

use std::{
    fmt, fs,
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use candor_record::{
    key::{KeySet, PublishedKey},
    sign::{RecordSigner, RingSigner},
};
use jiff::Timestamp;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};

use crate::{clock::Random, links::LinkKey};

pub mod change;
pub mod live;

/// What the collector signs with and what it publishes about it.
pub struct Keyring {
    pub signer: RingSigner,
    pub published: KeySet,
    pub links: LinkKey,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Keyring(…)")
    }
}

/// Why there are no keys to work with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{0}: not a key file of this collector")]
    Unreadable(PathBuf),
}

impl Keyring {
    /// Reads `DATA/keys`; makes what is missing.
    pub fn open(data: &Path, random: &dyn Random, now: Timestamp) -> Result<Self, KeyError> {
        let folder = data.join("keys");
        private_folder(&folder)?;
        secret::<{ LinkKey::LEN }>(&folder.join("links.secret"), random)?;
        let list = folder.join("jwks.json");
        if !list.exists() {
            let published = KeySet {
                keys: vec![make_signing_key(&folder, now)?],
            };
            write_private(&list, published.to_json().to_string().as_bytes())?;
        }
        Self::read(&folder)
    }

    /// Reads a folder of keys that is complete.
    pub fn read(folder: &Path) -> Result<Self, KeyError> {
        let links = LinkKey::new(&read_secret(&folder.join("links.secret"))?);
        let list = folder.join("jwks.json");
        let published = KeySet::parse(&read(&list)?).map_err(|_| KeyError::Unreadable(list.clone()))?;
        let current = published.keys.iter().rev().find(|key| is_current(key));
        let current = current.ok_or(KeyError::Unreadable(list))?;
        let path = private_path(folder, &current.kid());
        let signer = RingSigner::from_pkcs8(&read(&path)?, SystemRandom::new())
            .map_err(|_| KeyError::Unreadable(path.clone()))?;
        if signer.key_id() != current.kid() {
            return Err(KeyError::Unreadable(path));
        }
        Ok(Self {
            signer,
            published,
            links,
        })
    }
}

/// Neither retired nor revoked: a key that signs from now on.
fn is_current(key: &PublishedKey) -> bool {
    key.exp.is_none() && key.revoked.is_none()
}

fn private_path(folder: &Path, kid: &str) -> PathBuf {
    folder.join(format!("{kid}.pkcs8"))
}

fn make_signing_key(folder: &Path, now: Timestamp) -> Result<PublishedKey, KeyError> {
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
        .expect("the operating system gives random bytes");
    let signer =
        RingSigner::from_pkcs8(pkcs8.as_ref(), SystemRandom::new()).expect("ring reads the key that it just made");
    let published = PublishedKey {
        jwk: signer.jwk().clone(),
        nbf: now.as_second(),
        exp: None,
        revoked: None,
    };
    write_private(&private_path(folder, &published.kid()), pkcs8.as_ref())?;
    Ok(published)
}

/// Reads a secret of that length, or makes it.
pub fn secret<const LEN: usize>(path: &Path, random: &dyn Random) -> Result<[u8; LEN], KeyError> {
    if !path.exists() {
        let mut secret = [0; LEN];
        random.fill(&mut secret);
        write_private(path, &secret)?;
    }
    read_secret(path)
}

fn read_secret<const LEN: usize>(path: &Path) -> Result<[u8; LEN], KeyError> {
    read(path)?
        .try_into()
        .map_err(|_| KeyError::Unreadable(path.to_owned()))
}

fn read(path: &Path) -> Result<Vec<u8>, KeyError> {
    fs::read(path).map_err(|source| KeyError::Io {
        path: path.to_owned(),
        source,
    })
}

/// Makes a folder that only its owner enters; one that exists keeps its mode.
pub fn private_folder(path: &Path) -> Result<(), KeyError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|source| KeyError::Io {
            path: path.to_owned(),
            source,
        })
}

/// Writes beside and renames: a crash leaves the whole file or none.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    let failed = |source| KeyError::Io {
        path: path.to_owned(),
        source,
    };
    let beside = path.with_extension("new");
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&beside)
        .map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(failed)
}

//! Changing the signing keys while a server uses them: a new one, and the revocation of a stolen one.
//! Refuses to remove a published key: verifiers need it for as long as there are receipts. Read next: `keys/live.rs`.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use candor_record::key::KeySet;
use jiff::Timestamp;

use super::{KeyError, is_current, make_signing_key, read, write_private};

/// A retired key is good a little longer: requests under way sign with it. A request lasts 30 s at most.
const OVERLAP_SECS: i64 = 60;

/// Why a key was not changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error("no key has the id {0}; `candor keys list` shows them")]
    Unknown(String),
    #[error("a key is revoked from a time that has come, not from a later one")]
    Future,
    #[error("the key is revoked since {0}; an earlier time can be given, a later one not")]
    RevokedBefore(Timestamp),
}

/// Makes a new signing key and retires the others; returns its id.
pub fn rotate(folder: &Path, now: Timestamp) -> Result<String, ChangeError> {
    let _lock = lock_for_change(folder)?;
    Ok(replace(folder, read_list(folder)?, now)?)
}

/// Marks a key as compromised since `at`; where nothing else signs, makes a new one and returns its id.
pub fn revoke(folder: &Path, kid: &str, at: Timestamp, now: Timestamp) -> Result<Option<String>, ChangeError> {
    let _lock = lock_for_change(folder)?;
    if at > now {
        return Err(ChangeError::Future);
    }
    let mut list = read_list(folder)?;
    let key = list.keys.iter_mut().find(|key| key.kid() == kid);
    let key = key.ok_or_else(|| ChangeError::Unknown(kid.to_owned()))?;
    if let Some(revoked) = key.revoked
        && revoked < at.as_second()
    {
        return Err(ChangeError::RevokedBefore(
            Timestamp::from_second(revoked).unwrap_or(Timestamp::MIN),
        ));
    }
    key.revoked = Some(at.as_second());
    if list.keys.iter().any(is_current) {
        write_list(folder, &list)?;
        return Ok(None);
    }
    Ok(Some(replace(folder, list, now)?))
}

/// Private half, published list, old private halves: after a crash between two of them the folder still works.
fn replace(folder: &Path, mut list: KeySet, now: Timestamp) -> Result<String, KeyError> {
    let fresh = make_signing_key(folder, now)?;
    let kid = fresh.kid();
    for key in list.keys.iter_mut().filter(|key| is_current(key)) {
        key.exp = Some(now.as_second() + OVERLAP_SECS);
    }
    list.keys.push(fresh);
    write_list(folder, &list)?;
    delete_retired(folder, &kid)?;
    Ok(kid)
}

/// A retired key must not sign any more: its private half goes, also one that a crash has left behind.
fn delete_retired(folder: &Path, current: &str) -> Result<(), KeyError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        |source| KeyError::Io { path, source }
    };
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        let is_private = path.extension().is_some_and(|extension| extension == "pkcs8");
        if is_private && path.file_stem().is_none_or(|kid| kid != current) {
            fs::remove_file(&path).map_err(failed(&path))?;
        }
    }
    Ok(())
}

fn list_path(folder: &Path) -> PathBuf {
    folder.join("jwks.json")
}

fn read_list(folder: &Path) -> Result<KeySet, KeyError> {
    let path = list_path(folder);
    KeySet::parse(&read(&path)?).map_err(|_| KeyError::Unreadable(path))
}

fn write_list(folder: &Path, list: &KeySet) -> Result<(), KeyError> {
    write_private(&list_path(folder), list.to_json().to_string().as_bytes())
}

/// Alone in changing the folder, until it is dropped. Take it for every change of a key.
pub fn lock_for_change(folder: &Path) -> Result<File, KeyError> {
    lock(folder, File::lock)
}

/// Nobody changes the folder while this is held: for copying it.
pub fn lock_for_reading(folder: &Path) -> Result<File, KeyError> {
    lock(folder, File::lock_shared)
}

fn lock(folder: &Path, how: impl FnOnce(&File) -> io::Result<()>) -> Result<File, KeyError> {
    let locked = File::open(folder).and_then(|folder| how(&folder).map(|()| folder));
    locked.map_err(|source| KeyError::Io {
        path: folder.to_owned(),
        source,
    })
}

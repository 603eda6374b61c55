//! The keys as they stand on the disk: a change of the folder is seen at the next use, without a restart.
//! Refuses to lose a key that works: where the folder cannot be read, the keys read before stay, and the log says so.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use jiff::Timestamp;

use super::{KeyError, Keyring};
use crate::clock::Random;

/// What is looked at before each use: each change of a signing key ends with it. It is replaced by renaming, which is seen
/// as another inode or time. The keys of the values follow their own folder (`values.rs`).
const WATCHED: &str = "jwks.json";

/// The keyring, read anew when its folder has changed. Looking costs one `stat` call, about a microsecond.
#[derive(Debug)]
pub struct LiveKeys {
    folder: PathBuf,
    held: RwLock<Held>,
}

#[derive(Debug)]
struct Held {
    stamp: Stamp,
    keyring: Arc<Keyring>,
    /// The folder could not be read in this shape: said once.
    unreadable: Option<Stamp>,
}

impl LiveKeys {
    /// Opens the keys of a data folder; makes what is missing.
    pub fn open(data: &Path, random: &dyn Random, now: Timestamp) -> Result<Self, KeyError> {
        Keyring::open(data, random, now)?;
        let folder = data.join("keys");
        let stamp = Stamp::of(&folder);
        let held = Held {
            keyring: Arc::new(Keyring::read(&folder)?),
            stamp,
            unreadable: None,
        };
        Ok(Self {
            folder,
            held: RwLock::new(held),
        })
    }

    /// The keys of now. Take them once for what belongs together: what one signs with, the same one verifies.
    pub fn current(&self) -> Arc<Keyring> {
        let stamp = Stamp::of(&self.folder);
        {
            let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
            if held.stamp == stamp {
                return Arc::clone(&held.keyring);
            }
        }
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if held.stamp != stamp {
            held.read_again(&self.folder, stamp);
        }
        Arc::clone(&held.keyring)
    }
}

impl Held {
    /// The stamp is older than what is read: a change in between is seen at the next use.
    fn read_again(&mut self, folder: &Path, stamp: Stamp) {
        match Keyring::read(folder) {
            Ok(keyring) => {
                tracing::info!("the keys have changed and were read again");
                self.keyring = Arc::new(keyring);
                self.stamp = stamp;
                self.unreadable = None;
            }
            // Tried again at each use: it may be a moment between two changes, or a limit on open files.
            Err(error) if self.unreadable.as_ref() != Some(&stamp) => {
                tracing::error!(%error, "the keys have changed and cannot be read; the former ones stay in use");
                self.unreadable = Some(stamp);
            }
            Err(_) => {}
        }
    }
}

/// Inode, size and time of the watched file; `None` where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp(Option<(u64, u64, i64, i64)>);

impl Stamp {
    fn of(folder: &Path) -> Self {
        let found = fs::metadata(folder.join(WATCHED)).ok();
        Self(found.map(|found| (found.ino(), found.size(), found.mtime(), found.mtime_nsec())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::SystemRandomness,
        keys::{change, write_private},
    };
    use candor_record::sign::RecordSigner;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("in range")
    }

    fn signing(keys: &LiveKeys) -> String {
        keys.current().signer.key_id().to_owned()
    }

    #[test]
    fn a_change_is_seen_and_a_broken_one_is_waited_out() {
        let data = tempfile::tempdir().expect("a folder");
        let keys = LiveKeys::open(data.path(), &SystemRandomness, at(100)).expect("made");
        let first = signing(&keys);
        assert!(Arc::ptr_eq(&keys.current(), &keys.current()), "read once");
        let folder = data.path().join("keys");
        let second = change::rotate(&folder, at(200)).expect("rotated");
        assert_eq!(signing(&keys), second);
        assert_eq!(keys.current().published.keys[0].exp, Some(260));

        let list = folder.join("jwks.json");
        let whole = fs::read(&list).expect("a list");
        for broken in [b"{}".as_slice(), br#"{"keys":[]}"#] {
            write_private(&list, broken).expect("written");
            assert_eq!(signing(&keys), second, "the former keys stay");
        }
        fs::remove_file(&list).expect("removed");
        assert_eq!(signing(&keys), second, "the former keys stay");
        write_private(&list, &whole).expect("written");
        let third = change::rotate(&folder, at(300)).expect("rotated");
        assert_eq!(signing(&keys), third);
        let reopened = LiveKeys::open(data.path(), &SystemRandomness, at(400)).expect("opened");
        assert_eq!(
            (signing(&reopened), reopened.current().published.keys.len()),
            (third, 3)
        );
        assert_ne!(first, second);
    }

    #[test]
    fn a_rotation_that_was_cut_off_leaves_a_folder_that_works() {
        let data = tempfile::tempdir().expect("a folder");
        let keys = LiveKeys::open(data.path(), &SystemRandomness, at(100)).expect("made");
        let first = signing(&keys);
        let folder = data.path().join("keys");
        let private = |kid: &str| folder.join(format!("{kid}.pkcs8"));
        let whole = fs::read(private(&first)).expect("a key");

        // Cut off before the list names the new key: another private half lies there.
        write_private(&private("orphan"), &whole).expect("written");
        let keys = LiveKeys::open(data.path(), &SystemRandomness, at(200)).expect("opened");
        assert_eq!(signing(&keys), first);
        // Cut off after it: the old private half still lies there.
        let second = change::rotate(&folder, at(200)).expect("rotated");
        write_private(&private(&first), &whole).expect("written");
        assert_eq!(signing(&keys), second);
        let third = change::rotate(&folder, at(300)).expect("rotated");
        assert_eq!(signing(&keys), third);
        for gone in ["orphan", &first, &second] {
            assert!(!private(gone).exists(), "{gone}");
        }
    }
}

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

/// What is looked at before each use. Files here are replaced by renaming, and a rename is seen as another inode or time;
/// `values` is a folder, whose time changes with each file that comes or goes.
const WATCHED: [&str; 2] = ["jwks.json", "values"];

/// The keyring, read anew when its folder has changed. Looking costs two `stat` calls, about a microsecond each.
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

/// Shape of the folder: inode, size and time of each watched name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp([Option<(u64, u64, i64, i64)>; WATCHED.len()]);

impl Stamp {
    fn of(folder: &Path) -> Self {
        let shape = |name| {
            let found = fs::metadata(folder.join(name)).ok()?;
            Some((found.ino(), found.size(), found.mtime(), found.mtime_nsec()))
        };
        Self(WATCHED.map(shape))
    }
}

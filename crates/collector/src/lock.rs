//! One process at a time: an advisory lock on a file in the data folder.
//! Refuses to outlive its holder: the operating system lets go of it when the process ends, also by `kill -9`. A row with
//! an expiry would keep letters waiting after a crash, and its clock would be that of a rehearsal.
//! The file can hold a note of one number for the next holder: written by one system call, it outlives `kill -9` (the system
//! has it), and not a power failure (nothing waits for the disk).

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::Path,
    time::Duration,
};

/// Held until dropped. The file stays.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

/// How often somebody who waits looks again.
const PAUSE: Duration = Duration::from_millis(100);

impl Lock {
    /// `None` where another holder works; in this process or in another one.
    pub fn try_take(path: &Path) -> io::Result<Option<Self>> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// The same for work that comes round again: what stands in the way is told to the operator, and nothing is done.
    pub fn take_turn(path: &Path) -> Option<Self> {
        Self::try_take(path).unwrap_or_else(|error| {
            let (path, kind) = (path.display(), error.kind());
            tracing::warn!(%path, ?kind, "the lock cannot be opened: let the user that runs the collector write there");
            None
        })
    }

    /// Leaves a number for the next holder; 0 is none.
    pub fn note(&self, number: i64) -> io::Result<()> {
        self.file.write_all_at(&number.to_be_bytes(), 0)
    }

    /// The number that the last holder left.
    pub fn noted(&self) -> Option<i64> {
        let mut bytes = [0; size_of::<i64>()];
        self.file.read_exact_at(&mut bytes, 0).ok()?;
        Some(i64::from_be_bytes(bytes)).filter(|number| *number != 0)
    }

    /// Waits for the other one, for at most so long.
    pub async fn take(path: &Path, patience: Duration) -> io::Result<Option<Self>> {
        let wait = async {
            loop {
                if let Some(lock) = Self::try_take(path)? {
                    return Ok(lock);
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        match tokio::time::timeout(patience, wait).await {
            Ok(outcome) => outcome.map(Some),
            Err(_) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_it_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lock");
        let take = || Lock::try_take(&path).expect("a file");
        let first = take();
        assert!(first.is_some());
        assert!(take().is_none(), "in this process too");
        drop(first);
        assert!(take().is_some());
    }

    #[test]
    fn a_note_is_there_for_the_next_holder() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lock");
        let take = || Lock::try_take(&path).expect("a file").expect("free");
        assert_eq!(take().noted(), None);
        for number in [7, i64::MAX, 1] {
            take().note(number).expect("written");
            assert_eq!(take().noted(), Some(number));
        }
        take().note(0).expect("written");
        assert_eq!(take().noted(), None);
    }
}

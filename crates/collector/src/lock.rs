//! One process at a time: an advisory lock on a file in the data folder.
//! Refuses to outlive its holder: the operating system lets go of it when the process ends, also by `kill -9`. A row with
//! an expiry would keep letters waiting after a crash, and its clock would be that of a rehearsal.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    time::Duration,
};

/// Held until dropped. The file stays, empty.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// How often somebody who waits looks again.
const PAUSE: Duration = Duration::from_millis(100);

impl Lock {
    /// `None` where another holder works; in this process or in another one.
    pub fn try_take(path: &Path) -> io::Result<Option<Self>> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
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
}

//! One file that a whole installation can be made from again: the database as it stood at one moment, and the keys.
//! Refuses to be readable by others: it holds personal data and private keys, and is written with mode 600.
//! Read next: `backup/write.rs`, `backup/restore.rs`; for people: docs/backup.md.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use candor_record::base64url;
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

use crate::{keys::KeyError, store::StoreError};

mod restore;
mod write;

pub use self::{restore::restore, write::write};

/// Of the manifest: a restore reads what it knows.
const FORMAT: &str = "candor-backup/1";
/// The first entry: what the others are.
const MANIFEST: &str = "backup.json";
const DATABASE: &str = "candor.sqlite";
const KEYS: &str = "keys";

/// What a backup says of itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    format: String,
    /// When the database was as it stands in here.
    pub created: String,
    collector: String,
    /// SHA-256 of each file by its name.
    files: BTreeMap<String, String>,
}

/// Why there is no backup, or no installation from it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{0}: is there already; a backup replaces nothing")]
    Exists(PathBuf),
    #[error("{0}: is not empty; a backup is restored into an empty folder")]
    NotEmpty(PathBuf),
    #[error("{path}: not a whole backup: {reason}")]
    Unfit { path: PathBuf, reason: String },
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    |source| BackupError::Io { path, source }
}

/// A file that only its owner reads, and that was not there.
fn create_private(path: &Path) -> Result<File, BackupError> {
    let file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    file.map_err(io_error(path))
}

fn digest_of(path: &Path) -> Result<String, BackupError> {
    let mut file = File::open(path).map_err(io_error(path))?;
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer).map_err(io_error(path))? {
            0 => return Ok(base64url::encode(context.finish().as_ref())),
            read => context.update(&buffer[..read]),
        }
    }
}

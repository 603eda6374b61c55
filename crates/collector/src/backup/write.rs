//! Writes a backup, also while the server runs: `VACUUM INTO` copies the database as one read transaction sees it.
//! Refuses to leave a copy behind: the snapshot lies in a folder of its own beside the target and goes in any case.

use std::{
    fs::{self, File},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use tar::{Builder, Header};

use super::{BackupError, DATABASE, FORMAT, KEYS, MANIFEST, Manifest, create_private, digest_of, io_error};
use crate::{keys::change::lock_for_reading, store::sqlite::snapshot};

/// Writes the backup of a database and of the keys beside it.
pub async fn write(data: &Path, database: &Path, target: &Path, now: Timestamp) -> Result<(), BackupError> {
    if target.exists() {
        return Err(BackupError::Exists(target.to_owned()));
    }
    // Keys must not change between the two copies: what one of them seals, the other has to open.
    let keys = data.join(KEYS);
    let _lock = lock_for_reading(&keys)?;
    let workshop = Workshop::open(target)?;
    let copy = workshop.folder.join(DATABASE);
    snapshot(database, &copy).await?;
    let mut files = vec![(DATABASE.to_owned(), copy)];
    collect(&keys, KEYS, &mut files)?;
    let archive = workshop.folder.join("backup.tar");
    pack(&archive, &files, now)?;
    fs::rename(&archive, target).map_err(io_error(target))?;
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    let synced = File::open(parent).and_then(|parent| parent.sync_all());
    synced.map_err(io_error(parent))
}

/// The folder in which a backup is made: on the target's own disk, for its owner alone.
struct Workshop {
    folder: PathBuf,
}

impl Workshop {
    fn open(target: &Path) -> Result<Self, BackupError> {
        let mut name = target.as_os_str().to_owned();
        name.push(".part");
        let workshop = Self { folder: name.into() };
        // What a backup that was cut off has left.
        workshop.clear();
        // Not the folders above it: a backup disk that is not mounted must be noticed.
        let made = fs::DirBuilder::new().mode(0o700).create(&workshop.folder);
        made.map_err(io_error(&workshop.folder))?;
        Ok(workshop)
    }

    /// By name, not by everything below: the folder could be somebody else's.
    fn clear(&self) {
        for name in [DATABASE, "candor.sqlite-journal", "backup.tar"] {
            let _ = fs::remove_file(self.folder.join(name));
        }
        let _ = fs::remove_dir(&self.folder);
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Every file below, by its name in the backup.
fn collect(folder: &Path, name: &str, files: &mut Vec<(String, PathBuf)>) -> Result<(), BackupError> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut entries = entries.map_err(io_error(folder))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().map_err(io_error(&path))?;
        if kind.is_dir() {
            collect(&path, &name, files)?;
        } else if kind.is_file() && path.extension().is_none_or(|extension| extension != "new") {
            files.push((name, path));
        }
    }
    Ok(())
}

fn pack(archive: &Path, files: &[(String, PathBuf)], now: Timestamp) -> Result<(), BackupError> {
    let digest = |(name, path): &(String, PathBuf)| Ok((name.clone(), digest_of(path)?));
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        created: format!("{now:.3}"),
        collector: env!("CARGO_PKG_VERSION").to_owned(),
        files: files.iter().map(digest).collect::<Result<_, BackupError>>()?,
    };
    let manifest = serde_json::to_vec_pretty(&manifest).expect("texts are JSON");
    let mut builder = Builder::new(create_private(archive)?);
    let header = |size| {
        let mut header = Header::new_gnu();
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(now.as_second().unsigned_abs());
        header
    };
    let failed = io_error(archive);
    let packed = (|| {
        let size = manifest.len() as u64;
        builder.append_data(&mut header(size), MANIFEST, manifest.as_slice())?;
        for (name, path) in files {
            let file = File::open(path)?;
            let size = file.metadata()?.len();
            builder.append_data(&mut header(size), name, file)?;
        }
        builder.into_inner()?.sync_all()
    })();
    packed.map_err(failed)
}

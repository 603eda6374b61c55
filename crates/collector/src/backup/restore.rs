//! Makes a data folder from a backup: checks every byte first, and puts the files in their places last.
//! Refuses a folder that is not empty, names that lead out of it, and a backup that is not whole.

use std::{
    fs::{self, File},
    io,
    path::{Component, Path, PathBuf},
};

use tar::{Archive, Entry, EntryType};

use super::{BackupError, DATABASE, FORMAT, KEYS, MANIFEST, Manifest, create_private, digest_of, io_error};
use crate::{
    keys::{Keyring, private_folder},
    store::sqlite::check_integrity,
};

/// Where the files lie until they are checked.
const UNCHECKED: &str = "restoring";

/// Restores into an empty folder, which is made where there is none.
pub async fn restore(backup: &Path, data: &Path) -> Result<Manifest, BackupError> {
    let file = File::open(backup).map_err(io_error(backup))?;
    let is_new = !data.exists();
    private_folder(data)?;
    let mut entries = fs::read_dir(data).map_err(io_error(data))?;
    if entries.next().is_some() {
        return Err(BackupError::NotEmpty(data.to_owned()));
    }
    let unchecked = data.join(UNCHECKED);
    let outcome = async {
        let manifest = unpack(backup, file, &unchecked)?;
        check(backup, &manifest, &unchecked).await?;
        // The database last: without it nothing here looks like an installation.
        for name in [KEYS, DATABASE] {
            fs::rename(unchecked.join(name), data.join(name)).map_err(io_error(data))?;
        }
        File::open(data)
            .and_then(|folder| folder.sync_all())
            .map_err(io_error(data))?;
        Ok(manifest)
    };
    let outcome = outcome.await;
    // What is left: nothing, or what did not hold.
    let _ = fs::remove_dir_all(&unchecked);
    if outcome.is_err() && is_new {
        // Fails, rightly, where something lies in it.
        let _ = fs::remove_dir(data);
    }
    outcome
}

fn unpack(backup: &Path, file: File, folder: &Path) -> Result<Manifest, BackupError> {
    let unfit = |reason: &str| BackupError::Unfit {
        path: backup.to_owned(),
        reason: reason.to_owned(),
    };
    let broken = |error: io::Error| unfit(&error.to_string());
    private_folder(folder)?;
    let mut archive = Archive::new(io::BufReader::new(file));
    let mut manifest: Option<Manifest> = None;
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let Some(name) = plain_name(&entry) else {
            return Err(unfit("an entry is no plain file of a backup"));
        };
        match &manifest {
            None if name == Path::new(MANIFEST) => {
                let read: Manifest = serde_json::from_reader(&mut entry).map_err(|_| unfit("its manifest"))?;
                if read.format != FORMAT {
                    return Err(unfit("its format is another one"));
                }
                manifest = Some(read);
            }
            None => return Err(unfit("it does not begin with its manifest")),
            Some(manifest) if !manifest.files.contains_key(&*name.to_string_lossy()) => {
                return Err(unfit("a file that its manifest does not name"));
            }
            Some(_) => {
                let path = folder.join(&name);
                private_folder(path.parent().unwrap_or(folder))?;
                let mut out = create_private(&path)?;
                io::copy(&mut entry, &mut out).map_err(broken)?;
                out.sync_all().map_err(io_error(&path))?;
            }
        }
    }
    manifest.ok_or_else(|| unfit("it is empty"))
}

/// The name of an ordinary file below the folder; `None` for links, absolute names and `..`.
fn plain_name(entry: &Entry<'_, io::BufReader<File>>) -> Option<PathBuf> {
    let name = entry.path().ok()?.into_owned();
    let is_plain = entry.header().entry_type() == EntryType::Regular
        && name
            .components()
            .all(|component| matches!(component, Component::Normal(_)));
    is_plain.then_some(name)
}

async fn check(backup: &Path, manifest: &Manifest, folder: &Path) -> Result<(), BackupError> {
    let unfit = |reason: String| BackupError::Unfit {
        path: backup.to_owned(),
        reason,
    };
    for (name, digest) in &manifest.files {
        let path = folder.join(name);
        if !path.is_file() || digest_of(&path)? != *digest {
            return Err(unfit(format!("{name} is missing or altered")));
        }
    }
    let database = folder.join(DATABASE);
    if !manifest.files.contains_key(DATABASE) {
        return Err(unfit("there is no database in it".to_owned()));
    }
    check_integrity(&database).await?;
    Keyring::read(&folder.join(KEYS))?;
    Ok(())
}

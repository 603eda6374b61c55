//! The demo site in `dist/site/`: the pages of `www/pages/`, `www/site/` as it stands, and the playground's scripts in one.
//!
//! Forms and the gated file are not part of the site, or the gate would stand open. In the development loop Trunk's hook
//! writes the same files into Trunk's folder.

mod pages;
mod playground;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use super::write::{remove_others, replace};
use crate::workspace::Workspace;

pub(crate) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.dist().join("site")
}

/// Writes the whole site, and takes away what an earlier version left there; as Trunk's hook into the folder that Trunk is
/// about to put in place.
pub(crate) fn write(workspace: &Workspace) -> Result<()> {
    let staging = std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from);
    let target = staging.unwrap_or_else(|| folder(workspace));
    let source = workspace.root.join("www");
    let mut files: BTreeMap<PathBuf, Vec<u8>> = playground::files(workspace)?;
    for (name, page) in pages::compose(&source)? {
        files.insert(name.into(), page.into_bytes());
    }
    for entry in fs::read_dir(source.join("site"))? {
        let path = entry?.path();
        if path.is_file() {
            files.insert(path.strip_prefix(&source)?.to_owned(), fs::read(&path)?);
        }
    }
    let mut written = BTreeSet::new();
    for (path, content) in files {
        let file = target.join(path);
        replace(&file, &content)?;
        written.insert(file);
    }
    remove_others(&target, &written)
}

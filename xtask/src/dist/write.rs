//! Writes the bundle: each file, its brotli and gzip, the manifest; removes what an earlier run left there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::cache::Cache;
use super::{Files, Quality, compress, digest};

/// `dist/manifest.json`: what a packager or a page with `integrity` attributes needs to know.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The style sheet as a printed form carries it, for `style-src`.
    pub(crate) style: String,
    pub(crate) files: Vec<Entry>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) path: String,
    pub(crate) role: Role,
    pub(crate) raw: usize,
    pub(crate) brotli: usize,
    pub(crate) integrity: String,
}

/// Who loads a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    /// Every visitor of a page with `<candor-form src>`.
    Widget,
    /// Visitors of a page that carries its definition inline.
    Compiler,
    /// Nobody: it is printed into pages.
    Printed,
    /// Only now and then: the plain form, where the widget cannot run; the playground.
    Page,
}

impl Manifest {
    pub(crate) fn read(dist: &Path) -> Result<Self> {
        let file = dist.join("manifest.json");
        let text = fs::read(&file).with_context(|| format!("{}: run `cargo xtask dist` first", file.display()))?;
        Ok(serde_json::from_slice(&text)?)
    }
}

pub(crate) fn write(dist: &Path, files: &Files, cache: &Cache, quality: Quality) -> Result<Manifest> {
    let mut written = BTreeSet::new();
    let sheet = files.values().find(|(role, _)| *role == Role::Printed);
    let (_, sheet) = sheet.context("the bundle has a style sheet for printed forms")?;
    let mut manifest = Manifest {
        style: digest::content_hash(sheet),
        files: Vec::new(),
    };
    let level = (quality != Quality::Development).to_string();
    for (path, (role, bytes)) in files {
        let brotli = cache.get(&format!("brotli {level}"), &[bytes], || {
            compress::brotli(bytes, quality)
        })?;
        let gzip = cache.get(&format!("gzip {level}"), &[bytes], || compress::gzip(bytes, quality))?;
        for (suffix, content) in [("", bytes), (".br", &brotli), (".gz", &gzip)] {
            let file = dist.join(format!("{path}{suffix}"));
            replace(&file, content)?;
            written.insert(file);
        }
        let (raw, brotli, integrity) = (bytes.len(), brotli.len(), digest::integrity(bytes));
        manifest.files.push(Entry {
            path: path.clone(),
            role: *role,
            raw,
            brotli,
            integrity,
        });
    }
    replace(
        &dist.join("manifest.json"),
        format!("{}\n", serde_json::to_string_pretty(&manifest)?).as_bytes(),
    )?;
    remove_others(&dist.join("candor"), &written)?;
    Ok(manifest)
}

/// Writes only what differs: watchers and cargo look at times.
pub(crate) fn replace(file: &Path, content: &[u8]) -> Result<()> {
    if fs::read(file).is_ok_and(|found| found == content) {
        return Ok(());
    }
    let folder = file.parent().context("a file stands in a folder")?;
    fs::create_dir_all(folder)?;
    fs::write(file, content).with_context(|| file.display().to_string())
}

/// Takes away what an earlier version left: a stale `.br` would be served in place of the new file.
pub(crate) fn remove_others(folder: &Path, keep: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_others(&path, keep)?;
            if fs::read_dir(&path)?.next().is_none() {
                fs::remove_dir(&path)?;
            }
        } else if !keep.contains(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

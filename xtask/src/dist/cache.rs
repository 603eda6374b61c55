//! Results of slow steps, kept in the target folder under the hash of everything that went in.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::digest::hexadecimal;
use crate::workspace::Workspace;

pub(crate) struct Cache {
    folder: PathBuf,
}

impl Cache {
    pub(crate) fn open(workspace: &Workspace) -> Result<Self> {
        let folder = workspace.target.join("xtask");
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        Ok(Self { folder })
    }

    /// What `make` gave the last time for these inputs, or now. `step` names step and version of the tool.
    pub(crate) fn get(&self, step: &str, inputs: &[&[u8]], make: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        let parts: Vec<&[u8]> = std::iter::once(step.as_bytes()).chain(inputs.iter().copied()).collect();
        let file = self.folder.join(hexadecimal(&parts));
        if let Ok(bytes) = fs::read(&file) {
            return Ok(bytes);
        }
        let bytes = make()?;
        // Written beside and renamed: an interrupted run leaves no half of a result.
        let unfinished = file.with_extension(std::process::id().to_string());
        fs::write(&unfinished, &bytes)?;
        fs::rename(unfinished, file)?;
        Ok(bytes)
    }

    /// A file for a tool that wants one, in this process's own folder.
    pub(crate) fn scratch(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join("scratch").join(std::process::id().to_string());
        fs::create_dir_all(&folder)?;
        Ok(folder.join(name))
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        // Nothing depends on it: what is left behind is small, and in the target folder.
        let _ = fs::remove_dir_all(self.folder.join("scratch").join(std::process::id().to_string()));
    }
}

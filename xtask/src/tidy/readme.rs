//! The README shows programs that stand in docs/verify: what readers copy is what was tested.

use std::fs;

use anyhow::{Context, Result};

use super::Findings;
use crate::workspace::Workspace;

const SHOWN: [&str; 2] = ["docs/verify/verify.mjs", "docs/verify/verify.py"];

pub(crate) fn check(workspace: &Workspace) -> Result<Findings> {
    let read = |path: &str| fs::read_to_string(workspace.root.join(path)).with_context(|| path.to_owned());
    let readme = read("README.md")?;
    let mut findings = Findings::new();
    for path in SHOWN {
        if !readme.contains(&format!("\n{}```\n", read(path)?)) {
            findings.push(format!("README.md: does not show {path} as it is; copy it anew"));
        }
    }
    Ok(findings)
}

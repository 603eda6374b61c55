//! The rules of the tree that no compiler knows. Each rule yields sentences that name file, line and remedy.

mod dependencies;
mod documents;
mod manifests;
mod sources;

use anyhow::{Result, bail};

use crate::run::announce;
use crate::workspace::Workspace;
use crate::{languages, rules};

/// What a rule found, ready to print.
pub(crate) type Findings = Vec<String>;

pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::load()?;
    announce("tidy");
    let mut findings = dependencies::check(&workspace)?;
    findings.extend(manifests::check(&workspace)?);
    findings.extend(sources::check(&workspace)?);
    findings.extend(documents::check(&workspace)?);
    findings.extend(languages::check(&workspace)?);
    findings.extend(rules::check(&workspace)?);
    for finding in &findings {
        println!("   {finding}");
    }
    if !findings.is_empty() {
        bail!("tidy: {} findings", findings.len());
    }
    Ok(())
}

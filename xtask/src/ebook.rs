//! Prints the demo's ebook: `docs/ebook/guide.html` becomes `www/assets/guide-rgpd.pdf`, which is committed.
//!
//! A browser is the typesetter, so fonts are those of the machine; look at the pages before committing them.

use std::fs;
use std::process::Command;

use anyhow::{Result, bail};

use crate::run::{self, announce};
use crate::setup;
use crate::workspace::Workspace;

/// A mail link to a guide is opened on phones: the file stays light.
const LIMIT_BYTES: u64 = 300_000;

pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::load()?;
    setup::npm_packages(&workspace)?;
    let browser = setup::browser(&workspace)?;
    let source = workspace.root.join("docs/ebook/guide.html");
    let target = workspace.root.join("www/assets/guide-rgpd.pdf");
    announce("ebook: docs/ebook/guide.html to www/assets/guide-rgpd.pdf");
    let mut print = Command::new(browser);
    // The source is our own file, and containers have no user namespaces for the sandbox.
    print.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        "--log-level=3",
    ]);
    print
        .arg(format!("--print-to-pdf={}", target.display()))
        .arg(format!("file://{}", source.display()));
    run::run(&mut print)?;
    let size = fs::metadata(&target)?.len();
    if size > LIMIT_BYTES {
        bail!("the ebook has {size} bytes, more than {LIMIT_BYTES}");
    }
    println!("   {size} bytes");
    Ok(())
}

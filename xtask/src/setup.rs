//! Installs what a fresh clone lacks, by the ordinary clients: rustup, npm, and where there are none the browsers.
//!
//! Everything is looked for first, so that the second time costs nothing.

mod browser;
mod firefox;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

pub(crate) use self::browser::browser;
pub(crate) use self::firefox::firefox;
use crate::dist::digest::hexadecimal;
use crate::run::{self, announce};
use crate::workspace::Workspace;

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// For `cargo xtask dist --min` alone; by date, so that the same commit gives the same bytes.
pub(crate) const NIGHTLY: &str = "nightly-2026-10-30";

pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::load()?;
    wasm_target()?;
    components()?;
    npm_packages(&workspace)?;
    let browser = browser(&workspace)?;
    announce(&format!(
        "ready; browsers: {}, {}",
        browser.display(),
        firefox()?.display()
    ));
    Ok(())
}

/// The standard library for wasm32; the toolchain's own folder says whether it is there.
pub(crate) fn wasm_target() -> Result<()> {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let folder = run::output(rustc.args(["--print", "target-libdir", "--target", WASM_TARGET]))?;
    let folder = String::from_utf8(folder).context("rustc prints a path")?;
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    announce(&format!("rustup target add {WASM_TARGET}"));
    run::run(Command::new("rustup").args(["target", "add", WASM_TARGET]))
        .with_context(|| format!("the Rust target {WASM_TARGET} is missing, and rustup could not add it"))
}

/// The dated nightly toolchain with the source of the standard library.
pub(crate) fn nightly() -> Result<()> {
    let mut rustc = Command::new("rustup");
    let sysroot = rustc.args(["run", NIGHTLY, "rustc", "--print", "sysroot"]).output();
    let sysroot = sysroot.context("`--min` needs rustup, to fetch a nightly toolchain (https://rustup.rs)")?;
    let sysroot = String::from_utf8(sysroot.stdout).context("rustc prints a path")?;
    if Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library").is_dir() {
        return Ok(());
    }
    announce(&format!(
        "rustup toolchain install {NIGHTLY}, with the source of the standard library"
    ));
    let install = [
        "toolchain",
        "install",
        NIGHTLY,
        "--profile=minimal",
        "--component=rust-src",
    ];
    run::run(Command::new("rustup").args(install)).with_context(|| {
        format!("`--min` builds the standard library anew with {NIGHTLY}, and rustup could not install it; all else works without")
    })
}

/// rustfmt and clippy: the minimal profile of rustup comes without them.
pub(crate) fn components() -> Result<()> {
    for (component, program) in [("rustfmt", "cargo-fmt"), ("clippy", "cargo-clippy")] {
        if !run::exists(program, "--version") {
            announce(&format!("rustup component add {component}"));
            run::run(Command::new("rustup").args(["component", "add", component]))
                .with_context(|| format!("{component} is missing, and rustup could not add it"))?;
        }
    }
    Ok(())
}

/// The npm packages of the workspace.
pub(crate) fn npm_packages(workspace: &Workspace) -> Result<()> {
    npm_packages_of(&workspace.root)
}

/// The npm packages that a folder's package-lock.json names; a stamp with its hash says that they are in place.
pub(crate) fn npm_packages_of(folder: &Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let lock = fs::read(&lock).with_context(|| lock.display().to_string())?;
    let wanted = hexadecimal(&[&lock]);
    let stamp = folder.join("node_modules/.candor-stamp");
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    let modules = folder.join("node_modules");
    if modules.is_symlink() {
        bail!(
            "{} is a link: npm ci would empty the folder that it names",
            modules.display()
        );
    }
    if !run::exists("npm", "--version") {
        bail!("npm is missing: install Node.js 20 or later (https://nodejs.org)");
    }
    announce(&format!("npm ci in {}", folder.display()));
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-fund", "--no-audit", "--loglevel=error"])
        .current_dir(folder);
    // The browser is looked for on its own, below: a system's Chromium will do.
    run::run(npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    fs::write(stamp, wanted)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::npm_packages_of;

    #[cfg(unix)]
    #[test]
    fn nothing_is_installed_through_a_link() {
        let folder = std::env::temp_dir().join(format!("candor-link-{}", std::process::id()));
        let theirs = folder.join("theirs");
        fs::create_dir_all(&theirs).expect("a folder");
        fs::write(theirs.join("kept"), "").expect("a file");
        fs::write(folder.join("package-lock.json"), "{}").expect("a file");
        std::os::unix::fs::symlink(&theirs, folder.join("node_modules")).expect("a link");
        let refusal = npm_packages_of(&folder).expect_err("refused").to_string();
        assert!(refusal.contains("is a link"), "{refusal}");
        assert!(theirs.join("kept").exists(), "what the link names is untouched");
        fs::remove_dir_all(&folder).expect("only what was made here");
    }
}

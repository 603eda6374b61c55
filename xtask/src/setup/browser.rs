//! Finds a Chromium, or installs one: first what the machine has, then Playwright's own, then the system's package.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::run::{self, announce};
use crate::workspace::Workspace;

/// Names under which distributions install it.
const NAMES: [&str; 4] = ["chromium", "google-chrome", "chromium-browser", "google-chrome-stable"];

/// The browser of the tests: `CHROMIUM`, one of the machine's, or one that is installed now.
pub(crate) fn browser(workspace: &Workspace) -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        if !named.is_file() {
            bail!("CHROMIUM names no file: {}", named.display());
        }
        return Ok(named);
    }
    if let Some(found) = on_path(&NAMES).or_else(|| of_playwright(workspace)) {
        return Ok(found);
    }
    announce("no Chromium here; npx playwright install chromium");
    if run::run(workspace.npm_program("playwright").args(["install", "chromium"])).is_ok()
        && let Some(found) = of_playwright(workspace)
    {
        return Ok(found);
    }
    if run::exists("apt-get", "--version") {
        announce("apt-get install chromium");
        if let (Ok(()), Some(found)) = (apt_get_install("chromium"), on_path(&NAMES)) {
            return Ok(found);
        }
    }
    bail!("no browser for the tests: install Chromium, or name one in the environment: CHROMIUM=/path/to/chromium")
}

/// The first of these programs that the machine has.
pub(super) fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
}

/// Where Playwright would keep the browser of its own version, if it is there and starts.
fn of_playwright(workspace: &Workspace) -> Option<PathBuf> {
    let script = "import('@playwright/test').then(({ chromium }) => console.log(chromium.executablePath()))";
    let answer = run::output(Command::new("node").args(["-e", script]).current_dir(&workspace.root)).ok()?;
    let file = PathBuf::from(String::from_utf8(answer).ok()?.trim());
    starts(&file).then_some(file)
}

/// A downloaded browser may lack the system's libraries: then it is there and useless.
fn starts(browser: &Path) -> bool {
    browser.is_file() && run::exists(&browser.to_string_lossy(), "--version")
}

/// Installs a Debian package; where the lists are too old, after fetching new ones.
pub(super) fn apt_get_install(package: &str) -> Result<()> {
    let install = ["install", "-y", "--no-install-recommends", package];
    apt_get(&install).or_else(|_| {
        apt_get(&["update"])?;
        apt_get(&install)
    })
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    run::run(
        Command::new("apt-get")
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
    .context("apt-get (it needs root)")
}

//! Finds a Firefox for the second engine's tests, or installs one. It is driven by WebDriver BiDi, so any recent one will do.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::browser::{apt_get_install, on_path};
use crate::run::{self, announce};

const NAMES: [&str; 2] = ["firefox-esr", "firefox"];

/// `FIREFOX`, one of the machine's, or one that is installed now.
pub(crate) fn firefox() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("FIREFOX").map(PathBuf::from) {
        if !named.is_file() {
            bail!("FIREFOX names no file: {}", named.display());
        }
        return Ok(named);
    }
    if let Some(found) = on_path(&NAMES) {
        return Ok(found);
    }
    if run::exists("apt-get", "--version") {
        // Debian's name, then that of others.
        for package in NAMES {
            announce(&format!("no Firefox here; apt-get install {package}"));
            if let (Ok(()), Some(found)) = (apt_get_install(package), on_path(&NAMES)) {
                return Ok(found);
            }
        }
    }
    bail!("no Firefox for the tests: install it, or name one in the environment: FIREFOX=/path/to/firefox")
}

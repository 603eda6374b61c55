//! The module as rustc and the linker make it: on stable Rust, or with `--min` by a nightly one that builds the standard
//! library anew.
//!
//! The nightly toolchain has a date: another night's compiler would be another widget. Paths of this machine are taken
//! out, so that the same commit gives the same bytes elsewhere.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::Quality;
use crate::run;
use crate::setup::{NIGHTLY, WASM_TARGET};
use crate::workspace::Workspace;

/// The standard library's own panics without words, no places in the source, no `{:?}`.
const MINIMAL: [&str; 4] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
    "-Zfmt-debug=none",
];

/// Builds the package's library for the browser and reads it.
pub(super) fn module(workspace: &Workspace, package: &str, quality: Quality) -> Result<Vec<u8>> {
    let (mut cargo, target) = match quality {
        Quality::Development | Quality::Release => (workspace.cargo(), workspace.target.clone()),
        Quality::Minimal => (nightly_cargo(workspace), workspace.target.join("min")),
    };
    let (profile, folder) = match quality {
        Quality::Development => ("dev", "debug"),
        Quality::Release | Quality::Minimal => ("widget", "widget"),
    };
    cargo.args(["rustc", "--quiet", "--lib", "--crate-type", "cdylib"]);
    cargo.args(["--target", WASM_TARGET, "--profile", profile, "--package", package]);
    cargo.arg("--target-dir").arg(&target);
    if quality != Quality::Development {
        // Whoever compiles incrementally elsewhere would get other bytes.
        cargo.env("CARGO_INCREMENTAL", "0");
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags(workspace, quality)?.join("\u{1f}"));
    }
    if quality == Quality::Minimal {
        cargo.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
    }
    if quality != Quality::Development {
        cargo.args(["--", "-Clink-arg=--emit-relocs"]);
    }
    run::run(&mut cargo)?;
    let name = package.replace('-', "_");
    let file = target.join(WASM_TARGET).join(folder).join(name).with_extension("wasm");
    fs::read(&file).with_context(|| file.display().to_string())
}

/// rustup sets what it needs; what this process has of another toolchain would be in its way.
fn nightly_cargo(workspace: &Workspace) -> Command {
    let mut rustup = Command::new("rustup");
    rustup.args(["run", NIGHTLY, "cargo"]).current_dir(&workspace.root);
    for variable in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN"] {
        rustup.env_remove(variable);
    }
    rustup
}

fn flags(workspace: &Workspace, quality: Quality) -> Result<Vec<String>> {
    // The newer mangling says of which type a function is: `prune` and `cargo xtask size` go by it.
    let mut flags = vec!["-Csymbol-mangling-version=v0".to_owned()];
    let cargo_home = home::cargo_home()?;
    let mut remap = |from: &Path, to: &str| flags.push(format!("--remap-path-prefix={}={to}", from.display()));
    remap(&cargo_home, "cargo");
    remap(&workspace.root, ".");
    if quality == Quality::Minimal {
        let mut rustup = Command::new("rustup");
        let sysroot = run::output(rustup.args(["run", NIGHTLY, "rustc", "--print", "sysroot"]))?;
        remap(Path::new(String::from_utf8(sysroot)?.trim()), "rust");
        flags.extend(MINIMAL.map(str::to_owned));
    }
    Ok(flags)
}

//! The npm package `candor-form`: bundle, types, React wrapper and SRI digests in dist/package/, packed beside it.
//!
//! With `--check` what a consumer would meet: publint, are-the-types-wrong, TypeScript in strict mode, and a Vite project
//! that installs the tarball, whose pages the browser tests open afterwards.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::dist::{self, Manifest, Quality, digest};
use crate::run::{self, announce};
use crate::setup;
use crate::workspace::Workspace;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Also install the package into a project and check what it meets
    #[arg(long)]
    check: bool,
    /// Take the bundle in dist/ as it stands
    #[arg(long)]
    as_is: bool,
}

/// Files that are the package's own, beside the bundle.
const SOURCES: &str = "www/package";
/// The one module that pages name.
const LOADER: &str = "candor.js";
const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let workspace = Workspace::load()?;
    if !arguments.as_is {
        dist::build(&workspace, Quality::Release)?;
    }
    pack(&workspace)?;
    if arguments.check {
        check(&workspace)?;
    }
    Ok(())
}

/// Writes dist/package/ from the bundle, and dist/candor-form-<version>.tgz from that.
pub(crate) fn pack(workspace: &Workspace) -> Result<()> {
    setup::npm_packages(workspace)?;
    announce("package: the npm package");
    let dist = workspace.dist();
    let package = dist.join("package");
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    fs::create_dir_all(&package)?;
    let manifest = Manifest::read(&dist)?;
    let mut integrity = BTreeMap::new();
    for entry in &manifest.files {
        let mut content = fs::read(dist.join(&entry.path)).with_context(|| entry.path.clone())?;
        if entry.path == LOADER {
            content = beside_itself(&String::from_utf8(content)?)?.into_bytes();
        }
        integrity.insert(&entry.path, digest::integrity(&content));
        write(&package.join(&entry.path), &content)?;
    }
    for file in fs::read_dir(workspace.root.join(SOURCES))? {
        let file = file?;
        copy(&file.path(), &package.join(file.file_name()))?;
    }
    for licence in LICENCES {
        copy(&workspace.root.join(licence), &package.join(licence))?;
    }
    fs::write(package.join("integrity.json"), lines(&integrity)?)?;
    stamp(&package.join("package.json"), workspace.widget_version()?)?;
    let mut npm = std::process::Command::new("npm");
    npm.args(["pack", "./package", "--silent"]).current_dir(&dist);
    let name = String::from_utf8(run::output(&mut npm)?).context("npm prints a file name")?;
    println!("   dist/{}", name.trim());
    Ok(())
}

/// Meets the package as its users do. Leaves dist/package-consumer/dist for the browser tests.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    announce("package: what its users meet");
    let dist = workspace.dist();
    let tarball = dist.join(format!("candor-form-{}.tgz", workspace.widget_version()?));
    let tarball = tarball.to_str().context("the path of the workspace is UTF-8")?;
    run::run(workspace.npm_program("publint").args(["run", tarball, "--strict"]))?;
    // ES modules alone, for bundlers and today's Node.js: its two older ways of resolving are not served.
    run::run(
        workspace
            .npm_program("attw")
            .args([tarball, "--profile", "esm-only", "--format", "table-flipped"]),
    )?;

    let consumer = dist.join("package-consumer");
    if consumer.exists() {
        fs::remove_dir_all(&consumer)?;
    }
    copy_folder(&workspace.root.join("tests/package/consumer"), &consumer)?;
    let mut npm = std::process::Command::new("npm");
    npm.args([
        "install",
        tarball,
        "--offline",
        "--no-fund",
        "--no-audit",
        "--loglevel=error",
    ]);
    run::run(npm.current_dir(&consumer))?;
    run::run(
        workspace
            .npm_program("tsc")
            .current_dir(&consumer)
            .args(["--project", "."]),
    )?;
    let vite = |words: &[&str]| {
        run::run(
            workspace
                .npm_program("vite")
                .current_dir(&consumer)
                .arg("build")
                .args(words),
        )
    };
    vite(&["--logLevel", "warn"])?;
    vite(&["--logLevel", "warn", "--ssr", "src/server.tsx", "--outDir", "server"])
}

/// Vite writes files below 4 kB into the code as `data:` addresses, which a strict policy refuses; this word of its own
/// keeps them files. To everybody else it is a query that nobody reads.
fn beside_itself(loader: &str) -> Result<String> {
    const BASE: &str = "`,import.meta.url)";
    if loader.matches(BASE).count() != 1 {
        bail!("candor.js is expected to name the files beside it in one place, by `new URL(…{BASE}`");
    }
    Ok(loader.replace(BASE, &format!("?no-inline{BASE}")))
}

/// The version of the workspace, in the place of the one that the source cannot know.
fn stamp(file: &Path, version: &str) -> Result<()> {
    const PLACE: &str = r#""version": "0.0.0""#;
    let text = fs::read_to_string(file)?;
    if text.matches(PLACE).count() != 1 {
        bail!("{}: `{PLACE}` is expected once", file.display());
    }
    Ok(fs::write(
        file,
        text.replace(PLACE, &format!(r#""version": "{version}""#)),
    )?)
}

fn lines(value: &impl serde::Serialize) -> Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(value)?))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    write(to, &fs::read(from).with_context(|| from.display().to_string())?)
}

fn write(file: &Path, content: &[u8]) -> Result<()> {
    fs::create_dir_all(file.parent().context("a file stands in a folder")?)?;
    fs::write(file, content).with_context(|| file.display().to_string())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            copy(&entry.path(), &target)?;
        }
    }
    Ok(())
}

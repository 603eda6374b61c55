//! The npm package `candor-form`: bundle, types, React wrapper and SRI digests in dist/package/, packed beside it.
//!
//! With `--check` what a consumer would meet: publint, are-the-types-wrong, TypeScript in strict mode, and a Vite project
//! that installs the tarball, whose pages the browser tests open afterwards; the same by webpack and by esbuild.

mod entry;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::dist::{self, Entry, Manifest, Quality, Role, digest};
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
    let mut parts = BTreeMap::new();
    let mut integrity = BTreeMap::new();
    for entry in manifest.files.iter().filter(|entry| !is_elsewhere(entry)) {
        let content = fs::read(dist.join(&entry.path)).with_context(|| entry.path.clone())?;
        integrity.insert(entry.path.as_str(), entry.integrity.clone());
        write(&package.join(&entry.path), &content)?;
        parts.insert(name_of(&entry.path), content);
    }
    let folder = manifest
        .files
        .iter()
        .find_map(|entry| entry.path.strip_prefix("candor/")?.split('/').next());
    let entry = entry::make(workspace, folder.context("the bundle has a folder")?, &parts)?;
    for (name, content) in entry {
        integrity.insert(name, digest::integrity(&content));
        write(&package.join(name), &content)?;
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
    for (module, resolution) in [("esnext", "bundler"), ("nodenext", "nodenext")] {
        run::run(workspace.npm_program("tsc").current_dir(&consumer).args([
            "--project",
            ".",
            "--module",
            module,
            "--moduleResolution",
            resolution,
        ]))?;
    }
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
    vite(&["--logLevel", "warn", "--ssr", "src/server.tsx", "--outDir", "server"])?;
    let mut node = std::process::Command::new("node");
    run::run(node.current_dir(&consumer).arg("bundle.mjs"))
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Files of the bundle that no page of the package's users asks for: what is printed, the collector's own pages, the playground.
fn is_elsewhere(entry: &Entry) -> bool {
    let name = name_of(&entry.path);
    entry.role == Role::Printed || name == "frame.js" || name.starts_with("candor_checker")
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

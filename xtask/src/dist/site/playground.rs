//! The playground's scripts: one bundle by esbuild, and the licences of what is inside it.
//!
//! It is a tool for whoever writes a definition, not part of the widget: here npm packages may be inside. They come in a
//! chunk of their own, so that the form on the page does not wait for the editor. Refuses a package without a licence.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::dist::Manifest;
use crate::run;
use crate::workspace::Workspace;

/// Below `www/site` and `dist/site/site`.
const FOLDER: &str = "site/playground";
/// Stands in check.js where the address of the checker belongs: it holds a digest.
const CHECKER: &str = "__CANDOR_CHECKER__";

/// What esbuild says it read.
#[derive(Deserialize)]
struct Metafile {
    inputs: BTreeMap<String, serde_json::Value>,
}

/// The files of the playground by path below the site.
pub(super) fn files(workspace: &Workspace) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let scratch = workspace.root.join("target/playground");
    if scratch.exists() {
        fs::remove_dir_all(&scratch)?;
    }
    let metafile = scratch.join("meta.json");
    let output = scratch.join("out");
    let source = Path::new("www").join(FOLDER);
    let mut esbuild: Command = workspace.npm_program("esbuild");
    esbuild
        .args([source.join("playground.js"), source.join("playground.css")])
        .arg(format!("--outdir={}", output.display()))
        .arg(format!("--metafile={}", metafile.display()))
        .args([
            "--bundle",
            "--splitting",
            "--format=esm",
            "--minify",
            "--charset=utf8",
            "--legal-comments=none",
            "--log-level=warning",
        ])
        .arg("--target=es2022,chrome111,firefox123,safari16.4");
    run::run(&mut esbuild)?;

    let checker = checker(workspace)?;
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(&output)? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?.replace(CHECKER, &checker);
        let name = path.file_name().context("esbuild writes files")?;
        files.insert(Path::new(FOLDER).join(name), text.into_bytes());
    }
    let metafile: Metafile = serde_json::from_slice(&fs::read(&metafile)?)?;
    let licences = licences(&workspace.root, &packages(metafile.inputs.keys()))?;
    files.insert(Path::new(FOLDER).join("licences.txt"), licences.into_bytes());
    Ok(files)
}

/// Where a page finds the checker's glue.
fn checker(workspace: &Workspace) -> Result<String> {
    let manifest = Manifest::read(&workspace.dist())?;
    let glue = manifest
        .files
        .iter()
        .find(|file| file.path.ends_with("/candor_checker.js"));
    Ok(format!("/{}", glue.context("the bundle has no checker")?.path))
}

/// `node_modules/@scope/name/…` and `node_modules/name/…`: the packages that these files belong to.
fn packages<'p>(inputs: impl Iterator<Item = &'p String>) -> BTreeSet<String> {
    let package = |input: &'p String| {
        let (_, path) = input.rsplit_once("node_modules/")?;
        let length = if path.starts_with('@') { 2 } else { 1 };
        Some(path.split('/').take(length).collect::<Vec<_>>().join("/"))
    };
    inputs.filter_map(package).collect()
}

fn licences(root: &Path, packages: &BTreeSet<String>) -> Result<String> {
    let mut text = "The playground's scripts contain these packages:\n".to_owned();
    for package in packages {
        let folder = root.join("node_modules").join(package);
        let licence = licence(&folder)?.with_context(|| format!("the npm package {package} has no licence"))?;
        text.push_str(&format!("\n\n== {package} ==\n\n{}\n", licence.trim()));
    }
    Ok(text)
}

/// The licence file of a package, or what its manifest names.
fn licence(folder: &Path) -> Result<Option<String>> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().to_lowercase().starts_with("licen") {
            return Ok(Some(fs::read_to_string(entry.path())?));
        }
    }
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("package.json"))?)?;
    Ok(manifest["license"]
        .as_str()
        .map(|name| format!("{name}, as its package.json says")))
}

#[cfg(test)]
mod tests {
    use super::packages;

    #[test]
    fn packages_are_found_in_paths() {
        let inputs = [
            "www/site/playground/editor.js",
            "node_modules/@codemirror/view/dist/index.js",
            "node_modules/@codemirror/view/dist/more.js",
            "node_modules/jsonc-parser/lib/esm/main.js",
            "node_modules/outer/node_modules/@inner/package/index.js",
        ];
        let found: Vec<String> = packages(inputs.map(str::to_owned).iter()).into_iter().collect();
        assert_eq!(found, ["@codemirror/view", "@inner/package", "jsonc-parser"]);
    }
}

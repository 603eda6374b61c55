//! Makes scripts and style sheets small, by esbuild. Names of exports and of CSS classes stay.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use super::cache::Cache;
use crate::run;
use crate::workspace::Workspace;

#[derive(Clone, Copy)]
pub(crate) enum Syntax {
    Script,
    Style,
}

/// The oldest browsers that are promised: those with declarative shadow roots and `:has()`.
const TARGET: &str = "--target=es2022,chrome111,firefox123,safari16.4";

pub(crate) fn minify(workspace: &Workspace, cache: &Cache, source: &str, syntax: Syntax) -> Result<Vec<u8>> {
    let (extension, options): (&str, &[&str]) = match syntax {
        Syntax::Script => ("js", &["--format=esm", "--tree-shaking=true"]),
        Syntax::Style => ("css", &[]),
    };
    let package = package(workspace)?;
    let step = format!("esbuild {extension} {} {TARGET}", options.join(" "));
    cache.get(&step, &[&package, source.as_bytes()], || {
        let input = cache.scratch(&format!("input.{extension}"))?;
        fs::write(&input, source)?;
        run::output(esbuild(workspace).arg(&input).args(options))
    })
}

/// Makes one small script of the modules of a folder.
pub(crate) fn bundle(workspace: &Workspace, cache: &Cache, folder: &str, entry: &str) -> Result<String> {
    let folder = workspace.root.join(folder);
    let mut modules: Vec<_> = fs::read_dir(&folder)
        .with_context(|| folder.display().to_string())?
        .map(|module| Ok(module?.path()))
        .collect::<Result<_>>()?;
    modules.sort();
    let mut inputs = vec![package(workspace)?];
    for module in &modules {
        inputs.push(module.file_name().unwrap_or_default().as_encoded_bytes().to_vec());
        inputs.push(fs::read(module)?);
    }
    let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    let script = cache.get(&format!("esbuild bundle {TARGET}"), &inputs, || {
        run::output(
            esbuild(workspace)
                .arg(folder.join(entry))
                .args(["--bundle", "--format=esm"]),
        )
    })?;
    Ok(String::from_utf8(script)?)
}

/// The same of modules that stand in no folder. What matches one of `external` stays an import.
pub(crate) fn bundled(
    workspace: &Workspace,
    modules: &BTreeMap<String, String>,
    entry: &str,
    external: &[&str],
) -> Result<Vec<u8>> {
    let cache = Cache::open(workspace)?;
    for (name, text) in modules {
        fs::write(cache.scratch(name)?, text)?;
    }
    let entry = cache.scratch(entry)?;
    let folder = entry.parent().context("a file stands in a folder")?;
    run::output(
        esbuild(workspace)
            .current_dir(folder)
            .arg(&entry)
            .args(["--bundle", "--format=esm"])
            .args(external.iter().map(|pattern| format!("--external:{pattern}"))),
    )
}

fn esbuild(workspace: &Workspace) -> Command {
    let mut esbuild = workspace.npm_program("esbuild");
    esbuild.args([
        "--minify",
        "--charset=utf8",
        "--legal-comments=none",
        "--log-level=warning",
        TARGET,
    ]);
    esbuild
}

/// Another esbuild may write other bytes.
fn package(workspace: &Workspace) -> Result<Vec<u8>> {
    fs::read(workspace.root.join("node_modules/esbuild/package.json")).context("npm package esbuild")
}

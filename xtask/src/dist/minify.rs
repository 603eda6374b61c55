//! Makes scripts and style sheets small, by esbuild. Names of exports and of CSS classes stay.

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
        Syntax::Script => ("js", &["--format=esm"]),
        Syntax::Style => ("css", &[]),
    };
    let package = fs::read(workspace.root.join("node_modules/esbuild/package.json")).context("npm package esbuild")?;
    let step = format!("esbuild {extension} {TARGET}");
    cache.get(&step, &[&package, source.as_bytes()], || {
        let input = cache.scratch(&format!("input.{extension}"))?;
        fs::write(&input, source)?;
        let mut esbuild: Command = workspace.npm_program("esbuild");
        esbuild.arg(&input).args([
            "--minify",
            "--charset=utf8",
            "--legal-comments=none",
            "--log-level=warning",
            TARGET,
        ]);
        run::output(esbuild.args(options))
    })
}

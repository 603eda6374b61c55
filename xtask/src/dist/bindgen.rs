//! From a package to a wasm module with its JavaScript glue: cargo, `prune`, wasm-bindgen as a library, wasm-opt, `names`.
//!
//! Functions keep their names until the last step, so that `cargo xtask size` can say where the bytes are.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use super::Quality;
use super::cache::Cache;
use super::{cut, names, prune, rustc};
use crate::run;
use crate::workspace::Workspace;

/// What rustc turns on for wasm32. Never `--all-features`: binaryen then writes imports in a compact form that
/// Chromium refuses ("Invalid import kind 127").
pub(super) const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

const WASM_OPT: [&str; 12] = [
    // First what each function answers, for those that `cut` lets answer the same each time.
    "--gufa",
    "-Oz",
    // It would inline further than LLVM did: fewer bytes, but more of them after brotli.
    "--always-inline-max-function-size",
    "0",
    "--flexible-inline-max-function-size",
    "0",
    "--one-caller-inline-max-function-size",
    "0",
    "--converge",
    // The module makes its own memory, which begins as zeros.
    "--zero-filled-memory",
    // The stack begins at the bottom: whoever came so low would leave the memory next, and trap.
    "--low-memory-unused",
    // Keeps the names of functions.
    "-g",
];

/// The package that every visitor downloads.
const WIDGET: &str = "candor-form";

pub(crate) struct Module {
    /// `candor_form` for the package candor-form.
    pub(crate) name: String,
    pub(crate) glue: String,
    pub(crate) wasm: Vec<u8>,
}

pub(crate) fn module(workspace: &Workspace, cache: &Cache, package: &str, quality: Quality) -> Result<Module> {
    let name = package.replace('-', "_");
    let built = rustc::module(workspace, package, quality)?;
    if quality == Quality::Development {
        let (glue, wasm) = bind(workspace, cache, &name, &built, quality)?;
        return Ok(Module { name, glue, wasm });
    }
    let rows = match package {
        WIDGET => prune::Rows {
            unused: &cut::UNUSED,
            answers: &cut::ANSWERS,
        },
        _ => prune::Rows::default(),
    };
    let built = prune::prune(&built, &rows)?;
    let (glue, wasm) = bind(workspace, cache, &name, &built, quality)?;
    let wasm = optimise(workspace, cache, &wasm)?;
    fs::write(with_names(workspace, &name, quality), &wasm)?;
    let (glue, wasm) = names::shorten(workspace, cache, &glue, &wasm)?;
    Ok(Module { name, glue, wasm })
}

/// Where the last build left the module with the names of its functions.
pub(crate) fn with_names(workspace: &Workspace, name: &str, quality: Quality) -> PathBuf {
    let suffix = if quality == Quality::Minimal {
        "min.wasm"
    } else {
        "wasm"
    };
    workspace.target.join("xtask").join(name).with_extension(suffix)
}

/// wasm-bindgen's two results travel through the cache as one: the length of the glue, the glue, the module.
fn bind(workspace: &Workspace, cache: &Cache, name: &str, built: &[u8], quality: Quality) -> Result<(String, Vec<u8>)> {
    // The lock file stands for wasm-bindgen's version, which the library does not tell.
    let lock = fs::read(workspace.root.join("Cargo.lock")).context("Cargo.lock")?;
    let step = if quality == Quality::Development {
        "wasm-bindgen --dev"
    } else {
        "wasm-bindgen"
    };
    let both = cache.get(step, &[name.as_bytes(), &lock, built], || {
        let mut bindgen = Bindgen::new();
        bindgen
            .input_bytes(name, built.to_vec())
            .web(true)?
            .typescript(false)
            .omit_default_module_path(true);
        if quality != Quality::Development {
            bindgen.remove_producers_section(true).demangle(false);
        }
        let mut output = bindgen.generate_output()?;
        // Every crate has an entry there, most of them with an empty list.
        if output.snippets().values().any(|list| !list.is_empty()) || !output.local_modules().is_empty() {
            bail!("{name} brings JavaScript of its own: the bundle has no place for snippets");
        }
        let glue = output.js().as_bytes().to_vec();
        let length = (glue.len() as u64).to_be_bytes();
        Ok([&length[..], &glue, &output.wasm_mut().emit_wasm()].concat())
    })?;
    let (length, rest) = both
        .split_first_chunk()
        .context("a cached result begins with a length")?;
    let (glue, wasm) = rest.split_at(usize::try_from(u64::from_be_bytes(*length))?);
    Ok((String::from_utf8(glue.to_vec())?, wasm.to_vec()))
}

fn optimise(workspace: &Workspace, cache: &Cache, wasm: &[u8]) -> Result<Vec<u8>> {
    let lock = fs::read(workspace.root.join("node_modules/binaryen/package.json")).context("npm package binaryen")?;
    let arguments = [&WASM_FEATURES[..], &WASM_OPT[..]].concat();
    cache.get("wasm-opt", &[&lock, arguments.join(" ").as_bytes(), wasm], || {
        let (input, output) = (cache.scratch("input.wasm")?, cache.scratch("output.wasm")?);
        fs::write(&input, wasm)?;
        let mut command: Command = workspace.npm_program("wasm-opt");
        run::run(command.arg(&input).arg("-o").arg(&output).args(&arguments))?;
        Ok(fs::read(output)?)
    })
}

//! The browser bundle: `dist/candor.js`, and everything it loads under `dist/candor/<version>-<digest>/`.
//!
//! The same inputs give the same bytes. Slow steps (wasm-bindgen, wasm-opt, brotli) are kept by the hash of what went
//! in, so that a second run only compares. `--dev` leaves out what only makes the bundle small.

pub(crate) mod bindgen;
mod cache;
mod compress;
mod cut;
pub(crate) mod digest;
mod glue;
mod linked;
mod minify;
mod names;
mod prune;
mod rustc;
pub(crate) mod site;
mod write;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use self::bindgen::Module;
use self::cache::Cache;
use self::minify::Syntax;
pub(crate) use self::minify::bundled;
pub(crate) use self::write::{Entry, Manifest, Role};
use crate::run::announce;
use crate::setup;
use crate::workspace::Workspace;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// For the development loop: no wasm-opt, quick compression, debug assertions on
    #[arg(long, conflicts_with = "min")]
    dev: bool,
    /// The smallest bundle, into dist/min: a nightly toolchain of a fixed date builds the standard library anew
    #[arg(long)]
    min: bool,
}

/// What the bundle is built for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quality {
    Development,
    /// On stable Rust: what is shipped and tested.
    Release,
    /// The same, by nightly Rust.
    Minimal,
}

impl Quality {
    /// Where the bundle stands.
    pub(crate) fn folder(self, workspace: &Workspace) -> PathBuf {
        match self {
            Self::Development | Self::Release => workspace.dist(),
            Self::Minimal => workspace.dist().join("min"),
        }
    }
}

/// The files of the bundle by path below dist/.
pub(crate) type Files = BTreeMap<String, (Role, Vec<u8>)>;

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let workspace = Workspace::load()?;
    let quality = match (arguments.dev, arguments.min) {
        (true, _) => Quality::Development,
        (false, true) => Quality::Minimal,
        (false, false) => Quality::Release,
    };
    build(&workspace, quality)
}

/// Builds and writes bundle and demo site.
pub(crate) fn build(workspace: &Workspace, quality: Quality) -> Result<()> {
    match quality {
        Quality::Development | Quality::Release => setup::wasm_target()?,
        Quality::Minimal => setup::nightly()?,
    }
    setup::npm_packages(workspace)?;
    announce("dist: the browser bundle");
    let cache = Cache::open(workspace)?;
    let files = files(workspace, &cache, quality)?;
    let folder = quality.folder(workspace);
    let manifest = write::write(&folder, &files, &cache, quality)?;
    if quality != Quality::Minimal {
        site::write(workspace)?;
    }
    let of_widget = manifest.files.iter().filter(|file| file.role == Role::Widget);
    let (raw, brotli) = of_widget.fold((0, 0), |(raw, brotli), file| (raw + file.raw, brotli + file.brotli));
    println!(
        "   {}/: {} files; the widget is {raw} bytes, {brotli} with brotli",
        folder.strip_prefix(&workspace.root)?.display(),
        manifest.files.len()
    );
    Ok(())
}

/// Writes the demo site beside a bundle that was built before.
pub(crate) fn pages() -> Result<()> {
    let workspace = Workspace::load()?;
    setup::npm_packages(&workspace)?;
    site::write(&workspace)
}

/// The size of a text as a visitor receives it.
pub(crate) fn compressed_size(bytes: &[u8]) -> Result<usize> {
    Ok(compress::brotli(bytes, Quality::Release)?.len())
}

fn files(workspace: &Workspace, cache: &Cache, quality: Quality) -> Result<Files> {
    let version = workspace.widget_version()?;
    let source = |path: &str| fs::read_to_string(workspace.root.join(path)).with_context(|| path.to_owned());
    let minified = |path: &str, syntax| minify::minify(workspace, cache, &source(path)?, syntax);
    let page = |path| anyhow::Ok((Role::Page, minified(path, Syntax::Script)?));
    let [first, later] = ["src/view/first.css", "src/view/later.css"].map(|path| minified(path, Syntax::Style));
    let (first, later) = (first?, later?);
    let mut parts = vec![
        ("plain.js".to_owned(), page("www/plain.js")?),
        ("words.js".to_owned(), page("www/words.js")?),
        ("work.js".to_owned(), page("www/work.js")?),
        ("verify.js".to_owned(), page("www/verify.js")?),
        ("frame.js".to_owned(), page("www/frame.js")?),
        ("frames.js".to_owned(), page("www/frames.js")?),
        (
            "inline.js".to_owned(),
            (Role::Compiler, minified("www/inline.js", Syntax::Script)?),
        ),
        (
            "candor.css".to_owned(),
            (Role::Widget, [first.as_slice(), &later].concat()),
        ),
        ("first.css".to_owned(), (Role::Printed, first)),
    ];
    for (package, role) in [
        ("candor-form", Role::Widget),
        ("candor-compiler", Role::Compiler),
        ("candor-checker", Role::Page),
    ] {
        let Module { name, glue, wasm } = bindgen::module(workspace, cache, package, quality)?;
        let glue = if role == Role::Widget {
            let beside = ["guard", "send", "takeover"].map(|name| source(&format!("www/{name}.js")));
            glue::guarded(&glue, &beside.into_iter().collect::<Result<String>>()?)?
        } else {
            glue
        };
        let glue = minify::minify(workspace, cache, &glue, Syntax::Script)?;
        parts.push((format!("{name}.js"), (role, glue)));
        parts.push((format!("{name}_bg.wasm"), (role, wasm)));
    }

    let folder = folder(version, &parts);
    let loader = minify::bundle(workspace, cache, "www/loader", "main.js")?
        .replace("__CANDOR_VERSION__", version)
        .replace("__CANDOR_FOLDER__", &folder)
        .into_bytes();
    let mut files: Files = parts
        .into_iter()
        .map(|(name, file)| (format!("candor/{folder}/{name}"), file))
        .collect();
    files.insert("candor.js".to_owned(), (Role::Widget, loader));
    Ok(files)
}

/// The version and what it holds: servers call these paths immutable, so another content needs another path.
fn folder(version: &str, parts: &[(String, (Role, Vec<u8>))]) -> String {
    let contents: Vec<&[u8]> = parts.iter().map(|(_, (_, bytes))| bytes.as_slice()).collect();
    format!("{version}-{}", &digest::hexadecimal(&contents)[..12])
}

//! What a visitor downloads, part by part, against the budget; then where the module's bytes are. Over it, it fails.

mod functions;

use std::fs;

use anyhow::{Context, Result, bail};

use crate::dist::bindgen::with_names;
use crate::dist::{Manifest, Quality, Role, compressed_size};
use crate::run;
use crate::workspace::Workspace;

/// The loader is what every page pays, with or without a form in sight.
const LOADER_BUDGET_BYTES: usize = 4_000;
/// Loader, glue, wasm, style sheet and one compiled form, with brotli.
const TOTAL_BUDGET_BYTES: usize = 80_000;
/// The same of `cargo xtask dist --min`.
const MINIMAL_BUDGET_BYTES: usize = 64_000;

/// The form of the demo stands for the compiled form of a page.
const FORM: [&str; 4] = [
    "www/forms/ebook-rgpd.json",
    "--lang=fr",
    "--public-url",
    "https://forms.example",
];

#[derive(Default, clap::Args)]
pub(crate) struct Arguments {
    /// Also by crate and by function
    #[arg(long)]
    functions: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let workspace = Workspace::load()?;
    let form = compiled_form(&workspace)?;
    let mut over = Vec::new();
    for (title, quality, budget) in [
        ("stable", Quality::Release, TOTAL_BUDGET_BYTES),
        ("--min", Quality::Minimal, MINIMAL_BUDGET_BYTES),
    ] {
        let folder = quality.folder(&workspace);
        if quality == Quality::Minimal && !folder.join("manifest.json").is_file() {
            println!("\n--min is not built: `cargo xtask dist --min`");
            continue;
        }
        let mut parts = widget(&Manifest::read(&folder)?);
        parts.push(form.clone());
        print!("{}", table(title, &parts, budget));
        over.extend(over_budget(title, &parts, budget));
        if arguments.functions {
            let file = with_names(&workspace, "candor_form", quality);
            let module = fs::read(&file).with_context(|| format!("{}: run `cargo xtask dist`", file.display()))?;
            print!("{}", functions::table(&module)?);
        }
    }
    if !over.is_empty() {
        bail!("over the budget: {}", over.join("; "));
    }
    Ok(())
}

#[derive(Clone)]
struct Part {
    name: String,
    raw: usize,
    brotli: usize,
}

fn widget(manifest: &Manifest) -> Vec<Part> {
    let of_widget = manifest.files.iter().filter(|file| file.role == Role::Widget);
    let part = of_widget.map(|file| Part {
        name: file.path.clone(),
        raw: file.raw,
        brotli: file.brotli,
    });
    part.collect()
}

fn compiled_form(workspace: &Workspace) -> Result<Part> {
    let mut cargo = workspace.cargo();
    cargo
        .args([
            "run",
            "--quiet",
            "--package",
            "candor-collector",
            "--bin",
            "candor",
            "--",
            "compile",
        ])
        .args(FORM);
    let form = run::output(&mut cargo)?;
    Ok(Part {
        name: "compiled form (ebook-rgpd, fr)".to_owned(),
        raw: form.len(),
        brotli: compressed_size(&form)?,
    })
}

fn table(title: &str, parts: &[Part], budget: usize) -> String {
    let mut lines = format!("{title:<44}{:>10}{:>10}\n", "raw", "brotli");
    for part in parts {
        lines += &format!("{:<44}{:>10}{:>10}\n", part.name, part.raw, part.brotli);
    }
    let (raw, brotli) = total(parts);
    lines + &format!("{:<44}{raw:>10}{brotli:>10}   budget {budget}\n", "total")
}

fn total(parts: &[Part]) -> (usize, usize) {
    parts
        .iter()
        .fold((0, 0), |(raw, brotli), part| (raw + part.raw, brotli + part.brotli))
}

fn over_budget(title: &str, parts: &[Part], budget: usize) -> Vec<String> {
    let loader = parts
        .iter()
        .filter(|part| part.name == "candor.js")
        .map(|part| part.brotli)
        .sum();
    let limits = [
        ("loader", loader, LOADER_BUDGET_BYTES),
        ("total", total(parts).1, budget),
    ];
    let over = limits.into_iter().filter(|(_, size, budget)| size > budget);
    over.map(|(name, size, budget)| format!("{title}: {name} {size} > {budget} bytes"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Part, over_budget};

    fn check(loader: usize, rest: usize, expected: &[&str]) {
        let part = |name: &str, brotli| Part {
            name: name.to_owned(),
            raw: brotli * 3,
            brotli,
        };
        let parts = [part("candor.js", loader), part("candor/1/candor_form_bg.wasm", rest)];
        assert_eq!(
            over_budget("stable", &parts, 80_000),
            expected,
            "loader {loader}, rest {rest}"
        );
    }

    #[test]
    fn budgets_are_upper_bounds() {
        check(4_000, 76_000, &[]);
        check(4_001, 1, &["stable: loader 4001 > 4000 bytes"]);
        check(1, 80_000, &["stable: total 80001 > 80000 bytes"]);
    }
}

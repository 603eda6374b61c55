//! What a visitor downloads, part by part, against the budget. Over it, the command fails.

use anyhow::{Result, bail};

use crate::dist::{Manifest, Role, compressed_size};
use crate::run;
use crate::workspace::Workspace;

/// The loader is what every page pays, with or without a form in sight.
const LOADER_BUDGET_BYTES: usize = 4_000;
/// Loader, glue, wasm, style sheet and one compiled form, with brotli.
const TOTAL_BUDGET_BYTES: usize = 95_000;

/// The form of the demo stands for the compiled form of a page.
const FORM: [&str; 4] = [
    "www/forms/ebook-rgpd.json",
    "--lang=fr",
    "--public-url",
    "https://forms.example",
];

pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::load()?;
    let manifest = Manifest::read(&workspace.dist())?;
    let of_widget = manifest.files.iter().filter(|file| file.role == Role::Widget);
    let mut parts: Vec<Part> = of_widget
        .map(|file| Part {
            name: file.path.clone(),
            raw: file.raw,
            brotli: file.brotli,
        })
        .collect();
    parts.push(compiled_form(&workspace)?);
    print!("{}", table(&parts));
    let over = over_budget(&parts);
    if !over.is_empty() {
        bail!("over the budget: {}", over.join("; "));
    }
    Ok(())
}

struct Part {
    name: String,
    raw: usize,
    brotli: usize,
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

fn table(parts: &[Part]) -> String {
    let mut lines = format!("{:<44}{:>10}{:>10}\n", "part", "raw", "brotli");
    for part in parts {
        lines += &format!("{:<44}{:>10}{:>10}\n", part.name, part.raw, part.brotli);
    }
    let (raw, brotli) = total(parts);
    lines + &format!("{:<44}{raw:>10}{brotli:>10}   budget {TOTAL_BUDGET_BYTES}\n", "total")
}

fn total(parts: &[Part]) -> (usize, usize) {
    parts
        .iter()
        .fold((0, 0), |(raw, brotli), part| (raw + part.raw, brotli + part.brotli))
}

fn over_budget(parts: &[Part]) -> Vec<String> {
    let loader = parts
        .iter()
        .filter(|part| part.name == "candor.js")
        .map(|part| part.brotli)
        .sum();
    let limits = [
        ("loader", loader, LOADER_BUDGET_BYTES),
        ("total", total(parts).1, TOTAL_BUDGET_BYTES),
    ];
    let over = limits.into_iter().filter(|(_, size, budget)| size > budget);
    over.map(|(name, size, budget)| format!("{name} {size} > {budget} bytes"))
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
        assert_eq!(over_budget(&parts), expected, "loader {loader}, rest {rest}");
    }

    #[test]
    fn budgets_are_upper_bounds() {
        check(4_000, 91_000, &[]);
        check(4_001, 1, &["loader 4001 > 4000 bytes"]);
        check(1, 95_000, &["total 95001 > 95000 bytes"]);
    }
}

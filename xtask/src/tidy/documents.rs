//! What the documents say about the tree is so: the README shows the programs of docs/verify as they were tested, every
//! path that stands in `back ticks` exists, and so does what every link without a scheme leads to.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::Findings;
use crate::workspace::Workspace;

/// Folders of documents, not read further down.
const PLACES: [&str; 7] = [
    "",
    "docs",
    "docs/spec",
    "crates/collector",
    "crates/collector/migrations",
    "crates/definition",
    "crates/record",
];
const FOLDERS: [&str; 6] = ["crates/", "docs/", "src/", "tests/", "www/", "xtask/"];
const SHOWN: [&str; 2] = ["docs/verify/verify.mjs", "docs/verify/verify.py"];

pub(crate) fn check(workspace: &Workspace) -> Result<Findings> {
    let read = |path: &str| fs::read_to_string(workspace.root.join(path)).with_context(|| path.to_owned());
    let readme = read("README.md")?;
    let mut findings = Findings::new();
    for path in SHOWN {
        if !readme.contains(&format!("\n{}```\n", read(path)?)) {
            findings.push(format!("README.md: does not show {path} as it is; copy it anew"));
        }
    }
    for document in documents(&workspace.root)? {
        let name = document.strip_prefix(&workspace.root)?.display().to_string();
        let text = read(&name)?;
        for path in paths(&text).filter(|path| !workspace.root.join(path).exists()) {
            findings.push(format!("{name}: names {path}, which does not exist"));
        }
        let folder = document.parent().unwrap_or(&workspace.root);
        for link in links(&text).filter(|link| !folder.join(link).exists()) {
            findings.push(format!("{name}: links to {link}, which does not exist"));
        }
    }
    Ok(findings)
}

fn documents(root: &Path) -> Result<Vec<PathBuf>> {
    let mut documents = Vec::new();
    for place in PLACES {
        let folder = root.join(place);
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            documents.push(entry?.path());
        }
    }
    documents.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    documents.sort();
    Ok(documents)
}

/// Where `[words](target)` leads inside the tree, without its fragment.
fn links(document: &str) -> impl Iterator<Item = &str> {
    let targets = document.split("](").skip(1);
    targets
        .filter_map(|rest| rest.split([')', '#']).next())
        .filter(|target| !target.is_empty() && !target.contains(':'))
}

/// The words in back ticks that begin with a folder of the tree.
fn paths(document: &str) -> impl Iterator<Item = &str> {
    let quoted = document.split('`').skip(1).step_by(2);
    quoted.filter(|word| {
        let is_path = word
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "/._-".contains(character));
        is_path && FOLDERS.iter().any(|folder| word.starts_with(folder))
    })
}

#[cfg(test)]
mod tests {
    use super::{links, paths};

    #[test]
    fn paths_in_back_ticks_are_found() {
        let document = "Read `src/lib.rs` and `crates/record`, run `cargo xtask`, see `docs/a b` or www/index.html.";
        assert_eq!(paths(document).collect::<Vec<_>>(), ["src/lib.rs", "crates/record"]);
    }

    #[test]
    fn links_into_the_tree_are_found() {
        let document =
            "[a](docs/a.md), [b](../b.md#part), [c](https://c.example/), [d](#here) and [e](mailto:e@e.example)";
        assert_eq!(links(document).collect::<Vec<_>>(), ["docs/a.md", "../b.md"]);
    }
}

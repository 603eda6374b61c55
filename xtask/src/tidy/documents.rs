//! What the documents say about the tree is so: the README shows the programs of docs/verify as they were tested, and
//! every path that stands in `back ticks` exists.

use std::fs;

use anyhow::{Context, Result};

use super::Findings;
use crate::workspace::Workspace;

const DOCUMENTS: [&str; 3] = ["README.md", "docs/architecture.md", "docs/decisions.md"];
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
    for document in DOCUMENTS {
        for path in paths(&read(document)?).filter(|path| !workspace.root.join(path).exists()) {
            findings.push(format!("{document}: names {path}, which does not exist"));
        }
    }
    Ok(findings)
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
    use super::paths;

    #[test]
    fn paths_in_back_ticks_are_found() {
        let document = "Read `src/lib.rs` and `crates/record`, run `cargo xtask`, see `docs/a b` or www/index.html.";
        assert_eq!(paths(document).collect::<Vec<_>>(), ["src/lib.rs", "crates/record"]);
    }
}

//! The demo site: `www/*.html` and `www/site/` as static files in `dist/site/`, and the playground's scripts in one.
//!
//! Trunk writes the same folder in the development loop, but for the playground, whose packages only esbuild finds.
//! What only Trunk reads (`data-trunk`) is left out here;
//! forms and the gated file are not part of the site, or the gate would stand open.

mod playground;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::write::{remove_others, replace};
use crate::workspace::Workspace;

pub(crate) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.dist().join("site")
}

pub(crate) fn copy(workspace: &Workspace) -> Result<()> {
    let source = workspace.root.join("www");
    let target = folder(workspace);
    let mut written = BTreeSet::new();
    for from in [source.clone(), source.join("site")] {
        for entry in fs::read_dir(&from).with_context(|| from.display().to_string())? {
            let path = entry?.path();
            let is_page = path.extension().is_some_and(|extension| extension == "html");
            if !path.is_file() || (from == source && !is_page) {
                continue;
            }
            let content = if is_page {
                without_trunk(&fs::read_to_string(&path)?).into_bytes()
            } else {
                fs::read(&path)?
            };
            let file = target.join(path.strip_prefix(&source)?);
            replace(&file, &content)?;
            written.insert(file);
        }
    }
    for (path, content) in playground::files(workspace)? {
        let file = target.join(path);
        replace(&file, &content)?;
        written.insert(file);
    }
    remove_others(&target, &written)
}

fn without_trunk(page: &str) -> String {
    page.split_inclusive('\n')
        .filter(|line| !line.contains(" data-trunk "))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::without_trunk;

    #[test]
    fn lines_for_trunk_are_left_out() {
        let page = "<head>\n  <link data-trunk rel=\"copy-dir\" href=\"site\">\n  <title>t</title>\n</head>\n";
        assert_eq!(without_trunk(page), "<head>\n  <title>t</title>\n</head>\n");
    }
}

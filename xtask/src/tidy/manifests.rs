//! Every direct dependency says in one comment line what it is for: above it, behind it, or once for the workspace.

use std::fs;

use anyhow::Result;

use super::Findings;
use crate::workspace::Workspace;

pub(crate) fn check(workspace: &Workspace) -> Result<Findings> {
    let mut findings = Findings::new();
    for package in &workspace.packages {
        let name = package
            .manifest_path
            .strip_prefix(&workspace.root)
            .unwrap_or(&package.manifest_path)
            .display();
        let lines = uncommented(&fs::read_to_string(&package.manifest_path)?);
        findings.extend(
            lines
                .into_iter()
                .map(|(line, dependency)| format!("{name}:{line}: say in a comment what {dependency} is for")),
        );
    }
    Ok(findings)
}

/// Line and name of each dependency without a reason. `x.workspace = true` has its reason in the workspace's table, and
/// the workspace's own packages need none.
fn uncommented(manifest: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut in_dependencies = false;
    let mut comments: Vec<&str> = Vec::new();
    let lines: Vec<&str> = manifest.lines().map(str::trim).collect();
    for (index, line) in lines.iter().enumerate() {
        if let Some(comment) = line.strip_prefix('#') {
            let continues = index > 0 && lines[index - 1].starts_with('#');
            if !continues {
                comments.clear();
            }
            comments.push(comment);
            continue;
        }
        if let Some(section) = line.strip_prefix('[') {
            let section = section.split(']').next().unwrap_or_default();
            in_dependencies = section.ends_with("dependencies");
            // [dependencies.web-sys]: the table is one dependency, and its reason stands above or inside.
            let own_table = section.rsplit_once("dependencies.").map(|(_, name)| name);
            let inside = lines.get(index + 1).is_some_and(|next| next.starts_with('#'));
            if let Some(name) = own_table.filter(|_| !inside && !is_above(&lines, index)) {
                found.push((index + 1, name.to_owned()));
            }
            comments.clear();
            continue;
        }
        let Some(name) = line
            .split(['=', '.', ' '])
            .next()
            .filter(|name| in_dependencies && !name.is_empty())
        else {
            continue;
        };
        let named_above = comments
            .iter()
            .any(|comment| comment.split(['`', ',', ':', ' ']).any(|word| word == name));
        let explained = line.contains(" # ") || is_above(&lines, index) || named_above;
        let elsewhere = name.starts_with("candor-") || line.replace(' ', "").contains("workspace=true");
        if !explained && !elsewhere {
            found.push((index + 1, name.to_owned()));
        }
    }
    found
}

fn is_above(lines: &[&str], index: usize) -> bool {
    index > 0 && lines[index - 1].starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::uncommented;

    fn check(manifest: &str, expected: &[(usize, &str)]) {
        let expected: Vec<(usize, String)> = expected
            .iter()
            .map(|(line, name)| (*line, (*name).to_owned()))
            .collect();
        assert_eq!(uncommented(manifest), expected, "{manifest}");
    }

    #[test]
    fn a_dependency_says_what_it_is_for() {
        check("[dependencies]\n# a: this.\na = \"1\"\n", &[]);
        check("[dependencies]\na = \"1\" # this\n", &[]);
        check("[dependencies]\na = \"1\"\n", &[(2, "a")]);
        check(
            "[dependencies]\n# a, b: these.\na = \"1\"\nb = \"1\"\nc = \"1\"\n",
            &[(5, "c")],
        );
        check("[dev-dependencies]\na = { version = \"1\" }\n", &[(2, "a")]);
        check("[target.'cfg(unix)'.dependencies]\na = \"1\"\n", &[(2, "a")]);
        check(
            "[dependencies]\na.workspace = true\nb = { workspace = true }\ncandor-record = { path = \"x\" }\n",
            &[],
        );
        check("[workspace.dependencies]\na = \"1\"\n", &[(2, "a")]);
        check("[features]\na = [\"b\"]\n", &[]);
    }

    #[test]
    fn a_dependency_with_its_own_table_too() {
        check("[dependencies.a]\n# a: this.\nversion = \"1\"\n", &[]);
        check("# a: this.\n[dependencies.a]\nversion = \"1\"\n", &[]);
        check("[dependencies.a]\nversion = \"1\"\n", &[(1, "a")]);
    }
}

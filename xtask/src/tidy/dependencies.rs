//! One-way dependencies (docs/architecture.md): who may depend on whom inside the workspace, and what the pure crates
//! must never reach, not even through somebody else.

use anyhow::Result;

use super::Findings;
use crate::run;
use crate::setup::WASM_TARGET;
use crate::workspace::{Package, Workspace};

/// Every package of the workspace with those of its siblings that it may use.
const DIRECTIONS: [(&str, &[&str]); 8] = [
    ("candor-record", &[]),
    ("candor-definition", &["candor-record"]),
    ("candor-lint", &["candor-definition", "candor-record"]),
    ("candor-compiler", &["candor-definition", "candor-record"]),
    ("candor-checker", &["candor-lint", "candor-definition", "candor-record"]),
    ("candor-form", &["candor-record"]),
    (
        "candor-collector",
        &["candor-form", "candor-lint", "candor-definition", "candor-record"],
    ),
    ("xtask", &[]),
];

/// They know nothing of browsers, HTTP, SQL, clocks or randomness.
const PURE: [&str; 3] = ["candor-record", "candor-definition", "candor-lint"];

const FORBIDDEN: [(&str, &[&str]); 5] = [
    ("browsers", &["web-sys", "js-sys", "wasm-bindgen", "gloo", "yew"]),
    (
        "HTTP",
        &["http", "hyper", "axum", "tower", "tower-http", "reqwest", "ureq"],
    ),
    ("SQL", &["sqlx", "sqlx-core", "rusqlite", "libsqlite3-sys", "diesel"]),
    (
        "clocks and runtimes",
        &["tokio", "async-std", "smol", "chrono", "time", "web-time"],
    ),
    (
        "randomness",
        &["getrandom", "rand", "rand_core", "fastrand", "oorandom"],
    ),
];

pub(crate) fn check(workspace: &Workspace) -> Result<Findings> {
    let mut findings: Findings = workspace.packages.iter().flat_map(siblings).collect();
    for name in PURE.into_iter().filter(|name| workspace.package(name).is_ok()) {
        for target in [None, Some(WASM_TARGET)] {
            findings.extend(reached(name, &closure(workspace, name, target)?));
        }
    }
    findings.sort();
    findings.dedup();
    Ok(findings)
}

/// Direct dependencies of every kind but `dev` point downwards only; the collector takes the widget without a browser.
fn siblings(package: &Package) -> Findings {
    let Some((_, allowed)) = DIRECTIONS.iter().find(|(name, _)| *name == package.name) else {
        return vec![format!(
            "{}: unknown package; give it a place in xtask/src/tidy/dependencies.rs",
            package.name
        )];
    };
    let ordinary = package
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind.as_deref() != Some("dev"));
    let mut findings = Findings::new();
    for dependency in ordinary.filter(|dependency| DIRECTIONS.iter().any(|(name, _)| *name == dependency.name)) {
        if !allowed.contains(&dependency.name.as_str()) {
            findings.push(format!("{}: must not depend on {}", package.name, dependency.name));
        }
        let only_ssr = !dependency.uses_default_features && dependency.features == ["ssr"];
        if dependency.name == "candor-form" && !only_ssr {
            findings.push(format!("{}: takes candor-form with feature ssr alone", package.name));
        }
    }
    findings
}

/// The names in a package's closure of ordinary dependencies, with the features it has when built alone: `cargo
/// metadata` would show it with the features that others in the workspace turn on.
fn closure(workspace: &Workspace, package: &str, target: Option<&str>) -> Result<Vec<String>> {
    let mut cargo = workspace.cargo();
    cargo.args([
        "tree",
        "--quiet",
        "--edges=normal",
        "--prefix=none",
        "--format={p}",
        "--package",
        package,
    ]);
    if let Some(target) = target {
        cargo.args(["--target", target]);
    }
    let tree = String::from_utf8(run::output(&mut cargo)?)?;
    Ok(tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect())
}

fn reached(package: &str, closure: &[String]) -> Findings {
    let mut findings = Findings::new();
    for (what, names) in FORBIDDEN {
        for name in names
            .iter()
            .filter(|name| closure.iter().any(|reached| reached == *name))
        {
            findings.push(format!("{package}: must know nothing of {what}, but reaches {name}"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{reached, siblings};
    use crate::workspace::{Dependency, Package};

    fn check(name: &str, dependency: (&str, Option<&str>, bool, &[&str]), expected: &[&str]) {
        let (other, kind, uses_default_features, features) = dependency;
        let package = Package {
            name: name.to_owned(),
            version: "0.1.0".to_owned(),
            manifest_path: "Cargo.toml".into(),
            dependencies: vec![Dependency {
                name: other.to_owned(),
                kind: kind.map(str::to_owned),
                uses_default_features,
                features: features.iter().map(|&feature| feature.to_owned()).collect(),
            }],
        };
        assert_eq!(siblings(&package), expected, "{name} on {other}");
    }

    #[test]
    fn dependencies_point_one_way() {
        check("candor-definition", ("candor-record", None, true, &[]), &[]);
        check("candor-definition", ("serde", None, true, &[]), &[]);
        let upwards = &["candor-record: must not depend on candor-definition"];
        check("candor-record", ("candor-definition", None, true, &[]), upwards);
        check(
            "candor-record",
            ("candor-definition", Some("build"), true, &[]),
            upwards,
        );
        check("candor-record", ("candor-record", Some("dev"), true, &["ring"]), &[]);
        check(
            "candor-form",
            ("candor-collector", None, true, &[]),
            &["candor-form: must not depend on candor-collector"],
        );
    }

    #[test]
    fn the_collector_takes_the_widget_without_a_browser() {
        let finding = &["candor-collector: takes candor-form with feature ssr alone"];
        check("candor-collector", ("candor-form", None, false, &["ssr"]), &[]);
        check("candor-collector", ("candor-form", None, true, &["ssr"]), finding);
        check(
            "candor-collector",
            ("candor-form", None, false, &["csr", "ssr"]),
            finding,
        );
    }

    #[test]
    fn unknown_packages_need_a_place() {
        check(
            "newcomer",
            ("serde", None, true, &[]),
            &["newcomer: unknown package; give it a place in xtask/src/tidy/dependencies.rs"],
        );
    }

    #[test]
    fn pure_crates_reach_no_randomness() {
        let closure = ["serde".to_owned(), "getrandom".to_owned()];
        let expected = ["candor-record: must know nothing of randomness, but reaches getrandom"];
        assert_eq!(reached("candor-record", &closure), expected);
    }
}

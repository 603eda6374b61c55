//! `cargo xtask test`: everything that has to hold before a change is merged, from a fresh clone.
//!
//! Every step runs, also after one has failed, so that one run tells all; only what needs the failed step is left out.
//! The last line is a total in the words of `cargo test`.

mod counts;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use self::counts::Counts;
use crate::dist::{self, Quality};
use crate::run::{self, announce};
use crate::setup::{self, WASM_TARGET};
use crate::workspace::Workspace;
use crate::{package, size, tidy};

#[derive(Default, clap::Args)]
pub(crate) struct Arguments {
    /// Leave the browser out
    #[arg(long)]
    fast: bool,
    /// Also build the smallest bundle and run the browser tests against it, all but the playground's
    #[arg(long, conflicts_with = "fast")]
    min: bool,
}

/// Packages that live in the browser too, and are held to the same lints there.
const FOR_WASM: [&str; 6] = [
    "candor-record",
    "candor-definition",
    "candor-lint",
    "candor-compiler",
    "candor-checker",
    "candor-form",
];

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let begun = Instant::now();
    let workspace = Workspace::load()?;
    setup::wasm_target()?;
    setup::components()?;
    setup::npm_packages(&workspace)?;
    let browsers = if arguments.fast {
        None
    } else {
        Some((setup::browser(&workspace)?, setup::firefox()?))
    };

    let mut steps = Steps::default();
    let cargo = |words: &[&str]| {
        let mut command = workspace.cargo();
        command.args(words);
        command
    };
    steps.check("rustfmt", || run::run(&mut cargo(&["fmt", "--all", "--", "--check"])));
    steps.check("tidy", tidy::run);
    let lints = ["--", "-D", "warnings"];
    steps.check("clippy", || {
        run::run(cargo(&["clippy", "--workspace", "--all-targets"]).args(lints))
    });
    steps.check("clippy for wasm32", || {
        let packages = FOR_WASM.iter().flat_map(|package| ["--package", package]);
        run::run(cargo(&["clippy", "--target", WASM_TARGET]).args(packages).args(lints))
    });
    steps.check("clippy of the widget without a browser", || {
        run::run(
            cargo(&["clippy", "--package", "candor-form", "--all-targets"])
                .args(SSR)
                .args(lints),
        )
    });

    // The widget on its own, with either feature: in the whole workspace the collector turns both on.
    steps.tests(
        "tests of the workspace",
        &workspace,
        &["--workspace", "--exclude", "candor-form"],
    );
    steps.tests("tests of the widget", &workspace, &["--package", "candor-form"]);
    steps.tests(
        "tests of the widget without a browser",
        &workspace,
        &[&["--package", "candor-form"][..], &SSR].concat(),
    );

    let bundled = steps.check("dist", || dist::build(&workspace, Quality::Release));
    let built = steps.check("collector", || {
        run::run(&mut cargo(&["build", "--package", "candor-collector"]))
    });
    let smallest = arguments.min && steps.check("dist --min", || dist::build(&workspace, Quality::Minimal));
    if bundled && built {
        steps.check("size", || size::run(&size::Arguments::default()));
        steps.check("package", || {
            package::pack(&workspace).and_then(|()| package::check(&workspace))
        });
        if let Some((chromium, firefox)) = browsers {
            let playwright = |collector: &Path| {
                let mut playwright = workspace.npm_program("playwright");
                playwright.args(["test", "--config", "tests/e2e/playwright.config.ts"]);
                playwright
                    .env("CHROMIUM", &chromium)
                    .env("FIREFOX", &firefox)
                    .env("CANDOR_BIN", collector);
                playwright
            };
            steps.counted("browsers", || playwright(&workspace.collector()));
            let collector = workspace.target.join("xtask/candor-min");
            if smallest
                && steps.check("collector with dist/min", || {
                    with_minimal_bundle(&workspace, &collector)
                })
            {
                steps.counted("browsers with dist/min", || {
                    let mut playwright = playwright(&collector);
                    playwright.env("CANDOR_BUNDLE", "min");
                    playwright
                });
            }
        }
    }
    steps.close(begun)
}

/// Another collector, beside the one that cargo knows: it is built from the same crates, and the bundle alone differs.
fn with_minimal_bundle(workspace: &Workspace, to: &Path) -> Result<()> {
    let mut cargo = workspace.cargo();
    run::run(
        cargo
            .args(["build", "--package", "candor-collector"])
            .env("CANDOR_BUNDLE", "min"),
    )?;
    fs::copy(workspace.collector(), to).with_context(|| to.display().to_string())?;
    Ok(())
}

const SSR: [&str; 3] = ["--no-default-features", "--features", "ssr"];

/// What has run so far.
#[derive(Default)]
struct Steps {
    counts: Counts,
    failed: Vec<String>,
}

impl Steps {
    /// A step that either holds or does not.
    fn check(&mut self, name: &str, step: impl FnOnce() -> Result<()>) -> bool {
        announce(name);
        let outcome = step();
        if let Err(error) = &outcome {
            println!("   failed: {error:#}");
            self.failed.push(name.to_owned());
        }
        outcome.is_ok()
    }

    /// Tests by cargo-nextest where it is installed, otherwise by cargo test.
    fn tests(&mut self, name: &str, workspace: &Workspace, packages: &[&str]) {
        let nextest = run::exists("cargo-nextest", "--version");
        let runner: &[&str] = if nextest {
            &["nextest", "run", "--no-fail-fast"]
        } else {
            &["test", "--no-fail-fast"]
        };
        self.counted(name, || {
            let mut cargo = workspace.cargo();
            cargo.args(runner).args(packages);
            cargo
        });
    }

    /// A step whose output tells how many tests it ran.
    fn counted(&mut self, name: &str, command: impl FnOnce() -> Command) {
        let mut command = command();
        let mut counts = Counts::default();
        self.check(name, || stream(&mut command, &mut counts));
        self.counts += counts;
    }

    fn close(self, begun: Instant) -> Result<()> {
        let verdict = if self.failed.is_empty() { "ok" } else { "FAILED" };
        let Counts {
            passed,
            failed,
            ignored,
        } = self.counts;
        println!(
            "\ntest result: {verdict}. {passed} passed; {failed} failed; {ignored} ignored; 0 measured; 0 filtered out; \
             finished in {:.2}s",
            begun.elapsed().as_secs_f64()
        );
        if !self.failed.is_empty() {
            bail!("failed: {}", self.failed.join(", "));
        }
        Ok(())
    }
}

/// Runs a test runner, passes its output on line by line, and counts.
fn stream(command: &mut Command, counts: &mut Counts) -> Result<()> {
    // One pipe for both: nextest reports on stderr, cargo test and Playwright on stdout.
    let (reader, writer) = std::io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {}", run::shown(command)))?;
    // The command holds the writing ends; while it does, the pipe never ends.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    for line in BufReader::new(reader).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        counts.read(&line);
        println!("{line}");
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{} ended with {status}", run::shown(command));
    }
    Ok(())
}

//! `cargo xtask bench`: the figures that have a budget, each against the same work done bare in the same run.
//!
//! Figures of one machine say little; the ratios are what counts. Timing lives here, never in the tests.

use std::process::Command;

use anyhow::Result;

use crate::dist::{self, Quality};
use crate::run::{self, announce};
use crate::setup;
use crate::workspace::Workspace;

pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::load()?;
    dist::build(&workspace, Quality::Release)?;
    let browser = setup::browser(&workspace)?;

    announce("bench: the collector, against verification, signature and durable transaction done bare");
    run::run(
        workspace
            .cargo()
            .args(["bench", "--package", "candor-collector", "--bench", "submissions"]),
    )?;

    announce("bench: the sweep of 100,000 leads, against a bare pass of SQLite over the same rows");
    run::run(
        workspace
            .cargo()
            .args(["bench", "--package", "candor-collector", "--bench", "sweep"]),
    )?;

    announce(
        "bench: rules over 100,000 people and a count by campaign, against a bare pass of SQLite over the same rows",
    );
    run::run(
        workspace
            .cargo()
            .args(["bench", "--package", "candor-collector", "--bench", "qualify"]),
    )?;

    announce("bench: what one mailbox costs into which somebody typed 5,000 submissions, against a quarter of them");
    run::run(
        workspace
            .cargo()
            .args(["bench", "--package", "candor-collector", "--bench", "flood"]),
    )?;

    announce("bench: the check of 1,000 definitions, against reading them as JSON");
    run::run(
        workspace
            .cargo()
            .args(["bench", "--package", "candor-collector", "--bench", "check"]),
    )?;

    announce(
        "bench: the widget, against bare WebCrypto in the same page, and against other forms with the same content",
    );
    run::run(workspace.cargo().args(["build", "--package", "candor-collector"]))?;
    let peers = workspace.root.join("tests/e2e/bench/peers");
    setup::npm_packages_of(&peers)?;
    run::run(
        Command::new("node")
            .arg(peers.join("build.js"))
            .env("CANDOR_BIN", workspace.collector()),
    )?;
    let mut playwright = workspace.npm_program("playwright");
    playwright.args(["test", "--config", "tests/e2e/bench.config.ts"]);
    run::run(
        playwright
            .env("CHROMIUM", browser)
            .env("CANDOR_BIN", workspace.collector()),
    )
}

//! The only automation of the workspace. Every command starts from a fresh clone and says what it does.
//!
//! Each command is one file; read `dist.rs` for the bundle, `test.rs` for what keeps the tree honest.
#![expect(clippy::print_stdout, reason = "a command line speaks on stdout")]

mod bench;
mod demo;
mod dist;
mod ebook;
mod languages;
mod package;
mod rules;
mod run;
mod setup;
mod size;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, tests and shows Candor")]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything, start a collector with the demo site, print its address
    Demo(demo::Arguments),
    /// Everything that has to hold before a change is merged
    Test(test::Arguments),
    /// The same as `test`: what .ci/run calls
    Ci,
    /// Build the browser bundle into dist/
    Dist(dist::Arguments),
    /// The demo's pages alone, into dist/site, beside a bundle that is there
    Site,
    /// The npm package, into dist/
    Package(package::Arguments),
    /// Raw and compressed sizes against the budget, and where the bytes are
    Size(size::Arguments),
    /// Time and throughput against the same work done bare
    Bench,
    /// The rules of the tree: one-way dependencies, file heads, file sizes, reasons for dependencies
    Tidy,
    /// Write docs/languages.md from the catalogs
    Languages,
    /// Write docs/lawful-forms.md and its French half from the rules of crates/lint
    Rules,
    /// Print docs/ebook/guide.html to www/assets/guide-rgpd.pdf
    Ebook,
    /// Install what is missing: wasm target, npm packages, a browser
    Setup,
}

fn main() -> ExitCode {
    let outcome = match CommandLine::parse().command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Ci => test::run(&test::Arguments::default()),
        Command::Dist(arguments) => dist::run(&arguments),
        Command::Site => dist::pages(),
        Command::Package(arguments) => package::run(&arguments),
        Command::Size(arguments) => size::run(&arguments),
        Command::Bench => bench::run(),
        Command::Tidy => tidy::run(),
        Command::Languages => languages::run(),
        Command::Rules => rules::run(),
        Command::Ebook => ebook::run(),
        Command::Setup => setup::run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

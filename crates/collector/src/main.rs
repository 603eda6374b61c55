//! The binary `candor`: reads the command line and hands over to `command/`, nothing else.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use candor_collector::command::{
    backup, canon, check, compile, contact, export, import, keys, new, notice, policy, qualify, render, schema, serve,
    sweep, target, token, verify,
};
use clap::{Parser, Subcommand};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Lead forms that can prove they were honest.
#[derive(Debug, Parser)]
#[command(name = "candor", version, max_term_width = 100)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve forms, take submissions, send mails
    Serve(Box<serve::Arguments>),
    /// Check form definitions, like a compiler
    Check(check::Arguments),
    /// Print the compiled form of a definition
    Compile(compile::Arguments),
    /// Print a lawful definition to begin with
    New(new::Arguments),
    /// Print the full notice of a form as a page
    Notice(notice::Arguments),
    /// Print what to say at the first contact: foot of the message, script of the call
    Contact(contact::Arguments),
    /// Draft a privacy policy from definitions, for a lawyer to finish
    Policy(policy::Arguments),
    /// Score leads by rules of your own, and decide about the results
    #[command(subcommand)]
    Qualify(qualify::Action),
    /// Print the JSON Schema of definitions, for editors
    Schema(schema::Arguments),
    /// Print a form as static HTML
    Render(render::Arguments),
    /// Export the register, leads, records, a person, reports
    #[command(subcommand)]
    Export(export::Export),
    /// Take over leads that were asked for elsewhere: a list, or Meta's lead forms
    Import(Box<import::Arguments>),
    /// Do what is due now: reconfirmations, expiries, retention, mails
    Sweep(Box<sweep::Arguments>),
    /// Keys that receipts are sealed with
    #[command(subcommand)]
    Keys(keys::Action),
    /// Receivers of leads, each bound to a purpose and a party
    #[command(subcommand)]
    Target(target::Action),
    /// Bearer tokens of the operator interface
    #[command(subcommand)]
    Token(token::Action),
    /// Write database and keys into one file, also while `serve` runs
    Backup(backup::BackupArguments),
    /// Make a data folder from a backup
    Restore(backup::RestoreArguments),
    /// Verify receipts and records
    Verify(verify::Arguments),
    /// Print the canonical bytes (RFC 8785) of the JSON text on stdin
    Canon(canon::Arguments),
}

fn main() -> ExitCode {
    match Line::parse().command {
        Command::Serve(arguments) => serve::run(*arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Compile(arguments) => compile::run(arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::Notice(arguments) => notice::run(&arguments),
        Command::Contact(arguments) => contact::run(arguments),
        Command::Policy(arguments) => policy::run(&arguments),
        Command::Qualify(action) => qualify::run(action),
        Command::Schema(arguments) => schema::run(arguments),
        Command::Render(arguments) => render::run(arguments),
        Command::Export(export) => export::run(export),
        Command::Import(arguments) => import::run(*arguments),
        Command::Sweep(arguments) => sweep::run(*arguments),
        Command::Keys(action) => keys::run(action),
        Command::Target(action) => target::run(action),
        Command::Token(action) => token::run(action),
        Command::Backup(arguments) => backup::back_up(arguments),
        Command::Restore(arguments) => backup::restore(arguments),
        Command::Verify(arguments) => verify::run(arguments),
        Command::Canon(arguments) => canon::run(arguments),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// Every `--lang` that chooses between English and French, below these words of the command line.
    fn tongues(command: &clap::Command, words: &str, found: &mut Vec<String>) {
        for argument in command.get_arguments().filter(|argument| argument.get_id() == "lang") {
            let values = argument.get_possible_values();
            let mut named: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
            named.sort_unstable();
            // Others take a language of the form.
            if named != ["en", "fr"] {
                assert_eq!(named, Vec::<&str>::new(), "{words}");
                continue;
            }
            assert_eq!(argument.get_default_values(), ["en"], "{words}");
            assert_eq!(argument.get_env(), Some("CANDOR_LANG".as_ref()), "{words}");
            found.push(words.trim().to_owned());
        }
        for command in command.get_subcommands() {
            tongues(command, &format!("{words} {}", command.get_name()), found);
        }
    }

    #[test]
    fn operators_read_english_unless_they_say_otherwise() {
        let mut found = Vec::new();
        tongues(&Line::command(), "", &mut found);
        let expected = [
            "check",
            "export register",
            "export map",
            "export reconsent",
            "export watch",
            "export breach",
        ];
        assert_eq!(found, expected);
    }
}

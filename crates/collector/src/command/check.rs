//! `candor check`: tells what is wrong with form definitions, like a compiler: file, line, caret, why, how to mend.
//!
//! Exit code 0 where nothing is an error, 1 where something is, 2 where a file cannot be read. Which rules there are:
//! [`candor_definition::rule`].

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, iter};

use candor_definition::{Diagnostic, Severity, review};
use serde::Serialize;

mod sarif;
pub mod text;

/// Options of `candor check`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Definitions; a folder stands for its *.json files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How to print the problems
    #[arg(long, value_enum, default_value_t, env = "CANDOR_FORMAT")]
    format: Format,
    /// The day whose law counts; what the grammar refuses is refused on every day
    #[arg(long, value_name = "DATE", env = "CANDOR_AT")]
    at: Option<jiff::civil::Date>,
}

/// How problems are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// With the line, a caret, the remedy and the source.
    #[default]
    Text,
    /// An array of problems.
    Json,
    /// SARIF 2.1.0, as code hosts read it.
    Sarif,
}

/// A definition that was read, and what is wrong with it.
#[derive(Debug)]
struct Checked {
    file: String,
    text: Vec<u8>,
    problems: Vec<Diagnostic>,
}

/// One problem of one file, as JSON.
#[derive(Debug, Serialize)]
struct Located<'c> {
    file: &'c str,
    #[serde(flatten)]
    problem: &'c Diagnostic,
}

/// Runs `candor check`.
pub fn run(arguments: Arguments) -> ExitCode {
    let (checked, unreadable) = read_all(&arguments.files);
    for (file, error) in &unreadable {
        complain(&format!("candor: {} cannot be read: {error}", file.display()));
    }
    let output = match arguments.format {
        Format::Text => as_text(&checked),
        Format::Json => pretty(&located(&checked).collect::<Vec<_>>()),
        Format::Sarif => pretty(&sarif::log(located(&checked))),
    };
    // A reader that went away (`candor check … | head`) is no failure of the check.
    let _ = io::stdout().write_all(output.as_bytes());
    let is_wrong = located(&checked).any(|located| located.problem.severity == Severity::Error);
    match (unreadable.is_empty(), is_wrong) {
        (false, _) => ExitCode::from(2),
        (true, true) => ExitCode::FAILURE,
        (true, false) => ExitCode::SUCCESS,
    }
}

/// Writes a line to stderr.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

fn read_all(arguments: &[PathBuf]) -> (Vec<Checked>, Vec<(PathBuf, io::Error)>) {
    let mut checked = Vec::new();
    let mut unreadable = Vec::new();
    for argument in arguments {
        let files = match expand(argument) {
            Ok(files) => files,
            Err(error) => {
                unreadable.push((argument.clone(), error));
                continue;
            }
        };
        for file in files {
            match fs::read(&file) {
                Ok(text) => {
                    let problems = review(&text);
                    checked.push(Checked {
                        file: file.display().to_string(),
                        text,
                        problems,
                    });
                }
                Err(error) => unreadable.push((file, error)),
            }
        }
    }
    (checked, unreadable)
}

/// The file, or the definitions of the folder by name.
fn expand(argument: &Path) -> io::Result<Vec<PathBuf>> {
    if !argument.is_dir() {
        return Ok(vec![argument.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(argument)? {
        let path = entry?.path();
        if path.is_file() && path.extension() == Some(OsStr::new("json")) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn located(checked: &[Checked]) -> impl Iterator<Item = Located<'_>> {
    checked
        .iter()
        .flat_map(|checked| iter::repeat(checked.file.as_str()).zip(&checked.problems))
        .map(|(file, problem)| Located { file, problem })
}

fn as_text(checked: &[Checked]) -> String {
    let style = text::Style {
        coloured: io::stdout().is_terminal(),
    };
    checked
        .iter()
        .map(|Checked { file, text, problems }| {
            let notes = problems
                .iter()
                .filter(|problem| problem.severity == Severity::Note)
                .count();
            let verdict = match (problems.len() - notes, notes) {
                (0, 0) => "nothing to mend".to_owned(),
                (0, notes) => format!("nothing to mend, {}", counted(notes, "note")),
                (problems, 0) => counted(problems, "problem"),
                (problems, notes) => format!("{}, {}", counted(problems, "problem"), counted(notes, "note")),
            };
            let told = if problems.is_empty() {
                String::new()
            } else {
                text::render(style, file, text, problems)
            };
            format!("{told}{file}: {verdict}\n")
        })
        .collect()
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn pretty(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("diagnostics are strings and numbers");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{located, read_all, sarif};

    #[test]
    fn folders_stand_for_their_definitions() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in [("b.json", "{"), ("a.json", "{}"), ("notes.txt", "{")] {
            fs::write(folder.path().join(name), text).expect("a file");
        }
        let missing = folder.path().join("missing.json");
        let (checked, unreadable) = read_all(&[folder.path().to_owned(), missing.clone()]);
        let files: Vec<_> = checked
            .iter()
            .map(|it| it.file.rsplit('/').next().unwrap_or_default())
            .collect();
        assert_eq!(files, ["a.json", "b.json"]);
        assert_eq!(unreadable.iter().map(|(file, _)| file).collect::<Vec<_>>(), [&missing]);
        let problems: Vec<_> = located(&checked).map(|it| it.problem.rule.clone()).collect();
        assert_eq!(problems.last().map(String::as_str), Some("C-DEF-JSON"));
    }

    #[test]
    fn json_and_sarif_carry_place_and_remedy() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a form.json");
        fs::write(&file, "{\"format\":\n  \"other\"}").expect("a file");
        let (checked, _) = read_all(&[file]);
        let all: Vec<_> = located(&checked).collect();
        let json = serde_json::to_value(&all).expect("diagnostics are JSON");
        let format = json
            .as_array()
            .and_then(|list| list.iter().find(|it| it["rule"] == "C-DEF-FORMAT"))
            .expect("it is told");
        let members: Vec<_> = format
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        for member in [
            "file", "rule", "severity", "pointer", "line", "column", "message", "help", "source",
        ] {
            assert!(members.contains(&member), "{member}");
        }
        assert_eq!(members.len(), 9);
        assert_eq!(
            (&format["line"], &format["column"], &format["severity"]),
            (&2.into(), &3.into(), &"error".into())
        );

        let log = sarif::log(all.into_iter());
        let result = log["runs"][0]["results"]
            .as_array()
            .and_then(|list| list.iter().find(|it| it["ruleId"] == "C-DEF-FORMAT"));
        let location = &result.expect("it is told")["locations"][0]["physicalLocation"];
        assert_eq!(location["region"]["startLine"], 2);
        assert!(
            location["artifactLocation"]["uri"]
                .as_str()
                .is_some_and(|uri| uri.ends_with("a%20form.json"))
        );
    }
}

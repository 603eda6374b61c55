//! `candor check`: tells what is wrong with form definitions, like a compiler: file, line, caret, why, how to mend.
//!
//! Exit code 0 where nothing is an error, 1 where something is, 2 where a file cannot be read or mended. Which rules
//! there are: [`candor_definition::rule`] and [`candor_lint::rules`].

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, iter};

use candor_definition::{Context, Diagnostic, Severity};
use candor_lint::Review;
use rayon::prelude::*;

use crate::check::{Located, pretty, sarif};
use crate::clock::{Clock, SystemClock, day};
use crate::command::tongue::Tongue;

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
    /// The day whose law counts; default: today. What the grammar refuses is refused on every day
    #[arg(long, value_name = "DATE", env = "CANDOR_AT")]
    at: Option<jiff::civil::Date>,
    /// Language of the rules' reasons and remedies
    #[arg(long, value_enum, default_value_t, env = "CANDOR_LANG")]
    lang: Tongue,
    /// Mend in the file what can be mended safely, then tell the rest
    #[arg(long)]
    fix: bool,
    /// A collector will serve these forms: it takes consents back at /m
    #[arg(long)]
    served: bool,
}

impl Arguments {
    fn review(&self) -> Review {
        Review {
            day: self.at.unwrap_or_else(|| day(SystemClock.now())),
            tongue: self.lang.into(),
            context: Context {
                has_collector: self.served,
            },
        }
    }
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
    /// What `--fix` mended.
    mended: Vec<Diagnostic>,
}

/// Runs `candor check`.
pub fn run(arguments: Arguments) -> ExitCode {
    let (checked, unreadable) = check_all(&arguments.files, &arguments.review(), arguments.fix);
    for (file, error) in &unreadable {
        complain(&format!("candor: {}: {error}", file.display()));
    }
    for Checked { file, mended, .. } in &checked {
        for problem in mended {
            complain(&format!(
                "{file}:{}:{}: mended {}",
                problem.line, problem.column, problem.rule
            ));
        }
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

/// Files that could not be read or written, and why.
type Failed = Vec<(PathBuf, io::Error)>;

fn check_all(arguments: &[PathBuf], review: &Review, fix: bool) -> (Vec<Checked>, Failed) {
    let mut files = Vec::new();
    let mut failed = Failed::new();
    for argument in arguments {
        match expand(argument) {
            Ok(expanded) => files.extend(expanded),
            Err(error) => failed.push((argument.clone(), error)),
        }
    }
    // In parallel; the order of the arguments stays.
    let outcomes: Vec<_> = files
        .into_par_iter()
        .map(|file| check_one(&file, review, fix).map_err(|error| (file, error)))
        .collect();
    let mut checked = Vec::new();
    for outcome in outcomes {
        match outcome {
            Ok(one) => checked.push(one),
            Err(error) => failed.push(error),
        }
    }
    (checked, failed)
}

fn check_one(file: &Path, review: &Review, fix: bool) -> io::Result<Checked> {
    let mut text = fs::read(file)?;
    let mut mended = Vec::new();
    if let Some(better) = fix.then(|| candor_lint::fix(&text, review)).flatten() {
        replace(file, &better.text)?;
        (text, mended) = (better.text, better.mended);
    }
    Ok(Checked {
        file: file.display().to_string(),
        problems: candor_lint::review(&text, review),
        text,
        mended,
    })
}

/// The whole new text or the old one: a file that is cut off is worse than one with a problem.
fn replace(file: &Path, text: &[u8]) -> io::Result<()> {
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(text)?;
    new.as_file().set_permissions(fs::metadata(file)?.permissions())?;
    new.as_file().sync_all()?;
    new.persist(file).map_err(|error| error.error)?;
    Ok(())
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
        .map(
            |Checked {
                 file, text, problems, ..
             }| {
                let verdict = verdict(problems);
                let told = if problems.is_empty() {
                    String::new()
                } else {
                    text::render(style, file, text, problems)
                };
                format!("{told}{file}: {verdict}\n")
            },
        )
        .collect()
}

/// How many problems there are, the worst first.
fn verdict(problems: &[Diagnostic]) -> String {
    let count = |severity| problems.iter().filter(|problem| problem.severity == severity).count();
    let mut counts = Vec::new();
    for (severity, noun) in [
        (Severity::Error, "problem"),
        (Severity::Warning, "warning"),
        (Severity::Note, "note"),
    ] {
        match count(severity) {
            0 if severity == Severity::Error => counts.push("nothing to mend".to_owned()),
            0 => {}
            count => counts.push(counted(count, noun)),
        }
    }
    counts.join(", ")
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use candor_lint::Review;
    use jiff::civil::date;

    use super::{check_all, located};
    use crate::check::sarif;

    fn review() -> Review {
        Review::on(date(2026, 11, 22))
    }

    #[test]
    fn folders_stand_for_their_definitions() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in [("b.json", "{"), ("a.json", "{}"), ("notes.txt", "{")] {
            fs::write(folder.path().join(name), text).expect("a file");
        }
        let missing = folder.path().join("missing.json");
        let (checked, unreadable) = check_all(&[folder.path().to_owned(), missing.clone()], &review(), false);
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
        let (checked, _) = check_all(&[file], &review(), false);
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

//! `candor canon`: any JSON text on standard input, its RFC 8785 bytes on standard output.
//!
//! What has no canonical form is refused with its place, the reason and the remedy, and exit code 1. Nothing is added
//! to the bytes, not even a newline: they are what is hashed.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use candor_record::{
    canonical::canonicalize,
    json::{self, JsonError, Limits},
};

/// `candor canon` takes no options.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Runs the command.
pub fn run(_arguments: Arguments) -> ExitCode {
    match transfer(io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            // Nobody may be listening on stderr either; the exit code still tells.
            let _ = writeln!(io::stderr(), "{reason}");
            ExitCode::FAILURE
        }
    }
}

fn transfer(input: impl Read, mut output: impl Write) -> Result<(), String> {
    let mut text = Vec::new();
    // One byte more than allowed, so that the reader sees what is too large and says so.
    let limit = Limits::CANONICAL.max_bytes as u64 + 1;
    input
        .take(limit)
        .read_to_end(&mut text)
        .map_err(|error| format!("standard input cannot be read: {error}"))?;
    let bytes = canonical_bytes(&text).map_err(|error| explain(&error))?;
    let written = output.write_all(&bytes).and_then(|()| output.flush());
    written.map_err(|error| format!("standard output cannot be written: {error}"))
}

fn canonical_bytes(text: &[u8]) -> Result<Vec<u8>, JsonError> {
    json::parse(text, &Limits::CANONICAL).map(|node| canonicalize(&node))
}

fn explain(error: &JsonError) -> String {
    let pointer = if error.pointer.is_empty() {
        String::new()
    } else {
        format!(" ({})", error.pointer)
    };
    let (line, column, kind) = (error.line, error.column, error.kind);
    format!(
        "line {line}, column {column}{pointer}: {}; {}",
        kind.message(),
        kind.remedy()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &[u8], expected: Result<&str, &str>) {
        let mut output = Vec::new();
        let outcome = transfer(input, &mut output);
        let shown = String::from_utf8_lossy(input);
        match expected {
            Ok(bytes) => assert_eq!(
                (outcome, String::from_utf8_lossy(&output).as_ref()),
                (Ok(()), bytes),
                "{shown}"
            ),
            Err(part) => {
                let reason = outcome.expect_err(&shown);
                assert!(reason.contains(part), "{shown}: {reason}");
                assert!(
                    output.is_empty(),
                    "{shown}: nothing is written where there is no canonical form"
                );
            }
        }
    }

    #[test]
    fn spells_what_has_a_canonical_form() {
        check(b" { \"b\" : 1.0 , \"a\" : -0 }\n", Ok(r#"{"a":0,"b":1}"#));
        check(
            b"[1E21, 1e-7, 333333333.33333329, 9007199254740992]",
            Ok("[1e+21,1e-7,333333333.3333333,9007199254740992]"),
        );
        check("\"\\u20ac\\u000F\u{ffff}\"".as_bytes(), Ok("\"€\\u000f\u{ffff}\""));
        check(b"null", Ok("null"));
    }

    #[test]
    fn refuses_with_place_reason_and_remedy() {
        check(
            b"{\"a\":1,\n\"a\":2}",
            Err("line 2, column 1 (/a): this member stands twice in the same object; keep one"),
        );
        check(
            b"9007199254740993",
            Err("line 1, column 1: no double holds this integer exactly; write it as a string"),
        );
        check(b"1E400", Err("beyond the range of a double"));
        check(b"\"\\ud800\"", Err("surrogate"));
        check(b"\"\xff\"", Err("not UTF-8"));
        check(b"\xef\xbb\xbf{}", Err("byte order mark"));
        check("[".repeat(200).as_bytes(), Err("nested deeper"));
        check(b"", Err("ends inside a value"));
    }
}

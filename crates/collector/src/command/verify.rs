//! `candor verify`: says of records and receipts, check by check, whether they hold.
//!
//! Exit code 0 where no check failed (open ones do not count), 1 where one did, 2 where an input cannot be used. It
//! needs no collector: the keys come from a file or from their published address. What the checks mean:
//! [`candor_record::verify`].

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use candor_record::{
    key::KeySet,
    verify::{Evidence, RingVerifier, UnverifiedRecord, Verdict, verify},
};

mod input;
mod report;

use input::{Reference, UnusableInput};

/// Options of `candor verify`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Receipts or records; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The controller's published keys
    #[arg(long, value_name = "FILE|URL", env = "CANDOR_JWKS")]
    jwks: Option<String>,
    /// A definition, or a compiled form: only then texts and withdrawal address are compared
    #[arg(long, value_name = "FILE", env = "CANDOR_DEFINITION")]
    definition: Option<PathBuf>,
    /// A JSON array of disclosures
    #[arg(long, value_name = "FILE", env = "CANDOR_DISCLOSURES")]
    disclosures: Option<PathBuf>,
    /// A log proof (this release has no log yet, and refuses one rather than pass it over)
    #[arg(long, value_name = "FILE", env = "CANDOR_PROOF")]
    proof: Option<PathBuf>,
    /// How to print the verdict
    #[arg(long, value_enum, default_value_t, env = "CANDOR_FORMAT")]
    format: Format,
}

/// How a verdict is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// One line per check.
    #[default]
    Text,
    /// `{"checks":[…],"held":[…]}`, an array of them for several files.
    Json,
}

/// A file, and what was found in it.
#[derive(Debug)]
struct Examined {
    file: String,
    verdict: Verdict,
}

/// Runs the command.
pub fn run(arguments: Arguments) -> ExitCode {
    let examined = match examine(&arguments) {
        Ok(examined) => examined,
        Err(error) => {
            // Nobody may be listening on stderr either; the exit code still tells.
            let _ = writeln!(io::stderr(), "{error}");
            return ExitCode::from(2);
        }
    };
    let text = match arguments.format {
        Format::Text => report::text(&examined),
        Format::Json => report::json(&examined),
    };
    if io::stdout().lock().write_all(text.as_bytes()).is_err() {
        return ExitCode::from(2);
    }
    if examined.iter().all(|examined| examined.verdict.is_good()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn examine(arguments: &Arguments) -> Result<Vec<Examined>, UnusableInput> {
    input::check_standard_input_once(arguments)?;
    if let Some(proof) = &arguments.proof {
        return Err(input::refuse_proof(proof));
    }
    let keys = arguments.jwks.as_deref().map(input::read_keys).transpose()?;
    let reference = arguments.definition.as_deref().map(input::read_reference).transpose()?;
    let disclosures = arguments
        .disclosures
        .as_deref()
        .map(input::read_disclosures)
        .transpose()?;
    let mut examined = Vec::new();
    for file in &arguments.files {
        let bytes = input::read_record(file)?;
        let verdict = judge(&bytes, keys.as_ref(), reference.as_ref(), disclosures.as_deref());
        examined.push(Examined {
            file: file.display().to_string(),
            verdict,
        });
    }
    Ok(examined)
}

fn judge(
    bytes: &[u8],
    keys: Option<&KeySet>,
    reference: Option<&Reference>,
    disclosures: Option<&[String]>,
) -> Verdict {
    // Which language the definition is compiled in is the record's own claim; where it is not one of the definition's,
    // the comparison of step 9 says so.
    let unverified = UnverifiedRecord::read(bytes).ok();
    let language = unverified.as_ref().and_then(|record| record.claim("/language"));
    let expected = reference.map(|reference| reference.expected_in(language));
    let evidence = Evidence {
        received: None,
        keys,
        expected: expected.as_deref(),
        disclosures,
    };
    verify(bytes, &evidence, &RingVerifier)
}

#[cfg(test)]
mod tests;

//! What `candor verify` reads: files, standard input, one address. Each refusal says what to do.

use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use candor_definition::{Context, Definition, compile, negotiate, parse_in};
use candor_record::{
    expected::Expected,
    json::{self, Limits},
    key::KeySet,
};

use super::Arguments;

/// More than any input of the command: records and definitions end at 256 KiB.
const MAX_INPUT_BYTES: u64 = 1024 * 1024;
/// A key set is small, and whoever waits for it sits in front of a terminal.
const FETCH_DEADLINE: Duration = Duration::from_secs(10);

/// An input that cannot be used: exit code 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UnusableInput {
    place: String,
    reason: String,
}

impl UnusableInput {
    fn new(place: impl fmt::Display, reason: impl Into<String>) -> UnusableInput {
        UnusableInput {
            place: place.to_string(),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for UnusableInput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.reason)
    }
}

/// What the definition option named.
#[derive(Debug)]
pub(super) enum Reference {
    /// A compiled form: everything is compared.
    Compiled(Box<Expected>),
    /// A definition: compiled in the record's language, compared without what the release and the collector add.
    Definition(Box<Definition>),
}

impl Reference {
    pub(super) fn expected_in(&self, language: Option<&str>) -> Cow<'_, Expected> {
        match self {
            Reference::Compiled(expected) => Cow::Borrowed(expected.as_ref()),
            Reference::Definition(definition) => {
                let language = negotiate(definition, language);
                let compiled = compile(definition, &language, None);
                let expected = Expected::from_compiled(compiled.json());
                Cow::Owned(
                    expected
                        .expect("what the compiler makes is a compiled form")
                        .without_texts(),
                )
            }
        }
    }
}

/// Standard input can be read only once.
pub(super) fn check_standard_input_once(arguments: &Arguments) -> Result<(), UnusableInput> {
    let options = [&arguments.definition, &arguments.disclosures, &arguments.proof]
        .into_iter()
        .flatten();
    let paths = arguments
        .files
        .iter()
        .chain(options)
        .filter(|path| path.as_os_str() == "-")
        .count();
    let count = paths + usize::from(arguments.jwks.as_deref() == Some("-"));
    if count > 1 {
        return Err(UnusableInput::new(
            "-",
            "standard input is named more than once; keep one, use files for the others",
        ));
    }
    Ok(())
}

/// A record. One that is too large is cut: the verdict says so.
pub(super) fn read_record(path: &Path) -> Result<Vec<u8>, UnusableInput> {
    read_at_most(path)
}

/// The published keys, from a file or an address.
pub(super) fn read_keys(source: &str) -> Result<KeySet, UnusableInput> {
    let is_address = source.starts_with("https://") || source.starts_with("http://");
    let bytes = if is_address {
        fetch(source)?
    } else {
        read_whole(Path::new(source))?
    };
    KeySet::parse(&bytes).map_err(|error| UnusableInput::new(source, format!("no key set to verify with: {error}")))
}

/// A definition or a compiled form.
pub(super) fn read_reference(path: &Path) -> Result<Reference, UnusableInput> {
    let bytes = read_whole(path)?;
    let limits = Limits {
        max_bytes: MAX_INPUT_BYTES as usize,
        numbers: json::Numbers::AnyDouble,
        ..Limits::DEFINITION
    };
    let node = json::parse(&bytes, &limits).map_err(|error| UnusableInput::new(path.display(), error.to_string()))?;
    if node.get("format").and_then(json::Node::as_str) == Some("candor-compiled/1") {
        let expected = Expected::from_compiled(&node.to_json());
        let expected = expected.map_err(|error| UnusableInput::new(path.display(), error.to_string()))?;
        return Ok(Reference::Compiled(Box::new(expected)));
    }
    // Whether a collector took consents back is not known here, and not what is asked.
    let context = Context { has_collector: true };
    let definition = parse_in(context, &bytes).map_err(|diagnostics| {
        let first = diagnostics.first().map_or_else(String::new, |first| {
            format!(": line {}, column {}: {}", first.line, first.column, first.message)
        });
        UnusableInput::new(
            path.display(),
            format!("no definition and no compiled form; see `candor check`{first}"),
        )
    })?;
    Ok(Reference::Definition(Box::new(definition)))
}

/// A JSON array of disclosures. Its contents are personal: no error repeats them.
pub(super) fn read_disclosures(path: &Path) -> Result<Vec<String>, UnusableInput> {
    let bytes = read_whole(path)?;
    let unusable = || UnusableInput::new(path.display(), "no disclosures; expected a JSON array of texts");
    let node = json::parse(
        &bytes,
        &Limits {
            max_bytes: MAX_INPUT_BYTES as usize,
            ..Limits::RECORD
        },
    );
    let node = node.map_err(|error| UnusableInput::new(path.display(), error.to_string()))?;
    let items = node.as_array().ok_or_else(unusable)?;
    items
        .iter()
        .map(|item| item.as_str().map(str::to_owned).ok_or_else(unusable))
        .collect()
}

/// Log proofs come with the log. To pass one over in silence would look like a check.
pub(super) fn refuse_proof(path: &Path) -> UnusableInput {
    match read_whole(path) {
        Err(error) => error,
        Ok(_) => UnusableInput::new(
            path.display(),
            "this release cannot verify log proofs; leave --proof out, and check 11 stays open",
        ),
    }
}

fn read_whole(path: &Path) -> Result<Vec<u8>, UnusableInput> {
    let bytes = read_at_most(path)?;
    if bytes.len() as u64 > MAX_INPUT_BYTES {
        return Err(UnusableInput::new(
            path.display(),
            "larger than 1 MiB, which none of these files is",
        ));
    }
    Ok(bytes)
}

fn read_at_most(path: &Path) -> Result<Vec<u8>, UnusableInput> {
    let mut bytes = Vec::new();
    let outcome = if path.as_os_str() == "-" {
        io::stdin().lock().take(MAX_INPUT_BYTES + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(MAX_INPUT_BYTES + 1).read_to_end(&mut bytes))
    };
    outcome.map_err(|error| UnusableInput::new(path.display(), format!("cannot be read: {error}")))?;
    Ok(bytes)
}

fn fetch(address: &str) -> Result<Vec<u8>, UnusableInput> {
    let unusable = |error: ureq::Error| UnusableInput::new(address, format!("cannot be fetched: {error}"));
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(FETCH_DEADLINE))
        .max_redirects(3)
        .build();
    let mut response = ureq::Agent::new_with_config(config)
        .get(address)
        .call()
        .map_err(unusable)?;
    response
        .body_mut()
        .with_config()
        .limit(MAX_INPUT_BYTES)
        .read_to_vec()
        .map_err(unusable)
}

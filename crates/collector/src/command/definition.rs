//! A definition on the command line: its file, one of its languages, and where its collector is. What `candor compile`,
//! `render`, `notice` and `policy` read.
//! Refuses a language that the definition does not declare: another one would be printed in silence.

use std::{
    io::{self, IsTerminal},
    path::{Path, PathBuf},
    process::ExitCode,
};

use candor_definition::{Context, Definition, Language, negotiate, parse_in};
use clap::Args;

use super::check::{complain, text};

#[derive(Debug, Args)]
pub struct Source {
    /// The definition
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// One of the definition's languages; its first one by default
    #[arg(long, value_name = "LANG", env = "CANDOR_LANG")]
    lang: Option<String>,
    /// Where the collector is reached: it records, and its page /m takes consents back
    #[arg(long, value_name = "URL", env = "CANDOR_PUBLIC_URL", value_parser = web_address)]
    public_url: Option<String>,
}

impl Source {
    /// The definition and the language; where they cannot be used, stderr has been told why, and the code says how badly.
    pub(super) fn read(&self) -> Result<(Definition, Language), ExitCode> {
        self.read_for(self.public_url.is_some())
    }

    /// The same, whether or not the address of the collector is known.
    pub(super) fn read_for(&self, has_collector: bool) -> Result<(Definition, Language), ExitCode> {
        let definition = definition(&self.file, has_collector)?;
        let language = choose(&definition, self.lang.as_deref()).map_err(|reason| {
            complain(&format!("candor: {reason}"));
            ExitCode::from(2)
        })?;
        Ok((definition, language))
    }

    pub(super) fn public_url(&self) -> Option<&str> {
        self.public_url.as_deref()
    }
}

/// Reads a definition; where it cannot be used, stderr has been told why, and the code says how badly.
pub(super) fn definition(path: &Path, has_collector: bool) -> Result<Definition, ExitCode> {
    let file = path.display().to_string();
    let source = std::fs::read(path).map_err(|error| {
        complain(&format!("candor: {file} cannot be read: {error}"));
        ExitCode::from(2)
    })?;
    parse_in(Context { has_collector }, &source).map_err(|problems| {
        let style = text::Style {
            coloured: io::stderr().is_terminal(),
        };
        complain(text::render(style, &file, &source, &problems).trim_end());
        ExitCode::FAILURE
    })
}

/// The wanted language, never another one in its place.
pub(super) fn choose(definition: &Definition, wanted: Option<&str>) -> Result<Language, String> {
    let Some(wanted) = wanted else {
        return Ok(negotiate(definition, None));
    };
    definition.language(wanted).cloned().ok_or_else(|| {
        let declared: Vec<String> = definition.languages().map(|language| format!("`{language}`")).collect();
        format!("the form has no language `{wanted}`; it has {}", declared.join(", "))
    })
}

pub(super) fn web_address(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.starts_with('/') => Ok(text.to_owned()),
        _ => Err("write the whole address, for example https://forms.example".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{choose, web_address};

    #[test]
    fn a_language_is_never_replaced_silently() {
        let text = include_bytes!("../../../definition/tests/examples/ebook-rgpd.json");
        let definition = candor_definition::parse(text).expect("the example is lawful");
        let chosen = |wanted| choose(&definition, wanted).map(|language| language.to_string());
        assert_eq!(chosen(None), Ok("fr".to_owned()));
        assert_eq!(chosen(Some("en")), Ok("en".to_owned()));
        assert_eq!(
            chosen(Some("de")),
            Err("the form has no language `de`; it has `fr`, `en`".to_owned())
        );
    }

    #[test]
    fn public_urls_are_whole() {
        for (text, is_good) in [
            ("https://f.example", true),
            ("http://localhost:8080", true),
            ("f.example", false),
            ("https://", false),
        ] {
            assert_eq!(web_address(text).is_ok(), is_good, "{text}");
        }
    }
}

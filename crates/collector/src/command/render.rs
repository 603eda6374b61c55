//! `candor render FILE`: the prerendered form, as a snippet or as a whole page, for a site's own build; or the content
//! policy that it asks for.
//! Refuses a definition that `candor check` refuses.

use std::{io::Write, process::ExitCode};

use candor_definition::{Definition, Language, compile};
use clap::Args;

use super::definition::{Source, web_address};
use crate::config::origin_of;
use crate::snippet::{Root, Snippet, Style, escaped, hints};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    source: Source,
    /// Where the full notice stands that `candor notice` printed, for a site without a collector
    #[arg(long, value_name = "URL", value_parser = web_address)]
    notice: Option<String>,
    /// A whole page instead of a snippet
    #[arg(long)]
    page: bool,
    /// In the page itself, without a shadow root
    #[arg(long)]
    light: bool,
    /// Level of the form's title
    #[arg(long, value_name = "LEVEL", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=6))]
    heading_level: u8,
    /// How the style sheet comes along
    #[arg(long, value_enum, default_value_t)]
    stylesheet: Style,
    /// The content policy that the page needs, in place of the form
    #[arg(long)]
    csp: bool,
}

pub fn run(arguments: Arguments) -> ExitCode {
    // A form on a page of one's own posts to a collector, also where its address is not said.
    let (definition, language) = match arguments.source.read_for(true) {
        Ok(read) => read,
        Err(code) => return code,
    };
    match render(&arguments, &definition, &language) {
        Ok(text) => match writeln!(std::io::stdout(), "{text}") {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "candor render: {error}");
            ExitCode::FAILURE
        }
    }
}

fn render(
    arguments: &Arguments,
    definition: &Definition,
    language: &Language,
) -> Result<String, Box<dyn std::error::Error>> {
    let public_url = arguments.source.public_url();
    let base = public_url.unwrap_or_default().trim_end_matches('/');
    let compiled = compile(definition, language, public_url);
    let mut json = compiled.json().clone();
    if let Some(notice) = &arguments.notice {
        json["notice"] = notice.as_str().into();
    }
    let snippet = Snippet {
        base,
        form: definition.id(),
        compiled: &json,
        root: if arguments.light { Root::Light } else { Root::Shadow },
        style: arguments.stylesheet,
        heading_level: arguments.heading_level,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let printed = runtime.block_on(snippet.print())?;
    if arguments.csp {
        return Ok(policy(base, &printed.hashes));
    }
    if !arguments.page {
        return Ok(printed.html);
    }
    let title = compiled.json()["texts"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|text| text["ref"] == "title");
    let title = escaped(title.and_then(|title| title["text"].as_str()).unwrap_or_default());
    let (hints, base, element) = (hints(base), escaped(base), printed.html);
    Ok(format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         {hints}<script type=\"module\" async src=\"{base}/candor.js\"></script>\n</head>\n\
         <body>\n<main>\n{element}\n</main>\n</body>\n</html>"
    ))
}

/// The README's recipe, with the hashes of what is printed inline.
fn policy(base: &str, hashes: &[String]) -> String {
    let own = ["'self'", origin_of(base)].join(" ").trim_end().to_owned();
    let hashes: String = hashes.iter().map(|hash| format!(" '{hash}'")).collect();
    format!("script-src {own} 'wasm-unsafe-eval'; style-src {own}{hashes}; connect-src {own}; form-action {own}")
}

#[cfg(test)]
mod tests {
    use super::policy;

    #[test]
    fn a_policy_names_the_forms_and_the_styles() {
        let check = |base: &str, hashes: &[&str], expected: &str| {
            let hashes: Vec<_> = hashes.iter().map(|hash| (*hash).to_owned()).collect();
            assert_eq!(policy(base, &hashes), expected, "{base}");
        };
        check(
            "https://forms.example",
            &["sha256-a=", "sha256-b="],
            "script-src 'self' https://forms.example 'wasm-unsafe-eval'; \
             style-src 'self' https://forms.example 'sha256-a=' 'sha256-b='; \
             connect-src 'self' https://forms.example; form-action 'self' https://forms.example",
        );
        check(
            "",
            &[],
            "script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; form-action 'self'",
        );
    }
}

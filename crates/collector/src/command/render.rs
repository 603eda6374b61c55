//! `candor render FILE`: the prerendered form, as a snippet or as a whole page, for a site's own build.
//! Refuses a definition that `candor check` refuses.

use std::{fs, io::Write, path::PathBuf, process::ExitCode};

use candor_definition::{Context, compile, negotiate, parse_in};
use candor_form::static_form::{self, StaticForm};
use clap::Args;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The form definition
    file: PathBuf,
    /// Language; default: the definition's first
    #[arg(long)]
    lang: Option<String>,
    /// Address of the collector, which the form posts to
    #[arg(long, env = "CANDOR_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// A whole page instead of a snippet
    #[arg(long)]
    page: bool,
}

pub fn run(arguments: Arguments) -> ExitCode {
    match render(&arguments) {
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

fn render(arguments: &Arguments) -> Result<String, Box<dyn std::error::Error>> {
    let path = arguments.file.display();
    let text = fs::read(&arguments.file).map_err(|error| format!("{path}: {error}"))?;
    let definition = parse_in(Context { has_collector: true }, &text).map_err(|diagnostics| {
        let first = diagnostics
            .first()
            .map(|first| format!("{}:{}: {}", first.line, first.column, first.message));
        format!("{path}:{} (candor check tells more)", first.unwrap_or_default())
    })?;
    let language = negotiate(&definition, arguments.lang.as_deref());
    let base = arguments
        .public_url
        .as_deref()
        .unwrap_or_default()
        .trim_end_matches('/');
    let compiled = compile(&definition, &language, arguments.public_url.as_deref());
    let id = definition.id();
    let action = format!("{base}/f/{id}");
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let form = runtime.block_on(static_form::render(StaticForm::new(compiled.json(), &action)))?;
    let element =
        format!("<candor-form src=\"{base}/v1/forms/{id}?lang={language}\" lang=\"{language}\">{form}</candor-form>");
    if !arguments.page {
        return Ok(element);
    }
    let title = compiled.json()["texts"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|text| text["ref"] == "title");
    let title = title.and_then(|title| title["text"].as_str()).unwrap_or_default();
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    Ok(format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<script type=\"module\" src=\"{base}/candor.js\"></script>\n</head>\n<body>\n<main>\n{element}\n</main>\n</body>\n</html>"
    ))
}

//! `candor import --form ID FILE`: leads that were asked for elsewhere, line by line, with a report to stdout.
//! Refuses a form that is not published, and a mapping or a file that does not fit. Exit code 1 where a line was refused,
//! 2 where an input cannot be used; what was taken until then stays, and the same command again goes on from there.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::Args;
use serde_json::Value;

use super::export::{Place, Unusable, failed};
use crate::{
    app::App,
    import::{
        ImportError, Order,
        mapping::Mapping,
        meta,
        report::{Counts, Format as ReportFormat, Head, Printer},
        rows::{Format, digest, named},
        run as take_over,
    },
    published::PublishedForm,
    telemetry,
};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// The form that the leads are for
    #[arg(long, value_name = "ID")]
    form: String,
    #[arg(long, value_enum)]
    format: Format,
    /// What is told of the file: columns, what was shown, by which control people chose (docs/import.md)
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// The form at Meta as the Graph API answers it, with its legal content: what was shown there
    #[arg(long, value_name = "FILE")]
    meta_form: Option<PathBuf>,
    /// Say what would become of each line, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Ask those who gave a consent to confirm it, by one mail each. Without this nobody is written to
    #[arg(long)]
    ask: bool,
    /// How to print the report
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    report: ReportFormat,
    /// The leads
    file: PathBuf,
}

pub fn run(arguments: Arguments) -> ExitCode {
    // The report says what happened; logs are for whoever asks for them.
    if std::env::var_os("CANDOR_LOG").is_some() {
        telemetry::start();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(work(arguments)),
        Err(error) => Err(Unusable::new("this machine", error, "free some of its resources")),
    };
    match outcome {
        Ok(counts) if counts.refused == 0 => ExitCode::SUCCESS,
        Ok(counts) => {
            let refused = counts.refused;
            let _ = writeln!(
                io::stderr(),
                "candor import: {refused} lines were refused; the report says why"
            );
            ExitCode::FAILURE
        }
        Err(Unusable(sentence)) => {
            let _ = writeln!(io::stderr(), "candor import: {sentence}");
            ExitCode::from(2)
        }
    }
}

async fn work(arguments: Arguments) -> Result<Counts, Unusable> {
    let told = arguments.mapping.as_deref().map(read).transpose()?;
    let mapping = match &told {
        Some(text) => Mapping::parse(text).map_err(|error| Unusable(error.to_string()))?,
        None => Mapping::default(),
    };
    let told_by_meta = arguments.meta_form.as_deref().map(read).transpose()?;
    let meta_form = told_by_meta.as_deref().map(meta::Form::parse).transpose();
    let meta_form = meta_form.map_err(|error| Unusable(error.to_string()))?;
    let digest = digest(&arguments.file).map_err(|error| Unusable(error.to_string()))?;
    let app = arguments.place.app().await?;
    let form = published(&app, &arguments.form, mapping.language.as_deref()).await?;
    let head = Head {
        form: form.row.form.clone(),
        version: form.row.version.clone(),
        file: named(&digest),
        source: mapping.source.clone().unwrap_or_default(),
        dry_run: arguments.dry_run,
    };
    let order = Order {
        file: arguments.file,
        format: arguments.format,
        digest,
        form,
        mapping,
        // Both are what the import rests on; neither holds anything personal.
        mapping_text: [told, told_by_meta]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("\n"),
        meta: meta_form,
        dry_run: arguments.dry_run,
        ask: arguments.ask,
    };
    let mut printer = Printer::new(arguments.report, head);
    let done = take_over(&app, &order, |line| put(&printer.line(&line))).await;
    // A report that was begun is ended, so that what stands in it can be read.
    let ended = match printer.has_begun() || done.is_ok() {
        true => put(&printer.end()),
        false => Ok(()),
    };
    app.store.close().await;
    done.and(ended).map_err(|error| Unusable(error.to_string()))?;
    Ok(printer.counts())
}

fn read(path: &Path) -> Result<String, Unusable> {
    fs::read_to_string(path).map_err(|error| Unusable::new(path.display(), error, "name a file of UTF-8 text"))
}

fn put(text: &str) -> Result<(), ImportError> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(ImportError::Report)
}

/// The form in force, in that language or in its first.
async fn published(app: &App, form: &str, language: Option<&str>) -> Result<Arc<PublishedForm>, Unusable> {
    let in_force = app
        .store
        .in_force(app.clock.now())
        .await
        .map_err(|error| failed(error.into()))?;
    let Some(found) = in_force.into_iter().find(|published| published.form == form) else {
        let remedy = "name a form that `candor serve` has published from this folder";
        return Err(Unusable::new("--form", "no such form was ever published here", remedy));
    };
    let definition: Value = serde_json::from_str(&found.definition).unwrap_or_default();
    let first = definition["languages"][0].as_str().unwrap_or_default();
    let language = language.unwrap_or(first);
    let compiled = app.publications.of(form, &found.version, language).await;
    let compiled = compiled.map_err(|error| failed(error.into()))?;
    compiled.first().cloned().ok_or_else(|| {
        let reason = format!("the form is not published in `{language}`");
        Unusable::new("mapping/language", reason, "name a language of the form")
    })
}

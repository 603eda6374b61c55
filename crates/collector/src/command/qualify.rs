//! `candor qualify`: the owner's rules over the leads that allow it, the results, and what a person decides about them.
//! Refuses rules that go too far, with every problem at its place; a result is used for nothing before it was validated.

use std::{
    io::{self, IsTerminal, Read, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    check::text,
    place::{Failure, Place, finish_on_all},
};
use crate::{
    http::{error::ApiError, qualifications::Row},
    operator::{self, Operator},
    qualification::{self, Decided, Decision, Mode, Refused},
    store::qualifications::Standing,
};

/// Results read at once.
const PAGE: u32 = 200;

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Run a file of rules over everybody who allows its purpose now
    Run {
        /// Rules, `candor-qualification/1`; `-`: stdin
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Only count: keep nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Print the results as JSON, each with its reasons
    List {
        /// Of this purpose alone
        #[arg(long, value_name = "ID")]
        purpose: Option<String>,
        /// waiting, validated or rejected
        #[arg(long, value_name = "STATE", value_parser = standing)]
        state: Option<Standing>,
        /// What it is for, for the access log
        #[arg(long, default_value = "review")]
        reason: String,
        #[command(flatten)]
        place: Place,
    },
    /// Validate results that you have read
    Validate(Deciding),
    /// Reject results
    Reject(Deciding),
    /// Print the JSON Schema of rules, for editors
    Schema,
}

#[derive(Debug, Args)]
pub struct Deciding {
    /// As `candor qualify list` names them
    #[arg(value_name = "ID", required = true)]
    ids: Vec<Uuid>,
    /// Why, for the access log
    #[arg(long, default_value = "reviewed")]
    reason: String,
    #[command(flatten)]
    place: Place,
}

fn standing(text: &str) -> Result<Standing, String> {
    Standing::parse(text).ok_or_else(|| "a state is waiting, validated or rejected".to_owned())
}

/// Runs `candor qualify`.
pub fn run(action: Action) -> ExitCode {
    finish_on_all("qualify", async {
        match action {
            Action::Run { file, dry_run, place } => run_rules(file, dry_run, place).await,
            Action::List {
                purpose,
                state,
                reason,
                place,
            } => list(purpose, state, &reason, place).await,
            Action::Validate(deciding) => decide(Decision::Validate, deciding).await,
            Action::Reject(deciding) => decide(Decision::Reject, deciding).await,
            Action::Schema => Ok(qualification::schema::text().to_owned()),
        }
    })
}

async fn run_rules(file: PathBuf, dry_run: bool, place: Place) -> Result<String, Failure> {
    let name = file.display().to_string();
    let mut source = Vec::new();
    let read = match name.as_str() {
        "-" => io::stdin().read_to_end(&mut source).map(|_| ()),
        _ => std::fs::read(&file).map(|bytes| source = bytes),
    };
    read.map_err(|error| format!("{name}: {error}; name a file of rules, or - for stdin"))?;
    let style = text::Style {
        coloured: io::stderr().is_terminal(),
    };
    let app = place.app().await?;
    let checked = qualification::check(&app, &source).await;
    let (rules, warnings) = match checked {
        Ok(checked) => checked,
        Err(Refused::Rules(told)) => {
            app.store.close().await;
            let _ = write!(io::stderr(), "{}", text::render(style, &name, &source, &told));
            return Err(format!("{name}: the rules were not run").into());
        }
        Err(Refused::Failed(error)) => return Err(words(&error).into()),
    };
    if !warnings.is_empty() {
        let _ = write!(io::stderr(), "{}", text::render(style, &name, &source, &warnings));
    }
    let mode = if dry_run { Mode::Rehearse } else { Mode::Act };
    let outcome = qualification::run(&app, &Operator::COMMAND, &rules, mode).await;
    app.store.close().await;
    pretty(&json!(outcome.map_err(|error| words(&error))?))
}

async fn list(purpose: Option<String>, state: Option<Standing>, reason: &str, place: Place) -> Result<String, Failure> {
    let reason = operator::reason(reason).map_err(|unfit| format!("--reason: {unfit}"))?;
    let app = place.app().await?;
    let (mut rows, mut after) = (Vec::new(), Uuid::nil());
    loop {
        let page = (after, PAGE);
        let asked = (purpose.as_deref(), state);
        let listed = qualification::list(&app, (&Operator::COMMAND, reason), asked, page).await;
        let (listed, next) = listed.map_err(|error| words(&error))?;
        rows.extend(listed.iter().map(Row::of));
        match next {
            Some(next) => after = next,
            None => break,
        }
    }
    app.store.close().await;
    pretty(&json!(rows))
}

async fn decide(decision: Decision, deciding: Deciding) -> Result<String, Failure> {
    let reason = operator::reason(&deciding.reason).map_err(|unfit| format!("--reason: {unfit}"))?;
    let mut ids = deciding.ids;
    ids.sort();
    ids.dedup();
    let app = deciding.place.app().await?;
    let decided = qualification::decide(&app, (&Operator::COMMAND, reason), decision, &ids).await;
    app.store.close().await;
    match decided.map_err(|error| words(&error))? {
        Decided::Done => Ok(format!("{}\n", ids.len())),
        Decided::Moved(id) => Err(format!(
            "{id}: it is gone, not allowed any more, or was decided before; nothing was changed: list them again"
        )
        .into()),
    }
}

fn words(error: &ApiError) -> String {
    error.problem().detail
}

fn pretty(value: &Value) -> Result<String, Failure> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

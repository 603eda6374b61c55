//! Conversions without trackers: how many submissions, confirmations and consents each declared campaign value brought, from
//! what is on record anyway. Nothing is read on anybody's device for it, and nobody is followed.
//! Refuses small numbers, free text and identifiers of advertisers. The pure part is `conversions/table.rs`; docs/conversions.md.

use std::collections::BTreeMap;

use candor_lint::{Sensitive, sensitive_words};
use candor_record::base64url;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Deserialize;

use crate::{
    app::App, http::error::ApiError, ingest::values::disclosed, person::PersonSubmission, store::conversions::Counted,
};

mod table;

pub use self::table::{Cell, Counts, Line, MIN_GROUP, Table, csv};

/// Submissions read at once.
const PAGE: u32 = 500;

/// What is counted.
#[derive(Debug, Clone)]
pub struct Question {
    pub form: String,
    /// The hidden field whose values are told apart.
    pub by: String,
    /// From the first on and before the second; whole days, so that no two counts differ by an hour's visitor.
    pub times: (Timestamp, Timestamp),
    /// Fewer than that are not told; at least `MIN_GROUP`.
    pub at_least: u64,
}

/// Why there is no such count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Uncountable {
    #[error("no form with that id was ever published here; name one that was")]
    Form,
    #[error(
        "`{0}` is no hidden field of that form: only declared campaign values are counted, never what people type; name a \
         hidden field"
    )]
    Field(String),
    #[error(
        "`{0}` is an identifier that follows people about: it tells nothing apart but people; name the field of a campaign"
    )]
    Identifier(String),
    #[error("the last day comes before the first; write them in the order of time")]
    Days,
}

impl Uncountable {
    /// The name of what is wrong: of an option, or of a member of the address.
    pub fn place(&self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Field(_) | Self::Identifier(_) => "by",
            Self::Days => "to",
        }
    }
}

/// From the beginning of the first day to the end of the last, in UTC.
pub fn days(from: Option<Date>, to: Option<Date>) -> Result<(Timestamp, Timestamp), Uncountable> {
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        return Err(Uncountable::Days);
    }
    let begin = |day: Date| day.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp());
    let next = |day: Date| day.tomorrow().ok();
    Ok((
        from.and_then(begin).unwrap_or(Timestamp::MIN),
        to.and_then(next).and_then(begin).unwrap_or(Timestamp::MAX),
    ))
}

/// Counts; the outer error is the store's.
pub async fn count(app: &App, question: &Question) -> Result<Result<Table, Uncountable>, ApiError> {
    if let Err(reason) = check(app, question).await? {
        return Ok(Err(reason));
    }
    let mut groups: BTreeMap<Option<String>, Counts> = BTreeMap::new();
    let mut after = 0;
    loop {
        let page = app
            .store
            .submissions_between(&question.form, question.times, after, PAGE)
            .await?;
        let Some(last) = page.last() else { break };
        after = last.submission.record.sequence;
        for counted in page {
            add(app, question, counted, &mut groups).await?;
        }
    }
    Ok(Ok(Table::new(groups, question.at_least)))
}

async fn check(app: &App, question: &Question) -> Result<Result<(), Uncountable>, ApiError> {
    let (mut is_known, mut is_hidden) = (false, false);
    for definition in app.store.definitions().await? {
        let definition: serde_json::Value = serde_json::from_str(&definition).map_err(|_| ApiError::Internal)?;
        if definition["id"] != question.form.as_str() {
            continue;
        }
        is_known = true;
        let fields = definition["fields"].as_array().cloned().unwrap_or_default();
        is_hidden |= fields
            .iter()
            .any(|field| field["id"] == question.by.as_str() && field["type"] == "hidden");
    }
    Ok(match (is_known, is_hidden) {
        (false, _) => Err(Uncountable::Form),
        (true, false) => Err(Uncountable::Field(question.by.clone())),
        _ if sensitive_words(&question.by) == Some(Sensitive::Identifier) => {
            Err(Uncountable::Identifier(question.by.clone()))
        }
        _ => Ok(()),
    })
}

async fn add(
    app: &App,
    question: &Question,
    counted: Counted,
    groups: &mut BTreeMap<Option<String>, Counts>,
) -> Result<(), ApiError> {
    let receipt = counted.submission.record.receipt.clone();
    let lead = PersonSubmission::read(app, counted.submission).await?;
    let is_hidden = lead
        .form
        .fields
        .iter()
        .any(|field| field.id == question.by && field.kind == "hidden");
    let value = disclosed(&lead.values.disclosures)
        .into_iter()
        .find(|(id, _)| *id == question.by && is_hidden)
        .map(|(_, value)| value);
    let mut given: Vec<String> = given_in(&receipt);
    // What is held waits for the words of the confirmation page, and the whole form for its double opt-in.
    given.retain(|purpose| !lead.held.iter().any(|held| held.as_str() == purpose));
    match &counted.confirmation {
        Some(confirmation) => given.extend(given_in(confirmation)),
        None if lead.form.double_opt_in() => given.clear(),
        None => {}
    }
    given.sort();
    given.dedup();
    let group = groups.entry(value).or_default();
    group.submissions += 1;
    group.confirmations += u64::from(counted.confirmation.is_some());
    for purpose in given {
        *group.given.entry(purpose).or_default() += 1;
    }
    Ok(())
}

/// Purposes with the status `given` in a receipt.
fn given_in(receipt: &str) -> Vec<String> {
    #[derive(Deserialize)]
    struct Envelope<'a> {
        payload: &'a str,
    }
    #[derive(Deserialize)]
    struct Payload {
        processes: Vec<Process>,
    }
    #[derive(Deserialize)]
    struct Process {
        purpose: String,
        status: String,
    }
    let payload = serde_json::from_str::<Envelope<'_>>(receipt).ok();
    let payload = payload.and_then(|envelope| base64url::decode(envelope.payload).ok());
    let payload: Option<Payload> = payload.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let processes = payload.map(|payload| payload.processes).unwrap_or_default().into_iter();
    processes
        .filter(|process| process.status == "given")
        .map(|process| process.purpose)
        .collect()
}

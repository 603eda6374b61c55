//! `candor export deletions`: what went, when and why, nothing of whom. `candor export requests`: what people asked for,
//! with the month that each has. Refuses nothing but a time that it cannot read.

use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Place, Unusable};
use crate::{app::App, http::error::ApiError, moment, operator::Operator, store::operators::StoredRequest};

/// Requests read at once.
const PAGE: u32 = 200;

#[derive(Debug, Args)]
pub struct Deletions {
    #[command(flatten)]
    place: Place,
    /// From this time on, or from the beginning of that day (UTC)
    #[arg(long, value_name = "TIME", value_parser = moment::from)]
    from: Option<Timestamp>,
    /// Up to this time, or up to the end of that day (UTC)
    #[arg(long, value_name = "TIME", value_parser = moment::until)]
    to: Option<Timestamp>,
    /// How to print it
    #[arg(long, default_value = "json", value_parser = ["json"])]
    format: String,
}

#[derive(Debug, Args)]
pub struct Requests {
    #[command(flatten)]
    place: Place,
    /// How to print it
    #[arg(long, default_value = "json", value_parser = ["json"])]
    format: String,
}

pub(super) async fn deletions(arguments: Deletions) -> Result<String, Unusable> {
    let store = arguments.place.open().await?;
    let from = arguments.from.unwrap_or(Timestamp::MIN);
    let to = arguments.to.map_or(Timestamp::MAX, moment::next);
    let lines = crate::store::People::deletions(&store, from, to).await;
    crate::store::Store::close(&store).await;
    let lines = lines.map_err(|error| super::failed(error.into()))?;
    let line = |deletion: &crate::store::Deletion| {
        json!({
            "at": time(deletion.at),
            "form": deletion.form,
            "reason": deletion.reason,
            "leads": deletion.leads,
            "records": deletion.records,
        })
    };
    super::pretty(&lines.iter().map(line).collect::<Vec<_>>())
}

pub(super) async fn requests(arguments: Requests) -> Result<String, Unusable> {
    let app = arguments.place.app().await?;
    let requests = all_requests(&app).await.map_err(super::failed)?;
    let now = app.clock.now();
    let listed: Vec<Value> = requests.iter().map(|request| of_request(request, now)).collect();
    app.store.close().await;
    super::pretty(&listed)
}

async fn all_requests(app: &App) -> Result<Vec<StoredRequest>, ApiError> {
    app.log_access(&Operator::COMMAND, "list-requests", None, "candor export requests")
        .await?;
    let mut requests = Vec::new();
    loop {
        let after = requests.last().map(StoredRequest::place);
        let page = app.store.requests(after, PAGE).await?;
        let is_last = page.len() < PAGE as usize;
        requests.extend(page);
        if is_last {
            return Ok(requests);
        }
    }
}

fn of_request(request: &StoredRequest, now: Timestamp) -> Value {
    json!({
        "id": request.id,
        "person": request.person,
        "kind": request.kind.as_str(),
        "received": time(request.received),
        "due": time(request.due),
        "overdue": request.is_overdue(now),
        "answered": request.answered.map(time),
        "answer": request.answer,
    })
}

fn time(at: Timestamp) -> String {
    format!("{at:.3}")
}

//! `GET /v1/leads?purpose=`: leads for one purpose, page by page, as JSON or CSV; of one person with `&person=`.
//! Refuses to export without a purpose, and says of one person why they are not in it.

use axum::{
    extract::{Query, State},
    response::Response,
};
use http::{HeaderValue, header};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    error::{ApiError, Fault},
    operator::{cursor, page_size, place, stated, table, uncached},
};
use crate::{
    app::App,
    export::leads::{Export, Lead, Page},
    moment,
    operator::{Operator, Permission},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    purpose: Option<String>,
    person: Option<Uuid>,
    /// A time, or a day, which means its end.
    #[serde(default, deserialize_with = "moment::until_member")]
    at: Option<Timestamp>,
    #[serde(default)]
    format: Format,
    #[serde(default = "default_reason")]
    reason: String,
    cursor: Option<String>,
    /// People looked at, of whom some may be in it.
    limit: Option<u32>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Json,
    Csv,
}

fn default_reason() -> String {
    "export".to_owned()
}

pub async fn list(
    State(app): State<App>,
    operator: Operator,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    operator.require(Permission::ExportLeads)?;
    let Some(purpose) = &asked.purpose else {
        return Err(ApiError::malformed(
            "there is no export without a purpose; add `purpose=`",
        ));
    };
    let purpose = purpose.parse().map_err(|_| ApiError::NotFound)?;
    let reason = stated("/reason", Some(&asked.reason))?;
    let limit = page_size(asked.limit)?;
    let after = place(asked.cursor.as_deref(), |text| Uuid::parse_str(text).ok())?;
    let at = asked.at.unwrap_or_else(|| app.clock.now());
    let export = Export::begin(&app, operator, purpose, at, reason)
        .await?
        .ok_or(ApiError::NotFound)?;
    let page = match asked.person {
        Some(person) => Page {
            leads: one(&app, &export, person).await?,
            next: None,
        },
        None => export.page(&app, after.unwrap_or(Uuid::nil()), limit).await?,
    };
    let next = page.next.map(|last| cursor(&last.to_string()));
    Ok(match asked.format {
        Format::Json => as_json(&export, &page, next),
        Format::Csv => as_csv(&app, &export, &page, after.is_none(), next),
    })
}

async fn one(app: &App, export: &Export, person: Uuid) -> Result<Vec<Lead>, ApiError> {
    let leads = export.one(app, person).await?;
    leads.map_err(|reason| ApiError::Unacceptable(vec![Fault::new("/person", reason.as_str(), reason.sentence())]))
}

fn as_json(export: &Export, page: &Page, next: Option<String>) -> Response {
    let leads: Vec<Value> = page.leads.iter().map(Lead::json).collect();
    let mut body = json!({"purpose": export.purpose, "leads": leads});
    if let Some(next) = next {
        body["next"] = next.into();
    }
    uncached(body)
}

/// Pages follow each other without a second head, so that they can be put into one file.
fn as_csv(app: &App, export: &Export, page: &Page, is_first: bool, next: Option<String>) -> Response {
    let mut text = if is_first { export.csv_head() } else { String::new() };
    for lead in &page.leads {
        text.push_str(&export.csv(lead));
    }
    let mut response = table("attachment; filename=\"leads.csv\"", text);
    if let Some(next) = next {
        let link = format!(
            "<{}/v1/leads?purpose={}&format=csv&cursor={next}>; rel=\"next\"",
            app.public_url, export.purpose
        );
        if let Ok(link) = HeaderValue::from_str(&link) {
            response.headers_mut().insert(header::LINK, link);
        }
    }
    response
}

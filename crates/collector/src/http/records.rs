//! `GET /v1/records`: every record with its receipt, in the order of receipt; those of erased leads for the role dpo.
//! Refuses to be read in secret: each page is a line of the access log.

use axum::{
    extract::{Query, State},
    response::Response,
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::{
    error::ApiError,
    operator::{cursor, page_size, place, stated, uncached},
};
use crate::{
    app::App,
    export::records::page,
    moment,
    operator::{Operator, Permission, may},
    store::records::RecordFilter,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    form: Option<String>,
    /// A time, or a day, which means its beginning.
    #[serde(default, deserialize_with = "moment::from_member")]
    from: Option<Timestamp>,
    /// A time, or a day, which means its end.
    #[serde(default, deserialize_with = "moment::until_member")]
    to: Option<Timestamp>,
    /// Absent: whether the role may read them.
    sealed: Option<bool>,
    reason: Option<String>,
    cursor: Option<String>,
    limit: Option<u32>,
}

pub async fn list(
    State(app): State<App>,
    operator: Operator,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    operator.require(Permission::ExportRecords)?;
    if asked.sealed == Some(true) {
        operator.require(Permission::SealedRecords)?;
    }
    let limit = page_size(asked.limit)?;
    let after = place(asked.cursor.as_deref(), |text| text.parse().ok())?;
    let reason = stated("/reason", Some(asked.reason.as_deref().unwrap_or("GET /v1/records")))?;
    let filter = RecordFilter {
        form: asked.form,
        from: asked.from,
        to: asked.to.map(moment::next),
        sealed: asked
            .sealed
            .unwrap_or_else(|| may(operator.role, Permission::SealedRecords)),
    };
    let action = if filter.sealed {
        "export-sealed-records"
    } else {
        "export-records"
    };
    app.log_access(&operator, action, None, reason).await?;
    let (records, next) = page(&app, &filter, after.unwrap_or(0), limit).await?;
    let mut body = json!({"records": records});
    if let Some(next) = next {
        body["next"] = cursor(&next.to_string()).into();
    }
    Ok(uncached(body))
}

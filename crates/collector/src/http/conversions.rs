//! `GET /v1/stats/conversions?form=&by=FIELD&from=&to=`: counts by declared campaign value, with small numbers withheld.
//! Refuses times of a day: whole days alone, so that two counts cannot be subtracted down to one person.

use axum::{
    extract::{Query, State},
    response::Response,
};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::Deserialize;
use serde_json::json;

use super::{
    error::{ApiError, Fault},
    operator::uncached,
};
use crate::{
    app::App,
    conversions::{MIN_GROUP, Question, Uncountable, count},
    operator::{Operator, Permission},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Asked {
    form: String,
    by: String,
    from: Option<Date>,
    /// The last day.
    to: Option<Date>,
    at_least: Option<u64>,
}

pub async fn get(State(app): State<App>, operator: Operator, Query(asked): Query<Asked>) -> Result<Response, ApiError> {
    operator.require(Permission::Statistics)?;
    let question = Question {
        form: asked.form,
        by: asked.by,
        times: days(asked.from, asked.to),
        at_least: asked.at_least.unwrap_or(MIN_GROUP),
    };
    match count(&app, &question).await? {
        Ok(table) => Ok(uncached(json!({
            "form": question.form, "by": question.by, "from": asked.from, "to": asked.to, "table": table,
        }))),
        Err(Uncountable::Form) => Err(ApiError::NotFound),
        Err(reason) => Err(ApiError::Unacceptable(vec![Fault::new(
            "/by",
            "field",
            reason.to_string(),
        )])),
    }
}

/// From the beginning of the first day to the end of the last, in UTC.
pub fn days(from: Option<Date>, to: Option<Date>) -> (Timestamp, Timestamp) {
    let begin = |day: Date| day.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp());
    let next = |day: Date| day.checked_add(1.day()).ok();
    (
        from.and_then(begin).unwrap_or(Timestamp::MIN),
        to.and_then(next).and_then(begin).unwrap_or(Timestamp::MAX),
    )
}

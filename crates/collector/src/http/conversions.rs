//! `GET /v1/stats/conversions?form=&by=FIELD&from=&to=`: counts by declared campaign value, with small numbers withheld.
//! Refuses times of a day: whole days alone, so that no two counts differ by an hour's visitor.

use axum::{
    extract::{Query, State},
    response::Response,
};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;

use super::{
    error::{ApiError, Fault},
    operator::uncached,
};
use crate::{
    app::App,
    conversions::{MIN_GROUP, Question, Uncountable, count, days},
    moment,
    operator::{Operator, Permission},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Asked {
    form: String,
    by: String,
    #[serde(default, deserialize_with = "moment::day_member")]
    from: Option<Date>,
    /// The last day.
    #[serde(default, deserialize_with = "moment::day_member")]
    to: Option<Date>,
    at_least: Option<u64>,
}

pub async fn get(State(app): State<App>, operator: Operator, Query(asked): Query<Asked>) -> Result<Response, ApiError> {
    operator.require(Permission::Statistics)?;
    let question = Question {
        form: asked.form,
        by: asked.by,
        times: days(asked.from, asked.to).map_err(unacceptable)?,
        at_least: asked.at_least.unwrap_or(MIN_GROUP),
    };
    match count(&app, &question).await? {
        Ok(table) => Ok(uncached(json!({
            "form": question.form, "by": question.by, "from": asked.from, "to": asked.to, "table": table,
        }))),
        Err(Uncountable::Form) => Err(ApiError::NotFound),
        Err(reason) => Err(unacceptable(reason)),
    }
}

fn unacceptable(reason: Uncountable) -> ApiError {
    let pointer = format!("/{}", reason.place());
    ApiError::Unacceptable(vec![Fault::new(pointer, "value", reason.to_string())])
}

//! `GET /v1/breach?from=&to=&purpose=&reason=`: whom an incident affects (GDPR Art. 33, 34), for the role dpo; as JSON, as CSV
//! (the list alone) or as a page. Refuses to answer without a reason: each person in it is a line of the access log.

use std::collections::BTreeSet;

use axum::{
    extract::{Query, State},
    response::{Html, IntoResponse, Response},
};
use candor_record::id::PurposeId;
use http::{HeaderValue, header};
use jiff::Timestamp;
use serde::Deserialize;

use super::{
    bundle::page_stylesheet_path,
    error::ApiError,
    operator::{stated, uncached},
    problem::NO_STORE,
};
use crate::{
    app::App,
    breach::{self, csv, gather, html},
    operator::{Operator, Permission},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    from: Timestamp,
    to: Timestamp,
    /// Several are separated by commas; absent: all.
    purpose: Option<String>,
    reason: Option<String>,
    #[serde(default)]
    format: Format,
    #[serde(default)]
    lang: Language,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Json,
    Csv,
    Html,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Language {
    #[default]
    Fr,
    En,
}

pub async fn list(
    State(app): State<App>,
    operator: Operator,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    operator.require(Permission::Breach)?;
    let reason = stated("/reason", asked.reason.as_deref())?;
    if asked.to < asked.from {
        return Err(ApiError::malformed("the period ends before it begins"));
    }
    let named = asked.purpose.as_deref().into_iter().flat_map(|list| list.split(','));
    let purposes: Option<BTreeSet<PurposeId>> = named.map(|id| id.parse().ok()).collect();
    let question = breach::Asked {
        from: asked.from,
        to: asked.to,
        purposes: purposes.ok_or_else(|| ApiError::malformed("purpose is a purpose id, or several with commas"))?,
        operator,
        reason: reason.to_owned(),
    };
    if !breach::are_known(&app, &question.purposes).await? {
        return Err(ApiError::NotFound);
    }
    let found = gather(&app, &question).await?;
    Ok(match asked.format {
        Format::Json => uncached(found),
        Format::Csv => {
            let headers = [
                (
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("text/csv; charset=utf-8; header=present"),
                ),
                (
                    header::CONTENT_DISPOSITION,
                    HeaderValue::from_static("attachment; filename=\"breach.csv\""),
                ),
                (header::CACHE_CONTROL, NO_STORE),
            ];
            (headers, csv(&found)).into_response()
        }
        Format::Html => {
            let language = if asked.lang == Language::Fr { "fr" } else { "en" };
            let page = html::page(&found, language, page_stylesheet_path()).map_err(|_| ApiError::Internal)?;
            ([(header::CACHE_CONTROL, NO_STORE)], Html(page)).into_response()
        }
    })
}

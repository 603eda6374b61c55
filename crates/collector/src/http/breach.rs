//! `GET /v1/breach?from=&to=&purpose=&reason=`: whom an incident affects (GDPR Art. 33, 34), for the role dpo; as JSON, as CSV
//! (the list alone) or as a page. Refuses to answer without a reason: each person in it is a line of the access log.

use std::collections::BTreeSet;

use axum::{
    extract::{Query, State},
    response::{Html, IntoResponse, Response},
};
use candor_record::id::PurposeId;
use http::{HeaderMap, header};
use jiff::Timestamp;
use serde::Deserialize;

use super::{
    bundle::page_stylesheet_path,
    error::{ApiError, Fault},
    operator::{stated, table, uncached},
    problem::NO_STORE,
};
use crate::{
    app::App,
    breach::{self, csv, gather, html},
    catalog::Words,
    moment,
    operator::{Operator, Permission},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    #[serde(deserialize_with = "moment::from_member")]
    from: Timestamp,
    #[serde(deserialize_with = "moment::until_member")]
    to: Timestamp,
    /// Several are separated by commas; absent: all.
    purpose: Option<String>,
    reason: Option<String>,
    #[serde(default)]
    format: Format,
    /// Absent: the better one of `Accept-Language`.
    lang: Option<Language>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Json,
    Csv,
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Language {
    En,
    Fr,
}

pub async fn list(
    State(app): State<App>,
    operator: Operator,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    operator.require(Permission::Breach)?;
    let reason = stated("/reason", asked.reason.as_deref())?;
    let malformed = |pointer, detail| ApiError::Malformed(vec![Fault::new(pointer, "format", detail)]);
    if asked.to < asked.from {
        return Err(malformed("?to", "the period ends before it begins; name a later time"));
    }
    let named = asked.purpose.as_deref().into_iter().flat_map(|list| list.split(','));
    let purposes: Option<BTreeSet<PurposeId>> = named.map(|id| id.parse().ok()).collect();
    let no_purpose = "no id of a purpose; write one such as `newsletter`, or several with commas";
    let question = breach::Asked {
        from: asked.from,
        to: asked.to,
        purposes: purposes.ok_or_else(|| malformed("?purpose", no_purpose))?,
        operator,
        reason: reason.to_owned(),
    };
    if !breach::are_known(&app, &question.purposes).await? {
        let detail = "no such purpose was ever published here; name one of a published form";
        return Err(ApiError::Unacceptable(vec![Fault::new("?purpose", "unknown", detail)]));
    }
    let found = gather(&app, &question).await?;
    Ok(match asked.format {
        Format::Json => uncached(found),
        Format::Csv => table("attachment; filename=\"breach.csv\"", csv(&found)),
        Format::Html => {
            let language = match asked.lang {
                Some(Language::En) => "en",
                Some(Language::Fr) => "fr",
                None => Words::register_accepted(&headers).language(),
            };
            let page = html::page(&found, language, page_stylesheet_path()).map_err(|_| ApiError::Internal)?;
            ([(header::CACHE_CONTROL, NO_STORE)], Html(page)).into_response()
        }
    })
}

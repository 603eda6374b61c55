//! `POST /v1/qualifications/run`, `GET /v1/qualifications`, `POST /v1/qualifications/{id}/validate|reject`, and the same for a
//! list that was read: `POST /v1/qualifications/validate|reject` with many ids.
//! Refuses rules that go too far (422, every problem with its place), and a decision about what has changed (422 too, and nothing is decided).

use axum::{
    extract::{Path, Query, Request, State},
    response::Response,
};
use candor_definition::Diagnostic;
use candor_record::time::Timestamp as RecordTime;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{
    error::{ApiError, Fault},
    extract::{read_body, read_json},
    operator::{cursor, page_size, place, stated, uncached},
};
use crate::{
    app::App,
    ingest::record_time,
    operator::{Operator, Permission},
    qualification::{self, Decided, Decision, Listed, Mode, Reason, Refused},
    store::qualifications::Standing,
};

/// Most results of one decision: a list that somebody can have read.
pub const MAX_DECIDED: usize = 500;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Running {
    #[serde(default)]
    dry_run: bool,
}

/// The body is the file of rules itself, so that problems have its places.
pub async fn run(
    State(app): State<App>,
    operator: Operator,
    Query(running): Query<Running>,
    request: Request,
) -> Result<Response, ApiError> {
    operator.require(Permission::Qualify)?;
    let text = read_body(&app, request, "application/json").await?;
    let (rules, warnings) = qualification::check(&app, &text)
        .await
        .map_err(|refused| match refused {
            Refused::Rules(told) => ApiError::Unacceptable(told.iter().map(fault).collect()),
            Refused::Failed(error) => error,
        })?;
    let mode = if running.dry_run { Mode::Rehearse } else { Mode::Act };
    let outcome = qualification::run(&app, &operator, &rules, mode).await?;
    let warnings: Vec<Fault> = warnings.iter().map(fault).collect();
    Ok(uncached(
        json!({"outcome": outcome, "dryRun": running.dry_run, "warnings": warnings}),
    ))
}

fn fault(told: &Diagnostic) -> Fault {
    Fault::new(&told.pointer, &told.rule, format!("{}; {}", told.message, told.help))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    purpose: Option<String>,
    state: Option<String>,
    reason: Option<String>,
    cursor: Option<String>,
    /// Results looked at, of which some may be in it.
    limit: Option<u32>,
}

pub async fn list(
    State(app): State<App>,
    operator: Operator,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    operator.require(Permission::Qualify)?;
    let reason = stated("/reason", asked.reason.as_deref())?;
    let standing = asked.state.as_deref().map(standing).transpose()?;
    let limit = page_size(asked.limit)?;
    let after = place(asked.cursor.as_deref(), |text| Uuid::parse_str(text).ok())?;
    let page = (after.unwrap_or(Uuid::nil()), limit);
    let (listed, next) =
        qualification::list(&app, (&operator, reason), (asked.purpose.as_deref(), standing), page).await?;
    let rows: Vec<Row> = listed.iter().map(Row::of).collect();
    let mut body = json!({"qualifications": rows});
    if let Some(next) = next {
        body["next"] = cursor(&next.to_string()).into();
    }
    Ok(uncached(body))
}

fn standing(word: &str) -> Result<Standing, ApiError> {
    Standing::parse(word).ok_or_else(|| {
        let words = Standing::ALL.map(Standing::as_str).join(", ");
        ApiError::Unacceptable(vec![Fault::new("/state", "term", format!("a state is one of {words}"))])
    })
}

/// A result as operators and the person themselves read it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    pub id: Uuid,
    pub person: Uuid,
    pub record: Uuid,
    pub purpose: String,
    pub state: &'static str,
    pub grade: &'static str,
    pub score: i32,
    /// From which score on: `{"mql", "sql"}`.
    pub thresholds: Thresholds,
    /// Every rule that applied.
    pub reasons: Vec<Reason>,
    /// Digest of the rules.
    pub rules: String,
    pub made: RecordTime,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided: Option<RecordTime>,
    /// A token's id, or `command`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Thresholds {
    pub mql: i32,
    pub sql: i32,
}

impl Row {
    pub fn of(Listed { row, finding }: &Listed) -> Self {
        let [mql, sql] = finding.thresholds;
        Self {
            id: row.id,
            person: row.person,
            record: row.record,
            purpose: row.purpose.clone(),
            state: row.standing.as_str(),
            grade: finding.grade.as_str(),
            score: finding.score,
            thresholds: Thresholds { mql, sql },
            reasons: finding.reasons.clone(),
            rules: finding.rules.clone(),
            made: record_time(row.made),
            decided: row.decided.as_ref().map(|(at, _)| record_time(*at)),
            decided_by: row.decided.as_ref().map(|(_, by)| by.clone()),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Deciding {
    reason: Option<String>,
    /// Of a list; each as the list named it.
    ids: Option<Vec<Uuid>>,
}

pub async fn decide_one(
    State(app): State<App>,
    operator: Operator,
    Path((id, word)): Path<(String, String)>,
    request: Request,
) -> Result<Response, ApiError> {
    let id = Uuid::parse_str(&id).map_err(|_| ApiError::NotFound)?;
    decide(app, operator, &word, Some(id), request).await
}

pub async fn decide_many(
    State(app): State<App>,
    operator: Operator,
    Path(word): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    decide(app, operator, &word, None, request).await
}

async fn decide(
    app: App,
    operator: Operator,
    word: &str,
    id: Option<Uuid>,
    request: Request,
) -> Result<Response, ApiError> {
    operator.require(Permission::Qualify)?;
    let decision = match word {
        "validate" => Decision::Validate,
        "reject" => Decision::Reject,
        _ => return Err(ApiError::NotFound),
    };
    let expected = "expected an object with reason, and for a list with ids";
    let deciding: Deciding = read_json(&app, request, expected).await?;
    let reason = stated("/reason", deciding.reason.as_deref())?;
    let ids = match (id, deciding.ids) {
        (Some(id), None) => vec![id],
        (None, Some(mut ids)) => {
            ids.sort();
            ids.dedup();
            ids
        }
        _ => return Err(ApiError::malformed(expected)),
    };
    if !(1..=MAX_DECIDED).contains(&ids.len()) {
        let detail = format!("a list holds from 1 to {MAX_DECIDED} ids: what somebody can have read");
        return Err(ApiError::Unacceptable(vec![Fault::new("/ids", "length", detail)]));
    }
    match qualification::decide(&app, (&operator, reason), decision, &ids).await? {
        Decided::Done => Ok(uncached(json!({"decided": ids}))),
        Decided::Moved(moved) => {
            let detail = "it is gone, not allowed any more, or was decided before; read the list again";
            Err(ApiError::Unacceptable(vec![Fault::new(
                "/ids",
                "moved",
                format!("{moved}: {detail}"),
            )]))
        }
    }
}

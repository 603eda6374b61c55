//! Qualified leads: those whose result a person has validated and who allow the purpose now, each with its reasons and with who
//! validated it and when.
//! Refuses what nobody has validated, and every field that does not serve the purpose.

use serde_json::{Value, json};
use uuid::Uuid;

use super::leads::{Export, Lead};
use crate::{
    app::App,
    http::{error::ApiError, qualifications::Row},
    qualification::{self, Listed},
    spreadsheet::line,
    store::qualifications::Standing,
};

/// Results read at once.
const PAGE: u32 = 200;

/// Columns after those of a lead.
const COLUMNS: [&str; 6] = ["grade", "score", "reasons", "rules", "validated", "validatedBy"];

/// A lead with its validated result.
#[derive(Debug)]
pub struct Qualified {
    lead: Lead,
    result: Row,
}

/// Everybody who is qualified for the export's purpose. Each is a line of the access log.
pub async fn qualified(app: &App, export: &Export) -> Result<Vec<Qualified>, ApiError> {
    let (mut found, mut after) = (Vec::new(), Uuid::nil());
    loop {
        let asked = (Some(export.purpose.as_str()), Some(Standing::Validated));
        let by = (&export.operator, export.reason.as_str());
        let (listed, next) = qualification::list(app, by, asked, (after, PAGE)).await?;
        for listed in listed {
            found.extend(of_one(app, export, &listed).await?);
        }
        match next {
            Some(next) => after = next,
            None => return Ok(found),
        }
    }
}

async fn of_one(app: &App, export: &Export, listed: &Listed) -> Result<Option<Qualified>, ApiError> {
    let Ok(leads) = export.one(app, listed.row.person).await? else {
        return Ok(None);
    };
    let lead = leads.into_iter().find(|lead| lead.record() == listed.row.record);
    Ok(lead.map(|lead| Qualified {
        lead,
        result: Row::of(listed),
    }))
}

impl Qualified {
    pub fn json(&self) -> Value {
        let mut json = self.lead.json();
        let Row {
            grade,
            score,
            reasons,
            rules,
            decided,
            decided_by,
            thresholds,
            ..
        } = &self.result;
        json["qualification"] = json!({
            "grade": grade, "score": score, "thresholds": thresholds, "reasons": reasons, "rules": rules,
            "validated": decided, "validatedBy": decided_by,
        });
        json
    }
}

/// The sheet as a spreadsheet opens it.
pub fn csv(export: &Export, leads: &[Qualified]) -> String {
    let joined = |left: &str, right: String| format!("{},{right}", left.trim_end_matches("\r\n"));
    let mut text = joined(&export.csv_head(), line(COLUMNS));
    for Qualified { lead, result } in leads {
        let reasons = result
            .reasons
            .iter()
            .map(|reason| format!("{}: {} ({:+})", reason.rule, reason.class, reason.weight));
        let cells = [
            result.grade.to_owned(),
            result.score.to_string(),
            reasons.collect::<Vec<_>>().join("; "),
            result.rules.clone(),
            result.decided.map(|at| at.to_string()).unwrap_or_default(),
            result.decided_by.clone().unwrap_or_default(),
        ];
        text.push_str(&joined(&export.csv(lead), line(cells)));
    }
    text
}

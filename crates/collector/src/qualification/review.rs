//! What people do with results: look at them, validate or reject them, singly or as a list that they have read. And what
//! time and choices do: a result whose permission ended is shown to nobody and goes.
//! Refuses to decide about a result that changed since it was listed: each content has an id of its own.

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Finding, open,
    run::{Leave, leave},
};
use crate::{
    app::App,
    http::error::ApiError,
    operator::Operator,
    person::Person,
    store::{
        operators::Access,
        qualifications::{Standing, StoredQualification, Verdict},
    },
};

/// Rows read at once.
const PAGE: u32 = 200;

/// A result, opened.
#[derive(Debug)]
pub struct Listed {
    pub row: StoredQualification,
    pub finding: Finding,
}

/// What somebody decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Validate,
    Reject,
}

impl Decision {
    /// The word in the access log.
    pub fn action(self) -> &'static str {
        match self {
            Self::Validate => "validate-qualification",
            Self::Reject => "reject-qualification",
        }
    }

    fn standing(self) -> Standing {
        match self {
            Self::Validate => Standing::Validated,
            Self::Reject => Standing::Rejected,
        }
    }
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    Done,
    /// One of them is gone, not allowed any more, or was decided before: nothing was changed.
    Moved(Uuid),
}

/// The results that stand, after that one: of one purpose or of all, in one standing or in any. Whoever is in the list is a
/// line of the access log.
pub async fn list(
    app: &App,
    (operator, reason): (&Operator, &str),
    (purpose, standing): (Option<&str>, Option<Standing>),
    (after, limit): (Uuid, u32),
) -> Result<(Vec<Listed>, Option<Uuid>), ApiError> {
    let now = app.clock.now();
    let rows = app.store.qualifications(purpose, after, limit).await?;
    let next = rows
        .last()
        .map(|row| row.id)
        .filter(|_| u32::try_from(rows.len()) == Ok(limit));
    let mut listed = Vec::new();
    for row in rows {
        if standing.is_some_and(|wanted| wanted != row.standing) || fate(app, &row, now).await? != Fate::Stands {
            continue;
        }
        let finding = open(&app.values, row.id, &row.sealed)?;
        listed.push(Listed { row, finding });
    }
    let accesses: Vec<Access> = listed
        .iter()
        .map(|listed| access(operator, "list-qualifications", listed.row.person, reason, now))
        .collect();
    app.store.log_accesses(&accesses).await?;
    Ok((listed, next))
}

/// Results of one person that stand, for themselves.
pub async fn of_person(app: &App, person: &Person) -> Result<Vec<Listed>, ApiError> {
    let mut listed = Vec::new();
    for row in app.store.qualifications_of(person.row.id).await? {
        let finding = open(&app.values, row.id, &row.sealed)?;
        listed.push(Listed { row, finding });
    }
    Ok(listed)
}

/// Decides about all of these or about none.
pub async fn decide(
    app: &App,
    (operator, reason): (&Operator, &str),
    decision: Decision,
    ids: &[Uuid],
) -> Result<Decided, ApiError> {
    let now = app.clock.now();
    let mut accesses = Vec::new();
    for id in ids {
        let Some(row) = app.store.qualification(*id).await? else {
            return Ok(Decided::Moved(*id));
        };
        if row.standing != Standing::Waiting || fate(app, &row, now).await? != Fate::Stands {
            return Ok(Decided::Moved(*id));
        }
        accesses.push(access(operator, decision.action(), row.person, reason, now));
    }
    app.store.log_accesses(&accesses).await?;
    let verdict = Verdict {
        ids: ids.to_vec(),
        standing: decision.standing(),
        by: operator.id.to_string(),
        at: now,
    };
    match app.store.decide_qualifications(&verdict).await? {
        true => Ok(Decided::Done),
        false => Ok(Decided::Moved(ids.first().copied().unwrap_or_default())),
    }
}

/// Removes every result whose permission has ended; returns how many there were. Part of the sweep: most have gone with the
/// withdrawal itself, what is left ended by the calendar, by a suppression, or by a confirmation of an objection.
pub async fn remove_ended(app: &App, acts: bool) -> Result<u64, ApiError> {
    let now = app.clock.now();
    let (mut after, mut removed) = (Uuid::nil(), 0);
    loop {
        let rows = app.store.qualifications(None, after, PAGE).await?;
        let Some(last) = rows.last() else {
            if acts {
                // Rules whose last result went with its lead or its consent.
                app.store.remove_qualifications(&[]).await?;
            }
            return Ok(removed);
        };
        after = last.id;
        let mut ended = Vec::new();
        for row in &rows {
            if fate(app, row, now).await? == Fate::Ended {
                ended.push(row.id);
            }
        }
        removed += match acts {
            true if !ended.is_empty() => app.store.remove_qualifications(&ended).await?,
            _ => ended.len() as u64,
        };
    }
}

/// Where the permission of a result stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Stands,
    /// Shown to nobody, and kept.
    Rests,
    Ended,
}

/// Whether the person allows it now, by the very submission that it was made from.
async fn fate(app: &App, row: &StoredQualification, at: Timestamp) -> Result<Fate, ApiError> {
    let Some(person) = Person::open(app, row.person).await? else {
        return Ok(Fate::Ended);
    };
    let purpose = row.purpose.parse().map_err(|_| ApiError::Internal)?;
    Ok(match leave(app, &person, &purpose, at).await? {
        Leave::Given(lead, _) if lead.stored.record.id == row.record => Fate::Stands,
        Leave::Restricted => Fate::Rests,
        _ => Fate::Ended,
    })
}

fn access(operator: &Operator, action: &str, person: Uuid, reason: &str, at: Timestamp) -> Access {
    Access {
        at,
        actor: operator.id.to_string(),
        role: operator.role,
        action: action.to_owned(),
        person: Some(person),
        reason: reason.to_owned(),
    }
}

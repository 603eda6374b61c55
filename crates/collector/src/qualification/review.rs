//! What people do with results: look at them, validate or reject them, singly or as a list that they have read. And what
//! time and choices do: a result whose permission ended is shown to nobody and goes.
//! Refuses to decide about a result that changed since it was listed: each content has an id of its own.

use std::collections::HashMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Finding,
    leave::{Leave, leave},
    open,
};
use crate::{
    app::App,
    http::error::ApiError,
    operator::Operator,
    person::Person,
    store::{
        operators::Access,
        qualifications::{Settled, Standing, StoredQualification, Verdict},
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
    let mut rows = app.store.qualifications(purpose, after, limit).await?;
    let next = rows
        .last()
        .map(|row| row.id)
        .filter(|_| u32::try_from(rows.len()) == Ok(limit));
    rows.retain(|row| standing.is_none_or(|wanted| wanted == row.standing));
    let mut listed = Vec::new();
    for (row, fate) in fates(app, rows, now).await? {
        if matches!(fate, Fate::Stands { .. }) {
            listed.push(opened(app, row)?);
        }
    }
    let accesses: Vec<Access> = listed
        .iter()
        .map(|listed| access(operator, "list-qualifications", listed.row.person, reason, now))
        .collect();
    app.store.log_accesses(&accesses).await?;
    Ok((listed, next))
}

/// Every result that is kept of one person, for themselves: also what rests, and what has ended and not gone yet.
pub async fn of_person(app: &App, person: &Person) -> Result<Vec<Listed>, ApiError> {
    let rows = app.store.qualifications_of(person.row.id).await?;
    rows.into_iter().map(|row| opened(app, row)).collect()
}

fn opened(app: &App, row: StoredQualification) -> Result<Listed, ApiError> {
    let finding = open(&app.values, row.id, &row.sealed)?;
    Ok(Listed { row, finding })
}

/// Decides about all of these or about none.
pub async fn decide(
    app: &App,
    (operator, reason): (&Operator, &str),
    decision: Decision,
    ids: &[Uuid],
) -> Result<Decided, ApiError> {
    let now = app.clock.now();
    let mut rows = Vec::new();
    for id in ids {
        match app.store.qualification(*id).await? {
            Some(row) if row.standing == Standing::Waiting => rows.push(row),
            _ => return Ok(Decided::Moved(*id)),
        }
    }
    let mut accesses = Vec::new();
    for (row, fate) in fates(app, rows, now).await? {
        if !matches!(fate, Fate::Stands { .. }) {
            return Ok(Decided::Moved(row.id));
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
    let moved = app.store.decide_qualifications(&verdict).await?;
    Ok(moved.map_or(Decided::Done, Decided::Moved))
}

/// Removes every result whose permission has ended; returns how many there were. Part of the sweep, which scrubs: most have
/// gone with the withdrawal itself, what is left ended by the calendar, by a suppression, or by another submission.
pub async fn remove_ended(app: &App, acts: bool) -> Result<u64, ApiError> {
    let now = app.clock.now();
    let (mut after, mut removed) = (Uuid::nil(), 0);
    loop {
        let rows = app.store.qualifications_in_doubt(now, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        let (mut ended, mut settled) = (Vec::new(), Vec::new());
        for (row, fate) in fates(app, rows, now).await? {
            match fate {
                Fate::Ended => ended.push(row.id),
                Fate::Rests => {}
                Fate::Stands { sequence, until } => settled.push(Settled {
                    id: row.id,
                    sequence,
                    until,
                }),
            }
        }
        removed += ended.len() as u64;
        if acts && !settled.is_empty() {
            app.store.settle_qualifications(&settled).await?;
        }
        if acts && !ended.is_empty() {
            app.store.remove_qualifications(&ended).await?;
        }
    }
    if acts {
        // Rules whose last result went with its lead or its consent.
        app.store.remove_qualifications(&[]).await?;
    }
    Ok(removed)
}

/// Where the permission of a result stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// By what was read of the person, and until when if nothing else happens.
    Stands {
        sequence: i64,
        until: Option<Timestamp>,
    },
    /// Shown to nobody, and kept.
    Rests,
    Ended,
}

/// Whether each person allows it now, by the very submission that the result was made from.
async fn fates(
    app: &App,
    rows: Vec<StoredQualification>,
    at: Timestamp,
) -> Result<Vec<(StoredQualification, Fate)>, ApiError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.person).collect();
    let people = Person::several(app, &ids).await?;
    let people: HashMap<Uuid, &Person> = people.iter().map(|person| (person.row.id, person)).collect();
    let mut fates = Vec::with_capacity(rows.len());
    for row in rows {
        let purpose = row.purpose.parse().map_err(|_| ApiError::Internal)?;
        let fate = match people.get(&row.person) {
            None => Fate::Ended,
            Some(person) => match leave(app, person, &purpose, at).await? {
                Leave::Given(given) if given.lead.stored.record.id == row.record => Fate::Stands {
                    sequence: person.seen().sequence,
                    until: given.until,
                },
                Leave::Restricted => Fate::Rests,
                _ => Fate::Ended,
            },
        };
        fates.push((row, fate));
    }
    Ok(fates)
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

//! A run of the rules: over everybody who allows the profiling purpose now, some people at a time. Each person who is looked at is
//! a line of the access log, with the digest of the rules.
//! Refuses rules that go too far, and keeps no result below the first threshold. What it keeps waits for a person.

use std::{collections::HashMap, sync::Arc};

use candor_definition::{Context, Diagnostic, Severity, parse_in};
use candor_record::id::PurposeId;
use jiff::Timestamp;
use serde::Serialize;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{
    Finding, Grade, Rules,
    leave::{Given, Leave, facts, leave},
    open,
    overreach::{Form, overreach},
    read::read,
    score::score,
    seal,
};
use crate::{
    app::App,
    clock::day,
    http::error::ApiError,
    operator::Operator,
    person::Person,
    store::{
        ATTEMPTS,
        operators::Access,
        qualifications::{NewQualification, RulesRow, StoredQualification},
    },
    sums::add_counts,
};

/// People who are read, weighed and written together; it bounds for how long a server's other work waits for a thread.
const SHARE: u32 = 64;

/// Shares under way at once: while one is written, the next are weighed.
const AT_ONCE: usize = 3;

const ACTION: &str = "qualify";

/// Whether results are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Act,
    /// Only counts; nobody's data are read for longer than that, and nothing is kept.
    Rehearse,
}

/// What a run came to: counts, and nothing of whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Digest of the rules.
    pub rules: String,
    pub purpose: PurposeId,
    #[serde(flatten)]
    pub counts: Counts,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Who allows the purpose now, and was looked at.
    pub people: u64,
    pub mql: u64,
    pub sql: u64,
    /// New results, which wait for somebody to validate them.
    pub waiting: u64,
    /// The same as before: what was decided about them stays.
    pub unchanged: u64,
    /// Results that are over.
    pub removed: u64,
}

impl Counts {
    fn add(&mut self, other: Self) {
        add_counts!(self, other; people, mql, sql, waiting, unchanged, removed);
    }
}

/// Why rules did not run.
#[derive(Debug)]
pub enum Refused {
    Rules(Vec<Diagnostic>),
    Failed(ApiError),
}

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

/// The rules of a file on the forms in force, with what a reader should know of them.
pub async fn check(app: &App, text: &[u8]) -> Result<(Rules, Vec<Diagnostic>), Refused> {
    let (rules, root) = read(text).map_err(Refused::Rules)?;
    let now = app.clock.now();
    let told = overreach((text, &root), &rules, &forms(app, now).await?, day(now));
    if told.iter().any(|told| told.severity == Severity::Error) {
        return Err(Refused::Rules(told));
    }
    Ok((rules, told))
}

async fn forms(app: &App, now: Timestamp) -> Result<Vec<Form>, ApiError> {
    let context = Context { has_collector: true };
    let forms = app.store.in_force(now).await?.into_iter().filter_map(|published| {
        let text = published.definition.into_bytes();
        let definition = parse_in(context, &text).ok()?;
        Some(Form { definition, text })
    });
    Ok(forms.collect())
}

/// Runs rules that were checked.
pub async fn run(app: &App, operator: &Operator, rules: &Rules, mode: Mode) -> Result<Outcome, ApiError> {
    let order = Arc::new(Order {
        rules: rules.clone(),
        operator: *operator,
        at: app.clock.now(),
        mode,
    });
    let mut counts = Counts::default();
    let mut shares = JoinSet::new();
    let mut after = Uuid::nil();
    loop {
        let people = app.store.people_after(after, SHARE).await?;
        let last = people.last().copied();
        if let Some(last) = last {
            after = last;
            let (app, order) = (app.clone(), Arc::clone(&order));
            shares.spawn(async move { order.look_at(&app, &people).await });
        }
        if last.is_some() && shares.len() < AT_ONCE {
            continue;
        }
        match shares.join_next().await {
            Some(done) => counts.add(done.map_err(|_| ApiError::Internal)??),
            None => break,
        }
    }
    if mode == Mode::Act {
        // What was replaced or removed stands in no file any more.
        app.store.scrub().await?;
    }
    Ok(Outcome {
        rules: rules.digest.clone(),
        purpose: rules.purpose.clone(),
        counts,
    })
}

/// One run.
struct Order {
    rules: Rules,
    operator: Operator,
    at: Timestamp,
    mode: Mode,
}

/// What the rules found of somebody.
struct Found<'p> {
    given: Given<'p>,
    finding: Finding,
}

impl Order {
    async fn look_at(&self, app: &App, ids: &[Uuid]) -> Result<Counts, ApiError> {
        let purpose = &self.rules.purpose;
        let people = Person::several(app, ids).await?;
        let before = app.store.qualifications_among(ids, purpose.as_str()).await?;
        let before: HashMap<Uuid, &StoredQualification> = before.iter().map(|row| (row.person, row)).collect();
        let (mut allowed, mut over) = (Vec::new(), Vec::new());
        for person in &people {
            match leave(app, person, purpose, self.at).await? {
                Leave::Given(given) => allowed.push(given),
                Leave::Restricted => {}
                Leave::None => over.extend(before.get(&person.row.id).map(|row| row.id)),
            }
        }
        // Written down before anything of theirs is weighed.
        let accesses: Vec<Access> = allowed.iter().map(|given| self.access(given)).collect();
        app.store.log_accesses(&accesses).await?;
        let mut counts = Counts {
            people: accesses.len() as u64,
            ..Counts::default()
        };
        let mut found = Vec::new();
        for given in allowed {
            let before = before.get(&given.person.row.id).copied();
            let Some(finding) = score(&self.rules, &facts(app, &given, &self.rules).await?, self.at) else {
                over.extend(before.map(|row| row.id));
                continue;
            };
            match finding.grade {
                Grade::Mql => counts.mql += 1,
                Grade::Sql => counts.sql += 1,
            }
            if is_same(app, before, &given, &finding)? {
                counts.unchanged += 1;
            } else {
                found.push(Found { given, finding });
            }
        }
        (counts.waiting, counts.removed) = (found.len() as u64, over.len() as u64);
        if self.mode == Mode::Act {
            // Who changed meanwhile is looked at by the next run.
            counts.waiting = self.keep(app, &found).await?;
            if !over.is_empty() {
                counts.removed = app.store.remove_qualifications(&over).await?;
            }
        }
        Ok(counts)
    }

    fn access(&self, given: &Given<'_>) -> Access {
        Access {
            at: self.at,
            actor: self.operator.id.to_string(),
            role: self.operator.role,
            action: ACTION.to_owned(),
            person: Some(given.person.row.id),
            reason: format!("{}, {}", self.rules.id, self.rules.digest),
        }
    }

    async fn keep(&self, app: &App, found: &[Found<'_>]) -> Result<u64, ApiError> {
        if found.is_empty() {
            return Ok(0);
        }
        let rules = RulesRow {
            digest: self.rules.digest.clone(),
            name: self.rules.id.clone(),
            json: self.rules.json.clone(),
        };
        for _ in 0..ATTEMPTS {
            let new: Vec<NewQualification> = found.iter().map(|found| found.sealed(app)).collect::<Result<_, _>>()?;
            match app.store.qualify(&rules, &new, self.at).await {
                // A rotation has replaced the key that sealed them: they are sealed by the new one.
                Err(error) if error.is_replaced_key() => {}
                written => return Ok(written?),
            }
        }
        Err(ApiError::Unavailable)
    }
}

impl Found<'_> {
    fn sealed(&self, app: &App) -> Result<NewQualification, ApiError> {
        let id = app.random.uuid();
        Ok(NewQualification {
            id,
            person: self.given.person.row.id,
            record: self.given.lead.stored.record.id,
            purpose: self.finding.purpose.to_string(),
            until: self.given.until,
            sealed: seal(&app.values, app.random.as_ref(), id, &self.finding)?,
            seen: self.given.person.seen(),
        })
    }
}

/// Whether that is what stands there already, made from the same submission.
fn is_same(
    app: &App,
    before: Option<&StoredQualification>,
    given: &Given<'_>,
    finding: &Finding,
) -> Result<bool, ApiError> {
    let Some(before) = before.filter(|row| row.record == given.lead.stored.record.id) else {
        return Ok(false);
    };
    Ok(open(&app.values, before.id, &before.sealed)? == *finding)
}

//! A run of the rules: over everybody who allows the profiling purpose now, page by page. Each person who is looked at is a line of
//! the access log, with the digest of the rules.
//! Refuses rules that go too far, and keeps no result below the first threshold. What it keeps waits for a person.

use candor_definition::{Context, Diagnostic, Severity, parse_in};
use candor_record::{id::PurposeId, state::Standing, term::Status};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::{
    Finding, Grade, Rules, open,
    overreach::{Form, overreach},
    read::read,
    rules::EventKind,
    score::{Facts, score},
    seal,
};
use crate::{
    app::App,
    clock::day,
    http::error::ApiError,
    ingest::values::disclosed,
    mailbox::Mailbox,
    operator::Operator,
    permission::{Asked, Reason, of_person},
    person::{Person, PersonSubmission},
    store::{
        contacts::ContactKind,
        operators::Access,
        qualifications::{NewQualification, RulesRow, StoredQualification},
    },
};

/// People read at once.
const PAGE: u32 = 200;

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
    let mut outcome = Outcome {
        rules: rules.digest.clone(),
        purpose: rules.purpose.clone(),
        people: 0,
        mql: 0,
        sql: 0,
        waiting: 0,
        unchanged: 0,
        removed: 0,
    };
    let at = app.clock.now();
    if mode == Mode::Act {
        let row = RulesRow {
            digest: rules.digest.clone(),
            name: rules.id.clone(),
            json: rules.json.clone(),
        };
        app.store.keep_rules(&row, at).await?;
    }
    let reason = format!("{}, {}", rules.id, rules.digest);
    let mut after = Uuid::nil();
    loop {
        let people = app.store.people_after(after, PAGE).await?;
        let Some(last) = people.last() else { break };
        after = *last;
        for id in people {
            let Some(person) = Person::open(app, id).await? else {
                continue;
            };
            look_at(app, (operator, &reason), rules, &person, (at, mode), &mut outcome).await?;
        }
    }
    Ok(outcome)
}

async fn look_at(
    app: &App,
    (operator, reason): (&Operator, &str),
    rules: &Rules,
    person: &Person,
    (at, mode): (Timestamp, Mode),
    outcome: &mut Outcome,
) -> Result<(), ApiError> {
    let before = app.store.qualifications_of(person.row.id).await?;
    let before = before.into_iter().find(|row| row.purpose == rules.purpose.as_str());
    let (lead, standing) = match leave(app, person, &rules.purpose, at).await? {
        Leave::Given(lead, standing) => (lead, standing),
        Leave::Restricted => return Ok(()),
        Leave::None => return remove(app, before, mode, outcome).await,
    };
    // Written down before anything of theirs is weighed.
    let access = Access {
        at,
        actor: operator.id.to_string(),
        role: operator.role,
        action: ACTION.to_owned(),
        person: Some(person.row.id),
        reason: reason.to_owned(),
    };
    app.store.log_access(&access).await?;
    outcome.people += 1;
    let facts = facts(app, person, lead, standing, &rules.purpose).await?;
    let Some(finding) = score(rules, &facts, at) else {
        return remove(app, before, mode, outcome).await;
    };
    match finding.grade {
        Grade::Mql => outcome.mql += 1,
        Grade::Sql => outcome.sql += 1,
    }
    if let Some(before) = before
        && before.record == lead.stored.record.id
        && open(&app.values, before.id, &before.sealed)? == finding
    {
        outcome.unchanged += 1;
        return Ok(());
    }
    outcome.waiting += 1;
    if mode == Mode::Rehearse {
        return Ok(());
    }
    keep(app, person, lead, &finding, at).await
}

async fn keep(
    app: &App,
    person: &Person,
    lead: &PersonSubmission,
    finding: &Finding,
    at: Timestamp,
) -> Result<(), ApiError> {
    let id = app.random.uuid();
    let new = NewQualification {
        id,
        person: person.row.id,
        record: lead.stored.record.id,
        purpose: finding.purpose.to_string(),
        rules: finding.rules.clone(),
        made: at,
        sealed: seal(&app.values, app.random.as_ref(), id, finding)?,
        seen: person.seen(),
    };
    match app.store.qualify(&new).await {
        // Who changed meanwhile is looked at by the next run.
        Ok(_) => Ok(()),
        Err(error) if error.is_replaced_key() => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn remove(
    app: &App,
    before: Option<StoredQualification>,
    mode: Mode,
    outcome: &mut Outcome,
) -> Result<(), ApiError> {
    let Some(before) = before else { return Ok(()) };
    outcome.removed += 1;
    if mode == Mode::Act {
        app.store.remove_qualifications(&[before.id]).await?;
    }
    Ok(())
}

/// Whether somebody may be weighed now.
#[derive(Debug)]
pub(super) enum Leave<'p> {
    /// By this submission, whose purpose stands like that.
    Given(&'p PersonSubmission, &'p Standing),
    /// Everything rests (Art. 18): nothing is weighed, and nothing that was found goes.
    Restricted,
    None,
}

/// Leave is given where the permission logic allows the purpose, and the very words that the person read said that they would be
/// profiled, and left them a choice.
pub(super) async fn leave<'p>(
    app: &App,
    person: &'p Person,
    purpose: &PurposeId,
    at: Timestamp,
) -> Result<Leave<'p>, ApiError> {
    let Some((lead, standing)) = person.in_effect(purpose) else {
        return Ok(Leave::None);
    };
    let operations = lead.form.process(purpose.as_str());
    let operations = operations.and_then(|process| process["operations"].as_array());
    let profiles = operations.is_some_and(|terms| terms.iter().any(|term| term == "Profiling"));
    if !profiles || !(standing.basis.is_consent() || standing.basis.has_objection()) {
        return Ok(Leave::None);
    }
    let asked = Asked {
        purpose,
        channel: standing.channel,
        at,
        frequency: false,
    };
    let answer = of_person(app, person, &asked, None, false).await?;
    Ok(match answer.reason {
        _ if answer.allowed => Leave::Given(lead, standing),
        Reason::Restricted => Leave::Restricted,
        _ => Leave::None,
    })
}

/// Kinds of fields that rules never look at, whatever form they come from: what `overreach.rs` refuses of the forms in force.
const NEVER: [&str; 6] = ["name", "given-name", "family-name", "text", "long-text", "age"];

async fn facts(
    app: &App,
    person: &Person,
    lead: &PersonSubmission,
    standing: &Standing,
    purpose: &PurposeId,
) -> Result<Facts, ApiError> {
    let mut facts = Facts::default();
    for (id, value) in disclosed(&lead.values.disclosures) {
        let field = lead.form.fields.iter().find(|field| field.id == id);
        let Some(field) = field.filter(|field| field.serves(purpose.as_str()) && !NEVER.contains(&field.kind.as_str()))
        else {
            continue;
        };
        if field.kind == "email"
            && let Ok(mailbox) = Mailbox::parse(&value)
        {
            facts.mailboxes.insert(id.clone(), mailbox.as_str().to_owned());
        }
        facts.values.insert(id, value);
    }
    let since = standing.since.as_jiff();
    for contact in app.store.contacts_of(person.row.id, since).await? {
        let kind = match contact.kind {
            ContactKind::Click => EventKind::Click,
            ContactKind::Reply => EventKind::Reply,
            ContactKind::CallReceived => EventKind::CallReceived,
            ContactKind::Sent | ContactKind::Call => continue,
        };
        facts.events.push((kind, contact.at));
    }
    for submission in &person.submissions {
        let record = &submission.stored.record;
        let processes = person.first(record.id).map(|first| first.processes.as_slice());
        let permits = processes
            .unwrap_or_default()
            .iter()
            .any(|process| process.purpose == *purpose && matches!(process.status, Status::Given | Status::Informed));
        if permits {
            facts.events.push((EventKind::Submission, record.received));
        }
    }
    Ok(facts)
}

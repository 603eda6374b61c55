//! Goes through everybody on record, and finds what was held of them in the period.
//! Refuses to count what was merely shown: a purpose holds data where it was taken up in that submission, and until the
//! submission is erased, whatever became of the purpose since.

use std::collections::{BTreeMap, BTreeSet};

use candor_record::{
    id::PurposeId,
    term::{PartyRole, Status},
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Affected, Asked, Breach, Counts, DataCount, Period, Protection, PurposeCount, Recipient, SEALED,
    published::forms_with, received::Receivers,
};
use crate::{
    app::App,
    http::error::ApiError,
    ingest::values::disclosed,
    person::{Person, PersonSubmission},
    store::operators::Access,
};

/// People read at once.
const PAGE: u32 = 200;

const ACTION: &str = "list-breach";

/// The answer to what is asked, which is a line of the access log, and one for each person in it.
pub async fn gather(app: &App, asked: &Asked) -> Result<Breach, ApiError> {
    app.log_access(&asked.operator, ACTION, None, &asked.reason).await?;
    let mut found = Found::default();
    let mut receivers = Receivers::open(app).await?;
    let mut unreadable = 0;
    let mut after = Uuid::nil();
    loop {
        let people = app.store.people_after(after, PAGE).await?;
        let Some(last) = people.last().copied() else { break };
        let mut accesses = Vec::new();
        let (people, unread) = readable(app, &people).await;
        unreadable += unread;
        for person in people {
            if let Some(mut affected) = found.add(asked, &person) {
                affected.received = receivers.of(app, asked, affected.person).await?;
                accesses.push(access(app, asked, affected.person));
                found.people.push(affected);
            }
        }
        app.store.log_accesses(&accesses).await?;
        after = last;
    }
    // Not from the people found: where everybody was erased, nobody is left to tell which form it was.
    let forms = forms_with(app, &asked.purposes).await?;
    let of_form = |form: &String| asked.purposes.is_empty() || forms.contains(form);
    let erased = app.store.deletions(asked.from, Timestamp::MAX).await?;
    let erased = erased.iter().filter(|row| row.reason != "field" && of_form(&row.form));
    let counts = Counts {
        people: found.people.len() as u64,
        records: found.records,
        erased_since: erased.map(|row| row.leads).sum(),
        evidence: evidence(app, asked).await?,
        unreadable,
    };
    Ok(found.into_breach(app.clock.now(), asked, counts, receivers))
}

/// Those of these people who are there, and how many more cannot be read: a key that is lost may be the incident itself, and the list
/// of the others is wanted all the same.
async fn readable(app: &App, ids: &[Uuid]) -> (Vec<Person>, u64) {
    if let Ok(people) = Person::several(app, ids).await {
        return (people, 0);
    }
    let (mut people, mut unread) = (Vec::new(), 0);
    for id in ids {
        match Person::open(app, *id).await {
            // Nobody: erased since the list was read.
            Ok(person) => people.extend(person),
            Err(error) => {
                tracing::warn!(person = %id, ?error, "cannot be read, and is only counted");
                unread += 1;
            }
        }
    }
    (people, unread)
}

fn access(app: &App, asked: &Asked, person: Uuid) -> Access {
    Access {
        at: app.clock.now(),
        actor: asked.operator.id.to_string(),
        role: asked.operator.role,
        action: ACTION.to_owned(),
        person: Some(person),
        reason: asked.reason.clone(),
    }
}

/// Chains that were sealed by the end of the period and are kept still.
async fn evidence(app: &App, asked: &Asked) -> Result<u64, ApiError> {
    let (mut after, mut count) = (Uuid::nil(), 0);
    loop {
        let chains = app.store.sealed_chains(after, PAGE).await?;
        let Some(last) = chains.last() else { return Ok(count) };
        after = last.chain;
        count += chains.iter().filter(|chain| chain.sealed <= asked.to).count() as u64;
    }
}

/// Of one purpose: how many, and what was said of it to the newest of them in each language.
#[derive(Default)]
struct Told {
    people: u64,
    records: u64,
    statements: BTreeMap<String, (Timestamp, String)>,
}

#[derive(Default)]
struct Found {
    people: Vec<Affected>,
    records: u64,
    purposes: BTreeMap<String, Told>,
    /// The same by category.
    data: BTreeMap<String, (u64, u64)>,
    controllers: BTreeSet<String>,
    recipients: BTreeSet<Recipient>,
    keys: BTreeMap<u32, u64>,
}

impl Found {
    /// What was held of that person.
    fn add(&mut self, asked: &Asked, person: &Person) -> Option<Affected> {
        let mut held: Vec<(&PersonSubmission, BTreeSet<String>, BTreeSet<String>)> = Vec::new();
        for submission in &person.submissions {
            let purposes = taken_up(person, submission, asked);
            if !purposes.is_empty() {
                let data = categories(person, submission, &purposes);
                held.push((submission, purposes, data));
            }
        }
        let first = held.first()?;
        let since = first.0.stored.record.received;
        let (mut purposes, mut data) = (BTreeSet::new(), BTreeSet::new());
        for (submission, of_purposes, of_data) in &held {
            self.note(person, submission, of_purposes, of_data);
            purposes.extend(of_purposes.iter().cloned());
            data.extend(of_data.iter().cloned());
        }
        for purpose in &purposes {
            self.purposes.entry(purpose.clone()).or_default().people += 1;
        }
        for category in &data {
            self.data.entry(category.clone()).or_default().0 += 1;
        }
        let numbers = held
            .iter()
            .flat_map(|(submission, ..)| submission.values.phones.values());
        let phones: BTreeSet<&String> = numbers.collect();
        Some(Affected {
            person: person.row.id,
            email: person.address().map(str::to_owned),
            phones: phones.into_iter().cloned().collect(),
            language: person.language().to_owned(),
            purposes,
            data,
            records: held
                .iter()
                .map(|(submission, ..)| submission.stored.record.id)
                .collect(),
            received: BTreeSet::new(),
            since: format!("{since:.3}"),
        })
    }

    fn note(
        &mut self,
        person: &Person,
        submission: &PersonSubmission,
        purposes: &BTreeSet<String>,
        data: &BTreeSet<String>,
    ) {
        let received = submission.stored.record.received;
        self.records += 1;
        *self.keys.entry(submission.stored.lead.values.key).or_default() += 1;
        for purpose in purposes {
            let told = self.purposes.entry(purpose.clone()).or_default();
            told.records += 1;
            let statement = submission.form.text(&format!("purpose.{purpose}"));
            let statement = (received, statement.unwrap_or_default().to_owned());
            let newest = told.statements.entry(submission.form.row.language.clone()).or_default();
            *newest = statement.max(std::mem::take(newest));
        }
        for category in data {
            self.data.entry(category.clone()).or_default().1 += 1;
        }
        let Some(first) = person.first(submission.stored.record.id) else {
            return;
        };
        let processes = first
            .processes
            .iter()
            .filter(|process| purposes.contains(process.purpose.as_str()));
        let named: BTreeSet<&str> = processes
            .flat_map(|process| &process.recipients)
            .map(|id| id.as_str())
            .collect();
        for party in &first.parties {
            match party.role {
                PartyRole::Controller | PartyRole::JointController => {
                    self.controllers.insert(party.name.clone());
                }
                _ if named.contains(party.id.as_str()) => {
                    self.recipients.insert(Recipient {
                        name: party.name.clone(),
                        role: party.role.as_str().to_owned(),
                        country: party.country.clone(),
                    });
                }
                _ => {}
            }
        }
    }

    fn into_breach(mut self, now: Timestamp, asked: &Asked, counts: Counts, receivers: Receivers) -> Breach {
        self.people
            .sort_by(|one, other| (&one.since, one.person).cmp(&(&other.since, other.person)));
        let time = |at: Timestamp| format!("{at:.3}");
        let purpose = |(id, told): (String, Told)| {
            let newest = told.statements.iter().max_by_key(|(_, (received, _))| *received);
            let (language, statement) = newest
                .map(|(language, (_, statement))| (language.clone(), statement.clone()))
                .unwrap_or_default();
            let by_language = told.statements.into_iter();
            PurposeCount {
                id,
                statement,
                language,
                statements: by_language.map(|(language, (_, text))| (language, text)).collect(),
                people: told.people,
                records: told.records,
            }
        };
        let data = |(category, (people, records))| DataCount {
            category,
            people,
            records,
        };
        Breach {
            format: "candor-breach/1",
            generated: time(now),
            period: Period {
                from: time(asked.from),
                to: time(asked.to),
            },
            counts,
            purposes: self.purposes.into_iter().map(purpose).collect(),
            data: self.data.into_iter().map(data).collect(),
            controllers: self.controllers.into_iter().collect(),
            recipients: self.recipients.into_iter().collect(),
            received: receivers.into_list(),
            protection: Protection {
                values: SEALED,
                keys: self.keys,
            },
            people: self.people,
        }
    }
}

/// The purposes in question that were taken up in that submission by the end of the period. It is there still, so it was
/// there through the whole of the period from its receipt on.
fn taken_up(person: &Person, submission: &PersonSubmission, asked: &Asked) -> BTreeSet<String> {
    let chain = submission.stored.record.id;
    if submission.stored.record.received > asked.to {
        return BTreeSet::new();
    }
    let by_then = person.chain(chain).filter(|event| event.stored.received <= asked.to);
    let statuses = by_then.flat_map(|event| event.record.statuses().into_iter());
    let is_asked = |purpose: &PurposeId| asked.purposes.is_empty() || asked.purposes.contains(purpose);
    let gives = |status: Status| matches!(status, Status::Given | Status::Renewed | Status::Informed);
    statuses
        .filter(|(purpose, status)| is_asked(purpose) && gives(*status))
        .map(|(purpose, _)| purpose.to_string())
        .collect()
}

/// The categories of the values that are there for these purposes.
fn categories(person: &Person, submission: &PersonSubmission, purposes: &BTreeSet<String>) -> BTreeSet<String> {
    let Some(first) = person.first(submission.stored.record.id) else {
        return BTreeSet::new();
    };
    let values = disclosed(&submission.values.disclosures);
    let is_there = |field: &str| values.iter().any(|(id, value)| id == field && !value.is_empty());
    let processes = first
        .processes
        .iter()
        .filter(|process| purposes.contains(process.purpose.as_str()));
    let data = processes
        .flat_map(|process| &process.data)
        .filter(|data| is_there(data.field.as_str()));
    data.map(|data| data.category.clone()).collect()
}

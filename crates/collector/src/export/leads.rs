//! Leads by purpose: who may be contacted for it now, or asked for that service, with the fields declared for it.
//! Refuses everybody else, and every field that serves another purpose. Each person in it is a line of the access log.

use std::fmt;

use candor_record::{id::PurposeId, state::State};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    access::services,
    app::App,
    flow::derive,
    http::error::ApiError,
    links::LinkKind,
    operator::Operator,
    permission::{Asked, Reason, is_restricted, last_contact, of_person},
    person::{Person, PersonSubmission, chain_uuid},
    spreadsheet::line,
    store::operators::Access,
};

/// People read at once.
pub const PAGE: u32 = 200;

/// Columns before the fields.
const FIXED: [&str; 5] = ["record", "state", "since", "until", "receipt"];

/// What is exported, and on whose behalf.
#[derive(Debug)]
pub struct Export {
    pub purpose: PurposeId,
    pub at: Timestamp,
    pub operator: Operator,
    pub reason: String,
    /// Ids of every field that ever was declared for the purpose, in the order of the definitions.
    fields: Vec<String>,
}

/// One submission, for one purpose.
#[derive(Clone)]
pub struct Lead {
    person: Uuid,
    record: Uuid,
    state: State,
    since: Timestamp,
    until: Option<Timestamp>,
    receipt: Option<String>,
    /// By field.
    values: Vec<(String, String)>,
}

impl fmt::Debug for Lead {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Lead(personal)")
    }
}

/// A part of the export, and after whom the next one begins.
#[derive(Debug)]
pub struct Page {
    pub leads: Vec<Lead>,
    pub next: Option<Uuid>,
}

impl Export {
    /// Begins an export, which is a line of the access log. `None`: no such purpose was ever published.
    pub async fn begin(
        app: &App,
        operator: Operator,
        purpose: PurposeId,
        at: Timestamp,
        reason: &str,
    ) -> Result<Option<Self>, ApiError> {
        let mut fields: Vec<String> = Vec::new();
        let mut is_known = false;
        for definition in app.store.definitions().await? {
            let definition: Value = serde_json::from_str(&definition).map_err(|_| ApiError::Internal)?;
            let list = |name: &str| definition[name].as_array().cloned().unwrap_or_default();
            is_known |= list("purposes").iter().any(|it| it["id"] == purpose.as_str());
            for field in list("fields") {
                let id = field["id"].as_str().unwrap_or_default();
                let serves = field["purposes"]
                    .as_array()
                    .is_some_and(|it| it.contains(&json!(purpose)));
                if serves && !fields.iter().any(|known| known == id) {
                    fields.push(id.to_owned());
                }
            }
        }
        if !is_known {
            return Ok(None);
        }
        let export = Self {
            reason: format!("{purpose}: {reason}"),
            purpose,
            at,
            operator,
            fields,
        };
        app.log_access(&operator, ACTION, None, &export.reason).await?;
        Ok(Some(export))
    }

    /// The leads among the next people; whoever is in it is written down first.
    pub async fn page(&self, app: &App, after: Uuid, limit: u32) -> Result<Page, ApiError> {
        let people = app.store.people_after(after, limit).await?;
        let next = people
            .last()
            .copied()
            .filter(|_| u32::try_from(people.len()) == Ok(limit));
        let mut leads = Vec::new();
        // Without those who were erased since the list was read.
        for person in Person::several(app, &people).await? {
            if let Ok(found) = self.leads(app, &person).await? {
                leads.extend(found);
            }
        }
        let now = app.clock.now();
        let accesses: Vec<Access> = leads.iter().map(|lead| self.access(lead, now)).collect();
        app.store.log_accesses(&accesses).await?;
        Ok(Page { leads, next })
    }

    /// One person; `Err` says why they are not in it.
    pub async fn one(&self, app: &App, person: Uuid) -> Result<Result<Vec<Lead>, Reason>, ApiError> {
        let Some(person) = Person::open(app, person).await? else {
            return Ok(Err(Reason::Unknown));
        };
        let found = self.leads(app, &person).await?;
        if let Ok(leads) = &found {
            let now = app.clock.now();
            let accesses: Vec<Access> = leads.iter().map(|lead| self.access(lead, now)).collect();
            app.store.log_accesses(&accesses).await?;
        }
        Ok(found)
    }

    fn access(&self, lead: &Lead, at: Timestamp) -> Access {
        Access {
            at,
            actor: self.operator.id.to_string(),
            role: self.operator.role,
            action: ACTION.to_owned(),
            person: Some(lead.person),
            reason: self.reason.clone(),
        }
    }

    /// Every submission that asked for the service, or the one by which the person may be contacted.
    async fn leads(&self, app: &App, person: &Person) -> Result<Result<Vec<Lead>, Reason>, ApiError> {
        if is_restricted(app, person, self.at).await? {
            return Ok(Err(Reason::Restricted));
        }
        let mut leads = self.services(app, person).await?;
        match self.contactable(app, person).await? {
            Ok(lead) => leads.push(lead),
            Err(_) if !leads.is_empty() => {}
            // It was asked for, and that is over.
            Err(Reason::Service) => return Ok(Err(Reason::Retention)),
            Err(reason) => return Ok(Err(reason)),
        }
        Ok(Ok(leads))
    }

    /// A service goes by its own submission: whoever asks again is served again, and nothing else stands in the way.
    async fn services(&self, app: &App, person: &Person) -> Result<Vec<Lead>, ApiError> {
        let contact = last_contact(app, person, self.at).await?;
        let mut leads = Vec::new();
        for service in services(person, &self.purpose) {
            let received = service.lead.stored.record.received;
            let until = service.kept_until(contact);
            if received > self.at || until.is_some_and(|end| end <= self.at) {
                continue;
            }
            leads.push(
                self.lead(app, person, service.lead, (State::Informed, received, until))
                    .await?,
            );
        }
        Ok(leads)
    }

    async fn contactable(&self, app: &App, person: &Person) -> Result<Result<Lead, Reason>, ApiError> {
        let state = person.state_at(self.at);
        let Some(standing) = state.of(&self.purpose) else {
            return Ok(Err(Reason::Unknown));
        };
        let asked = Asked {
            purpose: &self.purpose,
            channel: standing.channel,
            at: self.at,
            frequency: false,
        };
        let answer = of_person(app, person, &asked, None, false).await?;
        if !answer.allowed {
            return Ok(Err(answer.reason));
        }
        let submission = chain_uuid(&standing.chain).and_then(|chain| person.submission(chain));
        let submission = submission.ok_or(ApiError::Internal)?;
        let stands = (standing.state, standing.since.as_jiff(), answer.until);
        self.lead(app, person, submission, stands).await.map(Ok)
    }

    async fn lead(
        &self,
        app: &App,
        person: &Person,
        submission: &PersonSubmission,
        (state, since, until): (State, Timestamp, Option<Timestamp>),
    ) -> Result<Lead, ApiError> {
        let record = submission.stored.record.id;
        let link = app.store.newest_link(LinkKind::Receipt, record).await?;
        Ok(Lead {
            person: person.row.id,
            record,
            state,
            since,
            until,
            receipt: link.map(|link| app.link(link.target)),
            values: self.values(submission),
        })
    }

    /// What was typed into the fields that served this purpose when it was typed; numbers in E.164.
    fn values(&self, submission: &PersonSubmission) -> Vec<(String, String)> {
        let values = derive::values(submission, &self.purpose).into_iter();
        values.map(|value| (value.field, value.value)).collect()
    }

    /// The first line of the CSV.
    pub fn csv_head(&self) -> String {
        line(FIXED.into_iter().chain(self.fields.iter().map(String::as_str)))
    }

    pub fn csv(&self, lead: &Lead) -> String {
        let time = |at: Timestamp| format!("{at:.3}");
        let fixed = [
            lead.record.to_string(),
            lead.state.to_string(),
            time(lead.since),
            lead.until.map(time).unwrap_or_default(),
            lead.receipt.clone().unwrap_or_default(),
        ];
        let value = |id: &String| {
            let found = lead.values.iter().find(|(field, _)| field == id);
            found.map_or_else(String::new, |(_, value)| value.clone())
        };
        line(fixed.into_iter().chain(self.fields.iter().map(value)))
    }
}

const ACTION: &str = "export-leads";

impl Lead {
    /// The record of the submission.
    pub fn record(&self) -> Uuid {
        self.record
    }

    pub fn json(&self) -> Value {
        let values: Map<String, Value> = self
            .values
            .iter()
            .map(|(id, value)| (id.clone(), json!(value)))
            .collect();
        json!({
            "record": self.record,
            "state": self.state.as_str(),
            "since": format!("{:.3}", self.since),
            "until": self.until.map(|until| format!("{until:.3}")),
            "receipt": self.receipt,
            "values": values,
        })
    }
}

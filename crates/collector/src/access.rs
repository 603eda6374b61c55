//! Everything that is kept of a person, for themselves (GDPR Art. 15 and 20): values, receipts, states, mails, readings.
//! Refuses names of staff. As JSON it is `docs/access.md`; as a page, `http/manage/data.rs`.

use std::collections::BTreeMap;

use candor_record::{
    id::PurposeId,
    record::{Process, Storage},
    state::{Standing, State},
    term::{Basis, RetentionStart, Status},
    time::{Period, Timestamp as RecordTime},
};
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    app::App,
    erase::holds_consent,
    http::error::ApiError,
    index::AddressKind,
    ingest::{record_time, values::disclosed},
    person::{Person, PersonSubmission},
    qualification,
    store::{
        Suppression,
        contacts::Contact,
        operators::{LoggedAccess, StoredRequest},
    },
};

mod qualified;
mod receivers;

use self::receivers::{receivers, restrictions};
pub use self::{
    qualified::QualificationRow,
    receivers::{ReceiverRow, RestrictionRow},
};

const FORMAT: &str = "candor-access/1";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    pub format: &'static str,
    pub generated: RecordTime,
    pub person: PersonRow,
    pub submissions: Vec<SubmissionRow>,
    pub purposes: Vec<PurposeRow>,
    /// Every record of every chain with its receipt, in the order of receipt.
    pub records: Vec<RecordRow>,
    pub mails: Vec<MailRow>,
    /// When and why somebody read these data.
    pub accesses: Vec<AccessRow>,
    /// As operators reported them: what was sent, and what the person did.
    pub contacts: Vec<ContactRow>,
    pub suppressions: Vec<SuppressionRow>,
    /// What was told to whom, and what of it may have arrived.
    pub receivers: Vec<ReceiverRow>,
    /// When the data were kept and nothing else (Art. 18 GDPR).
    pub restrictions: Vec<RestrictionRow>,
    /// What the person asked for.
    pub requests: Vec<RequestRow>,
    /// What rules found of the person, with every reason (Art. 15(1)(h)).
    pub qualifications: Vec<QualificationRow>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonRow {
    pub id: Uuid,
    pub since: RecordTime,
    /// The last contact that the person made.
    pub last_contact: RecordTime,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SubmissionRow {
    pub record: Uuid,
    pub form: String,
    pub version: String,
    pub service: String,
    pub language: String,
    pub received: RecordTime,
    /// Of what was taken over from elsewhere: when the person acted there, and where the data come from (Art. 15(1)(g)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acted: Option<RecordTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// As typed, by field.
    pub values: BTreeMap<String, String>,
    /// The mailbox in its compared form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<String>,
    /// Numbers in E.164, by field.
    pub phones: BTreeMap<String, String>,
    /// With these the digests in the record can be checked (RFC 9901).
    pub disclosures: Vec<String>,
    /// Until when the record would be kept as evidence, were the values erased now; absent: it would go with them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence_until: Option<RecordTime>,
}

impl std::fmt::Debug for SubmissionRow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SubmissionRow(personal)")
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PurposeRow {
    pub purpose: String,
    pub statement: String,
    pub state: &'static str,
    pub basis: &'static str,
    pub channel: &'static str,
    pub since: RecordTime,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<RecordTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<RecordTime>,
    pub retention: String,
    pub retention_from: &'static str,
    /// By what is known now; absent where it only starts to count with a withdrawal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept_until: Option<RecordTime>,
    /// The record that made the state.
    pub record: String,
}

#[derive(Debug, Serialize)]
pub struct RecordRow {
    pub id: Uuid,
    pub chain: Uuid,
    pub event: String,
    pub received: RecordTime,
    pub receipt: Value,
}

#[derive(Debug, Serialize)]
pub struct MailRow {
    pub kind: &'static str,
    pub queued: RecordTime,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<RecordTime>,
}

#[derive(Debug, Serialize)]
pub struct ContactRow {
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    pub at: RecordTime,
}

#[derive(Debug, Serialize)]
pub struct AccessRow {
    pub at: RecordTime,
    pub action: String,
    pub reason: String,
}

#[derive(Debug, Serialize)]
pub struct RequestRow {
    pub kind: &'static str,
    pub received: RecordTime,
    pub due: RecordTime,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<RecordTime>,
}

#[derive(Debug, Serialize)]
pub struct SuppressionRow {
    pub kind: &'static str,
    pub channel: String,
    pub since: RecordTime,
}

/// Reads everything of a person. Whoever calls this logs that it was read.
pub async fn access(app: &App, person: &Person) -> Result<Access, ApiError> {
    let now = app.clock.now();
    let records = person.events.iter().map(|event| {
        Ok(RecordRow {
            id: event.stored.id,
            chain: event.stored.chain,
            event: event.stored.event.clone(),
            received: record_time(event.stored.received),
            receipt: serde_json::from_str(&event.stored.receipt).map_err(|_| ApiError::Internal)?,
        })
    });
    let letters = app.store.letters_of(person.row.id).await?;
    let mails = letters.iter().map(|letter| MailRow {
        kind: letter.kind.as_str(),
        queued: record_time(letter.created),
        sent: letter.sent.map(record_time),
    });
    let contacts = app.store.contacts_of(person.row.id, Timestamp::MIN).await?.into_iter();
    let contact = |contact: Contact| ContactRow {
        kind: contact.kind.as_str(),
        purpose: contact.purpose,
        at: record_time(contact.at),
    };
    let qualifications = qualification::of_person(app, person).await?;
    let requests = app.store.requests_of(person.row.id).await?.into_iter();
    let request = |request: StoredRequest| RequestRow {
        kind: request.kind.as_str(),
        received: record_time(request.received),
        due: record_time(request.due),
        answered: request.answered.map(record_time),
    };
    let purposes = person.state.purposes().map(|(purpose, standing)| PurposeRow {
        purpose: purpose.to_string(),
        statement: statement(person, purpose, standing),
        state: standing.state.as_str(),
        basis: standing.basis.as_str(),
        channel: standing.channel.as_str(),
        since: standing.since,
        valid_until: standing.valid_until,
        ended: ended(standing).map(record_time),
        retention: standing.storage.retention.as_str().to_owned(),
        retention_from: standing.storage.from.as_str(),
        kept_until: person_keeps_until(person, purpose, standing).map(record_time),
        record: standing.record.to_string(),
    });
    let mut submissions = Vec::new();
    for lead in &person.submissions {
        let import = match lead.stored.lead.imported {
            Some(imported) => app.store.import(imported.import).await?,
            None => None,
        };
        submissions.push(submission(person, lead, import.map(|import| import.source), now));
    }
    Ok(Access {
        format: FORMAT,
        generated: record_time(now),
        person: PersonRow {
            id: person.row.id,
            since: record_time(person.row.created),
            last_contact: record_time(person.row.contact),
        },
        submissions,
        purposes: purposes.collect(),
        records: records.collect::<Result<_, ApiError>>()?,
        mails: mails.collect(),
        accesses: accesses(app, person).await?,
        contacts: contacts.map(contact).collect(),
        suppressions: suppressions(app, person).await?,
        receivers: receivers(app, person).await?,
        restrictions: restrictions(app, person).await?,
        requests: requests.map(request).collect(),
        qualifications: qualifications.into_iter().map(QualificationRow::of).collect(),
    })
}

fn submission(person: &Person, lead: &PersonSubmission, source: Option<String>, now: Timestamp) -> SubmissionRow {
    let record = lead.stored.record.id;
    SubmissionRow {
        record,
        form: lead.stored.lead.form.clone(),
        version: lead.stored.lead.version.clone(),
        service: person
            .first(record)
            .map_or_else(String::new, |first| first.form.service.clone()),
        language: lead.stored.lead.language.clone(),
        received: record_time(lead.stored.record.received),
        acted: lead.acted().map(record_time),
        source,
        values: disclosed(&lead.values.disclosures).into_iter().collect(),
        mailbox: lead.values.mailbox.clone(),
        phones: lead.values.phones.clone(),
        disclosures: lead.values.disclosures.clone(),
        evidence_until: holds_consent(person, record).then(|| record_time(lead.form.proof_until(now))),
    }
}

fn statement(person: &Person, purpose: &PurposeId, standing: &Standing) -> String {
    let lead = crate::person::chain_uuid(&standing.chain).and_then(|chain| person.submission(chain));
    let text = lead.and_then(|lead| lead.form.text(&format!("purpose.{purpose}")));
    text.unwrap_or(purpose.as_str()).to_owned()
}

/// When it ended. A sweep that came late does not prolong a consent: one that expired ended with its validity.
pub fn ended(standing: &Standing) -> Option<Timestamp> {
    let ended = standing.ended?.as_jiff();
    let validity = standing.validity.as_ref().filter(|_| standing.state == State::Expired);
    let until = validity.and_then(|validity| end_of(standing.since.as_jiff(), validity));
    Some(until.map_or(ended, |until| until.min(ended)))
}

/// Until when a purpose keeps its data, by what is known now; `None` while a period has not begun.
pub fn kept_until(standing: &Standing, contact: Timestamp) -> Option<Timestamp> {
    retained(
        &standing.storage,
        standing.collected.as_jiff(),
        contact,
        ended(standing),
    )
}

/// The same of a person: a service that was asked for several times is kept until the last of them is over.
pub fn person_keeps_until(person: &Person, purpose: &PurposeId, standing: &Standing) -> Option<Timestamp> {
    if !is_service(standing.basis) {
        return kept_until(standing, person.row.contact);
    }
    let ends = services(person, purpose).map(|service| service.kept_until(person.row.contact));
    ends.collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// What needs no choice: the person asked for it, or the law does.
pub fn is_service(basis: Basis) -> bool {
    !basis.is_consent() && !basis.has_objection()
}

/// A submission by which a service was asked for.
#[derive(Debug, Clone, Copy)]
pub struct Service<'a> {
    pub lead: &'a PersonSubmission,
    process: &'a Process,
}

impl Service<'_> {
    pub fn kept_until(&self, contact: Timestamp) -> Option<Timestamp> {
        retained(&self.process.storage, self.lead.collected(), contact, None)
    }
}

/// Every submission that asks for that service: each by itself, whether anybody confirmed it or not.
pub fn services<'a>(person: &'a Person, purpose: &'a PurposeId) -> impl Iterator<Item = Service<'a>> {
    person.submissions.iter().filter_map(move |lead| {
        let mut processes = person.first(lead.stored.record.id)?.processes.iter();
        let process = processes.find(|process| process.purpose == *purpose)?;
        (process.status == Status::Informed && is_service(process.basis)).then_some(Service { lead, process })
    })
}

fn retained(
    storage: &Storage,
    collected: Timestamp,
    contact: Timestamp,
    ended: Option<Timestamp>,
) -> Option<Timestamp> {
    let from = match storage.from {
        RetentionStart::Collection => collected,
        RetentionStart::LastContact => contact.max(collected),
        RetentionStart::Withdrawal => ended?,
    };
    end_of(from, &storage.retention)
}

fn end_of(from: Timestamp, period: &Period) -> Option<Timestamp> {
    let end = from.to_zoned(TimeZone::UTC).checked_add(period.to_span()).ok()?;
    Some(end.timestamp())
}

/// As many lines as an export carries; the log keeps a year.
const MAX_ACCESSES: u32 = 10_000;

/// When and why, oldest first. Who, is for the controller to answer for, not for the file of somebody else.
async fn accesses(app: &App, person: &Person) -> Result<Vec<AccessRow>, ApiError> {
    let logged = app.store.accesses(Some(person.row.id), None, MAX_ACCESSES).await?;
    let row = |LoggedAccess { access, .. }| AccessRow {
        at: record_time(access.at),
        action: access.action,
        reason: access.reason,
    };
    Ok(logged.into_iter().rev().map(row).collect())
}

/// Of the mailbox alone: who typed a number has not proved that it is theirs, and is not told what others said of it.
async fn suppressions(app: &App, person: &Person) -> Result<Vec<SuppressionRow>, ApiError> {
    let Some(key) = &person.row.mailbox_key else {
        return Ok(Vec::new());
    };
    let found = app.store.suppressions(key, AddressKind::Email).await?;
    let row = |entry: Suppression| SuppressionRow {
        kind: AddressKind::Email.as_str(),
        channel: entry.key.channel,
        since: record_time(entry.since),
    };
    Ok(found.into_iter().map(row).collect())
}

//! The main use case: a submission is read, verified, compared with the published form, stored with its lead, and answered with a receipt.
//! Refuses what is not a fresh device-signed submission of a form that was published here; holds what was altered or ticked by a script.
//! Read next: `ingest/check.rs` (the record), `ingest/fields.rs` (what was typed), `ingest/plain.rs` (the same without JavaScript), `follow_up.rs` (what comes later).

use candor_record::{
    json::{self, Limits, Node},
    sign::countersign,
    term::Status,
    time::Timestamp as RecordTime,
    verify::VerifiedRecord,
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    app::App,
    http::error::{ApiError, Fault},
    index::of_disclosures,
    links::{LinkKind, LinkTarget},
    mailbox::Mailbox,
    published::{Delivery, PublishedForm, after},
    store::{ATTEMPTS, Inserted, MailKind, NewLead, NewLink, NewRecord, NewSubmission, Once, StoredSubmission},
    values::Values,
};

mod check;
pub mod fields;
pub mod made;
pub mod plain;
pub mod values;

/// What the sender is told; the same for each repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    pub id: Uuid,
    /// Whether it was stored just now.
    pub fresh: bool,
    pub receipt: String,
    pub pending: bool,
    pub held: Vec<String>,
    pub manage: String,
    pub download: Option<Download>,
}

/// The link of a gate that delivers on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    pub url: String,
    pub expires: Timestamp,
}

/// The parts of `POST /v1/submissions`, as they came.
struct Parcel {
    envelope: Vec<u8>,
    disclosures: Vec<String>,
}

/// Takes the body of `POST /v1/submissions`; `admit` counts it once it can be read.
pub async fn submit(
    app: &App,
    body: &[u8],
    origin: Option<&str>,
    admit: impl FnOnce() -> Result<(), ApiError>,
) -> Result<Accepted, ApiError> {
    let parcel = Parcel::read(body)?;
    admit()?;
    let now = app.clock.now();
    let unverified = check::read(&parcel.envelope, now)?;
    let candidates = check::published_forms(app, &unverified).await?;
    let (verified, form) = check::check(&unverified, &parcel.disclosures, &candidates, now)?;
    let submission = check::acceptable(&verified, origin)?;
    check::check_fields(&form, submission, &parcel.disclosures)?;
    let receipt = countersign(verified.envelope(), record_time(now), &app.keys.current().signer)
        .map_err(|_| ApiError::Internal)?;
    let new = assemble(
        app,
        &form,
        &verified,
        receipt.to_json().to_string(),
        parcel.disclosures,
        None,
    )?;
    store(app, new).await
}

impl Parcel {
    fn read(body: &[u8]) -> Result<Self, ApiError> {
        let malformed = |error: json::JsonError| {
            ApiError::Malformed(vec![Fault::new(error.pointer.clone(), "json", error.to_string())])
        };
        let root = json::parse(body, &Limits::RECORD).map_err(malformed)?;
        let members = root
            .as_object()
            .ok_or_else(|| ApiError::malformed("an object is expected"))?;
        const KNOWN: [&str; 4] = ["record", "disclosures", "proofOfWork", "honeypot"];
        if let Some(unknown) = members.iter().position(|member| !KNOWN.contains(&member.name.as_str())) {
            return Err(ApiError::Malformed(vec![Fault::new(
                "",
                "unknown-member",
                format!("member number {} is not known", unknown + 1),
            )]));
        }
        let record = root
            .get("record")
            .ok_or_else(|| fault("/record", "missing", "the record is missing"))?;
        if record.as_object().is_none() {
            return Err(fault("/record", "type", "an envelope is expected"));
        }
        let disclosures = root
            .get("disclosures")
            .ok_or_else(|| fault("/disclosures", "missing", "the disclosures are missing"))?;
        Ok(Self {
            envelope: candor_record::canonical::canonicalize(record),
            disclosures: texts(disclosures)?,
        })
    }
}

fn fault(pointer: &str, code: &str, detail: &str) -> ApiError {
    ApiError::Malformed(vec![Fault::new(pointer, code, detail)])
}

fn texts(list: &Node) -> Result<Vec<String>, ApiError> {
    let wrong = || fault("/disclosures", "type", "a list of texts is expected");
    list.as_array()
        .ok_or_else(wrong)?
        .iter()
        .map(|node| node.as_str().map(str::to_owned).ok_or_else(wrong))
        .collect()
}

/// Everything of a submission that goes into one transaction, and what was sealed in it. It never depends on what is on record of that mailbox:
/// neither the answer nor its time may tell.
pub(crate) fn assemble(
    app: &App,
    form: &PublishedForm,
    verified: &VerifiedRecord,
    receipt: String,
    disclosures: Vec<String>,
    once: Option<Once>,
) -> Result<(NewSubmission, Values), ApiError> {
    let now = app.clock.now();
    let held = verified.held().to_vec();
    let statuses = verified.record().statuses();
    let consent_given = statuses.iter().any(|(_, status)| *status == Status::Given);
    let pending = !held.is_empty() || (form.double_opt_in() && consent_given);
    let record = NewRecord::new(verified, receipt, now);
    let values = values::of(form, disclosures);
    let mailbox = values.address.as_deref().and_then(|text| Mailbox::parse(text).ok());
    let mut links = vec![
        NewLink {
            kind: LinkKind::Manage,
            expires: None,
        },
        NewLink {
            kind: LinkKind::Receipt,
            expires: None,
        },
        // A form without double opt-in needs it where its mailbox has a state already.
        NewLink {
            kind: LinkKind::Confirm,
            expires: Some(form.confirmation_expiry(now)),
        },
    ];
    if let Some(gate) = &form.terms.gate {
        links.push(NewLink {
            kind: LinkKind::Download,
            expires: Some(after(now, gate.expires)),
        });
    }
    let lead = NewLead {
        person: app.random.uuid(),
        mailbox_key: mailbox.as_ref().map(|mailbox| app.index.mailbox(mailbox)),
        phone_keys: values.phones.values().map(|number| app.index.phone(number)).collect(),
        language: form.row.language.clone(),
        compiled: form.row.digest.clone(),
        held,
        pending,
        fingerprint: of_disclosures(&app.index, &values.disclosures),
        values: app.values.seal(app.random.as_ref(), record.id, &values)?,
    };
    let new = NewSubmission {
        // Whether there is something to deliver or to confirm is seen when it is written.
        mail: values.address.is_some().then_some(MailKind::Submission),
        record,
        lead,
        links,
        once,
    };
    Ok((new, values))
}

/// Writes it; sealed anew where a rotation has replaced the key between sealing and writing.
async fn insert(app: &App, new: &mut NewSubmission, values: &Values) -> Result<Inserted, ApiError> {
    for _ in 1..ATTEMPTS {
        match app.store.insert_submission(new).await {
            Err(error) if error.is_replaced_key() => {
                new.lead.values = app.values.seal(app.random.as_ref(), new.record.id, values)?;
            }
            outcome => return Ok(outcome?),
        }
    }
    Ok(app.store.insert_submission(new).await?)
}

async fn store(app: &App, (mut new, values): (NewSubmission, Values)) -> Result<Accepted, ApiError> {
    let record = new.record.id;
    let stored = match insert(app, &mut new, &values).await? {
        Inserted::New => {
            tracing::info!(%record, form = new.record.form, held = new.lead.held.len(), pending = new.lead.pending, "submission recorded");
            if new.mail.is_some() {
                app.outbox.notify_one();
            }
            None
        }
        Inserted::Same(stored) => Some(stored),
        Inserted::Other => return Err(ApiError::Conflict),
    };
    match stored {
        None => {
            accepted(
                app,
                true,
                &new.record.id,
                new.record.receipt,
                &new.lead.compiled,
                new.lead.pending,
                new.lead.held,
            )
            .await
        }
        Some(stored) => {
            let StoredSubmission { record, lead } = *stored;
            accepted(
                app,
                false,
                &record.id,
                record.receipt,
                &lead.compiled,
                lead.pending,
                lead.held,
            )
            .await
        }
    }
}

async fn accepted(
    app: &App,
    fresh: bool,
    id: &Uuid,
    receipt: String,
    compiled: &str,
    pending: bool,
    held: Vec<String>,
) -> Result<Accepted, ApiError> {
    let target = |kind| LinkTarget {
        kind,
        subject: *id,
        counter: 0,
    };
    let form = app.publications.by_digest(compiled).await?.ok_or(ApiError::Internal)?;
    let on_screen = form
        .terms
        .gate
        .as_ref()
        .is_some_and(|gate| gate.delivery == Delivery::Screen);
    let download = match on_screen {
        true => app.store.link(target(LinkKind::Download)).await?.and_then(|link| {
            Some(Download {
                url: app.link(link.target),
                expires: link.expires?,
            })
        }),
        false => None,
    };
    Ok(Accepted {
        id: *id,
        fresh,
        receipt,
        pending,
        held,
        manage: app.link(target(LinkKind::Manage)),
        download,
    })
}

/// A time as records carry it.
pub fn record_time(at: Timestamp) -> RecordTime {
    RecordTime::from_millisecond(at.as_millisecond()).expect("the clock's time is in the range of records")
}

//! The main use case: a submission is read, verified, compared with the published form, stored with its lead, and answered with a receipt.
//! Refuses what is not a fresh device-signed submission of a form that was published here; holds what was altered or ticked by a script.
//! Read next: `ingest/fields.rs` (what was typed), `ingest/plain.rs` (the same without JavaScript), `follow_up.rs` (what comes later).

use std::sync::Arc;

use candor_record::{
    disclosure::Disclosure,
    json::{self, Limits, Node},
    record::{Record, Submission},
    sign::countersign,
    term::{EventKind, Method, Status},
    time::Timestamp as RecordTime,
    verify::{Evidence, RingVerifier, UnverifiedRecord, Verdict, VerifiedRecord, verify},
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    app::App,
    http::error::{ApiError, Fault},
    links::{LinkKind, LinkTarget},
    mailbox::Mailbox,
    published::{Delivery, PublishedForm, after},
    store::{Inserted, MailKind, NewLead, NewLink, NewRecord, NewSubmission, Once, StoredSubmission},
};

pub mod fields;
pub mod plain;

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
    let candidates = published_forms(app, &parcel.envelope).await?;
    let (verified, form) = check(&parcel, &candidates, now)?;
    let submission = acceptable(&verified, origin)?;
    check_fields(&form, submission, &parcel.disclosures)?;
    let receipt =
        countersign(verified.envelope(), record_time(now), &app.keys.signer).map_err(|_| ApiError::Internal)?;
    let new = assemble(
        &form,
        &verified,
        receipt.to_json().to_string(),
        parcel.disclosures,
        now,
        None,
    );
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

/// The published forms that an unverified record claims to come from: version, language and texts agree.
async fn published_forms(app: &App, envelope: &[u8]) -> Result<Vec<Arc<PublishedForm>>, ApiError> {
    let Ok(unverified) = UnverifiedRecord::read(envelope) else {
        return Ok(Vec::new());
    };
    let claim = |pointer| unverified.claim(pointer).unwrap_or_default();
    let versions = app
        .publications
        .of(claim("/form/id"), claim("/form/version"), claim("/language"))
        .await?;
    Ok(versions
        .iter()
        .filter(|version| version.texts_digest() == claim("/form/texts"))
        .cloned()
        .collect())
}

/// Steps 1 to 10 of record.md §2, against each published form that it may come from.
fn check(
    parcel: &Parcel,
    candidates: &[Arc<PublishedForm>],
    now: Timestamp,
) -> Result<(VerifiedRecord, Arc<PublishedForm>), ApiError> {
    let against = |form: Option<&PublishedForm>| {
        let evidence = Evidence {
            keys: None,
            expected: form.map(|form| &form.expected),
            disclosures: Some(&parcel.disclosures),
            received: Some(record_time(now)),
        };
        verify(&parcel.envelope, &evidence, &RingVerifier)
    };
    // One form as a rule; several where the public URL, and so the address for withdrawals, has changed.
    let mut refused = None;
    for form in candidates {
        let verdict = against(Some(form));
        match refusal(&verdict, now) {
            None => return Ok((verdict.record.ok_or(ApiError::Internal)?, Arc::clone(form))),
            Some(refusal) => refused = refused.or(Some(refusal)),
        }
    }
    if let Some(refused) = refused {
        return Err(refused);
    }
    Err(refusal(&against(None), now).unwrap_or(ApiError::UnknownDefinition))
}

/// The failure that a verdict stands for; `None` where every check that could be made is good.
fn refusal(verdict: &Verdict, now: Timestamp) -> Option<ApiError> {
    let failed = verdict
        .checks
        .iter()
        .filter(|check| check.ok == Some(false))
        .min_by_key(|check| check.step)?;
    let pointer = if failed.step == 10 { "/disclosures" } else { "/record" };
    let faults = vec![Fault::new(pointer, failed.name, failed.detail.as_ref())];
    Some(match failed.step {
        1..=4 => ApiError::Malformed(faults),
        7 => ApiError::Clock { now },
        9 | 10 => ApiError::Unacceptable(faults),
        _ => ApiError::Forged(faults),
    })
}

/// What this route takes: a submission by the widget or by a program, signed by the device alone, from the site that sends it.
fn acceptable<'a>(verified: &'a VerifiedRecord, origin: Option<&str>) -> Result<&'a Submission, ApiError> {
    let refused =
        |pointer: &str, detail: &str| ApiError::Unacceptable(vec![Fault::new(pointer, "not-accepted-here", detail)]);
    let Record::Submission(submission) = verified.record() else {
        return Err(refused("/record/payload/event", "only submissions are taken here"));
    };
    if submission.event != EventKind::Submission {
        return Err(refused("/record/payload/event", "only submissions are taken here"));
    }
    if !matches!(submission.capture.method, Method::Widget | Method::Api) {
        return Err(refused(
            "/record/payload/capture/method",
            "only widget and api are taken here",
        ));
    }
    if !verified.is_device_signed() || verified.is_receipt() {
        return Err(refused(
            "/record/signatures",
            "exactly one signature, the device's, is taken here",
        ));
    }
    match origin {
        Some(origin) if origin != submission.capture.origin => {
            Err(ApiError::Forbidden("capture.origin is not the origin of the request"))
        }
        _ => Ok(submission),
    }
}

fn check_fields(form: &PublishedForm, submission: &Submission, disclosures: &[String]) -> Result<(), ApiError> {
    let statuses = submission
        .processes
        .iter()
        .map(|process| (process.purpose.as_str(), process.status.as_str()))
        .collect();
    let faults = fields::faults(form, &statuses, &values(disclosures));
    if faults.is_empty() {
        Ok(())
    } else {
        Err(ApiError::Unacceptable(faults))
    }
}

/// Field ids and values of disclosures.
pub fn values(disclosures: &[String]) -> Vec<(String, String)> {
    let parsed = disclosures.iter().filter_map(|text| Disclosure::parse(text).ok());
    parsed
        .map(|disclosure| (disclosure.field().as_str().to_owned(), disclosure.value().to_owned()))
        .collect()
}

/// Everything of a submission that goes into one transaction.
fn assemble(
    form: &PublishedForm,
    verified: &VerifiedRecord,
    receipt: String,
    disclosures: Vec<String>,
    now: Timestamp,
    once: Option<Once>,
) -> NewSubmission {
    let held = verified.held().to_vec();
    let consent_given = |record: &Record| record.statuses().iter().any(|(_, status)| *status == Status::Given);
    let pending = !held.is_empty() || (form.double_opt_in() && consent_given(verified.record()));
    let address = address(form, &disclosures);
    let mut links = vec![
        NewLink {
            kind: LinkKind::Manage,
            expires: None,
        },
        NewLink {
            kind: LinkKind::Receipt,
            expires: None,
        },
    ];
    if pending {
        links.push(NewLink {
            kind: LinkKind::Confirm,
            expires: Some(form.confirmation_expiry(now)),
        });
    }
    let gate = form.terms.gate.as_ref();
    if let Some(gate) = gate {
        links.push(NewLink {
            kind: LinkKind::Download,
            expires: Some(after(now, gate.expires)),
        });
    }
    // Nothing to deliver and nothing to confirm: no mail.
    let delivers = gate.is_some_and(|gate| gate.delivery == Delivery::Email);
    let mail = (address.is_some() && (delivers || pending)).then_some(MailKind::Submission);
    let lead = NewLead {
        mailbox: address
            .as_deref()
            .and_then(|address| Mailbox::parse(address).ok())
            .map(|mailbox| mailbox.as_str().to_owned()),
        address,
        language: form.row.language.clone(),
        compiled: form.row.digest.clone(),
        held,
        pending,
        disclosures,
    };
    NewSubmission {
        record: NewRecord::new(verified, receipt, now),
        lead,
        links,
        mail,
        once,
    }
}

/// The first e-mail field's value: where the answer goes.
fn address(form: &PublishedForm, disclosures: &[String]) -> Option<String> {
    let field = form.fields.iter().find(|field| field.kind == "email")?;
    values(disclosures)
        .into_iter()
        .find(|(id, _)| *id == field.id)
        .map(|(_, value)| value.trim().to_owned())
}

async fn store(app: &App, new: NewSubmission) -> Result<Accepted, ApiError> {
    let record = new.record.id;
    let stored = match app.store.insert_submission(&new).await? {
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
        record: *id,
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

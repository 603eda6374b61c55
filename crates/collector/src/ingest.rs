//! The main use case: a submission is read, verified, compared with the published form, stored with its lead, and answered with a receipt.
//! Refuses what is not a fresh device-signed submission of a form that was published here; holds what was altered or ticked by a script.
//! Read next: `ingest/check.rs` (the record), `ingest/fields.rs` (what was typed), `ingest/plain.rs` (the same without JavaScript), `follow_up.rs` (what comes later).

use candor_record::{sign::countersign, term::Status, time::Timestamp as RecordTime, verify::VerifiedRecord};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::{
    app::App,
    http::error::ApiError,
    index::of_disclosures,
    links::{LinkKind, LinkTarget},
    mailbox::Mailbox,
    published::{Delivery, PublishedForm, after},
    robots::{
        Spent,
        score::Signs,
        work::{self, Attempt},
    },
    store::{
        ATTEMPTS, Inserted, MailKind, NewLead, NewLink, NewRecord, NewSubmission, Once, StoredSubmission,
        imports::NewImported,
    },
    values::Values,
};

mod check;
pub mod fields;
pub mod made;
mod parcel;
pub mod plain;
pub mod values;
mod visit;

use self::parcel::Parcel;
pub use self::visit::Visit;

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

/// Takes the body of `POST /v1/submissions`.
pub async fn submit(app: &App, body: &[u8], visit: &mut Visit<'_>) -> Result<Accepted, ApiError> {
    let parcel = Parcel::read(body)?;
    visit.admit_address(app)?;
    let now = app.clock.now();
    let unverified = check::read(&parcel.envelope, now)?;
    let candidates = check::published_forms(app, &unverified).await?;
    let (verified, form) = check::check(&unverified, &parcel.disclosures, &candidates, now)?;
    let submission = check::acceptable(&verified, visit.origin)?;
    check::check_fields(&form, submission, &parcel.disclosures)?;
    let attempt = Attempt {
        form: &form.row.form,
        signs: Signs {
            trapped: parcel.trapped,
            took: submission.shown_at.map(|shown| taken(shown, submission.created)),
            issue_forged: false,
            no_origin: visit.origin.is_none(),
        },
        proof: parcel.proof_of_work.as_deref(),
    };
    let spent = work::admit(app, &attempt)?;
    visit.admit_form(app, &form.row.form)?;
    let receipt = countersign(verified.envelope(), record_time(now), &app.keys.current().signer)
        .map_err(|_| ApiError::Internal)?;
    let new = assemble(
        app,
        &form,
        &verified,
        receipt.to_json().to_string(),
        parcel.disclosures,
        OnceOnly { once: None, spent },
    )?;
    match store(app, new).await? {
        Stored::Accepted(accepted) => Ok(*accepted),
        // Used by another submission: this one gets a challenge of its own.
        Stored::Spent => Err(work::ask_again(app, &attempt)),
    }
}

/// How long the form was on the screen, by the device's own clock.
fn taken(shown: RecordTime, created: RecordTime) -> SignedDuration {
    SignedDuration::from_millis(created.as_millisecond() - shown.as_millisecond())
}

/// What may happen once.
#[derive(Debug, Default)]
pub(crate) struct OnceOnly {
    pub(crate) once: Option<Once>,
    pub(crate) spent: Option<Spent>,
}

/// What came of a submission that may use something up.
pub(crate) enum Stored {
    Accepted(Box<Accepted>),
    Spent,
}

/// Everything of a submission that goes into one transaction, and what was sealed in it. It never depends on what is on record of that mailbox:
/// neither the answer nor its time may tell.
pub(crate) fn assemble(
    app: &App,
    form: &PublishedForm,
    verified: &VerifiedRecord,
    receipt: String,
    disclosures: Vec<String>,
    OnceOnly { once, spent }: OnceOnly,
) -> Result<(NewSubmission, Values), ApiError> {
    let now = app.clock.now();
    let mut held = verified.held().to_vec();
    let statuses = verified.record().statuses();
    let consent_given = statuses.iter().any(|(_, status)| *status == Status::Given);
    held.extend(against_the_signal(form, verified, &held));
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
        spent,
    };
    Ok((new, values))
}

/// Consents to sharing that came with Global Privacy Control. This release's forms do not offer them then; an older one, or
/// a page printed for everybody, did. A signal and a tick contradict each other: the person says on the confirmation page
/// which of them is meant.
fn against_the_signal(form: &PublishedForm, verified: &VerifiedRecord, held: &[String]) -> Vec<String> {
    let submission = verified.record().as_submission();
    if !submission.is_some_and(|submission| submission.signals.gpc) {
        return Vec::new();
    }
    let statuses = verified.record().statuses().into_iter();
    let given = statuses.filter(|(_, status)| *status == Status::Given);
    let purposes = given.map(|(purpose, _)| purpose.as_str());
    purposes
        .filter(|purpose| form.is_shared_by_choice(purpose) && !held.iter().any(|known| known == purpose))
        .map(str::to_owned)
        .collect()
}

/// Writes it; sealed anew where a rotation has replaced the key between sealing and writing.
pub(crate) async fn insert(
    app: &App,
    new: &mut NewSubmission,
    values: &Values,
    imported: Option<NewImported>,
) -> Result<Inserted, ApiError> {
    for attempt in 1.. {
        let outcome = match imported {
            None => app.store.insert_submission(new).await,
            Some(imported) => app.store.insert_imported(new, imported).await,
        };
        match outcome {
            Err(error) if error.is_replaced_key() && attempt < ATTEMPTS => {
                new.lead.values = app.values.seal(app.random.as_ref(), new.record.id, values)?;
            }
            outcome => {
                let outcome = outcome?;
                if matches!(outcome, Inserted::New) {
                    app.flows.ring();
                }
                return Ok(outcome);
            }
        }
    }
    Err(ApiError::Unavailable)
}

async fn store(app: &App, (mut new, values): (NewSubmission, Values)) -> Result<Stored, ApiError> {
    let record = new.record.id;
    let stored = match insert(app, &mut new, &values, None).await? {
        Inserted::New => {
            tracing::info!(%record, form = new.record.form, held = new.lead.held.len(), pending = new.lead.pending, "submission recorded");
            if new.mail.is_some() {
                app.outbox.notify_one();
            }
            None
        }
        Inserted::Same(stored) => Some(stored),
        Inserted::Other => return Err(ApiError::Conflict),
        Inserted::Spent => return Ok(Stored::Spent),
    };
    let accepted = match stored {
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
    };
    Ok(Stored::Accepted(Box::new(accepted?)))
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

//! What comes after a submission: confirmation, withdrawal, objection. Each is a signed record of the same chain.
//! Refuses to record what changes nothing, so that pressing twice is pressing once.

use std::sync::Arc;

use candor_record::{
    record::{CONFORMS_TO, FORMAT, Record, SD_ALGORITHM, Submission},
    sign::seal,
    term::{Basis, Channel, Status},
    verify::{Evidence, RingVerifier, verify},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    app::App,
    http::error::ApiError,
    ingest::record_time,
    published::PublishedForm,
    state::{PurposeStanding, PurposeState, standings},
    store::{Appended, NewRecord, PersonChange, StoredRecord, StoredSubmission},
    values::Values,
};

/// A submission with all that followed, as it stands now.
#[derive(Debug, Clone)]
pub struct Dossier {
    pub submission: StoredSubmission,
    pub values: Values,
    pub form: Arc<PublishedForm>,
    pub stored: Vec<StoredRecord>,
    pub records: Vec<Record>,
    pub standings: Vec<PurposeStanding>,
}

impl Dossier {
    pub async fn open(app: &App, id: Uuid) -> Result<Option<Self>, ApiError> {
        let Some(submission) = app.store.submission(id).await? else {
            return Ok(None);
        };
        let form = app
            .publications
            .by_digest(&submission.lead.compiled)
            .await?
            .ok_or(ApiError::Internal)?;
        let values = app.values.unseal(submission.record.id, &submission.lead.values)?;
        let stored = app.store.chain(submission.record.chain).await?;
        let records = stored
            .iter()
            .map(|stored| payload(&stored.receipt))
            .collect::<Option<Vec<_>>>()
            .ok_or(ApiError::Internal)?;
        let standings = standings(&form, &submission.lead.held, &records);
        Ok(Some(Self {
            submission,
            values,
            form,
            stored,
            records,
            standings,
        }))
    }

    /// The first record of the chain.
    pub fn first(&self) -> Option<&Submission> {
        self.records.first().and_then(Record::as_submission)
    }

    /// The purposes that wait for their confirmation in this way.
    pub fn waiting(&self, state: PurposeState) -> Vec<&PurposeStanding> {
        self.standings
            .iter()
            .filter(|standing| standing.state == state)
            .collect()
    }
}

/// The record inside a stored receipt, which was verified before it was stored.
fn payload(receipt: &str) -> Option<Record> {
    let envelope: Value = serde_json::from_str(receipt).ok()?;
    let payload = candor_record::base64url::decode(envelope["payload"].as_str()?).ok()?;
    Record::from_json_bytes(&payload).ok()
}

/// What the person did on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Confirms what is pending, and of what is held the purposes named.
    Confirm {
        held: Vec<String>,
    },
    Withdraw {
        purpose: String,
    },
    Object {
        purpose: String,
    },
    /// RFC 8058: out of everything that this form mails.
    UnsubscribeAll,
}

/// A chain grows between reading and writing only where somebody presses twice at once.
const ATTEMPTS: usize = 5;

/// Records the act; `false` where it changes nothing.
pub async fn act(app: &App, id: Uuid, act: &Act) -> Result<bool, ApiError> {
    let mut changed = false;
    for _ in 0..ATTEMPTS {
        let dossier = Dossier::open(app, id).await?.ok_or(ApiError::NotFound)?;
        let Some((event, changes)) = changes(&dossier, act) else {
            return Ok(changed);
        };
        let last = dossier.stored.last().ok_or(ApiError::Internal)?.id;
        let new = make(app, &dossier, event, &changes, last)?;
        let change = PersonChange {
            events: vec![new.clone()],
            contact: true,
            ..PersonChange::of(dossier.submission.lead.person, app.clock.now())
        };
        if app.store.commit(&change).await? == Appended::New {
            tracing::info!(record = %new.id, chain = %new.chain, event, "event recorded");
            changed = true;
        }
        if changed && *act != Act::UnsubscribeAll {
            return Ok(true);
        }
    }
    if changed { Ok(true) } else { Err(ApiError::Unavailable) }
}

/// The event that an act makes of the present standing, with what it changes.
fn changes(dossier: &Dossier, act: &Act) -> Option<(&'static str, Vec<(String, Status)>)> {
    let of = |wanted: &dyn Fn(&PurposeStanding) -> bool, status: Status| {
        let found = dossier.standings.iter().filter(|standing| wanted(standing));
        found
            .map(|standing| (standing.purpose.clone(), status))
            .collect::<Vec<_>>()
    };
    let mailed = |standing: &PurposeStanding| dossier.channel(&standing.purpose) == Some(Channel::Email);
    let (event, changes) = match act {
        Act::Confirm { held } => {
            let confirmed = |standing: &PurposeStanding| match standing.state {
                PurposeState::Pending => true,
                PurposeState::Held => held.contains(&standing.purpose),
                _ => false,
            };
            ("confirmation", of(&confirmed, Status::Given))
        }
        Act::Withdraw { purpose } => (
            "withdrawal",
            of(
                &|standing| standing.purpose == *purpose && standing.can_withdraw(),
                Status::Withdrawn,
            ),
        ),
        Act::Object { purpose } => (
            "objection",
            of(
                &|standing| standing.purpose == *purpose && standing.can_object(),
                Status::Objected,
            ),
        ),
        Act::UnsubscribeAll => match of(
            &|standing| mailed(standing) && standing.can_withdraw(),
            Status::Withdrawn,
        ) {
            withdrawn if !withdrawn.is_empty() => ("withdrawal", withdrawn),
            _ => (
                "objection",
                of(&|standing| mailed(standing) && standing.can_object(), Status::Objected),
            ),
        },
    };
    (!changes.is_empty()).then_some((event, changes))
}

impl Dossier {
    fn channel(&self, purpose: &str) -> Option<Channel> {
        let process = self
            .first()?
            .processes
            .iter()
            .find(|process| process.purpose.as_str() == purpose)?;
        Some(process.channel)
    }

    /// The basis of a purpose.
    pub fn basis(&self, purpose: &str) -> Option<Basis> {
        self.standings
            .iter()
            .find(|standing| standing.purpose == purpose)
            .map(|standing| standing.basis)
    }
}

fn make(
    app: &App,
    dossier: &Dossier,
    event: &str,
    changes: &[(String, Status)],
    replaces: Uuid,
) -> Result<NewRecord, ApiError> {
    let now = app.clock.now();
    let first = dossier.first().ok_or(ApiError::Internal)?;
    let mut record = json!({
        "format": FORMAT,
        "conformsTo": CONFORMS_TO,
        "_sd_alg": SD_ALGORITHM,
        "id": app.random.uuid().to_string(),
        "chain": dossier.submission.record.chain.to_string(),
        "replaces": replaces.to_string(),
        "event": event,
        "actor": "subject",
        "created": record_time(now).to_string(),
        "language": first.language,
        "form": first.form,
        "subject": first.subject,
        "processes": changes.iter().map(|(purpose, status)| json!({"purpose": purpose, "status": status})).collect::<Vec<_>>(),
        "capture": {"method": "manage", "observed": false, "origin": app.own_origin(), "widget": candor_form::VERSION},
    });
    if event == "confirmation" {
        record["policy"] = json!(first.policy);
        record["shown"] = shown(&dossier.form, changes);
    }
    let broken = |detail: String| {
        tracing::error!(chain = %dossier.submission.record.chain, detail, "an event made here does not hold");
        ApiError::Internal
    };
    let record = Record::from_json_bytes(record.to_string().as_bytes()).map_err(|error| broken(error.to_string()))?;
    let receipt = seal(&record, record_time(now), &app.keys.signer)
        .map_err(|_| ApiError::Internal)?
        .to_json()
        .to_string();
    let evidence = Evidence {
        keys: Some(&app.keys.published),
        expected: None,
        disclosures: None,
        received: None,
    };
    let verdict = verify(receipt.as_bytes(), &evidence, &RingVerifier);
    if let Some(check) = verdict.checks.iter().find(|check| check.ok == Some(false)) {
        return Err(broken(check.detail.to_string()));
    }
    Ok(NewRecord::new(&verdict.record.ok_or(ApiError::Internal)?, receipt, now))
}

/// What the confirmation page showed, in the published words and their order.
fn shown(form: &PublishedForm, changes: &[(String, Status)]) -> Value {
    let shown = form.texts.iter().filter(|text| match text.reference.as_str() {
        "controller" | "withdrawal" | "policy" => true,
        reference => changes.iter().any(|(purpose, _)| {
            reference
                .strip_prefix("purpose.")
                .is_some_and(|rest| is_text_of(rest, purpose))
        }),
    });
    shown
        .map(|text| json!({"ref": text.reference, "text": text.text}))
        .collect()
}

/// `newsletter` and `newsletter.details`, not `newsletter-b`.
fn is_text_of(reference: &str, purpose: &str) -> bool {
    reference
        .strip_prefix(purpose)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

//! Later events of a chain, made here: signed by the controller, verified like any other record before they are stored.
//! Refuses to make one that does not hold. Who decides which event: `follow_up.rs` (a submission's own link),
//! `confirm.rs` (whoever has the mailbox), `act.rs` (the person), `on_behalf.rs` (an operator for them), `sweep.rs`
//! (time), `erase.rs` (the end).

use candor_record::{
    id::PurposeId,
    record::{CONFORMS_TO, FORMAT, Record, SD_ALGORITHM, Submission},
    sign::seal,
    term::{Actor, EventKind, Status},
    verify::{Evidence, RingVerifier, verify},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{app::App, http::error::ApiError, ingest::record_time, published::PublishedForm, store::NewRecord};

/// What is to be recorded.
#[derive(Debug, Clone)]
pub struct EventDraft<'a> {
    /// The first record of the chain.
    pub first: &'a Submission,
    /// The form as it was published when the chain began; its words are what the page showed.
    pub form: &'a PublishedForm,
    /// The last record of the chain.
    pub replaces: Uuid,
    pub kind: EventKind,
    pub actor: Actor,
    pub changes: Vec<(PurposeId, Status)>,
    /// Digests of the disclosures that hold from now on; a rectification's.
    pub digests: Option<Vec<String>>,
}

/// Makes and seals the record.
pub fn make(app: &App, draft: &EventDraft<'_>) -> Result<NewRecord, ApiError> {
    let now = app.clock.now();
    let first = draft.first;
    let changes = draft.changes.iter();
    let mut record = json!({
        "format": FORMAT,
        "conformsTo": CONFORMS_TO,
        "_sd_alg": SD_ALGORITHM,
        "id": app.random.uuid().to_string(),
        "chain": first.chain,
        "replaces": draft.replaces.to_string(),
        "event": draft.kind,
        "actor": draft.actor,
        "created": record_time(now).to_string(),
        "language": first.language,
        "form": first.form,
        "subject": first.subject,
        "processes": changes.map(|(purpose, status)| json!({"purpose": purpose, "status": status})).collect::<Vec<_>>(),
        "capture": {"method": "manage", "observed": false, "origin": app.own_origin(), "widget": candor_form::VERSION},
    });
    if let Some(digests) = &draft.digests {
        record["subject"]["_sd"] = json!(digests);
    }
    if draft.kind.gives() {
        record["policy"] = json!(first.policy);
        record["shown"] = shown(draft.form, &draft.changes);
    }
    let broken = |detail: String| {
        tracing::error!(chain = %first.chain, detail, "an event made here does not hold");
        ApiError::Internal
    };
    let record = Record::from_json_bytes(record.to_string().as_bytes()).map_err(|error| broken(error.to_string()))?;
    let keys = app.keys.current();
    let receipt = seal(&record, record_time(now), &keys.signer)
        .map_err(|_| ApiError::Internal)?
        .to_json()
        .to_string();
    let evidence = Evidence {
        keys: Some(&keys.published),
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

/// What the page showed, in the published words and their order.
fn shown(form: &PublishedForm, changes: &[(PurposeId, Status)]) -> Value {
    let shown = form.texts.iter().filter(|text| match text.reference.as_str() {
        "controller" | "withdrawal" | "policy" => true,
        reference => changes.iter().any(|(purpose, _)| {
            reference
                .strip_prefix("purpose.")
                .is_some_and(|rest| is_text_of(rest, purpose.as_str()))
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

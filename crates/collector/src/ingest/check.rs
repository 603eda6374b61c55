//! Steps 1 to 10 of record.md §2 for a submission that just came in, and what this collector takes beside them.
//! Refuses with the place and the rule, never with the value that stood there.

use std::sync::Arc;

use candor_record::{
    expected::Mismatch,
    record::{Record, Submission},
    term::{EventKind, Method},
    verify::{CHECK_NAMES, Evidence, RingVerifier, UnverifiedRecord, VerifiedRecord, VerifyError, verify_read},
};
use jiff::Timestamp;

use super::{fields, record_time, values};
use crate::{
    app::App,
    http::error::{ApiError, Fault},
    published::PublishedForm,
};

/// Steps 1 to 3, and who may sign what comes in here.
pub(super) fn read(envelope: &[u8], now: Timestamp) -> Result<UnverifiedRecord, ApiError> {
    let unverified = UnverifiedRecord::read(envelope).map_err(|error| refusal(&error, now))?;
    if unverified.device().is_none() || unverified.controller().is_some() {
        return Err(not_accepted(
            "/record/signatures",
            "exactly one signature, the device's, is taken here",
        ));
    }
    Ok(unverified)
}

/// The published forms that an unverified record claims to come from: version, language and texts agree.
pub(super) async fn published_forms(
    app: &App,
    unverified: &UnverifiedRecord,
) -> Result<Vec<Arc<PublishedForm>>, ApiError> {
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

/// Steps 4 to 10 of record.md §2, against each published form that it may come from.
pub(super) fn check(
    unverified: &UnverifiedRecord,
    disclosures: &[String],
    candidates: &[Arc<PublishedForm>],
    now: Timestamp,
) -> Result<(VerifiedRecord, Arc<PublishedForm>), ApiError> {
    let against = |form: Option<&PublishedForm>| {
        let evidence = Evidence {
            keys: None,
            expected: form.map(|form| &form.expected),
            disclosures: Some(disclosures),
            received: Some(record_time(now)),
        };
        verify_read(unverified.clone(), &evidence, &RingVerifier)
    };
    // One form as a rule; several where the public URL, and so the address for withdrawals, has changed.
    let mut refused = None;
    for form in candidates {
        let verdict = against(Some(form));
        match &verdict.error {
            None => return Ok((verdict.record.ok_or(ApiError::Internal)?, Arc::clone(form))),
            Some(error) => refused = refused.or_else(|| Some(refusal(error, now))),
        }
    }
    if let Some(refused) = refused {
        return Err(refused);
    }
    let error = against(None).error;
    Err(error.map_or(ApiError::UnknownDefinition, |error| refusal(&error, now)))
}

/// The answer that a failed check stands for.
fn refusal(error: &VerifyError, now: Timestamp) -> ApiError {
    let pointer = match error {
        VerifyError::Mismatch(Mismatch::Member(pointer)) => format!("/record/payload{pointer}"),
        VerifyError::Disclosure(_) => "/disclosures".to_owned(),
        _ => "/record".to_owned(),
    };
    let name = CHECK_NAMES[usize::from(error.step() - 1)];
    let faults = vec![Fault::new(pointer, name, error.to_string())];
    match error.step() {
        1..=4 => ApiError::Malformed(faults),
        7 => ApiError::Clock { now },
        9 | 10 => ApiError::Unacceptable(faults),
        _ => ApiError::Forged(faults),
    }
}

fn not_accepted(pointer: &str, detail: &str) -> ApiError {
    ApiError::Unacceptable(vec![Fault::new(pointer, "not-accepted-here", detail)])
}

/// What this route takes: a submission by the widget or by a program, signed by the device alone, from the site that sends it.
pub(super) fn acceptable<'a>(verified: &'a VerifiedRecord, origin: Option<&str>) -> Result<&'a Submission, ApiError> {
    let Record::Submission(submission) = verified.record() else {
        return Err(not_accepted("/record/payload/event", "only submissions are taken here"));
    };
    if submission.event != EventKind::Submission {
        return Err(not_accepted("/record/payload/event", "only submissions are taken here"));
    }
    if !matches!(submission.capture.method, Method::Widget | Method::Api) {
        return Err(not_accepted(
            "/record/payload/capture/method",
            "only widget and api are taken here",
        ));
    }
    match origin {
        Some(origin) if origin != submission.capture.origin => {
            Err(ApiError::Forbidden("capture.origin is not the origin of the request"))
        }
        _ => Ok(submission),
    }
}

pub(super) fn check_fields(
    form: &PublishedForm,
    submission: &Submission,
    disclosures: &[String],
) -> Result<(), ApiError> {
    let statuses = submission
        .processes
        .iter()
        .map(|process| (process.purpose.as_str(), process.status.as_str()))
        .collect();
    let faults = fields::faults(form, &statuses, &values::disclosed(disclosures));
    if faults.is_empty() {
        Ok(())
    } else {
        Err(ApiError::Unacceptable(faults))
    }
}

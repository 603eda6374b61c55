//! The way of one submission: drafted, signed, shown to the page, posted until somebody answers, and then the receipt.
//!
//! Every try carries the same bytes under the same id, so that the collector records it once. Nothing is written to the
//! device: if the page goes, a submission that never arrived goes with it.

use std::rc::Rc;

use candor_record::term::Status;
use js_sys::{Array, Date, Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use crate::api::{self, Answer};
use crate::compiled::Delivery;
use crate::consent::{self, Shown, Value};
use crate::element::events;
use crate::form::action::Action;
use crate::form::effects::Session;
use crate::form::field::{FieldError, unacceptable};
use crate::form::state::{Next, Outcome, Progress, Seal, Verification};
use crate::js::{call, canonical, get, global, object};
use crate::json::Json;
use crate::record::{Acts, Signed, Submission};
use crate::{base64url, crypto, verify, window};

/// After so many tries a button offers the next one.
const PATIENCE: u32 = 2;
const LONGEST_WAIT_SECS: u32 = 30;
/// A collector may ask for more patience than the backoff has, within reason.
const LONGEST_RETRY_AFTER_SECS: u32 = 300;

/// What the receipt's view needs later.
#[derive(Debug, Clone)]
pub struct Sent {
    pub receipt: JsValue,
    pub payload: String,
    pub endpoint: String,
    /// Address of the blob that is the receipt's file.
    pub file: String,
}

/// Sends what the visitor answered. The caller has checked it and marked the session as busy.
pub async fn send(session: Rc<Session>, shown: Vec<Shown>, answers: Vec<consent::Answer>, values: Vec<Value>) {
    let acts = Acts {
        shown: &shown,
        answers: &answers,
        values: &values,
    };
    if submit(&session, &acts).await.is_err() {
        fail(&session, "crypto", "unavailable", true, Vec::new());
    }
    session.finish();
}

async fn submit(session: &Session, acts: &Acts<'_>) -> Result<(), JsValue> {
    let options = session.options();
    let submission = Submission::draft(&options.form, acts).await?;
    let signed = sign(session, &submission, 0.0).await?;
    if session.has_ended() {
        return Ok(());
    }
    if !events::submit(&session.host, &signed.detail)? {
        return Ok(());
    }
    session.tell_browser();
    let Some(endpoint) = options.endpoint.as_deref() else {
        session.dispatch(Action::Succeed(Rc::new(outcome(session, acts, &JsValue::UNDEFINED))));
        return Ok(());
    };
    // Not before: showing it takes longer than signing.
    session.dispatch(Action::Send(Progress::First));
    post(session, acts, &submission, signed, endpoint).await
}

/// Posts until there is an answer, or nobody left to answer to.
async fn post(
    session: &Session,
    acts: &Acts<'_>,
    submission: &Submission,
    mut signed: Signed,
    endpoint: &str,
) -> Result<(), JsValue> {
    let mut tries = 0;
    let mut clock_set = false;
    while !session.has_ended() {
        let mut answer = api::post(&session.container, endpoint, &signed.body, true).await;
        if let Answer::Lost = answer {
            // Some browsers and extensions refuse `keepalive` as such.
            answer = api::post(&session.container, endpoint, &signed.body, false).await;
        }
        tries += 1;
        let (trouble, after_secs) = match answer {
            Answer::Accepted(body) => {
                return succeed(session, acts, submission.id(), signed.payload, endpoint, &body).await;
            }
            Answer::Clock(now) if !clock_set => {
                clock_set = true;
                signed = sign(session, submission, now - Date::now()).await?;
                continue;
            }
            Answer::Clock(_) => {
                fail(session, "clock", "failed_refused", false, Vec::new());
                return Ok(());
            }
            Answer::Refused { status, code, pointers } => {
                let errors = pointed_at(session, &pointers);
                fail(session, &code, "failed_refused", status == 409, errors);
                return Ok(());
            }
            Answer::Lost => (Progress::Waiting, None),
            Answer::Later { busy, after_secs } => {
                (if busy { Progress::Limited } else { Progress::Failing }, after_secs)
            }
        };
        hold_on(session, tries, after_secs, trouble).await?;
    }
    Ok(())
}

/// Signs what was drafted, by a clock that is so many milliseconds behind.
async fn sign(session: &Session, submission: &Submission, shift: f64) -> Result<Signed, JsValue> {
    let key = session.take_key().await?;
    let (shown_at, created) = (session.shown_at + shift, Date::now() + shift);
    submission
        .sign(&session.options().constant, key, shown_at, created)
        .await
}

/// Waits: 1, 2, 4 … 30 seconds, or as the collector says, or until the visitor has no more patience.
async fn hold_on(session: &Session, tries: u32, after_secs: Option<u32>, trouble: Progress) -> Result<(), JsValue> {
    let busy = trouble == Progress::Limited;
    let progress = if busy || tries >= PATIENCE {
        trouble
    } else {
        Progress::Retrying
    };
    session.dispatch(Action::Send(progress));
    let code = if busy { "limit" } else { "network" };
    events::error(&session.host, code, message(session, progress), true);
    let backoff = 1_u32
        .checked_shl(tries - 1)
        .unwrap_or(LONGEST_WAIT_SECS)
        .min(LONGEST_WAIT_SECS);
    let secs = after_secs.unwrap_or(backoff).min(LONGEST_RETRY_AFTER_SECS);
    let milliseconds = secs * 1_000;
    let waiting = Promise::new(&mut |resolve: Function, _| {
        let timer = call(&window(), "setTimeout", &[resolve.clone().into(), milliseconds.into()]);
        if timer.is_ok() {
            session.waker.replace(Some(resolve));
        }
    });
    JsFuture::from(waiting).await?;
    session.waker.take();
    Ok(())
}

async fn succeed(
    session: &Session,
    acts: &Acts<'_>,
    id: &str,
    payload: String,
    endpoint: &str,
    body: &JsValue,
) -> Result<(), JsValue> {
    if session.has_ended() {
        return Ok(());
    }
    let receipt = get(body, "receipt");
    let file = receipt_file(&receipt)?;
    let mut outcome = outcome(session, acts, body);
    outcome.seal = Some(Seal {
        record: id.to_owned(),
        time: local_time(
            &verify::sealed_at(&receipt).unwrap_or_default(),
            &session.options().form.language,
        ),
        digest: short_digest(&payload).await?,
        file: file.clone(),
        checks: Verification::NotAsked,
    });
    let sent = Sent {
        receipt,
        payload,
        endpoint: endpoint.to_owned(),
        file,
    };
    session.sent.replace(Some(sent));
    session.dispatch(Action::Succeed(Rc::new(outcome)));
    events::receipt(&session.host, body);
    if let Some(page) = &session.options().form.submit.redirect {
        call(&global("location"), "assign", &[page.into()])?;
    }
    Ok(())
}

fn outcome(session: &Session, acts: &Acts<'_>, body: &JsValue) -> Outcome {
    let form = &session.options().form;
    let pending = body.text_member("state").as_deref() == Some("pending");
    let held = body.text_elements("held");
    let consented = acts.answers.iter().any(|answer| answer.status == Status::Given);
    let next = match form.submit.delivery {
        _ if pending && consented => Next::Confirm,
        Some(Delivery::Email) => Next::Email,
        Some(Delivery::Screen) => Next::Screen,
        None => Next::Recorded,
    };
    Outcome {
        choices: consent::choices(form, acts.answers, pending, &held),
        next,
        pending,
        seal: None,
        manage: body.text_member("manage"),
        download: body.member("download").and_then(|download| download.text_member("url")),
    }
}

/// Back to editing, with everything as it was; the next submit is a new record.
fn fail(session: &Session, code: &str, key: &str, retryable: bool, errors: Vec<FieldError>) {
    let message = session.options().form.messages.say(key).to_owned();
    events::error(&session.host, code, &message, retryable);
    session.dispatch(Action::Fail { message, errors });
}

fn message(session: &Session, progress: Progress) -> &str {
    session.options().form.messages.say(progress.key())
}

/// A pointer whose last part is a field's id is that field's problem.
fn pointed_at(session: &Session, pointers: &[String]) -> Vec<FieldError> {
    let form = &session.options().form;
    let fields = form.fields.iter().enumerate();
    let meant = |id: &str| pointers.iter().any(|pointer| pointer.rsplit('/').next() == Some(id));
    fields
        .filter(|(_, field)| meant(&field.id))
        .map(|(at, field)| FieldError {
            field: at,
            message: unacceptable(form, field),
        })
        .collect()
}

fn receipt_file(receipt: &JsValue) -> Result<String, JsValue> {
    let properties = object(&[("type", "application/candor-record+json".into())]);
    let parts = Array::of1(&canonical(receipt).into());
    let blob = Blob::new_with_str_sequence_and_options(&parts, properties.unchecked_ref())?;
    let address = call(&global("URL"), "createObjectURL", &[blob.into()])?;
    Ok(address.as_string().unwrap_or_default())
}

/// The first 48 bits, as `4F2A 91C7 0E5D`: enough to compare by eye.
async fn short_digest(payload: &str) -> Result<String, JsValue> {
    let digest = crypto::sha256(&base64url::decode(payload).unwrap_or_default()).await?;
    let mut text = String::with_capacity(14);
    for (at, byte) in digest.iter().take(6).enumerate() {
        if at > 0 && at % 2 == 0 {
            text.push(' ');
        }
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from(b"0123456789ABCDEF"[usize::from(nibble)]));
        }
    }
    Ok(text)
}

fn local_time(rfc3339: &str, language: &str) -> String {
    let style = object(&[("dateStyle", "long".into()), ("timeStyle", "short".into())]);
    Date::new(&rfc3339.into())
        .to_locale_string(language, style.unchecked_ref())
        .into()
}

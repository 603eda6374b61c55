//! One attempt to tell a receiver: what is true is derived once more, the message is made and compared with its digest, marked,
//! and only then sent. Refuses to send what is not true any more, another content under the same id, and an answer's body in
//! a log. Read next: `flow/adapter.rs`, what is sent; `net/client.rs`, how.

use std::{borrow::Cow, time::Duration};

use jiff::Timestamp;

use super::{
    Attempt,
    adapter::{
        self, Act, Adapter, Answer, Desired, EndReason, Job, Message, Outcome, Request, Settings, Step, Test, Told,
    },
    decide,
    derive::{derive, message},
    plan::{ended, known, pending},
    schedule,
    sealed::{seal_remote, unseal, unseal_remote},
};
use crate::{
    app::App,
    http::error::ApiError,
    net::NetError,
    person::Person,
    store::flows::{AttemptResult, Attempted, DeliveryRow, LastTold, SharedRow, TargetRow},
};

/// Requests of one attempt: more than any receiver needs, and an end to what would be a mistake here.
const MOST_REQUESTS: usize = 10;
/// How often what was sealed by a replaced key is sealed anew.
const SEALINGS: usize = 3;

/// One attempt at one message.
pub(super) async fn attempt(app: &App, row: &DeliveryRow) -> Result<Attempt, ApiError> {
    let target = app.store.target(row.target).await?.ok_or(ApiError::Internal)?;
    let Some(adapter) = adapter::find(&target.kind) else {
        tracing::error!(target = %target.id, kind = target.kind, "this release does not know this kind of receiver");
        return Err(ApiError::Internal);
    };
    let shared = app.store.shared(row.target, row.person).await?;
    let shared = shared.ok_or(ApiError::Internal)?;
    let Some(message) = still_true(app, row, &target, &shared).await? else {
        let attempted = Attempted {
            id: row.id.clone(),
            at: app.clock.now(),
            status: None,
            result: AttemptResult::Superseded,
            pause: None,
        };
        app.store.delivery_attempted(&attempted).await?;
        return Ok(Attempt::Superseded);
    };
    let settings = unseal(app, &target)?;
    let told = Told {
        holds: shared.told == Some(LastTold::Lead),
        remote: unseal_remote(app, &shared)?,
    };
    if !app.store.delivery_sending(&row.id, app.clock.now()).await? {
        return Ok(Attempt::Superseded);
    }
    let job = Job {
        message: &message,
        told: &told,
        settings: &settings,
        now: app.clock.now(),
    };
    let said = converse(app, adapter, &settings, |answers| adapter.step(&job, answers)).await;
    conclude(app, row, &shared, said).await
}

/// The message, where it still is what has to be said, to the letter: another release may have other words.
async fn still_true(
    app: &App,
    row: &DeliveryRow,
    target: &TargetRow,
    shared: &SharedRow,
) -> Result<Option<Message>, ApiError> {
    let person = Person::open(app, row.person).await?;
    let derived = derive(app, person.as_ref(), target, row.reason).await?;
    let truth = derived.truth(target, shared.subject)?;
    let step = decide::decide(
        target.closed.is_some(),
        truth,
        &known(Some(shared)),
        Some(&pending(row)),
    );
    let desired = match row.reason {
        Some(reason) => Some(Desired::Ended(ended(reason))),
        None => derived.desired,
    };
    let Some(desired) = desired.filter(|_| step == decide::Step::Keep) else {
        return Ok(None);
    };
    let message = message(target, (&row.id, row.event, row.created), shared.subject, &desired)?;
    Ok(Some(message).filter(|message| message.digest() == row.digest))
}

/// What was said, to its end.
struct Said {
    outcome: Result<Outcome, NetError>,
    /// The last answer's.
    status: Option<u16>,
}

async fn converse(app: &App, adapter: &dyn Adapter, settings: &Settings, next: impl Fn(&[Answer]) -> Step) -> Said {
    let mut answers: Vec<Answer> = Vec::new();
    let said = |outcome, answers: &[Answer]| Said {
        outcome,
        status: answers.last().map(|answer| answer.status),
    };
    for _ in 0..MOST_REQUESTS {
        let request = match next(&answers) {
            Step::End(outcome) => return said(Ok(outcome), &answers),
            Step::Send(request) => request,
        };
        let Some(request) = carried(adapter, settings, request) else {
            return said(Ok(Outcome::Dead { why: "request".into() }), &answers);
        };
        match app.client.send(request, adapter::MAX_ANSWER_BYTES).await {
            Ok(received) => answers.push(Answer {
                status: received.status,
                headers: received.headers,
                body: received.body,
            }),
            Err(error) => return said(Err(error), &[]),
        }
    }
    said(Ok(Outcome::Dead { why: "endless".into() }), &answers)
}

/// The request on its way to an address of the target's own; `None`: no such request can be written.
fn carried(adapter: &dyn Adapter, settings: &Settings, request: Request) -> Option<http::Request<Vec<u8>>> {
    let url = match request.path.as_str() {
        "" => settings.url.clone(),
        path if path.starts_with('/') => format!("{}{path}", settings.url.trim_end_matches('/')),
        whole if adapter.other_urls(settings).iter().any(|url| is_below(whole, url)) => whole.to_owned(),
        _ => return None,
    };
    let mut carried = http::Request::builder().method(request.method.as_str()).uri(url);
    for (name, value) in request.headers {
        carried = carried.header(name, value);
    }
    carried.body(request.body).ok()
}

/// Whether an address goes to that one or below it: the same scheme, host and port.
fn is_below(whole: &str, url: &str) -> bool {
    let rest = whole.strip_prefix(url.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

async fn conclude(app: &App, row: &DeliveryRow, shared: &SharedRow, said: Said) -> Result<Attempt, ApiError> {
    let now = app.clock.now();
    let attempts = row.attempts + 1;
    let failed = |why: &'static str, after: Option<Duration>| {
        let why = Cow::from(why);
        let due = schedule::next(app.random.as_ref(), now, attempts, after);
        let pause = schedule::pause(now, due, after);
        (AttemptResult::Failed { why, due }, Some(pause))
    };
    let mut remote = None;
    let (result, pause) = match said.outcome {
        Ok(Outcome::Done { remote: said }) => {
            remote = said;
            let told = told(row);
            (AttemptResult::Delivered { told, remote: None }, None)
        }
        Ok(Outcome::Retry { after }) => failed(word(said.status), after),
        Ok(Outcome::Dead { why }) => (AttemptResult::Failed { why, due: None }, None),
        Ok(Outcome::Gone) => (AttemptResult::Gone, None),
        Err(error) => failed(error.as_str(), None),
    };
    let attempt = match (&result, pause) {
        (AttemptResult::Delivered { .. }, _) => Attempt::Delivered,
        (AttemptResult::Failed { .. }, None) => Attempt::Refused,
        _ => Attempt::Failed,
    };
    let given_up = matches!(&result, AttemptResult::Failed { due: None, .. } | AttemptResult::Gone);
    let (id, target, event, status) = (&row.id, row.target, row.event.as_str(), said.status);
    let why = match &result {
        AttemptResult::Failed { why, .. } => why,
        _ => "gone",
    };
    match (attempt, given_up) {
        (Attempt::Delivered, _) => tracing::info!(%target, id, event, status, "receiver told"),
        (_, true) => tracing::error!(%target, id, event, status, why, attempts, "receiver not told; given up"),
        _ => tracing::warn!(%target, id, event, status, why, attempts, "receiver not told; tried again"),
    }
    let attempted = Attempted {
        id: row.id.clone(),
        at: now,
        status: said.status,
        result,
        pause,
    };
    write(app, attempted, shared, remote).await?;
    Ok(attempt)
}

/// What the receiver calls the person is sealed; by the newest key, also where it was replaced in this moment.
async fn write(
    app: &App,
    mut attempted: Attempted,
    shared: &SharedRow,
    remote: Option<String>,
) -> Result<(), ApiError> {
    for _ in 0..SEALINGS {
        if let (Some(remote), AttemptResult::Delivered { remote: sealed, .. }) = (&remote, &mut attempted.result) {
            *sealed = Some(seal_remote(app, shared.subject, remote)?);
        }
        match app.store.delivery_attempted(&attempted).await {
            Err(error) if error.is_replaced_key() => {}
            outcome => return Ok(outcome?),
        }
    }
    Err(ApiError::Unavailable)
}

fn told(row: &DeliveryRow) -> LastTold {
    match row.reason.map(EndReason::act) {
        None => LastTold::Lead,
        Some(Act::Stop) => LastTold::Stop,
        Some(Act::Erase) => LastTold::Erase,
    }
}

/// The failure of an answer, in a word.
fn word(status: Option<u16>) -> &'static str {
    match status {
        Some(300..400) => "redirect",
        Some(429) => "too-many",
        Some(400..500) => "refused",
        _ => "failed",
    }
}

/// What a test showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    pub id: String,
    pub status: Option<u16>,
    /// `None`: the receiver took it.
    pub why: Option<Cow<'static, str>>,
}

/// Sends the adapter's test, which names nobody. Nothing is queued and nothing is tried again.
pub async fn test(app: &App, target: &TargetRow) -> Result<Tested, ApiError> {
    let adapter: &dyn Adapter = adapter::find(&target.kind).ok_or(ApiError::Internal)?;
    let settings = unseal(app, target)?;
    let id = format!("msg_{}", app.random.uuid().simple());
    let now: Timestamp = app.clock.now();
    let said = converse(app, adapter, &settings, |answers| {
        let test = Test {
            id: &id,
            settings: &settings,
            now,
        };
        adapter.test(&test, answers)
    })
    .await;
    let why = match said.outcome {
        Ok(Outcome::Done { .. }) => None,
        Ok(Outcome::Retry { .. }) => Some(word(said.status).into()),
        Ok(Outcome::Dead { why }) => Some(why),
        Ok(Outcome::Gone) => Some("gone".into()),
        Err(error) => Some(error.as_str().into()),
    };
    Ok(Tested {
        id,
        status: said.status,
        why,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_host_is_the_one_that_the_adapter_names() {
        let check = |whole: &str, expected: bool| {
            assert_eq!(is_below(whole, "https://api.hsforms.com/"), expected, "{whole}");
        };
        check("https://api.hsforms.com", true);
        check("https://api.hsforms.com/submissions/v3", true);
        check("https://api.hsforms.com?x=1", true);
        check("https://api.hsforms.com.attacker.example/", false);
        check("https://api.hsforms.com:8443/", false);
        check("https://api.hsforms.com@attacker.example/", false);
        check("http://api.hsforms.com/", false);
    }
}

//! Asks one submission for its proof of work, or takes the proof that it brings.
//! Refuses by the problem `proof-of-work` with a challenge of its own: whoever solves it is recorded like anybody.

use super::{Reason, Spent, challenge, score, score::Signs};
use crate::{app::App, http::error::ApiError};

/// A submission that is good as far as its record goes.
#[derive(Debug)]
pub struct Attempt<'a> {
    pub form: &'a str,
    pub signs: Signs,
    /// ALTCHA's payload, in base64.
    pub proof: Option<&'a str>,
}

/// Nothing, or what is used up by it; an error where work is asked for.
pub fn admit(app: &App, attempt: &Attempt<'_>) -> Result<Option<Spent>, ApiError> {
    let now = app.clock.now();
    let counts = &app.robots.counts;
    if let Some(proof) = attempt.proof {
        match challenge::verify(&app.keys.current().links, attempt.form, proof, now) {
            Ok(spent) => {
                counts.work_done.add();
                return Ok(Some(spent));
            }
            Err(reason) => {
                counts.work_refused.add();
                tracing::debug!(form = attempt.form, %reason, "a proof of work is none");
            }
        }
    }
    match app.robots.reason(now, attempt.form, &attempt.signs) {
        None => Ok(None),
        Some(reason) => Err(ask(app, attempt, reason)),
    }
}

/// The proof was good, and was used by another submission before.
pub fn ask_again(app: &App, attempt: &Attempt<'_>) -> ApiError {
    app.robots.counts.work_refused.add();
    challenge(app, attempt)
}

fn ask(app: &App, attempt: &Attempt<'_>, reason: Reason) -> ApiError {
    note(attempt.form, &attempt.signs, reason);
    challenge(app, attempt)
}

fn challenge(app: &App, attempt: &Attempt<'_>) -> ApiError {
    let (links, cost) = (&app.keys.current().links, app.robots.policy.cost);
    let made = challenge::make(links, app.random.as_ref(), attempt.form, cost, app.clock.now());
    let Some(json) = made.and_then(|challenge| serde_json::to_value(challenge).ok()) else {
        return ApiError::Internal;
    };
    app.robots.counts.work_asked.add();
    ApiError::ProofOfWork(Box::new(json))
}

/// One line, without anything of whom it was asked.
pub fn note(form: &str, signs: &Signs, reason: Reason) {
    let (reason, score) = (reason.as_str(), score::of(signs));
    tracing::debug!(form, reason, score, "asked for work");
}

//! Targets and deliveries as operators see them, by HTTP and on the command line alike.
//! Refuses secrets, of which it shows the names, and values of people, which a delivery does not have.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{age::old, sealed::unseal};
use crate::{
    app::App,
    clock::day,
    http::error::ApiError,
    store::flows::{CountedTarget, DeliveryRow, TargetRow},
};

fn time(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// A target, with what has grown old of it.
pub fn target(app: &App, row: &TargetRow) -> Result<Value, ApiError> {
    let mut shown = json!({
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "purpose": row.purpose,
        "party": row.party,
        "contract": row.contract,
        "audited": row.audited,
        "old": old(row.contract, row.audited, day(app.clock.now())),
        "created": time(row.created),
        "disabled": row.disabled.map(time),
        "closed": row.closed.map(time),
        "removed": row.removed.map(time),
    });
    if row.removed.is_none() {
        let settings = unseal(app, row)?;
        shown["url"] = settings.url.clone().into();
        shown["options"] = settings.options.clone().into();
        shown["secrets"] = settings.secrets.names().collect::<Vec<_>>().into();
    }
    Ok(shown)
}

/// A target with its numbers.
pub fn counted(app: &App, counted: &CountedTarget) -> Result<Value, ApiError> {
    let mut shown = target(app, &counted.target)?;
    for (name, number) in [
        ("holds", counted.holds),
        ("waiting", counted.waiting),
        ("delivered", counted.delivered),
        ("dead", counted.dead),
    ] {
        shown[name] = number.into();
    }
    Ok(shown)
}

/// The proof of delivery, or how far it is from one.
pub fn delivery(row: &DeliveryRow) -> Value {
    json!({
        "id": row.id,
        "event": row.event.as_str(),
        "reason": row.reason.map(|reason| reason.as_str()),
        "person": row.person,
        "record": row.record,
        "contract": row.contract,
        "digest": row.digest.to_text(),
        "state": row.state.as_str(),
        "created": time(row.created),
        "attempts": row.attempts,
        "attempted": row.sending.map(time),
        "next": row.due.map(time),
        "status": row.status,
        "why": row.why,
        "ended": row.ended.map(time),
    })
}

//! Everybody who has changed: what each receiver has to hear of them becomes a message, or a message that waits goes.
//! Refuses a plan for a person who changed meanwhile: they are due again. Read next: `flow/decide.rs`.

use std::collections::HashSet;

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    adapter::{Desired, EndReason, Ended},
    decide::{Known, Pending, Step, decide},
    derive::{derive, facts, message},
    schedule,
};
use crate::{
    app::App,
    http::error::ApiError,
    person::Person,
    store::{
        StoreError,
        flows::{Delivery, DeliveryRow, DeliveryState, DueFlow, FlowPlan, NewDelivery, SharedRow, TargetRow},
    },
};

/// Plans for so many who are due, but for these; how many there were.
pub(super) async fn plan_due(app: &App, most: u32, except: &HashSet<Uuid>) -> Result<usize, StoreError> {
    let mut due = app.store.flows_due(app.clock.now(), most).await?;
    due.retain(|one| !except.contains(&one.person));
    if due.is_empty() {
        return Ok(0);
    }
    let targets = app.store.targets().await?;
    for one in &due {
        if let Err(error) = plan_for(app, one, &targets).await {
            tracing::error!(person = %one.person, ?error, "a person cannot be read; receivers hear of them later");
            let later = app.clock.now() + schedule::put_off(&error);
            app.store.put_off_flow(one.person, one.turn, later).await?;
        }
    }
    Ok(due.len())
}

async fn plan_for(app: &App, due: &DueFlow, targets: &[TargetRow]) -> Result<(), ApiError> {
    let plan = plan(app, due, targets).await?;
    // Where they have changed since they were read they are due again.
    app.store.plan_flows(&plan).await?;
    Ok(())
}

async fn plan(app: &App, due: &DueFlow, targets: &[TargetRow]) -> Result<FlowPlan, ApiError> {
    let person = Person::open(app, due.person).await?;
    let shared = app.store.shared_of(due.person).await?;
    let newest = app.store.newest_deliveries(due.person).await?;
    let mut plan = FlowPlan {
        person: due.person,
        turn: due.turn,
        next: None,
        supersede: Vec::new(),
        tell: Vec::new(),
        forget: Vec::new(),
        at: app.clock.now(),
    };
    // A disabled target hears of everybody once it is enabled again.
    for target in targets.iter().filter(|target| target.disabled.is_none()) {
        let row = shared.iter().find(|row| row.target == target.id);
        if person.is_none() && row.is_none() {
            continue;
        }
        let pending = newest.iter().find(|delivery| delivery.target == target.id);
        for_target(app, &mut plan, person.as_ref(), target, row, pending, due.gone).await?;
    }
    Ok(plan)
}

async fn for_target(
    app: &App,
    plan: &mut FlowPlan,
    person: Option<&Person>,
    target: &TargetRow,
    row: Option<&SharedRow>,
    newest: Option<&DeliveryRow>,
    gone: Option<EndReason>,
) -> Result<(), ApiError> {
    let derived = derive(app, person, target, gone).await?;
    // Made now where the receiver hears of the person for the first time.
    let subject = row.map_or_else(|| app.random.uuid(), |row| row.subject);
    let truth = derived.truth(target, subject)?;
    if let Some(until) = derived.until() {
        plan.next = Some(plan.next.map_or(until, |next: Timestamp| next.min(until)));
    }
    let waiting = newest.filter(|delivery| is_pending(delivery));
    let step = decide(
        target.closed.is_some(),
        truth,
        &known(row),
        waiting.map(pending).as_ref(),
    );
    if let (Step::Drop | Step::Tell(..), Some(waiting)) = (step, waiting) {
        plan.supersede.push(waiting.id.clone());
    }
    let Step::Tell(event, reason) = step else {
        let never_left = row.is_some_and(|row| row.told.is_none() && !row.holds);
        if person.is_none() && never_left && step != Step::Keep {
            plan.forget.push(target.id);
        }
        return Ok(());
    };
    let desired = match (reason, &derived.desired) {
        (Some(reason), _) => Desired::Ended(ended(reason)),
        (None, Some(desired)) => desired.clone(),
        (None, None) => return Err(ApiError::Internal),
    };
    let id = format!("msg_{}", app.random.uuid().simple());
    let message = message(target, (&id, event, plan.at), subject, &desired)?;
    let delivery = Delivery {
        target: target.id,
        person: plan.person,
        event,
        reason,
        facts: facts(target, subject, &desired)?,
        digest: message.digest(),
        record: derived.record(),
        contract: target.contract,
        created: plan.at,
        id,
    };
    plan.tell.push(NewDelivery {
        delivery,
        subject,
        proof: derived.proof.to_string(),
    });
    Ok(())
}

/// Made, and not taken: it waits, or it was given up.
pub(super) fn is_pending(delivery: &DeliveryRow) -> bool {
    matches!(delivery.state, DeliveryState::Waiting | DeliveryState::Dead)
}

pub(super) fn pending(delivery: &DeliveryRow) -> Pending {
    Pending {
        event: delivery.event,
        facts: delivery.facts,
        reason: delivery.reason,
    }
}

pub(super) fn ended(reason: EndReason) -> Ended {
    Ended {
        reason,
        act: reason.act(),
    }
}

/// What the receiver knows, as far as it matters for the decision.
pub(super) fn known(row: Option<&SharedRow>) -> Known {
    row.map_or_else(
        || Known {
            certain: true,
            ..Known::default()
        },
        |row| Known {
            told: row.told,
            digest: row.digest,
            certain: row.certain,
            holds: row.holds,
        },
    )
}

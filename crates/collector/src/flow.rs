//! What leaves for receivers: each target is bound to one purpose and one party of the published definition, and hears what
//! is true of a person now, while it is allowed, and that it has ended. What was last told is compared with what is true
//! (`flow/decide.rs`, pure); a difference is a message, said in the words of each receiver by `flow/adapter.rs`, also pure.
//! Refuses a flow without a purpose and a party, and to store the body of a message. For people: docs/webhooks.md.
//!
//! **What `kill -9` can cut.** Whoever changes is marked in the transaction that changes them; a plan is one transaction; a
//! message is marked before its first byte leaves, and goes again under the same id, with the same content, until an answer
//! is on record. What is not true any more by then does not go: another message takes its place.

use std::{collections::HashSet, path::PathBuf, time::Duration};

use jiff::SignedDuration;
use tokio::task::JoinSet;

use crate::{
    app::App,
    http::error::ApiError,
    lock::Lock,
    store::{
        StoreError,
        flows::{AttemptResult, Attempted, DeliveryRow},
    },
};

pub mod adapter;
pub mod age;
pub mod decide;
pub mod derive;
mod plan;
pub mod restrict;
mod schedule;
mod send;
pub mod show;
pub mod target;

pub use self::send::{Tested, test};

/// How often the tables are read without being rung for.
const ROUND: Duration = Duration::from_secs(5);
/// People planned for, and messages read, at once.
const BATCH: u32 = 200;
/// Messages on their way at once, and of them for one target.
const AT_ONCE: usize = 8;
const AT_ONCE_FOR_ONE: usize = 2;
/// A message that cannot be made is looked at again after that.
const PUT_OFF: SignedDuration = SignedDuration::from_hours(1);
/// More rounds than any change takes: an end to what would be a mistake here.
const MOST_ROUNDS: usize = 1_000;

/// What became of the messages that were due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drained {
    pub delivered: u64,
    /// Tried again later, or given up.
    pub failed: u64,
}

/// How one attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempt {
    Delivered,
    Failed,
    /// Nothing left: something else is true.
    Superseded,
}

/// Tells receivers until the server stops.
pub async fn run(app: App) {
    while !app.is_stopping() {
        drain(&app).await;
        let _ = tokio::time::timeout(ROUND, app.flows.notified()).await;
    }
}

/// Tells everything that is due. Nothing where another process is at it.
pub async fn drain(app: &App) -> Drained {
    match Lock::try_take(&lock_path(app)) {
        Ok(Some(lock)) => drain_alone(app, &lock).await,
        Ok(None) => Drained::default(),
        Err(error) => {
            tracing::warn!(kind = ?error.kind(), "the lock of the flows cannot be opened");
            Drained::default()
        }
    }
}

/// Of this data folder.
pub fn lock_path(app: &App) -> PathBuf {
    app.config.data.join("flows.lock")
}

/// The same for who holds the lock.
pub async fn drain_alone(app: &App, _: &Lock) -> Drained {
    let mut drained = Drained::default();
    // A target that failed is left alone for the rest: its messages wait, and others do not wait for them.
    let mut failing = HashSet::new();
    for _ in 0..MOST_ROUNDS {
        let Ok(planned) = plan::plan_due(app, BATCH).await else {
            break;
        };
        let Ok(due) = app.store.deliveries_due(app.clock.now(), BATCH).await else {
            break;
        };
        let due: Vec<DeliveryRow> = due.into_iter().filter(|row| !failing.contains(&row.target)).collect();
        if (planned == 0 && due.is_empty()) || app.is_stopping() {
            break;
        }
        if tell_all(app, due, &mut failing, &mut drained).await.is_err() {
            break;
        }
    }
    if let Err(error) = remove_closed(app).await {
        tracing::warn!(%error, "closed targets stay for now");
    }
    drained
}

/// Nothing is written where nothing is closed, which is nearly always.
async fn remove_closed(app: &App) -> Result<(), StoreError> {
    let targets = app.store.targets().await?;
    match targets.iter().any(|target| target.closed.is_some()) {
        true => app.store.remove_closed(app.clock.now()).await,
        false => Ok(()),
    }
}

async fn tell_all(
    app: &App,
    mut due: Vec<DeliveryRow>,
    failing: &mut HashSet<uuid::Uuid>,
    drained: &mut Drained,
) -> Result<(), StoreError> {
    let mut running = JoinSet::new();
    let mut on_their_way: Vec<uuid::Uuid> = Vec::new();
    loop {
        let free = |row: &DeliveryRow| {
            let of_this = on_their_way.iter().filter(|target| **target == row.target).count();
            of_this < AT_ONCE_FOR_ONE
        };
        due.retain(|row| !failing.contains(&row.target));
        let next = due.iter().position(free);
        if let Some(next) = next.filter(|_| running.len() < AT_ONCE && !app.is_stopping()) {
            let row = due.remove(next);
            on_their_way.push(row.target);
            let app = app.clone();
            running.spawn(async move {
                let attempt = send::attempt(&app, &row).await;
                if let Err(error) = &attempt {
                    put_off(&app, &row, error).await;
                }
                (row.target, attempt)
            });
            continue;
        }
        let Some(ended) = running.join_next().await else {
            return Ok(());
        };
        let (target, outcome) = ended.map_err(|_| StoreError("an attempt was cut short".into()))?;
        if let Some(place) = on_their_way.iter().position(|of| *of == target) {
            on_their_way.swap_remove(place);
        }
        match outcome {
            Ok(Attempt::Delivered) => drained.delivered += 1,
            Ok(Attempt::Superseded) => {}
            Ok(Attempt::Failed) => {
                drained.failed += 1;
                failing.insert(target);
            }
            Err(_) => {
                failing.insert(target);
            }
        }
    }
}

/// A message that cannot be made (a key that is missing) does not stand in the way of the others.
async fn put_off(app: &App, row: &DeliveryRow, error: &ApiError) {
    tracing::error!(target = %row.target, id = row.id, ?error, "a message cannot be made; tried again later");
    let now = app.clock.now();
    let attempted = Attempted {
        id: row.id.clone(),
        at: now,
        status: None,
        result: AttemptResult::Failed {
            why: "unreadable".into(),
            due: Some(now + PUT_OFF),
        },
        pause: None,
    };
    if let Err(error) = app.store.delivery_attempted(&attempted).await {
        tracing::warn!(%error, "the flows wait for the store");
    }
}

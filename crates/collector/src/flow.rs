//! What leaves for receivers: each target is bound to one purpose and one party of the published definition, and hears what
//! is true of a person now, while it is allowed, and that it has ended. What was last told is compared with what is true
//! (`flow/decide.rs`, pure); a difference is a message, said in the words of each receiver by `flow/adapter.rs`, also pure.
//! Refuses a flow without a purpose and a party, and to store the body of a message. For people: docs/webhooks.md.
//!
//! **What `kill -9` can cut.** Whoever changes is marked in the transaction that changes them; a plan is one transaction; a
//! message is marked before its first byte leaves, and goes again under the same id, with the same content, until an answer
//! is on record. What is not true any more by then does not go: another message takes its place.

use std::{path::PathBuf, time::Duration};

use crate::{app::App, lock::Lock, store::StoreError};

pub mod adapter;
pub mod age;
mod bell;
pub mod decide;
pub mod derive;
mod plan;
pub mod restrict;
mod round;
mod schedule;
mod sealed;
mod send;
pub mod show;
pub mod target;

pub use self::{
    bell::Bell,
    send::{Tested, test},
};

/// How often a server looks without being rung for: what another process changed, and what goes again.
pub const ROUND: Duration = Duration::from_secs(5);

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
    /// The receiver works, and will not take this message.
    Refused,
    /// The receiver is away.
    Failed,
    /// Nothing left: something else is true.
    Superseded,
}

/// Tells receivers until the server stops: when somebody changes, and after each such time.
pub async fn run(app: App, round: Duration) {
    loop {
        drain(&app).await;
        if app.is_stopping() {
            return;
        }
        let _ = tokio::time::timeout(round, app.flows.rung()).await;
    }
}

/// Tells everything that is due. Nothing where another process is at it.
pub async fn drain(app: &App) -> Drained {
    match Lock::take_turn(&lock_path(app)) {
        Some(lock) => drain_alone(app, &lock).await,
        None => Drained::default(),
    }
}

/// Of this data folder.
pub fn lock_path(app: &App) -> PathBuf {
    app.config.data.join("flows.lock")
}

/// The same for who holds the lock.
pub async fn drain_alone(app: &App, _: &Lock) -> Drained {
    let drained = match app.store.targets().await {
        Ok(targets) => {
            app.flows.listen(!targets.is_empty());
            round::Round::new(app).run().await
        }
        Err(error) => {
            tracing::warn!(%error, "the flows wait for the store");
            return Drained::default();
        }
    };
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

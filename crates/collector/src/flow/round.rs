//! One round: whoever changed is planned for, and what is due leaves, several messages at once. A receiver that fails
//! rests for a while, and one that is slow has two messages under way at most: neither holds up the others.
//! Refuses to plan for somebody of whom a message is under way: until its answer is there nobody knows what the receiver has.

use std::collections::{HashMap, HashSet, VecDeque};

use tokio::task::{Id, JoinError, JoinSet};
use uuid::Uuid;

use super::{Attempt, Drained, ROUND, plan, schedule, send};
use crate::{
    app::App,
    http::error::ApiError,
    store::{
        StoreError,
        flows::{AttemptResult, Attempted, DeliveryRow},
    },
};

/// Messages on their way at once, and of them for one target.
const AT_ONCE: usize = 8;
const AT_ONCE_FOR_ONE: usize = 2;
/// Messages read at once.
const BATCH: u32 = 200;
/// More steps than any backlog takes: an end to what would be a mistake here.
const MOST_STEPS: usize = 1_000_000;

pub(super) struct Round<'a> {
    app: &'a App,
    /// Read, and not begun.
    due: VecDeque<DeliveryRow>,
    running: JoinSet<Result<Attempt, ApiError>>,
    under_way: HashMap<Id, DeliveryRow>,
    drained: Drained,
}

impl<'a> Round<'a> {
    pub(super) fn new(app: &'a App) -> Self {
        Self {
            app,
            due: VecDeque::new(),
            running: JoinSet::new(),
            under_way: HashMap::new(),
            drained: Drained::default(),
        }
    }

    /// Until nothing is due, or the store fails; what is under way is waited for in any case.
    pub(super) async fn run(mut self) -> Drained {
        let mut outcome = self.tell_all().await;
        while let Some(ended) = self.running.join_next_with_id().await {
            outcome = outcome.and(self.ended(ended).await);
        }
        if let Err(error) = outcome {
            tracing::warn!(%error, "the flows wait for the store");
        }
        self.drained
    }

    async fn tell_all(&mut self) -> Result<(), StoreError> {
        for _ in 0..MOST_STEPS {
            if self.app.is_stopping() {
                break;
            }
            let of_whom: HashSet<Uuid> = self.under_way.values().map(|row| row.person).collect();
            let planned = plan::plan_due(self.app, BATCH, &of_whom).await?;
            self.start_due().await?;
            if planned > 0 {
                // Whoever changed next is not kept waiting by an answer.
                while let Some(ended) = self.running.try_join_next_with_id() {
                    self.ended(ended).await?;
                }
                continue;
            }
            if self.running.is_empty() {
                break;
            }
            tokio::select! {
                Some(ended) = self.running.join_next_with_id() => self.ended(ended).await?,
                () = self.app.flows.rung() => {}
                () = tokio::time::sleep(ROUND) => {}
            }
        }
        Ok(())
    }

    /// Begins what is due, as far as there is room. Where that is left it is looked for more: what was read may all be for
    /// a receiver that is slow, and the time of another one's has come since.
    async fn start_due(&mut self) -> Result<(), StoreError> {
        self.start_read();
        while self.has_room() {
            let crowded = self.under_way.values().map(|row| row.target);
            let crowded: Vec<Uuid> = crowded.filter(|target| self.is_crowded(*target)).collect();
            let read = self
                .app
                .store
                .deliveries_due(self.app.clock.now(), BATCH, &crowded)
                .await?;
            let known = |row: &DeliveryRow| {
                let mut known = self.under_way.values().chain(&self.due);
                known.any(|other| other.id == row.id)
            };
            let new: Vec<DeliveryRow> = read.into_iter().filter(|row| !known(row)).collect();
            if new.is_empty() {
                break;
            }
            self.due.extend(new);
            self.start_read();
        }
        Ok(())
    }

    fn start_read(&mut self) {
        while self.has_room()
            && let Some(next) = self.due.iter().position(|row| !self.is_crowded(row.target))
            && let Some(row) = self.due.remove(next)
        {
            let (app, own) = (self.app.clone(), row.clone());
            let task = self.running.spawn(async move { send::attempt(&app, &own).await });
            self.under_way.insert(task.id(), row);
        }
    }

    fn has_room(&self) -> bool {
        self.running.len() < AT_ONCE
    }

    fn is_crowded(&self, target: Uuid) -> bool {
        let of_this = self.under_way.values().filter(|row| row.target == target);
        of_this.count() >= AT_ONCE_FOR_ONE
    }

    /// Fails where a message could neither be told nor put off: it is still due, and would be read again at once.
    async fn ended(&mut self, ended: Result<(Id, Result<Attempt, ApiError>), JoinError>) -> Result<(), StoreError> {
        let (id, outcome) = match ended {
            Ok(ended) => ended,
            Err(error) => (error.id(), Err(ApiError::Internal)),
        };
        let Some(row) = self.under_way.remove(&id) else {
            return Ok(());
        };
        match outcome {
            Ok(Attempt::Delivered) => self.drained.delivered += 1,
            Ok(Attempt::Refused) => self.drained.failed += 1,
            Ok(Attempt::Superseded) => {}
            Ok(Attempt::Failed) => {
                self.drained.failed += 1;
                self.due.retain(|other| other.target != row.target);
            }
            Err(error) => put_off(self.app, &row, &error).await?,
        }
        Ok(())
    }
}

/// A message that cannot be made (a key that is missing) does not stand in the way of the others.
async fn put_off(app: &App, row: &DeliveryRow, error: &ApiError) -> Result<(), StoreError> {
    tracing::error!(target = %row.target, id = row.id, ?error, "a message cannot be made; tried again later");
    let now = app.clock.now();
    let attempted = Attempted {
        id: row.id.clone(),
        at: now,
        status: None,
        result: AttemptResult::Failed {
            why: "unreadable".into(),
            due: Some(now + schedule::put_off(error)),
        },
        pause: None,
    };
    app.store.delivery_attempted(&attempted).await
}

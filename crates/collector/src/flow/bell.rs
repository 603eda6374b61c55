//! Wakes whoever tells receivers, at once instead of with its next round. Refuses to wake anybody where there is no receiver:
//! a busy form without one does not pay for the others. What another process changes is found by the round.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// Rung after a change is on record; never waits.
#[derive(Debug, Default)]
pub struct Bell {
    rung: Notify,
    has_receivers: AtomicBool,
}

impl Bell {
    /// Somebody has changed.
    pub fn ring(&self) {
        if self.has_receivers.load(Ordering::Relaxed) {
            self.wake();
        }
    }

    /// There is something to do, whoever there is: a receiver was added, or the server stops.
    pub fn wake(&self) {
        self.rung.notify_one();
    }

    /// Until it is rung; at once where it was since the last time.
    pub(super) async fn rung(&self) {
        self.rung.notified().await;
    }

    /// Whether anybody has to be woken; before it is looked who has changed, so that no ring is lost in between.
    pub(super) fn listen(&self, has_receivers: bool) {
        self.has_receivers.store(has_receivers, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn nobody_is_woken_for_nobody() {
        let bell = Bell::default();
        let rings = async || tokio::time::timeout(Duration::ZERO, bell.rung()).await.is_ok();
        bell.ring();
        assert!(!rings().await, "there is no receiver");
        bell.wake();
        assert!(rings().await && !rings().await, "once");
        bell.listen(true);
        bell.ring();
        bell.ring();
        assert!(rings().await && !rings().await, "what was rung twice is one round");
    }
}

//! Sends what the transaction queued: now, and again with growing pauses where the mail server is away.
//! Refuses to lose a letter to a crash, and to send one twice: a row is marked before the letter's first byte leaves for the
//! mail server, and again when the server has taken it. In between the lock's file says when the system has the whole
//! letter, with the dot that ends it: from there on `kill -9` changes nothing, and the row is marked as sent at the next
//! start. What a crash left before that is sent once more, with the same Message-ID, after everything else. In the folder
//! it is the same file again. Refuses to send beside another process: whoever sends holds `DATA/outbox.lock`.

use std::{path::PathBuf, time::Duration};

use jiff::SignedDuration;

use crate::{
    app::App,
    erase,
    lock::Lock,
    mail::{self, MailError, Post, Round, Sent},
    store::{Letter, StoreError},
};

/// Letters per round.
const BATCH: u32 = 50;

/// First pause; it doubles up to six hours.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(30);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(6);

/// After that many attempts, three days, the letter is given up.
const MAX_ATTEMPTS: u32 = 20;

/// How often the table is read without being rung for: letters whose pause is over.
const ROUND: Duration = Duration::from_secs(15);

/// Sends letters until the server stops.
pub async fn run(app: App, post: Post) {
    while !app.is_stopping() {
        drain(&app, &post).await;
        let _ = tokio::time::timeout(ROUND, app.outbox.notified()).await;
    }
}

/// What became of the letters that were due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drained {
    pub sent: u64,
    /// Tried again later, or given up.
    pub failed: u64,
}

/// Sends everything that is due. Nothing where another process is sending: it sends them.
pub async fn drain(app: &App, post: &Post) -> Drained {
    match Lock::take_turn(&lock_path(app)) {
        Some(lock) => drain_alone(app, post, &lock).await,
        None => Drained::default(),
    }
}

/// Of this data folder.
pub fn lock_path(app: &App) -> PathBuf {
    app.config.data.join("outbox.lock")
}

/// The same for who holds the lock.
pub async fn drain_alone(app: &App, post: &Post, lock: &Lock) -> Drained {
    if let Some(left) = lock.noted()
        && let Err(error) = app.store.letter_left(left).await
    {
        // Without its mark it would be sent once more.
        tracing::warn!(%error, "the outbox waits for the store");
        return Drained::default();
    }
    let mut round = post.round(lock);
    let sent = send_due(app, &mut round).await;
    round.close().await;
    sent
}

async fn send_due(app: &App, round: &mut Round<'_>) -> Drained {
    let mut drained = Drained::default();
    loop {
        let Ok(letters) = app.store.letters_due(app.clock.now(), BATCH).await else {
            return drained;
        };
        if letters.is_empty() {
            return drained;
        }
        for letter in letters {
            if app.is_stopping() {
                return drained;
            }
            let written = mail::send(app, round, &letter).await;
            drained.sent += u64::from(matches!(written, Ok(Sent::Plain | Sent::Asking)));
            drained.failed += u64::from(written.is_err());
            // At once: until then nobody would know that it left.
            let marked = mark(app, &letter, written).await;
            if erase::remove_if_erased(app, &letter).await.is_err() || marked.is_err() {
                return drained;
            }
        }
    }
}

/// Writes down what became of a letter.
async fn mark(app: &App, letter: &Letter, written: Result<Sent, MailError>) -> Result<(), StoreError> {
    let (person, kind, now) = (letter.person, letter.kind.as_str(), app.clock.now());
    match written {
        Ok(Sent::Nothing) => {
            tracing::info!(%person, kind, "letter not needed");
            app.store.letter_failed(letter.id, None).await
        }
        Ok(outcome) => {
            app.store.letter_sent(letter.id, now, outcome == Sent::Asking).await?;
            tracing::info!(%person, kind, ?outcome, "letter sent");
            Ok(())
        }
        Err(error) => {
            let due = (letter.attempts < MAX_ATTEMPTS).then(|| now + pause(letter.attempts));
            tracing::warn!(%person, kind, %error, given_up = due.is_none(), "letter not sent");
            app.store.letter_failed(letter.id, due).await
        }
    }
}

fn pause(attempts: u32) -> SignedDuration {
    let doubled = 2_i32
        .checked_pow(attempts)
        .and_then(|factor| FIRST_PAUSE.checked_mul(factor));
    doubled.map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let check = |attempts, seconds| assert_eq!(pause(attempts).as_secs(), seconds, "{attempts}");
        check(0, 30);
        check(1, 60);
        check(5, 960);
        check(10, 21_600);
        check(60, 21_600);
    }
}

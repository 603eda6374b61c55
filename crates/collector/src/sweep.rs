//! The sweep: does for everybody what time asks for (`lifecycle.rs`), and deletes what its time is over. One change for a
//! person, one transaction for a change. Refuses to stop at a person who cannot be read: they are logged by id, counted
//! and looked at again an hour later. Runs inside `candor serve` every few minutes, and as `candor sweep`.
//!
//! **What `kill -9` can cut.** Nothing is kept in memory that is not in the database.
//! - Before the commit of a person: nothing happened to them. They are still due, and the next sweep decides the same.
//! - After it: events, letters, links and the next date are there together. They are not due any more; a letter stands in
//!   the outbox, and its cause (`outbox.dedupe`) cannot be queued again.
//! - Between queueing and sending: the row is due; the next worker sends it.
//! - Between sending and marking (`outbox.rs`): the letter is sent again, as the same file, or with the same Message-ID
//!   by which mail servers and clients know it again. SMTP has no way to close this window; marking first would lose
//!   letters instead. It is as long as one small transaction.
//! - After an erasure, before the write-ahead log is emptied: the lead is gone, its sealed bytes still stand in that file.
//!   Every sweep ends by emptying it, this or the next one.
//! - During an erasure: letters of the lead in `DATA/outbox` go after the commit; what is left of them goes with the next
//!   sweep, which finds the note of the one that was cut off, or at the next start (`erase.rs`).
//!
//! **Two at once.** A sweep holds `DATA/sweep.lock`, whoever sends holds `DATA/outbox.lock`; the system lets go of both
//! with the process. Without the lock nothing worse would happen: a decision is refused where anything has changed since
//! the person was read (`store::Seen`), so of two equal ones the second finds the first.

use std::{collections::HashMap, io, path::PathBuf, sync::Arc, time::Duration};

use jiff::{SignedDuration, Span, Timestamp, tz::TimeZone};
use tokio::task::JoinSet;

use crate::{
    app::App,
    erase,
    lock::Lock,
    published::PublishedForm,
    qualification,
    store::{Appended, DuePerson, Later, PersonChange, StoreError},
};

mod decide;
mod report;

pub use decide::{Decision, Undecided, decide};
pub use report::Report;

/// People read at once: it bounds the memory, and how long the first of them waits.
const BATCH: u32 = 256;

/// Shares of a batch that are decided at once, on as many threads.
const SHARES: usize = 2;

/// Changes that wait for the writer at once: they share a transaction.
const CHANGES: usize = 64;

/// Sealed chains deleted in one transaction.
const PURGED: u32 = 500;

/// Somebody who cannot be read is looked at again after that.
const PUT_OFF: SignedDuration = SignedDuration::from_hours(1);

/// How often the server sweeps. A notice comes that much late at most.
const ROUND: Duration = Duration::from_secs(300);

/// Whether what is due is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Act,
    /// Only says what would be done; writes nothing.
    Rehearse,
}

/// Sweeps for ever; dropped when the server stops.
pub async fn run(app: App) {
    loop {
        // Not where `candor sweep` is at it.
        if let Some(lock) = Lock::take_turn(&lock_path(&app)) {
            match sweep_under(&app, &lock).await {
                Ok(report) if report.is_empty() => {}
                Ok(report) => {
                    report.log();
                    app.outbox.notify_one();
                }
                Err(error) => tracing::warn!(%error, "sweep cut short"),
            }
        }
        tokio::time::sleep(ROUND).await;
    }
}

/// Of this data folder.
pub fn lock_path(app: &App) -> PathBuf {
    app.config.data.join("sweep.lock")
}

/// Waits for the sweep that runs already; `None` where it goes on for longer than that.
pub async fn wait_for_lock(app: &App, patience: Duration) -> io::Result<Option<Lock>> {
    Lock::take(&lock_path(app), patience).await
}

/// In the lock while a sweep is under way; who finds it there comes after one that was cut off.
const UNDER_WAY: i64 = 1;

/// Does what is due now, and first removes what a sweep that was cut off has left of erased leads in `DATA/outbox`.
pub async fn sweep_under(app: &App, lock: &Lock) -> Result<Report, StoreError> {
    let unnoted = |error: io::Error| StoreError(format!("the sweep's lock: {}", error.kind()));
    let is_clear = lock.noted().is_none() || erase::remove_orphans(app).await.is_ok();
    if !is_clear {
        tracing::warn!("letters of erased leads may be left in the outbox; the next sweep tries again");
    }
    lock.note(UNDER_WAY).map_err(unnoted)?;
    let report = sweep(app, Mode::Act).await?;
    if is_clear {
        lock.note(0).map_err(unnoted)?;
    }
    Ok(report)
}

/// Does what is due now, or says what it would be.
pub async fn sweep(app: &App, mode: Mode) -> Result<Report, StoreError> {
    let now = app.clock.now();
    let mut report = Report::at(now);
    let mut batch = app.store.due_people(now, None, BATCH).await?;
    while let Some(last) = batch.last().map(DuePerson::cursor) {
        // The next people are read while these are decided.
        let (next, done) = tokio::join!(
            app.store.due_people(now, Some(last), BATCH),
            look_at(app, batch, now, mode)
        );
        report.add(done?);
        batch = next?;
    }
    let logged_before = years_before(now, 1);
    let qualifications = qualification::remove_ended(app, mode == Mode::Act).await;
    report.qualifications = qualifications.map_err(|error| StoreError(format!("qualifications: {error:?}")))?;
    match mode {
        Mode::Act => {
            report.sealed_records = purge(app, now).await?;
            report.accesses = app.store.purge_accesses(logged_before).await?;
            app.store.purge_shared(now).await?;
            app.store.purge_requests(years_before(now, REQUESTS_KEPT_YEARS)).await?;
            // Also what a sweep that was cut off has left there.
            app.store.scrub().await?;
        }
        Mode::Rehearse => {
            report.sealed_records = app.store.sealed_until(now).await?;
            report.accesses = app.store.accesses_before(logged_before).await?;
        }
    }
    Ok(report)
}

/// How long a request is kept after its answer, to show that and how it was answered (GDPR Art. 5(2)); and a line of the
/// access log for one year: `register/own.rs` says both.
const REQUESTS_KEPT_YEARS: i64 = 3;

fn years_before(now: Timestamp, years: i64) -> Timestamp {
    let then = now.to_zoned(TimeZone::UTC).checked_sub(Span::new().years(years));
    then.map_or(Timestamp::MIN, |before| before.timestamp())
}

async fn purge(app: &App, now: Timestamp) -> Result<u64, StoreError> {
    let mut total = 0;
    loop {
        match app.store.purge_sealed(now, PURGED).await? {
            0 => return Ok(total),
            purged => total += purged,
        }
    }
}

async fn look_at(app: &App, people: Vec<DuePerson>, now: Timestamp, mode: Mode) -> Result<Report, StoreError> {
    let mut report = Report::at(now);
    let forms = Arc::new(forms_of(app, &people).await?);
    let (mut later, mut changes) = (Vec::new(), Vec::new());
    for decided in decide_all(app, people, forms, now).await {
        report.people += 1;
        match decided {
            Ok(decision) if mode == Mode::Rehearse => report.add(decision.report),
            Ok(decision) if decision.is_quiet() => later.push(decision.later()),
            Ok(decision) => changes.push(decision),
            Err(Undecided::Moved) => {}
            Err(Undecided::Unreadable(mut of)) => {
                tracing::error!(person = %of.person, "a person cannot be read; looked at again later");
                report.errors += 1;
                of.due = now + PUT_OFF;
                later.push(of);
            }
        }
    }
    if mode == Mode::Act {
        app.store.look_later(&later).await?;
        report.add(carry_out_all(app, changes, now).await?);
    }
    Ok(report)
}

async fn forms_of(app: &App, people: &[DuePerson]) -> Result<HashMap<String, Arc<PublishedForm>>, StoreError> {
    let mut forms = HashMap::new();
    for lead in people.iter().flat_map(|person| &person.leads) {
        if forms.contains_key(&lead.compiled) {
            continue;
        }
        if let Some(form) = app.publications.by_digest(&lead.compiled).await? {
            forms.insert(lead.compiled.clone(), form);
        }
    }
    Ok(forms)
}

/// Reading receipts and signing events is work for processors, off the threads that answer requests.
async fn decide_all(
    app: &App,
    people: Vec<DuePerson>,
    forms: Arc<HashMap<String, Arc<PublishedForm>>>,
    now: Timestamp,
) -> Vec<Result<Decision, Undecided>> {
    let share = people.len().div_ceil(SHARES).max(1);
    let mut people = people.into_iter().peekable();
    let mut shares = JoinSet::new();
    while people.peek().is_some() {
        let share: Vec<DuePerson> = people.by_ref().take(share).collect();
        let (app, forms) = (app.clone(), Arc::clone(&forms));
        shares.spawn_blocking(move || {
            let decided = share.into_iter().map(|person| decide(&app, &forms, person, now));
            decided.collect::<Vec<_>>()
        });
    }
    shares.join_all().await.into_iter().flatten().collect()
}

async fn carry_out_all(app: &App, changes: Vec<Decision>, now: Timestamp) -> Result<Report, StoreError> {
    let mut report = Report::at(now);
    let mut waiting = changes.into_iter();
    let mut running = JoinSet::new();
    loop {
        while running.len() < CHANGES
            && let Some(decision) = waiting.next()
        {
            let app = app.clone();
            running.spawn(async move { decision.carry_out(&app).await });
        }
        match running.join_next().await {
            Some(Ok(outcome)) => report.add(outcome?),
            Some(Err(_)) => return Err(StoreError("a change was cut short".into())),
            None => return Ok(report),
        }
    }
}

impl Decision {
    /// Writes it; the report says what was written, which is nothing where the person changed meanwhile.
    async fn carry_out(self, app: &App) -> Result<Report, StoreError> {
        let person = self.person;
        let later = self.later();
        let (at, written) = (self.report.at, self.report.clone());
        let outcome = match self.change(app).await {
            Ok(change) => change,
            Err(error) => {
                tracing::error!(%person, ?error, "a decision of the sweep cannot be carried out; looked at again later");
                let due = at + PUT_OFF;
                app.store.look_later(&[Later { due, ..later }]).await?;
                let mut report = Report::at(at);
                report.errors += 1;
                return Ok(report);
            }
        };
        Ok(match outcome {
            Appended::New => written,
            Appended::Moved => Report::at(at),
        })
    }
}

/// A change of nothing yet, that holds as long as the person is as they were read.
fn change_of(decision: &Decision, now: Timestamp) -> PersonChange {
    PersonChange {
        seen: Some(decision.seen),
        due: Some(decision.due),
        scrub_later: true,
        ..PersonChange::of(decision.person, now)
    }
}

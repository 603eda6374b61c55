//! The one writer: what waits while a transaction is being made durable goes into the next one together, and each
//! sender is answered after the COMMIT that holds its write.
//! Refuses to let one write spoil the others: each is a savepoint of its own.

use std::fmt;

use async_trait::async_trait;
use sqlx::{Connection, SqliteConnection, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use crate::store::StoreError;

/// Writes that share a transaction; it bounds how long the first of them waits for the last.
const MAX_SHARED: usize = 64;

/// Writes that wait; further senders wait for a place. As many as there are connections by default.
const MAX_WAITING: usize = 1024;

/// Something to be written, whole or not at all.
#[async_trait]
pub(super) trait Write: Send + Sync + 'static {
    type Answer: Send + 'static;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<Self::Answer, StoreError>;
}

/// The way to the task that writes. It ends when the last sender is gone.
pub(super) struct Writer {
    jobs: mpsc::Sender<Box<dyn Job>>,
    pool: SqlitePool,
}

impl fmt::Debug for Writer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Writer(…)")
    }
}

impl Writer {
    /// Starts the task; the pool has one connection.
    pub(super) fn start(pool: SqlitePool) -> Self {
        let (jobs, waiting) = mpsc::channel(MAX_WAITING);
        tokio::spawn(serve(pool.clone(), waiting));
        Self { jobs, pool }
    }

    /// Answers once the write is durable. Who stops waiting does not stop the write.
    pub(super) async fn run<W: Write>(&self, write: W) -> Result<W::Answer, StoreError> {
        let (sender, receiver) = oneshot::channel();
        let job = Waiting {
            write,
            outcome: None,
            sender,
        };
        let gone = || StoreError("the writer has stopped".into());
        self.jobs.send(Box::new(job)).await.map_err(|_| gone())?;
        receiver.await.map_err(|_| gone())?
    }

    /// Empties the write-ahead log into the file: deleted pages, overwritten by `secure_delete`, stay in neither.
    pub(super) async fn scrub(&self) -> Result<(), StoreError> {
        let busy: i64 = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&self.pool)
            .await?;
        if busy != 0 {
            // A reader holds an old page for longer than the busy timeout; the next erasure or sweep tries again.
            tracing::warn!("the write-ahead log could not be emptied yet");
        }
        Ok(())
    }

    /// Lets the transaction under way end; later writes fail.
    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

/// A write of any kind, with its sender.
#[async_trait]
trait Job: Send {
    /// Whether what it wrote is to be kept.
    async fn write(&mut self, connection: &mut SqliteConnection) -> bool;
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Waiting<W: Write> {
    write: W,
    outcome: Option<Result<W::Answer, StoreError>>,
    sender: oneshot::Sender<Result<W::Answer, StoreError>>,
}

#[async_trait]
impl<W: Write> Job for Waiting<W> {
    async fn write(&mut self, connection: &mut SqliteConnection) -> bool {
        let outcome = self.outcome.insert(self.write.write(connection).await);
        outcome.is_ok()
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let Self { outcome, sender, .. } = *self;
        let unwritten = || Err(StoreError("nothing was written".into()));
        // Whoever asked may have gone: a connection that closed early.
        let _ = sender.send(committed.and_then(|()| outcome.unwrap_or_else(unwritten)));
    }
}

async fn serve(pool: SqlitePool, mut waiting: mpsc::Receiver<Box<dyn Job>>) {
    let mut jobs = Vec::with_capacity(MAX_SHARED);
    while waiting.recv_many(&mut jobs, MAX_SHARED).await > 0 {
        let committed = share(&pool, &mut jobs).await;
        for job in jobs.drain(..) {
            job.answer(committed.clone());
        }
    }
}

/// One transaction; an error is the error of all, and nothing of it stays.
async fn share(pool: &SqlitePool, jobs: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    let mut writer = pool.acquire().await?;
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
    for job in jobs {
        let mut savepoint = transaction.begin().await?;
        if job.write(&mut savepoint).await {
            savepoint.commit().await?;
        } else {
            // Fails where SQLite has rolled back everything (a full disk): then the others fail too.
            savepoint.rollback().await?;
        }
    }
    Ok(transaction.commit().await?)
}

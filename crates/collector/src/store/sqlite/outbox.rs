//! Letters that are still to be sent, and what became of them.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    column::{json_list, list, milliseconds, timestamp, uuid},
    writer::Write,
};
use crate::store::{Cap, Letter, Letters, MailKind, NewLetter, StoreError};

#[async_trait]
impl Letters for SqliteStore {
    async fn queue(&self, letter: &NewLetter, at: Timestamp, cap: Option<Cap>) -> Result<bool, StoreError> {
        let letter = letter.clone();
        self.writer.run(Queued { letter, at, cap }).await
    }

    async fn letters_due(&self, at: Timestamp, limit: u32) -> Result<Vec<Letter>, StoreError> {
        due(self, at, limit).await
    }

    async fn letter_sending(&self, id: i64, at: Timestamp, asked: bool) -> Result<(), StoreError> {
        self.writer.run(Tried::Sending { id, at, asked }).await
    }

    async fn letter_left(&self, id: i64) -> Result<(), StoreError> {
        self.writer.run(Tried::Left { id }).await
    }

    async fn letter_sent(&self, id: i64, at: Timestamp, asked: bool) -> Result<(), StoreError> {
        self.writer.run(Tried::Sent { id, at, asked }).await
    }

    async fn letter_failed(&self, id: i64, due: Option<Timestamp>) -> Result<(), StoreError> {
        self.writer.run(Tried::Failed { id, due }).await
    }

    async fn asked_since(&self, person: Uuid, form: Option<&str>, since: Timestamp) -> Result<u32, StoreError> {
        asked_since(self, person, form, since).await
    }

    async fn has_proved(&self, person: Uuid) -> Result<bool, StoreError> {
        has_proved(self, person).await
    }

    async fn letters_of(&self, person: Uuid) -> Result<Vec<Letter>, StoreError> {
        of_person(self, person).await
    }
}

/// A letter, unless its cause was queued already or the cap is reached.
struct Queued {
    letter: NewLetter,
    at: Timestamp,
    cap: Option<Cap>,
}

#[async_trait]
impl Write for Queued {
    type Answer = bool;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<bool, StoreError> {
        if let Some(cap) = self.cap {
            let recent: i64 = sqlx::query_scalar(RECENT)
                .bind(self.letter.person.to_string())
                .bind(self.letter.kind.as_str())
                .bind(milliseconds(cap.since))
                .bind(self.letter.record.map(|record| record.to_string()))
                .fetch_one(&mut *connection)
                .await?;
            if recent >= i64::from(cap.count) {
                return Ok(false);
            }
        }
        insert_letter(connection, &self.letter, self.at).await
    }
}

/// Letters about a submission are counted by submission.
const RECENT: &str = "
    SELECT count(*) FROM outbox
    WHERE person = ?1 AND kind = ?2 AND created_ms > ?3 AND (?4 IS NULL OR record = ?4)";

/// What became of a letter.
enum Tried {
    Sending {
        id: i64,
        at: Timestamp,
        asked: bool,
    },
    /// Before the process ended.
    Left {
        id: i64,
    },
    Sent {
        id: i64,
        at: Timestamp,
        asked: bool,
    },
    /// Next attempt at `due`; `None`: given up.
    Failed {
        id: i64,
        due: Option<Timestamp>,
    },
}

#[async_trait]
impl Write for Tried {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let query = match self {
            Self::Sending { id, at, asked } => sqlx::query(SENDING)
                .bind(id)
                .bind(milliseconds(*at))
                .bind(i64::from(*asked)),
            Self::Left { id } => sqlx::query(LEFT).bind(id),
            Self::Sent { id, at, asked } => {
                sqlx::query("UPDATE outbox SET due_ms = NULL, sent_ms = ?2, asked = ?3 WHERE id = ?1")
                    .bind(id)
                    .bind(milliseconds(*at))
                    .bind(i64::from(*asked))
            }
            Self::Failed { id, due } => {
                sqlx::query("UPDATE outbox SET due_ms = ?2, sending_ms = NULL, attempts = attempts + 1 WHERE id = ?1")
                    .bind(id)
                    .bind(due.map(milliseconds))
            }
        };
        query.execute(connection).await?;
        Ok(())
    }
}

/// After a crash a letter is sent once more, not over and over.
const SENDING: &str = "
    UPDATE outbox SET
        due_ms = CASE WHEN sending_ms IS NULL THEN due_ms END,
        attempts = attempts + (sending_ms IS NOT NULL),
        sending_ms = ?2,
        asked = ?3
    WHERE id = ?1";

/// A letter that failed since, or was sent, is none of these.
const LEFT: &str = "
    UPDATE outbox SET due_ms = NULL, sent_ms = sending_ms WHERE id = ?1 AND sending_ms IS NOT NULL AND sent_ms IS NULL";

async fn due(store: &SqliteStore, at: Timestamp, limit: u32) -> Result<Vec<Letter>, StoreError> {
    for due in [DUE, UNKNOWN] {
        let rows = sqlx::query(due)
            .bind(milliseconds(at))
            .bind(i64::from(limit))
            .fetch_all(&store.readers)
            .await?;
        if !rows.is_empty() {
            return rows.iter().map(letter).collect();
        }
    }
    Ok(Vec::new())
}

const DUE: &str = "SELECT * FROM outbox WHERE due_ms <= ?1 AND sending_ms IS NULL ORDER BY due_ms, id LIMIT ?2";
const UNKNOWN: &str = "SELECT * FROM outbox WHERE due_ms <= ?1 AND sending_ms IS NOT NULL ORDER BY due_ms, id LIMIT ?2";

async fn of_person(store: &SqliteStore, person: Uuid) -> Result<Vec<Letter>, StoreError> {
    let rows = sqlx::query("SELECT * FROM outbox WHERE person = ?1 ORDER BY id")
        .bind(person.to_string())
        .fetch_all(&store.readers)
        .await?;
    rows.iter().map(letter).collect()
}

async fn asked_since(
    store: &SqliteStore,
    person: Uuid,
    form: Option<&str>,
    since: Timestamp,
) -> Result<u32, StoreError> {
    let asked: i64 = sqlx::query_scalar(ASKED)
        .bind(person.to_string())
        .bind(milliseconds(since))
        .bind(form)
        .fetch_one(&store.readers)
        .await?;
    Ok(u32::try_from(asked).unwrap_or(u32::MAX))
}

const ASKED: &str = "
    SELECT count(*) FROM outbox
    WHERE person = ?1 AND asked = 1 AND sent_ms > ?2
        AND (?3 IS NULL OR EXISTS (SELECT 1 FROM records WHERE id = outbox.record AND form = ?3))";

async fn has_proved(store: &SqliteStore, person: Uuid) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(PROVED)
        .bind(person.to_string())
        .fetch_one(&store.readers)
        .await?)
}

const PROVED: &str = "SELECT EXISTS (SELECT 1 FROM leads WHERE person = ?1 AND proved IS NOT NULL)";

fn letter(row: &SqliteRow) -> Result<Letter, StoreError> {
    let record: Option<&str> = row.try_get("record")?;
    let sent: Option<i64> = row.try_get("sent_ms")?;
    Ok(Letter {
        id: row.try_get("id")?,
        kind: MailKind::parse(row.try_get("kind")?).ok_or_else(|| StoreError("an unknown kind of letter".into()))?,
        person: uuid(row.try_get("person")?)?,
        record: record.map(uuid).transpose()?,
        purposes: list(row.try_get("purposes")?)?,
        attempts: row.try_get("attempts")?,
        created: timestamp(row.try_get("created_ms")?)?,
        sent: sent.map(timestamp).transpose()?,
    })
}

/// Whether there was no letter of that cause yet.
pub(super) async fn insert_letter(
    connection: &mut SqliteConnection,
    letter: &NewLetter,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let inserted = sqlx::query(
        "INSERT INTO outbox (kind, person, record, purposes, dedupe, created_ms, due_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
         ON CONFLICT (dedupe) DO NOTHING",
    )
    .bind(letter.kind.as_str())
    .bind(letter.person.to_string())
    .bind(letter.record.map(|record| record.to_string()))
    .bind(json_list(&letter.purposes))
    .bind(&letter.dedupe)
    .bind(milliseconds(at))
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() > 0)
}

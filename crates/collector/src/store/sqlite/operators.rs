//! Tokens, access log and requests in SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    column::{milliseconds, timestamp, uuid},
    writer::Write,
};
use crate::{
    operator::{Role, TokenHash},
    requests::RequestKind,
    store::{
        StoreError,
        operators::{Access, Answered, LoggedAccess, NewToken, Operators, RequestPlace, StoredRequest, StoredToken},
    },
};

#[async_trait]
impl Operators for SqliteStore {
    async fn create_token(&self, token: &NewToken) -> Result<(), StoreError> {
        self.writer.run(token.clone()).await
    }

    async fn tokens(&self) -> Result<Vec<StoredToken>, StoreError> {
        let query = "SELECT id, name, role, created_ms, revoked_ms FROM tokens ORDER BY created_ms, id";
        let rows = sqlx::query(query).fetch_all(&self.readers).await?;
        rows.iter().map(stored_token).collect()
    }

    async fn token_by_hash(&self, hash: &TokenHash) -> Result<Option<StoredToken>, StoreError> {
        let row = sqlx::query("SELECT id, name, role, created_ms, revoked_ms FROM tokens WHERE hash = ?1")
            .bind(hash.as_bytes())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(stored_token).transpose()
    }

    async fn revoke_token(&self, id: Uuid, at: Timestamp) -> Result<bool, StoreError> {
        self.writer.run(Revocation { id, at }).await
    }

    async fn log_access(&self, access: &Access) -> Result<(), StoreError> {
        self.writer.run(access.clone()).await
    }

    async fn log_accesses(&self, accesses: &[Access]) -> Result<(), StoreError> {
        self.writer.run(accesses.to_vec()).await
    }

    async fn accesses(
        &self,
        person: Option<Uuid>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<LoggedAccess>, StoreError> {
        // Two statements rather than one with `?1 IS NULL OR`, which no index serves.
        let query = match person {
            Some(person) => {
                sqlx::query("SELECT * FROM access_log WHERE person = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?2")
                    .bind(before.unwrap_or(i64::MAX))
                    .bind(i64::from(limit))
                    .bind(person.to_string())
            }
            None => sqlx::query("SELECT * FROM access_log WHERE id < ?1 ORDER BY id DESC LIMIT ?2")
                .bind(before.unwrap_or(i64::MAX))
                .bind(i64::from(limit)),
        };
        let rows = query.fetch_all(&self.readers).await?;
        rows.iter().map(logged_access).collect()
    }

    async fn purge_accesses(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.writer.run(Purge { before }).await
    }

    async fn purge_requests(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.writer.run(RequestPurge { before }).await
    }

    async fn refuse_values_under(&self, key: u32) -> Result<(), StoreError> {
        self.writer.run(LowestKey(key)).await
    }

    async fn open_request(&self, request: &StoredRequest) -> Result<(), StoreError> {
        self.writer.run(request.clone()).await
    }

    async fn answer_request(&self, id: Uuid, answer: &str, at: Timestamp) -> Result<Answered, StoreError> {
        let answer = answer.to_owned();
        self.writer.run(Answer { id, answer, at }).await
    }

    async fn request(&self, id: Uuid) -> Result<Option<StoredRequest>, StoreError> {
        find_request(&mut *self.readers.acquire().await?, id).await
    }

    async fn requests(&self, after: Option<RequestPlace>, limit: u32) -> Result<Vec<StoredRequest>, StoreError> {
        let query = "SELECT * FROM requests WHERE (answered_ms IS NOT NULL, due_ms, id) > (?1, ?2, ?3)
            ORDER BY answered_ms IS NOT NULL, due_ms, id LIMIT ?4";
        let rows = sqlx::query(query)
            .bind(after.map_or(-1, |place| i64::from(place.answered)))
            .bind(after.map_or(0, |place| milliseconds(place.due)))
            .bind(after.map_or_else(String::new, |place| place.id.to_string()))
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(stored_request).collect()
    }

    async fn requests_overdue(&self, now: Timestamp) -> Result<Vec<StoredRequest>, StoreError> {
        let query = "SELECT * FROM requests WHERE (answered_ms IS NOT NULL) = 0 AND due_ms < ?1 ORDER BY due_ms, id";
        let rows = sqlx::query(query)
            .bind(milliseconds(now))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(stored_request).collect()
    }

    async fn requests_of(&self, person: Uuid) -> Result<Vec<StoredRequest>, StoreError> {
        let rows = sqlx::query("SELECT * FROM requests WHERE person = ?1 ORDER BY received_ms, id")
            .bind(person.to_string())
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(stored_request).collect()
    }
}

#[async_trait]
impl Write for NewToken {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO tokens (id, name, role, hash, created_ms) VALUES (?1, ?2, ?3, ?4, ?5)")
            .bind(self.id.to_string())
            .bind(&self.name)
            .bind(self.role.as_str())
            .bind(self.hash.as_bytes())
            .bind(milliseconds(self.created))
            .execute(connection)
            .await?;
        Ok(())
    }
}

struct Revocation {
    id: Uuid,
    at: Timestamp,
}

#[async_trait]
impl Write for Revocation {
    type Answer = bool;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<bool, StoreError> {
        let done = sqlx::query("UPDATE tokens SET revoked_ms = coalesce(revoked_ms, ?2) WHERE id = ?1")
            .bind(self.id.to_string())
            .bind(milliseconds(self.at))
            .execute(connection)
            .await?;
        Ok(done.rows_affected() > 0)
    }
}

#[async_trait]
impl Write for Vec<Access> {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        for access in self {
            access.write(&mut *connection).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Write for Access {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let query = "INSERT INTO access_log (at_ms, actor, role, action, person, reason)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        sqlx::query(query)
            .bind(milliseconds(self.at))
            .bind(&self.actor)
            .bind(self.role.as_str())
            .bind(&self.action)
            .bind(self.person.map(|person| person.to_string()))
            .bind(&self.reason)
            .execute(connection)
            .await?;
        Ok(())
    }
}

struct Purge {
    before: Timestamp,
}

#[async_trait]
impl Write for Purge {
    type Answer = u64;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<u64, StoreError> {
        let before = milliseconds(self.before);
        // The trigger lets go of what is older than this row says.
        sqlx::query(
            "INSERT INTO access_log_purged (one, before_ms) VALUES (1, ?1)
            ON CONFLICT (one) DO UPDATE SET before_ms = max(before_ms, excluded.before_ms)",
        )
        .bind(before)
        .execute(&mut *connection)
        .await?;
        let gone = sqlx::query("DELETE FROM access_log WHERE at_ms < ?1")
            .bind(before)
            .execute(connection)
            .await?;
        Ok(gone.rows_affected())
    }
}

struct RequestPurge {
    before: Timestamp,
}

#[async_trait]
impl Write for RequestPurge {
    type Answer = u64;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<u64, StoreError> {
        let gone = sqlx::query("DELETE FROM requests WHERE answered_ms < ?1")
            .bind(milliseconds(self.before))
            .execute(connection)
            .await?;
        Ok(gone.rows_affected())
    }
}

struct LowestKey(u32);

#[async_trait]
impl Write for LowestKey {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let query = "INSERT INTO value_keys (one, lowest) VALUES (1, ?1)
            ON CONFLICT (one) DO UPDATE SET lowest = max(lowest, excluded.lowest)";
        sqlx::query(query).bind(i64::from(self.0)).execute(connection).await?;
        Ok(())
    }
}

#[async_trait]
impl Write for StoredRequest {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let query = "INSERT INTO requests (id, person, kind, received_ms, due_ms, answered_ms, answer)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        sqlx::query(query)
            .bind(self.id.to_string())
            .bind(self.person.to_string())
            .bind(self.kind.as_str())
            .bind(milliseconds(self.received))
            .bind(milliseconds(self.due))
            .bind(self.answered.map(milliseconds))
            .bind(&self.answer)
            .execute(connection)
            .await?;
        Ok(())
    }
}

struct Answer {
    id: Uuid,
    answer: String,
    at: Timestamp,
}

#[async_trait]
impl Write for Answer {
    type Answer = Answered;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<Answered, StoreError> {
        let Some(mut request) = find_request(connection, self.id).await? else {
            return Ok(Answered::Unknown);
        };
        match &request.answer {
            Some(answer) if *answer == self.answer => return Ok(Answered::Done(request)),
            Some(_) => return Ok(Answered::Otherwise),
            None => {}
        }
        sqlx::query("UPDATE requests SET answered_ms = ?2, answer = ?3 WHERE id = ?1")
            .bind(self.id.to_string())
            .bind(milliseconds(self.at))
            .bind(&self.answer)
            .execute(connection)
            .await?;
        request.answered = Some(self.at);
        request.answer = Some(self.answer.clone());
        Ok(Answered::Done(request))
    }
}

async fn find_request(connection: &mut SqliteConnection, id: Uuid) -> Result<Option<StoredRequest>, StoreError> {
    let row = sqlx::query("SELECT * FROM requests WHERE id = ?1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(stored_request).transpose()
}

fn role(row: &SqliteRow) -> Result<Role, StoreError> {
    let role: &str = row.try_get("role")?;
    role.parse().map_err(|_| StoreError("an unknown role".into()))
}

fn stored_token(row: &SqliteRow) -> Result<StoredToken, StoreError> {
    let revoked: Option<i64> = row.try_get("revoked_ms")?;
    Ok(StoredToken {
        id: uuid(row.try_get("id")?)?,
        name: row.try_get("name")?,
        role: role(row)?,
        created: timestamp(row.try_get("created_ms")?)?,
        revoked: revoked.map(timestamp).transpose()?,
    })
}

fn logged_access(row: &SqliteRow) -> Result<LoggedAccess, StoreError> {
    let person: Option<&str> = row.try_get("person")?;
    Ok(LoggedAccess {
        number: row.try_get("id")?,
        access: Access {
            at: timestamp(row.try_get("at_ms")?)?,
            actor: row.try_get("actor")?,
            role: role(row)?,
            action: row.try_get("action")?,
            person: person.map(uuid).transpose()?,
            reason: row.try_get("reason")?,
        },
    })
}

fn stored_request(row: &SqliteRow) -> Result<StoredRequest, StoreError> {
    let kind = RequestKind::parse(row.try_get("kind")?);
    let answered: Option<i64> = row.try_get("answered_ms")?;
    Ok(StoredRequest {
        id: uuid(row.try_get("id")?)?,
        person: uuid(row.try_get("person")?)?,
        kind: kind.ok_or_else(|| StoreError("an unknown kind of request".into()))?,
        received: timestamp(row.try_get("received_ms")?)?,
        due: timestamp(row.try_get("due_ms")?)?,
        answered: answered.map(timestamp).transpose()?,
        answer: row.try_get("answer")?,
    })
}

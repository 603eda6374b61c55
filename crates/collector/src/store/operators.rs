//! What the store keeps for operators: tokens (their hashes), the access log, the requests of people,
//! and which keys may still seal.
//! Refuses to change a line of the access log; lines go only by `purge_accesses`, with its retention.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::StoreError;
use crate::{
    operator::{Role, TokenHash},
    requests::RequestKind,
};

#[derive(Debug, Clone)]
pub struct NewToken {
    pub id: Uuid,
    pub name: String,
    pub role: Role,
    pub hash: TokenHash,
    pub created: Timestamp,
}

/// A token as it is listed: without its hash, which is of no use to anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredToken {
    pub id: Uuid,
    pub name: String,
    pub role: Role,
    pub created: Timestamp,
    pub revoked: Option<Timestamp>,
}

/// One reading or change: who, when, what, about whom, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    pub at: Timestamp,
    /// A token's id, or `command`.
    pub actor: String,
    pub role: Role,
    pub action: String,
    /// `None`: it concerned nobody in particular.
    pub person: Option<Uuid>,
    pub reason: String,
}

/// A line of the access log with its place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedAccess {
    pub number: i64,
    pub access: Access,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRequest {
    pub id: Uuid,
    pub person: Uuid,
    pub kind: RequestKind,
    pub received: Timestamp,
    pub due: Timestamp,
    pub answered: Option<Timestamp>,
    pub answer: Option<String>,
}

impl StoredRequest {
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.answered.is_none() && self.due < now
    }

    /// Where it stands in the list.
    pub fn place(&self) -> RequestPlace {
        RequestPlace {
            answered: self.answered.is_some(),
            due: self.due,
            id: self.id,
        }
    }
}

/// A place in the list of requests: open ones first, then by the day they are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestPlace {
    pub answered: bool,
    pub due: Timestamp,
    pub id: Uuid,
}

/// Outcome of answering a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// It stands so now, or stood so before.
    Done(StoredRequest),
    /// It has another answer, which stays.
    Otherwise,
    Unknown,
}

/// Tokens, access log, requests. Each method is one transaction.
#[async_trait]
pub trait Operators {
    async fn create_token(&self, token: &NewToken) -> Result<(), StoreError>;
    /// All of them, oldest first, revoked ones too.
    async fn tokens(&self) -> Result<Vec<StoredToken>, StoreError>;
    async fn token_by_hash(&self, hash: &TokenHash) -> Result<Option<StoredToken>, StoreError>;
    /// Answers whether there is such a token; one that is revoked keeps its time.
    async fn revoke_token(&self, id: Uuid, at: Timestamp) -> Result<bool, StoreError>;

    async fn log_access(&self, access: &Access) -> Result<(), StoreError>;
    /// Several lines at once, or none of them.
    async fn log_accesses(&self, accesses: &[Access]) -> Result<(), StoreError>;
    /// Newest first, from `before` on; of one person, or of all.
    async fn accesses(
        &self,
        person: Option<Uuid>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<LoggedAccess>, StoreError>;
    /// Deletes what is older, for good; answers how many lines went.
    async fn purge_accesses(&self, before: Timestamp) -> Result<u64, StoreError>;

    /// Deletes requests that were answered before; answers how many went. An open one stays.
    async fn purge_requests(&self, before: Timestamp) -> Result<u64, StoreError>;

    /// From now on no lead can be sealed by a key of a lower number.
    async fn refuse_values_under(&self, key: u32) -> Result<(), StoreError>;

    async fn open_request(&self, request: &StoredRequest) -> Result<(), StoreError>;
    async fn answer_request(&self, id: Uuid, answer: &str, at: Timestamp) -> Result<Answered, StoreError>;
    async fn request(&self, id: Uuid) -> Result<Option<StoredRequest>, StoreError>;
    /// The list, after a place.
    async fn requests(&self, after: Option<RequestPlace>, limit: u32) -> Result<Vec<StoredRequest>, StoreError>;
    /// Open ones whose month is over.
    async fn requests_overdue(&self, now: Timestamp) -> Result<Vec<StoredRequest>, StoreError>;
    /// In the order of their receipt.
    async fn requests_of(&self, person: Uuid) -> Result<Vec<StoredRequest>, StoreError>;
}

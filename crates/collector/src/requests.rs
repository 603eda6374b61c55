//! What people asked for under Articles 15 to 21, each with its month (Art. 12(3)).
//! Refuses to be the place where a request is fulfilled: it says when it came, when it is due and what was answered.

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use uuid::Uuid;

use crate::{app::App, store::StoreError, store::operators::StoredRequest};

/// The answer of a request that the person fulfilled with their own hands.
pub const DONE_BY_THE_PERSON: &str = "done at once on the person's page";

/// Which right is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    Access,
    Portability,
    Rectification,
    Erasure,
    Objection,
}

impl RequestKind {
    pub const ALL: [Self; 5] = [
        Self::Access,
        Self::Portability,
        Self::Rectification,
        Self::Erasure,
        Self::Objection,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Portability => "portability",
            Self::Rectification => "rectification",
            Self::Erasure => "erasure",
            Self::Objection => "objection",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// One calendar month later; where that month is shorter, on its last day.
pub fn due(received: Timestamp) -> Timestamp {
    let month_later = received.to_zoned(TimeZone::UTC).checked_add(1.month());
    // Past the year 9999 there is no later time.
    month_later.map_or(Timestamp::MAX, |later| later.timestamp())
}

impl App {
    /// A request that is answered by what is done with it, to be written in the same transaction.
    pub fn answered_request(&self, person: Uuid, kind: RequestKind, answer: &str) -> StoredRequest {
        self.new_request(person, kind, Some(answer))
    }

    fn new_request(&self, person: Uuid, kind: RequestKind, answer: Option<&str>) -> StoredRequest {
        let received = self.clock.now();
        StoredRequest {
            id: self.random.uuid(),
            person,
            kind,
            received,
            due: due(received),
            answered: answer.map(|_| received),
            answer: answer.map(str::to_owned),
        }
    }

    /// Starts the clock of a request; what is done at once can be answered with it, in `answer`.
    pub async fn open_request(
        &self,
        person: Uuid,
        kind: RequestKind,
        answer: Option<&str>,
    ) -> Result<StoredRequest, StoreError> {
        let request = self.new_request(person, kind, answer);
        self.store.open_request(&request).await?;
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_a_calendar_month() {
        let check = |received: &str, expected: &str| {
            let at = |text: &str| text.parse::<Timestamp>().expect("a time");
            assert_eq!(due(at(received)), at(expected), "{received}");
        };
        check("2026-11-21T10:00:00Z", "2026-12-21T10:00:00Z");
        check("2026-12-31T23:59:59Z", "2027-01-31T23:59:59Z");
        check("2027-01-31T10:00:00Z", "2027-02-28T10:00:00Z");
        check("2028-01-31T10:00:00Z", "2028-02-29T10:00:00Z");
    }
}

//! Step 7: the times of a record in their order.

use std::fmt;

use super::UnverifiedRecord;
use crate::time::Timestamp;

/// How long a submission may wait for its network: a day.
const LONGEST_DELAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How far the person's clock may be ahead.
const LONGEST_LEAD_MS: i64 = 5 * 60 * 1000;

/// Times that contradict one another (step 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimingError {
    /// Created more than 24 hours before it was received.
    TooLate,
    /// Created more than 5 minutes after it was received.
    FromTheFuture,
    /// Shown after it was created.
    ShownAfterCreated,
}

impl fmt::Display for TimingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            TimingError::TooLate => "created more than 24 hours before it was received",
            TimingError::FromTheFuture => "created more than 5 minutes after it was received",
            TimingError::ShownAfterCreated => "shown after it was created",
        })
    }
}

impl std::error::Error for TimingError {}

/// Step 7. `Ok(false)`: some time was not at hand, or is no time at all, which is step 8's to report.
///
/// The comparison reads any RFC 3339 spelling: the wrong order of two times is this step's fault even where the
/// spelling is step 8's.
pub(super) fn check(record: &UnverifiedRecord, received: Option<Timestamp>) -> Result<bool, TimingError> {
    let millisecond = |name: &str| Some(record.claim(name)?.parse::<jiff::Timestamp>().ok()?.as_millisecond());
    let Some(created) = millisecond("/created") else {
        return Ok(false);
    };
    let received = record
        .controller()
        .map(|(_, header)| header.rcv)
        .or(received)
        .map(Timestamp::as_millisecond);
    if received.is_some_and(|received| created < received - LONGEST_DELAY_MS) {
        return Err(TimingError::TooLate);
    }
    if received.is_some_and(|received| created > received + LONGEST_LEAD_MS) {
        return Err(TimingError::FromTheFuture);
    }
    let shown_at = millisecond("/shownAt");
    if shown_at.is_some_and(|shown_at| shown_at > created) {
        return Err(TimingError::ShownAfterCreated);
    }
    let shown_at_legible = shown_at.is_some() || record.payload().get("shownAt").is_none();
    Ok(received.is_some() && shown_at_legible)
}

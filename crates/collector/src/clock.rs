//! Time and randomness as parameters: nothing else in this crate reads a clock or draws a random byte.
//! Refuses to be global: every use case receives both, so that tests run at a fixed time. Read next: `app.rs`.

use std::fmt::Debug;

use jiff::{SignedDuration, Span, Timestamp, tz::TimeZone};
use ring::rand::{SecureRandom, SystemRandom};
use uuid::Uuid;

/// Where the time comes from.
pub trait Clock: Debug + Send + Sync {
    fn now(&self) -> Timestamp;
}

/// The calendar day of a time, by UTC: the day whose law counts.
pub fn day(now: Timestamp) -> jiff::civil::Date {
    now.to_zoned(TimeZone::UTC).date()
}

/// The system's clock, cut to milliseconds as records are.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        whole_milliseconds(Timestamp::now())
    }
}

/// The system's clock, moved: a rehearsal of what the calendar will bring.
#[derive(Debug, Clone, Copy)]
pub struct MovedClock {
    ahead: SignedDuration,
}

impl MovedClock {
    /// So much of the calendar ahead of the system's clock, counted from now in UTC.
    pub fn ahead(span: Span) -> Result<Self, jiff::Error> {
        let now = Timestamp::now();
        let then = now.to_zoned(TimeZone::UTC).checked_add(span)?.timestamp();
        Ok(Self {
            ahead: then.duration_since(now),
        })
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        whole_milliseconds(Timestamp::now() + self.ahead)
    }
}

/// A clock that stands still at the time of a rehearsal or of a report.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// Records carry milliseconds; what is compared with them must not carry more.
pub fn whole_milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

/// Where random bytes come from.
pub trait Random: Debug + Send + Sync {
    fn fill(&self, bytes: &mut [u8]);

    /// A UUID of version 4.
    fn uuid(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

/// The operating system's generator.
#[derive(Debug, Clone, Default)]
pub struct SystemRandomness;

impl Random for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        SystemRandom::new()
            .fill(bytes)
            .expect("the operating system gives random bytes");
    }
}

//! When a message that was not taken goes again: the schedule of Standard Webhooks, with jitter, never before `Retry-After`.
//! Refuses to go on for ever: after the last attempt it is a dead letter, and whoever runs the collector replays it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::{clock::Random, http::error::ApiError};

/// Pauses after the first, second, … failed attempt: three days in all.
/// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability
const PAUSES_SECS: [i64; 9] = [
    5,
    5 * 60,
    30 * 60,
    2 * 3600,
    5 * 3600,
    10 * 3600,
    14 * 3600,
    20 * 3600,
    24 * 3600,
];
/// A receiver can ask for more patience than the schedule has, but not for more than a day.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// For so long at most one failed message holds up the others of its target.
const TARGET_PAUSE: SignedDuration = SignedDuration::from_secs(60);
/// A tenth more or less, so that receivers that failed together are not asked again together.
const JITTER_PERCENT: i64 = 10;

/// The next attempt, after so many.
pub(super) fn next(random: &dyn Random, now: Timestamp, attempts: u32, after: Option<Duration>) -> Option<Timestamp> {
    let position = usize::try_from(attempts.saturating_sub(1)).ok()?;
    let pause = SignedDuration::from_secs(*PAUSES_SECS.get(position)?);
    Some(now + jittered(random, pause).max(asked(after)))
}

/// What cannot be read or made is looked at again after that: soon where the store was busy or a key is being brought back.
pub(super) fn put_off(error: &ApiError) -> SignedDuration {
    match error {
        ApiError::Unavailable => SignedDuration::from_mins(1),
        _ => SignedDuration::from_hours(1),
    }
}

/// Until when the target is left alone; `due`: when the message that failed goes again, unless it was given up.
pub(super) fn pause(now: Timestamp, due: Option<Timestamp>, after: Option<Duration>) -> Timestamp {
    let until_due = due.map_or(TARGET_PAUSE, |due| due.duration_since(now));
    (now + asked(after).max(TARGET_PAUSE.min(until_due))).max(now)
}

fn asked(after: Option<Duration>) -> SignedDuration {
    let asked = after.and_then(|after| SignedDuration::try_from(after).ok());
    asked.unwrap_or_default().min(LONGEST)
}

fn jittered(random: &dyn Random, pause: SignedDuration) -> SignedDuration {
    let mut bytes = [0; 2];
    random.fill(&mut bytes);
    let share = i64::from(u16::from_be_bytes(bytes)) - i64::from(u16::MAX / 2);
    let milliseconds = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX / 200);
    let most = milliseconds * JITTER_PERCENT / 100;
    pause + SignedDuration::from_millis(most * share / i64::from(u16::MAX / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Always(u8);

    impl Random for Always {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn seconds(random: u8, attempts: u32, after: Option<u64>) -> Option<i64> {
        let next = next(&Always(random), NOW, attempts, after.map(Duration::from_secs))?;
        Some(next.duration_since(NOW).as_secs())
    }

    #[test]
    fn pauses_grow_by_the_schedule_and_end() {
        let middle = |attempts| seconds(0x7f, attempts, None);
        for (attempts, expected) in (1..).zip(PAUSES_SECS) {
            let found = middle(attempts).expect("another attempt");
            assert!((found - expected).abs() <= expected / 100 + 1, "{attempts}: {found}");
        }
        assert_eq!(middle(10), None, "the tenth attempt is the last");
    }

    #[test]
    fn jitter_is_a_tenth_at_most_and_retry_after_a_day_at_most() {
        for (random, expected) in [(0, 270), (0xff, 330)] {
            let found = seconds(random, 2, None).expect("another attempt");
            assert!((found - expected).abs() <= 1, "{found}");
        }
        assert_eq!(seconds(0x7f, 1, Some(3600)), Some(3600));
        assert_eq!(
            seconds(0xff, 9, Some(1)),
            Some(24 * 3600 + 24 * 360),
            "never sooner than the schedule"
        );
        assert_eq!(seconds(0x80, 1, Some(u64::MAX)), Some(5), "a number that is no time");
        assert_eq!(seconds(0x7f, 1, Some(10 * 24 * 3600)), Some(24 * 3600));
    }

    #[test]
    fn a_target_rests_for_a_minute_unless_it_asks_for_more() {
        let check = |due: Option<i64>, after: Option<u64>, expected: i64| {
            let due_at = due.map(|seconds| NOW + SignedDuration::from_secs(seconds));
            let until = pause(NOW, due_at, after.map(Duration::from_secs));
            assert_eq!(until.duration_since(NOW).as_secs(), expected, "{due:?} {after:?}");
        };
        check(Some(5), None, 5);
        check(Some(7200), None, 60);
        check(Some(7200), Some(1800), 1800);
        check(None, None, 60);
    }
}

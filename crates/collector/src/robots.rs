//! Against robots, without watching people: signs are scored, and a score decides one thing, whether work is asked for.
//! Refuses nobody for good: whoever solves a challenge, or waits where there is no script, is recorded like anybody.
//! Read next: `robots/score.rs` (signs), `robots/challenge.rs` (proof of work), `robots/ticket.rs` (the way without
//! script). What is asked when, and what is stored: docs/robots.md.

use jiff::{SignedDuration, Timestamp};

use self::{
    counts::Counts,
    policy::{Policy, When},
    score::Signs,
};
use crate::http::limit::Limiter;

pub mod challenge;
pub mod counts;
pub mod issued;
pub mod policy;
pub mod score;
pub mod ticket;
pub mod work;

/// What a running collector decides by.
#[derive(Debug)]
pub struct Robots {
    pub policy: Policy,
    pub counts: Counts,
    /// Submissions of the minute that came without a proof, in all and of each form.
    all: Limiter<()>,
    each_form: Limiter<String>,
}

/// Why work is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Always,
    Suspicious,
    Load,
}

impl Reason {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Suspicious => "suspicious",
            Self::Load => "load",
        }
    }
}

/// Something that can be used once: a solved challenge, or a ticket. Kept until it would no longer be taken anyway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spent {
    pub digest: Vec<u8>,
    pub expires: Timestamp,
}

/// How long a challenge may be answered. A widget may have to wait for the network meanwhile.
pub const CHALLENGE_LIVES: SignedDuration = SignedDuration::from_mins(10);

impl Robots {
    pub fn new(policy: Policy) -> Self {
        Self {
            all: Limiter::new(policy.above),
            each_form: Limiter::new(policy.above_per_form),
            counts: Counts::default(),
            policy,
        }
    }

    /// Whether a submission that brings no proof has to work for its place, and why.
    pub fn reason(&self, now: Timestamp, form: &str, signs: &Signs) -> Option<Reason> {
        self.counts.note_signs(signs);
        let is_over = |standing: Option<crate::http::limit::Standing>| standing.is_some_and(|now| now.left.is_none());
        // Both are counted, whatever the other says.
        let over = [
            is_over(self.all.count(now, ())),
            is_over(self.each_form.count(now, form.to_owned())),
        ];
        let suspicious = score::of(signs) >= score::SUSPICIOUS;
        match self.policy.when {
            When::Always => Some(Reason::Always),
            When::Suspicious if suspicious => Some(Reason::Suspicious),
            _ => over.contains(&true).then_some(Reason::Load),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn robot() -> Signs {
        Signs {
            trapped: true,
            ..Signs::default()
        }
    }

    #[test]
    fn work_is_asked_for_as_configured_and_never_otherwise() {
        let check = |when: When, signs: &Signs, expected: Option<Reason>| {
            let robots = Robots::new(Policy {
                when,
                ..Policy::default()
            });
            assert_eq!(
                robots.reason(Timestamp::UNIX_EPOCH, "ebook", signs),
                expected,
                "{when:?} {signs:?}"
            );
        };
        let person = Signs::default();
        check(When::Off, &person, None);
        check(When::Off, &robot(), None);
        check(When::Suspicious, &person, None);
        check(When::Suspicious, &robot(), Some(Reason::Suspicious));
        check(When::Always, &person, Some(Reason::Always));
        check(When::Always, &robot(), Some(Reason::Always));
    }

    #[test]
    fn under_load_everybody_works_until_the_minute_is_over() {
        let robots = Robots::new(Policy {
            above: 4,
            above_per_form: 2,
            ..Policy::default()
        });
        let check = |second: i64, form: &str, expected: Option<Reason>| {
            let now = Timestamp::from_second(second).expect("in range");
            assert_eq!(
                robots.reason(now, form, &Signs::default()),
                expected,
                "{form} at {second}"
            );
        };
        check(0, "ebook", None);
        check(1, "ebook", None);
        check(2, "ebook", Some(Reason::Load));
        check(3, "webinar", None);
        check(4, "webinar", Some(Reason::Load));
        check(60, "webinar", None);
    }
}

//! What the operator chose: when work is asked for, how much of it, how long the way without script takes.
//! Refuses a cost that would keep a visitor for minutes, or this server from its work.

use clap::ValueEnum;
use serde::Deserialize;

/// When proof of work is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// Under load alone, where a threshold is set
    #[default]
    Off,
    /// Of submissions that look like a robot's
    Suspicious,
    /// Of every submission
    Always,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    pub when: When,
    /// Submissions per minute above which everybody works; 0: never.
    pub above: u32,
    /// The same for each form by itself.
    pub above_per_form: u32,
    /// Rounds of PBKDF2 for each try; a challenge takes [`TRIES`] of them.
    pub cost: u32,
    /// How long a visitor without script waits instead.
    pub wait_secs: u32,
}

/// One derivation takes a server this many rounds for each challenge, and half a second to a phone for a thousand tries.
pub const COST: u32 = 5_000;
pub const MAX_COST: u32 = 50_000;
/// As long as a person reads a short page.
pub const WAIT_SECS: u32 = 10;
pub const MAX_WAIT_SECS: u32 = 120;

/// A solver counts up to a number in this range: nobody is very unlucky, as by a prefix that chance must hit.
pub const TRIES: std::ops::RangeInclusive<u32> = 500..=1_000;

impl Default for Policy {
    fn default() -> Self {
        Self {
            when: When::default(),
            above: 0,
            above_per_form: 0,
            cost: COST,
            wait_secs: WAIT_SECS,
        }
    }
}

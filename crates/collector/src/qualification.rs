//! Qualification (MQL, SQL): leads scored by the owner's own rules, each point explained, and nothing used before a person
//! validated it. A rule is a line in a small file (`candor-qualification/1`); there is no model, and nothing leaves the machine.
//! Refuses whoever does not allow the profiling purpose now, rules that judge by what the law protects, and a result
//! without its reasons. Read next: `rules.rs`, `read.rs`, `overreach.rs`, then `leave.rs`, `score.rs` and `run.rs`; docs/qualification.md.

mod domain;
mod finding;
mod leave;
pub mod overreach;
mod problem;
mod read;
mod review;
mod rules;
mod run;
pub mod schema;
mod score;

pub use self::{
    finding::{Finding, Grade, Reason, open, seal},
    read::read,
    review::{Decided, Decision, Listed, decide, list, of_person, remove_ended},
    rules::{About, DomainClass, EventKind, FORMAT, Rule, Rules, Test, Thresholds},
    run::{Counts, Mode, Outcome, Refused, check, run},
};

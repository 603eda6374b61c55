//! The commands of the binary `candor`, one file each: `Arguments` as clap reads them, and `run`.
//! Refuses to share state: each command opens what it needs, and ends with an exit code.

pub mod backup;
pub mod canon;
pub mod check;
pub mod compile;
pub mod contact;
pub mod definition;
pub mod export;
pub mod import;
pub mod keys;
pub mod new;
pub mod notice;
pub mod place;
pub mod policy;
pub mod qualify;
pub mod render;
pub mod schema;
pub mod serve;
pub mod sweep;
pub mod target;
pub mod token;
pub mod tongue;
pub mod verify;

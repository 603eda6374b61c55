//! Requests in, answers out: extract, call the use case, map. No SQL and no rule of law here.
//! Refuses through one `ApiError` (`http/error.rs`); the table of routes is `router.rs`.

pub mod access_log;
pub mod bundle;
pub mod check;
pub mod confirm;
pub mod contacts;
pub mod download;
pub mod error;
pub mod extract;
pub mod forms;
pub mod health;
pub mod hosted;
pub mod leads;
pub mod limit;
pub mod mailbox;
pub mod manage;
pub mod map;
pub mod notice;
pub mod operator;
pub mod page;
pub mod people;
pub mod permissions;
pub mod problem;
pub mod qualifications;
pub mod receipt;
pub mod records;
pub mod requests;
pub mod restrictions;
pub mod schema;
pub mod security;
pub mod site;
pub mod statistics;
pub mod submissions;
pub mod watch;
pub mod webhooks;
pub mod well_known;

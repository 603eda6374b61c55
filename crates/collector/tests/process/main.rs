//! The binary as its operator runs it: a process, a port, a folder. What it is sent is bad, slow, or cut off by `kill -9`.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "../../benches/submissions/client.rs"]
mod client;
#[path = "../../benches/submissions/made.rs"]
#[expect(dead_code, reason = "the benchmark uses the rest")]
mod made;
#[path = "../../benches/sweep/people.rs"]
mod people;
#[path = "../../benches/submissions/server.rs"]
#[expect(dead_code, reason = "the benchmark uses the rest")]
mod server;

mod backup;
mod campaigns;
mod check;
mod command;
mod csv;
mod database;
mod durable;
mod export;
mod fixture;
mod flows;
mod flows_by_tls;
mod forged;
mod hostile;
mod imports;
mod mail;
mod notice;
mod operators;
mod posted;
#[path = "../api/receiver.rs"]
#[expect(dead_code, reason = "the tests of the router use the rest")]
mod receiver;
mod register;
mod robots;
mod secure;
mod silent;
mod sink;
mod stop;
mod sweep;
mod watch;

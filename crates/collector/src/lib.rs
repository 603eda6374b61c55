#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod app;
pub mod catalog;
pub mod clock;
pub mod command;
pub mod config;
pub mod follow_up;
pub mod forms;
pub mod http;
pub mod index;
pub mod ingest;
pub mod keys;
pub mod links;
pub mod mail;
pub mod mailbox;
pub mod outbox;
pub mod pages;
pub mod published;
pub mod router;
pub mod server;
pub mod start;
pub mod state;
pub mod store;
pub mod telemetry;
pub mod typography;
pub mod values;

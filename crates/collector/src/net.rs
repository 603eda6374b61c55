//! Requests that the collector makes itself, to addresses that somebody typed: never into a private network (SSRF).
//! Refuses by address, at the moment of connecting, not by name. Read next: `net/guard.rs`, then `net/client.rs`.

pub mod client;
pub mod guard;

pub use self::{
    client::{Client, Lookup, NetError, SystemLookup},
    guard::Network,
};

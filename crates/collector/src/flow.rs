//! What leaves for receivers: each target is bound to one purpose and one party of the published definition, and hears what
//! is true of a person now, while it is allowed, and that it has ended. Decided without a store or a socket by
//! `flow/decide.rs`; said in the words of each receiver by `flow/adapter.rs`.
//! Refuses a flow without a purpose and a party. Read next: `flow/adapter.rs`; for people: docs/webhooks.md.

pub mod adapter;

#![doc = include_str!("../README.md")]

// In reading order, which the blank lines keep from being sorted.

pub mod json;

pub mod canonical;

pub mod base64url;
pub mod digest;
pub mod id;
pub mod term;
pub mod time;

pub mod record;

pub mod envelope;
pub mod header;
pub mod key;

pub mod disclosure;

pub mod sign;

pub mod expected;

pub mod verify;

pub mod state;

#[cfg(feature = "export")]
pub mod export;

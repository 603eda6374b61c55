//! The consent record.

pub mod base64url;
pub mod canonical;
pub mod digest;
pub mod disclosure;
pub mod envelope;
pub mod expected;
pub mod header;
pub mod id;
pub mod json;
pub mod key;
pub mod record;
pub mod sign;
pub mod term;
pub mod time;
pub mod verify;

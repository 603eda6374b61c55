//! The consent record.

pub mod base64url;
pub mod canonical;
pub mod digest;
pub mod id;
pub mod json;
pub mod term;
pub mod time;

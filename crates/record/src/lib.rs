//! The consent record.

pub mod canonical;
pub mod json;

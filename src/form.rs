//! What can happen to a form: its state, the actions that change it, the rules of its fields.
//!
//! Everything here is pure and runs natively; `effects` alone touches the browser.

pub mod action;
pub mod field;
pub mod state;

#[cfg(target_arch = "wasm32")]
pub mod effects;
#[cfg(target_arch = "wasm32")]
pub mod sending;

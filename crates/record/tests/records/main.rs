//! The record from outside: shared vectors, standards, every rule of the specification, properties.

mod expected;
mod exports;
mod properties;
mod rules;
mod standards;
mod state;
mod steps;
mod support;
mod vectors;

//! The JSON Schema of a file of rules, for editors: written by hand beside the reader, and held to it by the tests of `read.rs`.
//! Refuses what the reader refuses by shape; what needs the forms is `overreach.rs`.

/// The schema, as `candor qualify schema` prints it.
pub fn text() -> &'static str {
    include_str!("schema.json")
}

//! RFC 8785: the one spelling of a JSON value that is hashed and signed.
//!
//! The spelling is done by `serde_json_canonicalizer`; what it cannot know (duplicate members, integers that no double
//! holds) was refused before by [`crate::json`].

use crate::json::Node;

/// The canonical bytes of what the strict reader read.
///
/// ```
/// use candor_record::{canonical::canonicalize, json::{Limits, parse}};
///
/// let node = parse(b"{\"b\": 1E2, \"a\": -0}", &Limits::CANONICAL)?;
/// assert_eq!(canonicalize(&node), b"{\"a\":0,\"b\":100}");
/// # Ok::<(), candor_record::json::JsonError>(())
/// ```
pub fn canonicalize(node: &Node) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(node).expect("every number of a node is a finite double, every name a string")
}

/// The canonical bytes of a value that was made here, not read.
pub fn canonical_json(value: &serde_json::Value) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value).expect("a JSON value has finite numbers and string names only")
}

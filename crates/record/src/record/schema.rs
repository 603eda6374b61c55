//! Why a payload has not the shape of a record.

use std::fmt;

use super::FORMAT;

/// A payload that is no `candor-record/1`. It names places and kinds, never what was written there.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaError {
    /// The payload is no object.
    NotAnObject,
    /// `format` is missing or another: a later version, perhaps.
    Format,
    /// A member is missing.
    Missing(String),
    /// A member that the format does not have, below that place.
    Unknown(String),
    /// A value that cannot stand at that place.
    Invalid(String),
    /// `null` where a member should be absent.
    Null,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SchemaError::NotAnObject => formatter.write_str("the payload is no object"),
            SchemaError::Format => write!(formatter, "format is not {FORMAT}"),
            SchemaError::Missing(place) => write!(formatter, "a required member is missing: {place}"),
            SchemaError::Unknown(place) => write!(formatter, "a member that {FORMAT} does not have, in {place}"),
            SchemaError::Invalid(place) => write!(formatter, "a value that cannot stand at {place}"),
            SchemaError::Null => formatter.write_str("an optional member is null, it should be absent"),
        }
    }
}

impl std::error::Error for SchemaError {}

//! A strict JSON reader that keeps the place of everything it reads.
//!
//! It refuses what would let one text mean two things: duplicate members at any depth, numbers that no double holds,
//! lone surrogates, a byte order mark, anything but UTF-8. It is written by hand because `serde_json` gives no spans
//! and swallows duplicate members: a signature over such a text proves nothing, and a diagnostic without a place helps
//! nobody. Go on with [`crate::canonical`], which spells a [`Node`] by RFC 8785.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

mod error;
mod reader;

pub use error::{JsonError, JsonErrorKind, line_column};

/// How much, how deep, and which numbers a text may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest text in bytes.
    pub max_bytes: usize,
    /// Deepest nesting: the number of arrays and objects that are open at once.
    pub max_depth: usize,
    /// Which numbers are accepted.
    pub numbers: Numbers,
}

/// Which numbers a text may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// Integers within ±(2^53−1), written without fraction or exponent (`spec/record.md` §2, step 1).
    SafeIntegers,
    /// Whatever a double can stand for; an integer literal must be exactly the double, or its RFC 8785 spelling
    /// (§3.2.2.3).
    AnyDouble,
}

impl Limits {
    /// Envelopes, headers and payloads (`spec/record.md` §2, step 1).
    pub const RECORD: Limits = Limits {
        max_bytes: 256 * 1024,
        max_depth: 32,
        numbers: Numbers::SafeIntegers,
    };
    /// Form definitions: they end up in records, so the same bounds hold.
    pub const DEFINITION: Limits = Limits::RECORD;
    /// `candor canon`: any JSON text; the depth keeps the reader's recursion off the end of the stack.
    pub const CANONICAL: Limits = Limits {
        max_bytes: 16 * 1024 * 1024,
        max_depth: 128,
        numbers: Numbers::AnyDouble,
    };
}

/// A stretch of the text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// Where it begins.
    pub offset: usize,
    /// How long it is.
    pub length: usize,
}

impl Span {
    /// The byte after the last one.
    pub fn end(self) -> usize {
        self.offset + self.length
    }
}

/// A value and the place where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// From the first byte of the value to its last; quotes and brackets included.
    pub span: Span,
    /// What stands there.
    pub value: Value,
}

/// A JSON value whose parts know their places.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number within the limits.
    Number(Number),
    /// A string, unescaped.
    String(String),
    /// An array.
    Array(Vec<Node>),
    /// An object: its members in the order of the text, each name once.
    Object(Vec<Member>),
}

/// One member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The name, unescaped.
    pub name: String,
    /// Where the name stands, quotes included.
    pub name_span: Span,
    /// The value.
    pub node: Node,
}

/// A number that was accepted under [`Numbers`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    double: f64,
    integer_literal: bool,
}

impl Number {
    /// The number as the double that RFC 8785 writes.
    pub fn as_f64(self) -> f64 {
        self.double
    }

    /// The number, where it was written as an integer within ±(2^53−1).
    pub fn as_i64(self) -> Option<i64> {
        let safe = self.integer_literal && self.double.abs() <= MAX_SAFE_INTEGER;
        safe.then_some(self.double as i64)
    }
}

/// 2^53−1: the largest integer below which every integer has a double of its own.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// Reads one JSON text (RFC 8259) strictly.
///
/// ```
/// use candor_record::json::{Limits, parse};
///
/// let node = parse(br#"{"id":"ebook"}"#, &Limits::RECORD)?;
/// assert_eq!(node.get("id").and_then(|id| id.as_str()), Some("ebook"));
///
/// let error = parse(b"{\"a\":1,\n \"a\":2}", &Limits::RECORD).expect_err("a duplicate member");
/// assert_eq!((error.line, error.column, error.pointer.as_str()), (2, 2, "/a"));
/// # Ok::<(), candor_record::json::JsonError>(())
/// ```
///
/// # Errors
/// The first thing that is no JSON or is beyond the limits, with its place.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Node, JsonError> {
    reader::read(bytes, limits)
}

impl Node {
    /// The member of that name, where this is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.member(name).map(|member| &member.node)
    }

    /// The member of that name with the place of its name.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.as_object()?.iter().find(|member| member.name == name)
    }

    /// The string, where this is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, where this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The number, where this is one.
    pub fn as_number(&self) -> Option<Number> {
        match self.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The items, where this is an array.
    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The members, where this is an object.
    pub fn as_object(&self) -> Option<&[Member]> {
        match &self.value {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// What kind of value this is, in words for a message.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }

    /// The value at an RFC 6901 pointer, where there is one.
    pub fn at(&self, pointer: &str) -> Option<&Node> {
        let mut node = self;
        for token in pointer.split('/').skip(1) {
            let name = token.replace("~1", "/").replace("~0", "~");
            node = match &node.value {
                Value::Array(items) => items.get(name.parse::<usize>().ok()?)?,
                _ => node.get(&name)?,
            };
        }
        Some(node)
    }

    /// The same value without places, for serde.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(number) => number
                .as_i64()
                .map_or_else(|| number.double.into(), serde_json::Value::from),
            Value::String(text) => text.as_str().into(),
            Value::Array(items) => items.iter().map(Node::to_json).collect(),
            Value::Object(members) => members.iter().map(|m| (m.name.clone(), m.node.to_json())).collect(),
        }
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Number(number) => match number.as_i64() {
                Some(integer) => serializer.serialize_i64(integer),
                None => serializer.serialize_f64(number.double),
            },
            Value::String(text) => serializer.serialize_str(text),
            Value::Array(items) => {
                let mut sequence = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    sequence.serialize_element(item)?;
                }
                sequence.end()
            }
            Value::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for member in members {
                    map.serialize_entry(&member.name, &member.node)?;
                }
                map.end()
            }
        }
    }
}

/// The RFC 6901 pointer of a path, one token per level.
pub(crate) struct Pointer<'a>(pub(crate) &'a [String]);

impl fmt::Display for Pointer<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for token in self.0 {
            write!(formatter, "/{}", token.replace('~', "~0").replace('/', "~1"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

//! Why a text is no JSON that Candor reads, and where.

use std::fmt;

/// A refused JSON text: what is wrong, and its place.
///
/// The message names the kind of mistake, never the text itself, which may be personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// What is wrong.
    pub kind: JsonErrorKind,
    /// RFC 6901 pointer of the innermost value that was being read; empty for the whole text.
    pub pointer: String,
    /// Byte offset of the place.
    pub offset: usize,
    /// Line of the place, from 1.
    pub line: usize,
    /// Column of the place in characters, from 1.
    pub column: usize,
}

/// What is wrong with a JSON text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JsonErrorKind {
    /// Longer than [`super::Limits::max_bytes`].
    TooLarge,
    /// Nested deeper than [`super::Limits::max_depth`].
    TooDeep,
    /// Not UTF-8.
    NotUtf8,
    /// Begins with a byte order mark (RFC 8259 §8.1 allows to refuse it; the bytes would not be canonical).
    ByteOrderMark,
    /// The text ends inside a value.
    UnexpectedEnd,
    /// A character that cannot stand here.
    UnexpectedCharacter,
    /// Something follows the value.
    TrailingCharacters,
    /// A member name stands twice in one object.
    DuplicateMember,
    /// A number with a fraction or an exponent where only integers are allowed.
    NotAnInteger,
    /// An integer beyond ±(2^53−1) where only those are allowed.
    IntegerOutOfRange,
    /// An integer literal that no double holds exactly.
    IntegerNotExact,
    /// A number beyond the range of a double.
    NumberOutOfRange,
    /// A number that is not spelled as JSON spells numbers.
    InvalidNumber,
    /// A backslash followed by something that is no escape.
    InvalidEscape,
    /// A surrogate without its other half: no character, so no UTF-8.
    LoneSurrogate,
    /// A control character that is not escaped.
    ControlCharacter,
}

impl JsonErrorKind {
    /// The mistake in words.
    pub fn message(self) -> &'static str {
        match self {
            JsonErrorKind::TooLarge => "the text is larger than allowed",
            JsonErrorKind::TooDeep => "arrays and objects are nested deeper than allowed",
            JsonErrorKind::NotUtf8 => "the text is not UTF-8",
            JsonErrorKind::ByteOrderMark => "the text begins with a byte order mark",
            JsonErrorKind::UnexpectedEnd => "the text ends inside a value",
            JsonErrorKind::UnexpectedCharacter => "this character cannot stand here",
            JsonErrorKind::TrailingCharacters => "something follows the value",
            JsonErrorKind::DuplicateMember => "this member stands twice in the same object",
            JsonErrorKind::NotAnInteger => "only integers are allowed, without fraction or exponent",
            JsonErrorKind::IntegerOutOfRange => "the integer is beyond ±(2^53−1)",
            JsonErrorKind::IntegerNotExact => "no double holds this integer exactly",
            JsonErrorKind::NumberOutOfRange => "the number is beyond the range of a double",
            JsonErrorKind::InvalidNumber => "this is no JSON number",
            JsonErrorKind::InvalidEscape => "this is no JSON escape",
            JsonErrorKind::LoneSurrogate => "a surrogate stands without its other half",
            JsonErrorKind::ControlCharacter => "a control character stands unescaped in a string",
        }
    }

    /// What to write instead.
    pub fn remedy(self) -> &'static str {
        match self {
            JsonErrorKind::TooLarge => "shorten the text",
            JsonErrorKind::TooDeep => "flatten the structure",
            JsonErrorKind::NotUtf8 => "save the text as UTF-8",
            JsonErrorKind::ByteOrderMark => "save the text without a byte order mark",
            JsonErrorKind::UnexpectedEnd => "complete the value, close every string, array and object",
            JsonErrorKind::UnexpectedCharacter => "remove it, or look for a missing quote or comma before it",
            JsonErrorKind::TrailingCharacters => "keep one value per text",
            JsonErrorKind::DuplicateMember => "keep one of the two",
            JsonErrorKind::NotAnInteger => "write an integer, or a string",
            JsonErrorKind::IntegerOutOfRange | JsonErrorKind::IntegerNotExact => "write it as a string",
            JsonErrorKind::NumberOutOfRange => "write it as a string",
            JsonErrorKind::InvalidNumber => "no leading zero, no plus sign, digits on both sides of the point",
            JsonErrorKind::InvalidEscape => r#"use \" \\ \/ \b \f \n \r \t or \u and four hexadecimal digits"#,
            JsonErrorKind::LoneSurrogate => "write both halves, or the character itself",
            JsonErrorKind::ControlCharacter => r"escape it, for example \n or \u0001",
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "line {}, column {}: {}",
            self.line,
            self.column,
            self.kind.message()
        )
    }
}

impl std::error::Error for JsonError {}

/// Line and column of a byte offset, both from 1; the column counts characters.
pub fn line_column(text: &[u8], offset: usize) -> (usize, usize) {
    let before = &text[..offset.min(text.len())];
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    // Bytes that continue a UTF-8 character begin with 10: every other byte begins one.
    let characters = before[line_start..].iter().filter(|byte| **byte & 0xC0 != 0x80).count();
    (line, characters + 1)
}

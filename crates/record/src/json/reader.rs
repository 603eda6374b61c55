//! The reader itself: recursive descent over bytes, one function per production of RFC 8259.

use std::collections::HashSet;

use super::{JsonError, JsonErrorKind, Limits, MAX_SAFE_INTEGER, Member, Node, Number, Numbers, Pointer, Span, Value};
use crate::canonical::canonical_json;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Node, JsonError> {
    let mut reader = Reader {
        bytes,
        position: 0,
        limits,
        path: Vec::new(),
    };
    if bytes.len() > limits.max_bytes {
        return Err(reader.error_at(JsonErrorKind::TooLarge, limits.max_bytes));
    }
    if let Err(error) = std::str::from_utf8(bytes) {
        return Err(reader.error_at(JsonErrorKind::NotUtf8, error.valid_up_to()));
    }
    if bytes.starts_with(BYTE_ORDER_MARK) {
        return Err(reader.error(JsonErrorKind::ByteOrderMark));
    }
    reader.skip_white_space();
    let node = reader.value()?;
    reader.skip_white_space();
    match reader.peek() {
        None => Ok(node),
        Some(_) => Err(reader.error(JsonErrorKind::TrailingCharacters)),
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
    limits: &'a Limits,
    /// Names and indices from the root to the value being read; its length is the depth.
    path: Vec<String>,
}

impl Reader<'_> {
    fn value(&mut self) -> Result<Node, JsonError> {
        let start = self.position;
        let value = match self.peek() {
            Some(b'{') => self.object()?,
            Some(b'[') => self.array()?,
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            _ => return Err(self.unexpected()),
        };
        Ok(Node {
            span: self.span_from(start),
            value,
        })
    }

    fn object(&mut self) -> Result<Value, JsonError> {
        self.open()?;
        let mut members = Vec::new();
        let mut names = HashSet::new();
        self.skip_white_space();
        if self.take(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            let start = self.position;
            if self.peek() != Some(b'"') {
                return Err(self.unexpected());
            }
            let name = self.string()?;
            let name_span = self.span_from(start);
            self.path.push(name.clone());
            if !names.insert(name.clone()) {
                return Err(self.error_at(JsonErrorKind::DuplicateMember, start));
            }
            self.skip_white_space();
            self.expect(b':')?;
            self.skip_white_space();
            let node = self.value()?;
            self.path.pop();
            members.push(Member { name, name_span, node });
            self.skip_white_space();
            if self.take(b'}') {
                return Ok(Value::Object(members));
            }
            self.expect(b',')?;
            self.skip_white_space();
        }
    }

    fn array(&mut self) -> Result<Value, JsonError> {
        self.open()?;
        let mut items = Vec::new();
        self.skip_white_space();
        if self.take(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            self.path.push(items.len().to_string());
            items.push(self.value()?);
            self.path.pop();
            self.skip_white_space();
            if self.take(b']') {
                return Ok(Value::Array(items));
            }
            self.expect(b',')?;
            self.skip_white_space();
        }
    }

    /// Steps over the bracket of an array or object, unless that is one level too deep.
    fn open(&mut self) -> Result<(), JsonError> {
        if self.path.len() >= self.limits.max_depth {
            return Err(self.error(JsonErrorKind::TooDeep));
        }
        self.position += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<String, JsonError> {
        self.position += 1;
        let mut text = String::new();
        loop {
            let start = self.position;
            while self
                .peek()
                .is_some_and(|byte| byte != b'"' && byte != b'\\' && byte >= 0x20)
            {
                self.position += 1;
            }
            let run = std::str::from_utf8(&self.bytes[start..self.position])
                .expect("the whole text is UTF-8, and a run ends before an ASCII byte or at the end");
            text.push_str(run);
            match self.peek() {
                Some(b'"') => {
                    self.position += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return Err(self.error(JsonErrorKind::ControlCharacter)),
                None => return Err(self.error(JsonErrorKind::UnexpectedEnd)),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let start = self.position;
        self.position += 1;
        let Some(letter) = self.peek() else {
            return Err(self.error(JsonErrorKind::UnexpectedEnd));
        };
        self.position += 1;
        match letter {
            b'"' => Ok('"'),
            b'\\' => Ok('\\'),
            b'/' => Ok('/'),
            b'b' => Ok('\u{8}'),
            b'f' => Ok('\u{c}'),
            b'n' => Ok('\n'),
            b'r' => Ok('\r'),
            b't' => Ok('\t'),
            b'u' => self.unicode_escape(start),
            _ => Err(self.error_at(JsonErrorKind::InvalidEscape, start)),
        }
    }

    fn unicode_escape(&mut self, start: usize) -> Result<char, JsonError> {
        let first = self.hexadecimal(start)?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first).ok_or_else(|| self.error_at(JsonErrorKind::LoneSurrogate, start));
        }
        if !(self.take(b'\\') && self.take(b'u')) {
            return Err(self.error_at(JsonErrorKind::LoneSurrogate, start));
        }
        let second = self.hexadecimal(start)?;
        if !(0xDC00..0xE000).contains(&second) {
            return Err(self.error_at(JsonErrorKind::LoneSurrogate, start));
        }
        let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        Ok(char::from_u32(code).expect("a pair of surrogates is a character above U+FFFF"))
    }

    fn hexadecimal(&mut self, start: usize) -> Result<u32, JsonError> {
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|byte| char::from(byte).to_digit(16)) else {
                return Err(self.error_at(JsonErrorKind::InvalidEscape, start));
            };
            self.position += 1;
            code = code * 16 + digit;
        }
        Ok(code)
    }

    fn number(&mut self) -> Result<Number, JsonError> {
        let start = self.position;
        self.take(b'-');
        if self.take(b'0') {
            if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(self.error_at(JsonErrorKind::InvalidNumber, start));
            }
        } else {
            self.digits(start)?;
        }
        let mut integer_literal = true;
        if self.take(b'.') {
            integer_literal = false;
            self.digits(start)?;
        }
        if self.take(b'e') || self.take(b'E') {
            integer_literal = false;
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits(start)?;
        }
        let literal = std::str::from_utf8(&self.bytes[start..self.position]).expect("digits and signs are ASCII");
        // Rust rounds to the nearest double, as RFC 8785 asks; too large a literal becomes infinite.
        let double: f64 = literal
            .parse()
            .expect("the grammar of JSON numbers is within that of f64");
        match self.number_error(literal, double, integer_literal) {
            Some(kind) => Err(self.error_at(kind, start)),
            None => Ok(Number {
                double,
                integer_literal,
            }),
        }
    }

    fn number_error(&self, literal: &str, double: f64, integer_literal: bool) -> Option<JsonErrorKind> {
        match self.limits.numbers {
            Numbers::SafeIntegers if !integer_literal => Some(JsonErrorKind::NotAnInteger),
            Numbers::SafeIntegers if double.abs() > MAX_SAFE_INTEGER => Some(JsonErrorKind::IntegerOutOfRange),
            Numbers::AnyDouble if double.is_infinite() => Some(JsonErrorKind::NumberOutOfRange),
            Numbers::AnyDouble if integer_literal && !stands_for(literal, double) => {
                Some(JsonErrorKind::IntegerNotExact)
            }
            _ => None,
        }
    }

    fn digits(&mut self, start: usize) -> Result<(), JsonError> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(self.error_at(JsonErrorKind::InvalidNumber, start));
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.position += 1;
        }
        Ok(())
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, JsonError> {
        for expected in word.bytes() {
            self.expect(expected)?;
        }
        Ok(value)
    }

    fn skip_white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.position += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.position += 1;
        }
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.take(byte) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn span_from(&self, start: usize) -> Span {
        Span {
            offset: start,
            length: self.position - start,
        }
    }

    fn unexpected(&self) -> JsonError {
        let ended = self.position >= self.bytes.len();
        self.error(if ended {
            JsonErrorKind::UnexpectedEnd
        } else {
            JsonErrorKind::UnexpectedCharacter
        })
    }

    fn error(&self, kind: JsonErrorKind) -> JsonError {
        self.error_at(kind, self.position)
    }

    fn error_at(&self, kind: JsonErrorKind, offset: usize) -> JsonError {
        let (line, column) = super::line_column(self.bytes, offset);
        JsonError {
            kind,
            pointer: Pointer(&self.path).to_string(),
            offset,
            line,
            column,
        }
    }
}

/// Does an integer literal stand for this double and nothing else?
///
/// It does where it is the double, digit by digit (`{:.0}` prints all of them; -0 is 0), and where it is the double's
/// own RFC 8785 spelling: from 2^53 to 10^21 that spelling pads with zeros (295147905179352830000 in appendix B), and
/// to refuse it would refuse canonical text.
fn stands_for(literal: &str, double: f64) -> bool {
    format!("{double:.0}") == literal || canonical_json(&double.into()) == literal.as_bytes()
}

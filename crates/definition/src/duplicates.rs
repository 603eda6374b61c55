//! Duplicate members: all of them are told, not only the first that the strict reader meets.
//!
//! The reader stops at a duplicate, for nobody can say which of the two counts. To tell the other problems of the file
//! as well, the second one is blanked out with spaces, which keeps every other position, and the text is read again.

use std::borrow::Cow;

use candor_record::json::{JsonError, JsonErrorKind, Limits, Node, Span, parse};

use crate::diagnostic::{Place, Report};
use crate::rule;

/// How many duplicates are told before giving up: the text is read once for each of them.
const MAX_DUPLICATES: usize = 32;

/// Reads the text as JSON and reports what is not strict.
pub(crate) fn read(report: &mut Report<'_>, text: &[u8]) -> Option<Node> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..MAX_DUPLICATES {
        match parse(&text, &Limits::DEFINITION) {
            Ok(node) => return Some(node),
            Err(error) => {
                refuse(report, &error);
                if error.kind != JsonErrorKind::DuplicateMember {
                    return None;
                }
                blank_member(text.to_mut(), error.offset)?;
            }
        }
    }
    None
}

fn refuse(report: &mut Report<'_>, error: &JsonError) {
    let place = Place {
        pointer: error.pointer.clone(),
        span: Span {
            offset: error.offset,
            length: 1,
        },
    };
    let rule = match error.kind {
        JsonErrorKind::DuplicateMember => rule::MEMBER_DUPLICATE,
        _ => rule::JSON,
    };
    report.refuse(rule, &place, error.kind.message(), error.kind.remedy());
}

/// Overwrites the member that begins at `start`, and the comma before it, with spaces.
fn blank_member(text: &mut [u8], start: usize) -> Option<()> {
    let comma = text[..start]
        .iter()
        .rposition(|byte| !byte.is_ascii_whitespace())
        .filter(|at| text[*at] == b',')?;
    let name_end = end_of_string(text, start)?;
    let colon = name_end + text[name_end..].iter().position(|byte| *byte == b':')?;
    let value = colon + 1 + text[colon + 1..].iter().position(|byte| !byte.is_ascii_whitespace())?;
    let end = end_of_value(text, value)?;
    // Line ends stay, so that lines keep their numbers.
    text[comma..end]
        .iter_mut()
        .filter(|byte| !matches!(byte, b'\n' | b'\r'))
        .for_each(|byte| *byte = b' ');
    Some(())
}

fn end_of_string(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

fn end_of_value(text: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = start;
    loop {
        match text.get(at)? {
            b'"' => at = end_of_string(text, at)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' if depth == 0 => return Some(at),
            b'}' | b']' => {
                depth -= 1;
                at += 1;
            }
            b',' if depth == 0 => return Some(at),
            _ => at += 1,
        }
        if depth == 0 && matches!(text.get(at - 1), Some(b'"' | b'}' | b']')) {
            return Some(at);
        }
    }
}

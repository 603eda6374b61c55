//! Identifiers: what they are made of.
//!
//! Ids stand in refs (`purpose.<id>.details`), in input names and in URLs, so a dot, a space or a slash would make two
//! of them read alike.

use crate::diagnostic::Report;
use crate::read::At;
use crate::rule::{self, Rule};

/// Longest id of a form, a party or a purpose.
const MAX_LEN: usize = 64;
/// Longest id of a field: it becomes an input name.
const MAX_FIELD_LEN: usize = 32;

/// The id of a party or a purpose.
pub(crate) fn read(report: &mut Report<'_>, at: &At<'_>, rule: Rule) -> Option<String> {
    let help = "write 1 to 64 letters, digits, hyphens or underscores, for example `newsletter`";
    checked(report, at, rule, help, |text| {
        text.len() <= MAX_LEN
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    })
}

/// The id of a form.
pub(crate) fn read_form(report: &mut Report<'_>, at: &At<'_>) -> Option<String> {
    let help = "write 1 to 64 small letters, digits or hyphens, for example `ebook-2026`";
    checked(report, at, rule::ID, help, |text| {
        text.len() <= MAX_LEN
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    })
}

/// The id of a field.
pub(crate) fn read_field(report: &mut Report<'_>, at: &At<'_>) -> Option<String> {
    let help = "write a small letter, then up to 31 small letters, digits or underscores, but not `id`";
    checked(report, at, rule::FIELD_ID, help, |text| {
        text.len() <= MAX_FIELD_LEN
            && text != "id"
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    })
}

fn checked(
    report: &mut Report<'_>,
    at: &At<'_>,
    rule: Rule,
    help: &str,
    accept: impl Fn(&str) -> bool,
) -> Option<String> {
    let text = at.string(report)?;
    if !accept(text) {
        report.refuse(rule, &at.place(), format!("`{text}` is not an id of this kind"), help);
        return None;
    }
    Some(text.to_owned())
}

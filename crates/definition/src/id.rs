//! Identifiers: read into the types of candor-record, which know what each is made of.
//!
//! Ids stand in refs (`purpose.<id>.details`), in input names and in URLs, so a dot, a space or a slash would make two
//! of them read alike.

use std::fmt::Display;
use std::str::FromStr;

use crate::diagnostic::Report;
use crate::read::At;
use crate::rule::Rule;

/// An id under the rule of its kind.
pub(crate) fn read<T: FromStr<Err: Display>>(report: &mut Report<'_>, at: &At<'_>, rule: Rule) -> Option<T> {
    let text = at.string(report)?;
    match text.parse() {
        Ok(id) => Some(id),
        Err(reason) => {
            let help = "write small letters and digits, for example `newsletter`";
            report.refuse(rule, &at.place(), format!("`{text}` is {reason}"), help);
            None
        }
    }
}

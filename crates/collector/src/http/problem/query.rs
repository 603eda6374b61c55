//! What is wrong with the members of an address, out of the sentence with which axum and serde refuse them.
//! Refuses to repeat a value, or a name that this server does not know: both are somebody else's words.

use super::super::error::Fault;
use crate::moment::UNREADABLE;

/// Before it stands axum's own prefix.
const PREFIX: &str = "Failed to deserialize query string: ";

/// The member, why it was refused, and what to do; `None` where the sentence is about something else.
pub(super) fn fault(sentence: &str) -> Option<Fault> {
    let said = sentence.strip_prefix(PREFIX)?;
    if let Some(name) = between(said, "missing field `", "`") {
        let detail = format!("the member `{name}` is missing from the address");
        return Some(Fault::new(format!("?{name}"), "missing", detail));
    }
    if let Some((before, known)) = said.rsplit_once(", expected ")
        && before.contains("unknown field")
        && is_list(known)
    {
        return Some(Fault::new(
            "?",
            "unknown",
            format!("a member that is not known here; write {known}"),
        ));
    }
    let (name, reason) = said.split_once(": ")?;
    // What was written stands before it, so the last one is serde's own.
    let expected = reason.rsplit_once(", expected ").map(|(_, expected)| expected);
    let detail = match expected {
        _ if reason == UNREADABLE => format!("`{name}` is {UNREADABLE}"),
        Some(expected) if reason.starts_with("unknown variant") => {
            format!("`{name}` is one of {}", expected.trim_start_matches("one of "))
        }
        _ => format!("`{name}` cannot be read as what it has to be"),
    };
    is_name(name).then(|| Fault::new(format!("?{name}"), "format", detail))
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

/// Names of members alone: nothing that somebody wrote as a value.
fn is_list(text: &str) -> bool {
    text.chars()
        .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '`' | ',' | ' '))
}

/// As members of this interface are spelled.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{extract::Query, http::Uri};
    use jiff::civil::Date;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only what is refused counts")]
    struct Asked {
        form: String,
        from: Option<Date>,
        #[serde(default, deserialize_with = "crate::moment::until_member")]
        at: Option<jiff::Timestamp>,
        format: Option<Format>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Format {
        Json,
        Csv,
        Html,
    }

    #[test]
    fn the_member_is_named_and_no_value() {
        let check = |query: &str, pointer: &str, detail: &str| {
            let uri: Uri = format!("http://a.example/?{query}").parse().expect("an address");
            let refused = Query::<Asked>::try_from_uri(&uri).expect_err("refused");
            let fault = fault(&refused.body_text()).expect("a fault");
            assert_eq!(
                (fault.pointer.as_str(), fault.detail.as_str()),
                (pointer, detail),
                "{query}"
            );
        };
        check("", "?form", "the member `form` is missing from the address");
        check(
            "form=a&from=ada@example.org",
            "?from",
            "`from` cannot be read as what it has to be",
        );
        check(
            "form=a&at=ada@example.org",
            "?at",
            "`at` is neither a day nor a time; write `2026-11-30` or `2026-11-30T12:00:00Z`",
        );
        check(
            "form=a&format=ada,+expected+bob",
            "?format",
            "`format` is one of `json`, `csv`, `html`",
        );
        check(
            "form=a&format=ada",
            "?format",
            "`format` is one of `json`, `csv`, `html`",
        );
        check(
            "form=a&ada@example.org=1",
            "?",
            "a member that is not known here; write one of `form`, `from`, `at`, `format`",
        );
        check(
            "form=a&x,+expected+ada@example.org=1",
            "?",
            "a member that is not known here; write one of `form`, `from`, `at`, `format`",
        );
    }
}

//! What is wrong with the members of an address, out of the sentence with which axum and serde refuse them.
//! Refuses to repeat a value, or a name that this server does not know: both are somebody else's words.

use super::super::error::Fault;
use crate::moment::{NO_DAY, UNREADABLE};

/// Before it stands axum's own prefix.
const PREFIX: &str = "Failed to deserialize query string: ";

/// The member, why it was refused, and what to do; `None` where the sentence is about something else.
pub(super) fn fault(sentence: &str) -> Option<Fault> {
    let said = sentence.strip_prefix(PREFIX)?;
    if let Some(name) = between(said, "missing field `", "`") {
        let detail = format!("the member `{name}` is missing from the address; add `{name}=`");
        return Some(Fault::new(format!("?{name}"), "missing", detail));
    }
    if let Some(name) = between(said, "duplicate field `", "`") {
        let detail = format!("the member `{name}` stands more than once in the address; write it once");
        return Some(Fault::new(format!("?{name}"), "duplicate", detail));
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
        _ if reason == UNREADABLE || reason == NO_DAY => format!("`{name}` is {reason}"),
        Some(expected) if reason.starts_with("unknown variant") => {
            let known = expected.trim_start_matches("one of ");
            format!("`{name}` is none of the words that are known here; write one of {known}")
        }
        _ => {
            let (what, remedy) = shape(reason);
            format!("`{name}` is {what}; {remedy}")
        }
    };
    is_name(name).then(|| Fault::new(format!("?{name}"), "format", detail))
}

/// What was wanted, by the sentences of the libraries that read numbers, answers and ids; and what to write instead.
fn shape(reason: &str) -> (&'static str, &'static str) {
    let is_number = ["digit found in string", "number too", "integer from empty string"];
    if is_number.iter().any(|words| reason.contains(words)) {
        return ("no whole number of a fitting size", "write one such as `50`");
    }
    if reason.contains("was not `true` or `false`") {
        return ("neither yes nor no", "write `true` or `false`");
    }
    if reason.starts_with("UUID parsing failed") {
        let id = "write one as another answer gave it, such as `3f2504e0-4f89-41d3-9a0c-0305e82c3301`";
        return ("no id", id);
    }
    (
        "not of the shape that it has here",
        "write it as the page about this route shows it",
    )
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
        #[serde(default, deserialize_with = "crate::moment::day_member")]
        from: Option<Date>,
        #[serde(default, deserialize_with = "crate::moment::until_member")]
        at: Option<jiff::Timestamp>,
        format: Option<Format>,
        limit: Option<u32>,
        sealed: Option<bool>,
        person: Option<uuid::Uuid>,
        other: Option<char>,
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
            // Whatever is refused, the reader is told what to do instead.
            assert!(
                fault.detail.contains("; write ") || fault.detail.contains("; add "),
                "{detail}"
            );
        };
        check(
            "",
            "?form",
            "the member `form` is missing from the address; add `form=`",
        );
        let twice = "the member `form` stands more than once in the address; write it once";
        check("form=a&form=ada@example.org", "?form", twice);
        for text in [
            "ada@example.org",
            "",
            "31/03/2026",
            "20260331",
            "2026-02-30",
            "2026-03-31T10:00",
        ] {
            let query = format!("form=a&from={text}");
            check(&query, "?from", "`from` is no day; write one such as `2026-03-31`");
        }
        check(
            "form=a&at=ada@example.org",
            "?at",
            "`at` is neither a day nor a time; write `2026-11-30` or `2026-11-30T12:00:00Z`",
        );
        for text in ["ada,+expected+bob", "ada", "CSV", ""] {
            let known = "`format` is none of the words that are known here; write one of `json`, `csv`, `html`";
            check(&format!("form=a&format={text}"), "?format", known);
        }
        for text in ["ada", "", "-1", "1.5", "99999999999"] {
            let number = "`limit` is no whole number of a fitting size; write one such as `50`";
            check(&format!("form=a&limit={text}"), "?limit", number);
        }
        for text in ["yes", "1", "", "True"] {
            let yes_or_no = "`sealed` is neither yes nor no; write `true` or `false`";
            check(&format!("form=a&sealed={text}"), "?sealed", yes_or_no);
        }
        for text in ["ada@example.org", "", "3f2504e0"] {
            let id = "`person` is no id; write one as another answer gave it, such as `3f2504e0-4f89-41d3-9a0c-0305e82c3301`";
            check(&format!("form=a&person={text}"), "?person", id);
        }
        let other = "`other` is not of the shape that it has here; write it as the page about this route shows it";
        check("form=a&other=ada@example.org", "?other", other);
        let unknown = "a member that is not known here; write one of `form`, `from`, `at`, `format`, `limit`, `sealed`, \
                       `person`, `other`";
        for text in ["ada@example.org=1", "x,+expected+ada@example.org=1"] {
            check(&format!("form=a&{text}"), "?", unknown);
        }
    }
}

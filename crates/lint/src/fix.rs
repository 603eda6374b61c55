//! What can be mended without asking: `candor check --fix`.
//!
//! A fix is safe when it can only make a form say less, ask later or spell better: a box that starts unticked, a
//! country in capital letters, a confirmation by mail. Words, purposes and figures are the owner's; nothing here
//! touches them. The rest of the file keeps every byte.

use candor_definition::{Country, Diagnostic};
use candor_record::json::{self, Limits, Node, Span, Value};

use crate::{Review, review};

/// A definition that was mended.
#[derive(Debug)]
pub struct Mended {
    /// The new text.
    pub text: Vec<u8>,
    /// What is no longer told, in the order in which it was mended.
    pub mended: Vec<Diagnostic>,
}

/// One change of a text.
#[derive(Debug, PartialEq, Eq)]
struct Edit {
    span: Span,
    replacement: String,
}

/// Rules that [`fix`] can mend.
pub const FIXABLE: [&str; 7] = [
    "C-DEF-COUNTRY",
    "C-DEF-PURPOSE-CATEGORY",
    "C-DEF-CONSENT-TICKED",
    "C-DEF-CONSENT-REQUIRED",
    "C-DEF-TWICE",
    "C-DE-DOI-01",
    "C-EU-STORAGE-SILENCE",
];

/// Most rounds: each mends one problem, which may uncover the next.
const MOST_ROUNDS: usize = 200;

/// The definition with everything mended that is safe; `None` where nothing is.
pub fn fix(text: &[u8], how: &Review) -> Option<Mended> {
    let mut mended = Mended {
        text: text.to_owned(),
        mended: Vec::new(),
    };
    for _ in 0..MOST_ROUNDS {
        let Some((problem, text)) = mend_one(&mended.text, how) else {
            break;
        };
        mended.text = text;
        mended.mended.push(problem);
    }
    (!mended.mended.is_empty()).then_some(mended)
}

/// The first problem that can be mended, and the text without it. An edit that does not help is not made.
fn mend_one(text: &[u8], how: &Review) -> Option<(Diagnostic, Vec<u8>)> {
    let root = json::parse(text, &Limits::DEFINITION).ok()?;
    let told = review(text, how);
    told.iter().find_map(|problem| {
        let edit = edit(text, &root, problem)?;
        let new = apply(text, &edit);
        let helps = json::parse(&new, &Limits::DEFINITION).is_ok()
            && count(&review(&new, how), problem) < count(&told, problem);
        helps.then(|| (problem.clone(), new))
    })
}

fn count(told: &[Diagnostic], problem: &Diagnostic) -> usize {
    told.iter().filter(|other| other.rule == problem.rule).count()
}

fn apply(text: &[u8], edit: &Edit) -> Vec<u8> {
    let mut new = text[..edit.span.offset].to_vec();
    new.extend_from_slice(edit.replacement.as_bytes());
    new.extend_from_slice(&text[edit.span.end()..]);
    new
}

fn edit(text: &[u8], root: &Node, problem: &Diagnostic) -> Option<Edit> {
    let pointer = problem.pointer.as_str();
    match problem.rule.as_str() {
        "C-DEF-COUNTRY" => replace(root.at(pointer)?, country(root.at(pointer)?.as_str()?)?),
        "C-DEF-PURPOSE-CATEGORY" => {
            let (_, bare) = root.at(pointer)?.as_str()?.rsplit_once([':', '#'])?;
            replace(root.at(pointer)?, bare)
        }
        "C-DEF-CONSENT-TICKED" => remove(root, pointer),
        // `required: true`; a basis or a kind that demands is the owner's to rethink.
        "C-DEF-CONSENT-REQUIRED" if pointer.ends_with("/required") => remove(root, pointer),
        "C-DEF-TWICE" => remove(root, pointer),
        "C-DE-DOI-01" => confirm(text, root),
        "C-EU-STORAGE-SILENCE" => replace(root.at("/renewal/onSilence")?, "expire"),
        _ => None,
    }
}

fn country(written: &str) -> Option<&'static str> {
    let code = match written.to_ascii_uppercase().as_str() {
        "UK" => Country::parse("GB"),
        "EL" => Country::parse("GR"),
        code => Country::parse(code),
    };
    code.map(Country::code)
}

fn replace(node: &Node, with: &str) -> Option<Edit> {
    Some(Edit {
        span: node.span,
        replacement: serde_json::to_string(with).ok()?,
    })
}

/// A member or an item with the comma beside it.
fn remove(root: &Node, pointer: &str) -> Option<Edit> {
    let (around, name) = pointer.rsplit_once('/')?;
    let spans: Vec<Span> = match &root.at(around)?.value {
        Value::Object(members) => members
            .iter()
            .map(|member| join(member.name_span, member.node.span))
            .collect(),
        Value::Array(items) => items.iter().map(|item| item.span).collect(),
        _ => return None,
    };
    let index = match &root.at(around)?.value {
        Value::Object(members) => members.iter().position(|member| member.name == name)?,
        _ => name.parse().ok()?,
    };
    let span = *spans.get(index)?;
    let cut = match (
        index.checked_sub(1).and_then(|before| spans.get(before)),
        spans.get(index + 1),
    ) {
        (Some(before), _) => between(before.end(), span.end()),
        (None, Some(next)) => between(span.offset, next.offset),
        (None, None) => span,
    };
    Some(Edit {
        span: cut,
        replacement: String::new(),
    })
}

/// A confirmation by mail: set where there is one, added at the end where there is none.
fn confirm(text: &[u8], root: &Node) -> Option<Edit> {
    const CONFIRMATION: &str = "{ \"doubleOptIn\": true, \"expires\": \"P3D\" }";
    if let Some(node) = root.at("/confirmation") {
        return Some(Edit {
            span: node.span,
            replacement: CONFIRMATION.to_owned(),
        });
    }
    let last = root.as_object()?.last()?;
    // The white space before the last member is that of the file.
    let before = &text[..last.name_span.offset];
    let blank = before
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count();
    let indent = String::from_utf8_lossy(&before[before.len() - blank..]);
    Some(Edit {
        span: between(last.node.span.end(), last.node.span.end()),
        replacement: format!(",{indent}\"confirmation\": {CONFIRMATION}"),
    })
}

fn join(first: Span, last: Span) -> Span {
    between(first.offset, last.end())
}

fn between(offset: usize, end: usize) -> Span {
    Span {
        offset,
        length: end - offset,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::fix;
    use crate::Review;

    const EXAMPLE: &str = include_str!("../examples/bases/ebook-rgpd.json");

    fn mended(text: &str) -> Option<(String, Vec<String>)> {
        let mended = fix(text.as_bytes(), &Review::on(date(2026, 11, 22)))?;
        let text = String::from_utf8(mended.text).expect("text");
        Some((text, mended.mended.into_iter().map(|told| told.rule).collect()))
    }

    #[test]
    fn what_is_safe_is_mended_and_the_rest_keeps_every_byte() {
        for (from, to, rule) in [
            (
                "\"country\": \"FR\",\n      \"address\"",
                "\"country\": \"fr\",\n      \"address\"",
                "C-DEF-COUNTRY",
            ),
            (
                "\"RequestedServiceProvision\"",
                "\"dpv:RequestedServiceProvision\"",
                "C-DEF-PURPOSE-CATEGORY",
            ),
            (
                "\"validity\": \"P18M\"",
                "\"checked\": true,\n      \"validity\": \"P18M\"",
                "C-DEF-CONSENT-TICKED",
            ),
        ] {
            let bad = EXAMPLE.replacen(from, to, 1);
            let (good, rules) = mended(&bad).unwrap_or_else(|| panic!("{rule}: nothing was mended"));
            assert_eq!(rules, [rule]);
            let without_blanks = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(without_blanks(&good), without_blanks(EXAMPLE), "{rule}");
        }
    }

    #[test]
    fn what_is_the_owners_is_left_alone() {
        assert!(mended(EXAMPLE).is_none());
        let unlawful = EXAMPLE.replacen(
            "J’accepte qu’Acme Conseil m’appelle",
            "Je ne souhaite pas qu’Acme m’appelle",
            1,
        );
        assert!(mended(&unlawful).is_none());
        assert!(mended("{").is_none());
    }
}

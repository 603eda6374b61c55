//! What was shown: which refs there are, in which order, how texts are read back, and what a consent needs (§5).

use super::{Checked, InvariantError, ensure, ensure_unique};
use crate::record::{ShownText, Submission, part};

/// Nobody consents uninformed.
pub(super) fn check_informed(shown: &[ShownText], statement: &str) -> Checked {
    ensure(has(shown, statement), InvariantError::StatementNotShown)?;
    let missing = ["controller", "policy", "withdrawal"]
        .into_iter()
        .find(|reference| !has(shown, reference));
    missing.map_or(Ok(()), |reference| Err(InvariantError::Uninformed(reference)))
}

pub(super) fn has(shown: &[ShownText], reference: &str) -> bool {
    shown.iter().any(|text| text.reference == reference)
}

/// The refs that stand for themselves, in reading order (§5); fields and purposes stand between the second and third.
const FIXED_REFS: [&str; 12] = [
    "title",
    "intro",
    "choices",
    "choices.note",
    "controller",
    "recipients",
    "retention",
    "rights",
    "complaint",
    "withdrawal",
    "policy",
    "submit",
];

pub(super) fn check_shown(shown: &[ShownText]) -> Checked {
    ensure_unique("a ref of shown", shown.iter().map(|text| &text.reference))?;
    ensure(
        shown.iter().all(|text| part::is_read_back(&text.text)),
        InvariantError::NotReadBack,
    )?;
    let known = |text: &ShownText| fixed_rank(&text.reference).is_some() || variable_ref(&text.reference).is_some();
    ensure(shown.iter().all(known), InvariantError::Reference)?;
    ensure(
        shown.iter().filter_map(|text| fixed_rank(&text.reference)).is_sorted(),
        InvariantError::ReadingOrder,
    )
}

fn fixed_rank(reference: &str) -> Option<usize> {
    FIXED_REFS.iter().position(|fixed| *fixed == reference)
}

enum VariableRef<'a> {
    Field(&'a str),
    Purpose(&'a str),
}

fn variable_ref(reference: &str) -> Option<VariableRef<'_>> {
    let mut parts = reference.split('.');
    let (group, id, suffix) = (parts.next()?, parts.next()?, parts.next());
    if parts.next().is_some() || id.is_empty() {
        return None;
    }
    match (group, suffix) {
        ("field", None | Some("hint")) => Some(VariableRef::Field(id)),
        ("purpose", None | Some("details" | "interest" | "objection")) => Some(VariableRef::Purpose(id)),
        _ => None,
    }
}

/// Every ref of a purpose or field names one of this record.
pub(super) fn check_references(record: &Submission) -> Checked {
    let known = |text: &ShownText| match variable_ref(&text.reference) {
        None => true,
        Some(VariableRef::Purpose(id)) => record.processes.iter().any(|process| process.purpose.as_str() == id),
        Some(VariableRef::Field(id)) => record
            .processes
            .iter()
            .flat_map(|process| &process.data)
            .any(|data| data.field.as_str() == id),
    };
    ensure(record.shown.iter().all(known), InvariantError::Reference)
}

//! What a refused definition is told: the place, the reason, and what to write instead.
//!
//! Positions count characters from 1, as editors do; the span counts bytes, as tools that draw carets do.

use candor_record::json::{Node, Span, line_column};
use serde::Serialize;

use crate::rule::Rule;

/// One problem of a definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Stable rule id, `C-DEF-…`.
    pub rule: String,
    /// How bad it is; every refusal is an error.
    pub severity: Severity,
    /// RFC 6901 pointer of the offending member or value.
    pub pointer: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// The same place in bytes.
    #[serde(skip)]
    pub span: Span,
    /// The reason: lower case, no full stop.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// Article of law or clause of the specification.
    pub source: String,
}

/// A problem that something else than the grammar found, before it has a place in the file.
#[derive(Debug, Clone)]
pub struct Problem<'p> {
    /// Stable id of the rule.
    pub rule: &'p str,
    /// How bad it is.
    pub severity: Severity,
    /// RFC 6901 pointer; where nothing stands there, the place is that of the closest value around it.
    pub pointer: String,
    /// The reason.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// Article of law or clause of the specification.
    pub source: &'p str,
}

impl Diagnostic {
    /// The problem at its place in the file whose strict reading is `root`.
    pub fn new(problem: Problem<'_>, text: &[u8], root: &Node) -> Self {
        let span = closest(root, &problem.pointer);
        let (line, column) = line_column(text, span.offset);
        Diagnostic {
            rule: problem.rule.to_owned(),
            severity: problem.severity,
            pointer: problem.pointer,
            line,
            column,
            span,
            message: printable(&problem.message),
            help: printable(&problem.help),
            source: problem.source.to_owned(),
        }
    }
}

fn closest(root: &Node, pointer: &str) -> Span {
    let around = std::iter::successors(Some(pointer), |pointer| Some(pointer.rsplit_once('/')?.0));
    around
        .filter_map(|pointer| root.at(pointer))
        .map(|node| node.span)
        .next()
        .unwrap_or(root.span)
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Probably wrong.
    Warning,
    /// The definition is refused.
    Error,
}

impl Severity {
    /// The word used in every output format.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Where a value or a member name stands.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) pointer: String,
    pub(crate) span: Span,
}

/// Collects the problems of one file.
#[derive(Debug)]
pub(crate) struct Report<'t> {
    text: &'t [u8],
    diagnostics: Vec<Diagnostic>,
}

impl<'t> Report<'t> {
    pub(crate) fn new(text: &'t [u8]) -> Self {
        Report {
            text,
            diagnostics: Vec::new(),
        }
    }

    pub(crate) fn refuse(&mut self, rule: Rule, place: &Place, message: impl Into<String>, help: impl Into<String>) {
        self.tell(Severity::Error, rule, place, message, help);
    }

    /// Says what is worth knowing and refuses nothing.
    pub(crate) fn note(&mut self, rule: Rule, place: &Place, message: impl Into<String>, help: impl Into<String>) {
        self.tell(Severity::Note, rule, place, message, help);
    }

    fn tell(
        &mut self,
        severity: Severity,
        rule: Rule,
        place: &Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let (line, column) = line_column(self.text, place.span.offset);
        self.diagnostics.push(Diagnostic {
            rule: rule.id.to_owned(),
            severity,
            pointer: place.pointer.clone(),
            line,
            column,
            span: Span {
                offset: place.span.offset,
                length: place.span.length,
            },
            message: printable(&message.into()),
            help: printable(&help.into()),
            source: rule.source.to_owned(),
        });
    }

    /// Whether nothing was refused.
    pub(crate) fn is_good(&self) -> bool {
        self.diagnostics.iter().all(|told| told.severity == Severity::Note)
    }

    /// All problems by position; the same problem of the same place is told once.
    pub(crate) fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by(|a, b| {
            (a.span.offset, &a.pointer, &a.rule, &a.message).cmp(&(b.span.offset, &b.pointer, &b.rule, &b.message))
        });
        self.diagnostics.dedup();
        self.diagnostics
    }
}

/// Longest message or remedy in characters: both can quote the file.
const MAX_CHARACTERS: usize = 600;

/// Control characters escaped and the rest clipped: a quoted value must not steer the terminal that prints it.
fn printable(text: &str) -> String {
    let mut printable = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == MAX_CHARACTERS {
            printable.push('…');
            break;
        }
        if character.is_control() {
            printable.extend(character.escape_default());
        } else {
            printable.push(character);
        }
    }
    printable
}

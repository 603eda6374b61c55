//! What became of each line of an import: taken, held, refused, unchanged, and why. As text, CSV or JSON, line by line.
//! Refuses personal values: a line is named by its number, a field by its id.

use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::spreadsheet;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// On record.
    Taken,
    /// On record, and something of it waits for the person.
    Held,
    /// Nothing of it is kept.
    Refused,
    /// The same act was taken over before.
    Unchanged,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Held => "held",
            Self::Refused => "refused",
            Self::Unchanged => "unchanged",
        }
    }
}

/// Why: a stable word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code {
    Shape,
    Time,
    Field,
    NoPurpose,
    NoWords,
    BoxTicked,
    BoxRequired,
    BoxUnknown,
    Unanswered,
    Expired,
    Retention,
    Suppressed,
    Erased,
    Confirmation,
    Words,
    OnRecord,
    Before,
}

impl Code {
    pub const ALL: [Self; 17] = [
        Self::Shape,
        Self::Time,
        Self::Field,
        Self::NoPurpose,
        Self::NoWords,
        Self::BoxTicked,
        Self::BoxRequired,
        Self::BoxUnknown,
        Self::Unanswered,
        Self::Expired,
        Self::Retention,
        Self::Suppressed,
        Self::Erased,
        Self::Confirmation,
        Self::Words,
        Self::OnRecord,
        Self::Before,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shape => "shape",
            Self::Time => "time",
            Self::Field => "field",
            Self::NoPurpose => "no-purpose",
            Self::NoWords => "no-words",
            Self::BoxTicked => "box-ticked",
            Self::BoxRequired => "box-required",
            Self::BoxUnknown => "box-unknown",
            Self::Unanswered => "unanswered",
            Self::Expired => "expired",
            Self::Retention => "retention",
            Self::Suppressed => "suppressed",
            Self::Erased => "erased",
            Self::Confirmation => "confirmation",
            Self::Words => "words",
            Self::OnRecord => "on-record",
            Self::Before => "before",
        }
    }
}

/// One reason, of one purpose or of the whole line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub purpose: Option<String>,
    pub code: Code,
    pub detail: String,
}

impl Note {
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            purpose: None,
            code,
            detail: detail.into(),
        }
    }

    pub fn of(purpose: &str, code: Code, detail: impl Into<String>) -> Self {
        Self {
            purpose: Some(purpose.to_owned()),
            ..Self::new(code, detail)
        }
    }

    fn words(&self) -> String {
        match &self.purpose {
            Some(purpose) => format!("{purpose}: {}", self.detail),
            None => self.detail.clone(),
        }
    }
}

/// A line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub line: u64,
    pub outcome: Outcome,
    pub record: Option<Uuid>,
    pub notes: Vec<Note>,
}

impl Line {
    pub fn refused(line: u64, notes: Vec<Note>) -> Self {
        Self {
            line,
            outcome: Outcome::Refused,
            record: None,
            notes,
        }
    }
}

/// How many of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub taken: u64,
    pub held: u64,
    pub refused: u64,
    pub unchanged: u64,
}

impl Counts {
    pub fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Taken => self.taken += 1,
            Outcome::Held => self.held += 1,
            Outcome::Refused => self.refused += 1,
            Outcome::Unchanged => self.unchanged += 1,
        }
    }
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    Text,
    Json,
    Csv,
}

/// What is said once.
#[derive(Debug, Clone)]
pub struct Head {
    pub form: String,
    pub version: String,
    pub file: String,
    pub source: String,
    pub dry_run: bool,
}

/// Prints a report as it grows; its head with the first line, or with the end of an empty one.
#[derive(Debug)]
pub struct Printer {
    format: Format,
    head: Head,
    counts: Counts,
    lines: u64,
}

impl Printer {
    pub fn new(format: Format, head: Head) -> Self {
        Self {
            format,
            head,
            counts: Counts::default(),
            lines: 0,
        }
    }

    pub fn has_begun(&self) -> bool {
        self.lines > 0
    }

    pub fn counts(&self) -> Counts {
        self.counts
    }

    fn begin(&self) -> String {
        let head = &self.head;
        let rehearsal = if head.dry_run {
            " (rehearsal: nothing is written)"
        } else {
            ""
        };
        match self.format {
            Format::Text => format!("form {}, {}{rehearsal}\n", head.form, head.file),
            Format::Csv => spreadsheet::line(["line", "outcome", "record", "purpose", "code", "detail"]),
            Format::Json => {
                let head = json!({
                    "format": "candor-import-report/1",
                    "form": head.form,
                    "version": head.version,
                    "file": head.file,
                    "source": head.source,
                    "dryRun": head.dry_run,
                });
                let mut head = head.to_string();
                head.pop();
                format!("{head},\"lines\":[")
            }
        }
    }

    pub fn line(&mut self, line: &Line) -> String {
        let (begin, comma) = match self.has_begun() {
            false => (self.begin(), ""),
            true => (String::new(), ","),
        };
        self.counts.count(line.outcome);
        self.lines += 1;
        begin
            + &match self.format {
                Format::Text => text(line),
                Format::Csv => spreadsheet(line),
                Format::Json => format!("{comma}\n{}", document(line)),
            }
    }

    pub fn end(&self) -> String {
        let Counts {
            taken,
            held,
            refused,
            unchanged,
        } = self.counts;
        let begin = if self.has_begun() { String::new() } else { self.begin() };
        begin
            + &match self.format {
                Format::Text => format!("{taken} taken, {held} held, {refused} refused, {unchanged} unchanged\n"),
                Format::Csv => String::new(),
                Format::Json => format!("\n],\"counts\":{}}}\n", json!(self.counts)),
            }
    }
}

fn text(line: &Line) -> String {
    let notes: Vec<String> = line.notes.iter().map(Note::words).collect();
    format!("{:>7}  {:<9}  {}\n", line.line, line.outcome.as_str(), notes.join("; "))
        .trim_end()
        .to_owned()
        + "\n"
}

/// A row for each reason, so that a spreadsheet can filter; one without a reason has one row all the same.
fn spreadsheet(line: &Line) -> String {
    let record = line.record.map(|id| id.to_string()).unwrap_or_default();
    let row = |purpose: &str, code: &str, detail: &str| {
        let number = line.line.to_string();
        spreadsheet::line([number.as_str(), line.outcome.as_str(), &record, purpose, code, detail])
    };
    if line.notes.is_empty() {
        return row("", "", "");
    }
    let rows = line.notes.iter().map(|note| {
        row(
            note.purpose.as_deref().unwrap_or_default(),
            note.code.as_str(),
            &note.detail,
        )
    });
    rows.collect()
}

fn document(line: &Line) -> Value {
    let note = |note: &Note| {
        let mut said = json!({"code": note.code.as_str(), "detail": note.detail});
        if let Some(purpose) = &note.purpose {
            said["purpose"] = json!(purpose);
        }
        said
    };
    let mut said = json!({
        "line": line.line,
        "outcome": line.outcome.as_str(),
        "why": line.notes.iter().map(note).collect::<Vec<_>>(),
    });
    if let Some(record) = line.record {
        said["record"] = json!(record);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_is_documented() {
        let document = include_str!("../../../../docs/import.md");
        for code in Code::ALL {
            let word = format!("`{}`", code.as_str());
            assert!(document.contains(&word), "docs/import.md lacks {word}");
        }
    }

    #[test]
    fn the_document_is_json_however_many_lines_it_has() {
        let head = Head {
            form: "f".into(),
            version: "v".into(),
            file: "sha256-x".into(),
            source: "a \"list\"".into(),
            dry_run: false,
        };
        for lines in 0..3 {
            let mut printer = Printer::new(Format::Json, head.clone());
            let mut text = String::new();
            for line in 0..lines {
                text += &printer.line(&Line::refused(line, vec![Note::of("a", Code::NoWords, "=1+1")]));
            }
            text += &printer.end();
            let document: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert_eq!(document["counts"]["refused"], lines);
            assert_eq!(document["lines"].as_array().map(Vec::len), Some(lines as usize));
        }
    }
}

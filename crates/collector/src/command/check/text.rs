//! Problems for people: the line of the definition, a caret, the reason, the remedy and the source.

use std::fmt;

use candor_definition::{Diagnostic, Severity};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};

/// How the text looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Colours, for terminals.
    pub coloured: bool,
}

/// Widest text; a remedy is a sentence and reads badly in longer lines.
const WIDTH: usize = 110;

/// The problems of one file.
pub fn render(style: Style, file: &str, text: &[u8], problems: &[Diagnostic]) -> String {
    let theme = if style.coloured {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_width(WIDTH)
        .with_context_lines(1);
    // The drawing wants UTF-8. Where the text is not, the only problem stands at the first wrong byte, and everything
    // before it keeps its place.
    let source = NamedSource::new(file, harmless(&String::from_utf8_lossy(text)));
    let mut output = String::new();
    for problem in problems {
        let drawn = Drawn {
            problem,
            source: &source,
        };
        if handler.render_report(&mut output, &drawn).is_err() {
            output.push_str(&format!(
                "{file}:{}:{}: {}\n",
                problem.line, problem.column, problem.message
            ));
        }
        output.push('\n');
    }
    output
}

/// Control characters become as many spaces as they have bytes: a file must not steer the terminal that shows it, and
/// every place stays where it was.
fn harmless(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => harmless.push(character),
            _ if character.is_control() => harmless.extend(std::iter::repeat_n(' ', character.len_utf8())),
            _ => harmless.push(character),
        }
    }
    harmless
}

/// A problem as miette draws it.
#[derive(Debug)]
struct Drawn<'p> {
    problem: &'p Diagnostic,
    source: &'p NamedSource<String>,
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.problem.message)
    }
}

impl std::error::Error for Drawn<'_> {}

impl miette::Diagnostic for Drawn<'_> {
    fn code(&self) -> Option<Box<dyn fmt::Display + '_>> {
        Some(Box::new(&self.problem.rule))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.problem.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn help(&self) -> Option<Box<dyn fmt::Display + '_>> {
        let Diagnostic {
            pointer, help, source, ..
        } = self.problem;
        let place = if pointer.is_empty() {
            String::new()
        } else {
            format!("\nat: {}", harmless(pointer))
        };
        let link = candor_lint::rule(&self.problem.rule).map_or(String::new(), |rule| format!("\n{}", rule.link));
        Some(Box::new(format!("{help}{place}\nsource: {source}{link}")))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let text = self.source.inner().as_str();
        let start = self.problem.span.offset.min(text.len());
        let end = (start + self.problem.span.length).min(text.len());
        // Of an object that spans lines, the first line is enough to find it.
        let piece = text.get(start..end).unwrap_or_default();
        let length = piece.lines().next().map_or(0, str::len);
        Some(Box::new(std::iter::once(LabeledSpan::new(
            Some("here".to_owned()),
            start,
            length,
        ))))
    }
}

#[cfg(test)]
mod tests {
    use super::{Style, render};

    #[test]
    fn a_problem_shows_line_caret_remedy_and_source() {
        let text = b"{\n  \"format\": \"candor-form/2\"\n}";
        let problems = candor_definition::parse(text).expect_err("it is refused");
        let output = render(Style { coloured: false }, "form.json", text, &problems);
        for piece in [
            "C-DEF-FORMAT",
            "form.json:2:13",
            "\"candor-form/2\"",
            "write `candor-form/1`",
            "at: /format",
            "source: ",
        ] {
            assert!(output.contains(piece), "{piece} is missing in\n{output}");
        }
    }

    #[test]
    fn any_bytes_can_be_drawn() {
        for text in [
            &b""[..],
            b"\xff",
            b"[\"\xc3\"]",
            b"{\"a\":\xff}",
            b"\n\n",
            b"\xef\xbb\xbf{}",
            "\"é".as_bytes(),
        ] {
            let problems = candor_definition::parse(text).expect_err("it is refused");
            assert!(!render(Style { coloured: true }, "form.json", text, &problems).is_empty());
        }
    }
}

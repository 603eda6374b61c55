//! A file, line by line: CSV with commas, semicolons or tabs, or the leads of Meta as JSON. Read by a thread of its own, a
//! few hundred lines ahead at most, so that the size of a file does not matter.
//! Refuses a line that has not a cell for each column, and a file without columns. Read next: `rows/text.rs`, how bytes
//! become text.

use std::{
    collections::HashMap,
    fmt,
    fs::File,
    io::{self, BufRead, Read},
    path::{Path, PathBuf},
};

use candor_record::base64url;
use ring::digest::{Context, SHA256};
use serde::de::DeserializeSeed;
use tokio::sync::mpsc;

use self::text::{LineMeter, Text};
use super::{Order, meta};

mod text;

/// Lines that are read ahead.
const AHEAD: usize = 256;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A list with a line of column names
    Csv,
    /// Leads of Meta: the Graph API's JSON, or the list that Meta lets one download
    Meta,
}

impl Format {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Meta => "meta",
        }
    }
}

/// A line's cells by the name of their column.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// In the file, from 1; of JSON the number of the lead.
    pub line: u64,
    pub cells: Result<HashMap<String, String>, Fault>,
}

impl fmt::Debug for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Row({}, personal)", self.line)
    }
}

/// A line that cannot be read, while the next one can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Cells,
    Utf8,
}

impl Fault {
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Cells => "not as many cells as the line of column names has",
            Self::Utf8 => "bytes that are no text in UTF-8 or UTF-16",
        }
    }
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RowsError {
    #[error("{}: {source}; name a file that can be read", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error(
        "the line of column names is missing, longer than 1 MiB, or no text in UTF-8 or UTF-16 with its mark; save the list \
         as CSV that begins with it"
    )]
    Head,
    /// A list without that line begins with a person: what stands there is not repeated.
    #[error("the columns {0} and {1} have the same name; rename one of them, or begin the file with a line of names")]
    Twice(usize, usize),
    #[error("line {0}: {1}; nothing after it was read")]
    Broken(u64, String),
}

/// SHA-256 of a file, read once.
///
/// # Errors
/// It cannot be read.
pub fn digest(path: &Path) -> Result<Vec<u8>, RowsError> {
    let failed = |source| RowsError::Io {
        path: path.to_owned(),
        source,
    };
    let mut file = File::open(path).map_err(failed)?;
    let (mut context, mut buffer) = (Context::new(&SHA256), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut buffer).map_err(failed)? {
            0 => return Ok(context.finish().as_ref().to_vec()),
            read => context.update(&buffer[..read]),
        }
    }
}

/// A file that was opened, with its columns where it has any.
pub struct Rows {
    head: Option<Vec<String>>,
    source: Source,
    meter: LineMeter,
}

impl fmt::Debug for Rows {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Rows(personal)")
    }
}

enum Source {
    Csv {
        reader: Box<csv::Reader<Text<File>>>,
        marked: bool,
        ends: Ends,
    },
    Json(Text<File>),
}

impl Rows {
    /// Opens the file of an order.
    ///
    /// # Errors
    /// No such file, or a CSV without its first line.
    pub fn open(order: &Order) -> Result<Self, RowsError> {
        let failed = |source| RowsError::Io {
            path: order.file.clone(),
            source,
        };
        let mut text = Text::open(&order.file).map_err(failed)?;
        let meter = text.meter();
        let start = text.fill_buf().map_err(failed)?;
        let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
        if order.format == Format::Meta && matches!(first, Some(b'{' | b'[')) {
            let source = Source::Json(text);
            let head = None;
            return Ok(Self { head, source, meter });
        }
        let (delimiter, ends) = shape(start);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(text);
        let source = |reader| Source::Csv {
            reader: Box::new(reader),
            marked: order.format == Format::Meta,
            ends,
        };
        let head = head(&mut reader)?;
        Ok(Self {
            head: Some(head),
            source: source(reader),
            meter,
        })
    }

    /// The columns of a CSV; leads of Meta each have their own.
    pub fn head(&self) -> Option<&[String]> {
        self.head.as_deref()
    }

    /// Reads on, in a thread that ends with the file, with the first line that breaks it, or with the receiver.
    pub fn start(self) -> mpsc::Receiver<Result<Row, RowsError>> {
        let (sender, receiver) = mpsc::channel(AHEAD);
        let Self { head, source, meter } = self;
        std::thread::spawn(move || match source {
            Source::Csv { reader, marked, ends } => {
                csv(*reader, &meter, (&head.unwrap_or_default(), marked, ends), &sender);
            }
            Source::Json(text) => json(text, &meter, &sender),
        });
        receiver
    }
}

/// The names of the columns, each once.
fn head(reader: &mut csv::Reader<impl Read>) -> Result<Vec<String>, RowsError> {
    let head = reader.headers().map_err(|_| RowsError::Head)?;
    let head: Vec<String> = head.iter().map(|name| name.trim().to_owned()).collect();
    if head.iter().all(String::is_empty) || head.iter().any(|name| name.contains('\0')) {
        return Err(RowsError::Head);
    }
    for (at, name) in head.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if let Some(before) = head[..at].iter().position(|known| known == name) {
            return Err(RowsError::Twice(before + 1, at + 1));
        }
    }
    Ok(head)
}

type Sender = mpsc::Sender<Result<Row, RowsError>>;

fn csv(
    mut reader: csv::Reader<impl Read>,
    meter: &LineMeter,
    (head, marked, ends): (&[String], bool, Ends),
    sender: &Sender,
) {
    let mut record = csv::ByteRecord::new();
    loop {
        meter.restart();
        let line = ends.line(reader.position());
        let row = match reader.read_byte_record(&mut record) {
            Ok(false) => return,
            Ok(true) => Ok(Row {
                line: record.position().map_or(line, |position| ends.line(position)),
                cells: cells(&record, head, marked),
            }),
            Err(error) => Err(RowsError::Broken(line, error.to_string())),
        };
        let is_last = row.is_err();
        // Nobody takes them any more.
        if sender.blocking_send(row).is_err() || is_last {
            return;
        }
    }
}

fn cells(record: &csv::ByteRecord, head: &[String], marked: bool) -> Result<HashMap<String, String>, Fault> {
    if record.len() != head.len() {
        return Err(Fault::Cells);
    }
    let cell = |(name, cell): (&String, &[u8])| {
        let text = std::str::from_utf8(cell).map_err(|_| Fault::Utf8)?;
        let text = if marked { meta::unmarked(text) } else { text };
        Ok((name.clone(), text.to_owned()))
    };
    head.iter().zip(record.iter()).map(cell).collect()
}

fn json(text: impl Read, meter: &LineMeter, sender: &Sender) {
    let mut line = 0;
    let mut take = |cells| {
        meter.restart();
        line += 1;
        let row = Row { line, cells: Ok(cells) };
        sender.blocking_send(Ok(row)).is_ok()
    };
    let mut deserializer = serde_json::Deserializer::from_reader(text);
    let mut outcome = Ok(());
    while outcome.is_ok() && deserializer.end().is_err() {
        outcome = meta::Leads(&mut take).deserialize(&mut deserializer);
    }
    if let Err(error) = outcome {
        // The text of the error has a place and a kind; what stood there is not repeated.
        let reason = match error.classify() {
            serde_json::error::Category::Io => error.to_string(),
            _ => "no lead as the Graph API answers it".to_owned(),
        };
        let place = format!("{reason} (line {}, column {})", error.line(), error.column());
        let _ = sender.blocking_send(Err(RowsError::Broken(line + 1, place)));
    }
}

/// By what lines end. The reader counts a line feed when it meets it: that of CR LF only with the next line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    Lf,
    CrLf,
}

impl Ends {
    fn line(self, position: &csv::Position) -> u64 {
        position.line() + u64::from(self == Self::CrLf)
    }
}

/// What separates cells (a comma, a semicolon or a tab: what stands most often outside of quotation marks in the first
/// line), and what ends lines.
fn shape(start: &[u8]) -> (u8, Ends) {
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    let (mut quoted, mut ends) = (false, Ends::Lf);
    for (at, byte) in start.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            b'\r' if !quoted => {
                if start.get(at + 1) == Some(&b'\n') {
                    ends = Ends::CrLf;
                }
                break;
            }
            byte if !quoted => {
                if let Some((_, count)) = counts.iter_mut().find(|(delimiter, _)| delimiter == byte) {
                    *count += 1;
                }
            }
            _ => {}
        }
    }
    let most = counts.iter().rev().max_by_key(|(_, count)| *count);
    (most.map_or(b',', |(delimiter, _)| *delimiter), ends)
}

/// `sha256-` and the digest, as reports write it.
pub fn named(digest: &[u8]) -> String {
    format!("sha256-{}", base64url::encode(digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_tells_separators_and_ends() {
        for (start, expected) in [
            ("a,b,c\n1;2;3;4\r\n", (b',', Ends::Lf)),
            ("a;b\r\n", (b';', Ends::CrLf)),
            ("a\tb\tc", (b'\t', Ends::Lf)),
            ("\"x,\r\ny\";b\n", (b';', Ends::Lf)),
            ("a", (b',', Ends::Lf)),
            ("", (b',', Ends::Lf)),
        ] {
            assert_eq!(shape(start.as_bytes()), expected, "{start:?}");
        }
    }
}

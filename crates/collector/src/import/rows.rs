//! A file, line by line: CSV with commas, semicolons or tabs, or the leads of Meta as JSON. Read by a thread of its own, a
//! few hundred lines ahead at most, so that the size of a file does not matter.
//! Refuses another encoding than UTF-8, and a line that does not end.

use std::{
    collections::HashMap,
    fmt,
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use candor_record::base64url;
use ring::digest::{Context, SHA256};
use serde::de::DeserializeSeed;
use tokio::sync::mpsc;

use super::{Order, meta};

/// Lines that are read ahead.
const AHEAD: usize = 256;

/// Longest line in bytes: a lead, not a file. A quotation mark that is never closed would swallow the rest.
pub const MAX_LINE_BYTES: usize = 1024 * 1024;

/// Where the format of a line's cells is guessed from.
const MAX_HEAD_BYTES: usize = 64 * 1024;

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
            Self::Utf8 => "not UTF-8",
        }
    }
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RowsError {
    #[error("{}: {source}; name a file that can be read", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("the file begins with the mark of UTF-16; save it as UTF-8")]
    Utf16,
    #[error("the line of column names is missing, not UTF-8, or longer than 64 KiB; begin the file with it")]
    Head,
    #[error("two columns are named `{0}`; rename one of them")]
    Twice(String),
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
}

impl fmt::Debug for Rows {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Rows(personal)")
    }
}

enum Source {
    Csv {
        reader: Box<csv::Reader<Metered>>,
        read: Arc<AtomicUsize>,
        marked: bool,
        ends: Ends,
    },
    Json(BufReader<File>),
}

impl Rows {
    /// Opens the file of an order.
    ///
    /// # Errors
    /// No such file, UTF-16, or a CSV without its first line.
    pub fn open(order: &Order) -> Result<Self, RowsError> {
        let failed = |source| RowsError::Io {
            path: order.file.clone(),
            source,
        };
        let mut file = BufReader::with_capacity(MAX_HEAD_BYTES, File::open(&order.file).map_err(failed)?);
        let start = file.fill_buf().map_err(failed)?;
        if start.starts_with(&[0xFF, 0xFE]) || start.starts_with(&[0xFE, 0xFF]) {
            return Err(RowsError::Utf16);
        }
        let mark = if start.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
        let first = start[mark..].iter().find(|byte| !byte.is_ascii_whitespace());
        if order.format == Format::Meta && matches!(first, Some(b'{' | b'[')) {
            file.consume(mark);
            return Ok(Self {
                head: None,
                source: Source::Json(file),
            });
        }
        let (delimiter, ends) = shape(&start[mark..]);
        let mut file = file.into_inner();
        file.seek(SeekFrom::Start(mark as u64)).map_err(failed)?;
        let read = Arc::new(AtomicUsize::new(0));
        let metered = Metered {
            file,
            read: Arc::clone(&read),
        };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(metered);
        let head = reader.headers().map_err(|_| RowsError::Head)?;
        let head: Vec<String> = head.iter().map(|name| name.trim().to_owned()).collect();
        if head.iter().all(String::is_empty) {
            return Err(RowsError::Head);
        }
        let twice = head
            .iter()
            .enumerate()
            .find(|(at, name)| !name.is_empty() && head[..*at].contains(name));
        if let Some((_, name)) = twice {
            return Err(RowsError::Twice(name.clone()));
        }
        Ok(Self {
            head: Some(head),
            source: Source::Csv {
                reader: Box::new(reader),
                read,
                marked: order.format == Format::Meta,
                ends,
            },
        })
    }

    /// The columns of a CSV; leads of Meta each have their own.
    pub fn head(&self) -> Option<&[String]> {
        self.head.as_deref()
    }

    /// Reads on, in a thread that ends with the file, with the first line that breaks it, or with the receiver.
    pub fn start(self) -> mpsc::Receiver<Result<Row, RowsError>> {
        let (sender, receiver) = mpsc::channel(AHEAD);
        let Self { head, source } = self;
        std::thread::spawn(move || match source {
            Source::Csv {
                reader,
                read,
                marked,
                ends,
            } => csv(*reader, &read, (&head.unwrap_or_default(), marked, ends), &sender),
            Source::Json(file) => json(file, &sender),
        });
        receiver
    }
}

type Sender = mpsc::Sender<Result<Row, RowsError>>;

fn csv(
    mut reader: csv::Reader<Metered>,
    read: &AtomicUsize,
    (head, marked, ends): (&[String], bool, Ends),
    sender: &Sender,
) {
    let mut record = csv::ByteRecord::new();
    loop {
        read.store(0, Ordering::Relaxed);
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

fn json(file: BufReader<File>, sender: &Sender) {
    let mut line = 0;
    let mut take = |cells| {
        line += 1;
        let row = Row { line, cells: Ok(cells) };
        sender.blocking_send(Ok(row)).is_ok()
    };
    let mut deserializer = serde_json::Deserializer::from_reader(file);
    let mut outcome = Ok(());
    while outcome.is_ok() && deserializer.end().is_err() {
        outcome = meta::Leads(&mut take).deserialize(&mut deserializer);
    }
    if let Err(error) = outcome {
        // The text of the error has a place and a kind; what stood there is not repeated.
        let place = format!(
            "no lead as the Graph API answers it (line {}, column {})",
            error.line(),
            error.column()
        );
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

/// A file of which a line has an end.
struct Metered {
    file: File,
    /// Bytes since the last line.
    read: Arc<AtomicUsize>,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read.load(Ordering::Relaxed) > MAX_LINE_BYTES {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a line of more than 1 MiB: is a quotation mark not closed?",
            ));
        }
        let read = self.file.read(buffer)?;
        self.read.fetch_add(read, Ordering::Relaxed);
        Ok(read)
    }
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

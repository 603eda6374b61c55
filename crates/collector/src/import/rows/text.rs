//! A file as UTF-8, whatever it says it is: UTF-8 with or without a mark, or UTF-16 with one, as Meta's downloads and some
//! spreadsheets are. Nothing of it is held but what is being read.
//! Refuses a line that does not end; half a character of UTF-16 becomes a byte that is none in UTF-8, so that its line is refused.

use std::{
    fs::File,
    io::{self, BufRead, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Longest line in bytes: a lead, not a file. A quotation mark that is never closed would swallow the rest.
const MAX_LINE_BYTES: usize = 1024 * 1024;

/// Bytes that are read at once; the first of them tell what separates cells.
const CHUNK_BYTES: usize = 64 * 1024;

/// What is no character of UTF-8.
const BROKEN: u8 = 0xFF;

/// A file of which a line has an end.
#[derive(Debug)]
pub(super) struct Text<F> {
    file: F,
    encoding: Encoding,
    /// Of UTF-16: what was read and is not decoded yet, at most half a character.
    half: Vec<u8>,
    /// What is decoded and not handed over yet, and how much of it was.
    ready: Vec<u8>,
    taken: usize,
    line: LineMeter,
}

#[derive(Debug, Clone, Copy)]
enum Encoding {
    Utf8,
    Utf16(fn([u8; 2]) -> u16),
}

/// Bytes since the last line: whoever reads lines says when one is over.
#[derive(Debug, Clone, Default)]
pub(super) struct LineMeter(Arc<AtomicUsize>);

impl LineMeter {
    pub(super) fn restart(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

impl Text<File> {
    /// Opens a file.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Self::new(File::open(path)?)
    }
}

impl<F: Read> Text<F> {
    fn new(mut file: F) -> io::Result<Self> {
        let mut start = Vec::new();
        file.by_ref().take(CHUNK_BYTES as u64).read_to_end(&mut start)?;
        let (encoding, mark) = match start[..] {
            [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
            [0xFF, 0xFE, ..] => (Encoding::Utf16(u16::from_le_bytes), 2),
            [0xFE, 0xFF, ..] => (Encoding::Utf16(u16::from_be_bytes), 2),
            _ => (Encoding::Utf8, 0),
        };
        let mut text = Self {
            file,
            encoding,
            half: Vec::new(),
            ready: Vec::new(),
            taken: 0,
            line: LineMeter::default(),
        };
        text.decode(&start[mark..]);
        Ok(text)
    }

    pub(super) fn meter(&self) -> LineMeter {
        self.line.clone()
    }

    fn decode(&mut self, read: &[u8]) {
        let Encoding::Utf16(unit) = self.encoding else {
            self.ready.extend_from_slice(read);
            return;
        };
        self.half.extend_from_slice(read);
        let mut units: Vec<u16> = self
            .half
            .chunks_exact(2)
            .map(|bytes| unit([bytes[0], bytes[1]]))
            .collect();
        // The first half of a pair waits for the second.
        units.pop_if(|unit| (0xD800..0xDC00).contains(unit));
        self.half.drain(..2 * units.len());
        for character in char::decode_utf16(units) {
            match character {
                Ok(character) => self
                    .ready
                    .extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
                Err(_) => self.ready.push(BROKEN),
            }
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.line.0.load(Ordering::Relaxed) > MAX_LINE_BYTES {
            let sentence = "a line of more than 1 MiB: is a quotation mark not closed?";
            return Err(io::Error::new(io::ErrorKind::InvalidData, sentence));
        }
        self.ready.clear();
        self.taken = 0;
        let mut chunk = vec![0; CHUNK_BYTES];
        while self.ready.is_empty() {
            match self.file.read(&mut chunk)? {
                0 if self.half.is_empty() => break,
                // Half a character at the end is none.
                0 => {
                    self.half.clear();
                    self.ready.push(BROKEN);
                }
                read => self.decode(&chunk[..read]),
            }
        }
        self.line.0.fetch_add(self.ready.len(), Ordering::Relaxed);
        Ok(())
    }
}

impl<F: Read> BufRead for Text<F> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken == self.ready.len() {
            self.fill()?;
        }
        Ok(&self.ready[self.taken..])
    }

    fn consume(&mut self, bytes: usize) {
        self.taken += bytes;
    }
}

impl<F: Read> Read for Text<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A file that is read in pieces of that length.
    struct Pieces<'a>(&'a [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = buffer.len().min(self.1);
            self.0.read(&mut buffer[..length])
        }
    }

    fn read(bytes: &[u8], piece: usize) -> Vec<u8> {
        let mut found = Vec::new();
        let mut text = Text::new(Pieces(bytes, piece)).expect("opened");
        text.read_to_end(&mut found).expect("read");
        found
    }

    fn utf16(text: &str, mark: [u8; 2], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect()
    }

    #[test]
    fn marks_say_what_it_is() {
        for (bytes, expected) in [
            (&b"a;b"[..], &b"a;b"[..]),
            (b"", b""),
            (b"a", b"a"),
            (b"\xEF\xBB\xBFa", b"a"),
            (b"\xFF\xFEa\0\xE9\0", "a\u{e9}".as_bytes()),
            (b"\xFE\xFF\0a\0\xE9", "a\u{e9}".as_bytes()),
            (b"\xFF\xFE", b""),
            // Half a pair, the second half alone, and half a unit: characters that are none.
            (b"\xFF\xFE\x3D\xD8a\0", b"\xFFa"),
            (b"\xFF\xFE\x00\xDEa\0", b"\xFFa"),
            (b"\xFF\xFEa\0b", b"a\xFF"),
            (b"\xFF\xFEa\0\x3D\xD8", b"a\xFF"),
        ] {
            for piece in [1, 2, 3, 64] {
                assert_eq!(read(bytes, piece), expected, "{bytes:?} by {piece}");
            }
        }
    }

    #[test]
    fn a_line_has_an_end() {
        let long = vec![b'x'; MAX_LINE_BYTES + 3 * CHUNK_BYTES];
        let mut text = Text::new(&long[..]).expect("opened");
        let error = text.read_to_end(&mut Vec::new()).expect_err("refused");
        assert!(error.to_string().contains("more than 1 MiB"), "{error}");
        let mut text = Text::new(&long[..]).expect("opened");
        let meter = text.meter();
        let (mut buffer, mut total) = (vec![0; CHUNK_BYTES], 0);
        while let read @ 1.. = text.read(&mut buffer).expect("each line ends") {
            total += read;
            meter.restart();
        }
        assert_eq!(total, long.len());
    }

    proptest! {
        #[test]
        fn either_encoding_reads_as_the_text(text in "\\PC{0,40}", piece in 1usize..9) {
            let little = utf16(&text, [0xFF, 0xFE], u16::to_le_bytes);
            let big = utf16(&text, [0xFE, 0xFF], u16::to_be_bytes);
            for bytes in [text.as_bytes(), &little, &big] {
                prop_assert_eq!(read(bytes, piece), text.as_bytes());
            }
        }
    }
}

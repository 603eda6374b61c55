//! A mail server of one thread for each connection: it speaks as much SMTP as a client needs, and keeps what it is given.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What one mail was, as it came over the wire.
#[derive(Debug, Clone)]
pub(crate) struct Delivered {
    pub(crate) recipients: Vec<String>,
    pub(crate) message: Vec<u8>,
}

#[derive(Debug, Default)]
struct State {
    /// Recipients still to be refused for the time being.
    refusals: usize,
    refused: usize,
    /// Messages still to be kept without saying so.
    silences: usize,
    delivered: Vec<Delivered>,
}

/// Ends with the process.
pub(crate) struct Sink {
    url: String,
    state: Arc<Mutex<State>>,
}

impl Sink {
    /// Answers 451 to the first recipients.
    pub(crate) fn refusing(refusals: usize) -> Self {
        Self::start(State {
            refusals,
            ..State::default()
        })
    }

    /// Keeps the first messages and does not say so: whoever sent them cannot know.
    pub(crate) fn silent_about(silences: usize) -> Self {
        Self::start(State {
            silences,
            ..State::default()
        })
    }

    fn start(state: State) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || converse(stream, &state));
            }
        });
        let url = format!("smtp://127.0.0.1:{port}");
        Self { url, state }
    }

    /// For `--smtp`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn refused(&self) -> usize {
        self.state.lock().unwrap().refused
    }

    pub(crate) fn delivered(&self) -> Vec<Delivered> {
        self.state.lock().unwrap().delivered.clone()
    }
}

/// A peer that goes away ends the conversation.
fn converse(stream: TcpStream, state: &Mutex<State>) -> Option<()> {
    let mut writer = stream.try_clone().ok()?;
    let mut reader = BufReader::new(stream);
    let mut recipients = Vec::new();
    writer.write_all(b"220 sink.example\r\n").ok()?;
    loop {
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line).ok()? == 0 {
            return None;
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-sink.example\r\n250-8BITMIME\r\n250 SMTPUTF8",
            "RCPT" => match accept(state) {
                true => {
                    recipients.push(line);
                    "250 taken"
                }
                false => "451 later, please",
            },
            "DATA" => {
                writer.write_all(b"354 go on\r\n").ok()?;
                let message = message(&mut reader)?;
                let recipients = std::mem::take(&mut recipients);
                if keep(state, Delivered { recipients, message }) {
                    "250 kept"
                } else {
                    // Until the other side goes away.
                    let _ = reader.read_until(b'\n', &mut Vec::new());
                    return None;
                }
            }
            "QUIT" => {
                writer.write_all(b"221 bye\r\n").ok()?;
                return Some(());
            }
            _ => "250 fine",
        };
        writer.write_all(format!("{answer}\r\n").as_bytes()).ok()?;
    }
}

/// Whether to say so.
fn keep(state: &Mutex<State>, delivered: Delivered) -> bool {
    let mut state = state.lock().unwrap();
    state.delivered.push(delivered);
    let says_so = state.silences == 0;
    state.silences = state.silences.saturating_sub(1);
    says_so
}

fn accept(state: &Mutex<State>) -> bool {
    let mut state = state.lock().unwrap();
    if state.refusals == 0 {
        return true;
    }
    state.refusals -= 1;
    state.refused += 1;
    false
}

/// Up to the line of one dot; a dot that begins a line was doubled (RFC 5321 §4.5.2).
fn message(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line).ok()? == 0 {
            return None;
        }
        if line == b".\r\n" {
            return Some(message);
        }
        message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

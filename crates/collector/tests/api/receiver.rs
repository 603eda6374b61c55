//! A receiver of webhooks: one thread for each connection, which keeps what it is sent and behaves as it is told.
//! It speaks plain HTTP, or through whatever a test puts between (`Receiver::through`).

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What one request was, as it came over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Lower-case names.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    pub(crate) fn id(&self) -> String {
        self.header("webhook-id").to_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("a document")
    }
}

/// How it behaves, from the next request on.
#[derive(Debug, Clone)]
pub(crate) enum Manner {
    Answer(u16, Vec<(&'static str, String)>),
    /// Takes the request and never answers.
    Hang,
    /// Half an answer that says 200.
    BreakOff,
    /// Takes the request and hangs up.
    HangUp,
}

impl Manner {
    pub(crate) fn status(status: u16) -> Self {
        Self::Answer(status, Vec::new())
    }
}

struct State {
    manner: Manner,
    received: Vec<Received>,
    connections: usize,
    /// Those that hang.
    held: Vec<BufReader<Box<dyn Stream>>>,
}

/// A connection, secured or not.
pub(crate) trait Stream: Read + Write + Send {}

impl<T: Read + Write + Send> Stream for T {}

type Shared = Arc<(Mutex<State>, Condvar)>;

/// Ends with the process.
#[derive(Clone)]
pub(crate) struct Receiver {
    address: String,
    shared: Shared,
}

fn lock(shared: &Shared) -> MutexGuard<'_, State> {
    shared.0.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Receiver {
    pub(crate) fn start() -> Self {
        Self::at("127.0.0.1")
    }

    pub(crate) fn at(host: &str) -> Self {
        Self::through(host, |stream| Box::new(stream))
    }

    /// Each connection passes through this first.
    pub(crate) fn through(host: &str, wrap: impl Fn(TcpStream) -> Box<dyn Stream> + Send + 'static) -> Self {
        let listener = TcpListener::bind((host, 0)).expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let state = State {
            manner: Manner::status(200),
            received: Vec::new(),
            connections: 0,
            held: Vec::new(),
        };
        let shared: Shared = Arc::new((Mutex::new(state), Condvar::new()));
        let own = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&own);
                lock(&shared).connections += 1;
                let stream = wrap(stream);
                std::thread::spawn(move || converse(stream, &shared));
            }
        });
        Self { address, shared }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn behave(&self, manner: Manner) {
        let mut state = lock(&self.shared);
        state.manner = manner;
        state.held.clear();
    }

    /// Everything that it was sent so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        lock(&self.shared).received.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        lock(&self.shared).connections
    }

    /// Waits until it has so many requests.
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Received> {
        let patience = Duration::from_secs(30);
        let waited = self
            .shared
            .1
            .wait_timeout_while(lock(&self.shared), patience, |state| state.received.len() < count);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        assert!(state.received.len() >= count, "waited in vain for {count} requests");
        state.received.clone()
    }
}

fn converse(stream: Box<dyn Stream>, shared: &Shared) {
    let mut reader = BufReader::new(stream);
    let Some(received) = read(&mut reader) else { return };
    let manner = {
        let mut state = lock(shared);
        state.received.push(received);
        shared.1.notify_all();
        state.manner.clone()
    };
    let stream = reader.get_mut();
    match manner {
        Manner::Answer(status, headers) => {
            let mut answer = format!("HTTP/1.1 {status} Said\r\nContent-Length: 2\r\nConnection: close\r\n");
            for (name, value) in headers {
                answer.push_str(&format!("{name}: {value}\r\n"));
            }
            let _ = stream.write_all((answer + "\r\n{}").as_bytes());
        }
        Manner::Hang => lock(shared).held.push(reader),
        Manner::BreakOff => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it");
        }
        Manner::HangUp => {}
    }
}

/// One request.
pub(crate) fn read(reader: &mut impl BufRead) -> Option<Received> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(Received {
        method,
        path,
        headers,
        body,
    })
}

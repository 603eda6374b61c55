//! Connections that say nothing, or half of something: closed by a deadline, while others are served.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::client::Connection;
use crate::fixture::Fixture;

/// `spec/http.md`, "Holding out": 30 s at most; some more for a busy machine.
const LONGEST: Duration = Duration::from_secs(35);

/// Silent from the start, within the header, within the body.
const BEGINNINGS: [&str; 6] = [
    "",
    "P",
    "POST /v1/submissions HTTP/1.1\r\nHost: localhost\r\nContent-Ty",
    "GET /f/ebook-rgpd HTTP/1.1\r\nHost: localhost\r\n",
    "POST /v1/submissions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{\"rec",
    "POST /f/ebook-rgpd HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nemail\r\n",
];

#[test]
fn silent_connections_are_closed_while_others_are_served() {
    let fixture = Fixture::start();
    let mut silent = Vec::new();
    let began = Instant::now();
    for beginning in BEGINNINGS {
        for _ in 0..50 {
            let mut connection = fixture.connect();
            connection.send(beginning.as_bytes()).unwrap();
            silent.push((beginning, connection.into_stream()));
        }
    }
    let mut kept = fixture.connect();
    assert_eq!(kept.request("GET", "/healthz", &[], &[]).unwrap().status, 200);
    silent.push(("a kept connection without a next request", kept.into_stream()));
    let dripping: Vec<_> = [BEGINNINGS[2], BEGINNINGS[4]]
        .into_iter()
        .map(|beginning| {
            let mut connection = fixture.connect();
            connection.send(beginning.as_bytes()).unwrap();
            std::thread::spawn(move || drip(connection.into_stream(), began))
        })
        .collect();

    // All of them are open; the patience of the client is the limit for these answers.
    let mut served = Vec::new();
    for _ in 0..5 {
        let sent = Instant::now();
        assert_eq!(fixture.submit(&fixture.draft().signed()).status, 201);
        let mut other = Connection::open(fixture.server.address());
        assert_eq!(other.request("GET", "/readyz", &[], &[]).unwrap().status, 200);
        served.push(sent.elapsed());
    }
    assert!(served.iter().all(|took| *took < Duration::from_secs(5)), "{served:?}");
    let open = silent.iter().filter(|(_, stream)| is_open(stream)).count();
    assert!(open >= 300, "only {open} connections were held open meanwhile");

    for (beginning, stream) in silent {
        assert!(is_closed_in_time(stream, began), "still open: {beginning:?}");
    }
    for dripping in dripping {
        assert!(dripping.join().unwrap(), "a dripping connection is still open");
    }
    assert_eq!(fixture.submit(&fixture.draft().signed()).status, 201);
    assert_eq!(fixture.rows()[0], 6);
    assert!(!fixture.log().contains("panicked"));
}

/// Nothing to read yet, and not at its end.
fn is_open(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let found = stream.peek(&mut [0]);
    stream.set_nonblocking(false).unwrap();
    found.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

/// Reads to the end, an answer on the way included.
fn is_closed_in_time(mut stream: TcpStream, began: Instant) -> bool {
    let left = LONGEST.saturating_sub(began.elapsed()).max(Duration::from_millis(1));
    stream.set_read_timeout(Some(left)).unwrap();
    match stream.read_to_end(&mut Vec::new()) {
        Ok(_) => true,
        Err(error) => !is_timeout(error.kind()),
    }
}

/// One byte whenever nothing has come for a while: never silent, never done.
fn drip(mut stream: TcpStream, began: Instant) -> bool {
    stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    while began.elapsed() < LONGEST {
        match stream.read(&mut [0; 1024]) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) if is_timeout(error.kind()) => {
                if stream.write_all(b"x").is_err() {
                    return true;
                }
            }
            Err(_) => return true,
        }
    }
    false
}

fn is_timeout(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

//! The smallest HTTP/1.1 client that keeps a connection: the benchmark must not measure a client library.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

pub(crate) struct Connection {
    reader: BufReader<TcpStream>,
    host: String,
}

impl Connection {
    pub(crate) fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            reader: BufReader::new(stream),
            host: address.to_owned(),
        }
    }

    /// Sends one JSON body and answers with the status of the reply.
    pub(crate) fn post(&mut self, path: &str, body: &[u8]) -> u16 {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            self.host,
            body.len()
        );
        self.exchange(head.as_bytes(), body).0
    }

    fn exchange(&mut self, head: &[u8], body: &[u8]) -> (u16, Vec<u8>) {
        let mut request = head.to_vec();
        request.extend_from_slice(body);
        self.reader.get_mut().write_all(&request).unwrap();
        let mut line = String::new();
        self.reader.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
        let mut length = 0;
        loop {
            line.clear();
            self.reader.read_line(&mut line).unwrap();
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut answer = vec![0; length];
        self.reader.read_exact(&mut answer).unwrap();
        (status, answer)
    }
}

/// The body of one GET on a connection of its own.
pub(crate) fn get(address: &str, path: &str) -> Vec<u8> {
    let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let (status, body) = Connection::open(address).exchange(head.as_bytes(), &[]);
    assert_eq!(status, 200, "{path}");
    body
}

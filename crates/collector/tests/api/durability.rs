//! `kill -9` at any moment loses no acknowledged submission, and leaves no lead without a record.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use jiff::Timestamp;
use serde_json::Value;

use crate::support::{ADA, Draft, ORIGIN, count, lay_out};

struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_candor"))
            .args(["serve", "--listen", "127.0.0.1:0", "--limit", "0", "--origin", ORIGIN])
            .args(["--public-url", "https://forms.acme.example"])
            .arg("--data")
            .arg(folder.join("data"))
            .arg("--forms")
            .arg(folder.join("forms"))
            .env("CANDOR_LOG", "error")
            .current_dir(folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("piped"))
            .read_line(&mut line)
            .expect("a line");
        let address = line
            .trim()
            .strip_prefix("listening on http://")
            .unwrap_or_else(|| panic!("first line: {line:?}"))
            .to_owned();
        Self { process, address }
    }

    fn request(&self, head: &str, body: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        write!(
            stream,
            "{head} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nOrigin: {ORIGIN}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_loses_nothing_acknowledged() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let mut acknowledged: Vec<String> = Vec::new();
    for round in 0..4 {
        let mut server = Server::start(folder.path());
        let form = server.request("GET /v1/forms/ebook-rgpd", "").expect("an answer");
        let form: Value = serde_json::from_str(form.split("\r\n\r\n").nth(1).expect("a body")).expect("JSON");
        let address = server.address.clone();
        // Submissions go in from another thread; the process dies after a number of answers, in the middle of the next.
        let sender = std::thread::spawn(move || {
            let client = |draft: &Draft| {
                let body = draft.sign().to_string();
                let mut stream = TcpStream::connect(&address).ok()?;
                write!(stream, "POST /v1/submissions HTTP/1.1\r\nHost: a\r\nConnection: close\r\nOrigin: {ORIGIN}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len()).ok()?;
                let mut answer = String::new();
                stream.read_to_string(&mut answer).ok()?;
                answer.starts_with("HTTP/1.1 201").then(|| draft.id())
            };
            let mut good = Vec::new();
            loop {
                let draft = Draft::new(&form, Timestamp::now(), &[("newsletter", "given")], &[ADA]);
                match client(&draft) {
                    Some(id) => good.push(id),
                    None => return good,
                }
            }
        });
        while count(&folder.path().join("data/candor.sqlite"), "records").await < 10 * (round + 1) {
            tokio::task::yield_now().await;
        }
        server.process.kill().expect("SIGKILL");
        server.process.wait().expect("gone");
        acknowledged.extend(sender.join().expect("no panic"));
        drop(server);
    }
    assert!(acknowledged.len() >= 36, "{}", acknowledged.len());
    let database = folder.path().join("data/candor.sqlite");
    for id in &acknowledged {
        assert_eq!(
            count(&database, &format!("records WHERE id = '{id}'")).await,
            1,
            "{id} was acknowledged"
        );
    }
    assert_eq!(
        count(&database, "leads WHERE record NOT IN (SELECT id FROM records)").await,
        0
    );
    assert_eq!(
        count(
            &database,
            "records WHERE event = 'submission' AND id NOT IN (SELECT record FROM leads)"
        )
        .await,
        0
    );
    assert_eq!(
        count(&database, "records WHERE id NOT IN (SELECT record FROM outbox)").await,
        0,
        "each has its letter"
    );
}

#[test]
fn the_signal_to_stop_is_obeyed() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let mut server = Server::start(folder.path());
    assert!(
        server
            .request("GET /healthz", "")
            .expect("an answer")
            .starts_with("HTTP/1.1 200")
    );
    let id = server.process.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .expect("kill")
            .success()
    );
    assert!(server.process.wait().expect("ends").success());
}

//! Receivers by real TLS, of an authority that the collector is told to trust: verified by the name in the address, whatever the
//! connection goes to; and a certificate that does not hold is refused, said so, and loses nothing.
//! The keys below `flows_by_tls/` are of this test alone: an authority, and certificates of it and beside it.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::hmac;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

use crate::database;
use crate::flows::{folder_with_people, target};
use crate::receiver::{Received, Receiver, Stream};
use crate::secure::config_of;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/process/flows_by_tls");

/// A receiver whose certificate can be mended.
struct Secure {
    receiver: Receiver,
    shows: Arc<Mutex<Arc<ServerConfig>>>,
    /// The names that were asked for in the handshake.
    names: Arc<Mutex<Vec<Option<String>>>>,
}

fn certificate(name: &str) -> Arc<ServerConfig> {
    config_of(&format!("{FOLDER}/{name}.pem"), &format!("{FOLDER}/server.key"))
}

impl Secure {
    fn start(name: &str) -> Self {
        let shows = Arc::new(Mutex::new(certificate(name)));
        let names: Arc<Mutex<Vec<Option<String>>>> = Arc::default();
        let (own, asked) = (Arc::clone(&shows), Arc::clone(&names));
        let receiver = Receiver::through("127.0.0.1", move |stream: TcpStream| -> Box<dyn Stream> {
            let connection = ServerConnection::new(Arc::clone(&own.lock().unwrap())).unwrap();
            let mut secured = StreamOwned::new(connection, stream);
            // A peer that refuses the certificate ends the conversation.
            while secured.conn.is_handshaking() && secured.conn.complete_io(&mut secured.sock).is_ok() {}
            asked
                .lock()
                .unwrap()
                .push(secured.conn.server_name().map(str::to_owned));
            Box::new(secured)
        });
        Self { receiver, shows, names }
    }

    fn shows(&self, name: &str) {
        *self.shows.lock().unwrap() = certificate(name);
    }

    /// By its name, which is what the certificate is of.
    fn url(&self) -> String {
        let port = self.receiver.address().rsplit(':').next().unwrap();
        format!("https://localhost:{port}/hook")
    }
}

fn add(folder: &Path, url: &str) -> (String, String) {
    let adding = ["add", "--url", url, "--purpose", "newsletter", "--party", "mailer"];
    let (ok, printed, errors) = target(folder, &[&adding[..], &["--target-network", "::1/128"]].concat(), "");
    assert!(ok, "{errors}");
    let mut lines = printed.lines().map(str::to_owned);
    (lines.next().unwrap(), lines.next().unwrap())
}

/// Sweeps at the earliest time at which something is due; everything that a proxy of the environment would be asked for fails.
fn sweep(folder: &Path, authority: &str, proxy: &str) -> Output {
    let database = folder.join("data/candor.sqlite");
    let due = "SELECT CAST(coalesce(max(max(due_ms, resume_ms)), 0) / 1000 + 1 AS TEXT) FROM deliveries, targets";
    let due: i64 = database::column(&database, due)[0].parse().unwrap();
    let at = jiff::Timestamp::from_second(due).unwrap().max(jiff::Timestamp::now());
    let mut command = Command::new(env!("CARGO_BIN_EXE_candor"));
    command
        .current_dir(folder)
        .args(["sweep", "--data", "data", "--format", "json", "--at", &at.to_string()])
        .args(["--target-network", "127.0.0.0/8", "--target-network", "::1/128"])
        .env("SSL_CERT_FILE", authority);
    for name in [
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
    ] {
        command.env(name, proxy);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn told(output: &Output) -> Value {
    serde_json::from_slice::<Value>(&output.stdout).unwrap()["receiversTold"].clone()
}

/// By the words of the specification, not by our code.
fn check_signature(request: &Received, secret: &str) {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let (id, time) = (request.header("webhook-id"), request.header("webhook-timestamp"));
    let signed = [format!("{id}.{time}.").as_bytes(), &request.body].concat();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), &signed);
    assert_eq!(
        request.header("webhook-signature"),
        format!("v1,{}", STANDARD.encode(tag))
    );
}

#[test]
fn a_certificate_that_does_not_hold_is_refused_and_nothing_is_lost() {
    let folder = folder_with_people(1);
    let receiver = Secure::start("other-name");
    let (id, secret) = add(folder.path(), &receiver.url());
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let proxy_url = format!("http://{}", proxy.local_addr().unwrap());
    let authority = format!("{FOLDER}/authority.pem");
    let mut attempts = 0;
    for (shown, trusted, why) in [
        ("other-name", &authority, "certificate-name"),
        ("expired", &authority, "certificate-date"),
        ("self-signed", &authority, "certificate-authority"),
        // Good, of an authority that nobody here was told to trust.
        ("good", &format!("{FOLDER}/self-signed.pem"), "certificate-authority"),
    ] {
        receiver.shows(shown);
        let output = sweep(folder.path(), trusted, &proxy_url);
        attempts += 1;
        assert_eq!(told(&output), 0, "{shown}");
        let (_, deliveries, _) = target(folder.path(), &["deliveries", &id], "");
        let delivery: Value = serde_json::from_str(deliveries.trim()).unwrap();
        assert_eq!(
            (
                &delivery["state"],
                &delivery["why"],
                &delivery["status"],
                &delivery["attempts"]
            ),
            (&"waiting".into(), &why.into(), &Value::Null, &attempts.into()),
            "{shown}: {delivery}"
        );
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(log.contains(why), "the log says it too: {log}");
        assert!(!log.contains("localhost") && !log.contains("@example.org"), "{log}");
        assert_eq!(
            receiver.receiver.received(),
            [],
            "{shown}: not a byte of the message has left"
        );
    }
    receiver.shows("good");
    assert_eq!(
        told(&sweep(folder.path(), &authority, &proxy_url)),
        1,
        "mended, and nothing is lost"
    );
    let received = receiver.receiver.received();
    assert_eq!(received.len(), 1);
    check_signature(&received[0], &secret);
    // The connection went to the number; the handshake and the request name the host.
    let names = receiver.names.lock().unwrap().clone();
    assert_eq!(names, vec![Some("localhost".to_owned()); 5]);
    assert!(
        received[0].header("host").starts_with("localhost:"),
        "{:?}",
        received[0]
    );
    let asked = proxy.accept().map_err(|error| error.kind());
    assert_eq!(
        asked.err(),
        Some(std::io::ErrorKind::WouldBlock),
        "no proxy of the environment is asked"
    );
}

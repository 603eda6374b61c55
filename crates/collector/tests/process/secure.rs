//! The way to a mail server by TLS, from the first byte and by STARTTLS, with a login; and why a letter does not leave,
//! told apart. The keys below `secure/` are of these tests alone: an authority, and `localhost` and 127.0.0.1 by it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::client::Connection;
use crate::database;
use crate::fixture::{MAILBOX, compiled, wait_until};
use crate::made::Draft;
use crate::server::Server;

pub(crate) const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/process/secure");

/// `\0candor\0s3cret` in base64, as AUTH PLAIN carries it.
const LOGIN: &str = "AUTH PLAIN AGNhbmRvcgBzM2NyZXQ=";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speaks {
    Tls,
    StartTls,
    /// And lets nobody log in.
    Clear,
}

/// Ends with the process. Counts letters of those who logged in.
struct Office {
    port: u16,
    taken: Arc<Mutex<usize>>,
}

impl Office {
    fn open(speaks: Speaks) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken = Arc::new(Mutex::new(0));
        let (shared, config) = (Arc::clone(&taken), config());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (taken, config) = (Arc::clone(&shared), Arc::clone(&config));
                std::thread::spawn(move || serve(stream, speaks, &config, &taken));
            }
        });
        Self { port, taken }
    }

    fn taken(&self) -> usize {
        *self.taken.lock().unwrap()
    }
}

pub(crate) fn config() -> Arc<ServerConfig> {
    config_of(&format!("{FOLDER}/server.pem"), &format!("{FOLDER}/server.key"))
}

/// A server that shows this certificate.
pub(crate) fn config_of(certificates: &str, key: &str) -> Arc<ServerConfig> {
    let certificates = CertificateDer::pem_file_iter(certificates).unwrap();
    let key = PrivateKeyDer::from_pem_file(key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(certificates.map(Result::unwrap).collect(), key);
    Arc::new(config.unwrap())
}

/// A peer that goes away ends the conversation.
fn serve(stream: TcpStream, speaks: Speaks, config: &Arc<ServerConfig>, taken: &Mutex<usize>) -> Option<()> {
    let secured = |stream| {
        let connection = ServerConnection::new(Arc::clone(config)).unwrap();
        BufReader::new(StreamOwned::new(connection, stream))
    };
    if speaks == Speaks::Tls {
        let mut stream = secured(stream);
        stream.get_mut().write_all(b"220 office.example\r\n").ok()?;
        return converse(&mut stream, true, false, taken).map(drop);
    }
    let mut clear = BufReader::new(stream);
    clear.get_mut().write_all(b"220 office.example\r\n").ok()?;
    if converse(&mut clear, false, speaks == Speaks::StartTls, taken)? {
        converse(&mut secured(clear.into_inner()), true, false, taken)?;
    }
    Some(())
}

/// Whether the rest is to be encrypted.
fn converse<S: Read + Write>(
    stream: &mut BufReader<S>,
    is_secure: bool,
    offers_tls: bool,
    taken: &Mutex<usize>,
) -> Option<bool> {
    let mut is_known = false;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        let answer = match line.split(' ').next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" if offers_tls => "250-office.example\r\n250-STARTTLS\r\n250 8BITMIME",
            "EHLO" if is_secure => "250-office.example\r\n250-AUTH PLAIN\r\n250-8BITMIME\r\n250 SMTPUTF8",
            "EHLO" => "250-office.example\r\n250 8BITMIME",
            "STARTTLS" => {
                stream.get_mut().write_all(b"220 go on\r\n").ok()?;
                return Some(true);
            }
            "AUTH" if is_secure && line == LOGIN => {
                is_known = true;
                "235 welcome"
            }
            "AUTH" => "535 no",
            "MAIL" if !is_known => "530 who are you",
            "DATA" => {
                stream.get_mut().write_all(b"354 go on\r\n").ok()?;
                let mut line = String::new();
                while line != ".\r\n" {
                    line.clear();
                    stream.read_line(&mut line).ok()?;
                }
                *taken.lock().unwrap() += 1;
                "250 kept"
            }
            "QUIT" => {
                stream.get_mut().write_all(b"221 bye\r\n").ok()?;
                return Some(false);
            }
            _ => "250 fine",
        };
        stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).ok()?;
    }
}

/// A folder with one letter, which could not leave: nobody listens there.
fn folder_with_a_letter() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = Server::start(
        folder.path(),
        &["--smtp", &format!("smtp://{free}"), "--origin", crate::made::ORIGIN],
    );
    let draft = Draft::new(&compiled(&server), MAILBOX);
    let answer = Connection::open(server.address()).post("/v1/submissions", &draft.signed());
    assert_eq!(answer.unwrap().status, 201);
    let log = || std::fs::read_to_string(folder.path().join("log")).unwrap();
    wait_until("the letter cannot leave", || log().contains("letter not sent"));
    assert!(
        log().contains("nobody answers at the mail server's address"),
        "{}",
        log()
    );
    server.kill();
    folder
}

/// Sweeps when the letter is due again.
fn sweep(folder: &Path, smtp: &str, trusts: bool) -> Output {
    let due = "SELECT CAST(max(due_ms) / 1000 + 1 AS TEXT) FROM outbox";
    let due: i64 = database::column(&folder.join("data/candor.sqlite"), due)[0]
        .parse()
        .unwrap();
    let at = jiff::Timestamp::from_second(due).unwrap().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_candor"));
    command
        .current_dir(folder)
        .args(["sweep", "--data", "data", "--at", &at, "--smtp", smtp]);
    if trusts {
        command.args(["--smtp-ca", &format!("{FOLDER}/authority.pem")]);
    }
    // Nothing of this machine's own authorities.
    command.env("SSL_CERT_FILE", folder.join("none.pem"));
    File::create(folder.join("none.pem")).unwrap();
    command.output().unwrap()
}

#[test]
fn a_letter_leaves_by_tls_and_says_why_it_does_not() {
    let folder = folder_with_a_letter();
    let [wrapped, upgrading, clear] = [Speaks::Tls, Speaks::StartTls, Speaks::Clear].map(Office::open);
    let check = |smtp: &str, trusts: bool, why: &str| {
        let output = sweep(folder.path(), smtp, trusts);
        let (said, log) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert!(!output.status.success(), "{smtp}: {log}");
        assert!(
            log.contains(why) && log.contains("1 letters could not be sent"),
            "{smtp}: {log}"
        );
        assert!(said.contains("letters waiting  1"), "{smtp}: {said}");
        for personal in ["hidden-person", "s3cret", "localhost"] {
            assert!(!log.contains(personal) && !said.contains(personal), "{smtp}: {log}");
        }
    };
    let [tls, upgrade, plain] = [&wrapped, &upgrading, &clear].map(|office| office.port);
    let untrusted = "the mail server's certificate is not trusted";
    check(&format!("smtps://candor:s3cret@localhost:{tls}"), false, untrusted);
    check(
        &format!("smtp://candor:s3cret@localhost:{upgrade}?tls=required"),
        false,
        untrusted,
    );
    let refused = "the mail server refuses the user or the password";
    check(&format!("smtps://candor:s3cret-not@localhost:{tls}"), true, refused);
    let missing = "the mail server does not offer STARTTLS";
    check(
        &format!("smtp://candor:s3cret@localhost:{plain}?tls=required"),
        true,
        missing,
    );
    let unknown = "the mail server offers no way to log in";
    check(&format!("smtp://candor:s3cret@localhost:{plain}"), true, unknown);
    assert_eq!([&wrapped, &upgrading, &clear].map(Office::taken), [0, 0, 0]);

    let good = |smtp: String, sent: &str| {
        let output = sweep(folder.path(), &smtp, true);
        let (said, log) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert!(output.status.success(), "{smtp}: {log}");
        assert!(said.contains(sent) && said.contains("letters waiting  0"), "{said}");
    };
    good(
        format!("smtp://candor:s3cret@localhost:{upgrade}?tls=required"),
        "letters sent",
    );
    assert_eq!(upgrading.taken(), 1);
}

#[test]
fn a_letter_leaves_by_tls_from_the_first_byte() {
    let office = Office::open(Speaks::Tls);
    let folder = tempfile::tempdir().unwrap();
    let (smtp, authority) = (
        format!("smtps://candor:s3cret@127.0.0.1:{}", office.port),
        format!("{FOLDER}/authority.pem"),
    );
    let options = [
        "--smtp",
        &smtp,
        "--smtp-ca",
        &authority,
        "--origin",
        crate::made::ORIGIN,
    ];
    let server = Server::start(folder.path(), &options);
    let draft = Draft::new(&compiled(&server), MAILBOX);
    let answer = Connection::open(server.address()).post("/v1/submissions", &draft.signed());
    assert_eq!(answer.unwrap().status, 201);
    let database = folder.path().join("data/candor.sqlite");
    wait_until("the letter is marked", || {
        database::count(&database, "outbox WHERE sent_ms IS NOT NULL") == 1
    });
    assert_eq!(office.taken(), 1);
}

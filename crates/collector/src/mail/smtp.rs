//! The mail server: where it is, and one connection to it for all letters of a round.
//! Refuses to part a letter from the dot that ends it: both go in one write. Apart, the dot waits in the system for the
//! server to acknowledge the body, and leaves even where the process has died by then.
//! Read next: `outbox.rs`, which writes down that a letter is being sent, before its first byte.

use std::{fmt, time::Duration};

use lettre::{
    Address, Message,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt, Rset},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
    },
};
use percent_encoding::percent_decode_str;
use tokio::time::timeout;
use url::Url;

use super::MailError;

/// To connect, and for the answer to a command; RFC 5321 §4.5.3.2.
const ANSWER: Duration = Duration::from_secs(300);

/// For the answer to the dot, while the server stores the letter.
const ACCEPTANCE: Duration = Duration::from_secs(600);

const SMTP: u16 = 25;
const SUBMISSION: u16 = 587;
const SUBMISSIONS: u16 = 465;

/// Of `smtp(s)://user:password@host:port`, with `?tls=required` or `?tls=opportunistic` for STARTTLS.
pub struct Server {
    host: String,
    port: u16,
    security: Security,
    hello: ClientId,
    credentials: Option<Credentials>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Security {
    None,
    /// STARTTLS where the server offers it.
    Opportunistic,
    /// STARTTLS, or nothing is sent.
    Required,
    /// TLS from the first byte.
    Wrapped,
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Server(…)")
    }
}

impl Server {
    pub(super) fn of(url: &str) -> Result<Self, MailError> {
        let url = Url::parse(url).map_err(|_| MailError::Server)?;
        let tls = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value);
        let (security, port) = match (url.scheme(), tls.as_deref()) {
            ("smtp", None) => (Security::None, SMTP),
            ("smtp", Some("opportunistic")) => (Security::Opportunistic, SUBMISSION),
            ("smtp", Some("required")) => (Security::Required, SUBMISSION),
            ("smtps", _) => (Security::Wrapped, SUBMISSIONS),
            _ => return Err(MailError::Server),
        };
        let decoded = |text: &str| {
            let text = percent_decode_str(text).decode_utf8();
            text.map(String::from).map_err(|_| MailError::Server)
        };
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(decoded(url.username())?, decoded(password)?)),
            None => None,
        };
        let host = url.host_str().ok_or(MailError::Server)?;
        let server = Self {
            // An IPv6 address stands in brackets in a URL only.
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(port),
            security,
            // The path is the name to say hello with.
            hello: match url.path().trim_matches('/') {
                "" => ClientId::default(),
                name => ClientId::Domain(name.to_owned()),
            },
            credentials,
        };
        if security != Security::None {
            server.tls()?;
        }
        Ok(server)
    }

    fn tls(&self) -> Result<TlsParameters, MailError> {
        TlsParameters::new(self.host.clone()).map_err(|_| MailError::Server)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, MailError> {
        let wrapped = match self.security {
            Security::Wrapped => Some(self.tls()?),
            _ => None,
        };
        let address = (self.host.as_str(), self.port);
        let connecting = AsyncSmtpConnection::connect_tokio1(address, Some(ANSWER), &self.hello, wrapped, None);
        let mut connection = timeout(ANSWER, connecting)
            .await
            .map_err(|_| MailError::Transport)?
            .map_err(|_| MailError::Transport)?;
        let upgrades = match self.security {
            Security::Required => true,
            Security::Opportunistic => connection.can_starttls(),
            Security::None | Security::Wrapped => false,
        };
        if upgrades {
            within(ANSWER, connection.starttls(self.tls()?, &self.hello)).await?;
        }
        if let Some(credentials) = &self.credentials {
            within(ANSWER, connection.auth(DEFAULT_MECHANISMS, credentials)).await?;
        }
        Ok(connection)
    }
}

/// The connection of a round, opened for its first letter.
pub struct Session<'a> {
    server: &'a Server,
    connection: Option<Box<AsyncSmtpConnection>>,
}

impl fmt::Debug for Session<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Session(…)")
    }
}

/// Why a letter was not taken.
enum Failure {
    /// The server said so: the connection is as good as before.
    Refused,
    Broken(MailError),
}

impl From<Failure> for MailError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused => Self::Transport,
            Failure::Broken(error) => error,
        }
    }
}

impl<'a> Session<'a> {
    pub(super) const fn new(server: &'a Server) -> Self {
        Self {
            server,
            connection: None,
        }
    }

    /// Sends one letter. `sending` is awaited when the server has said that it would take it, before its first byte
    /// leaves; where that fails, none does.
    pub(super) async fn send(
        &mut self,
        message: &Message,
        sending: impl Future<Output = Result<(), MailError>>,
    ) -> Result<(), MailError> {
        let data = data(message)?;
        let mut connection = self.begin(message, &data).await?;
        let carried = carry(&mut connection, message, data, sending).await;
        let stays = match carried {
            Ok(()) => true,
            Err(Failure::Refused) => within(ANSWER, connection.command(Rset)).await.is_ok(),
            Err(Failure::Broken(_)) => false,
        };
        self.connection = stays.then_some(connection);
        Ok(carried?)
    }

    /// MAIL FROM, on the connection that is there; on a new one where the server has closed that, or takes no more on it.
    async fn begin(&mut self, message: &Message, data: &str) -> Result<Box<AsyncSmtpConnection>, MailError> {
        if let Some(mut kept) = self.connection.take() {
            let mail = mail(&kept, message, data)?;
            if within(ANSWER, kept.command(mail)).await.is_ok() {
                return Ok(kept);
            }
        }
        let mut new = Box::new(self.server.connect().await?);
        let mail = mail(&new, message, data)?;
        within(ANSWER, new.command(mail)).await?;
        Ok(new)
    }

    /// Takes leave, where there is a connection.
    pub(super) async fn close(self) {
        if let Some(mut connection) = self.connection {
            let _ = within(ANSWER, connection.quit()).await;
        }
    }
}

/// From the recipients to the answer to the dot.
async fn carry(
    connection: &mut AsyncSmtpConnection,
    message: &Message,
    data: String,
    sending: impl Future<Output = Result<(), MailError>>,
) -> Result<(), Failure> {
    for recipient in message.envelope().to() {
        within(ANSWER, connection.command(Rcpt::new(recipient.clone(), Vec::new()))).await?;
    }
    within(ANSWER, connection.command(Data)).await?;
    sending.await.map_err(Failure::Broken)?;
    // A command is one write.
    within(ACCEPTANCE, connection.command(data)).await
}

/// MAIL FROM, with what this letter needs of the server.
fn mail(connection: &AsyncSmtpConnection, message: &Message, data: &str) -> Result<Mail, MailError> {
    let envelope = message.envelope();
    let mut addresses = envelope.from().into_iter().chain(envelope.to());
    let is_ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
    let needed = [
        (
            !addresses.all(is_ascii),
            Extension::SmtpUtfEight,
            MailParameter::SmtpUtfEight,
        ),
        (
            !data.is_ascii(),
            Extension::EightBitMime,
            MailParameter::Body(MailBodyParameter::EightBitMime),
        ),
    ];
    let mut parameters = Vec::new();
    for (_, extension, parameter) in needed.into_iter().filter(|(needed, ..)| *needed) {
        if !connection.server_info().supports_feature(extension) {
            return Err(MailError::Transport);
        }
        parameters.push(parameter);
    }
    Ok(Mail::new(envelope.from().cloned(), parameters))
}

/// The letter as DATA carries it, a dot that begins a line doubled (RFC 5321 §4.5.2), with the dot that ends it.
fn data(message: &Message) -> Result<String, MailError> {
    let letter = String::from_utf8(message.formatted()).map_err(|_| MailError::Letter)?;
    Ok(ended(&letter))
}

fn ended(letter: &str) -> String {
    let mut data = String::with_capacity(letter.len() + 8);
    for line in letter.strip_suffix("\r\n").unwrap_or(letter).split("\r\n") {
        if line.starts_with('.') {
            data.push('.');
        }
        data.push_str(line);
        data.push_str("\r\n");
    }
    data.push_str(".\r\n");
    data
}

async fn within<T>(limit: Duration, asking: impl Future<Output = Result<T, Error>>) -> Result<(), Failure> {
    match timeout(limit, asking).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) if error.is_transient() || error.is_permanent() => Err(Failure::Refused),
        _ => Err(Failure::Broken(MailError::Transport)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_how_to_connect() {
        let check = |url: &str, expected: Option<(&str, u16, Security, bool)>| {
            let server = Server::of(url).ok();
            let read = server
                .as_ref()
                .map(|it| (it.host.as_str(), it.port, it.security, it.credentials.is_some()));
            assert_eq!(read, expected, "{url}");
        };
        check("smtp://mail.example", Some(("mail.example", 25, Security::None, false)));
        check(
            "smtp://127.0.0.1:2525",
            Some(("127.0.0.1", 2525, Security::None, false)),
        );
        check("smtp://[::1]:2525", Some(("::1", 2525, Security::None, false)));
        check(
            "smtp://ada:p%40ss@mail.example?tls=required",
            Some(("mail.example", 587, Security::Required, true)),
        );
        check(
            "smtp://mail.example:2525?tls=opportunistic",
            Some(("mail.example", 2525, Security::Opportunistic, false)),
        );
        check(
            "smtps://ada:secret@mail.example",
            Some(("mail.example", 465, Security::Wrapped, true)),
        );
        check("smtp://mail.example?tls=perhaps", None);
        check("https://mail.example", None);
        check("mail.example:25", None);
    }

    #[test]
    fn a_letter_ends_with_its_only_single_dot() {
        let check = |letter: &str, expected: &str| assert_eq!(ended(letter), expected, "{letter:?}");
        check("a\r\n", "a\r\n.\r\n");
        check("a", "a\r\n.\r\n");
        check(".a\r\n.\r\n..\r\nb.\r\n", "..a\r\n..\r\n...\r\nb.\r\n.\r\n");
        check("a\r\n\r\n", "a\r\n\r\n.\r\n");
    }
}

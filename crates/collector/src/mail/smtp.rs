//! One connection to the mail server for all letters of a round.
//! Refuses to part a letter from the dot that ends it: both go in one write. Apart, the dot waits in the system for the
//! server to acknowledge the body, and leaves even where the process has died by then.
//! Read next: `smtp/server.rs`, where it is; `outbox.rs`, which writes down that a letter is being sent, before its first byte, and that it has left.

use std::{fmt, future::poll_fn, pin::pin, time::Duration};

use lettre::{
    Address, Message,
    transport::smtp::{
        Error,
        client::AsyncSmtpConnection,
        commands::{Data, Mail, Rcpt, Rset},
        extension::{Extension, MailBodyParameter, MailParameter},
    },
};
use tokio::time::timeout;

use super::MailError;

mod server;

pub(super) use server::Server;

/// To connect, and for the answer to a command; RFC 5321 §4.5.3.2.
const ANSWER: Duration = Duration::from_secs(300);

/// For the answer to the dot, while the server stores the letter.
const ACCEPTANCE: Duration = Duration::from_secs(600);

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
    /// leaves; where that fails, none does. `left` is called as soon as the system has its last byte.
    pub(super) async fn send(
        &mut self,
        message: &Message,
        sending: impl Future<Output = Result<(), MailError>>,
        left: impl FnOnce(),
    ) -> Result<(), MailError> {
        let data = data(message)?;
        let mut connection = self.begin(message, &data).await?;
        let carried = carry(&mut connection, message, data, sending, left).await;
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
    left: impl FnOnce(),
) -> Result<(), Failure> {
    for recipient in message.envelope().to() {
        within(ANSWER, connection.command(Rcpt::new(recipient.clone(), Vec::new()))).await?;
    }
    within(ANSWER, connection.command(Data)).await?;
    sending.await.map_err(Failure::Broken)?;
    // A command is one write.
    let fits = data.len() <= TAKEN_AT_ONCE;
    let carried = before_waiting(connection.command(data), || {
        if fits {
            left();
        }
    });
    within(ACCEPTANCE, carried).await
}

/// So much a connection takes without waiting for its peer: less than the smallest buffer for sending. Ours have 20 kB.
const TAKEN_AT_ONCE: usize = 40_000;

/// Calls back when something begins to wait. A command has written all of itself by then, and waits for its answer.
async fn before_waiting<T>(asking: impl Future<Output = T>, waits: impl FnOnce()) -> T {
    // What shares its time with others may wait for its turn before it has written anything.
    let mut asking = pin!(tokio::task::coop::unconstrained(asking));
    let mut waits = Some(waits);
    poll_fn(|context| {
        let polled = asking.as_mut().poll(context);
        if let Some(waits) = waits.take() {
            waits();
        }
        polled
    })
    .await
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
    fn a_letter_ends_with_its_only_single_dot() {
        let check = |letter: &str, expected: &str| assert_eq!(ended(letter), expected, "{letter:?}");
        check("a\r\n", "a\r\n.\r\n");
        check("a", "a\r\n.\r\n");
        check(".a\r\n.\r\n..\r\nb.\r\n", "..a\r\n..\r\n...\r\nb.\r\n.\r\n");
        check("a\r\n\r\n", "a\r\n\r\n.\r\n");
    }
}

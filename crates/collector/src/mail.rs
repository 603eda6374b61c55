//! Mails: one letter per cause, in the form's language, as text and as HTML. Its words are made when it is sent, from what
//! is on record of the person then; what is over by then is not said. Queued in transactions, sent by `outbox.rs`.
//! Refuses to put anything personal in a log; an address stands in the letter alone.
//! Read next: `mail/request.rs` (after a submission), `mail/notice.rs` (what ends soon), `mail/smtp.rs` (the server).

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use lettre::{
    Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};

use self::{
    draft::Draft,
    smtp::{Server, Session},
};
use crate::{
    app::App,
    http::error::ApiError,
    keys::{private_folder, write_private},
    lock::Lock,
    person::Person,
    store::{Letter, MailKind, StoreError},
};

mod draft;
mod notice;
mod request;
mod smtp;

/// Where mails go.
pub enum Post {
    Smtp(Server),
    /// `DATA/outbox/*.eml`, where no mail server is configured.
    Folder(PathBuf),
}

impl fmt::Debug for Post {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Smtp(_) => "Smtp(…)",
            Self::Folder(_) => "Folder(…)",
        })
    }
}

/// Why a letter did not leave. The words of the cause may hold an address: only its class is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MailError {
    #[error("the mail server's address cannot be read; expected smtp(s)://user:password@host:port")]
    Server,
    #[error("of what can follow the mail server's address only ?tls=required and ?tls=opportunistic are known")]
    Tls,
    #[error("a user without a password; expected smtp(s)://user:password@host:port")]
    Password,
    #[error(
        "user and password would travel in clear: use smtps://, or ?tls=required; without TLS they go to this machine alone"
    )]
    Clear,
    #[error("the file of --smtp-ca cannot be read as certificates in PEM")]
    Authority,
    #[error("sender or recipient is not an address")]
    Address,
    #[error("the letter cannot be written")]
    Letter,
    #[error("nobody answers at the mail server's address")]
    Unreachable,
    #[error("the mail server's certificate is not trusted; --smtp-ca names whom to trust")]
    Untrusted,
    #[error("the mail server does not offer STARTTLS, and tls=required")]
    NoStartTls,
    #[error("the mail server offers no way to log in that is known here (PLAIN, LOGIN)")]
    NoLogin,
    #[error("the mail server refuses the user or the password")]
    LoginRefused,
    #[error("the mail server or folder did not take the letter")]
    Transport,
    #[error("the store is away")]
    Store,
}

impl Post {
    /// `authority`: a file of certificates to trust besides those that everybody trusts.
    pub fn open(smtp: Option<&str>, authority: Option<&Path>, folder: PathBuf) -> Result<Self, MailError> {
        match smtp {
            Some(url) => Server::of(url, authority).map(Self::Smtp),
            None => {
                private_folder(&folder).map_err(|_| MailError::Transport)?;
                Ok(Self::Folder(folder))
            }
        }
    }

    /// For some letters in a row.
    pub fn round<'a>(&'a self, lock: &'a Lock) -> Round<'a> {
        match self {
            Self::Smtp(server) => Round::Smtp(Session::new(server), lock),
            Self::Folder(folder) => Round::Folder(folder),
        }
    }
}

/// Letters that go one after another, by one connection.
#[derive(Debug)]
pub enum Round<'a> {
    /// The lock's file tells the next process which letter the system had whole.
    Smtp(Session<'a>, &'a Lock),
    Folder(&'a Path),
}

impl Round<'_> {
    pub async fn close(self) {
        if let Self::Smtp(session, _) = self {
            session.close().await;
        }
    }
}

fn write_file(folder: &Path, name: &str, message: &Message) -> Result<(), MailError> {
    if !folder.is_dir() {
        fs::create_dir_all(folder).map_err(|_| MailError::Transport)?;
    }
    write_private(&folder.join(name), &message.formatted()).map_err(|_| MailError::Transport)
}

/// What left for a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Nothing was left to say, or it may not be said now.
    Nothing,
    Plain,
    /// It asked for a confirmation.
    Asking,
}

impl From<StoreError> for MailError {
    fn from(_: StoreError) -> Self {
        Self::Store
    }
}

impl From<ApiError> for MailError {
    fn from(_: ApiError) -> Self {
        Self::Store
    }
}

/// Writes and sends one letter; a person who has gone meanwhile gets none.
pub async fn send(app: &App, round: &mut Round<'_>, letter: &Letter) -> Result<Sent, MailError> {
    let draft = match letter.kind {
        MailKind::Submission | MailKind::Download | MailKind::Confirmation => request::write(app, letter).await?,
        MailKind::Person => request::person_link(app, letter).await?,
        MailKind::Renewal | MailKind::Retention => {
            let Some(person) = Person::open(app, letter.person).await? else {
                return Ok(Sent::Nothing);
            };
            match letter.kind {
                MailKind::Renewal => notice::renewal(app, &person, letter).await?,
                _ => notice::retention(app, &person, letter).await?,
            }
        }
    };
    let Some(draft) = draft else { return Ok(Sent::Nothing) };
    let message = message(app, &draft, letter)?;
    match round {
        Round::Smtp(session, lock) => {
            let sending = async {
                // An older letter's number may have become this one's.
                lock.note(0).map_err(|_| MailError::Store)?;
                Ok(app.store.letter_sending(letter.id, app.clock.now(), draft.asks).await?)
            };
            let left = || {
                if let Err(error) = lock.note(letter.id) {
                    tracing::warn!(kind = ?error.kind(), "a letter that leaves cannot be noted");
                }
            };
            session.send(&message, sending, left).await?;
        }
        Round::Folder(folder) => {
            let name = file_name(letter);
            write_file(folder, &name, &message)?;
            remove_if_erased(app, letter, folder.join(name)).await?;
        }
    }
    Ok(if draft.asks { Sent::Asking } else { Sent::Plain })
}

/// `{row}-{record or person}.eml`, from the row alone: sent again after a crash, it is the same file, and an erasure
/// finds it without reading the folder.
pub fn file_name(letter: &Letter) -> String {
    match letter.record {
        Some(record) => format!("{:08}-{record}.eml", letter.id),
        None => format!("{:08}-{}.person.eml", letter.id, letter.person),
    }
}

/// An erasure that came between reading and writing has looked for the file too early.
async fn remove_if_erased(app: &App, letter: &Letter, file: PathBuf) -> Result<(), MailError> {
    let stays = match letter.record {
        Some(record) => app.store.submission(record).await?.is_some(),
        None => app.store.person(letter.person).await?.is_some(),
    };
    if stays {
        return Ok(());
    }
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(MailError::Transport),
        _ => Ok(()),
    }
}

fn message(app: &App, draft: &Draft, letter: &Letter) -> Result<Message, MailError> {
    let form = &draft.submission.form;
    let sender = app.config.mail_from.as_deref().or(form.controller("email"));
    let sender = sender.ok_or(MailError::Address)?;
    let name = form.controller("name").map(str::to_owned);
    let from = Mailbox::new(name, sender.parse().map_err(|_| MailError::Address)?);
    let to = Mailbox::new(None, draft.address.parse().map_err(|_| MailError::Address)?);
    let domain = sender.rsplit('@').next().unwrap_or("localhost");
    let about = letter.record.unwrap_or(letter.person);
    let mut builder = Message::builder()
        .from(from)
        .to(to)
        .subject(draft.subject.clone())
        .date(SystemTime::from(app.clock.now()))
        // The same letter sent twice after a crash carries the same id.
        .message_id(Some(format!("<{about}.{}@{domain}>", letter.id)));
    if let Some(address) = &draft.unsubscribe {
        // RFC 8058: one POST to that address ends it, without a page.
        builder = builder
            .raw_header(as_it_stands("List-Unsubscribe", format!("<{address}>")))
            .raw_header(as_it_stands(
                "List-Unsubscribe-Post",
                "List-Unsubscribe=One-Click".to_owned(),
            ));
    }
    builder
        .multipart(MultiPart::alternative_plain_html(draft.text()?, draft.html()?))
        .map_err(|_| MailError::Letter)
}

/// A header of ASCII without spaces, made here: folded or encoded, mail programs no longer find the address in it.
fn as_it_stands(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.clone(), value)
}

//! Mails: one letter per cause, in the form's language, as text and as HTML, with its words made when it is sent.
//! Refuses to put anything personal in a log; an address stands in the letter alone. Sent by `outbox.rs`.

use std::{fmt, fs, path::PathBuf, time::SystemTime};

use askama::Template;
use jiff::Timestamp;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart},
};
use uuid::Uuid;

use crate::{
    app::App,
    catalog::Words,
    follow_up::Dossier,
    keys::{private_folder, write_private},
    links::LinkKind,
    pages::{MailHtml, MailText, PurposeWords, TimedLink, moment},
    published::Delivery,
    state::PurposeState,
    store::{Letter, MailKind},
    typography::spaced,
};

/// Where mails go.
pub enum Post {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
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
    #[error("the mail server's address cannot be read")]
    Server,
    #[error("sender or recipient is not an address")]
    Address,
    #[error("the letter cannot be written")]
    Letter,
    #[error("the mail server or folder did not take the letter")]
    Transport,
    #[error("the store is away")]
    Store,
}

impl Post {
    pub fn open(smtp: Option<&str>, folder: PathBuf) -> Result<Self, MailError> {
        match smtp {
            Some(url) => Ok(Self::Smtp(
                AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
                    .map_err(|_| MailError::Server)?
                    .build(),
            )),
            None => {
                private_folder(&folder).map_err(|_| MailError::Transport)?;
                Ok(Self::Folder(folder))
            }
        }
    }

    async fn send(&self, name: &str, message: Message) -> Result<(), MailError> {
        match self {
            Self::Smtp(transport) => transport
                .send(message)
                .await
                .map(drop)
                .map_err(|_| MailError::Transport),
            Self::Folder(folder) => {
                // The name follows from the row: sent again after a crash, it is the same file.
                let path = folder.join(name);
                if !folder.is_dir() {
                    fs::create_dir_all(folder).map_err(|_| MailError::Transport)?;
                }
                write_private(&path, &message.formatted()).map_err(|_| MailError::Transport)
            }
        }
    }
}

/// Writes and sends one letter; a lead that has gone meanwhile gets none.
pub async fn send(app: &App, post: &Post, letter: &Letter) -> Result<Sent, MailError> {
    let record = match letter.record {
        Some(record) => Some(record),
        None => newest_submission(app, letter.person).await?,
    };
    let Some(record) = record else { return Ok(Sent::Nothing) };
    let dossier = Dossier::open(app, record).await.map_err(|_| MailError::Store)?;
    let Some(dossier) = dossier else {
        return Ok(Sent::Nothing);
    };
    let Some(address) = dossier.values.address.clone() else {
        return Ok(Sent::Nothing);
    };
    let Some(draft) = Draft::write(app, &dossier, letter.kind).await? else {
        return Ok(Sent::Nothing);
    };
    let asked = draft.asks;
    let name = format!("{:08}-{record}.eml", letter.id);
    let message = draft.message(app, &dossier, &address, letter)?;
    post.send(&name, message).await?;
    Ok(if asked { Sent::Asking } else { Sent::Plain })
}

/// What left for a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Nothing was left to say.
    Nothing,
    Plain,
    /// It asked for a confirmation.
    Asking,
}

async fn newest_submission(app: &App, person: Uuid) -> Result<Option<Uuid>, MailError> {
    let submissions = app.store.submissions_of(person).await.map_err(|_| MailError::Store)?;
    Ok(submissions.last().map(|submission| submission.record.id))
}

struct Draft {
    asks: bool,
    subject: String,
    text: String,
    html: String,
}

impl Draft {
    /// `None` where there is nothing left to deliver or to confirm.
    async fn write(app: &App, dossier: &Dossier, kind: MailKind) -> Result<Option<Self>, MailError> {
        let form = &dossier.form;
        let words = Words::of(&dossier.submission.lead.language);
        let first = dossier.first().ok_or(MailError::Letter)?;
        let gate = form.terms.gate.as_ref().filter(|gate| gate.delivery == Delivery::Email);
        let download = match kind {
            MailKind::Submission | MailKind::Download if gate.is_some() => {
                timed_link(app, dossier, words, LinkKind::Download).await?
            }
            _ => None,
        };
        let waiting: Vec<_> = [PurposeState::Pending, PurposeState::Held]
            .into_iter()
            .flat_map(|state| dossier.waiting(state))
            .collect();
        let confirm = match kind {
            MailKind::Submission if !waiting.is_empty() => timed_link(app, dossier, words, LinkKind::Confirm).await?,
            _ => None,
        };
        let manage_asked = kind == MailKind::Person;
        if download.is_none() && confirm.is_none() && !manage_asked {
            return Ok(None);
        }
        let service = &spaced(&first.form.service);
        let subject_key = match (&download, &confirm) {
            (Some(_), _) => "mail_subject_gate",
            (None, Some(_)) => "mail_subject_confirm",
            (None, None) => "mail_subject_manage",
        };
        let subject = words.fill(subject_key, "service", service);
        let manage = newest(app, dossier, LinkKind::Manage)
            .await?
            .map_or_else(|| format!("{}/m", app.public_url), |(url, _)| url);
        let statements: Vec<String> = waiting
            .iter()
            .map(|standing| PurposeWords::of(form, &standing.purpose).statement)
            .collect();
        let (form_title, controller_line) = (
            &form.displayed("title").unwrap_or_default(),
            &form.displayed("controller").unwrap_or_default(),
        );
        let html = MailHtml {
            words,
            subject: &subject,
            controller: form.controller("name").unwrap_or_default(),
            service,
            form_title,
            controller_line,
            download,
            confirm,
            statements,
            manage_asked,
            manage,
        };
        let asks = html.confirm.is_some();
        let html_text = html.render().map_err(|_| MailError::Letter)?;
        let MailHtml {
            download,
            confirm,
            statements,
            manage,
            ..
        } = html;
        let text = MailText {
            words,
            service,
            form_title,
            controller_line,
            download,
            confirm,
            statements,
            manage_asked,
            manage,
        };
        let text = text.render().map_err(|_| MailError::Letter)?;
        Ok(Some(Self {
            asks,
            html: html_text,
            text,
            subject,
        }))
    }

    fn message(self, app: &App, dossier: &Dossier, address: &str, letter: &Letter) -> Result<Message, MailError> {
        let sender = app
            .config
            .mail_from
            .as_deref()
            .or(dossier.form.controller("email"))
            .ok_or(MailError::Address)?;
        let name = dossier.form.controller("name").map(str::to_owned);
        let from = Mailbox::new(name, sender.parse().map_err(|_| MailError::Address)?);
        let to = Mailbox::new(None, address.parse().map_err(|_| MailError::Address)?);
        let domain = sender.rsplit('@').next().unwrap_or("localhost");
        Message::builder()
            .from(from)
            .to(to)
            .subject(self.subject)
            .date(SystemTime::from(app.clock.now()))
            // The same letter sent twice after a crash carries the same id.
            .message_id(Some(format!("<{}.{}@{domain}>", dossier.submission.record.id, letter.id)))
            .multipart(MultiPart::alternative_plain_html(self.text, self.html))
            .map_err(|_| MailError::Letter)
    }
}

async fn timed_link(
    app: &App,
    dossier: &Dossier,
    words: Words,
    kind: LinkKind,
) -> Result<Option<TimedLink>, MailError> {
    let link = newest(app, dossier, kind).await?;
    Ok(link.map(|(address, expires)| TimedLink {
        address,
        until: expires.map(|at| moment(words, at)).unwrap_or_default(),
    }))
}

async fn newest(
    app: &App,
    dossier: &Dossier,
    kind: LinkKind,
) -> Result<Option<(String, Option<Timestamp>)>, MailError> {
    let link = app
        .store
        .newest_link(kind, dossier.submission.record.id)
        .await
        .map_err(|_| MailError::Store)?;
    Ok(link.map(|link| (app.link(link.target), link.expires)))
}

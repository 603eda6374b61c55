//! A letter's words before they are sent: parts with one button each, and the foot that says why it came.
//! Refuses links that have ended: a letter that waited for the mail server carries living ones.

use askama::Template;
use jiff::Timestamp;
use uuid::Uuid;

use super::MailError;
use crate::{
    app::App,
    catalog::Words,
    links::LinkKind,
    pages::{MailHtml, MailPart, MailText, Quoted},
    person::PersonSubmission,
};

pub(super) struct Draft {
    /// The submission that it is about: its form is the letter's.
    pub(super) submission: PersonSubmission,
    /// In the language of what it quotes, or else of the page behind its link.
    pub(super) words: Words,
    pub(super) address: String,
    pub(super) subject: String,
    pub(super) parts: Vec<MailPart>,
    /// Why this letter came.
    pub(super) reason: Quoted,
    /// Where the submission is changed; `None` where that is what the letter itself is about.
    pub(super) manage: Option<String>,
    /// It asks for a confirmation.
    pub(super) asks: bool,
    /// Where one click ends it, for letters that nobody asked for.
    pub(super) unsubscribe: Option<String>,
}

impl Draft {
    pub(super) fn text(&self) -> Result<String, MailError> {
        let mail = MailText {
            words: self.words,
            parts: &self.parts,
            reason: &self.reason,
            controller_line: &self.controller_line(),
            manage: self.manage.as_deref(),
        };
        mail.render().map_err(|_| MailError::Letter)
    }

    pub(super) fn html(&self) -> Result<String, MailError> {
        let mail = MailHtml {
            words: self.words,
            subject: &self.subject,
            controller: self.submission.form.controller("name").unwrap_or_default(),
            parts: &self.parts,
            reason: &self.reason,
            controller_line: &self.controller_line(),
            manage: self.manage.as_deref(),
        };
        mail.render().map_err(|_| MailError::Letter)
    }

    fn controller_line(&self) -> Quoted {
        let form = &self.submission.form;
        Quoted::alone(
            self.words,
            &form.displayed("controller").unwrap_or_default(),
            &form.row.language,
        )
    }
}

pub(super) fn words(submission: &PersonSubmission) -> Words {
    Words::of(&submission.stored.lead.language)
}

/// That the address was typed into that form.
pub(super) fn typed_here(words: Words, submission: &PersonSubmission) -> Quoted {
    let form = &submission.form;
    let title = form.displayed("title").unwrap_or_default();
    Quoted::within(words, words.get("mail_foot"), "form", &title, &form.row.language)
}

/// A submission's own page.
pub(super) async fn manage_link(app: &App, submission: &PersonSubmission) -> Result<String, MailError> {
    let record = submission.stored.record.id;
    let link = app.store.newest_link(LinkKind::Manage, record).await?;
    Ok(link.map_or_else(|| format!("{}/m", app.public_url), |link| app.link(link.target)))
}

/// A link with its end.
pub(super) struct LivingLink {
    pub(super) address: String,
    pub(super) until: Timestamp,
}

/// What a letter wants of its link.
pub(super) struct Wanted {
    /// Issued then or later.
    pub(super) since: Timestamp,
    /// It still opens then.
    pub(super) at: Timestamp,
    /// When a new one ends.
    pub(super) until: Timestamp,
}

/// The newest link of a kind, where it is as wanted; else the next one. Written again after a failure, a letter carries
/// the same link.
pub(super) async fn living_link(
    app: &App,
    kind: LinkKind,
    subject: Uuid,
    Wanted { since, at, until }: Wanted,
) -> Result<LivingLink, MailError> {
    let now = app.clock.now();
    let newest = app.store.newest_link(kind, subject).await?;
    let lives = newest
        .filter(|link| link.issued >= since && link.expires.is_some_and(|expires| now < expires && at <= expires));
    let link = match lives {
        Some(link) => link,
        None => app.store.renew_link(kind, subject, now, Some(until)).await?,
    };
    Ok(LivingLink {
        address: app.link(link.target),
        until: link.expires.unwrap_or(until),
    })
}

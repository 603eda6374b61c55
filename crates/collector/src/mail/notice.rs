//! Letters that time causes: a consent ends soon, or the data do. The page behind the link has one unticked box for each
//! purpose; the letter says plainly what doing nothing does.
//! Refuses to ask for what was renewed, withdrawn or erased since it was queued. Who queues them: the sweep.

use candor_record::{
    id::PurposeId,
    state::{Standing, State},
    term::RetentionStart,
    time::Period,
};
use jiff::{SignedDuration, Timestamp};

use super::{
    MailError,
    draft::{Draft, Wanted, living_link, manage_link, typed_here},
};
use crate::{
    app::App,
    catalog::Words,
    dates::{date, moment},
    links::{LinkKind, LinkTarget},
    pages::{MailPart, PurposeWords, Quoted, person::ordered},
    person::{Person, PersonSubmission},
    published::{OnSilence, after},
    store::Letter,
};

/// The page stays open that long after the end: what ended can still be given again.
const GRACE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A purpose that the letter names, with the submission in effect for it and the day of its end.
struct Ending<'a> {
    submission: &'a PersonSubmission,
    statement: String,
    until: Timestamp,
}

impl Ending<'_> {
    /// Of the statement.
    fn language(&self) -> &str {
        &self.submission.form.row.language
    }
}

/// The letter speaks as what it quotes, where that is of one language; else as the person.
fn words_of(person: &Person, ending: &[Ending<'_>]) -> Words {
    let mut languages = ending.iter().map(Ending::language);
    let first = languages.next();
    let agreed = first.filter(|first| languages.all(|language| language == *first));
    Words::of(agreed.unwrap_or(person.language()))
}

/// A consent ends.
pub(super) async fn renewal(app: &App, person: &Person, letter: &Letter) -> Result<Option<Draft>, MailError> {
    let now = app.clock.now();
    let ending = endings(person, letter, |standing| {
        let renewed_meanwhile = standing.since.as_jiff() > letter.created;
        let until = standing.valid_until.map(|until| until.as_jiff());
        until.filter(|until| !renewed_meanwhile && now < *until)
    });
    let Some(first) = ending.iter().map(|ending| ending.until).min() else {
        return Ok(None);
    };
    let words = words_of(person, &ending);
    let several = ending.len() > 1;
    let of_silence = |ending: &Ending<'_>| ending.submission.form.on_silence();
    let same = ending.iter().all(|other| of_silence(other) == of_silence(&ending[0]));
    let item = |ending: &Ending<'_>| {
        let dated = words.fill("mail_renewal_item", "date", &date(words, ending.until));
        let item = Quoted::within(words, &dated, "statement", &ending.statement, ending.language());
        // Where silence does not do the same to each, it is said beside each.
        match same {
            true => item,
            false => item.followed_by(words.get(silence(of_silence(ending), false))),
        }
    };
    let together = same.then(|| words.get(silence(of_silence(&ending[0]), several)).to_owned());
    let then = together
        .into_iter()
        .chain([words.get("mail_renewal_how").to_owned()])
        .collect();
    let sentences = Sentences {
        words,
        subject: match several {
            true => "mail_subject_renewals",
            false => "mail_subject_renewal",
        },
        lead: "mail_renewal_lead",
        items: ending.iter().map(item).collect(),
        then,
        button: "mail_renewal_button",
    };
    sentences.draft(app, person, letter, &ending, first).await
}

/// What doing nothing does to one consent, or to several.
fn silence(silence: OnSilence, several: bool) -> &'static str {
    match (silence, several) {
        (OnSilence::Expire, false) => "mail_silence_expire",
        (OnSilence::Expire, true) => "mail_silence_expire_several",
        (OnSilence::Pause, false) => "mail_silence_pause",
        (OnSilence::Pause, true) => "mail_silence_pause_several",
        (OnSilence::Keep, false) => "mail_silence_keep",
        (OnSilence::Keep, true) => "mail_silence_keep_several",
    }
}

/// The data end, because the person has not been heard of.
pub(super) async fn retention(app: &App, person: &Person, letter: &Letter) -> Result<Option<Draft>, MailError> {
    if person.row.contact > letter.created {
        return Ok(None);
    }
    let ending = endings(person, letter, |standing| {
        let stands = matches!(
            standing.state,
            State::Given | State::Renewed | State::Informed | State::Expired
        );
        retention_end(person, standing).filter(|_| stands)
    });
    let Some(last) = ending.iter().map(|ending| ending.until).max() else {
        return Ok(None);
    };
    // A letter that waited for the mail server names no day in the past: what has ended goes with the page's link.
    let now = app.clock.now();
    let last = if last > now { last } else { now + GRACE };
    let words = words_of(person, &ending);
    let sentence = |key| words.get(key).to_owned();
    let statement = |ending: &Ending<'_>| Quoted::alone(words, &ending.statement, ending.language());
    let sentences = Sentences {
        words,
        subject: "mail_subject_retention",
        lead: "mail_retention_lead",
        items: ending.iter().map(statement).collect(),
        then: vec![sentence("mail_retention_then"), sentence("mail_retention_how")],
        button: "mail_retention_button",
    };
    sentences.draft(app, person, letter, &ending, last).await
}

/// When the data of a purpose end, by the calendar; those kept from a withdrawal do not end before one.
fn retention_end(person: &Person, standing: &Standing) -> Option<Timestamp> {
    let start = match standing.storage.from {
        RetentionStart::Collection => standing.collected.as_jiff(),
        RetentionStart::LastContact => person.row.contact,
        RetentionStart::Withdrawal => standing.ended?.as_jiff(),
    };
    let period: &Period = &standing.storage.retention;
    Some(after(start, period.to_span()))
}

/// Where one click ends what the letter is about, in every submission that it names.
fn unsubscribe_link(app: &App, letter: &Letter) -> Option<String> {
    let target = LinkTarget {
        kind: LinkKind::Unsubscribe,
        subject: letter.person,
        counter: u32::try_from(letter.id).ok()?,
    };
    Some(app.link(target))
}

/// The purposes of the letter that still end, in the order of the form.
fn endings<'a>(person: &'a Person, letter: &Letter, until: impl Fn(&Standing) -> Option<Timestamp>) -> Vec<Ending<'a>> {
    let named = |purpose: &PurposeId| letter.purposes.iter().any(|named| named == purpose.as_str());
    let ordered = ordered(person).into_iter().filter(|(purpose, _)| named(purpose));
    ordered
        .filter_map(|(purpose, _)| {
            let (submission, standing) = person.in_effect(purpose)?;
            Some(Ending {
                until: until(standing)?,
                statement: PurposeWords::of(&submission.form, purpose.as_str()).statement,
                submission,
            })
        })
        .collect()
}

/// The keys and lines in which the two kinds differ.
struct Sentences {
    words: Words,
    subject: &'static str,
    lead: &'static str,
    items: Vec<Quoted>,
    then: Vec<String>,
    button: &'static str,
}

impl Sentences {
    async fn draft(
        self,
        app: &App,
        person: &Person,
        letter: &Letter,
        ending: &[Ending<'_>],
        named: Timestamp,
    ) -> Result<Option<Draft>, MailError> {
        let (Some(first), Some(address)) = (ending.first(), person.address()) else {
            return Ok(None);
        };
        let (submission, words) = (first.submission, self.words);
        let end = ending.iter().map(|ending| ending.until).fold(named, Timestamp::max);
        let wanted = Wanted {
            since: Timestamp::MIN,
            at: end,
            until: end + GRACE,
        };
        let link = living_link(app, LinkKind::Renew, person.row.id, wanted).await?;
        let subject = words.fill(self.subject, "date", &date(words, named));
        let part = MailPart {
            title: subject.clone(),
            lead: words.get(self.lead).to_owned(),
            items: self.items,
            then: self.then,
            button: words.get(self.button),
            note: words.fill("mail_renewal_until", "date", &moment(words, link.until)),
            address: link.address,
        };
        Ok(Some(Draft {
            words,
            submission: submission.clone(),
            address: address.to_owned(),
            subject,
            parts: vec![part],
            reason: typed_here(words, submission),
            asks: false,
            unsubscribe: unsubscribe_link(app, letter),
            manage: Some(manage_link(app, submission).await?),
        }))
    }
}

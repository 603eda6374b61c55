//! Letters that somebody caused by typing an address: the file, the request for a confirmation, the link to the page.
//! Refuses to let strangers fill a mailbox: requests are counted, while the service's own mail is never held back. Refuses
//! to read all that they sent there: one letter costs the same however much that is, and so delays nobody else's.

use candor_record::term::Status;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{
    MailError,
    draft::{Draft, Wanted, living_link, manage_link, typed_here, words},
};
use crate::{
    app::App,
    confirm::Question,
    dates::moment,
    links::LinkKind,
    pages::{MailPart, PurposeWords, Quoted},
    person::{Person, PersonSubmission},
    published::{Delivery, after},
    store::{Letter, MailKind},
    typography::spaced,
};

/// Requests for a confirmation within [`DAY`]: to a mailbox that proved nothing whatever the form, afterwards for each form.
const REQUESTS_A_DAY: u32 = 3;
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// More submissions than a person leaves behind: of a mailbox that has as many, a letter is decided by its submission alone.
const CROWD: u32 = 50;

/// The link to everything about a person is good for that long.
const PERSON_LINK: SignedDuration = SignedDuration::from_hours(1);

/// After a submission, or once more: what it delivers, and what it still asks for.
pub(super) async fn write(app: &App, letter: &Letter) -> Result<Option<Draft>, MailError> {
    let Some(record) = letter.record else { return Ok(None) };
    let Some(stored) = app.store.submission(record).await? else {
        return Ok(None);
    };
    let submission = PersonSubmission::read(app, stored).await?;
    let Some(address) = submission.values.address.clone() else {
        return Ok(None);
    };
    let service = submission.form.json["record"]["form"]["service"].as_str();
    let service = spaced(service.unwrap_or_default());
    let download = download(app, &submission, letter, &service).await?;
    let confirm = confirm(app, &submission, letter, download.is_some()).await?;
    let subject = match (&download, &confirm) {
        (Some(_), _) => "mail_subject_gate",
        (None, Some(_)) => "mail_subject_confirm",
        (None, None) => return Ok(None),
    };
    let manage = manage_link(app, &submission).await?;
    Ok(Some(Draft {
        words: words(&submission),
        address,
        subject: words(&submission).fill(subject, "service", &service),
        asks: confirm.is_some(),
        unsubscribe: confirm.is_some().then(|| manage.clone()),
        parts: download.into_iter().chain(confirm).collect(),
        reason: typed_here(words(&submission), &submission),
        manage: Some(manage),
        submission,
    }))
}

/// A link that lives now; asked for anew, one that was made after that.
fn wanted(app: &App, letter: &Letter, until: Timestamp) -> Wanted {
    let since = match letter.kind {
        MailKind::Submission => Timestamp::MIN,
        _ => letter.created,
    };
    Wanted {
        since,
        at: app.clock.now(),
        until,
    }
}

async fn download(
    app: &App,
    submission: &PersonSubmission,
    letter: &Letter,
    service: &str,
) -> Result<Option<MailPart>, MailError> {
    let gate = submission.form.terms.gate.as_ref();
    let gate = gate.filter(|gate| gate.delivery == Delivery::Email && letter.kind != MailKind::Confirmation);
    let Some(gate) = gate else { return Ok(None) };
    let (words, record) = (words(submission), submission.stored.record.id);
    let until = after(app.clock.now(), gate.expires);
    let link = living_link(app, LinkKind::Download, record, wanted(app, letter, until)).await?;
    Ok(Some(MailPart {
        title: service.to_owned(),
        lead: words.get("mail_gate_here").to_owned(),
        items: Vec::new(),
        then: Vec::new(),
        button: words.get("mail_gate_button"),
        note: words.fill("mail_gate_until", "date", &moment(words, link.until)),
        address: link.address,
    }))
}

async fn confirm(
    app: &App,
    submission: &PersonSubmission,
    letter: &Letter,
    beside_download: bool,
) -> Result<Option<MailPart>, MailError> {
    if letter.kind == MailKind::Download || !may_ask(app, submission).await? {
        return Ok(None);
    }
    let record = submission.stored.record.id;
    let question = if is_crowded(app, letter.person).await? {
        Question::alone(app, record).await?
    } else {
        let Some(person) = Person::open(app, letter.person).await? else {
            return Ok(None);
        };
        Question::of(app, &person, record).await?
    };
    if question.is_empty() {
        return Ok(None);
    }
    let (words, form) = (words(submission), &submission.form);
    let until = form.confirmation_expiry(app.clock.now());
    let link = living_link(app, LinkKind::Confirm, record, wanted(app, letter, until)).await?;
    let title = if beside_download {
        "mail_confirm_title"
    } else {
        "mail_confirm_title_alone"
    };
    let items = question.asked.iter().map(|asked| {
        let statement = PurposeWords::of(form, asked.purpose.as_str()).statement;
        let sentence = match asked.status {
            Status::Objected => words.get("mail_objection"),
            _ => "{statement}",
        };
        Quoted::within(words, sentence, "statement", &statement, &form.row.language)
    });
    Ok(Some(MailPart {
        title: words.get(title).to_owned(),
        lead: words.get("mail_confirm_lead").to_owned(),
        items: items.collect(),
        then: Vec::new(),
        button: words.get("mail_confirm_button"),
        note: words.fill("mail_confirm_until", "date", &moment(words, link.until)),
        address: link.address,
    }))
}

async fn is_crowded(app: &App, person: Uuid) -> Result<bool, MailError> {
    Ok(app.store.count_submissions(person, CROWD).await? >= CROWD)
}

/// May the mailbox be asked once more? Whoever proved it is not silenced by what strangers send in other forms.
async fn may_ask(app: &App, submission: &PersonSubmission) -> Result<bool, MailError> {
    let lead = &submission.stored.lead;
    let proved = app.store.has_proved(lead.person).await?;
    let form = proved.then_some(lead.form.as_str());
    let since = app.clock.now() - DAY;
    Ok(app.store.asked_since(lead.person, form, since).await? < REQUESTS_A_DAY)
}

/// The submission that speaks for the person.
async fn own(app: &App, person: Uuid) -> Result<Option<PersonSubmission>, MailError> {
    if !is_crowded(app, person).await? {
        let person = Person::open(app, person).await?;
        return Ok(person.and_then(|person| person.own().cloned()));
    }
    Ok(match app.store.front_submission(person).await? {
        Some(stored) => Some(PersonSubmission::read(app, stored).await?),
        None => None,
    })
}

/// The link that was asked for at `/m`.
pub(super) async fn person_link(app: &App, letter: &Letter) -> Result<Option<Draft>, MailError> {
    let Some(submission) = own(app, letter.person).await? else {
        return Ok(None);
    };
    let Some(address) = submission.values.address.clone() else {
        return Ok(None);
    };
    let words = words(&submission);
    let until = app.clock.now() + PERSON_LINK;
    let link = living_link(app, LinkKind::Person, letter.person, wanted(app, letter, until)).await?;
    let controller = submission.form.controller("name").unwrap_or_default();
    let part = MailPart {
        title: words.get("mail_manage_title").to_owned(),
        lead: words.get("mail_manage_lead").to_owned(),
        items: Vec::new(),
        then: Vec::new(),
        button: words.get("mail_manage_button"),
        note: words.fill("mail_manage_until", "date", &moment(words, link.until)),
        address: link.address,
    };
    Ok(Some(Draft {
        words,
        subject: words.fill("mail_subject_manage", "service", controller),
        submission,
        address,
        parts: vec![part],
        reason: Quoted::plain(words.get("mail_foot_asked")),
        manage: None,
        asks: false,
        unsubscribe: None,
    }))
}

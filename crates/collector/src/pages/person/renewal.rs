//! The choices of a renewal: one unticked box per consent, and "keep my data".
//! Refuses to say anything else of the person: its link lies in a mailbox for a long time.

use askama::Template;
use candor_record::term::RetentionStart;
use jiff::{SignedDuration, Timestamp};

use super::{Foot, Notice, controller, feet, ordered, until};
use crate::{
    access::{ended, kept_until},
    act::offer,
    app::App,
    catalog::Words,
    dates::date,
    pages::PurposeWords,
    person::Person,
    published::OnSilence,
};

/// A consent that can be renewed.
#[derive(Debug)]
pub struct Renewable {
    pub words: PurposeWords,
    pub language: String,
    pub until: String,
    /// What happens then without an answer; nothing more, where it is past.
    pub silence_key: Option<&'static str>,
    end: Option<Timestamp>,
}

/// Who follows a letter is asked for what ends soon, or has ended; the first letter leaves 30 days before.
const SOON: SignedDuration = SignedDuration::from_hours(24 * 31);

/// Every consent that can be renewed.
pub(super) fn renewable(app: &App, person: &Person, words: Words) -> Vec<Renewable> {
    let now = app.clock.now();
    let renewable = ordered(person).into_iter().filter_map(|(purpose, standing)| {
        let lead = person.submission(offer::renewable(person, purpose)?)?;
        let end = standing
            .valid_until
            .map(|end| end.as_jiff())
            .or_else(|| ended(standing));
        Some(Renewable {
            words: PurposeWords::of(&lead.form, purpose.as_str()),
            language: lead.form.row.language.clone(),
            end,
            until: end.map_or_else(String::new, |end| until(words, "person_valid_until", end, now)),
            silence_key: end
                .filter(|end| *end > now)
                .map(|_| silence_key(lead.form.on_silence())),
        })
    });
    renewable.collect()
}

/// As the letter says it.
fn silence_key(silence: OnSilence) -> &'static str {
    match silence {
        OnSilence::Expire => "mail_silence_expire",
        OnSilence::Pause => "mail_silence_pause",
        OnSilence::Keep => "mail_silence_keep",
    }
}

/// The choices of a renewal, and nothing else of the person.
#[derive(Debug, Template)]
#[template(path = "renew.html")]
pub struct RenewPage {
    pub words: Words,
    pub controller: String,
    pub action: String,
    pub notice: Notice,
    pub kept: bool,
    pub renewable: Vec<Renewable>,
    /// The day on which data would go that wait for a contact.
    pub keep_until: Option<String>,
    pub feet: Vec<Foot>,
}

impl RenewPage {
    /// Nothing is to be renewed nor was: the letter asked whether the data stay, and that is no consent.
    fn is_about_data(&self) -> bool {
        let says_nothing = self.notice.done.is_none() && self.notice.problem.is_none();
        self.renewable.is_empty() && says_nothing && self.keep_until.is_some()
    }

    fn title_key(&self) -> &'static str {
        match self.is_about_data() {
            true => "keep_title",
            false => "renew_title",
        }
    }

    pub fn new(app: &App, person: &Person, action: String, notice: Notice, kept: bool) -> Self {
        let words = Words::of(person.language());
        let of_contact = person
            .state
            .purposes()
            .filter(|(_, standing)| standing.storage.from == RetentionStart::LastContact && !standing.state.is_ended());
        let end = of_contact
            .filter_map(|(_, standing)| kept_until(standing, person.row.contact))
            .min();
        let soon = app.clock.now() + SOON;
        let mut renewable = renewable(app, person, words);
        renewable.retain(|consent| consent.end.is_none_or(|end| end <= soon));
        let forms = person.submissions.iter().map(|lead| lead.form.as_ref());
        Self {
            words,
            controller: controller(person),
            action,
            notice,
            kept,
            renewable,
            keep_until: end.map(|end| date(words, end)),
            feet: feet(forms),
        }
    }
}

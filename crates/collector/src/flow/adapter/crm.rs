//! What the adapters of CRMs have in common: requests asked one after the other, names that a vendor uses for what a form
//! collects, and reasons that name a field and no value.
//! Refuses to repeat what a vendor says: its sentences quote addresses. Read next: `crm/options.rs`, then any vendor's file.

use std::borrow::Cow;

use candor_record::term::{Basis, Channel};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    Adapter, Answer, Desired, EndReason, Event, Job, Lead, Outcome, Request, SettingFault, Settings, Step, Test,
};

mod options;

pub(super) use self::options::{Reader, Stop, is_own_machine};

/// The answers so far, met in the order of the questions. What runs on it is written as if every answer were there: the
/// first question that has none ends the run, and becomes the next request.
pub(super) struct Dialogue<'a> {
    answers: std::slice::Iter<'a, Answer>,
    pub(super) now: Timestamp,
}

impl<'a> Dialogue<'a> {
    pub(super) fn new(answers: &'a [Answer], now: Timestamp) -> Self {
        Self {
            answers: answers.iter(),
            now,
        }
    }

    pub(super) fn ask(&mut self, request: Request) -> Result<&'a Answer, Step> {
        self.answers.next().ok_or(Step::Send(request))
    }
}

/// What the settings of a target are read into.
pub(super) trait FromSettings: Sized {
    /// Everything that is wrong with them, each with its place.
    fn read(settings: &Settings) -> Result<Self, Vec<SettingFault>>;
}

/// One vendor. Everything that a kind of receiver has to do follows from it.
pub(super) trait Crm: std::fmt::Debug + Send + Sync {
    type Options: FromSettings;
    const VENDOR: &'static Vendor;
    /// Where it has one address for everybody.
    const URL: Option<&'static str> = None;

    fn tell(job: &Job<'_>, options: &Self::Options, lead: &Lead, dialogue: Dialogue<'_>) -> Result<Outcome, Step>;
    fn end(job: &Job<'_>, options: &Self::Options, reason: EndReason, dialogue: Dialogue<'_>) -> Result<Outcome, Step>;
    fn test(test: &Test<'_>, options: &Self::Options, dialogue: Dialogue<'_>) -> Result<Outcome, Step>;

    fn other_urls(_options: &Self::Options) -> Vec<String> {
        Vec::new()
    }
}

impl<C: Crm> Adapter for C {
    fn kind(&self) -> &'static str {
        C::VENDOR.name
    }

    fn default_url(&self) -> Option<&'static str> {
        C::URL
    }

    fn other_urls(&self, settings: &Settings) -> Vec<String> {
        C::Options::read(settings).map_or_else(|_| Vec::new(), |options| C::other_urls(&options))
    }

    fn check(&self, settings: &Settings) -> Result<(), Vec<SettingFault>> {
        C::Options::read(settings).map(drop)
    }

    fn step(&self, job: &Job<'_>, answers: &[Answer]) -> Step {
        let dialogue = Dialogue::new(answers, job.now);
        said(C::Options::read(job.settings), |options| match &job.message.desired {
            Desired::Lead(lead) => C::tell(job, options, lead, dialogue),
            Desired::Ended(end) => C::end(job, options, end.reason, dialogue),
        })
    }

    fn test(&self, test: &Test<'_>, answers: &[Answer]) -> Step {
        let dialogue = Dialogue::new(answers, test.now);
        said(C::Options::read(test.settings), |options| {
            C::test(test, options, dialogue)
        })
    }
}

fn said<O>(options: Result<O, Vec<SettingFault>>, say: impl FnOnce(&O) -> Result<Outcome, Step>) -> Step {
    match options {
        Ok(options) => say(&options).map_or_else(|step| step, Step::End),
        Err(_) => dead("the settings of this target do not fit any more: add it anew"),
    }
}

pub(super) fn dead(why: impl Into<Cow<'static, str>>) -> Step {
    Step::End(Outcome::Dead { why: why.into() })
}

/// A test that answered well is done, everything else says why.
pub(super) fn tested(vendor: &Vendor, answer: &Answer, test: &Test<'_>) -> Result<Outcome, Step> {
    vendor.good(answer, test.now, &[])?;
    Ok(Outcome::Done { remote: None })
}

/// What a vendor's refusals are called, and where its answers name fields.
pub(super) struct Vendor {
    pub(super) name: &'static str,
    /// Failures that its pages document. Another word is not shown: it could be a person's.
    pub(super) codes: &'static [&'static str],
    pub(super) code: fn(&Value) -> Option<String>,
    /// Everything in the answer that could be a field's name; only names that the request had are shown.
    pub(super) fields: fn(&Value) -> Vec<String>,
    /// Seconds after which it answers again, where it says so otherwise than by `Retry-After`.
    pub(super) wait: Option<&'static str>,
}

impl Vendor {
    /// Passes a success; everything else ends the attempt.
    pub(super) fn good<'a>(&self, answer: &'a Answer, now: Timestamp, sent: &[&str]) -> Result<&'a Answer, Step> {
        if answer.is_success() {
            return Ok(answer);
        }
        Err(Step::End(self.failed(answer, now, sent)))
    }

    /// Like `good`, but 404 is good too: what is not there holds nothing.
    pub(super) fn good_or_absent<'a>(
        &self,
        answer: &'a Answer,
        now: Timestamp,
        sent: &[&str],
    ) -> Result<Option<&'a Answer>, Step> {
        if answer.status == 404 {
            return Ok(None);
        }
        self.good(answer, now, sent).map(Some)
    }

    /// What a failure means. Credentials (401, 403) may be mended while the schedule lasts; a limit passes; what else is
    /// refused is refused again, so it waits for a person.
    pub(super) fn failed(&self, answer: &Answer, now: Timestamp, sent: &[&str]) -> Outcome {
        match answer.status {
            401 | 403 => Outcome::Retry { after: None },
            408 | 425 | 429 | 500.. => {
                let own = self.wait.and_then(|header| answer.header(header));
                let own = own.and_then(|seconds| seconds.trim().parse().ok());
                let after = own.map(std::time::Duration::from_secs);
                Outcome::Retry {
                    after: answer.retry_after(now).or(after),
                }
            }
            status => {
                let json = answer.json();
                Outcome::Dead {
                    why: self.sentence(status, &json, sent).into(),
                }
            }
        }
    }

    /// `hubspot refused company, email (400 VALIDATION_ERROR)`.
    pub(super) fn sentence(&self, status: u16, json: &Value, sent: &[&str]) -> String {
        let said = (self.fields)(json);
        let mut fields: Vec<&str> = sent
            .iter()
            .copied()
            .filter(|name| said.iter().any(|it| it == name))
            .collect();
        fields.sort_unstable();
        fields.dedup();
        let code = (self.code)(json).filter(|code| self.codes.contains(&code.as_str()));
        let code = code.map(|code| format!(" {code}")).unwrap_or_default();
        let what = if fields.is_empty() {
            "the request".to_owned()
        } else {
            fields.join(", ")
        };
        format!("{} refused {what} ({status}{code})", self.name)
    }
}

/// Which of a vendor's fields take what a form collects, and what Candor itself has to say.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Field of the form, field of the vendor.
    pub(super) fields: Vec<(String, String)>,
    /// Takes the pairwise id of the person: how a contact is found again whose id never came back.
    pub(super) reference: Option<String>,
    /// Takes `given`, `renewed`, `informed`, or why it ended.
    pub(super) state: Option<String>,
    /// Takes the day on which the permission ends by itself.
    pub(super) until: Option<String>,
    /// Takes the id of the record that proves it.
    pub(super) record: Option<String>,
}

impl Names {
    /// The properties of a lead. A field that the person left empty is sent empty to who may hold an older value.
    pub(super) fn of_lead(&self, job: &Job<'_>, lead: &Lead) -> Map<String, Value> {
        let mut named = Map::new();
        for (field, name) in &self.fields {
            match lead.of_field(field) {
                Some(value) => drop(named.insert(name.clone(), value.into())),
                None if job.told.remote.is_some() => drop(named.insert(name.clone(), "".into())),
                None => {}
            }
        }
        let until = lead.until.map(|until| format!("{until:.0}")[..10].to_owned());
        for (name, value) in [
            (&self.reference, job.message.subject.to_string()),
            (&self.state, lead.state.as_str().to_owned()),
            (&self.until, until.unwrap_or_default()),
            (&self.record, lead.record.to_string()),
        ] {
            if let Some(name) = name {
                named.insert(name.clone(), value.into());
            }
        }
        named
    }

    /// What is left to say of a lead that ended.
    pub(super) fn of_end(&self, reason: EndReason) -> Map<String, Value> {
        let state = self.state.iter().map(|name| (name.clone(), reason.as_str().into()));
        state.collect()
    }

    /// Every name of the vendor's that a request can hold.
    pub(super) fn all(&self) -> Vec<&str> {
        let own = [&self.reference, &self.state, &self.until, &self.record];
        let own = own.into_iter().flatten().map(String::as_str);
        self.fields.iter().map(|(_, name)| name.as_str()).chain(own).collect()
    }
}

/// The vendor's id of a person, and one word that is needed when the lead ends and its basis is no longer at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remote {
    pub(super) id: String,
    pub(super) note: String,
}

impl Remote {
    pub(super) fn new(id: impl Into<String>, note: impl Into<String>) -> Self {
        let (id, note) = (id.into(), note.into());
        Self { id, note }
    }

    pub(super) fn parse(text: &str) -> Self {
        let (id, note) = text.split_once(' ').unwrap_or((text, ""));
        Self::new(id, note)
    }

    pub(super) fn done(&self) -> Outcome {
        Outcome::Done {
            remote: Some(format!("{} {}", self.id, self.note)),
        }
    }
}

/// Nothing is known by which the vendor could find the person.
pub(super) fn unknown(vendor: &Vendor) -> Step {
    dead(format!(
        "{} never told the id of this person: look there for a lead of this day by hand, or set the option reference",
        vendor.name
    ))
}

/// The address that this vendor cannot do without.
pub(super) fn email<'a>(vendor: &Vendor, lead: &'a Lead) -> Result<&'a str, Step> {
    lead.of_kind("email").ok_or_else(|| {
        dead(format!(
            "{} needs an e-mail address, and this purpose has none",
            vendor.name
        ))
    })
}

/// Whether this message may lift a refusal that the vendor holds: only a consent that the receiver has not heard of yet. A
/// correction must not undo that somebody unsubscribed in the vendor's own letters, and legitimate interest never may.
pub(super) fn lifts_refusals(job: &Job<'_>, lead: &Lead) -> bool {
    job.message.event == Event::Allowed && matches!(lead.basis, Basis::Consent | Basis::ExplicitConsent)
}

/// A channel that a vendor has no switch for needs at least a field that says how it stands.
pub(super) fn has_place(vendor: &Vendor, names: &Names, channel: Channel, switches: &[Channel]) -> Result<(), Step> {
    if switches.contains(&channel) || names.state.is_some() {
        return Ok(());
    }
    Err(dead(format!(
        "{} has no switch for the channel {}: set the option state, a field that takes the state",
        vendor.name,
        channel.as_str()
    )))
}

/// A value as one segment of a path or of a query.
pub(super) fn segment(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The id in an answer, which some vendors write as a number.
pub(super) fn id_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if is_id(text) => Some(text.clone()),
        Value::Number(number) => number.as_u64().map(|id| id.to_string()),
        _ => None,
    }
}

/// Ids go back into paths: letters and digits, nothing that a path could mean otherwise.
fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.chars().all(|it| it.is_ascii_alphanumeric() || it == '-')
}

/// The strings at these members of a list of objects.
pub(super) fn texts(list: &Value, member: &str) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    let found = items.filter_map(|item| item.get(member).and_then(Value::as_str));
    found.map(str::to_owned).collect()
}

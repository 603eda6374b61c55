//! The state of a person (`spec/record.md` §6): lives written as sentences, and what they amount to.
//!
//! `"a1 newsletter=given; b2 tips=informed; b confirms"`: chain a is a submission of a form without double opt-in, b of
//! one with; `held` is a consent that is given but held. Every event comes a day after the one before.

use candor_record::{
    id::{ChainId, PurposeId, RecordId},
    record::{Change, FollowUp, Process, Record, Submission},
    state::{Event, PersonState, derive},
    term::{Actor, Basis, Channel, Control, EventKind, Kind, Status},
    time::Timestamp,
};
use serde_json::Value;

use crate::support::{payload, time};

mod page;
mod properties;
mod standing;
mod table;

/// 31 August 2026, noon: half a year later is the last day of February.
const START: &str = "2026-08-31T12:00:00.000Z";
const DAY_MS: i64 = 86_400_000;

/// The purposes of these tests, all of one controller: three consents, five without; one class holds five of them.
const PURPOSES: [(&str, Basis, Kind, Channel); 8] = [
    ("ebook", Basis::Contract, Kind::Mandatory, Channel::Email),
    ("newsletter", Basis::Consent, Kind::Promotional, Channel::Email),
    ("partners", Basis::ExplicitConsent, Kind::Promotional, Channel::Email),
    ("call", Basis::Consent, Kind::Promotional, Channel::Phone),
    ("tips", Basis::SoftOptIn, Kind::Promotional, Channel::Email),
    ("offers", Basis::LegitimateInterest, Kind::Promotional, Channel::Email),
    ("survey", Basis::LegitimateInterest, Kind::Informational, Channel::Email),
    ("visit", Basis::LegitimateInterest, Kind::Promotional, Channel::Phone),
];

fn purpose(id: &str) -> PurposeId {
    id.parse().expect("a purpose id")
}

fn uuid(group: u16, number: u64) -> String {
    format!("{group:08x}-0000-4000-8000-{number:012x}")
}

fn chain(name: char) -> ChainId {
    uuid(1, u64::from(u32::from(name))).parse().expect("a chain id")
}

/// The id of the event at that place of a life.
fn record(place: usize) -> RecordId {
    uuid(2, place as u64).parse().expect("a record id")
}

/// An event with what [`Event`] borrows.
#[derive(Debug, Clone)]
struct Stored {
    record: Record,
    received: Timestamp,
    index: u64,
    double_opt_in: bool,
    held: Vec<PurposeId>,
    acted: Option<Timestamp>,
}

impl Stored {
    fn event(&self) -> Event<'_> {
        Event {
            record: &self.record,
            received: self.received,
            index: self.index,
            double_opt_in: self.double_opt_in,
            held: &self.held,
            acted: self.acted,
        }
    }
}

fn state_of(life: &[Stored]) -> PersonState {
    derive(life.iter().map(Stored::event))
}

fn life(text: &str) -> Vec<Stored> {
    let template = Template::new();
    let steps = text.split(';').map(str::trim).filter(|step| !step.is_empty());
    steps
        .enumerate()
        .map(|(place, step)| template.stored(place, step))
        .collect()
}

/// A submission and a withdrawal of the shared vectors, to be altered.
struct Template {
    submission: Submission,
    follow_up: FollowUp,
}

impl Template {
    fn new() -> Template {
        let read = |name: &str| {
            let value: Value = payload(name);
            Record::from_json_bytes(value.to_string().as_bytes()).expect("a record")
        };
        let (Record::Submission(submission), Record::FollowUp(follow_up)) =
            (read("submission: two"), read("withdrawal: follows"))
        else {
            panic!("the vectors have another order");
        };
        Template {
            submission: *submission,
            follow_up: *follow_up,
        }
    }

    fn stored(&self, place: usize, step: &str) -> Stored {
        let mut words = step.split(' ');
        let subject = words.next().expect("a subject");
        let name = subject.chars().next().expect("a chain");
        let mut held = Vec::new();
        let record = match &subject[1..] {
            "" => self.follow_up(name, place, words.next().expect("a verb"), words),
            _ => self.submission(name, words, &mut held),
        };
        let start = time(START).as_millisecond();
        Stored {
            record,
            received: Timestamp::from_millisecond(start + DAY_MS * place as i64).expect("a time"),
            index: place as u64,
            double_opt_in: subject.ends_with('2'),
            held,
            acted: None,
        }
    }

    fn submission<'a>(&self, name: char, words: impl Iterator<Item = &'a str>, held: &mut Vec<PurposeId>) -> Record {
        let mut submission = self.submission.clone();
        submission.chain = chain(name);
        submission.id = chain(name).as_str().parse().expect("a record id");
        submission.processes = words
            .map(|word| {
                let (id, status) = word.split_once('=').expect("purpose=status");
                if status == "held" {
                    held.push(purpose(id));
                }
                self.process(id, Status::parse(status).unwrap_or(Status::Given))
            })
            .collect();
        Record::Submission(Box::new(submission))
    }

    fn process(&self, id: &str, status: Status) -> Process {
        let (_, basis, kind, channel) = *PURPOSES.iter().find(|(name, ..)| *name == id).expect(id);
        assert!(basis.allows(status), "{id} cannot be {status}");
        let mut process = self.submission.processes[1].clone();
        process.purpose = purpose(id);
        (process.basis, process.kind, process.channel, process.status) = (basis, kind, channel, status);
        process.indication.control = basis.control();
        process.validity = basis.is_consent().then(|| "P6M".parse().expect("a period"));
        process.interest = (basis == Basis::LegitimateInterest).then(|| "To stay in touch".to_owned());
        if process.indication.control == Control::None {
            process.indication.trusted = None;
        }
        process
    }

    fn follow_up<'a>(&self, name: char, place: usize, verb: &str, words: impl Iterator<Item = &'a str>) -> Record {
        let (event, status) = match verb {
            "confirms" => (EventKind::Confirmation, Status::Given),
            "withdraws" => (EventKind::Withdrawal, Status::Withdrawn),
            "objects" => (EventKind::Objection, Status::Objected),
            "lifts" => (EventKind::ObjectionLifted, Status::Informed),
            "renews" => (EventKind::Renewal, Status::Renewed),
            "corrects" => (EventKind::Rectification, Status::Given),
            "expires" => (EventKind::Expiry, Status::Expired),
            "erases" => (EventKind::Erasure, Status::Erased),
            verb => panic!("no such verb: {verb}"),
        };
        let mut follow_up = self.follow_up.clone();
        (follow_up.id, follow_up.chain, follow_up.event) = (record(place), chain(name), event);
        if event == EventKind::Expiry {
            follow_up.actor = Actor::Controller;
        }
        follow_up.processes = words
            .map(|word| match word.split_once('=') {
                Some((id, status)) => (id, Status::parse(status).expect("a status")),
                None => (word, status),
            })
            .map(|(id, status)| Change {
                purpose: purpose(id),
                status,
            })
            .collect();
        Record::FollowUp(Box::new(follow_up))
    }
}

/// `newsletter=given tips=objected`, by purpose.
fn spelled(state: &PersonState) -> String {
    let purposes = state
        .purposes()
        .map(|(purpose, standing)| format!("{purpose}={}", standing.state));
    purposes.collect::<Vec<_>>().join(" ")
}

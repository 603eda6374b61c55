//! The stories of these tests, and a sweep in memory that does what is planned.

use super::*;

pub(super) struct Story {
    steps: Vec<Step>,
    leads: Vec<Told>,
    pub(super) reachable: bool,
}

/// An event; `None`: a contact that is no event.
struct Step {
    at: Timestamp,
    record: Option<Record>,
}

struct Told {
    chain: Uuid,
    double_opt_in: bool,
    on_silence: OnSilence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sweeps {
    WhenDue,
    Hourly,
    Once,
}

pub(super) fn time(text: &str) -> Timestamp {
    let text = if text.contains('T') {
        text.to_owned()
    } else {
        format!("{text}T00:00")
    };
    let time: DateTime = text.parse().expect("a time");
    time.to_zoned(TimeZone::UTC).expect("a time").timestamp()
}

fn record_time(at: Timestamp) -> RecordTime {
    RecordTime::from_millisecond(at.as_millisecond()).expect("a time")
}

fn uuid(group: u32, number: u64) -> Uuid {
    format!("{group:08x}-0000-4000-8000-{number:012x}")
        .parse()
        .expect("a UUID")
}

fn name_of(chain: Uuid) -> char {
    char::from_u32((chain.as_u128() & 0xff) as u32).expect("a letter")
}

fn payload(name: &str) -> Value {
    let vectors: Value =
        serde_json::from_str(include_str!("../../../../record/tests/vectors/record/records.json")).expect("JSON");
    let vectors = vectors["vectors"].as_array().expect("a list");
    let vector = vectors
        .iter()
        .find(|vector| vector["name"].as_str().is_some_and(|text| text.starts_with(name)));
    let text = vector.expect("a vector")["envelope"]["payload"]
        .as_str()
        .expect("a payload");
    serde_json::from_slice(&candor_record::base64url::decode(text).expect("base64url")).expect("JSON")
}

impl Story {
    pub(super) fn read(text: &str) -> Self {
        let Ok(Record::Submission(submission)) =
            Record::from_json_bytes(payload("submission: two").to_string().as_bytes())
        else {
            panic!("the vectors have another order")
        };
        let Ok(Record::FollowUp(follow_up)) =
            Record::from_json_bytes(payload("withdrawal: follows").to_string().as_bytes())
        else {
            panic!("the vectors have another order")
        };
        let mut story = Self {
            steps: Vec::new(),
            leads: Vec::new(),
            reachable: true,
        };
        for (place, step) in text.split(';').map(str::trim).enumerate() {
            let mut words = step.split(' ');
            let at = time(words.next().expect("a time"));
            let subject = words.next().expect("a subject");
            let record = if subject == "contact" {
                None
            } else if subject.len() == 1 {
                Some(follow_up_of(&follow_up, chain_of(subject), place, words))
            } else {
                story.leads.push(Told {
                    chain: chain_of(subject),
                    double_opt_in: subject.contains('2'),
                    on_silence: match &subject[2..] {
                        "p" => OnSilence::Pause,
                        "k" => OnSilence::Keep,
                        _ => OnSilence::Expire,
                    },
                });
                let mut submission = submission.clone();
                let chain = chain_of(subject).to_string();
                (submission.id, submission.chain) = (chain.parse().expect("an id"), chain.parse().expect("an id"));
                let template = submission.processes[1].clone();
                submission.processes = words.map(|word| process(&template, word)).collect();
                Some(Record::Submission(submission))
            };
            story.steps.push(Step { at, record });
        }
        story
    }

    /// What is done at the times that the plan names, or at others, until that day.
    pub(super) fn told(&self, sweeps: Sweeps, until: &str) -> Vec<String> {
        self.swept(sweeps, time(until)).lines
    }

    /// What is done by sweeps at these times only.
    pub(super) fn told_at(&self, times: &[&str]) -> Vec<String> {
        let mut desk = Desk::new(self);
        for at in times {
            desk.catch_up(time(at));
            desk.sweep(time(at));
        }
        desk.lines
    }

    pub(super) fn swept(&self, sweeps: Sweeps, until: Timestamp) -> Desk<'_> {
        let mut desk = Desk::new(self);
        let mut now = self.steps[0].at;
        loop {
            if sweeps == Sweeps::Once {
                now = until;
            }
            desk.catch_up(now);
            let next = desk.sweep(now);
            assert!(next.is_none_or(|next| next > now), "a plan looks forward: {next:?}");
            let event = desk.next_event();
            now = match sweeps {
                Sweeps::WhenDue => next.into_iter().chain(event).min().unwrap_or(until),
                Sweeps::Hourly | Sweeps::Once => now + SignedDuration::from_hours(1),
            };
            if now >= until {
                break;
            }
        }
        desk.catch_up(until);
        desk.sweep(until);
        desk
    }
}

fn chain_of(subject: &str) -> Uuid {
    uuid(1, u64::from(subject.as_bytes()[0]))
}

fn process(template: &Process, word: &str) -> Process {
    let (id, status) = word.split_once('=').expect("purpose=status");
    let (_, basis, retention, from, validity) = *PURPOSES.iter().find(|(name, ..)| *name == id).expect(id);
    let mut process = template.clone();
    (process.purpose, process.basis) = (id.parse().expect("an id"), basis);
    (process.kind, process.channel) = (Kind::Promotional, Channel::Email);
    process.status = serde_json::from_value(status.into()).expect("a status");
    process.storage.retention = retention.parse().expect("a period");
    process.storage.from = serde_json::from_value(from.into()).expect("a start");
    process.validity = basis.is_consent().then(|| validity.parse().expect("a period"));
    process
}

fn follow_up_of<'a>(
    template: &FollowUp,
    chain: Uuid,
    place: usize,
    mut words: impl Iterator<Item = &'a str>,
) -> Record {
    let (event, status) = match words.next().expect("a verb") {
        "confirms" => (EventKind::Confirmation, "given"),
        "withdraws" => (EventKind::Withdrawal, "withdrawn"),
        "objects" => (EventKind::Objection, "objected"),
        "renews" => (EventKind::Renewal, "renewed"),
        "expires" => (EventKind::Expiry, "expired"),
        verb => panic!("no such verb: {verb}"),
    };
    let mut follow_up = template.clone();
    follow_up.id = uuid(2, place as u64).to_string().parse().expect("an id");
    follow_up.chain = chain.to_string().parse().expect("an id");
    follow_up.event = event;
    if event == EventKind::Expiry {
        follow_up.actor = Actor::Controller;
    }
    let change = |id: &str| Change {
        purpose: id.parse().expect("an id"),
        status: serde_json::from_value(status.into()).expect("a status"),
    };
    follow_up.processes = words.map(change).collect();
    Record::FollowUp(Box::new(follow_up))
}

/// A person while time goes on.
pub(super) struct Desk<'a> {
    story: &'a Story,
    position: usize,
    contact: Timestamp,
    events: Vec<(Timestamp, Record)>,
    erased: BTreeSet<Uuid>,
    letters: Vec<PastLetter>,
    pub(super) lines: Vec<String>,
}

impl<'a> Desk<'a> {
    fn new(story: &'a Story) -> Self {
        Self {
            story,
            position: 0,
            contact: story.steps[0].at,
            events: Vec::new(),
            erased: BTreeSet::new(),
            letters: Vec::new(),
            lines: Vec::new(),
        }
    }

    fn next_event(&self) -> Option<Timestamp> {
        self.story.steps.get(self.position).map(|step| step.at)
    }

    /// What the person has done by now.
    fn catch_up(&mut self, now: Timestamp) {
        while let Some(step) = self.story.steps.get(self.position).filter(|step| step.at <= now) {
            self.position += 1;
            let submits = matches!(step.record, Some(Record::Submission(_)));
            if !submits {
                self.contact = step.at;
            }
            self.events.extend(step.record.clone().map(|record| (step.at, record)));
        }
    }

    fn sweep(&mut self, now: Timestamp) -> Option<Timestamp> {
        loop {
            let plan = plan(&self.life(), now);
            if plan.actions.is_empty() {
                return plan.next;
            }
            for action in plan.actions {
                self.take(action, now);
            }
        }
    }

    fn events(&self) -> Vec<Event<'_>> {
        let here = |record: &Record| {
            let chain: Uuid = record.chain().as_str().parse().expect("an id");
            !self.erased.contains(&chain)
        };
        let events = self.events.iter().enumerate().filter(|(_, (_, record))| here(record));
        events
            .map(|(index, (at, record))| {
                let lead = self
                    .story
                    .leads
                    .iter()
                    .find(|lead| lead.chain.to_string() == record.id().as_str());
                Event {
                    record,
                    received: record_time(*at),
                    index: index as u64,
                    double_opt_in: lead.is_some_and(|lead| lead.double_opt_in),
                    held: &[],
                    acted: None,
                }
            })
            .collect()
    }

    fn life(&self) -> Life<'_> {
        let lead = |lead: &Told| {
            let id = lead.chain.to_string();
            let (received, record) = self.events.iter().find(|(_, record)| record.id().as_str() == id)?;
            Some(Lead {
                chain: lead.chain,
                first: record.as_submission()?,
                received: *received,
                confirm_until: *received + SignedDuration::from_hours(72),
                on_silence: lead.on_silence,
                fields: &[],
            })
        };
        let here = self
            .story
            .leads
            .iter()
            .filter(|lead| !self.erased.contains(&lead.chain));
        Life {
            reachable: self.story.reachable,
            contact: self.contact,
            events: self.events(),
            leads: here.filter_map(lead).collect(),
            letters: &self.letters,
        }
    }

    fn take(&mut self, action: Action, now: Timestamp) {
        let names = |purposes: &[PurposeId]| purposes.iter().map(PurposeId::as_str).collect::<Vec<_>>().join(" ");
        let line = match action {
            Action::Remind(notices) => {
                let purposes: Vec<PurposeId> = notices.iter().map(|notice| notice.purpose.clone()).collect();
                self.letter(MailKind::Renewal, &purposes, now);
                format!("remind {} {}", names(&purposes), notices[0].days)
            }
            Action::Ask { purposes, .. } => {
                self.letter(MailKind::Retention, &purposes, now);
                format!("ask {}", names(&purposes))
            }
            Action::Expire { chain, purposes } => {
                let Ok(Record::FollowUp(template)) =
                    Record::from_json_bytes(payload("withdrawal: follows").to_string().as_bytes())
                else {
                    panic!("the vectors have another order")
                };
                let text = format!("expires {}", names(&purposes));
                let record = follow_up_of(&template, chain, 1000 + self.events.len(), text.split(' '));
                self.events.push((now, record));
                format!("expire {}", names(&purposes))
            }
            Action::Erase { chain, reason } => {
                self.erased.insert(chain);
                format!("erase {} {}", name_of(chain), reason.as_str())
            }
        };
        self.lines.push(format!("{} {line}", now.strftime("%Y-%m-%dT%H:%M")));
    }

    fn letter(&mut self, kind: MailKind, purposes: &[PurposeId], now: Timestamp) {
        self.letters.push(PastLetter {
            kind,
            purposes: purposes.iter().map(ToString::to_string).collect(),
            at: now,
        });
    }

    /// What is left: leads, and where each purpose stands.
    pub(super) fn remains(&self) -> String {
        let leads = self.life().leads;
        let leads: String = leads.iter().map(|lead| name_of(lead.chain)).collect();
        let state = derive(self.events());
        let purposes = state
            .purposes()
            .map(|(purpose, standing)| format!(" {purpose}={}", standing.state));
        leads + &purposes.collect::<String>()
    }
}

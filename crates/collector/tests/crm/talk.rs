//! An adapter and a double in conversation, as the sender would carry it on.

use candor_collector::flow::adapter::{
    Act, Adapter, Desired, EndReason, Ended, Event, FieldValue, Job, Lead, Message, Outcome, Secret, Secrets, Settings,
    Step, Test, Told, find,
};
use candor_record::{
    state::State,
    term::{Basis, Channel},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use url::Url;
use uuid::Uuid;

use crate::double::Double;

pub(crate) const EMAIL: &str = "ada@example.org";
pub(crate) const STATEMENT: &str = "I agree that Acme Conseil sends me its advice every month.";
pub(crate) const SUBJECT: Uuid = Uuid::from_u128(0x7a0c_1f7e_2b6d_4c11_9a44_0123_4567_89ab);
pub(crate) const RECORD: Uuid = Uuid::from_u128(0x1b4e_28ba_2fa1_41d2_883f_0016_d3cc_a427);

pub(crate) fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().expect("a time")
}

pub(crate) fn adapter(kind: &str) -> &'static dyn Adapter {
    find(kind).unwrap_or_else(|| panic!("no adapter {kind}"))
}

pub(crate) fn settings(url: &str, options: &Value, secrets: &[(&str, &str)]) -> Settings {
    let secrets = secrets.iter().map(|(name, value)| Secret {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
        until: None,
    });
    Settings {
        url: url.to_owned(),
        options: options.as_object().cloned().unwrap_or_default(),
        secrets: Secrets(secrets.collect()),
    }
}

/// A lead by e-mail and by consent; tests change what they are about.
pub(crate) fn lead(values: &[(&str, &str, &str)]) -> Lead {
    let values = values.iter().map(|(field, kind, value)| FieldValue {
        field: (*field).to_owned(),
        kind: (*kind).to_owned(),
        value: (*value).to_owned(),
    });
    Lead {
        state: State::Given,
        basis: Basis::Consent,
        channel: Channel::Email,
        since: "2026-11-21T10:00:00.123Z".parse().expect("a time"),
        until: Some("2028-05-21T10:00:00Z".parse().expect("a time")),
        language: "en".to_owned(),
        statement: STATEMENT.to_owned(),
        record: RECORD,
        values: values.collect(),
        receipts: vec![json!({"payload": "e30", "signatures": []})],
    }
}

/// Somebody who said everything.
pub(crate) fn ada() -> Lead {
    lead(&[
        ("email", "email", EMAIL),
        ("first", "given-name", "Ada"),
        ("role", "job-title", "Countess"),
    ])
}

pub(crate) fn ended(reason: EndReason) -> Desired {
    Desired::Ended(Ended {
        reason,
        act: reason.act(),
    })
}

/// A receiver, and what it was told so far.
pub(crate) struct Talk {
    pub(crate) adapter: &'static dyn Adapter,
    pub(crate) settings: Settings,
    pub(crate) told: Told,
    pub(crate) double: Double,
    /// How long after its message an attempt is made.
    pub(crate) later: SignedDuration,
    count: u32,
}

impl Talk {
    pub(crate) fn new(kind: &str, settings: Settings, double: Double) -> Self {
        let adapter = adapter(kind);
        if let Err(faults) = adapter.check(&settings) {
            panic!("{faults:?}");
        }
        Self {
            adapter,
            settings,
            told: Told::default(),
            double,
            later: SignedDuration::ZERO,
            count: 0,
        }
    }

    pub(crate) fn message(&mut self, desired: Desired) -> Message {
        self.count += 1;
        let event = match (&desired, self.told.holds) {
            (Desired::Lead(_), false) => Event::Allowed,
            (Desired::Lead(_), true) => Event::Changed,
            (Desired::Ended(_), _) => Event::Ended,
        };
        Message {
            id: format!("msg_{}", self.count),
            event,
            at: now(),
            subject: SUBJECT,
            purpose: "newsletter".parse().expect("a purpose"),
            party: "crm".to_owned(),
            desired,
        }
    }

    /// One attempt.
    pub(crate) fn attempt(&mut self, message: &Message) -> Outcome {
        let mut answers = Vec::new();
        for _ in 0..12 {
            let job = Job {
                message,
                told: &self.told,
                settings: &self.settings,
                now: now() + self.later,
            };
            match self.adapter.step(&job, &answers) {
                Step::End(outcome) => return outcome,
                Step::Send(request) => answers.push(self.send(request)),
            }
        }
        panic!("twelve requests, and no end");
    }

    pub(crate) fn test(&mut self) -> Outcome {
        let mut answers = Vec::new();
        loop {
            let test = Test {
                id: "msg_test",
                settings: &self.settings,
                now: now(),
            };
            match self.adapter.test(&test, &answers) {
                Step::End(outcome) => return outcome,
                Step::Send(request) => answers.push(self.send(request)),
            }
        }
    }

    fn send(
        &mut self,
        mut request: candor_collector::flow::adapter::Request,
    ) -> candor_collector::flow::adapter::Answer {
        for personal in [EMAIL, "ada", "Countess", "%40"] {
            assert!(!request.path.contains(personal), "{}", request.path);
        }
        let others = self.adapter.other_urls(&self.settings);
        if request.path.contains("://") {
            assert!(
                others.iter().any(|url| request.path.starts_with(&format!("{url}/"))),
                "{}",
                request.path
            );
        } else {
            let base = Url::parse(&self.settings.url).expect("an address");
            request.path = format!("{}{}", base.path().trim_end_matches('/'), request.path);
        }
        self.double.answer(&request)
    }

    /// Tells it, and tells it again as after a crash before the answer was noted: the account must not differ for it.
    pub(crate) fn tell(&mut self, desired: Desired, look: impl Fn() -> String) -> Outcome {
        let message = self.message(desired);
        let first = self.attempt(&message);
        let seen = look();
        let again = self.attempt(&message);
        assert_eq!(first, again, "{:?}", message.event);
        assert_eq!(seen, look(), "{:?} twice", message.event);
        self.take(&message, &first);
        first
    }

    /// Notes what was taken.
    pub(crate) fn take(&mut self, message: &Message, outcome: &Outcome) {
        if let Outcome::Done { remote } = outcome {
            self.told.holds = matches!(message.desired, Desired::Lead(_));
            if remote.is_some() {
                self.told.remote.clone_from(remote);
            }
            if matches!(message.desired, Desired::Ended(Ended { act: Act::Erase, .. })) {
                self.told.remote = None;
            }
        }
    }
}

/// Done, whatever the id.
pub(crate) fn done(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Done { .. })
}

/// The settings of each vendor as an operator would write them.
pub(crate) fn usual(kind: &str) -> Settings {
    let names = |first: &str, role: &str, rest: [&str; 3]| {
        json!({
            "fields": {"first": first, "role": role},
            "reference": rest[0], "state": rest[1], "until": rest[2],
        })
    };
    let with = |mut options: Value, more: &Value| {
        let more = more.as_object().cloned().unwrap_or_default();
        options.as_object_mut().unwrap_or(&mut Map::new()).extend(more);
        options
    };
    match kind {
        "hubspot" => settings(
            "https://api.hubapi.com",
            &with(
                names("firstname", "jobtitle", ["candor_id", "candor_state", "candor_until"]),
                &json!({"portal": 4711, "form": crate::vendors::hubspot::FORM, "subscription": 7}),
            ),
            &[("token", crate::vendors::hubspot::TOKEN)],
        ),
        "brevo" => settings(
            "https://api.brevo.com/v3",
            &with(
                names("FIRSTNAME", "JOB_TITLE", ["CANDOR_ID", "CANDOR_STATE", "CANDOR_UNTIL"]),
                &json!({"list": 12}),
            ),
            &[("key", crate::vendors::brevo::KEY)],
        ),
        "mailchimp" => settings(
            "https://us21.api.mailchimp.com/3.0",
            &json!({
                "list": crate::vendors::mailchimp::LIST, "permission": crate::vendors::mailchimp::PERMISSION,
                "fields": {"first": "FNAME", "role": "JOB"}, "state": "CANDOR", "until": "CUNTIL",
            }),
            &[("key", crate::vendors::mailchimp::KEY)],
        ),
        "salesforce" => settings(
            "https://acme.my.salesforce.com",
            &json!({
                "external": "Candor__c", "fields": {"first": "FirstName", "role": "Title"},
                "state": "Consent_State__c", "until": "Consent_Until__c", "record": "Consent_Record__c",
            }),
            &[
                ("client_id", crate::vendors::salesforce::CLIENT.0),
                ("client_secret", crate::vendors::salesforce::CLIENT.1),
            ],
        ),
        "mautic" => settings(
            "https://mautic.acme.example",
            &with(
                names("firstname", "position", ["candor_id", "candor_state", "candor_until"]),
                &json!({"segment": 3}),
            ),
            &[
                ("client_id", crate::vendors::mautic::CLIENT.0),
                ("client_secret", crate::vendors::mautic::CLIENT.1),
            ],
        ),
        other => panic!("{other}"),
    }
}

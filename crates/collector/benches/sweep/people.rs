//! People with a past: real receipts, really sealed values, through the store's own writes, at times of the caller's.
//! The process tests sweep them too.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use candor_collector::app::App;
use candor_collector::clock::{Clock, Random, SystemRandomness};
use candor_collector::config::Options;
use candor_collector::event::{EventDraft, make};
use candor_collector::index::of_disclosures;
use candor_collector::ingest::record_time;
use candor_collector::links::LinkKind;
use candor_collector::mailbox::Mailbox;
use candor_collector::published::PublishedForm;
use candor_collector::start;
use candor_collector::store::{Appended, Inserted, NewLead, NewLink, NewRecord, NewSubmission, PersonChange};
use candor_collector::values::Values;
use candor_record::digest::Sha256Digest;
use candor_record::record::{Record, Submission};
use candor_record::sign::seal;
use candor_record::term::{Actor, EventKind, Status};
use candor_record::verify::{Evidence, RingVerifier, verify};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

/// What people are made of.
pub(crate) struct Sort {
    pub(crate) form: &'static str,
    pub(crate) address: fn(usize) -> String,
    /// What each of them gave, and confirmed where the form asks for it.
    pub(crate) consents: &'static [&'static str],
    /// What a person typed besides the address.
    pub(crate) values: fn(usize) -> Vec<(&'static str, String)>,
}

const EBOOK: Sort = Sort {
    form: "ebook-rgpd",
    address,
    consents: &["newsletter", "partners"],
    values: |_| Vec::new(),
};

thread_local! {
    static NOW: Cell<i64> = const { Cell::new(0) };
}

/// Each thread makes its own past.
#[derive(Debug)]
struct Past;

impl Clock for Past {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(NOW.get()).unwrap()
    }
}

fn go_to(at: Timestamp) {
    NOW.set(at.as_millisecond());
}

pub(crate) fn address(number: usize) -> String {
    format!("person-{number}@example.org")
}

/// Opens a collector's folder, with the demo's forms. The keys are older than the oldest record, the forms younger than
/// the agreements that they name: a form of tomorrow's agreement is refused.
pub(crate) async fn open(folder: &Path, forms: &Path) -> App {
    go_to("2020-01-01T00:00:00Z".parse().unwrap());
    let empty = opened(folder, None).await;
    empty.store.close().await;
    go_to("2026-03-02T00:00:00Z".parse().unwrap());
    opened(folder, Some(forms)).await
}

async fn opened(folder: &Path, forms: Option<&Path>) -> App {
    let options = Options {
        data: Some(folder.join("data")),
        forms: forms.map(Path::to_owned),
        public_url: Some("https://forms.acme.example".to_owned()),
        ..Options::default()
    };
    let url = "https://forms.acme.example".to_owned();
    let opened = start::open(
        options.decide().unwrap(),
        url,
        Arc::new(Past),
        Arc::new(SystemRandomness),
    );
    opened.await.unwrap().0
}

/// So many people, each with a submission, its confirmation and a renewal of the first consent; `received` says when.
pub(crate) fn make_people(app: &App, count: usize, received: impl Fn(usize) -> Timestamp + Send + Sync) {
    make_sort(app, &EBOOK, count, received);
}

/// So many people of a sort; with a double opt-in as above, without one with nothing but the submission.
pub(crate) fn make_sort(app: &App, sort: &Sort, count: usize, received: impl Fn(usize) -> Timestamp + Send + Sync) {
    let form = Arc::clone(app.forms.find(sort.form).unwrap().in_language(Some("fr")));
    let template = template(&form, sort);
    let next = AtomicUsize::new(0);
    let runtime = tokio::runtime::Handle::current();
    let work = |_| loop {
        // Written together, the writer shares one transaction among them.
        let first = next.fetch_add(CHUNK, Ordering::Relaxed);
        if first >= count {
            return;
        }
        let numbers = first..count.min(first + CHUNK);
        let pasts: Vec<Past3> = numbers
            .map(|number| past(app, (&form, sort), &template, number, received(number)))
            .collect();
        runtime.block_on(write(app, pasts));
    };
    std::thread::scope(|scope| {
        for thread in 0..2 {
            scope.spawn(move || work(thread));
        }
    });
}

const CHUNK: usize = 256;

struct Past3 {
    submission: NewSubmission,
    later: Vec<NewRecord>,
}

async fn write(app: &App, pasts: Vec<Past3>) {
    let mut running = tokio::task::JoinSet::new();
    for Past3 { submission, later } in pasts {
        let app = app.clone();
        running.spawn(async move {
            let person = submission.lead.person;
            assert!(matches!(
                app.store.insert_submission(&submission).await.unwrap(),
                Inserted::New
            ));
            let Some(at) = later.last().map(|record| record.received) else {
                return;
            };
            let change = PersonChange {
                events: later,
                contact: true,
                ..PersonChange::of(person, at)
            };
            assert_eq!(app.store.commit(&change).await.unwrap(), Appended::New);
        });
    }
    running.join_all().await;
}

fn template(form: &PublishedForm, sort: &Sort) -> Submission {
    let mut record = form.json["record"].clone();
    let given = |text: &&Value| {
        let purpose = text["when"]["purpose"].as_str();
        purpose.is_none_or(|purpose| sort.consents.contains(&purpose))
    };
    let texts = form.json["texts"].as_array().unwrap().iter().filter(given);
    let members = record.as_object_mut().unwrap();
    for (name, value) in [
        ("id", json!(Uuid::nil())),
        ("chain", json!(Uuid::nil())),
        ("created", json!("2024-01-01T00:00:00.000Z")),
        ("shownAt", json!("2024-01-01T00:00:00.000Z")),
        ("subject", json!({ "id": Uuid::nil(), "_sd": [] })),
        ("signals", json!({ "gpc": false })),
        (
            "capture",
            json!({ "method": "widget", "observed": true, "origin": "https://www.acme.example", "widget": "1.0.0" }),
        ),
        (
            "shown",
            texts
                .map(|text| json!({ "ref": text["ref"], "text": text["text"] }))
                .collect(),
        ),
    ] {
        members.insert(name.to_owned(), value);
    }
    for (process, control) in members["processes"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .zip(&form.controls)
    {
        let status = match process["purpose"].as_str().unwrap() {
            purpose if sort.consents.contains(&purpose) => "given",
            _ if control.control == "checkbox" => "not-given",
            _ => "informed",
        };
        process["status"] = json!(status);
        process["indication"] = json!({ "control": control.control, "initial": false, "trusted": true });
    }
    let nil = SystemRandomness.uuid().to_string();
    let text = record.to_string().replace(&Uuid::nil().to_string(), &nil);
    serde_json::from_str(&text).unwrap()
}

fn past(
    app: &App,
    (form, sort): (&PublishedForm, &Sort),
    template: &Submission,
    number: usize,
    at: Timestamp,
) -> Past3 {
    go_to(at);
    let address = (sort.address)(number);
    let disclose = |(field, value): (&str, String)| {
        let salt = candor_record::base64url::encode(app.random.uuid().as_bytes());
        candor_record::base64url::encode(json!([salt, field, value]).to_string().as_bytes())
    };
    let typed = [("email", address.clone())].into_iter().chain((sort.values)(number));
    let disclosures: Vec<String> = typed.map(disclose).collect();
    let mut first = template.clone();
    let id = app.random.uuid();
    (first.id, first.chain) = (id.to_string().parse().unwrap(), id.to_string().parse().unwrap());
    first.created = record_time(at);
    first.shown_at = Some(record_time(at - SignedDuration::from_secs(9)));
    first.subject.id = app.random.uuid().to_string().parse().unwrap();
    let digests = disclosures
        .iter()
        .map(|text| Sha256Digest::of(text.as_bytes()).to_b64u());
    first.subject.sd = digests.collect();
    first.subject.sd.sort();
    let record = stored(app, Record::Submission(Box::new(first.clone())), at);
    let mailbox = Mailbox::parse(&address).unwrap();
    let values = Values {
        mailbox: Some(mailbox.as_str().to_owned()),
        address: Some(address),
        disclosures,
        ..Values::default()
    };
    let link = |kind, expires| NewLink { kind, expires };
    let submission = NewSubmission {
        lead: NewLead {
            person: app.random.uuid(),
            mailbox_key: Some(app.index.mailbox(&mailbox)),
            phone_keys: Vec::new(),
            language: "fr".into(),
            compiled: form.row.digest.clone(),
            held: Vec::new(),
            pending: form.double_opt_in(),
            fingerprint: of_disclosures(&app.index, &values.disclosures),
            values: app.values.seal(app.random.as_ref(), id, &values).unwrap(),
        },
        record,
        links: vec![
            link(LinkKind::Manage, None),
            link(LinkKind::Receipt, None),
            link(LinkKind::Confirm, Some(form.confirmation_expiry(at))),
        ],
        mail: None,
        once: None,
        spent: None,
    };
    let mut later: Vec<NewRecord> = Vec::new();
    let acts = [
        (1, EventKind::Confirmation, Status::Given, sort.consents),
        (2, EventKind::Renewal, Status::Renewed, &sort.consents[..1]),
    ];
    for (hours, kind, status, purposes) in acts.into_iter().filter(|_| form.double_opt_in()) {
        go_to(at + SignedDuration::from_hours(hours));
        let draft = EventDraft {
            first: &first,
            form,
            replaces: later.last().map_or(id, |record| record.id),
            kind,
            actor: Actor::Subject,
            changes: purposes
                .iter()
                .map(|purpose| (purpose.parse().unwrap(), status))
                .collect(),
            digests: None,
        };
        later.push(make(app, &draft).unwrap());
    }
    Past3 { submission, later }
}

/// Sealed by the collector, and verified: nothing else can be stored.
fn stored(app: &App, record: Record, at: Timestamp) -> NewRecord {
    let keys = app.keys.current();
    let receipt = seal(&record, record_time(at), &keys.signer)
        .unwrap()
        .to_json()
        .to_string();
    let evidence = Evidence {
        keys: Some(&keys.published),
        expected: None,
        disclosures: None,
        received: None,
    };
    let verdict = verify(receipt.as_bytes(), &evidence, &RingVerifier);
    let record = verdict.record.unwrap_or_else(|| panic!("{:?}", verdict.checks));
    NewRecord::new(&record, receipt, at)
}

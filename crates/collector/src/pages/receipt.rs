//! The human receipt (Kantara 1.1, 4.7): everything that a record says, in its language, on a page that prints.
//! Refuses to leave something out because it is long: who prints it has to have all of it, and the same digest.

use askama::Template;
use candor_record::{
    record::{Party, Process, Submission},
    state::{Standing, State},
    term::{Method, Status},
    verify::{UnverifiedRecord, Verdict},
};

use super::{
    CheckLine, PurposeWords,
    person::{dates, state_key},
};
use crate::{
    app::App, catalog::Words, dates::moment, export::standards::Standard, follow_up::Dossier,
    http::bundle::page_stylesheet_path, ingest::values::disclosed, register::html::portable_stylesheet,
    typography::spaced,
};

/// Steps that a receipt without a log proof goes through.
const STEPS: std::ops::RangeInclusive<u8> = 1..=10;

/// The receipt of a submission.
#[derive(Debug, Template)]
#[template(path = "receipt.html")]
pub struct Receipt {
    pub words: Words,
    pub stylesheet: String,
    pub language: String,
    pub controller: String,
    pub good: bool,
    pub facts: Vec<(&'static str, String)>,
    pub method_key: &'static str,
    pub policy_url: String,
    pub policy_version: String,
    pub answers: Vec<Answer>,
    pub parties: Vec<PartyLines>,
    pub typed: Vec<(String, String)>,
    pub events: Vec<(String, String)>,
    pub signatures: Vec<(&'static str, String)>,
    pub checks: Vec<CheckLine>,
    pub digest: String,
    pub shown: Vec<String>,
    /// The envelope.
    pub raw: String,
    /// Where the same receipt is had for programs; empty on a page that stands alone.
    pub links: Vec<(&'static str, String)>,
}

/// A purpose, what was answered, and where it stands.
#[derive(Debug)]
pub struct Answer {
    pub statement: String,
    pub notes: Vec<String>,
    pub recorded_key: String,
    /// Where it stands now, if that is another word.
    pub now_key: Option<&'static str>,
    pub basis_key: String,
    pub dates: Vec<String>,
    pub recipients: Vec<String>,
}

#[derive(Debug)]
pub struct PartyLines {
    pub role_key: String,
    pub name: String,
    pub lines: Vec<String>,
}

impl Receipt {
    /// `link`: of the receipt, for whoever holds its token. Without one the page stands alone, and holds no value: whoever
    /// prints it from the command line is not the person.
    pub fn new(app: &App, dossier: &Dossier, verdict: &Verdict, link: Option<&str>) -> Self {
        let (first, lead) = (dossier.first(), dossier.lead());
        let record = &lead.stored.record;
        let words = Words::of(&lead.stored.lead.language);
        let signatures = signatures(&record.receipt);
        let unsigned = signatures.iter().all(|(label, _)| *label != "receipt_signature_device");
        let values = match link {
            Some(_) => disclosed(&lead.values.disclosures),
            None => Vec::new(),
        };
        let label = |field: &str| lead.form.displayed(&format!("field.{field}"));
        let typed = values.into_iter().map(|(field, value)| {
            let said = lead.form.said(&field, value);
            (label(&field).unwrap_or(field), said)
        });
        let events = dossier.person().events.iter().map(|event| {
            let stored = &event.stored;
            (key("event", &stored.event), moment(words, stored.received))
        });
        let gives = first.processes.iter().any(|process| process.status == Status::Given);
        Self {
            words,
            stylesheet: match link {
                Some(_) => page_stylesheet_path().to_owned(),
                None => portable_stylesheet(),
            },
            language: lead.form.row.language.clone(),
            controller: lead.form.controller("name").unwrap_or_default().to_owned(),
            good: verdict.checks.iter().all(|check| check.ok != Some(false)),
            facts: vec![
                ("receipt_form", spaced(&first.form.service)),
                (
                    "receipt_who",
                    lead.form.controller("name").unwrap_or_default().to_owned(),
                ),
                ("receipt_sent", moment(words, first.created.as_jiff())),
                ("receipt_received", moment(words, record.received)),
                ("receipt_origin", first.capture.origin.clone()),
                ("receipt_number", first.id.to_string()),
                ("manage_link", withdrawal(first)),
            ],
            method_key: match first.capture.method {
                Method::Widget => "receipt_method_widget",
                Method::Html => "receipt_method_html",
                _ => "receipt_method_other",
            },
            policy_url: first.policy.url.clone(),
            policy_version: first.policy.version.clone(),
            answers: first
                .processes
                .iter()
                .map(|process| answer(app, dossier, process))
                .collect(),
            parties: first.parties.iter().map(party).collect(),
            typed: typed.collect(),
            events: events.collect(),
            signatures,
            checks: lines(verdict, unsigned),
            digest: digest(&record.payload_digest),
            shown: first.shown.iter().map(|text| spaced(&text.text)).collect(),
            raw: link.map(|link| format!("{link}&format=json")).unwrap_or_default(),
            links: link.map(|link| formats(link, gives)).unwrap_or_default(),
        }
    }
}

/// Where choices are taken back: on paper a link is no address.
fn withdrawal(first: &Submission) -> String {
    let ways = [&first.withdrawal.url, &first.withdrawal.email];
    let ways: Vec<&str> = ways.into_iter().flatten().map(String::as_str).collect();
    ways.join(", ")
}

/// Keys are made of terms: `event_objection_lifted`.
pub fn key(family: &str, term: &str) -> String {
    format!("{family}_{}", term.replace('-', "_"))
}

/// The digest of a payload, as pages and receipts say it.
pub fn digest(payload: &[u8]) -> String {
    format!("sha256-{}", candor_record::base64url::encode(payload))
}

/// The same receipt in every other format; Kantara has one only where a consent is given.
pub fn formats(link: &str, gives: bool) -> Vec<(&'static str, String)> {
    let of = |(standard, name): (Standard, &'static str)| (name, format!("{link}&format={}", standard.as_str()));
    let possible = Standard::ALL
        .into_iter()
        .filter(|(standard, _)| gives || *standard != Standard::Kantara);
    possible.map(of).collect()
}

fn answer(app: &App, dossier: &Dossier, process: &Process) -> Answer {
    let (form, person) = (&dossier.lead().form, dossier.person());
    let words = Words::of(&dossier.lead().stored.lead.language);
    let now = app.clock.now();
    let standing = person.state.of(&process.purpose);
    let PurposeWords { statement, notes, .. } = PurposeWords::of(form, process.purpose.as_str());
    let recorded_key = key("state", process.status.as_str());
    let now_key = standing.map(|standing| state_key(person, standing, now));
    // What was never begun has no dates.
    let has_dates = |standing: &&Standing| {
        !matches!(
            standing.state,
            State::Pending | State::Held | State::NotShown | State::NotGiven
        )
    };
    let began = standing.filter(has_dates);
    let parties = dossier.first().parties.iter();
    let recipients = parties.filter(|party| process.recipients.contains(&party.id));
    Answer {
        statement,
        notes,
        now_key: now_key.filter(|key| **key != recorded_key),
        recorded_key,
        basis_key: key("basis", process.basis.as_str()),
        dates: began.map_or_else(Vec::new, |standing| {
            dates(person, words, &process.purpose, standing, now)
        }),
        recipients: recipients.map(|party| party.name.clone()).collect(),
    }
}

fn party(party: &Party) -> PartyLines {
    let place = match &party.address {
        Some(address) => format!("{address} ({})", party.country),
        None => party.country.clone(),
    };
    let contacts = [&party.sector, &party.email, &party.phone, &party.url, &party.policy];
    let lines = [Some(&place)].into_iter().chain(contacts.map(Option::as_ref));
    PartyLines {
        role_key: key("role", party.role.as_str()),
        name: party.name.clone(),
        lines: lines.flatten().cloned().collect(),
    }
}

/// What was checked, in a lay person's words.
pub fn lines(verdict: &Verdict, unsigned: bool) -> Vec<CheckLine> {
    let steps = verdict.checks.iter().filter(|check| STEPS.contains(&check.step));
    let line = |check: &candor_record::verify::Check| {
        let (outcome_key, class) = match check.ok {
            Some(true) => ("receipt_check_good", "good"),
            Some(false) => ("receipt_check_failed", "failed"),
            None => ("receipt_check_skipped", "skipped"),
        };
        CheckLine {
            key: match check.step {
                6 if unsigned => "check_6_none".to_owned(),
                step => format!("check_{step}"),
            },
            outcome_key,
            class,
        }
    };
    steps.map(line).collect()
}

/// Who signed, by which key.
pub fn signatures(receipt: &str) -> Vec<(&'static str, String)> {
    let Ok(unverified) = UnverifiedRecord::read(receipt.as_bytes()) else {
        return Vec::new();
    };
    let device = unverified
        .device()
        .map(|(_, header)| ("receipt_signature_device", header.jwk.thumbprint()));
    let controller = unverified
        .controller()
        .map(|(_, header)| ("receipt_signature_controller", header.kid.clone()));
    device.into_iter().chain(controller).collect()
}

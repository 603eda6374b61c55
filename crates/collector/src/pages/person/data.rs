//! Everything that is kept of a person, as a page to be read; the same as JSON is `access.rs`.
//! Refuses names of staff, as the file does.

use std::sync::Arc;

use askama::Template;
use candor_record::{id::PurposeId, state::Standing};

use super::{controller, dates, ordered, receipt, service, state_key, until};
use crate::{
    access::{Access, ReceiverRow, is_service, person_keeps_until},
    app::App,
    catalog::Words,
    dates::{date, day, moment},
    erase::holds_consent,
    http::bundle::page_stylesheet_path,
    pages::PurposeWords,
    person::{Person, PersonSubmission, chain_uuid},
    published::PublishedForm,
    register::html::portable_stylesheet,
};

/// Everything that is kept of a person, to be read.
#[derive(Debug, Template)]
#[template(path = "data.html")]
pub struct DataPage {
    pub words: Words,
    pub controller: String,
    /// The way back and the JSON, on the person's own page.
    pub links: Option<(String, String)>,
    pub stylesheet: String,
    pub facts: Vec<(&'static str, String)>,
    pub submissions: Vec<DataSubmission>,
    pub purposes: Vec<DataPurpose>,
    /// The key of an event, and when.
    pub records: Vec<(String, String)>,
    pub mails: Vec<(String, String)>,
    pub accesses: Vec<(String, String)>,
    pub contacts: Vec<(String, String)>,
    pub suppressions: Vec<(String, String)>,
    /// Who was told what, and when.
    pub receivers: Vec<DataReceiver>,
    pub requests: Vec<(String, String)>,
    pub qualifications: Vec<DataQualification>,
}

#[derive(Debug)]
pub struct DataSubmission {
    pub service: String,
    pub date: String,
    pub language: String,
    pub values: Vec<(String, String)>,
    pub receipt: String,
    /// Where it was taken over from, and when the person acted there.
    pub source: Option<String>,
    pub sealed_until: Option<String>,
}

/// A result of the owner's rules, with what gave it.
#[derive(Debug)]
pub struct DataQualification {
    pub grade_key: String,
    pub score: String,
    pub state_key: String,
    pub date: String,
    /// The class in the owner's words, and its weight.
    pub reasons: Vec<(String, String)>,
}

/// What somebody else was told.
#[derive(Debug)]
pub struct DataReceiver {
    pub told: String,
    /// The purpose, in the words of its form.
    pub statement: String,
    pub language: String,
    pub date: String,
    pub contract: String,
}

#[derive(Debug)]
pub struct DataPurpose {
    pub statement: String,
    pub language: String,
    pub state_key: &'static str,
    pub basis_key: String,
    pub dates: Vec<String>,
}

/// What somebody who read did (`store::operators::Access`), as the key of its words.
const READINGS: [(&str, &str); 16] = [
    ("find", "access_see"),
    ("see", "access_see"),
    ("export", "access_export"),
    ("export-leads", "access_export_leads"),
    ("export-reconsent", "access_export_leads"),
    ("list-breach", "access_breach"),
    ("qualify", "access_qualify"),
    ("list-qualifications", "access_see_qualification"),
    ("validate-qualification", "access_decide_qualification"),
    ("reject-qualification", "access_decide_qualification"),
    ("rectify", "event_rectification"),
    ("erase", "event_erasure"),
    ("restrict", "access_restrict"),
    ("unrestrict", "access_unrestrict"),
    ("answer-request", "access_answer_request"),
    ("read-access-log", "access_read_log"),
];

/// What was done, and why, in the words of whoever did it.
fn reading(words: Words, action: &str, reason: &str) -> String {
    let known = READINGS.iter().find(|(name, _)| *name == action);
    // Whatever a later release calls it, somebody looked.
    let done = words.get(known.map_or("access_see", |(_, key)| key));
    let request = || words.find(&format!("request_{reason}"));
    match action {
        // The reason is the route, which says no more.
        "read-access-log" => done.to_owned(),
        "answer-request" => format!("{done}{} {}", words.get("colon"), request().unwrap_or(reason)),
        _ => format!("{done}{} {reason}", words.get("colon")),
    }
}

/// What a party was told, and when; what may have arrived stands with the time of the attempt.
fn receiver(words: Words, person: &Person, row: &ReceiverRow) -> DataReceiver {
    let key = match row.act {
        None => "flow_told",
        Some("erase") => "flow_erased",
        Some(_) => "flow_stopped",
    };
    let when = row.delivered.unwrap_or(row.attempted);
    let purpose: Option<PurposeId> = row.purpose.parse().ok();
    let form = purpose.and_then(|purpose| Some(Arc::clone(&person.in_effect(&purpose)?.0.form)));
    let statement = |form: &PublishedForm| PurposeWords::of(form, &row.purpose).statement;
    let contract = day(words, row.contract);
    DataReceiver {
        told: format!("{}{} {}", row.party, words.get("colon"), words.get(key)),
        statement: form.as_deref().map_or_else(|| row.purpose.clone(), statement),
        language: form.map_or_else(String::new, |form| form.row.language.clone()),
        date: moment(words, when.as_jiff()),
        contract: format!("{}{} {contract}", words.get("basis_contract"), words.get("colon")),
    }
}

fn source(words: Words, access: &Access, chain: uuid::Uuid) -> Option<String> {
    let row = access.submissions.iter().find(|row| row.record == chain)?;
    Some(format!(
        "{} ({})",
        row.source.as_ref()?,
        moment(words, row.acted?.as_jiff())
    ))
}

impl DataPage {
    /// `token`: of the person's own page; without one the page stands alone.
    pub fn new(app: &App, person: &Person, token: Option<&str>, access: &Access) -> Self {
        let words = Words::of(person.language());
        let at = |time: candor_record::time::Timestamp| moment(words, time.as_jiff());
        let key = |prefix: &str, text: &str| format!("{prefix}_{}", text.replace('-', "_"));
        let submission = |lead: &PersonSubmission| {
            let chain = lead.stored.record.id;
            let values = crate::ingest::values::disclosed(&lead.values.disclosures).into_iter();
            let label = |field: &str| {
                lead.form
                    .displayed(&format!("field.{field}"))
                    .unwrap_or_else(|| field.to_owned())
            };
            DataSubmission {
                service: service(person, chain),
                date: moment(words, lead.stored.record.received),
                language: lead.form.row.language.clone(),
                values: values
                    .map(|(field, value)| (label(&field), lead.form.said(&field, value)))
                    .collect(),
                receipt: receipt(app, chain),
                source: source(words, access, chain),
                sealed_until: holds_consent(person, chain).then(|| date(words, lead.form.proof_until(app.clock.now()))),
            }
        };
        let purpose = |(purpose, standing): (&PurposeId, &Standing)| {
            let lead = chain_uuid(&standing.chain).and_then(|chain| person.submission(chain))?;
            let mut all = dates(person, words, purpose, standing, app.clock.now());
            if !is_service(standing.basis)
                && let Some(end) = person_keeps_until(person, purpose, standing)
            {
                all.push(until(words, "person_kept_until", end, app.clock.now()));
            }
            Some(DataPurpose {
                statement: PurposeWords::of(&lead.form, purpose.as_str()).statement,
                language: lead.form.row.language.clone(),
                state_key: state_key(person, standing, app.clock.now()),
                basis_key: key("basis", standing.basis.as_str()),
                dates: all,
            })
        };
        let open = access
            .restrictions
            .iter()
            .filter(|restriction| restriction.lifted.is_none());
        let restricted = open.map(|restriction| ("data_restricted", at(restriction.since)));
        Self {
            words,
            controller: controller(person),
            links: token.map(|token| (format!("/m/{token}"), format!("/m/{token}/data.json"))),
            stylesheet: match token {
                Some(_) => page_stylesheet_path().to_owned(),
                None => portable_stylesheet(),
            },
            facts: [
                ("data_since", at(access.person.since)),
                ("data_contact", at(access.person.last_contact)),
            ]
            .into_iter()
            .chain(restricted)
            .collect(),
            submissions: person.submissions.iter().rev().map(submission).collect(),
            purposes: ordered(person).into_iter().filter_map(purpose).collect(),
            records: access
                .records
                .iter()
                .map(|row| (key("event", &row.event), at(row.received)))
                .collect(),
            mails: access
                .mails
                .iter()
                .filter_map(|row| Some((key("letter", row.kind), at(row.sent?))))
                .collect(),
            accesses: access
                .accesses
                .iter()
                .map(|row| (reading(words, &row.action, &row.reason), at(row.at)))
                .collect(),
            contacts: access
                .contacts
                .iter()
                .map(|row| (key("contact", row.kind), at(row.at)))
                .collect(),
            suppressions: access
                .suppressions
                .iter()
                .map(|row| (key("channel", &row.channel), at(row.since)))
                .collect(),
            receivers: access
                .receivers
                .iter()
                .map(|row| receiver(words, person, row))
                .collect(),
            requests: access
                .requests
                .iter()
                .map(|row| (key("request", row.kind), at(row.received)))
                .collect(),
            qualifications: access
                .qualifications
                .iter()
                .map(|row| DataQualification {
                    grade_key: key("qualification", row.grade),
                    score: words
                        .fill("qualification_score", "score", &row.score.to_string())
                        .replace("{mql}", &row.thresholds[0].to_string())
                        .replace("{sql}", &row.thresholds[1].to_string()),
                    state_key: key("qualification", row.state),
                    date: at(row.made),
                    reasons: row
                        .reasons
                        .iter()
                        .map(|reason| {
                            (
                                reason.class.clone(),
                                format!("{:+}", reason.weight).replace('-', "\u{2212}"),
                            )
                        })
                        .collect(),
                })
                .collect(),
        }
    }
}

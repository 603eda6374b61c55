//! What a sweep did, or would do: counts by form and purpose. Refuses to say of whom.

use std::{collections::BTreeMap, fmt};

use candor_record::id::PurposeId;
use jiff::Timestamp;
use serde::Serialize;

use crate::{lifecycle::Reason, published::PublishedForm, sums::add_counts, watch::Mark};

/// Counts; what did not happen is left out of the lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub at: Timestamp,
    /// At how many people it looked.
    pub people: u64,
    /// By form, purpose and days before the end.
    notices: BTreeMap<(String, String, i32), u64>,
    /// By form: whether the data stay.
    questions: BTreeMap<String, u64>,
    /// By form and purpose.
    expiries: BTreeMap<(String, String), u64>,
    /// By form and reason.
    erasures: BTreeMap<(String, &'static str), u64>,
    /// By form: leads that go on without a field whose purposes are over.
    fields: BTreeMap<String, u64>,
    pub sealed_records: u64,
    /// Lines of the access log whose time is over.
    pub accesses: u64,
    pub letters_queued: u64,
    pub letters_sent: u64,
    /// In the outbox still: what could not be sent, and what has to wait.
    pub letters_waiting: u64,
    /// Messages that receivers took.
    pub receivers_told: u64,
    /// Messages to receivers that wait: what was not taken, and is tried again.
    pub receivers_waiting: u64,
    /// Marks that are new; in a rehearsal all that would stand.
    pub marks: Vec<Mark>,
    /// Results of a qualification that nobody allows any more.
    pub qualifications: u64,
    /// People who could not be read.
    pub errors: u64,
}

impl Report {
    pub fn at(at: Timestamp) -> Self {
        Self {
            at,
            people: 0,
            notices: BTreeMap::new(),
            questions: BTreeMap::new(),
            expiries: BTreeMap::new(),
            erasures: BTreeMap::new(),
            fields: BTreeMap::new(),
            sealed_records: 0,
            accesses: 0,
            letters_queued: 0,
            letters_sent: 0,
            letters_waiting: 0,
            receivers_told: 0,
            receivers_waiting: 0,
            marks: Vec::new(),
            qualifications: 0,
            errors: 0,
        }
    }

    /// Nothing was done that anybody would ask about.
    pub fn is_empty(&self) -> bool {
        *self
            == Self {
                people: self.people,
                ..Self::at(self.at)
            }
    }

    pub(super) fn noticed(&mut self, form: &PublishedForm, purpose: &PurposeId, days: i32) {
        let key = (form.row.form.clone(), purpose.to_string(), days);
        *self.notices.entry(key).or_default() += 1;
    }

    pub(super) fn asked(&mut self, form: &PublishedForm) {
        *self.questions.entry(form.row.form.clone()).or_default() += 1;
    }

    pub(super) fn expired(&mut self, form: &PublishedForm, purpose: &PurposeId) {
        let key = (form.row.form.clone(), purpose.to_string());
        *self.expiries.entry(key).or_default() += 1;
    }

    pub(super) fn erased(&mut self, form: &PublishedForm, reason: Reason) {
        let key = (form.row.form.clone(), reason.as_str());
        *self.erasures.entry(key).or_default() += 1;
    }

    pub(super) fn dropped(&mut self, form: &PublishedForm) {
        *self.fields.entry(form.row.form.clone()).or_default() += 1;
    }

    pub fn add(&mut self, other: Self) {
        fn sum<K: Ord>(into: &mut BTreeMap<K, u64>, from: BTreeMap<K, u64>) {
            for (key, count) in from {
                *into.entry(key).or_default() += count;
            }
        }
        sum(&mut self.notices, other.notices);
        sum(&mut self.questions, other.questions);
        sum(&mut self.expiries, other.expiries);
        sum(&mut self.erasures, other.erasures);
        sum(&mut self.fields, other.fields);
        add_counts!(self, other; people, sealed_records, accesses, qualifications, errors);
        add_counts!(self, other; letters_queued, letters_sent, letters_waiting);
        add_counts!(self, other; receivers_told, receivers_waiting);
        self.marks.extend(other.marks);
    }

    /// One line in the log.
    pub(super) fn log(&self) {
        let total = |counts: &mut dyn Iterator<Item = &u64>| counts.sum::<u64>();
        tracing::info!(
            people = self.people,
            notices = total(&mut self.notices.values()),
            questions = total(&mut self.questions.values()),
            expiries = total(&mut self.expiries.values()),
            erasures = total(&mut self.erasures.values()),
            fields = total(&mut self.fields.values()),
            sealed_records = self.sealed_records,
            qualifications = self.qualifications,
            errors = self.errors,
            "swept"
        );
    }

    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(Json::of(self)).expect("counts have string names")
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Json<'a> {
    at: Timestamp,
    people: u64,
    notices: Vec<JsonNotice<'a>>,
    questions: Vec<JsonLine<'a>>,
    expiries: Vec<JsonLine<'a>>,
    erasures: Vec<JsonLine<'a>>,
    fields: Vec<JsonLine<'a>>,
    sealed_records: u64,
    accesses: u64,
    letters_queued: u64,
    letters_sent: u64,
    letters_waiting: u64,
    receivers_told: u64,
    receivers_waiting: u64,
    marks: &'a [Mark],
    qualifications: u64,
    errors: u64,
}

#[derive(Serialize)]
struct JsonNotice<'a> {
    form: &'a str,
    purpose: &'a str,
    days: i32,
    count: u64,
}

#[derive(Serialize)]
struct JsonLine<'a> {
    form: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    count: u64,
}

impl<'a> Json<'a> {
    fn of(report: &'a Report) -> Self {
        let line = |form, purpose, reason, count: &u64| JsonLine {
            form,
            purpose,
            reason,
            count: *count,
        };
        let notice = |((form, purpose, days), count): (&'a (String, String, i32), &u64)| JsonNotice {
            form,
            purpose,
            days: *days,
            count: *count,
        };
        let (questions, expiries, erasures) = (report.questions.iter(), report.expiries.iter(), report.erasures.iter());
        Self {
            at: report.at,
            people: report.people,
            notices: report.notices.iter().map(notice).collect(),
            questions: questions.map(|(form, count)| line(form, None, None, count)).collect(),
            expiries: expiries
                .map(|((form, purpose), count)| line(form, Some(purpose), None, count))
                .collect(),
            erasures: erasures
                .map(|((form, reason), count)| line(form, None, Some(*reason), count))
                .collect(),
            fields: report
                .fields
                .iter()
                .map(|(form, count)| line(form, None, None, count))
                .collect(),
            sealed_records: report.sealed_records,
            accesses: report.accesses,
            letters_queued: report.letters_queued,
            letters_sent: report.letters_sent,
            letters_waiting: report.letters_waiting,
            receivers_told: report.receivers_told,
            receivers_waiting: report.receivers_waiting,
            marks: &report.marks,
            qualifications: report.qualifications,
            errors: report.errors,
        }
    }
}

/// For people: one line for each thing done.
impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "at {}: {} people", self.at, self.people)?;
        for ((form, purpose, days), count) in &self.notices {
            let unit = if *days == 1 { "day" } else { "days" };
            writeln!(formatter, "  notice, {days} {unit} before  {form}  {purpose}  {count}")?;
        }
        for (form, count) in &self.questions {
            writeln!(formatter, "  question before deletion  {form}  {count}")?;
        }
        for ((form, purpose), count) in &self.expiries {
            writeln!(formatter, "  expired  {form}  {purpose}  {count}")?;
        }
        for ((form, reason), count) in &self.erasures {
            writeln!(formatter, "  erased, {reason}  {form}  {count}")?;
        }
        for (form, count) in &self.fields {
            writeln!(formatter, "  field erased, its lead goes on  {form}  {count}")?;
        }
        for mark in &self.marks {
            writeln!(formatter, "  marked, {mark}")?;
        }
        for (what, count) in [
            ("sealed records deleted", self.sealed_records),
            ("lines of the access log deleted", self.accesses),
            ("letters queued", self.letters_queued),
            ("letters sent", self.letters_sent),
            ("letters waiting", self.letters_waiting),
            ("receivers told", self.receivers_told),
            ("messages to receivers waiting", self.receivers_waiting),
            ("results of qualifications removed", self.qualifications),
            ("people who could not be read", self.errors),
        ] {
            writeln!(formatter, "  {what}  {count}")?;
        }
        Ok(())
    }
}

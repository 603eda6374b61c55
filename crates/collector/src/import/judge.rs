//! The pure part: a line and what is told of its file in, what may be recorded of it out. No store, no clock.
//! Refuses, in this order: a line that cannot be read, an act without a time, and in the end a lead of which no purpose is
//! left. Purpose by purpose it takes over nothing whose words are not proved, and no consent by a box that was required,
//! ticked already, or of which nobody says which it was.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{SignedDuration, Span, Timestamp, tz::TimeZone};

use super::{
    mapping::{Answer, SourceControl},
    meta,
    plan::{Asked, Nature, Plan},
    proof,
    report::{Code, Line, Note},
    rows::Row,
};
use crate::{
    ingest::fields::{self, describe, flaws, is_wanted},
    published::Text,
};

/// How far the clock of a source may be ahead.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// What may be recorded of a line.
#[derive(Clone)]
pub struct Judged {
    pub line: u64,
    pub acted: Timestamp,
    pub statuses: BTreeMap<String, &'static str>,
    /// Everything that the line says of fields, wanted or not.
    values: Vec<(String, String)>,
    proved: BTreeSet<String>,
    /// What makes it the same record again: the act, the answers, the values and what is proved of them.
    pub identity: Vec<String>,
    /// What makes it the same act again, whatever a mapping says of it.
    pub act: Vec<String>,
    /// By what its consents were given, where all boxes are boxes.
    pub given_by: Option<&'static str>,
    pub notes: Vec<Note>,
}

impl std::fmt::Debug for Judged {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Judged({}, personal)", self.line)
    }
}

/// What the first of these columns that says anything says.
pub(super) fn cell<'a>(cells: &'a HashMap<String, String>, columns: &[String]) -> &'a str {
    let mut found = columns
        .iter()
        .filter_map(|column| cells.get(column))
        .map(|cell| cell.trim());
    found.find(|cell| !cell.is_empty()).unwrap_or_default()
}

/// What may be recorded of a line, as of that time; or the line of the report that says why nothing.
pub fn judge(plan: &Plan, row: &Row, now: Timestamp) -> Result<Judged, Line> {
    let refuse = |note: Note| Line::refused(row.line, vec![note]);
    let cells = row
        .cells
        .as_ref()
        .map_err(|fault| refuse(Note::new(Code::Shape, fault.sentence())))?;
    let acted = match &plan.acted {
        None => return Err(refuse(Note::new(Code::Time, "no column says when the person acted"))),
        Some(acted) => acted.read(cells.get(&acted.column).map_or("", String::as_str)),
    };
    let Some(acted) = acted else {
        return Err(refuse(Note::new(
            Code::Time,
            "it does not say when the person acted, or not as the mapping says",
        )));
    };
    if acted > now + AHEAD {
        return Err(refuse(Note::new(Code::Time, "the act is in the future")));
    }
    let meta_form = cells.get(meta::FORM_COLUMN).map(String::as_str);
    let proved = proof::of_lead(&plan.proofs, acted, meta_form);
    let values: Vec<(String, String)> = plan
        .fields
        .iter()
        .map(|(id, columns)| (id.clone(), cell(cells, columns).to_owned()))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let mut judged = Judged {
        line: row.line,
        acted: acted.min(now),
        statuses: BTreeMap::new(),
        identity: vec![acted.to_string()],
        act: act(plan, row, acted, &values),
        values,
        proved,
        given_by: Some("checkbox"),
        notes: Vec::new(),
    };
    judged.identity.extend(source_id(plan, cells));
    for asked in &plan.asked {
        judged.answer(plan, asked, cells, now);
    }
    let values = judged.values.iter().map(|(id, value)| format!("{id}={value}"));
    let values: Vec<String> = values.collect();
    judged.identity.extend(values);
    judged.identity.extend(judged.proved.iter().cloned());
    judged.complete(plan).map(|()| judged).map_err(|line| *line)
}

fn source_id(plan: &Plan, cells: &HashMap<String, String>) -> Option<String> {
    let id = plan.id.as_ref().and_then(|column| cells.get(column))?;
    Some(format!("id={id}"))
}

/// Time, the source's id, and the mailbox; where there is none, everything that was typed.
fn act(plan: &Plan, row: &Row, acted: Timestamp, values: &[(String, String)]) -> Vec<String> {
    let id = row.cells.as_ref().ok().and_then(|cells| source_id(plan, cells));
    let who = match plan.address(row) {
        Some(mailbox) => vec![mailbox],
        None => values.iter().map(|(id, value)| format!("{id}={value}")).collect(),
    };
    [acted.to_string()].into_iter().chain(id).chain(who).collect()
}

impl Judged {
    /// What a purpose stands at.
    fn answer(&mut self, plan: &Plan, asked: &Asked, cells: &HashMap<String, String>, now: Timestamp) {
        let purpose = asked.purpose.as_str();
        let Some((claim, column)) = &asked.claim else {
            self.statuses.insert(purpose.to_owned(), "not-shown");
            return;
        };
        let said = cells.get(column).map(String::as_str);
        let answer = said.map(|said| claim.answer(said));
        let yes = answer == Some(Answer::Yes);
        let control = asked.control.filter(|_| yes).map_or("", SourceControl::as_str);
        let word = answer.map_or("", Answer::as_str);
        self.identity.push(format!("{purpose}={word} {control}"));
        let status = match asked.nature {
            Nature::Consent if yes => self.consent(plan, asked, now),
            // Left alone where it was shown; nobody says what was not asked.
            Nature::Consent if said.is_some() && self.is_proved(purpose) => "not-given",
            Nature::Consent => "not-shown",
            // A no counts whatever anybody can prove.
            Nature::Objection if yes => "objected",
            Nature::Objection => self.informed(plan, asked, &[".objection"], answer == Some(Answer::No), now),
            Nature::Service if !column.is_empty() && !yes => "not-shown",
            Nature::Service => self.informed(plan, asked, &[], true, now),
        };
        self.statuses.insert(purpose.to_owned(), status);
    }

    fn is_proved(&self, purpose: &str) -> bool {
        self.proved.contains(&format!("purpose.{purpose}"))
    }

    fn note(&mut self, purpose: &str, code: Code, detail: impl Into<String>) {
        self.notes.push(Note::of(purpose, code, detail));
    }

    fn consent(&mut self, plan: &Plan, asked: &Asked, now: Timestamp) -> &'static str {
        let purpose = asked.purpose.as_str();
        let unbelieved = |judged: &Self| {
            if judged.is_proved(purpose) {
                "not-given"
            } else {
                "not-shown"
            }
        };
        match asked.control {
            Some(SourceControl::UntickedBox) => {}
            Some(SourceControl::Submit) => self.given_by = None,
            Some(SourceControl::TickedBox) => {
                self.note(
                    purpose,
                    Code::BoxTicked,
                    "the box was ticked by default, which is no consent",
                );
                return unbelieved(self);
            }
            Some(SourceControl::RequiredBox) => {
                self.note(
                    purpose,
                    Code::BoxRequired,
                    "the box was required, so the consent was not free",
                );
                return unbelieved(self);
            }
            None => {
                self.note(purpose, Code::BoxUnknown, "nothing says by which control it was given");
                return unbelieved(self);
            }
        }
        let needed = [
            format!("purpose.{purpose}"),
            "controller".into(),
            "policy".into(),
            "withdrawal".into(),
        ];
        if !self.has_words(purpose, &needed) || !self.is_in_time(plan, purpose, now) {
            return "not-shown";
        }
        "given"
    }

    fn informed(&mut self, plan: &Plan, asked: &Asked, parts: &[&str], answered: bool, now: Timestamp) -> &'static str {
        let purpose = asked.purpose.as_str();
        let statement = format!("purpose.{purpose}");
        let mut needed = vec![statement.clone()];
        needed.extend(parts.iter().map(|part| format!("{statement}{part}")));
        if !answered {
            self.note(
                purpose,
                Code::Unanswered,
                "nothing says clearly whether the person objected",
            );
            return "not-shown";
        }
        if !self.has_words(purpose, &needed) || !self.is_in_time(plan, purpose, now) {
            return "not-shown";
        }
        "informed"
    }

    /// Whether these texts are proved; noted where they are not.
    fn has_words(&mut self, purpose: &str, needed: &[String]) -> bool {
        let missing: Vec<&str> = needed
            .iter()
            .map(String::as_str)
            .filter(|it| !self.proved.contains(*it))
            .collect();
        if missing.is_empty() {
            return true;
        }
        let detail = format!(
            "nothing proves that these published words were shown then: {}",
            missing.join(", ")
        );
        self.note(purpose, Code::NoWords, detail);
        false
    }

    /// Whether what was given then still holds now, and the data may still be kept.
    fn is_in_time(&mut self, plan: &Plan, purpose: &str, now: Timestamp) -> bool {
        let process = plan.form.process(purpose);
        let span = |value: &serde_json::Value| value.as_str()?.parse::<Span>().ok();
        let over = |span: Span| after(self.acted, span).is_some_and(|end| end <= now);
        let validity = process.and_then(|process| span(&process["validity"]));
        if validity.is_some_and(over) {
            self.note(purpose, Code::Expired, "the time for which it was given is over");
            return false;
        }
        let retention = process.filter(|process| process["storage"]["from"] != "withdrawal");
        if retention
            .and_then(|process| span(&process["storage"]["retention"]))
            .is_some_and(over)
        {
            self.note(
                purpose,
                Code::Retention,
                "the time for which the data may be kept is over",
            );
            return false;
        }
        true
    }

    /// Lets go of purposes: nothing is said of them any more.
    pub fn drop_purposes(&mut self, dropped: &BTreeSet<String>, code: Code, detail: &'static str) {
        for purpose in dropped {
            self.statuses.insert(purpose.clone(), "not-shown");
            self.note(purpose, code, detail);
        }
    }

    /// The fields that what is left needs.
    pub fn values(&self, plan: &Plan) -> Vec<(String, String)> {
        let statuses = self.by_name();
        let is_asked = |id: &str| {
            let field = plan.form.fields.iter().find(|field| field.id == id);
            field.is_some_and(|field| is_wanted(field, &statuses))
        };
        self.values.iter().filter(|(id, _)| is_asked(id)).cloned().collect()
    }

    /// The texts that are proved, without those of purposes of which nothing is said.
    pub fn shown<'a>(&self, plan: &'a Plan) -> Vec<&'a Text> {
        let status = |purpose: &str| self.statuses.get(purpose).copied().unwrap_or("not-shown");
        let is_shown = |text: &&Text| {
            let purpose = text
                .reference
                .strip_prefix("purpose.")
                .and_then(|rest| rest.split('.').next());
            self.proved.contains(&text.reference)
                && purpose.is_none_or(|purpose| status(purpose) != "not-shown")
                && text.when.as_ref().is_none_or(|when| status(&when.purpose) == "given")
        };
        plan.form.texts.iter().filter(is_shown).collect()
    }

    fn by_name(&self) -> fields::Statuses<'_> {
        self.statuses
            .iter()
            .map(|(purpose, status)| (purpose.as_str(), *status))
            .collect()
    }

    /// Whether the data have a purpose, and are what the form asks for.
    pub fn complete(&mut self, plan: &Plan) -> Result<(), Box<Line>> {
        let is_active = |status: &str| matches!(status, "given" | "informed");
        let refused = |judged: &mut Self, note: Note| {
            let mut notes = std::mem::take(&mut judged.notes);
            notes.insert(0, note);
            Err(Box::new(Line::refused(judged.line, notes)))
        };
        if !self.statuses.values().any(|status| is_active(status)) {
            let detail = "no purpose is left for which the data may be kept";
            return refused(self, Note::new(Code::NoPurpose, detail));
        }
        let values = self.values(plan);
        let flaw = flaws(&plan.form, &self.by_name(), &values)
            .first()
            .map(|(field, flaw)| (field.id.clone(), *flaw));
        match flaw {
            None if values.is_empty() => {
                let detail = "no purpose is left that needs any of its data";
                refused(self, Note::new(Code::NoPurpose, detail))
            }
            None => Ok(()),
            Some((field, flaw)) => refused(
                self,
                Note::new(Code::Field, format!("field {field}: {}", describe(flaw))),
            ),
        }
    }
}

/// A calendar span after a time; beyond the calendar is never.
fn after(from: Timestamp, span: Span) -> Option<Timestamp> {
    let end = from.to_zoned(TimeZone::UTC).checked_add(span).ok()?;
    Some(end.timestamp())
}

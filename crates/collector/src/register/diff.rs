//! Two registers of one collector compared, member by member.
//! Refuses to call a new version a change: a row is changed when what it says is.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::{
    Register,
    member::{MEMBERS, Member},
    types::Activity,
};
use crate::catalog::Words;

/// The format id of a difference.
pub const FORMAT: &str = "candor-register-diff/1";

/// What became of the register between two times.
#[derive(Debug, Serialize)]
pub struct Difference {
    pub format: &'static str,
    pub language: &'static str,
    pub against: Timestamp,
    pub at: Timestamp,
    pub forms: Vec<FormChange>,
    pub added: Vec<Activity>,
    pub removed: Vec<Activity>,
    pub changed: Vec<Changed>,
    #[serde(skip)]
    pub words: Words,
}

/// A form that was published anew, or for the first time.
#[derive(Debug, Serialize)]
pub struct FormChange {
    pub id: String,
    pub before: Option<String>,
    pub after: String,
    pub published: Timestamp,
}

/// A row that says something else than before.
#[derive(Debug, Serialize)]
pub struct Changed {
    pub id: String,
    #[serde(skip)]
    pub statement: String,
    pub members: Vec<MemberChange>,
}

#[derive(Debug, Serialize)]
pub struct MemberChange {
    pub member: &'static str,
    /// As in the register's JSON; null where there was none.
    pub before: Value,
    pub after: Value,
    #[serde(skip)]
    pub before_words: Vec<String>,
    #[serde(skip)]
    pub after_words: Vec<String>,
}

impl Difference {
    pub fn between(earlier: &Register, later: &Register) -> Self {
        let lacking = |rows: &[Activity], others: &[Activity]| -> Vec<Activity> {
            let lacks = |row: &&Activity| !others.iter().any(|other| other.id == row.id);
            rows.iter().filter(lacks).cloned().collect()
        };
        let changed = later.activities.iter().filter_map(|after| {
            let before = earlier.activities.iter().find(|other| other.id == after.id)?;
            let members = changes((earlier, before), (later, after));
            (!members.is_empty()).then(|| Changed {
                id: after.id.clone(),
                statement: after.statement.clone(),
                members,
            })
        });
        let forms = later.forms.iter().filter_map(|form| {
            let before = earlier.forms.iter().find(|other| other.id == form.id);
            let before = before.map(|form| form.version.clone());
            (before.as_ref() != Some(&form.version)).then(|| FormChange {
                id: form.id.clone(),
                before,
                after: form.version.clone(),
                published: form.published,
            })
        });
        Self {
            format: FORMAT,
            language: later.language,
            against: earlier.at,
            at: later.at,
            forms: forms.collect(),
            added: lacking(&later.activities, &earlier.activities),
            removed: lacking(&earlier.activities, &later.activities),
            changed: changed.collect(),
            words: later.words,
        }
    }
}

fn changes(before: (&Register, &Activity), after: (&Register, &Activity)) -> Vec<MemberChange> {
    let json = |row: &Activity| serde_json::to_value(row).expect("a row is JSON");
    let (earlier, later) = (json(before.1), json(after.1));
    let differs = |member: &&Member| earlier[member.name] != later[member.name];
    let change = |member: &Member| MemberChange {
        member: member.name,
        before: earlier[member.name].clone(),
        after: later[member.name].clone(),
        before_words: (member.say)(before.0, before.1),
        after_words: (member.say)(after.0, after.1),
    };
    MEMBERS.iter().filter(differs).map(change).collect()
}

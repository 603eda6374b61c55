//! Two registers of one collector compared, member by member.
//! Refuses to call a new version a change: a row is changed when what it says is.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::{
    Register, say,
    types::{Activity, Party},
};
use crate::{catalog::Words, typography::spaced};

/// The format id of a difference.
pub const FORMAT: &str = "candor-register-diff/1";

/// A member of a row, under its name in the JSON, and how it is said.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) say: fn(&Register, &Activity) -> Vec<String>,
}

/// Everything that a row says about its processing, in the order of the columns.
pub(super) const MEMBERS: [Member; 21] = [
    Member {
        name: "purpose",
        say: |_, row| vec![row.purpose.clone()],
    },
    Member {
        name: "statement",
        say: |_, row| vec![spaced(&row.statement)],
    },
    Member {
        name: "details",
        say: |_, row| row.details.iter().map(|text| spaced(text)).collect(),
    },
    Member {
        name: "category",
        say: |register, row| vec![say::category(register.words, row)],
    },
    Member {
        name: "kind",
        say: |register, row| vec![say::term(register.words, "kind", row.kind.as_deref().unwrap_or("own"))],
    },
    Member {
        name: "channel",
        say: |register, row| vec![say::term(register.words, "channel", &row.channel)],
    },
    Member {
        name: "frequency",
        say: |_, row| row.frequency.iter().map(|it| it.words.clone()).collect(),
    },
    Member {
        name: "basis",
        say: |register, row| say::legal_basis(register.words, &row.basis),
    },
    Member {
        name: "controllers",
        say: |register, row| contacts(register.words, &row.controllers),
    },
    Member {
        name: "representatives",
        say: |register, row| contacts(register.words, &row.representatives),
    },
    Member {
        name: "dpos",
        say: |register, row| contacts(register.words, &row.dpos),
    },
    Member {
        name: "people",
        say: |_, row| row.people.clone(),
    },
    Member {
        name: "data",
        say: |register, row| row.data.iter().map(|it| say::datum(register.words, it)).collect(),
    },
    Member {
        name: "operations",
        say: |register, row| {
            row.operations
                .iter()
                .map(|it| say::term(register.words, "operation", it))
                .collect()
        },
    },
    Member {
        name: "recipients",
        say: |register, row| {
            row.recipients
                .iter()
                .map(|it| say::recipient(register.words, it))
                .collect()
        },
    },
    Member {
        name: "transfers",
        say: |register, row| {
            row.transfers
                .iter()
                .map(|it| say::transfer(register.words, it))
                .collect()
        },
    },
    Member {
        name: "locations",
        say: |register, row| {
            row.locations
                .iter()
                .map(|it| say::country(register.words, it))
                .collect()
        },
    },
    Member {
        name: "retention",
        say: |register, row| row.retention.iter().map(|it| say::kept(register.words, it)).collect(),
    },
    Member {
        name: "validity",
        say: |_, row| row.validity.iter().map(|it| it.words.clone()).collect(),
    },
    Member {
        name: "measures",
        say: |register, row| {
            row.measures
                .iter()
                .filter_map(|id| Some(register.measure(id)?.name.clone()))
                .collect()
        },
    },
    Member {
        name: "notes",
        say: |_, row| row.notes.clone(),
    },
];

fn contacts(words: Words, parties: &[Party]) -> Vec<String> {
    parties.iter().map(|party| say::contact(words, party)).collect()
}

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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// A member that is not compared would change unseen.
    #[test]
    fn every_member_of_a_row_is_compared() {
        let register = super::super::tests::example("fr");
        let names: BTreeSet<&str> = MEMBERS.iter().map(|member| member.name).collect();
        for row in &register.activities {
            let json = serde_json::to_value(row).expect("JSON");
            for member in json.as_object().expect("an object").keys() {
                let elsewhere = ["id", "sources"].contains(&member.as_str());
                assert!(elsewhere || names.contains(member.as_str()), "{member}");
            }
        }
    }
}

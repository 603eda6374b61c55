//! The members of a row in words: the columns of the CSV, the lines of the page, and what is compared between two dates.
//! Refuses nothing: an empty member is said by whoever shows it.

use super::{
    Register, receivers, say,
    types::{Activity, Party},
};
use crate::catalog::Words;

/// A member of a row, under its name in the JSON, and how it is said.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) say: fn(&Register, &Activity) -> Vec<String>,
}

/// Everything that a row says about its processing, in the order of the columns.
pub(super) const MEMBERS: [Member; 22] = [
    Member {
        name: "purpose",
        say: |_, row| vec![row.purpose.clone()],
    },
    Member {
        name: "statement",
        say: |_, row| vec![row.statement.clone()],
    },
    Member {
        name: "details",
        say: |_, row| row.details.iter().cloned().collect(),
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
        name: "receivers",
        say: |register, row| {
            row.receivers
                .iter()
                .map(|it| receivers::said(register.words, it))
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::MEMBERS;
    use crate::register::tests::example;

    /// A member that is not here would change unseen.
    #[test]
    fn every_member_of_a_row_is_here() {
        let names: BTreeSet<&str> = MEMBERS.iter().map(|member| member.name).collect();
        for row in &example("fr").activities {
            let json = serde_json::to_value(row).expect("JSON");
            for member in json.as_object().expect("an object").keys() {
                let elsewhere = ["id", "sources"].contains(&member.as_str());
                assert!(elsewhere || names.contains(member.as_str()), "{member}");
            }
        }
    }
}

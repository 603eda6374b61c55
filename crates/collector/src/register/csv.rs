//! The register, and the difference of two, as CSV. How cells are written: `spreadsheet.rs`.
//! Refuses nothing: whatever a definition says becomes a cell.

use super::{Difference, Register, member::MEMBERS, types::Activity};
use crate::spreadsheet::line;

/// Columns after those of `MEMBERS`, from the sources.
const SOURCES: [&str; 3] = ["form", "version", "published"];

/// One line for each row; the columns have the names of the JSON's members.
pub fn register(register: &Register) -> String {
    let names = MEMBERS.iter().map(|member| member.name).chain(SOURCES);
    let mut text = line(std::iter::once("id").chain(names));
    for activity in &register.activities {
        text.push_str(&line(cells(register, activity)));
    }
    text
}

/// One line for each member that differs; a purpose that came or went is one line.
pub fn difference(difference: &Difference) -> String {
    let mut text = line(["change", "id", "member", "before", "after"]);
    for (change, activities) in [("added", &difference.added), ("removed", &difference.removed)] {
        for activity in activities {
            let (before, after) = match change {
                "added" => ("", activity.statement.as_str()),
                _ => (activity.statement.as_str(), ""),
            };
            text.push_str(&line([change, &activity.id, "", before, after]));
        }
    }
    for changed in &difference.changed {
        for member in &changed.members {
            let said = |lines: &[String]| lines.join("; ");
            let (before, after) = (said(&member.before_words), said(&member.after_words));
            text.push_str(&line(["changed", &changed.id, member.member, &before, &after]));
        }
    }
    text
}

fn cells(register: &Register, activity: &Activity) -> Vec<String> {
    let sources =
        |of: fn(&super::types::Source) -> String| activity.sources.iter().map(of).collect::<Vec<_>>().join("; ");
    let mut cells = vec![activity.id.clone()];
    cells.extend(MEMBERS.iter().map(|member| (member.say)(register, activity).join("; ")));
    cells.push(sources(|source| source.form.clone()));
    cells.push(sources(|source| source.version.clone()));
    cells.push(sources(|source| source.published.to_string()));
    cells
}

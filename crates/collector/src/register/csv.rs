//! CSV as RFC 4180 writes it, for spreadsheets and for programs.
//! Refuses to hand a formula to a spreadsheet: a cell that would begin one begins with an apostrophe.

use super::{Difference, Register, member::MEMBERS, types::Activity};

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

/// One record with its CRLF.
pub fn line<T: AsRef<str>>(cells: impl IntoIterator<Item = T>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|it| cell(it.as_ref())).collect();
    cells.join(",") + "\r\n"
}

/// What begins a formula.
const STARTERS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A cell, quoted where it has to be. Spreadsheets run what begins with `=` `+` `-` `@`, also behind blanks or in the full
/// width of East Asian text:
/// <https://owasp.org/www-community/attacks/CSV_Injection>.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['\t', '\r']) || text.trim_start().starts_with(STARTERS) {
        "'"
    } else {
        ""
    };
    if text.contains(['"', ',', '\r', '\n']) {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{guard}{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_defused() {
        let check = |text: &str, expected: &str| assert_eq!(cell(text), expected, "{text:?}");
        check("", "");
        check("plain", "plain");
        check("a, b", "\"a, b\"");
        check("a \"b\"", "\"a \"\"b\"\"\"");
        check("a\nb", "\"a\nb\"");
        check("=1+1", "'=1+1");
        check("+33 1 99 00 12 34", "'+33 1 99 00 12 34");
        check("-2", "'-2");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\t=1", "'\t=1");
        check("\r=1", "\"'\r=1\"");
        check("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
        check("  =1", "'  =1");
        check(" \t+1", "' \t+1");
        check("\u{a0}@x", "'\u{a0}@x");
        for start in ["＝", "＋", "－", "＠"] {
            check(&format!("{start}1"), &format!("'{start}1"));
            check(&format!(" {start}1"), &format!("' {start}1"));
        }
        check("  plain", "  plain");
        check("a = b", "a = b");
        assert_eq!(line(["a", "=b", ""]), "a,'=b,\r\n");
    }
}

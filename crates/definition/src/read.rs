//! Walks the parsed JSON and reports what has the wrong shape, each with its place.
//!
//! Every function returns `None` after it reported, so that reading goes on and all problems are told at once.

use candor_record::json::{Member, Node, Value};

use crate::diagnostic::{Place, Report};
use crate::rule;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct At<'n> {
    pub(crate) node: &'n Node,
    pub(crate) pointer: String,
}

impl<'n> At<'n> {
    pub(crate) fn root(node: &'n Node) -> Self {
        At {
            node,
            pointer: String::new(),
        }
    }

    pub(crate) fn place(&self) -> Place {
        Place {
            pointer: self.pointer.clone(),
            span: self.node.span,
        }
    }

    /// The last step of the pointer: what the owner of the file calls this value.
    pub(crate) fn name(&self) -> String {
        match self.pointer.rsplit('/').next() {
            Some("") | None => "the definition".to_owned(),
            Some(index) if index.bytes().all(|byte| byte.is_ascii_digit()) => {
                format!(
                    "entry {index} of {}",
                    At {
                        node: self.node,
                        pointer: parent(&self.pointer).to_owned()
                    }
                    .name()
                )
            }
            Some(name) => name.replace("~1", "/").replace("~0", "~"),
        }
    }

    pub(crate) fn is_object(&self) -> bool {
        matches!(self.node.value, Value::Object(_))
    }

    /// A string that says something.
    pub(crate) fn string(&self, report: &mut Report<'_>) -> Option<&'n str> {
        let Value::String(text) = &self.node.value else {
            self.refuse_type(report, "a string");
            return None;
        };
        if crate::text::is_blank(text) {
            let message = format!("{} is empty", self.name());
            report.refuse(
                rule::EMPTY,
                &self.place(),
                message,
                "write the value, or leave an optional member out",
            );
            return None;
        }
        Some(text)
    }

    pub(crate) fn boolean(&self, report: &mut Report<'_>) -> Option<bool> {
        let Value::Bool(value) = self.node.value else {
            self.refuse_type(report, "true or false");
            return None;
        };
        Some(value)
    }

    /// The entries of an array that holds at least one.
    pub(crate) fn entries(&self, report: &mut Report<'_>) -> Option<Vec<At<'n>>> {
        let entries = self.entries_or_none(report)?;
        if entries.is_empty() {
            let message = format!("{} is an empty list", self.name());
            report.refuse(rule::EMPTY, &self.place(), message, "name at least one entry");
            return None;
        }
        Some(entries)
    }

    /// The entries of an array that may be empty.
    pub(crate) fn entries_or_none(&self, report: &mut Report<'_>) -> Option<Vec<At<'n>>> {
        let Value::Array(nodes) = &self.node.value else {
            self.refuse_type(report, "an array");
            return None;
        };
        let entry = |(index, node)| At {
            node,
            pointer: format!("{}/{index}", self.pointer),
        };
        Some(nodes.iter().enumerate().map(entry).collect())
    }

    /// One value of a closed list.
    pub(crate) fn choice<T: Copy>(
        &self,
        report: &mut Report<'_>,
        all: &[T],
        spell: fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.string(report)?;
        let value = all.iter().copied().find(|value| spell(*value) == text);
        if value.is_none() {
            let spelled: Vec<&str> = all.iter().map(|value| spell(*value)).collect();
            let message = format!("`{text}` is not a value of {}", self.name());
            report.refuse(
                rule::ENUMERATION,
                &self.place(),
                message,
                format!("write one of {}", list(&spelled)),
            );
        }
        value
    }

    pub(crate) fn refuse_type(&self, report: &mut Report<'_>, wanted: &str) {
        let found = match self.node.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        let message = format!("{} is {found}, not {wanted}", self.name());
        let help = match self.node.value {
            Value::Null => format!("write {wanted}, or leave the member out if it is optional"),
            _ => format!("write {wanted}"),
        };
        report.refuse(rule::TYPE, &self.place(), message, help);
    }
}

/// An object whose members are known.
#[derive(Debug)]
pub(crate) struct Object<'n> {
    at: At<'n>,
    members: &'n [Member],
}

impl<'n> Object<'n> {
    /// Opens an object and refuses members that are not `known`.
    pub(crate) fn open(report: &mut Report<'_>, at: At<'n>, known: &[&str]) -> Option<Self> {
        Self::open_except(report, at, known, "")
    }

    /// Like [`Object::open`], but one more name is left to the caller, who refuses it with a reason of its own.
    pub(crate) fn open_except(report: &mut Report<'_>, at: At<'n>, known: &[&str], left: &str) -> Option<Self> {
        let object = Self::open_any(report, at)?;
        let is_known = |name: &str| known.contains(&name) || name == left && !left.is_empty();
        for member in object.members.iter().filter(|member| !is_known(&member.name)) {
            let place = object.member_place(member);
            let rule = if ticks(&member.name) {
                rule::CONSENT_TICKED
            } else {
                rule::MEMBER_UNKNOWN
            };
            let help = match closest(&member.name, known) {
                _ if ticks(&member.name) => {
                    "take it out: every box starts empty, and there is no member for it".to_owned()
                }
                Some(name) => format!("write `{name}`, or take it out"),
                None => format!("take it out; the members here are {}", list(known)),
            };
            let message = format!("`{}` is not a member of {}", member.name, object.at.name());
            report.refuse(rule, &place, message, help);
        }
        Some(object)
    }

    /// Opens an object whose member names are data.
    pub(crate) fn open_any(report: &mut Report<'_>, at: At<'n>) -> Option<Self> {
        let Value::Object(members) = &at.node.value else {
            at.refuse_type(report, "an object");
            return None;
        };
        Some(Object { members, at })
    }

    pub(crate) fn place(&self) -> Place {
        self.at.place()
    }

    pub(crate) fn members(&self) -> impl Iterator<Item = (&'n str, Place, At<'n>)> {
        self.members
            .iter()
            .map(|member| (member.name.as_str(), self.member_place(member), self.value(member)))
    }

    /// Where the name of a member stands; the object itself when it is absent.
    pub(crate) fn name_place(&self, name: &str) -> Place {
        let member = self.members.iter().find(|member| member.name == name);
        member.map_or_else(|| self.place(), |member| self.member_place(member))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|member| member.name == name)
    }

    pub(crate) fn optional(&self, name: &str) -> Option<At<'n>> {
        self.members
            .iter()
            .find(|member| member.name == name)
            .map(|member| self.value(member))
    }

    pub(crate) fn required(&self, report: &mut Report<'_>, name: &str) -> Option<At<'n>> {
        self.required_by(report, name, rule::MEMBER_MISSING, &format!("add `{name}`"))
    }

    /// Like [`Object::required`], under a rule of its own.
    pub(crate) fn required_by(
        &self,
        report: &mut Report<'_>,
        name: &str,
        rule: rule::Rule,
        help: &str,
    ) -> Option<At<'n>> {
        let member = self.optional(name);
        if member.is_none() {
            report.refuse(rule, &self.place(), format!("{} has no `{name}`", self.at.name()), help);
        }
        member
    }

    fn value(&self, member: &'n Member) -> At<'n> {
        At {
            node: &member.node,
            pointer: child(&self.at.pointer, &member.name),
        }
    }

    fn member_place(&self, member: &Member) -> Place {
        Place {
            pointer: child(&self.at.pointer, &member.name),
            span: member.name_span,
        }
    }
}

/// `a`, `b` or `c`.
pub(crate) fn list(values: &[&str]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

fn child(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// Names by which other form builders let a box start ticked.
fn ticks(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['-', '_'], "");
    [
        "checked",
        "prechecked",
        "ticked",
        "preticked",
        "selected",
        "preselected",
        "default",
        "defaultchecked",
        "initial",
    ]
    .contains(&name.as_str())
}

/// A known member that was probably meant: same letters in another case or spelling, or one letter off.
fn closest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let plain = |text: &str| text.to_ascii_lowercase().replace(['-', '_'], "");
    let wanted = plain(name);
    known.iter().copied().find(|candidate| {
        let candidate = plain(candidate);
        candidate == wanted
            || format!("{candidate}s") == wanted
            || candidate == format!("{wanted}s")
            || one_off(&candidate, &wanted)
    })
}

/// One letter more, less or other, or two neighbours exchanged.
fn one_off(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let end = a[start..]
        .iter()
        .rev()
        .zip(b[start..].iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    let (left, right) = (&a[start..a.len() - end], &b[start..b.len() - end]);
    let exchanged = matches!((left, right), ([x, y], [v, w]) if x == w && y == v);
    a.len() > 3 && (exchanged || left.len().max(right.len()) <= 1)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn a_misspelt_member_is_recognised() {
        let known = ["title", "purposes", "maxLength", "id"];
        for (name, found) in [
            ("titel", Some("title")),
            ("tittle", Some("title")),
            ("purpose", Some("purposes")),
            ("max_length", Some("maxLength")),
            ("ID", Some("id")),
            ("it", None),
            ("colour", None),
        ] {
            assert_eq!(closest(name, &known), found, "{name}");
        }
    }
}

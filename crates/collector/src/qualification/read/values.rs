//! Single values of a file of rules: objects with known members, words, numbers, lists.
//! Refuses by telling; each answers `None` then, so that reading goes on and all problems are told at once.

use candor_record::json::Node;

use super::{At, MAX_CHARACTERS, MAX_VALUES, Reader};
use crate::qualification::problem;

impl<'t> Reader<'t> {
    pub(super) fn object(&mut self, (node, pointer): At<'t>, name: &str, known: &[&str]) -> Option<()> {
        let Some(members) = node.as_object() else {
            self.refuse_type(&(node, pointer), "an object");
            return None;
        };
        let said: Vec<String> = members.iter().map(|member| member.name.clone()).collect();
        for member in said.iter().filter(|member| !known.contains(&member.as_str())) {
            let place = format!("{pointer}/{}", member.replace('~', "~0").replace('/', "~1"));
            let is_choice = [
                "purpose", "consent", "status", "ticked", "objected", "absent", "missing", "empty", "not",
            ];
            if name == "a rule" && is_choice.contains(&member.as_str()) {
                let message =
                    format!("`{member}`: a choice that somebody made or did not make never counts for or against them");
                self.tell(
                    problem::CHOICE,
                    &place,
                    message,
                    "take it out; rules look at `field` and `event`",
                );
                continue;
            }
            let message = format!("`{member}` is not a member of {name}");
            let help = format!("take it out; the members here are {}", known.join(", "));
            self.tell(problem::MEMBER, &place, message, help);
        }
        Some(())
    }

    pub(super) fn required(&mut self, (node, pointer): (&'t Node, &str), name: &str) -> Option<At<'t>> {
        let found = node.get(name);
        if found.is_none() {
            self.tell(
                problem::MEMBER,
                pointer,
                format!("`{name}` is missing"),
                format!("add `{name}`"),
            );
        }
        Some((found?, format!("{pointer}/{name}")))
    }

    pub(super) fn array(&mut self, at: &At<'t>) -> Option<&'t [Node]> {
        let found = at.0.as_array();
        if found.is_none() {
            self.refuse_type(at, "an array");
        }
        found
    }

    pub(super) fn string(&mut self, at: &At<'t>) -> Option<String> {
        let found = at.0.as_str().map(str::to_owned);
        if found.is_none() {
            self.refuse_type(at, "a string");
        }
        found
    }

    pub(super) fn integer(&mut self, at: &At<'t>, range: std::ops::RangeInclusive<i64>, help: &str) -> Option<i64> {
        let Some(number) = at.0.as_number() else {
            self.refuse_type(at, "a whole number");
            return None;
        };
        let value = number.as_i64().filter(|value| range.contains(value));
        if value.is_none() {
            self.tell(problem::VALUE, &at.1, "the number is out of range", help);
        }
        value
    }

    pub(super) fn id(&mut self, at: &At<'t>) -> Option<String> {
        let text = self.string(at)?;
        let fits = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if !fits {
            let help = "write small letters, digits and hyphens, for example `decision-maker`";
            self.tell(problem::VALUE, &at.1, format!("`{text}` is not an id"), help);
        }
        fits.then_some(text)
    }

    /// A short text that says something.
    pub(super) fn words(&mut self, at: &At<'t>) -> Option<String> {
        let text = self.string(at)?;
        let fits =
            !text.trim().is_empty() && text.chars().count() <= MAX_CHARACTERS && !text.contains(char::is_control);
        if !fits {
            let help = format!("write one line of 1 to {MAX_CHARACTERS} characters");
            self.tell(
                problem::VALUE,
                &at.1,
                "the text is empty, too long or of several lines",
                help,
            );
        }
        fits.then(|| text.trim().to_owned())
    }

    pub(super) fn values(&mut self, at: &At<'t>) -> Option<Vec<String>> {
        let entries = self.array(at)?;
        if entries.is_empty() || entries.len() > MAX_VALUES {
            let help = format!("write from 1 to {MAX_VALUES} values");
            self.tell(
                problem::VALUE,
                &at.1,
                format!("{} values stand here", entries.len()),
                help,
            );
            return None;
        }
        let mut values = Vec::new();
        for (index, node) in entries.iter().enumerate() {
            values.push(self.words(&(node, format!("{}/{index}", at.1))));
        }
        values.into_iter().collect()
    }

    pub(super) fn choice<T: Copy>(&mut self, at: &At<'t>, all: &[T], spell: fn(T) -> &'static str) -> Option<T> {
        let text = self.string(at)?;
        let found = all.iter().copied().find(|it| spell(*it) == text);
        if found.is_none() {
            let known: Vec<&str> = all.iter().map(|it| spell(*it)).collect();
            let help = format!("write one of {}", known.join(", "));
            self.tell(
                problem::VALUE,
                &at.1,
                format!("`{text}` is none of the words that can stand here"),
                help,
            );
        }
        found
    }

    pub(super) fn refuse_type(&mut self, at: &At<'t>, wanted: &str) {
        let message = format!("{} stands here, not {wanted}", at.0.kind());
        self.tell(problem::TYPE, &at.1, message, format!("write {wanted}"));
    }
}

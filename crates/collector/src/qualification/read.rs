//! Reads a file of rules strictly: unknown and duplicate members, wrong types and values that cannot be are refused, each with
//! its place, the reason and the remedy; all of them at once.
//! Refuses also what no rule may look at, whatever the form: opens, and choices that people made.

use candor_definition::{Diagnostic, Severity};
use candor_record::{
    canonical::canonical_json,
    digest::Sha256Digest,
    json::{JsonError, Limits, Node, Value, parse},
};

use super::{
    problem::{self, Law},
    rules::{About, DomainClass, EventKind, FORMAT, Rule, Rules, Test, Thresholds},
};

mod values;

/// Members, by object; the schema and the tests name the same.
pub(super) const MEMBERS: &[&str] = &["$schema", "format", "id", "purpose", "rules", "thresholds"];
pub(super) const RULE_MEMBERS: &[&str] = &[
    "id", "field", "event", "equals", "in", "present", "domain", "atLeast", "within", "class", "weight",
];
pub(super) const THRESHOLD_MEMBERS: &[&str] = &["mql", "sql"];

/// Most rules of a file: a score of more than that explains nothing to anybody.
pub(super) const MAX_RULES: usize = 50;
/// Most values of a list, and longest value or class in characters.
pub(super) const MAX_VALUES: usize = 200;
pub(super) const MAX_CHARACTERS: usize = 120;
pub(super) const MAX_WEIGHT: i64 = 100;
pub(super) const MAX_COUNT: i64 = 1000;

/// The rules of a file.
///
/// # Errors
/// Every problem, by position.
pub fn read(text: &[u8]) -> Result<(Rules, Node), Vec<Diagnostic>> {
    let root = parse(text, &Limits::DEFINITION).map_err(|error| vec![unreadable(text, &error)])?;
    let mut reader = Reader {
        text,
        root: &root,
        told: Vec::new(),
    };
    let rules = reader.file();
    let mut told = reader.told;
    match rules.filter(|_| told.is_empty()) {
        Some(rules) => Ok((rules, root)),
        None => {
            told.sort_by(|a, b| (a.span.offset, &a.rule).cmp(&(b.span.offset, &b.rule)));
            Err(told)
        }
    }
}

/// What no JSON is has no places; the problem stands at the byte where reading ended.
fn unreadable(text: &[u8], error: &JsonError) -> Diagnostic {
    let node = Node {
        span: candor_record::json::Span {
            offset: error.offset,
            length: 1,
        },
        value: Value::Null,
    };
    let mut told = problem::JSON.at((text, &node), "", error.kind.message(), error.kind.remedy());
    told.pointer.clone_from(&error.pointer);
    told
}

/// Walks the file; its steps for single values are in `read/values.rs`.
struct Reader<'t> {
    text: &'t [u8],
    root: &'t Node,
    told: Vec<Diagnostic>,
}

/// A value and its pointer.
type At<'n> = (&'n Node, String);

impl<'t> Reader<'t> {
    fn tell(&mut self, law: Law, pointer: &str, message: impl Into<String>, help: impl Into<String>) {
        debug_assert_eq!(law.severity, Severity::Error, "the reader only refuses");
        self.told.push(law.at((self.text, self.root), pointer, message, help));
    }

    fn file(&mut self) -> Option<Rules> {
        let root = self.root;
        self.object((root, String::new()), "the file", MEMBERS)?;
        let format = self.required((root, ""), "format").and_then(|at| self.string(&at));
        if let Some(other) = format.as_deref().filter(|format| *format != FORMAT) {
            self.tell(
                problem::VALUE,
                "/format",
                format!("`{other}` is not a format of this release"),
                format!("write `{FORMAT}`"),
            );
        }
        if let Some(schema) = root.get("$schema") {
            self.string(&(schema, "/$schema".to_owned()))?;
        }
        let id = self.required((root, ""), "id").and_then(|at| self.id(&at));
        let purpose = self.required((root, ""), "purpose").and_then(|at| {
            let text = self.string(&at)?;
            let purpose = text.parse().ok();
            if purpose.is_none() {
                let help = "write the id of the purpose of your form that says that people are profiled";
                self.tell(
                    problem::VALUE,
                    &at.1,
                    format!("`{text}` cannot be the id of a purpose"),
                    help,
                );
            }
            purpose
        });
        let rules = self.required((root, ""), "rules").and_then(|at| self.rules(&at));
        let thresholds = self
            .required((root, ""), "thresholds")
            .and_then(|at| self.thresholds(at));
        let (rules, thresholds) = (rules?, thresholds?);
        self.reach(&rules, thresholds);
        let mut json = root.to_json();
        if let Some(members) = json.as_object_mut() {
            members.remove("$schema");
        }
        let json = canonical_json(&json);
        format?;
        Some(Rules {
            id: id?,
            purpose: purpose?,
            rules,
            thresholds,
            digest: Sha256Digest::of(&json).to_text(),
            json: String::from_utf8(json).ok()?,
        })
    }

    fn rules(&mut self, at: &At<'t>) -> Option<Vec<Rule>> {
        let entries = self.array(at)?;
        if entries.is_empty() || entries.len() > MAX_RULES {
            let message = format!("{} rules stand here", entries.len());
            self.tell(problem::VALUE, &at.1, message, format!("write from 1 to {MAX_RULES}"));
            return None;
        }
        let mut rules: Vec<Rule> = Vec::new();
        let mut complete = true;
        for (index, node) in entries.iter().enumerate() {
            let Some(rule) = self.rule((node, format!("/rules/{index}"))) else {
                complete = false;
                continue;
            };
            if rules.iter().any(|known| known.id == rule.id) {
                let message = format!("the rule `{}` stands twice", rule.id);
                self.tell(
                    problem::TWICE,
                    &format!("/rules/{index}/id"),
                    message,
                    "give each rule an id of its own",
                );
            }
            rules.push(rule);
        }
        complete.then_some(rules)
    }

    fn rule(&mut self, at: At<'t>) -> Option<Rule> {
        let (node, pointer) = (at.0, at.1.clone());
        self.object(at, "a rule", RULE_MEMBERS)?;
        let here = (node, pointer.as_str());
        let id = self.required(here, "id").and_then(|at| self.id(&at));
        let class = self.required(here, "class").and_then(|at| self.words(&at));
        let weight = self.required(here, "weight").and_then(|at| {
            let help = format!("write a whole number from -{MAX_WEIGHT} to {MAX_WEIGHT}, and not 0");
            self.integer(&at, -MAX_WEIGHT..=MAX_WEIGHT, &help)
        });
        if weight == Some(0) {
            let help = "write what it counts for, or take the rule out";
            self.tell(
                problem::VALUE,
                &format!("{pointer}/weight"),
                "a rule that gives nothing",
                help,
            );
        }
        let about = match (node.get("field").is_some(), node.get("event").is_some()) {
            (true, false) => self.about_field(here),
            (false, true) => self.about_event(here),
            _ => {
                let message = "a rule looks at one thing";
                self.tell(problem::MEMBER, &pointer, message, "write either `field` or `event`");
                None
            }
        };
        Some(Rule {
            id: id?,
            about: about?,
            class: class?,
            weight: i32::try_from(weight.filter(|weight| *weight != 0)?).ok()?,
        })
    }

    fn about_field(&mut self, (node, pointer): (&'t Node, &str)) -> Option<About> {
        for name in ["atLeast", "within"] {
            if node.get(name).is_some() {
                let message = format!("`{name}` is of events, not of fields");
                self.tell(problem::MEMBER, &format!("{pointer}/{name}"), message, "take it out");
            }
        }
        let at = self.required((node, pointer), "field")?;
        let text = self.string(&at)?;
        let field = text.parse().ok();
        if field.is_none() {
            self.tell(
                problem::VALUE,
                &at.1,
                format!("`{text}` cannot be the id of a field"),
                "write the id of a field of your form",
            );
        }
        let tests: Vec<&str> = ["equals", "in", "present", "domain"]
            .into_iter()
            .filter(|name| node.get(name).is_some())
            .collect();
        let [test] = tests[..] else {
            let message = "a rule about a field has one test";
            let help = "write one of `equals`, `in`, `present` and `domain`";
            self.tell(problem::MEMBER, pointer, message, help);
            return None;
        };
        let at = self.required((node, pointer), test)?;
        let test = match test {
            "equals" => Test::Equals(self.words(&at)?),
            "in" => Test::In(self.values(&at)?),
            "domain" => Test::Domain(self.choice(&at, DomainClass::ALL, DomainClass::as_str)?),
            _ => {
                if at.0.as_bool() != Some(true) {
                    let help = "write `true`; that a field is empty never counts against a person";
                    self.tell(problem::CHOICE, &at.1, "only what was said can be looked at", help);
                    return None;
                }
                Test::Present
            }
        };
        Some(About::Field { field: field?, test })
    }

    fn about_event(&mut self, (node, pointer): (&'t Node, &str)) -> Option<About> {
        for name in ["equals", "in", "present", "domain"] {
            if node.get(name).is_some() {
                let message = format!("`{name}` is of fields, not of events");
                self.tell(problem::MEMBER, &format!("{pointer}/{name}"), message, "take it out");
            }
        }
        let at = self.required((node, pointer), "event")?;
        let word = self.string(&at)?;
        let plain = word.to_lowercase();
        if plain.contains("open") || plain.contains("pixel") {
            let message = format!(
                "`{word}`: programs load pictures, so an open is no act of a person, and reading it needs a consent of its own"
            );
            self.tell(
                problem::OPEN,
                &at.1,
                message,
                "count what people do: `click`, `reply`, `call-received`, `submission`",
            );
            return None;
        }
        let refusals = ["consent", "tick", "object", "withdraw", "refus", "unsubscri"];
        if refusals.iter().any(|part| plain.contains(part)) {
            let message = format!("`{word}`: what people choose never counts, neither for nor against them");
            self.tell(problem::CHOICE, &at.1, message, "take the rule out");
            return None;
        }
        let kind = self.choice(&at, EventKind::ALL, EventKind::as_str)?;
        let at_least = self.required((node, pointer), "atLeast").and_then(|at| {
            let help = format!("write a whole number from 1 to {MAX_COUNT}");
            self.integer(&at, 1..=MAX_COUNT, &help)
        })?;
        let within = match node.get("within") {
            None => None,
            Some(value) => {
                let at = (value, format!("{pointer}/within"));
                let text = self.string(&at)?;
                let period = text.parse().ok();
                if period.is_none() {
                    let message = format!("`{text}` is not a period");
                    self.tell(problem::VALUE, &at.1, message, "write a period such as `P90D` or `P6M`");
                }
                Some(period?)
            }
        };
        Some(About::Event {
            kind,
            at_least: u32::try_from(at_least).ok()?,
            within,
        })
    }

    fn thresholds(&mut self, at: At<'t>) -> Option<Thresholds> {
        let node = at.0;
        self.object(at, "thresholds", THRESHOLD_MEMBERS)?;
        let mut score = |name: &str| {
            let at = self.required((node, "/thresholds"), name)?;
            let value = self.integer(
                &at,
                1..=i64::from(i32::MAX),
                "write the score from which on, for example 30",
            )?;
            i32::try_from(value).ok()
        };
        let (mql, sql) = (score("mql"), score("sql"));
        let (mql, sql) = (mql?, sql?);
        if sql <= mql {
            let help = "write a higher score for `sql`: a sales qualified lead is a marketing qualified one";
            self.tell(
                problem::THRESHOLD,
                "/thresholds/sql",
                format!("sql ({sql}) is not more than mql ({mql})"),
                help,
            );
            return None;
        }
        Some(Thresholds { mql, sql })
    }

    /// Thresholds that nobody can reach qualify nobody.
    fn reach(&mut self, rules: &[Rule], thresholds: Thresholds) {
        let best: i32 = rules.iter().map(|rule| rule.weight.max(0)).sum();
        for (name, score) in [("mql", thresholds.mql), ("sql", thresholds.sql)] {
            if score > best {
                let message = format!("{name} is {score}, and all rules together give {best}");
                let help = "lower it, or give the rules more weight";
                self.tell(problem::THRESHOLD, &format!("/thresholds/{name}"), message, help);
            }
        }
    }
}

#[cfg(test)]
mod tests;

//! Rules beside the forms that they would run on: whether they judge people by more than the purpose lets them know, or by
//! what nobody may be judged by (GDPR Art. 5(1)(c), 9, 21, 22; WP251, endorsed by the EDPB).
//! Refuses by diagnostics at the place of the rule. Warns of what only a reader can judge.

use candor_definition::{Definition, Diagnostic, Field, FieldType, Ground, Purpose};
use candor_lint::{Sensitive, is_age_value, is_special_answer, sensitive_fields, sensitive_words};
use candor_record::json::Node;
use jiff::civil::Date;

use super::{
    problem::{self, Law},
    rules::{About, Rule, Rules, Test},
};

/// What is left to do where no other words would help.
const TAKE_OUT: &str = "take the rule out";

/// From how many fields on a file looks like a portrait.
pub const MANY_FIELDS: usize = 5;

/// A form in force.
#[derive(Debug)]
pub struct Form {
    pub definition: Definition,
    /// Its file.
    pub text: Vec<u8>,
}

/// Everything that is to be told of rules on these forms, by position.
pub fn overreach((text, root): (&[u8], &Node), rules: &Rules, forms: &[Form], day: Date) -> Vec<Diagnostic> {
    let mut judge = Judge {
        file: (text, root),
        rules,
        told: Vec::new(),
    };
    let purposes: Vec<(&Form, &Purpose)> = forms
        .iter()
        .filter_map(|form| Some((form, form.definition.purpose(rules.purpose.as_str())?)))
        .collect();
    judge.purpose(&purposes);
    for (index, rule) in rules.rules.iter().enumerate() {
        judge.words(index, rule, &purposes);
        if let About::Field { field, test } = &rule.about {
            judge.field(index, field.as_str(), test, &purposes, day);
        }
    }
    judge.whole();
    let mut told = judge.told;
    told.sort_by(|a, b| (a.span.offset, &a.rule, &a.message).cmp(&(b.span.offset, &b.rule, &b.message)));
    told.dedup();
    told
}

struct Judge<'r> {
    file: (&'r [u8], &'r Node),
    rules: &'r Rules,
    told: Vec<Diagnostic>,
}

impl Judge<'_> {
    fn tell(&mut self, law: Law, pointer: impl Into<String>, message: impl Into<String>, help: impl Into<String>) {
        self.told.push(law.at(self.file, pointer, message, help));
    }

    fn purpose(&mut self, purposes: &[(&Form, &Purpose)]) {
        let id = &self.rules.purpose;
        if purposes.is_empty() {
            let message = format!("no published form has the purpose `{id}`");
            self.tell(
                problem::PURPOSE,
                "/purpose",
                message,
                "name the profiling purpose of a published form",
            );
        }
        for (form, purpose) in purposes {
            let name = form.definition.id();
            if !purpose.operations.iter().any(|term| term == "Profiling") {
                let message = format!("`{id}` of the form `{name}` does not say that people are profiled");
                let help = "make a purpose of its own for it, with `Profiling` among its `operations`, a sentence and a choice";
                self.tell(problem::PURPOSE, "/purpose", message, help);
            }
            if matches!(purpose.ground, Ground::Service(_)) {
                let message = format!("`{id}` of the form `{name}` leaves people no choice about being profiled");
                let help = "set its basis to `consent`, or to `legitimate-interest` with an objection";
                self.tell(problem::PURPOSE, "/purpose", message, help);
            }
        }
    }

    /// Names of classes and values that speak of what the law protects.
    fn words(&mut self, index: usize, rule: &Rule, purposes: &[(&Form, &Purpose)]) {
        let at = format!("/rules/{index}");
        let (member, values) = match &rule.about {
            About::Field { test, .. } => test.named().unwrap_or_default(),
            About::Event { .. } => Default::default(),
        };
        // A class that repeats an answer, "50+", says what its question says; and that is judged with the field.
        let is_judged = |about| about == Sensitive::Age && repeats_an_answer(rule, purposes);
        if let Some(about) = sensitive_words(&rule.class).filter(|about| !is_judged(*about)) {
            let help = match about {
                Sensitive::Age => {
                    "take the rule out; where these are not the years of people, let the class say of what: \
                     “20 years of experience”, “company of 20 years”, “50+ employees”"
                }
                _ => "take the rule out; where its values tell nothing of the kind, name the class after them",
            };
            self.sensitive(&format!("{at}/class"), about, &rule.class, help);
        }
        for value in values.iter().filter(|value| is_special_answer(value)) {
            self.sensitive(&format!("{at}/{member}"), Sensitive::Special, value, TAKE_OUT);
        }
    }

    fn sensitive(&mut self, pointer: &str, about: Sensitive, found: &str, help: &str) {
        let (law, what) = match about {
            Sensitive::Special => (problem::SPECIAL, "a special category of data"),
            Sensitive::Criminal => (problem::PROTECTED, "convictions or offences"),
            Sensitive::Sex => (problem::PROTECTED, "sex or title"),
            Sensitive::Private => (problem::PROTECTED, "private life, origin or means"),
            Sensitive::Age => (problem::PROTECTED, "age"),
            Sensitive::Number => (problem::PROTECTED, "a number that a state or a bank gave"),
            Sensitive::Identifier => (problem::IDENTIFIER, "an identifier that follows people about"),
        };
        let message = format!("people would be judged by {what}: “{found}”");
        self.tell(law, pointer, message, help);
    }

    fn field(&mut self, index: usize, id: &str, test: &Test, purposes: &[(&Form, &Purpose)], day: Date) {
        let at = format!("/rules/{index}");
        let place = format!("{at}/field");
        let fields: Vec<(&Form, &Field)> = purposes
            .iter()
            .filter_map(|(form, _)| {
                let fields = form.definition.fields();
                Some((*form, fields.iter().find(|field| field.id.as_str() == id)?))
            })
            .collect();
        if fields.is_empty() && !purposes.is_empty() {
            let message = format!("no form with the purpose `{}` has a field `{id}`", self.rules.purpose);
            self.tell(problem::FIELD, &place, message, "name a field of the form");
        }
        for (form, field) in fields {
            let purpose = &self.rules.purpose;
            let name = form.definition.id();
            if !field.purposes.contains(purpose) {
                let message = format!("`{id}` of the form `{name}` does not serve `{purpose}`");
                let help = format!(
                    "add `{purpose}` to the purposes of the field, which people then read; or take the rule out"
                );
                self.tell(problem::WRONG_PURPOSE, &place, message, help);
            }
            if let Some(when) = field.when.as_ref().filter(|when| *when != purpose) {
                let message = format!(
                    "`{id}` of the form `{name}` is only shown to those who ticked `{when}`: whoever did not would lose by it"
                );
                self.tell(
                    problem::CHOICE,
                    &place,
                    message,
                    "take the rule out, or show the field to everybody",
                );
            }
            if let Some((_, about, word)) = sensitive_fields(&form.definition, &form.text, day)
                .into_iter()
                .find(|(of, ..)| of == id)
            {
                self.sensitive(&place, about, &word, TAKE_OUT);
            }
            self.of_type(&at, id, field, test);
        }
    }

    /// What the type of a field lets a rule know.
    fn of_type(&mut self, at: &str, id: &str, field: &Field, test: &Test) {
        let place = format!("{at}/field");
        let compares = test.named().is_some();
        match field.field_type() {
            FieldType::Name | FieldType::GivenName | FieldType::FamilyName => {
                let message = format!("`{id}` is a name: sex, origin and faith would be guessed from it");
                self.tell(problem::INFERRED, &place, message, TAKE_OUT);
            }
            FieldType::Age => {
                let message = format!("`{id}` declares an age, and serves the protection of children alone");
                self.tell(problem::PROTECTED, &place, message, TAKE_OUT);
            }
            FieldType::Text | FieldType::LongText => {
                let message = format!("`{id}` is free text: what people write there is not for a machine to judge");
                let help = "ask with a `select` or `radio` field whose answers you name, or take the rule out";
                self.tell(problem::FREE_TEXT, &place, message, help);
            }
            FieldType::Phone if compares => {
                let message = format!("`{id}` is a telephone number: its prefix would tell where people come from");
                self.tell(
                    problem::INFERRED,
                    &place,
                    message,
                    "write `present`, or take the rule out",
                );
            }
            FieldType::Email | FieldType::Url if compares => {
                let message = format!("`{id}` singles out one person");
                let help = "write `domain` for a class of mailboxes, `present`, or take the rule out";
                self.tell(problem::ONE_PERSON, &place, message, help);
            }
            FieldType::PostalCode if compares => {
                let message =
                    format!("`{id}` stands for a neighbourhood, and by it for the means and the origin of people");
                self.tell(
                    problem::PLACE,
                    &place,
                    message,
                    "write `present`, or say in your assessment why it is needed",
                );
            }
            FieldType::Select | FieldType::Radio => self.options(at, id, field, test),
            FieldType::Hidden => self.declared(at, test),
            _ => {}
        }
        if matches!(test, Test::Domain(_)) && field.field_type() != FieldType::Email {
            let message = format!("`{id}` holds no mail address");
            self.tell(
                problem::NEVER,
                format!("{at}/domain"),
                message,
                "name the field with the e-mail address",
            );
        }
    }

    /// A campaign that names the people whom it was for.
    fn declared(&mut self, at: &str, test: &Test) {
        let Some((member, values)) = test.named() else { return };
        for value in values.iter().filter(|value| is_age_value(value)) {
            self.sensitive(&format!("{at}/{member}"), Sensitive::Age, value, TAKE_OUT);
        }
    }

    /// An answer that nobody can give.
    fn options(&mut self, at: &str, id: &str, field: &Field, test: &Test) {
        let known = field.options().unwrap_or_default();
        let is_known = |value: &str| {
            known
                .iter()
                .any(|option| option.value.eq_ignore_ascii_case(value) || option.value == value)
        };
        let Some((member, values)) = test.named() else { return };
        for value in values.iter().filter(|value| !is_known(value)) {
            let answers: Vec<&str> = known.iter().map(|option| option.value.as_str()).collect();
            let message = format!("`{value}` is no answer of `{id}`");
            self.tell(
                problem::NEVER,
                format!("{at}/{member}"),
                message,
                format!("write one of {}", answers.join(", ")),
            );
        }
    }

    /// What only all rules together show.
    fn whole(&mut self) {
        let mut fields: Vec<&str> = Vec::new();
        for rule in &self.rules.rules {
            if let About::Field { field, .. } = &rule.about
                && !fields.contains(&field.as_str())
            {
                fields.push(field.as_str());
            }
        }
        if fields.len() > MANY_FIELDS {
            let message = format!("the rules look at {} fields", fields.len());
            let help = format!(
                "more than {MANY_FIELDS} make a portrait; keep those without which leads could not be told apart"
            );
            self.tell(problem::MANY, "/rules", message, help);
        }
        for (index, rule) in self.rules.rules.iter().enumerate() {
            if rule.weight >= self.rules.thresholds.mql {
                let message = format!(
                    "`{}` decides alone: it gives {}, and `mql` begins at {}",
                    rule.id, rule.weight, self.rules.thresholds.mql
                );
                let help = "give it less weight, or raise the threshold: one answer tells little of a person";
                self.tell(problem::ALONE, format!("/rules/{index}/weight"), message, help);
            }
        }
    }
}

/// Whether the name of the class is one of the answers that the field of the rule offers.
fn repeats_an_answer(rule: &Rule, purposes: &[(&Form, &Purpose)]) -> bool {
    let About::Field { field: id, .. } = &rule.about else {
        return false;
    };
    let fields = purposes.iter().flat_map(|(form, _)| form.definition.fields());
    let mut answers = fields
        .filter(|field| field.id == *id)
        .flat_map(|field| field.options().unwrap_or_default());
    answers.any(|answer| answer.value.eq_ignore_ascii_case(&rule.class))
}

#[cfg(test)]
mod tests;

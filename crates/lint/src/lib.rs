#![doc = include_str!("../README.md")]

mod adequacy;
mod age;
mod findings;
mod fix;
mod lexicon;
mod profile;
mod rule;
mod rules;
mod sentence;
mod subject;
mod words;

use candor_definition::{Context, Diagnostic, Severity};
use candor_record::json::{self, Limits};
use jiff::civil::Date;

pub use fix::{FIXABLE, Mended, fix};
pub use profile::{ChannelEntry, Figure, FigureName, Profile};
pub use rule::{Rule, Tongue, Words};
pub use rules::fields::sensitive::{Sensitive, is_age_value, is_special_answer, sensitive_fields, sensitive_words};
pub use rules::rules;

use findings::Findings;
use subject::Subject;

/// The rule with that id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().into_iter().find(|rule| rule.id == id)
}

/// How to look at a definition.
#[derive(Debug, Clone)]
pub struct Review {
    /// The day whose law counts.
    pub day: Date,
    /// The language of messages and remedies.
    pub tongue: Tongue,
    /// What is known of the place where the definition will be used.
    pub context: Context,
}

impl Review {
    /// A review by the law of a day, in English, of a definition that stands alone.
    pub fn on(day: Date) -> Self {
        Review {
            day,
            tongue: Tongue::default(),
            context: Context::default(),
        }
    }
}

/// Everything that is to be told of a definition, by position: what the grammar refuses, and what the rules find.
///
/// Rules are asked only of what the grammar accepts; a definition that it refuses has to be mended first.
pub fn review(text: &[u8], review: &Review) -> Vec<Diagnostic> {
    let mut told = candor_definition::review_in(review.context, text);
    if told.iter().any(|told| told.severity == Severity::Error) {
        return told;
    }
    let (Ok(definition), Ok(root)) = (
        candor_definition::parse_in(review.context, text),
        json::parse(text, &Limits::DEFINITION),
    ) else {
        return told;
    };
    let subject = Subject::new(&definition, &root, Profile::of(&definition), review.day);
    for (rule, check) in rules::bound() {
        let holds = rule.holds_on(review.day) && rule.profiles.iter().any(|id| subject.profile.includes(id));
        if holds {
            let mut findings = Findings::default();
            check(&subject, &mut findings);
            told.extend(findings.into_diagnostics(rule, review.tongue, text, &root));
        }
    }
    told.sort_by(|a, b| (a.span.offset, &a.pointer, &a.rule).cmp(&(b.span.offset, &b.pointer, &b.rule)));
    told
}

//! What a rule found, and how it becomes a diagnostic: with the place in the file and the words of the rule.

use std::collections::BTreeMap;

use candor_definition::{Diagnostic, Problem};
use candor_record::json::Node;

use crate::rule::{Rule, Tongue, fill};

/// One breach of a rule.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    pointer: String,
    found: BTreeMap<&'static str, String>,
}

/// Collects the breaches of one rule.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    findings: Vec<Finding>,
}

impl Findings {
    /// A breach at a pointer, with what the message of the rule quotes.
    pub(crate) fn tell<const N: usize>(&mut self, pointer: impl Into<String>, found: [(&'static str, &str); N]) {
        let finding = Finding {
            pointer: pointer.into(),
            found: found.map(|(name, value)| (name, value.to_owned())).into(),
        };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// The breaches as diagnostics, in a language.
    pub(crate) fn into_diagnostics(self, rule: &Rule, tongue: Tongue, file: &[u8], root: &Node) -> Vec<Diagnostic> {
        let told = self.findings.into_iter().map(|Finding { pointer, found }| {
            let problem = Problem {
                rule: &rule.id,
                severity: rule.severity,
                pointer,
                message: fill(rule.message.in_tongue(tongue), &found),
                help: fill(rule.help.in_tongue(tongue), &found),
                source: &rule.article,
            };
            Diagnostic::new(problem, file, root)
        });
        told.collect()
    }
}

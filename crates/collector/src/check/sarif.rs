//! SARIF 2.1.0: problems as code hosts show them beside the lines of a change.

use candor_definition::{
    Severity,
    rule::{self, Rule},
};
use serde_json::{Value, json};

use super::Located;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The log of one run.
pub fn log<'c>(problems: impl Iterator<Item = Located<'c>>) -> Value {
    let refusals = rule::ALL.iter().map(|rule| descriptor(rule, Severity::Error));
    let notes = rule::NOTES.iter().map(|rule| descriptor(rule, Severity::Note));
    let rules = refusals
        .chain(notes)
        .chain(candor_lint::rules().into_iter().map(explained));
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "candor",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": problems.map(|problem| result(&problem)).collect::<Vec<_>>(),
        }],
    })
}

fn descriptor(rule: &Rule, severity: Severity) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.title },
        "help": { "text": format!("Source: {}", rule.source) },
        "defaultConfiguration": { "level": severity.as_str() },
    })
}

/// A rule of law: with its reason, and where its source can be read.
fn explained(rule: &candor_lint::Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.title.en },
        "fullDescription": { "text": rule.why.en },
        "help": { "text": format!("Source: {}", rule.article) },
        "helpUri": rule.link,
        "defaultConfiguration": { "level": rule.severity.as_str() },
        "properties": { "profiles": rule.profiles, "from": rule.from.to_string(), "verified": rule.verified },
    })
}

fn result(Located { file, problem }: &Located<'_>) -> Value {
    json!({
        "ruleId": problem.rule,
        "level": problem.severity.as_str(),
        "message": { "text": format!("{}. To mend it, {} ({})", problem.message, problem.help, problem.source) },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(file) },
                "region": { "startLine": problem.line, "startColumn": problem.column },
            },
            "logicalLocations": [{ "fullyQualifiedName": problem.pointer, "kind": "member" }],
        }],
    })
}

/// A path as a relative or rooted URI reference (RFC 3986): every byte that is no path character is escaped.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

//! How long anything is kept: data, consents, proofs, links, silence. Periods are compared by the calendar.

use candor_definition::{Confirmation, Ground, OnSilence, Period, Purpose};
use candor_record::term::{Audience, Basis, Channel, Kind, RetentionStart};
use jiff::Span;
use jiff::civil::{DateTime, date};

use crate::findings::Findings;
use crate::profile::FigureName;
use crate::rules::Check;
use crate::subject::Subject;

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("C-EU-STORAGE-ENDLESS", endless),
    ("C-EU-STORAGE-PROSPECT", long_prospect),
    ("C-EU-STORAGE-GATE", long_gate),
    ("C-FR-STORAGE-PROSPECT", longer_than_the_figure),
    ("C-IT-STORAGE-PROSPECT", longer_than_the_figure),
    ("C-IT-STORAGE-PROFILING", profiles_longer_than_the_figure),
    ("C-EU-STORAGE-SERVICE", long_service),
    ("C-EU-STORAGE-AFTER", kept_after_the_end),
    ("C-EU-STORAGE-VALIDITY", long_consent),
    ("C-EU-STORAGE-PROOF-ENDLESS", endless_proof),
    ("C-EU-STORAGE-PROOF", long_proof),
    ("C-DE-PROOF-01", short_proof),
    ("C-EU-STORAGE-SILENCE", silence_is_a_yes),
    ("C-EU-STORAGE-LINK-LIFE", long_links),
    ("C-EU-STORAGE-FREQUENCY", no_promise),
];

/// The day that a period reaches from 2026-01-31, from which the grammar counts too.
fn end(period: &str) -> Option<DateTime> {
    let span: Span = period.parse().ok()?;
    date(2026, 1, 31).at(0, 0, 0, 0).checked_add(span).ok()
}

fn is_longer(period: &Period, limit: &str) -> bool {
    match (end(period.as_str()), end(limit)) {
        (Some(end), Some(limit)) => end > limit,
        _ => false,
    }
}

/// Purposes whose data is kept longer than a limit, told at the retention.
fn kept_longer(subject: &Subject<'_>, limit: &str, concerns: impl Fn(&Purpose) -> bool, findings: &mut Findings) {
    for (purpose, at) in subject.purposes() {
        let retention = &purpose.storage.retention;
        if concerns(purpose) && is_longer(retention, limit) {
            let found = [
                ("purpose", purpose.id.as_str()),
                ("retention", retention.as_str()),
                ("limit", limit),
            ];
            findings.tell(format!("{at}/storage/retention"), found);
        }
    }
}

fn promotes(purpose: &Purpose) -> bool {
    purpose.kind() == Kind::Promotional
}

fn endless(subject: &Subject<'_>, findings: &mut Findings) {
    let concerns = |purpose: &Purpose| purpose.basis() != Basis::LegalObligation;
    kept_longer(subject, "P10Y", concerns, findings);
}

/// Five years are long for somebody who never answered; France has a shorter figure, and a rule of its own.
fn long_prospect(subject: &Subject<'_>, findings: &mut Findings) {
    if !subject.profile.includes("fr") {
        kept_longer(subject, "P5Y", promotes, findings);
    }
}

/// The address for a file, kept when nobody remembers the file.
fn long_gate(subject: &Subject<'_>, findings: &mut Findings) {
    if let Some(gate) = subject.definition.gate() {
        kept_longer(subject, "P3Y", |purpose| purpose.id == *gate.purpose.id(), findings);
    }
}

fn longer_than_the_figure(subject: &Subject<'_>, findings: &mut Findings) {
    if let Some(figure) = subject.profile.figure(FigureName::ProspectRetention) {
        // Whoever asked for news and nothing else is a prospect too.
        let concerns = |purpose: &Purpose| promotes(purpose) || purpose.is_consent();
        kept_longer(subject, &figure.value, concerns, findings);
    }
}

fn profiles_longer_than_the_figure(subject: &Subject<'_>, findings: &mut Findings) {
    if let Some(figure) = subject.profile.figure(FigureName::ProfilingRetention) {
        let profiles = |purpose: &Purpose| {
            let category = purpose.category.as_str();
            let builds = purpose.operations.iter().any(|term| term == "Profiling");
            builds
                || matches!(
                    category,
                    "PersonalisedAdvertising" | "TargetedAdvertising" | "Personalisation"
                )
        };
        kept_longer(subject, &figure.value, profiles, findings);
    }
}

fn long_service(subject: &Subject<'_>, findings: &mut Findings) {
    let serves = |purpose: &Purpose| {
        matches!(purpose.ground, Ground::Service(_)) && purpose.basis() != Basis::LegalObligation && !promotes(purpose)
    };
    kept_longer(subject, "P1Y", serves, findings);
}

fn kept_after_the_end(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in subject.purposes() {
        if promotes(purpose) && purpose.storage.from == RetentionStart::Withdrawal {
            findings.tell(format!("{at}/storage/from"), [("purpose", purpose.id.as_str())]);
        }
    }
}

fn long_consent(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in subject.purposes() {
        if let Some(validity) = purpose.validity().filter(|validity| is_longer(validity, "P2Y")) {
            let found = [("purpose", purpose.id.as_str()), ("validity", validity.as_str())];
            findings.tell(format!("{at}/validity"), found);
        }
    }
}

/// Thirty years bar every claim (BGB §199); whatever is kept longer proves nothing to anybody.
fn endless_proof(subject: &Subject<'_>, findings: &mut Findings) {
    let retention = subject.definition.proof_retention();
    if is_longer(retention, "P30Y") {
        findings.tell("/proof/retention", [("retention", retention.as_str())]);
    }
}

fn long_proof(subject: &Subject<'_>, findings: &mut Findings) {
    let retention = subject.definition.proof_retention();
    if is_longer(retention, "P10Y") && !is_longer(retention, "P30Y") {
        findings.tell("/proof/retention", [("retention", retention.as_str())]);
    }
}

/// Proof of a consent to calls that is gone before the law lets it go.
fn short_proof(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(figure) = subject.profile.figure(FigureName::ProofRetention) else {
        return;
    };
    let calls = |purpose: &Purpose| promotes(purpose) && purpose.is_consent() && purpose.channel == Channel::Phone;
    let retention = subject.definition.proof_retention();
    let is_short = end(retention.as_str()) < end(&figure.value);
    if is_short && subject.definition.audience() == Audience::B2c && subject.definition.purposes().iter().any(calls) {
        let found = [("retention", retention.as_str()), ("limit", figure.value.as_str())];
        findings.tell("/proof/retention", found);
    }
}

fn silence_is_a_yes(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.definition.renewal() == OnSilence::Keep {
        findings.tell("/renewal/onSilence", []);
    }
}

fn long_links(subject: &Subject<'_>, findings: &mut Findings) {
    let gate = subject.definition.gate().map(|gate| ("/gate/expires", &gate.expires));
    let confirmation = match subject.definition.confirmation() {
        Confirmation::DoubleOptIn { expires } => Some(("/confirmation/expires", expires)),
        Confirmation::Immediate => None,
    };
    for (pointer, expires) in gate.into_iter().chain(confirmation) {
        if is_longer(expires, "P30D") {
            findings.tell(pointer, [("expires", expires.as_str())]);
        }
    }
}

fn no_promise(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in subject.purposes() {
        if promotes(purpose) && purpose.channel == Channel::Email && purpose.frequency.is_none() {
            findings.tell(at, [("purpose", purpose.id.as_str())]);
        }
    }
}

//! How data leaves the area: decisions that hold, exceptions that fit, risks that are told (GDPR Chapter V).

use candor_definition::{Purpose, Transfer};
use candor_record::term::{Basis, Kind};

use crate::adequacy::{self, Finder};
use crate::findings::Findings;
use crate::lexicon::List;
use crate::rules::Check;
use crate::subject::{Part, Subject};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("C-EU-TRANSFER-ADEQUACY", no_decision),
    ("C-UK-TRANSFER-ADEQUACY", no_regulations),
    ("C-EU-TRANSFER-DPF", certified_only),
    ("C-EU-TRANSFER-COPY", no_copy),
    ("C-UK-TRANSFER-CLAUSES", foreign_clauses),
    ("C-EU-TRANSFER-A49-BASIS", no_explicit_consent),
    ("C-EU-TRANSFER-A49-RISK", untold_risk),
    ("C-EU-TRANSFER-A49-CONTRACT", no_contract),
    ("C-EU-TRANSFER-A49-OCCASIONAL", systematic_exception),
    ("C-EU-TRANSFER-UNUSED", idle_transfer),
];

/// Every transfer with its purpose and its pointer.
fn transfers<'d>(subject: &Subject<'d>) -> impl Iterator<Item = (&'d Purpose, &'d Transfer, String)> {
    subject.purposes().flat_map(|(purpose, at)| {
        let transfers = purpose.transfers.iter().enumerate();
        transfers.map(move |(index, transfer)| (purpose, transfer, format!("{at}/transfers/{index}")))
    })
}

/// Transfers that a condition holds for, told at their mechanism.
fn by_mechanism(subject: &Subject<'_>, is_bad: impl Fn(&Purpose, &Transfer) -> bool, findings: &mut Findings) {
    for (purpose, transfer, at) in transfers(subject) {
        if is_bad(purpose, transfer) {
            let found = [
                ("purpose", purpose.id.as_str()),
                ("country", transfer.country.code()),
                ("mechanism", transfer.mechanism.as_str()),
                ("basis", purpose.basis().as_str()),
            ];
            findings.tell(format!("{at}/mechanism"), found);
        }
    }
}

fn rests_on_a_decision(transfer: &Transfer) -> bool {
    transfer.mechanism.as_str() == "A45-3" && transfer.country.is_outside_eea()
}

fn no_decision(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.profile.includes("uk") {
        return;
    }
    let is_bad = |_: &Purpose, transfer: &Transfer| {
        rests_on_a_decision(transfer) && !adequacy::holds(Finder::Eu, transfer.country, subject.day)
    };
    by_mechanism(subject, is_bad, findings);
}

/// The same for the United Kingdom, which is at home and holds the Economic Area for adequate.
fn no_regulations(subject: &Subject<'_>, findings: &mut Findings) {
    let is_bad = |_: &Purpose, transfer: &Transfer| {
        rests_on_a_decision(transfer)
            && transfer.country.code() != "GB"
            && !adequacy::holds(Finder::Uk, transfer.country, subject.day)
    };
    by_mechanism(subject, is_bad, findings);
}

/// A decision that holds for certified organisations only.
fn certified_only(subject: &Subject<'_>, findings: &mut Findings) {
    let finder = if subject.profile.includes("uk") {
        Finder::Uk
    } else {
        Finder::Eu
    };
    let is_bad = |_: &Purpose, transfer: &Transfer| {
        transfer.country.code() == "US"
            && rests_on_a_decision(transfer)
            && adequacy::holds(finder, transfer.country, subject.day)
    };
    by_mechanism(subject, is_bad, findings);
}

fn no_copy(subject: &Subject<'_>, findings: &mut Findings) {
    let is_bad =
        |_: &Purpose, transfer: &Transfer| transfer.mechanism.as_str().starts_with("A46") && transfer.copy.is_none();
    by_mechanism(subject, is_bad, findings);
}

fn foreign_clauses(subject: &Subject<'_>, findings: &mut Findings) {
    by_mechanism(
        subject,
        |_, transfer| transfer.mechanism.as_str() == "A46-2-c",
        findings,
    );
}

fn no_explicit_consent(subject: &Subject<'_>, findings: &mut Findings) {
    let is_bad = |purpose: &Purpose, transfer: &Transfer| {
        transfer.mechanism.as_str() == "A49-1-a" && purpose.basis() != Basis::ExplicitConsent
    };
    by_mechanism(subject, is_bad, findings);
}

/// Languages in which neither the statement nor the details of such a purpose name the risk.
fn untold_risk(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, _, _) in transfers(subject).filter(|(_, transfer, _)| transfer.mechanism.as_str() == "A49-1-a") {
        for said in subject.said_of(purpose) {
            if !matches!(said.part, Part::Statement(_)) || !said.knows(List::Risk) {
                continue;
            }
            let mut texts = subject.said_of(purpose).filter(|other| other.language == said.language);
            if !texts.any(|other| other.has(List::Risk)) {
                findings.tell(&said.pointer, [("purpose", purpose.id.as_str())]);
            }
        }
    }
}

fn no_contract(subject: &Subject<'_>, findings: &mut Findings) {
    let is_bad = |purpose: &Purpose, transfer: &Transfer| {
        transfer.mechanism.as_str() == "A49-1-b" && !matches!(purpose.basis(), Basis::Contract | Basis::PreContract)
    };
    by_mechanism(subject, is_bad, findings);
}

/// Exceptions for single cases, used for what happens each month.
fn systematic_exception(subject: &Subject<'_>, findings: &mut Findings) {
    const SINGLE: [&str; 4] = ["A49-1-b", "A49-1-c", "A49-1-e", "A49-2"];
    let is_bad = |purpose: &Purpose, transfer: &Transfer| {
        let repeats = purpose.kind() == Kind::Promotional || transfer.mechanism.as_str() != "A49-1-b";
        SINGLE.contains(&transfer.mechanism.as_str()) && repeats
    };
    by_mechanism(subject, is_bad, findings);
}

/// Transfers to where nobody is, or to where no transfer is needed.
fn idle_transfer(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, transfer, at) in transfers(subject) {
        let recipients = purpose.recipients.iter();
        let mut countries = recipients
            .filter_map(|id| Some(subject.definition.party(id)?.country))
            .chain(purpose.storage.locations.iter().copied());
        let is_used = transfer.country.is_outside_eea() && countries.any(|country| country == transfer.country);
        if !is_used {
            let found = [("purpose", purpose.id.as_str()), ("country", transfer.country.code())];
            findings.tell(at, found);
        }
    }
}

//! What the person must be told: who decides, how to reach them, where to complain, and in which words (GDPR Art. 13).

use candor_definition::{AutomatedDecisions, Country, Party};
use candor_record::term::{Basis, PartyRole};
use jiff::civil::Date;

use crate::findings::Findings;
use crate::rules::Check;
use crate::subject::Subject;

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("C-EU-NOTICE-CONTACT", no_contact),
    ("C-EU-NOTICE-ADDRESS", no_address),
    ("C-EU-NOTICE-REPRESENTATIVE", no_representative_in_the_area),
    ("C-UK-NOTICE-REPRESENTATIVE", no_representative_in_the_kingdom),
    ("C-EU-NOTICE-DPO-CONTACT", unreachable_officer),
    ("C-EU-NOTICE-AUTHORITY", no_authority),
    ("C-EU-NOTICE-AUTHORITY-COUNTRY", foreign_authority),
    ("C-EU-NOTICE-POLICY-LANGUAGE", one_policy_for_all_languages),
    ("C-EU-NOTICE-POLICY-VERSION", policy_of_tomorrow),
    ("C-EU-NOTICE-AUTOMATED", decisions_without_basis),
];

fn controllers<'d>(subject: &Subject<'d>) -> impl Iterator<Item = (&'d Party, String)> {
    subject.parties().filter(|(party, _)| party.is_controller())
}

fn with_role<'d>(subject: &Subject<'d>, role: PartyRole) -> impl Iterator<Item = (&'d Party, String)> {
    subject.parties().filter(move |(party, _)| party.role == role)
}

fn no_contact(subject: &Subject<'_>, findings: &mut Findings) {
    for (party, at) in controllers(subject) {
        if party.address.is_none() && party.email.is_none() && party.phone.is_none() {
            findings.tell(at, [("party", party.id.as_str())]);
        }
    }
}

/// A controller that can be reached, but nobody learns where it is.
fn no_address(subject: &Subject<'_>, findings: &mut Findings) {
    for (party, at) in controllers(subject) {
        if party.address.is_none() && (party.email.is_some() || party.phone.is_some()) {
            findings.tell(at, [("party", party.id.as_str())]);
        }
    }
}

fn no_representative_in_the_area(subject: &Subject<'_>, findings: &mut Findings) {
    if !subject.definition.jurisdiction().is_outside_eea() {
        no_representative(subject, |country| !country.is_outside_eea(), findings);
    }
}

fn no_representative_in_the_kingdom(subject: &Subject<'_>, findings: &mut Findings) {
    no_representative(subject, |country| country.code() == "GB", findings);
}

/// Controllers that are all elsewhere, and nobody who stands for them there.
fn no_representative(subject: &Subject<'_>, is_there: fn(Country) -> bool, findings: &mut Findings) {
    let mut there = subject
        .parties()
        .filter(|(party, _)| party.is_controller() || party.role == PartyRole::Representative)
        .filter(|(party, _)| is_there(party.country));
    if there.next().is_some() {
        return;
    }
    for (party, at) in controllers(subject) {
        let found = [("party", party.id.as_str()), ("country", party.country.code())];
        findings.tell(format!("{at}/country"), found);
    }
}

fn unreachable_officer(subject: &Subject<'_>, findings: &mut Findings) {
    for (party, at) in with_role(subject, PartyRole::Dpo) {
        let reached = party.email.is_some() || party.phone.is_some() || party.address.is_some() || party.url.is_some();
        if !reached {
            findings.tell(at, [("party", party.id.as_str())]);
        }
    }
}

fn no_authority(subject: &Subject<'_>, findings: &mut Findings) {
    if with_role(subject, PartyRole::Authority).next().is_none() {
        findings.tell("/parties", []);
    }
}

/// Authorities, but none where the people or a controller are.
fn foreign_authority(subject: &Subject<'_>, findings: &mut Findings) {
    let is_at_home = |country: Country| {
        country == subject.definition.jurisdiction() || controllers(subject).any(|(party, _)| party.country == country)
    };
    if with_role(subject, PartyRole::Authority).any(|(party, _)| is_at_home(party.country)) {
        return;
    }
    for (party, at) in with_role(subject, PartyRole::Authority) {
        let place = subject.definition.jurisdiction().code();
        findings.tell(
            format!("{at}/country"),
            [("party", party.id.as_str()), ("country", place)],
        );
    }
}

fn one_policy_for_all_languages(subject: &Subject<'_>, findings: &mut Findings) {
    let url = &subject.definition.policy().url;
    let mut urls = subject.definition.languages().map(|language| url.in_language(language));
    let Some(first) = urls.next() else { return };
    let mut others = urls.peekable();
    if others.peek().is_some() && others.all(|other| other == first) {
        findings.tell("/policy/url", [("url", first)]);
    }
}

fn policy_of_tomorrow(subject: &Subject<'_>, findings: &mut Findings) {
    let version = subject.definition.policy().version.as_str();
    if version.parse::<Date>().is_ok_and(|date| date > subject.day) {
        findings.tell("/policy/version", [("version", version)]);
    }
}

/// A machine decides, and no purpose has a ground of Art. 22(2).
fn decisions_without_basis(subject: &Subject<'_>, findings: &mut Findings) {
    let AutomatedDecisions::Described(_) = subject.definition.automated_decisions() else {
        return;
    };
    let admits = |basis| {
        matches!(
            basis,
            Basis::ExplicitConsent | Basis::Contract | Basis::PreContract | Basis::LegalObligation
        )
    };
    let mut purposes = subject.definition.purposes().iter();
    if !purposes.any(|purpose| admits(purpose.basis())) {
        findings.tell("/automatedDecisions", []);
    }
}

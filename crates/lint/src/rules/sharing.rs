//! Who else gets the data: roles, contracts with processors, recipients, and what a purpose calls itself.

use candor_definition::{Party, Purpose};
use candor_record::term::{Audience, Basis, Channel, Kind, PartyRole};

use crate::findings::Findings;
use crate::rules::Check;
use crate::subject::Subject;

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("C-EU-PARTY-JOINT", several_controllers),
    ("C-EU-PARTY-AGREEMENT", no_agreement),
    ("C-EU-PARTY-AGREEMENT-FUTURE", agreement_of_tomorrow),
    ("C-EU-PARTY-UNUSED", idle_party),
    ("C-EU-SHARE-UNDECLARED", undeclared_sharing),
    ("C-EU-SHARE-BASIS", sharing_without_consent),
    ("C-EU-SHARE-INTEREST", sharing_on_an_interest),
    ("C-EU-KIND-MISMATCH", promotion_by_another_name),
    ("C-EU-KIND-BASIS", promotion_as_a_duty),
];

fn several_controllers(subject: &Subject<'_>, findings: &mut Findings) {
    let mut controllers = subject
        .parties()
        .filter(|(party, _)| party.role == PartyRole::Controller);
    let Some((first, _)) = controllers.next() else { return };
    for (party, at) in controllers {
        let found = [("party", party.id.as_str()), ("first", first.id.as_str())];
        findings.tell(format!("{at}/role"), found);
    }
}

fn no_agreement(subject: &Subject<'_>, findings: &mut Findings) {
    for (party, at) in subject.parties() {
        if party.role == PartyRole::Processor && party.agreement.is_none() {
            findings.tell(at, [("party", party.id.as_str())]);
        }
    }
}

fn agreement_of_tomorrow(subject: &Subject<'_>, findings: &mut Findings) {
    for (party, at) in subject.parties() {
        if let Some(date) = party.agreement.filter(|date| *date > subject.day) {
            let date = date.to_string();
            findings.tell(
                format!("{at}/agreement"),
                [("party", party.id.as_str()), ("date", &date)],
            );
        }
    }
}

fn idle_party(subject: &Subject<'_>, findings: &mut Findings) {
    for (party, at) in subject.parties() {
        let receives = matches!(party.role, PartyRole::Processor | PartyRole::Recipient);
        let mut purposes = subject.definition.purposes().iter();
        if receives && !purposes.any(|purpose| purpose.recipients.contains(&party.id)) {
            findings.tell(at, [("party", party.id.as_str())]);
        }
    }
}

/// The parties that get data of a purpose for themselves.
fn strangers<'d>(subject: &Subject<'d>, purpose: &'d Purpose) -> impl Iterator<Item = &'d Party> {
    let definition = subject.definition;
    let parties = purpose.recipients.iter().filter_map(|id| definition.party(id));
    parties.filter(|party| party.role == PartyRole::Recipient)
}

/// DPV terms that say that somebody else gets the data.
const SHARING: [&str; 7] = [
    "Disclose",
    "DiscloseByTransmission",
    "Disseminate",
    "MakeAvailable",
    "Share",
    "Transfer",
    "Transmit",
];

fn undeclared_sharing(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in subject.purposes() {
        let is_declared = purpose.operations.iter().any(|term| SHARING.contains(&term.as_str()));
        if let Some(party) = strangers(subject, purpose).next().filter(|_| !is_declared) {
            let found = [("purpose", purpose.id.as_str()), ("party", party.id.as_str())];
            findings.tell(format!("{at}/operations"), found);
        }
    }
}

/// Data passed on for promotion without consent, by a basis that a rule finds bad.
fn passed_on(subject: &Subject<'_>, is_bad: impl Fn(&Purpose) -> bool, findings: &mut Findings) {
    for (purpose, at) in subject.purposes() {
        if purpose.kind() != Kind::Promotional || purpose.is_consent() || !is_bad(purpose) {
            continue;
        }
        if let Some(party) = strangers(subject, purpose).next() {
            let found = [
                ("purpose", purpose.id.as_str()),
                ("party", party.id.as_str()),
                ("basis", purpose.basis().as_str()),
            ];
            findings.tell(format!("{at}/basis"), found);
        }
    }
}

fn sharing_without_consent(subject: &Subject<'_>, findings: &mut Findings) {
    passed_on(subject, |purpose| !may_rest_on_an_interest(subject, purpose), findings);
}

fn sharing_on_an_interest(subject: &Subject<'_>, findings: &mut Findings) {
    passed_on(subject, |purpose| may_rest_on_an_interest(subject, purpose), findings);
}

/// An interest may do for letters and between professionals; consumers reached electronically have to agree.
fn may_rest_on_an_interest(subject: &Subject<'_>, purpose: &Purpose) -> bool {
    purpose.basis() == Basis::LegitimateInterest
        && (subject.definition.audience() == Audience::B2b || matches!(purpose.channel, Channel::Post | Channel::None))
}

/// DPV purposes that are promotion whatever a definition calls them.
const PROMOTION: [&str; 6] = [
    "Advertising",
    "DirectMarketing",
    "Marketing",
    "PersonalisedAdvertising",
    "SocialMediaMarketing",
    "TargetedAdvertising",
];

fn promotion_by_another_name(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in subject.purposes() {
        let category = purpose.category.as_str();
        let hides = purpose.kind() != Kind::Promotional && !purpose.is_consent();
        if hides && PROMOTION.contains(&category) {
            let found = [
                ("purpose", purpose.id.as_str()),
                ("category", category),
                ("kind", purpose.kind().as_str()),
            ];
            findings.tell(format!("{at}/kind"), found);
        }
    }
}

/// Promotion by no channel, which no entry of a profile sees, called a contract or a duty by law.
fn promotion_as_a_duty(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in subject.purposes() {
        let is_service = matches!(
            purpose.basis(),
            Basis::Contract | Basis::PreContract | Basis::LegalObligation
        );
        if purpose.kind() == Kind::Promotional && purpose.channel == Channel::None && is_service {
            let found = [("purpose", purpose.id.as_str()), ("basis", purpose.basis().as_str())];
            findings.tell(format!("{at}/basis"), found);
        }
    }
}

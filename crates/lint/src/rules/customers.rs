//! The exception for customers (ePrivacy Art. 13(2)): one's own similar products, by electronic mail.
//!
//! Whether there was a sale at all is asked by the family of channels.

use candor_definition::Purpose;
use candor_record::term::{Basis, Channel, PartyRole};

use crate::findings::Findings;
use crate::lexicon::List;
use crate::rules::Check;
use crate::subject::{Part, Subject};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("C-EU-SOFT-OPT-IN-CHANNEL", channel),
    ("C-EU-SOFT-OPT-IN-SIMILAR", similar),
    ("C-EU-SOFT-OPT-IN-SHARE", share),
];

/// Operations by which data reaches somebody else.
const SHARING: [&str; 5] = [
    "Share",
    "Disclose",
    "DiscloseByTransmission",
    "Disseminate",
    "MakeAvailable",
];

fn is_soft(purpose: &Purpose) -> bool {
    purpose.basis() == Basis::SoftOptIn
}

fn channel(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in subject.purposes().filter(|(purpose, _)| is_soft(purpose)) {
        if !matches!(purpose.channel, Channel::Email | Channel::Sms | Channel::Messaging) {
            findings.tell(format!("{at}/channel"), [("channel", purpose.channel.as_str())]);
        }
    }
}

fn similar(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, said) in subject.statements(is_soft) {
        if said.knows(List::Similar) && !said.has(List::Similar) {
            findings.tell(&said.pointer, []);
        }
    }
}

fn share(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in subject.purposes().filter(|(purpose, _)| is_soft(purpose)) {
        if let Some(index) = purpose.operations.iter().position(|it| SHARING.contains(&it.as_str())) {
            findings.tell(
                format!("{at}/operations/{index}"),
                [("found", purpose.operations[index].as_str())],
            );
        }
        for (index, id) in purpose.recipients.iter().enumerate() {
            let is_other = |party: &&candor_definition::Party| party.role == PartyRole::Recipient;
            if let Some(party) = subject.definition.party(id).filter(is_other) {
                findings.tell(format!("{at}/recipients/{index}"), [("found", party.id.as_str())]);
            }
        }
        for said in subject.said_of(purpose) {
            if let Some(found) = said
                .affirmed(List::Partners)
                .filter(|_| !matches!(said.part, Part::Objection(_)))
            {
                findings.tell(&said.pointer, [("found", found)]);
            }
        }
    }
}

//! Which basis promotion by a channel may have: the profile of the country and the audience says so, by date.
//!
//! What a basis needs beside it stands here too: a sale for the soft opt-in, a proven mailbox for a German consent.

use candor_definition::{Confirmation, Ground, Purpose};
use candor_record::term::{Basis, Channel, Kind};

use crate::findings::Findings;
use crate::rules::Check;
use crate::subject::Subject;

/// The id with the check of the entries that name it.
macro_rules! by_entry {
    ($id:literal) => {
        ($id, |subject, findings| by_channel($id, subject, findings))
    };
}

pub(super) const CHECKS: &[(&str, Check)] = &[
    by_entry!("C-EU-EMAIL-01"),
    by_entry!("C-EU-EMAIL-02"),
    by_entry!("C-EU-SMS-01"),
    by_entry!("C-EU-MESSAGING-01"),
    by_entry!("C-EU-PHONE-01"),
    by_entry!("C-EU-POST-01"),
    ("C-EU-SOFT-SALE", soft_opt_in_without_sale),
    ("C-EU-SOFT-FREE", soft_opt_in_for_a_file),
    ("C-EU-PHONE-REGISTER", calls_without_consent),
    by_entry!("C-FR-EMAIL-01"),
    by_entry!("C-FR-EMAIL-02"),
    by_entry!("C-FR-SMS-01"),
    by_entry!("C-FR-PHONE-01"),
    by_entry!("C-DE-EMAIL-01"),
    by_entry!("C-DE-SMS-01"),
    by_entry!("C-DE-PHONE-01"),
    ("C-DE-DOI-01", unproven_mailbox),
    by_entry!("C-AT-EMAIL-01"),
    by_entry!("C-AT-SMS-01"),
    by_entry!("C-AT-PHONE-01"),
    ("C-AT-DOI-01", unproven_mailbox),
    by_entry!("C-ES-EMAIL-01"),
    by_entry!("C-ES-SMS-01"),
    by_entry!("C-ES-PHONE-01"),
    by_entry!("C-IT-EMAIL-01"),
    by_entry!("C-IT-SMS-01"),
    ("C-IT-PHONE-01", calls_on_an_interest),
    by_entry!("C-BE-EMAIL-01"),
    by_entry!("C-BE-SMS-01"),
    by_entry!("C-BE-PHONE-01"),
    by_entry!("C-NL-EMAIL-01"),
    by_entry!("C-NL-SMS-01"),
    by_entry!("C-NL-PHONE-01"),
    by_entry!("C-UK-EMAIL-01"),
    by_entry!("C-UK-EMAIL-02"),
    by_entry!("C-UK-SMS-01"),
    by_entry!("C-UK-PHONE-01"),
    by_entry!("C-DK-EMAIL-01"),
    by_entry!("C-DK-PHONE-01"),
    by_entry!("C-PL-EMAIL-01"),
    by_entry!("C-PL-PHONE-01"),
];

/// Promotional purposes whose basis the entry in force does not admit, where that entry names this rule.
fn by_channel(rule: &str, subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in promotions(subject) {
        let audience = subject.definition.audience();
        let Some(entry) = subject.profile.channel(purpose.channel, audience, subject.day) else {
            continue;
        };
        if entry.rule == rule && !entry.bases.contains(&purpose.basis()) {
            findings.tell(
                format!("{at}/basis"),
                [("purpose", purpose.id.as_str()), ("basis", purpose.basis().as_str())],
            );
        }
    }
}

fn promotions<'d>(subject: &Subject<'d>) -> impl Iterator<Item = (&'d Purpose, String)> {
    subject
        .purposes()
        .filter(|(purpose, _)| purpose.kind() == Kind::Promotional)
}

fn soft_opt_in_without_sale(subject: &Subject<'_>, findings: &mut Findings) {
    // A duty by law, such as an invoice, comes with a sale too.
    let sells = subject
        .definition
        .purposes()
        .iter()
        .any(|purpose| matches!(purpose.ground, Ground::Service(_)));
    for (purpose, at) in soft_opt_ins(subject) {
        if !sells {
            findings.tell(format!("{at}/basis"), [("purpose", purpose.id.as_str())]);
        }
    }
}

/// The only contract of the form is the file that its gate gives away.
fn soft_opt_in_for_a_file(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(gate) = subject.definition.gate() else { return };
    let mut sales = subject
        .definition
        .purposes()
        .iter()
        .filter(|purpose| matches!(purpose.basis(), Basis::Contract | Basis::PreContract));
    if !sales.all(|sale| sale.id == *gate.purpose.id()) {
        return;
    }
    for (purpose, at) in soft_opt_ins(subject) {
        findings.tell(format!("{at}/basis"), [("purpose", purpose.id.as_str())]);
    }
}

fn soft_opt_ins<'d>(subject: &Subject<'d>) -> impl Iterator<Item = (&'d Purpose, String)> {
    promotions(subject).filter(|(purpose, _)| purpose.basis() == Basis::SoftOptIn)
}

fn calls_without_consent(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in promotions(subject) {
        if purpose.channel == Channel::Phone && !purpose.is_consent() {
            findings.tell(at, [("purpose", purpose.id.as_str())]);
        }
    }
}

fn calls_on_an_interest(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in promotions(subject) {
        if purpose.channel == Channel::Phone && purpose.basis() == Basis::LegitimateInterest {
            findings.tell(format!("{at}/basis"), [("purpose", purpose.id.as_str())]);
        }
    }
}

/// Consents to e-mails that take effect before anybody proved that the mailbox is theirs.
fn unproven_mailbox(subject: &Subject<'_>, findings: &mut Findings) {
    if matches!(subject.definition.confirmation(), Confirmation::DoubleOptIn { .. }) {
        return;
    }
    let refuses = subject.definition.json().get("confirmation").is_some();
    for (purpose, at) in promotions(subject) {
        if purpose.channel == Channel::Email && purpose.is_consent() {
            let place = if refuses {
                "/confirmation/doubleOptIn".to_owned()
            } else {
                format!("{at}/basis")
            };
            findings.tell(place, [("purpose", purpose.id.as_str())]);
        }
    }
}

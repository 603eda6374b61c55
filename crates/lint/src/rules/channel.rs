//! Which basis promotion by a channel may have: the profile of the country and the audience says so, by date.

use crate::findings::Findings;
use crate::rules::Check;
use crate::subject::Subject;
use candor_record::term::Kind;

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("C-EU-EMAIL-01", |subject, findings| {
        by_channel("C-EU-EMAIL-01", subject, findings)
    }),
    ("C-EU-SMS-01", |subject, findings| {
        by_channel("C-EU-SMS-01", subject, findings)
    }),
    ("C-EU-MESSAGING-01", |subject, findings| {
        by_channel("C-EU-MESSAGING-01", subject, findings)
    }),
    ("C-EU-PHONE-01", |subject, findings| {
        by_channel("C-EU-PHONE-01", subject, findings)
    }),
    ("C-EU-POST-01", |subject, findings| {
        by_channel("C-EU-POST-01", subject, findings)
    }),
    ("C-FR-PHONE-01", |subject, findings| {
        by_channel("C-FR-PHONE-01", subject, findings)
    }),
];

/// Promotional purposes whose basis the entry in force does not admit, where that entry names this rule.
fn by_channel(rule: &str, subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in subject.purposes() {
        let audience = subject.definition.audience();
        let Some(entry) = subject.profile.channel(purpose.channel, audience, subject.day) else {
            continue;
        };
        if entry.rule == rule && purpose.kind() == Kind::Promotional && !entry.bases.contains(&purpose.basis()) {
            findings.tell(
                format!("{at}/basis"),
                [("purpose", purpose.id.as_str()), ("basis", purpose.basis().as_str())],
            );
        }
    }
}

//! What a box for a consent may say: one purpose, one channel, a yes that is a yes.

use candor_definition::Purpose;
use candor_record::term::Channel;

use crate::findings::Findings;
use crate::lexicon::List;
use crate::rules::Check;
use crate::subject::{Said, Subject};

pub(super) const CHECKS: &[(&str, Check)] = &[("C-EU-CONSENT-OPT-OUT", opt_out), ("C-EU-CONSENT-BUNDLE", bundle)];

fn opt_out(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, said) in subject.statements(Purpose::is_consent) {
        if let Some(found) = said.first(List::OptOut) {
            findings.tell(&said.pointer, [("found", found)]);
        }
    }
}

fn bundle(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, said) in subject.statements(Purpose::is_consent) {
        let channels = channels(said);
        if let [(_, first), (_, second), ..] = channels[..] {
            findings.tell(&said.pointer, [("first", first), ("second", second)]);
        }
    }
}

const CHANNELS: [(Channel, List); 5] = [
    (Channel::Email, List::Email),
    (Channel::Phone, List::Phone),
    (Channel::Sms, List::Sms),
    (Channel::Post, List::Post),
    (Channel::Messaging, List::Messaging),
];

/// The channels that a text speaks of, each with its first word for it; addresses and numbers do not count.
fn channels<'s>(said: &'s Said<'_>) -> Vec<(Channel, &'s str)> {
    let found = |(channel, list)| {
        let first = said.all_except(list, Some(List::ChannelData)).into_iter().next()?;
        Some((channel, first))
    };
    CHANNELS.into_iter().filter_map(found).collect()
}

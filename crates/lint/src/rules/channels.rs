//! Which channels a text speaks of. No rules: the families ask it.

use std::ops::Range;

use candor_record::term::Channel;

use crate::lexicon::List;
use crate::sentence;
use crate::subject::Said;

const CHANNELS: [(Channel, List); 5] = [
    (Channel::Email, List::Email),
    (Channel::Phone, List::Phone),
    (Channel::Sms, List::Sms),
    (Channel::Post, List::Post),
    (Channel::Messaging, List::Messaging),
];

/// The channels that a text speaks of, each with its first word for it.
///
/// Addresses and numbers do not count, nor does what follows words about taking a consent back or objecting: that may be
/// done by any channel.
pub(super) fn channels<'s>(said: &'s Said<'_>) -> Vec<(Channel, &'s str)> {
    let found: Vec<(Channel, Range<usize>)> = CHANNELS
        .into_iter()
        .flat_map(|(channel, list)| {
            let places = said.places(list, Some(List::ChannelData));
            places.into_iter().map(move |place| (channel, place))
        })
        .collect();
    let ways_out = said.places(List::ObjectionRight, None);
    let counts = |place: &Range<usize>| {
        let sentence = sentence::place_around(said.text, place);
        // "courrier électronique" is no letter: the longer phrase says what the shorter one is.
        let is_part = found
            .iter()
            .any(|(_, other)| other.len() > place.len() && other.start <= place.start && place.end <= other.end);
        !is_part
            && !ways_out
                .iter()
                .any(|way| (sentence.start..place.start).contains(&way.start))
    };
    let first = |channel| {
        let (_, place) = found.iter().find(|(of, place)| *of == channel && counts(place))?;
        Some((channel, said.text.get(place.clone())?))
    };
    CHANNELS.into_iter().filter_map(|(channel, _)| first(channel)).collect()
}

/// The list of the words of a channel.
pub(super) fn list_of(channel: Channel) -> Option<List> {
    CHANNELS
        .into_iter()
        .find(|(of, _)| *of == channel)
        .map(|(_, list)| list)
}

//! The end of the derivation: what every purpose shows, and what a confirmation would still change.
//! What is on record shows before whatever waits; a wish shows only where nothing stands in its way.

use std::{collections::BTreeMap, ops::Range};

use super::{ChainId, Entry, Ledger, Meaning, PersonState, Phase, PurposeId, Slot, Standing, State, Status, Waiting};

/// Which wish shows where several chains ask and none is in effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Nothing was ever said, or it is gone.
    Silent,
    Said,
    Asks,
}

impl<'a> Ledger<'a> {
    pub(in crate::state) fn into_state(self) -> PersonState {
        let mut standings = BTreeMap::new();
        for (purpose, meaning) in &self.known {
            if let Some(mut standing) = self.shown(purpose) {
                if standing.state != State::Informed {
                    standing.barred_by = self.bar(meaning).map(|bar| bar.stamp.record.clone());
                }
                standings.insert((*purpose).clone(), standing);
            }
        }
        let waiting: Vec<Waiting> = self.wishes().collect();
        PersonState {
            standings,
            waiting_in: places(&waiting),
            waiting,
            in_effect: self
                .entries()
                .filter(|(_, entry)| matches!(entry.phase, Phase::InEffect))
                .map(|(chain, entry)| (chain.clone(), entry.meaning.purpose().clone()))
                .collect(),
            bars: self
                .bars
                .iter()
                .map(|(class, bar)| (class.clone(), bar.stamp.record.clone()))
                .collect(),
        }
    }

    fn entries(&self) -> impl Iterator<Item = (&'a ChainId, &Entry<'a>)> {
        let chains = self.chains.iter();
        chains.flat_map(|(id, chain)| chain.entries.iter().map(move |entry| (*id, entry)))
    }

    fn shown(&self, purpose: &PurposeId) -> Option<Standing> {
        if let Some(slot) = self.on_record(purpose) {
            return Some(slot.standing.clone());
        }
        let erased = self.slots.get(purpose).map(|slot| &slot.standing);
        let asked = self
            .entries()
            .filter(|(_, entry)| entry.meaning.purpose() == purpose && !matches!(entry.phase, Phase::InEffect))
            // After an erasure only what is still open shows.
            .filter(|(_, entry)| erased.is_none() || matches!(entry.phase, Phase::Waiting | Phase::Spent))
            .map(|(_, entry)| self.unproved(entry))
            // Of equals the last one: the latest submission.
            .max_by_key(|standing| rank(standing.state));
        match (asked, erased) {
            (Some(standing), Some(_)) if rank(standing.state) == Rank::Silent => erased.cloned(),
            (Some(standing), _) => Some(standing),
            (None, erased) => erased.cloned(),
        }
    }

    /// A wish that has no effect, as it shows.
    fn unproved(&self, entry: &Entry<'a>) -> Standing {
        let meaning: &Meaning<'a> = &entry.meaning;
        let (state, stamp) = entry.shows();
        let mut standing = meaning.standing(state, meaning.submission);
        standing.record = stamp.record.clone();
        standing.ended = state.is_ended().then_some(stamp.received);
        let asks = matches!(state, State::Pending | State::Held);
        if let Some(bar) = self.bar(meaning).filter(|_| asks) {
            standing.state = State::Objected;
            standing.record = bar.stamp.record.clone();
            standing.ended = Some(bar.stamp.received.max(meaning.submission.received));
        }
        standing
    }

    fn wishes(&self) -> impl Iterator<Item = Waiting> {
        self.entries()
            .filter(|(_, entry)| match entry.phase {
                Phase::Waiting => self.would_change(entry),
                Phase::InEffect => self.would_reach_others(entry),
                Phase::Spent | Phase::Cancelled(_) | Phase::Erased(_) => false,
            })
            .map(|(chain, entry)| Waiting {
                chain: chain.clone(),
                purpose: entry.meaning.purpose().clone(),
                status: entry.status,
                held: entry.held,
            })
    }

    /// Would its confirmation change anything that matters to the person?
    fn would_change(&self, entry: &Entry<'a>) -> bool {
        let slot = self.on_record(entry.meaning.purpose());
        let barred = self.bar(&entry.meaning).is_some();
        match (entry.status, slot.map(|slot| slot.standing.state)) {
            (Status::Given, _) => true,
            (Status::Informed, None) => entry.gives() && !barred,
            (Status::Informed, Some(State::Objected)) => !barred && slot.is_some_and(|slot| slot.by_class),
            (Status::Objected, None) => !barred,
            (Status::Objected, Some(state)) => state != State::Objected,
            _ => false,
        }
    }

    /// An objection that a submission made by itself leaves alone what other chains began in its class, until proved.
    fn would_reach_others(&self, entry: &Entry<'a>) -> bool {
        let unproved = self.bar(&entry.meaning).is_some_and(|bar| !bar.proved);
        let class = entry.meaning.class();
        let informed = |slot: &Slot| {
            let standing = &slot.standing;
            standing.state == State::Informed && standing.basis.has_objection() && standing.class() == class
        };
        entry.status == Status::Objected && unproved && self.slots.values().any(informed)
    }
}

/// Those of a chain stand together.
fn places(waiting: &[Waiting]) -> BTreeMap<ChainId, Range<usize>> {
    let mut places = BTreeMap::new();
    let mut start = 0;
    for group in waiting.chunk_by(|one, next| one.chain == next.chain) {
        places.insert(group[0].chain.clone(), start..start + group.len());
        start += group.len();
    }
    places
}

fn rank(state: State) -> Rank {
    match state {
        State::NotShown | State::Erased => Rank::Silent,
        State::Pending | State::Held => Rank::Asks,
        _ => Rank::Said,
    }
}

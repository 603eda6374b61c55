//! The transitions of `spec/record.md` §6: what an event changes, applied in the order of (`rcv`, log index).
//!
//! Two questions come before every change. Has the chain taken effect for that purpose? Whoever typed an address holds
//! a link to what they sent, so a chain that did not can only cancel its own wish. And may the submission alone decide?
//! Only where nothing is on record: it changes no state of another chain, not even through the class of a purpose.

use std::collections::BTreeMap;

use super::{
    Class, Event, PersonState, Standing, State, Waiting,
    chain::{Chain, Entry, Meaning, Phase, Stamp, meanings},
};
use crate::{
    id::{ChainId, PurposeId},
    record::{FollowUp, Record, Submission},
    term::{EventKind, Status},
};

mod act;
mod show;

/// What is on record for a purpose of the mailbox.
#[derive(Debug)]
struct Slot {
    standing: Standing,
    /// Ended by an objection or withdrawal elsewhere in its class: the person never objected to this purpose itself.
    by_class: bool,
}

/// No legitimate interest and no soft opt-in in a class, until the person lifts it.
#[derive(Debug, Clone, Copy)]
struct Bar<'a> {
    stamp: Stamp<'a>,
    chain: &'a ChainId,
    /// Did more than a submission make it? If not, it stops what comes, and ends nothing that other chains began.
    proved: bool,
}

/// How an event is known to come from somebody who may change what is on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// A submission by itself.
    Submission,
    /// A confirmation, or an act in a chain that is in effect.
    Act,
}

/// What is known after some of the events.
#[derive(Debug)]
pub(super) struct Ledger<'a> {
    /// Each purpose as the first submission that names it describes it: for events of chains that are not here.
    known: BTreeMap<&'a PurposeId, Meaning<'a>>,
    /// By the order of their submissions.
    chains: Vec<(&'a ChainId, Chain<'a>)>,
    /// Where each of them stands: of two with one id the first.
    places: BTreeMap<&'a ChainId, usize>,
    slots: BTreeMap<&'a PurposeId, Slot>,
    bars: BTreeMap<Class, Bar<'a>>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(events: &[Event<'a>]) -> Ledger<'a> {
        let mut known = BTreeMap::new();
        for event in events {
            if let Record::Submission(submission) = event.record {
                for meaning in meanings(event, submission) {
                    known.entry(meaning.purpose()).or_insert(meaning);
                }
            }
        }
        Ledger {
            known,
            chains: Vec::new(),
            places: BTreeMap::new(),
            slots: BTreeMap::new(),
            bars: BTreeMap::new(),
        }
    }

    pub(super) fn apply(&mut self, event: &Event<'a>) {
        let follow_up = match event.record {
            Record::Submission(submission) => return self.submission(event, submission),
            Record::FollowUp(follow_up) => follow_up,
        };
        let stamp = Stamp::of(event);
        match follow_up.event {
            EventKind::Confirmation => self.confirmation(stamp, follow_up),
            EventKind::Withdrawal | EventKind::Objection => self.refusal(stamp, follow_up),
            EventKind::ObjectionLifted => self.lifting(stamp, follow_up),
            EventKind::Renewal => self.renewal(stamp, follow_up),
            EventKind::Expiry => self.expiry(stamp, follow_up),
            EventKind::Erasure => self.erasure(stamp, follow_up),
            // Corrected data are the same consent; a submission is no follow-up.
            EventKind::Rectification | EventKind::Submission => {}
        }
    }

    fn submission(&mut self, event: &Event<'a>, submission: &'a Submission) {
        let chain = Chain::new(event, submission);
        let waits = event.double_opt_in || chain.entries.iter().any(|entry| entry.held);
        let (at, purposes) = (self.chains.len(), chain.entries.len());
        self.places.entry(&submission.chain).or_insert(at);
        self.chains.push((&submission.chain, chain));
        if waits {
            return;
        }
        for position in 0..purposes {
            if self.is_free(&self.chains[at].1.entries[position]) {
                self.take_effect(at, position, Stamp::of(event), Proof::Submission);
            }
        }
    }

    /// May a submission decide by itself? A bar is a state: being told anew does not lift it.
    fn is_free(&self, entry: &Entry<'a>) -> bool {
        let meaning = &entry.meaning;
        let barred = entry.status == Status::Informed && self.bar(meaning).is_some();
        self.on_record(meaning.purpose()).is_none() && !barred
    }

    /// What stands on record for that purpose; after an erasure nothing does.
    fn on_record(&self, purpose: &PurposeId) -> Option<&Slot> {
        self.slots
            .get(purpose)
            .filter(|slot| slot.standing.state != State::Erased)
    }

    /// The bar that applies to that purpose.
    fn bar(&self, meaning: &Meaning<'a>) -> Option<&Bar<'a>> {
        self.bars.get(&meaning.class()).filter(|_| meaning.has_objection())
    }

    fn confirmation(&mut self, stamp: Stamp<'a>, event: &'a FollowUp) {
        let Some(at) = self.find(&event.chain) else { return };
        let chain = &mut self.chains[at].1;
        chain.confirmed = true;
        let mut confirmed = Vec::new();
        for (position, entry) in chain.entries.iter_mut().enumerate() {
            let listed = event
                .processes
                .iter()
                .find(|change| change.purpose == *entry.meaning.purpose());
            let listed = listed.map(|change| change.status);
            if !matches!(entry.phase, Phase::Waiting) || (entry.held && listed != Some(entry.status)) {
                continue;
            }
            // A confirmation can say less than its submission, never more.
            if let Some(less @ (Status::NotGiven | Status::Objected)) = listed
                && entry.gives()
                && entry.meaning.process.basis.allows(less)
            {
                entry.status = less;
            }
            confirmed.push(position);
        }
        self.prove_objections(at, stamp);
        for position in confirmed {
            self.take_effect(at, position, stamp, Proof::Act);
        }
    }

    /// What the submission objected to by itself now ends what other chains began, unless it was lifted since.
    fn prove_objections(&mut self, at: usize, stamp: Stamp<'a>) {
        let entries = self.chains[at].1.entries.iter();
        let objected =
            entries.filter(|entry| entry.status == Status::Objected && matches!(entry.phase, Phase::InEffect));
        for meaning in objected.map(|entry| entry.meaning).collect::<Vec<_>>() {
            if self.bar(&meaning).is_some_and(|bar| !bar.proved) {
                let bar = Bar {
                    stamp,
                    chain: meaning.chain,
                    proved: true,
                };
                self.raise_bar(meaning.class(), bar);
            }
        }
    }

    /// What a submission says of one purpose becomes the state of the mailbox, where §6 lets it.
    fn take_effect(&mut self, at: usize, position: usize, stamp: Stamp<'a>, proof: Proof) {
        let Entry { meaning, status, .. } = self.chains[at].1.entries[position];
        let purpose = meaning.purpose();
        let vacant = self.on_record(purpose).is_none();
        let took_effect = match status {
            Status::Given => {
                self.put(purpose, meaning.standing(State::Given, stamp));
                true
            }
            // Downloading again does not end a subscription.
            Status::NotGiven if vacant => {
                self.put(purpose, meaning.standing(State::NotGiven, stamp));
                true
            }
            Status::Informed => self.inform(&meaning, stamp),
            Status::Objected => {
                let objected = self
                    .on_record(purpose)
                    .is_some_and(|slot| slot.standing.state == State::Objected);
                if objected {
                    self.make_own(purpose);
                } else {
                    self.put(purpose, meaning.standing(State::Objected, stamp));
                }
                let proved = proof == Proof::Act;
                self.raise_bar(
                    meaning.class(),
                    Bar {
                        stamp,
                        chain: meaning.chain,
                        proved,
                    },
                );
                true
            }
            _ => false,
        };
        self.chains[at].1.entries[position].phase = if took_effect { Phase::InEffect } else { Phase::Spent };
    }

    /// Informed, unless the person said no to the purpose or to its class.
    fn inform(&mut self, meaning: &Meaning<'a>, stamp: Stamp<'a>) -> bool {
        if let Some(bar) = self.bar(meaning).copied() {
            let vacant = self.on_record(meaning.purpose()).is_none();
            if vacant {
                let mut standing = meaning.standing(State::Objected, stamp);
                standing.record = bar.stamp.record.clone();
                self.slots.insert(
                    meaning.purpose(),
                    Slot {
                        standing,
                        by_class: true,
                    },
                );
            }
            return vacant;
        }
        let refused = self
            .on_record(meaning.purpose())
            .is_some_and(|slot| matches!(slot.standing.state, State::Objected | State::Withdrawn) && !slot.by_class);
        if !refused {
            self.put(meaning.purpose(), meaning.standing(State::Informed, stamp));
        }
        !refused
    }

    /// Bars the class, and ends what it holds without a consent.
    fn raise_bar(&mut self, class: Class, bar: Bar<'a>) {
        let present = self.bars.get(&class);
        if present.is_none_or(|present| bar.proved && !present.proved) {
            self.bars.insert(class.clone(), bar);
        }
        for slot in self.slots.values_mut() {
            let standing = &mut slot.standing;
            let may_end = bar.proved || standing.chain == *bar.chain;
            if may_end
                && standing.state == State::Informed
                && standing.basis.has_objection()
                && standing.class() == class
            {
                end(standing, State::Objected, bar.stamp);
                slot.by_class = true;
            }
        }
    }

    fn find(&self, chain: &ChainId) -> Option<usize> {
        self.places.get(chain).copied()
    }

    fn entry(&mut self, at: usize, purpose: &PurposeId) -> Option<&mut Entry<'a>> {
        let entries = &mut self.chains[at].1.entries;
        entries.iter_mut().find(|entry| entry.meaning.purpose() == purpose)
    }

    fn put(&mut self, purpose: &'a PurposeId, standing: Standing) {
        let slot = Slot {
            standing,
            by_class: false,
        };
        self.slots.insert(purpose, slot);
    }

    fn make_own(&mut self, purpose: &PurposeId) {
        if let Some(slot) = self.slots.get_mut(purpose) {
            slot.by_class = false;
        }
    }

    fn finish(&mut self, purpose: &PurposeId, state: State, stamp: Stamp<'a>) {
        if let Some(slot) = self.slots.get_mut(purpose) {
            end(&mut slot.standing, state, stamp);
            slot.by_class = false;
        }
    }
}

/// Ends what stands; since when it stood and in which meaning stays known.
fn end(standing: &mut Standing, state: State, stamp: Stamp<'_>) {
    standing.state = state;
    standing.record = stamp.record.clone();
    standing.valid_until = None;
    standing.ended = Some(stamp.received);
}
